// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/lane_columns.h"
#include "core/trace/snapshot.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace poolscope {

/// \return why each executor of a finished run was not faster, for people.
[[nodiscard]] QString explainText(const Snapshot& snapshot,
                                  std::optional<TimeRange> range = std::nullopt);

/// \return the same as one JSON object: runs[] with ledger, tail, bounds, what-if and advice; times in
/// seconds.
[[nodiscard]] QByteArray explainJson(const Snapshot& snapshot,
                                     std::optional<TimeRange> range = std::nullopt);

} // namespace poolscope
