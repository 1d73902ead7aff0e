# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later

# Everything that comes from outside. nettle and libzstd bring no CMake package: PkgConfig::nettle
# and PkgConfig::zstd.

find_package(Threads REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)

find_package(PkgConfig REQUIRED)
pkg_check_modules(nettle REQUIRED IMPORTED_TARGET nettle)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)

find_package(Qt6 6.4 REQUIRED COMPONENTS Core Sql)
if(POOLSCOPE_BUILD_UI)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Widgets Charts Svg)
endif()
if(POOLSCOPE_BUILD_TESTS)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Test)
endif()
