# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later

# POOLSCOPE_SANITIZE instruments everything: a sanitizer sees only what is compiled with it.

set(POOLSCOPE_SANITIZE "" CACHE STRING
    "Sanitizers: empty, \"address,undefined\", \"thread\" or \"fuzzer-no-link,address,undefined\"")
set_property(CACHE POOLSCOPE_SANITIZE PROPERTY STRINGS
    "" "address,undefined" "thread" "fuzzer-no-link,address,undefined")

if(POOLSCOPE_SANITIZE)
    # Without no-recover, undefined behaviour is printed and the program still ends with 0.
    add_compile_options(
        -fsanitize=${POOLSCOPE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${POOLSCOPE_SANITIZE})
    # The inserted checks make g++ see paths that are not in the source.
    add_compile_options($<$<CXX_COMPILER_ID:GNU>:-Wno-error=maybe-uninitialized>
                        $<$<CXX_COMPILER_ID:GNU>:-Wno-error=null-dereference>)
endif()
