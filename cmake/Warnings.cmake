# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Interface target poolscope_warnings: link it PRIVATE into every target of our own.

add_library(poolscope_warnings INTERFACE)
target_compile_options(poolscope_warnings INTERFACE
    -Wall -Wextra -Wpedantic
    -Wconversion
    -Wdouble-promotion
    -Wformat=2
    -Wnon-virtual-dtor
    -Wnull-dereference
    -Wold-style-cast
    -Woverloaded-virtual
    -Wshadow
    -Wsign-conversion
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond>
    $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op>
    $<$<CXX_COMPILER_ID:GNU>:-Wuseless-cast>
    $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
    $<$<CXX_COMPILER_ID:Clang>:-Werror=thread-safety>)

# Newer compilers warn about more than we can check here; that must not stop anyone from building.
if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 13)
   OR (CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 15))
    set(CMAKE_COMPILE_WARNING_AS_ERROR OFF)
endif()

# clang-tidy looks for its settings upwards from a file: what moc generates is not ours to check. One
# check stays on, since none at all is an error.
file(WRITE "${PROJECT_BINARY_DIR}/.clang-tidy" "Checks: '-*,misc-definitions-in-headers'\n")
