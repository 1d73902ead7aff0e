// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace poolscope {

inline constexpr int kMaxWorkers = 256;
/// Slots beyond those of workers, for threads that run tasks of a pool while others wait.
inline constexpr int kMaxHelpers = 64;
inline constexpr int kMaxSlots = kMaxWorkers + kMaxHelpers;
inline constexpr int kMaxChunk = 4096;
inline constexpr int kMaxPrefetch = 64;

} // namespace poolscope
