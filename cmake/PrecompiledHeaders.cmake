# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What most files include anyway, compiled once: a file of the window then takes 0.4 s instead of 1.7,
# a test 0.6 instead of 2.5; the precompiled header itself 2 to 8 s. Off in the sanitizer and clang
# presets, so that a missing include is seen there.

set(POOLSCOPE_PCH_STD
    <algorithm> <atomic> <chrono> <functional> <memory> <mutex> <optional> <span> <string>
    <string_view> <thread> <vector>)
set(POOLSCOPE_PCH_WIDGETS
    <QAbstractItemModel> <QAction> <QBoxLayout> <QLabel> <QPainter> <QPainterPath> <QTimer> <QWidget>)

# poolscope_precompile(<target> <header>...)
function(poolscope_precompile target)
    if(POOLSCOPE_PCH AND TARGET ${target})
        target_precompile_headers(${target} PRIVATE ${POOLSCOPE_PCH_STD} ${ARGN})
        # Lets ccache look inside.
        target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
    endif()
endfunction()

# poolscope_reuse_precompiled(<target> <owner>)
#
# Several programs with the same precompiled header. The owner is a program too: where libraries are
# compiled with -fPIC and programs with -fPIE, they cannot share one.
function(poolscope_reuse_precompiled target owner)
    if(POOLSCOPE_PCH)
        target_precompile_headers(${target} REUSE_FROM ${owner})
        target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
    endif()
endfunction()

# poolscope_add_precompiled_owner(<name> LIBS <target>... HEADERS <header>...)
function(poolscope_add_precompiled_owner name)
    if(NOT POOLSCOPE_PCH)
        return()
    endif()
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LIBS;HEADERS")
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/generated/${name}.cpp" CONTENT "int main() {}\n")
    add_executable(${name} EXCLUDE_FROM_ALL "${PROJECT_BINARY_DIR}/generated/${name}.cpp")
    set_target_properties(${name} PROPERTIES AUTOMOC OFF AUTOUIC OFF)
    target_link_libraries(${name} PRIVATE ${arg_LIBS} poolscope_warnings)
    target_compile_options(${name} PRIVATE -UQT_TESTCASE_BUILDDIR -UQT_TESTCASE_SOURCEDIR)
    poolscope_precompile(${name} ${arg_HEADERS})
endfunction()
