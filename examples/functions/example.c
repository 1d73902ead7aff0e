/* SPDX-FileCopyrightText: The Poolscope authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* The library's description, and the functions that need no more than C. */

#include <poolscope_task.h>
#include <stddef.h>
#include <stdlib.h>

/* In word_count.cpp */
uint64_t plan_word_count(poolscope_call* call);
void word_count(poolscope_call* call);

/* Gives the length of the longest Collatz chain that begins in the task's own range of numbers. */
static void collatz(poolscope_call* call)
{
    const uint64_t span = (uint64_t)call->integer(call, "span");
    const uint64_t first = call->index * span + 1;
    int64_t longest = 0;
    for (uint64_t start = first; start < first + span; ++start) {
        int64_t steps = 0;
        for (uint64_t n = start; n != 1; ++steps) {
            n = n % 2 == 0 ? n / 2 : 3 * n + 1;
        }
        longest = steps > longest ? steps : longest;
        if (start % 4096 == 0 && call->should_stop(call)) {
            return;
        }
    }
    call->give_integer(call, longest);
}

/* Shows what a crash costs: one task on a process pool, everything on threads. */
static void crash(poolscope_call* call)
{
    const uint64_t every = (uint64_t)call->integer(call, "every");
    if (call->index % every == every - 1) {
        abort();
    }
    call->give_text(call, "survived");
}

static const poolscope_param collatz_params[] = {
    {.id = "span",
     .label = "Numbers per task",
     .help = "How many numbers one task begins with.",
     .kind = POOLSCOPE_INTEGER,
     .value = "20000",
     .minimum = 1,
     .maximum = 1000000},
    {NULL},
};

static const poolscope_param crash_params[] = {
    {.id = "every",
     .label = "Crash every",
     .help = "Each task of that number crashes.",
     .unit = "tasks",
     .kind = POOLSCOPE_INTEGER,
     .value = "50",
     .minimum = 1,
     .maximum = 1000000},
    {NULL},
};

static const poolscope_choice letters[] = {
    {"any", "Any letter"},
    {"capital", "Capital letter"},
    {NULL, NULL},
};

static const poolscope_param word_params[] = {
    {.id = "input",
     .label = "Files",
     .help = "The files to read, one a task.",
     .kind = POOLSCOPE_PATHS},
    {.id = "first",
     .label = "Words that begin with",
     .help = "Which words count.",
     .kind = POOLSCOPE_CHOICE,
     .value = "any",
     .choices = letters},
    {NULL},
};

static const poolscope_function functions[] = {
    {.id = "collatz",
     .title = "Collatz chains",
     .summary = "Finds the longest Collatz chain in a range of numbers.",
     .params = collatz_params,
     .run = collatz},
    {.id = "word_count",
     .title = "Count words",
     .summary = "Counts the words of text files.",
     .params = word_params,
     .plan = plan_word_count,
     .run = word_count},
    {.id = "crash",
     .title = "Crash now and then",
     .summary = "Crashes in some tasks: try it on the process pool.",
     .params = crash_params,
     .run = crash},
    {NULL},
};

const poolscope_library* poolscope_functions(void)
{
    static const poolscope_library library = {POOLSCOPE_TASK_VERSION, "example", functions};
    return &library;
}
