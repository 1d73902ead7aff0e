# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later

# poolscope_target_headers(<target> <file>...)
#
# Lists the headers of a target, relative to the folder that lists them. They are included by their
# path from the root of the repository, "core/base/time.h", and each is compiled alone by
# all_verify_interface_header_sets.
function(poolscope_target_headers target)
    set(headers "")
    foreach(header IN LISTS ARGN)
        cmake_path(ABSOLUTE_PATH header NORMALIZE)
        list(APPEND headers "${header}")
    endforeach()
    target_sources(${target} PUBLIC
        FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}" FILES ${headers})
endfunction()
