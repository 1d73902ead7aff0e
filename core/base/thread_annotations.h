// SPDX-FileCopyrightText: The Poolscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Names for clang's thread-safety analysis (-Wthread-safety); other compilers see nothing.
#if defined(__clang__)
#define PS_THREAD_ANNOTATION(x) __attribute__((x))
#else
#define PS_THREAD_ANNOTATION(x)
#endif

#define PS_CAPABILITY(name) PS_THREAD_ANNOTATION(capability(name))
#define PS_SCOPED_CAPABILITY PS_THREAD_ANNOTATION(scoped_lockable)
#define PS_GUARDED_BY(mutex) PS_THREAD_ANNOTATION(guarded_by(mutex))
#define PS_REQUIRES(...) PS_THREAD_ANNOTATION(requires_capability(__VA_ARGS__))
#define PS_ACQUIRE(...) PS_THREAD_ANNOTATION(acquire_capability(__VA_ARGS__))
#define PS_TRY_ACQUIRE(...) PS_THREAD_ANNOTATION(try_acquire_capability(__VA_ARGS__))
#define PS_RELEASE(...) PS_THREAD_ANNOTATION(release_capability(__VA_ARGS__))
#define PS_EXCLUDES(...) PS_THREAD_ANNOTATION(locks_excluded(__VA_ARGS__))
#define PS_NO_ANALYSIS PS_THREAD_ANNOTATION(no_thread_safety_analysis)
