# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later

# What is installed: the programs, and the CMake package Poolscope with the engine and the header for
# libraries of functions (PoolscopeConfig.cmake.in lists its targets).

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/Poolscope")

# The program looks for its worker in its own folder, so both go to the same place.
if(TARGET poolscope)
    install(TARGETS poolscope RUNTIME COMPONENT runtime)
endif()
install(TARGETS poolscope-worker poolscope-reaper EXPORT PoolscopeTargets RUNTIME COMPONENT runtime)

# Headers are included as in this repository, "core/base/time.h"; that needs a folder of its own.
install(TARGETS poolscope_engine poolscope_task_header EXPORT PoolscopeTargets
    ARCHIVE COMPONENT development
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/poolscope" COMPONENT development)
install(FILES core/task/poolscope_task.h
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)

install(EXPORT PoolscopeTargets NAMESPACE Poolscope::
    DESTINATION "${package_dir}" COMPONENT development)
configure_package_config_file(cmake/PoolscopeConfig.cmake.in
    "${PROJECT_BINARY_DIR}/PoolscopeConfig.cmake" INSTALL_DESTINATION "${package_dir}")
# Before 1.0 a minor version may change the engine's interface. That of poolscope_task.h has a version of
# its own, which is looked at when a library is opened.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/PoolscopeConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES
    "${PROJECT_BINARY_DIR}/PoolscopeConfig.cmake"
    "${PROJECT_BINARY_DIR}/PoolscopeConfigVersion.cmake"
    DESTINATION "${package_dir}" COMPONENT development)
