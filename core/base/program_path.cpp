// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/program_path.h"

#include <system_error>

#include <filesystem>

namespace poolscope {

std::string programBesideThis(std::string_view name)
{
    std::error_code failure;
    const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", failure);
    return (self.parent_path() / name).string();
}

} // namespace poolscope
