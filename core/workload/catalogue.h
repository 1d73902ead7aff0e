// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/result.h"
#include "core/task/workload.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace poolscope {

/// What can be run: the built-in workloads, and behind them the functions of the libraries that were added.
/// A value: put together on one thread, then only looked at, by any thread.
class Catalogue
{
public:
    /// The built-in workloads.
    Catalogue();

    /// Adds the functions of a library; a file that is in already changes nothing. Error: as
    /// openFunctionLibrary(), or one of its functions has an id that is in; nothing is added then.
    Result<void> addLibrary(const std::string& path);

    /// \return in display order; ids are unique.
    [[nodiscard]] std::span<const Workload> workloads() const { return m_workloads; }
    /// \return the workload or nullptr.
    [[nodiscard]] const Workload* find(std::string_view id) const;
    /// \return the paths of the libraries, in the order in which they were added.
    [[nodiscard]] const std::vector<std::string>& libraries() const { return m_libraries; }
    /// \return a hash over ids, parameter specifications and library files; program and worker must
    /// agree on it.
    [[nodiscard]] std::uint64_t hash() const;

private:
    std::vector<Workload> m_workloads;
    std::vector<std::string> m_libraries;
    std::vector<std::uint64_t> m_stamps; ///< one a library
};

/// \return the catalogue of this process: the built-in workloads, unless setCatalogue() was called. What it
/// gives stays valid until the process ends, whatever is set later. Any thread.
[[nodiscard]] const Catalogue& catalogue();
/// Makes \p newer the catalogue of this process. For main() and, between two runs, for whoever adds a
/// library: a run looks at the catalogue again and again while it starts.
void setCatalogue(Catalogue newer);

// Short for members of catalogue().
[[nodiscard]] std::span<const Workload> workloads();
[[nodiscard]] const Workload* findWorkload(std::string_view id);
[[nodiscard]] std::uint64_t catalogueHash();

} // namespace poolscope
