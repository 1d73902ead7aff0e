// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/trace/snapshot.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace poolscope {

/// One side of a comparison: a run, or several of the same settings, by start.
struct ComparedRuns
{
    QString title;
    std::vector<SnapshotPtr> runs;
};

/// \return how each of \p sides but the first differs from the first, for people. \p sides: two or more.
[[nodiscard]] QString compareText(const std::vector<ComparedRuns>& sides);

/// \return the same as one JSON object; times in seconds, shares from 0 to 1.
[[nodiscard]] QByteArray compareJson(const std::vector<ComparedRuns>& sides);

} // namespace poolscope
