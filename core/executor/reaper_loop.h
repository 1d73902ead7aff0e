// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace poolscope {

/// The life of poolscope-reaper: the parent of a pool's workers. It starts them when it is asked to,
/// tells the pool what becomes of them, and kills whatever a dead worker leaves behind, also what
/// has left its session and its parents: such processes come to the nearest subreaper above, which
/// is the worker while it lives and then the reaper. When the pool's end of the socket closes, all go.
/// Workers are tied to the thread that started them; here is one that lives as long as the reaper.
/// \param workerProgram path of the program to start. \param workerWords what it is told besides its
/// parent. \return the exit status; 2 without a pool.
int runReaper(const std::string& workerProgram, std::vector<std::string> workerWords);

} // namespace poolscope
