#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plants one breach at a time in a small tree and looks whether check_sources.py reports it."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).with_name("check_sources.py")
LICENCE = "// SPDX-License-Identifier: GPL-3.0-or-later\n"

GOOD = {
    "core/base/time.h": ["<chrono>"],
    "core/task/spec.h": ['"core/base/time.h"'],
    "core/trace/record.h": ['"core/base/time.h"', '"core/task/spec.h"'],
    "core/trace/snapshot.h": ['"core/trace/record.h"'],
    "core/executor/pool.cpp": ['"core/executor/pool.h"', '"core/trace/record.h"', "<thread>"],
    "core/executor/pool.h": ['"core/task/spec.h"'],
    "core/workload/primes.cpp": ['"core/task/spec.h"', '"workload_table.h"'],
    "core/analysis/ledger.h": ['"core/trace/snapshot.h"'],
    "core/io/csv.cpp": ['"core/analysis/ledger.h"', "<nlohmann/json.hpp>"],
    "core/run/run.h": ['"core/executor/pool.h"'],
    "core/control/controller.h": ['"core/run/run.h"', '"core/io/csv.h"', "<QObject>"],
    "core/shelf/shelf.h": ['"core/io/csv.h"', "<QSqlDatabase>"],
    "ui/timeline/view.h": ['"core/control/controller.h"', '"core/trace/snapshot.h"', "<QWidget>"],
    "app/main.cpp": ['"ui/timeline/view.h"', '"core/executor/pool.h"', '"poolscope_version.h"'],
    "tests/unit/tst_pool.cpp": ['"core/executor/pool.h"', '"tst_pool.moc"', "<QTest>"],
}

# file, include planted there, words of the report
PLANTED = [
    ("core/base/time.h", '"core/task/spec.h"', "core/base may not include core/task"),
    ("core/task/spec.h", '"core/trace/record.h"', "core/task may not include core/trace"),
    ("core/trace/record.h", '"core/executor/pool.h"', "core/trace may not include core/executor"),
    ("core/executor/pool.cpp", '"core/trace/snapshot.h"', "only the write side"),
    ("core/executor/pool.cpp", '"core/workload/primes.h"', "may not include core/workload"),
    ("core/workload/primes.cpp", '"core/executor/pool.h"', "may not include core/executor"),
    ("core/analysis/ledger.h", '"core/io/csv.h"', "core/analysis may not include core/io"),
    ("core/io/csv.cpp", '"core/run/run.h"', "core/io may not include core/run"),
    ("core/run/run.h", '"core/io/csv.h"', "core/run may not include core/io"),
    ("core/run/run.h", '"core/analysis/ledger.h"', "core/run may not include core/analysis"),
    ("core/run/run.h", '"core/control/controller.h"', "core/run may not include core/control"),
    ("core/run/run.h", '"ui/timeline/view.h"', "core/run may not include ui"),
    ("core/run/run.h", "<QString>", "the engine knows no Qt"),
    ("core/run/run.h", "<QtCore/qglobal.h>", "the engine knows no Qt"),
    ("core/run/run.h", "<qglobal.h>", "the engine knows no Qt"),
    ("core/control/controller.h", '"ui/timeline/view.h"', "core/control may not include ui"),
    ("core/shelf/shelf.h", '"core/run/run.h"', "core/shelf may not include core/run"),
    ("ui/timeline/view.h", '"core/executor/pool.h"', "ui may not include core/executor"),
    ("ui/timeline/view.h", '"app/main.h"', "ui may not include app"),
    ("app/main.cpp", '"tests/support/fake.h"', "may not include tests"),
    ("core/executor/pool.cpp", '"pool.h"', "from the root of the repository"),
    ("core/executor/pool.cpp", "<core/base/time.h>", "own headers go in quotes"),
    ("core/plugin/new.h", "<vector>", "core/plugin has no row"),
]


class CheckSources(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        for file, includes in GOOD.items():
            self.write(file, LICENCE + "".join(f"#include {include}\n" for include in includes))

    def write(self, file, text):
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def append(self, file, line):
        path = self.root / file
        self.write(file, (path.read_text("utf-8") if path.exists() else LICENCE) + line + "\n")

    def check(self):
        result = subprocess.run([sys.executable, "-B", CHECK, self.root], text=True, check=False,
                                capture_output=True)
        self.assertEqual(result.stderr, "")
        return result.returncode, result.stdout.splitlines()

    def test_a_good_tree_passes(self):
        self.assertEqual(self.check(), (0, []))

    def test_each_planted_include_is_reported_once(self):
        for file, include, words in PLANTED:
            with self.subTest(file=file, include=include):
                self.setUp()
                self.append(file, f"  # include {include}")
                status, report = self.check()
                self.assertEqual((status, len(report)), (1, 1), report)
                self.assertTrue(report[0].startswith(f"{file}:"), report)
                self.assertIn(words, report[0])

    def test_an_include_in_a_comment_is_none(self):
        self.append("core/base/time.h", '// #include "core/task/spec.h"')
        self.assertEqual(self.check(), (0, []))

    def test_the_line_is_reported(self):
        self.append("core/base/time.h", '\n#include "ui/timeline/view.h"')
        self.assertTrue(self.check()[1][0].startswith("core/base/time.h:4:"))

    def test_a_missing_licence_line_is_reported(self):
        for file in ("core/base/id.h", "ui/a.cpp", "tests/unit/CMakeLists.txt", "cmake/A.cmake",
                     "tests/arch/a.py", "examples/functions/a.c"):
            with self.subTest(file=file):
                self.setUp()
                self.write(file, "\n" * 5)
                status, report = self.check()
                self.assertEqual((status, len(report)), (1, 1), report)
                self.assertTrue(report[0].startswith(f"{file}:1: no line"), report)

    def test_a_class_of_the_reference_must_be_there(self):
        self.append("core/base/time.h", "class PS_SCOPED(x) Clock final : public Base\n{\n};\nclass Ghost;")
        self.append("docs/api.dox", "/** \\class poolscope::Clock */")
        self.assertEqual(self.check(), (0, []))
        self.append("docs/api.dox", "/** \\class poolscope::Ghost */")
        status, report = self.check()
        self.assertEqual((status, len(report)), (1, 1), report)
        self.assertIn("no header has a class Ghost", report[0])


if __name__ == "__main__":
    unittest.main()
