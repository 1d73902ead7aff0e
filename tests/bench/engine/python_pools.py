#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One measurement of one of Python's process pools: python_pools.py <what> <workers>

Prints the figures of one run in one line, separated by blanks; bench_engine reads them.
"""

import concurrent.futures
import multiprocessing
import os
import signal
import sys
import time


def square(number):
    return number * number


def nap(seconds):
    time.sleep(seconds)


def rate(count, begin):
    return [count / (time.perf_counter() - begin)]


def pool_imap(workers, count=30_000):
    with multiprocessing.Pool(workers) as pool:
        pool.apply(square, (1,))
        begin = time.perf_counter()
        for _ in pool.imap_unordered(square, range(count), 1):
            pass
        return rate(count, begin)


def pool_apply_async(workers, count=15_000):
    with multiprocessing.Pool(workers) as pool:
        pool.apply(square, (1,))
        begin = time.perf_counter()
        for result in [pool.apply_async(square, (i,)) for i in range(count)]:
            result.get()
        return rate(count, begin)


def executor_submit(workers, count=6_000):
    with concurrent.futures.ProcessPoolExecutor(workers) as pool:
        pool.submit(square, 1).result()
        begin = time.perf_counter()
        for future in [pool.submit(square, i) for i in range(count)]:
            future.result()
        return rate(count, begin)


def pool_map(workers, count=1_000_000):
    with multiprocessing.Pool(workers) as pool:
        pool.apply(square, (1,))
        begin = time.perf_counter()
        pool.map(square, range(count))
        return rate(count, begin)


def executor_map(workers, count=100_000):
    with concurrent.futures.ProcessPoolExecutor(workers) as pool:
        pool.submit(square, 1).result()
        begin = time.perf_counter()
        for _ in pool.map(square, range(count), chunksize=64):
            pass
        return rate(count, begin)


def median_trip(call, gap, count):
    """The median round trip in ns."""
    trips = []
    for number in range(count):
        if gap:
            time.sleep(gap)
        begin = time.perf_counter_ns()
        call(number)
        trips.append(time.perf_counter_ns() - begin)
    return sorted(trips)[count // 2]


def pool_trips(workers):
    """Round trips back to back and after 1 ms of rest, in ns."""
    with multiprocessing.Pool(workers) as pool:
        def call(number):
            pool.apply(square, (number,))
        call(1)
        return [median_trip(call, 0, 1000), median_trip(call, 0.001, 200)]


def echo(data):
    return data


def pool_large(workers, size=16 << 20, count=20):
    """Round trip of 16 MB, in ns."""
    data = b"x" * size
    with multiprocessing.Pool(workers) as pool:
        def call(number):
            pool.apply(echo, (data,))
        call(1)
        return [median_trip(call, 0, count)]


def executor_trips(workers):
    with concurrent.futures.ProcessPoolExecutor(workers) as pool:
        def call(number):
            pool.submit(square, number).result()
        call(1)
        return [median_trip(call, 0, 1000), median_trip(call, 0.001, 200)]


def executor_death(workers, count=200):
    """Kills a worker half-way: ms until the first error, tasks lost."""
    pool = concurrent.futures.ProcessPoolExecutor(workers)
    futures = [pool.submit(nap, 0.005) for _ in range(count)]
    futures[count // 2].result()
    victim = next(iter(pool._processes))
    begin = time.perf_counter()
    os.kill(victim, signal.SIGKILL)
    detected = 0.0
    lost = 0
    for future in futures:
        try:
            future.result()
        except concurrent.futures.process.BrokenProcessPool:
            detected = detected or (time.perf_counter() - begin) * 1000
            lost += 1
    return [detected, lost]


def main():
    what = {name: function for name, function in globals().items() if callable(function)}
    print(*what[sys.argv[1]](int(sys.argv[2])))


if __name__ == "__main__":
    main()
