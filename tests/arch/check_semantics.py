#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks docs/semantics.md: every row of the checklist is there once, every test it names exists,
and a row without a test says "not yet".

usage: check_semantics.py ROOT
"""

import re
import sys
from pathlib import Path

ROWS = {"T": 7, "F": 8, "E": 9, "X": 9, "P": 12}
ROW = re.compile(r"^\| ([TFEXP]\d+) \|(.*)\|$")
PROOF = re.compile(r"`(tst_\w+)::(\w+)`")


def tests_of(root):
    """Maps each test program to the names of its test functions."""
    tests = {}
    for source in sorted((root / "tests").rglob("tst_*.cpp")):
        names = re.findall(r"^void \w+::(\w+)\(\)", source.read_text(), re.MULTILINE)
        tests.setdefault(source.stem, set()).update(names)
    return tests


def faults_in(page, tests):
    seen = []
    for line in page.splitlines():
        match = ROW.match(line)
        if not match:
            continue
        row, cells = match[1], match[2]
        seen.append(row)
        proofs = PROOF.findall(cells)
        if not proofs and "not yet" not in cells:
            yield f"{row}: names no test and does not say that it is not there yet"
        for program, name in proofs:
            if name not in tests.get(program, ()):
                yield f"{row}: there is no test {program}::{name}"
    wanted = [f"{letter}{number}" for letter, count in ROWS.items()
              for number in range(1, count + 1)]
    for row in wanted:
        if seen.count(row) != 1:
            yield f"{row}: has {seen.count(row)} rows"


def main():
    root = Path(sys.argv[1])
    faults = list(faults_in((root / "docs/semantics.md").read_text(), tests_of(root)))
    for fault in faults:
        print(f"docs/semantics.md: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
