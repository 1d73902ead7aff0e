// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace poolscope {

/// \return the SHA-256 of a run's file in hexadecimal, for the provenance of its figures; empty when it
/// cannot be read. O(bytes). Any thread.
[[nodiscard]] QString runFileHash(const QString& path);

} // namespace poolscope
