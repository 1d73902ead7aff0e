# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Uses ccache when it is installed, unless a launcher was chosen (an empty one means: none).

find_program(POOLSCOPE_CCACHE ccache)
mark_as_advanced(POOLSCOPE_CCACHE)

if(POOLSCOPE_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    # Without this sloppiness no file that uses a precompiled header would ever be a hit.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env "CCACHE_SLOPPINESS=pch_defines,time_macros" "${POOLSCOPE_CCACHE}")
endif()
