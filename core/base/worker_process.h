// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace poolscope {

/// Says that this process runs tasks for a process pool and nothing else, so that its end costs one task.
/// Any thread, once, before the first task.
void becomeWorkerProcess() noexcept;
/// \return whether it is one. Any thread.
[[nodiscard]] bool isWorkerProcess() noexcept;

} // namespace poolscope
