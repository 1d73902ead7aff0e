#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plants one fault at a time in a page and looks whether check_semantics.py reports it."""

import unittest

from check_semantics import ROWS, faults_in

TESTS = {"tst_a": {"works", "works_data"}}
GOOD = "\n".join(f"| {letter}{number} | theirs | ours | `tst_a::works` |"
                 for letter, count in ROWS.items() for number in range(1, count + 1))


class CheckSemantics(unittest.TestCase):
    def faults(self, page):
        return list(faults_in(page, TESTS))

    def test_good_page_has_no_fault(self):
        self.assertEqual(self.faults(GOOD), [])

    def test_unknown_tests_are_found(self):
        page = GOOD.replace("| T3 | theirs | ours | `tst_a::works` |",
                            "| T3 | theirs | ours | `tst_a::works`, `tst_a::is_gone` |")
        self.assertEqual(self.faults(page), ["T3: there is no test tst_a::is_gone"])
        page = GOOD.replace("| T3 | theirs | ours | `tst_a::works` |",
                            "| T3 | theirs | ours | `tst_b::works` |")
        self.assertEqual(self.faults(page), ["T3: there is no test tst_b::works"])

    def test_rows_without_a_test_must_say_so(self):
        page = GOOD.replace("| X4 | theirs | ours | `tst_a::works` |", "| X4 | theirs | ours | – |")
        self.assertEqual(len(self.faults(page)), 1)
        page = GOOD.replace("| X4 | theirs | ours | `tst_a::works` |",
                            "| X4 | theirs | not yet | – |")
        self.assertEqual(self.faults(page), [])

    def test_missing_and_double_rows_are_found(self):
        row = "| P11 | theirs | ours | `tst_a::works` |"
        self.assertEqual(self.faults(GOOD.replace(row, "")), ["P11: has 0 rows"])
        self.assertEqual(self.faults(GOOD + "\n" + row), ["P11: has 2 rows"])


if __name__ == "__main__":
    unittest.main()
