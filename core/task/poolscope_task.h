/* SPDX-FileCopyrightText: The Poolscope authors
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef POOLSCOPE_TASK_H
#define POOLSCOPE_TASK_H

/** \file
 * Functions of your own as workloads of Poolscope; C99 and C++. A shared library exports
 * poolscope_functions(), which describes its functions; `poolscope --functions ./libmine.so list` shows them.
 *
 * Lifetime: the library is opened once a process, in the program and in each of its worker processes, and
 * never closed. All that poolscope_functions() leads to must stay as it is until then (static const data).
 * Nothing is ever freed for the other side: what is given is copied during the call, and what a call gives
 * (the text of a parameter, the call itself) is valid until the function returns.
 * Threads: run() is called from several threads at once, and in several processes: share nothing without a
 * lock, and expect no variable to be seen by the next task. plan() runs in the program itself.
 * Text is UTF-8 and ends with a zero. Ids are lower case letters, digits and '_', and begin with a letter.
 * Versions: the number changes when the description's layout does, or when a call has more members, which are
 * only ever added at its end; programs go on reading older ones. 2: poolscope_call::progress. */

#include <stdint.h>

/** Of this header: goes into poolscope_library. */
#define POOLSCOPE_TASK_VERSION 2

/** What makes a symbol of the library visible from outside. */
#ifdef __cplusplus
#define POOLSCOPE_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define POOLSCOPE_EXPORT __attribute__((visibility("default")))
#endif

/* NOLINTBEGIN: this is C. */

/** What a parameter holds: paths are text with one path a line, a choice is the id of the chosen one. */
enum {
    POOLSCOPE_INTEGER = 1,
    POOLSCOPE_REAL,
    POOLSCOPE_TEXT,
    POOLSCOPE_LINES, /**< text of several lines */
    POOLSCOPE_PATHS,
    POOLSCOPE_CHOICE
};

/** One of the things that a parameter lets one choose from. */
typedef struct poolscope_choice
{
    const char* id;
    const char* label; /**< on screen; null: the id */
} poolscope_choice;

/** A field of the form and an option of the command line. */
typedef struct poolscope_param
{
    const char* id;
    const char* label; /**< on screen; null: the id */
    const char* help; /**< one sentence, or null */
    const char* unit; /**< such as "ms", or null */
    int kind; /**< POOLSCOPE_INTEGER to POOLSCOPE_CHOICE */
    const char* value; /**< default, as it would be typed; null: no text, no paths */
    double minimum, maximum; /**< inclusive, of numbers */
    const poolscope_choice* choices; /**< of a choice, up to one whose id is null */
} poolscope_param;

/** One task (or the planning of the job) as its function sees it. Hand the call itself to its members. */
typedef struct poolscope_call
{
    uint64_t index; /**< of the task in its job, from 0 */
    uint64_t seed; /**< of the job: for random numbers that are the same the next time */
    /* Parameters. To ask for one that is not there or is of another kind fails the task. */
    int64_t (*integer)(struct poolscope_call*, const char* id);
    double (*real)(struct poolscope_call*, const char* id);
    const char* (*text)(struct poolscope_call*, const char* id); /**< all but numbers */
    /** Not 0: nobody wants the result any more; return. Long tasks ask about every millisecond. */
    int (*should_stop)(struct poolscope_call*);
    /* The result: nothing, or what is given last. After fail() the task ends as failed, whatever is given. */
    void (*give_integer)(struct poolscope_call*, int64_t value);
    void (*give_real)(struct poolscope_call*, double value);
    void (*give_text)(struct poolscope_call*, const char* text);
    void (*fail)(struct poolscope_call*, const char* message);
    /** Says how far the task is: 0 to 1, and at what (a few words, or null). Cheap, and seen while it runs. */
    void (*progress)(struct poolscope_call*, double share, const char* text);
} poolscope_call;

/** A function, as a workload. */
typedef struct poolscope_function
{
    const char* id; /**< the workload's id is "<library>.<function>" */
    const char* title; /**< on screen; null: the id */
    const char* summary;
    const poolscope_param* params; /**< up to one whose id is null; null: none */
    /** \return the number of tasks; may fail(). Null: a parameter "tasks" says it, added if not described. */
    uint64_t (*plan)(poolscope_call*);
    /** Runs one task. C++ may throw a std::exception: the task fails with its what(). */
    void (*run)(poolscope_call*);
    int once; /**< not 0: a task changes things, so it is never begun twice: not on two executors, not again */
} poolscope_function;

/** All that a library has. */
typedef struct poolscope_library
{
    uint32_t version; /**< POOLSCOPE_TASK_VERSION */
    const char* id;
    const poolscope_function* functions; /**< up to one whose id is null */
} poolscope_library;

/** The one symbol that the library must have. Called once, before anything else of it. */
POOLSCOPE_EXPORT const poolscope_library* poolscope_functions(void);

/* NOLINTEND */

#endif
