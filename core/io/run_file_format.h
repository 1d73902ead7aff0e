// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/time.h"

#include <cstdint>
#include <limits>
#include <string_view>

namespace poolscope {

// What writer and reader of run files agree on; docs/file-formats.md explains it.

/// As in PNG, the bytes beyond ASCII and the line ends show files that were changed in transport.
inline constexpr std::string_view kRunFileMagic{"\x89PSC\r\n\x1a\n", 8};
/// 2: lanes of runs that measured have sections COST. 3: stretches in which tasks were blocked (BLKD). 4: when
/// threads that run no tasks were busy (INFR). 5: what workers used (USAG) and
/// what is known of records that are gone (GONE).
inline constexpr std::uint32_t kRunFileVersion = 5;
inline constexpr std::uint32_t kBlockedSinceVersion = 3;
inline constexpr std::uint32_t kInfrastructureSinceVersion = 4;
inline constexpr std::uint32_t kUsageSinceVersion = 5;
inline constexpr std::uint32_t kGoneSinceVersion = 5;

/// What a section holds: four letters.
using SectionTag = std::string_view;

inline constexpr SectionTag kFactsTag = "META";
inline constexpr SectionTag kItemsTag = "ITEM";
inline constexpr SectionTag kKindsTag = "KIND";
inline constexpr SectionTag kLaneTag = "LANE";
inline constexpr SectionTag kGoneTag = "GONE";
inline constexpr SectionTag kRecordsTag = "RECS";
inline constexpr SectionTag kCostsTag = "COST";
inline constexpr SectionTag kResultsTag = "RSLT";
inline constexpr SectionTag kEventsTag = "CTRL";
inline constexpr SectionTag kSamplesTag = "QUEU";
inline constexpr SectionTag kBlockedTag = "BLKD";
inline constexpr SectionTag kInfrastructureTag = "INFR";
inline constexpr SectionTag kUsageTag = "USAG";
inline constexpr SectionTag kEndTag = "END.";

// Blocks are closed at these sizes, so that neither side needs much memory beside the trace.
inline constexpr std::uint64_t kBlockRecords = 16384;
inline constexpr std::size_t kBlockBytes = std::size_t{1} << 20;

// Beyond these a file is damaged or made to do harm.
inline constexpr std::uint32_t kMaxSectionBytes = std::uint32_t{1} << 30;
inline constexpr std::uint64_t kMaxLanes = 4096;
inline constexpr std::uint64_t kMaxLives = 65536; ///< of one lane
inline constexpr std::uint64_t kMaxExecutors = 64;
inline constexpr std::uint64_t kMaxBlockers = 1000; ///< as a recorder knows at most
inline constexpr std::uint64_t kMaxTasks = std::numeric_limits<std::uint32_t>::max();
inline constexpr Nanos kMaxTimeNs = Nanos{1} << 60; ///< 36 years: differences never overflow

} // namespace poolscope
