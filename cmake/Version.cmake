# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Interface target poolscope_version: whoever links it includes "poolscope_version.h".

configure_file("${CMAKE_CURRENT_LIST_DIR}/poolscope_version.h.in"
               "${PROJECT_BINARY_DIR}/generated/poolscope_version.h" @ONLY)

add_library(poolscope_version INTERFACE)
add_library(Poolscope::version ALIAS poolscope_version)
target_include_directories(poolscope_version INTERFACE "${PROJECT_BINARY_DIR}/generated")
