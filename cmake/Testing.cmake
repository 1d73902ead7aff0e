# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later

# poolscope_add_test(<name> LAYER <layer> [SOURCES file...] [LIBS target...] [TIMEOUT s] [RUN_SERIAL])
#   A Qt Test program tst_<name>, from tst_<name>.cpp unless SOURCES says otherwise; in ctest
#   "<layer>.<name>" with the layer as its label.
# poolscope_add_test_case(<name> SOURCES file... LIBS target...)
#   A library of what the tests of a folder share, poolscope_<name>_case.
# poolscope_add_bench(<name> [SOURCES file...] [LIBS target...])
#   A plain program bench_<name>, from bench_<name>.cpp; ctest does not run it.

set(POOLSCOPE_TEST_LAYERS unit conformance gui integration arch fuzz bench soak)
set(POOLSCOPE_TEST_HOME "${PROJECT_BINARY_DIR}/test-home")

# Tests that wrote settings must not change the next run, so each ctest starts with empty homes.
set_property(DIRECTORY "${PROJECT_SOURCE_DIR}" APPEND PROPERTY TEST_INCLUDE_FILES
    "${PROJECT_BINARY_DIR}/reset_test_homes.cmake")
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/reset_test_homes.cmake" @ONLY CONTENT [[
file(REMOVE_RECURSE "@POOLSCOPE_TEST_HOME@")
file(STRINGS "@PROJECT_BINARY_DIR@/test_homes.txt" homes)
foreach(home IN LISTS homes)
    file(MAKE_DIRECTORY "${home}/runtime" "${home}/config" "${home}/data" "${home}/cache")
    # Qt complains about a runtime directory that others may enter.
    file(CHMOD "${home}/runtime" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
endforeach()
]])
file(WRITE "${PROJECT_BINARY_DIR}/test_homes.txt" "")

if(POOLSCOPE_BUILD_TESTS)
    poolscope_add_precompiled_owner(poolscope_test_pch
        LIBS Qt6::Test HEADERS <QSignalSpy> <QTest>)
    if(POOLSCOPE_BUILD_UI)
        poolscope_add_precompiled_owner(poolscope_gui_test_pch
            LIBS Qt6::Test Qt6::Widgets HEADERS <QSignalSpy> <QTest> ${POOLSCOPE_PCH_WIDGETS})
    endif()
endif()

# What every test gets from us: label, time limit, private home and sanitizer settings.
function(poolscope_set_test_properties test layer timeout)
    set(home "${POOLSCOPE_TEST_HOME}/${test}")
    file(APPEND "${PROJECT_BINARY_DIR}/test_homes.txt" "${home}\n")
    set(environment
        "QT_QPA_PLATFORM=offscreen"
        "HOME=${home}"
        "XDG_RUNTIME_DIR=${home}/runtime"
        "XDG_CONFIG_HOME=${home}/config"
        "XDG_DATA_HOME=${home}/data"
        "XDG_CACHE_HOME=${home}/cache"
        "POOLSCOPE_SHELF=${home}/shelf"
        "POOLSCOPE_TEST_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
        "POOLSCOPE_TEST_DATA_DIR=${PROJECT_SOURCE_DIR}/tests/data"
        # Debian's Qt is not instrumented; this ignores its own accesses and hides none of ours,
        # where a suppression of libQt6Core hides each race with a Qt frame in its stack. Without the
        # last one each of many hundred worker processes would sleep for a second before it exits.
        "TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1:atexit_sleep_ms=0"
        "ASAN_OPTIONS=detect_leaks=1:detect_stack_use_after_return=1:strict_string_checks=1"
        "UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1")
    set_tests_properties(${test} PROPERTIES
        LABELS "${layer}" TIMEOUT ${timeout} ENVIRONMENT "${environment}")
endfunction()

function(poolscope_add_test name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "RUN_SERIAL" "LAYER;TIMEOUT" "SOURCES;LIBS")
    if(NOT arg_LAYER IN_LIST POOLSCOPE_TEST_LAYERS OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "poolscope_add_test(${name}): LAYER is one of ${POOLSCOPE_TEST_LAYERS}; "
                            "not understood: \"${arg_UNPARSED_ARGUMENTS}\"")
    endif()
    if(NOT arg_SOURCES)
        set(arg_SOURCES "tst_${name}.cpp")
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()

    set(target "tst_${name}")
    # Each test includes its own moc output; AUTOMOC would compile one more file and scan for each.
    qt_generate_moc("tst_${name}.cpp" "${CMAKE_CURRENT_BINARY_DIR}/${target}.moc")
    add_executable(${target} ${arg_SOURCES} "${CMAKE_CURRENT_BINARY_DIR}/${target}.moc")
    target_include_directories(${target} PRIVATE "${CMAKE_CURRENT_BINARY_DIR}")
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(${target}
        PRIVATE ${arg_LIBS} Qt6::Test poolscope_version poolscope_warnings)
    # They differ between folders, and then no precompiled header can be shared; test data is found
    # through POOLSCOPE_TEST_DATA_DIR.
    target_compile_options(${target} PRIVATE -UQT_TESTCASE_BUILDDIR -UQT_TESTCASE_SOURCEDIR)
    set_target_properties(${target} PROPERTIES
        AUTOMOC OFF AUTOUIC OFF
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/tests")
    if("poolscope_ui" IN_LIST arg_LIBS)
        poolscope_reuse_precompiled(${target} poolscope_gui_test_pch)
    else()
        poolscope_reuse_precompiled(${target} poolscope_test_pch)
    endif()

    set(test "${arg_LAYER}.${name}")
    add_test(NAME ${test} COMMAND ${target})
    poolscope_set_test_properties(${test} ${arg_LAYER} ${arg_TIMEOUT})
    if(arg_RUN_SERIAL)
        set_tests_properties(${test} PROPERTIES RUN_SERIAL ON)
    endif()
endfunction()

function(poolscope_add_test_case name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
    set(target "poolscope_${name}_case")
    add_library(${target} STATIC ${arg_SOURCES})
    target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}")
    target_link_libraries(${target} PUBLIC ${arg_LIBS} Qt6::Test PRIVATE poolscope_warnings)
    set_target_properties(${target} PROPERTIES AUTOMOC OFF AUTOUIC OFF)
endfunction()

function(poolscope_add_bench name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
    if(NOT arg_SOURCES)
        set(arg_SOURCES "bench_${name}.cpp")
    endif()

    set(target "bench_${name}")
    add_executable(${target} ${arg_SOURCES})
    target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(${target} PRIVATE ${arg_LIBS} poolscope_version poolscope_warnings)
    set_target_properties(${target} PROPERTIES
        AUTOMOC OFF AUTOUIC OFF
        RUNTIME_OUTPUT_DIRECTORY "${CMAKE_RUNTIME_OUTPUT_DIRECTORY}/bench")
endfunction()
