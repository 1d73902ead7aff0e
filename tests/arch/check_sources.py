#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Poolscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks what the compiler cannot: who may include whom, the licence line on top of each file, and the
classes that the reference lists.

check_sources.py <root of the repository>    prints one line a breach, ends with 1 if there is any
"""

import re
import sys
from pathlib import Path

ENGINE = ["base", "task", "trace", "sync", "executor", "workload", "analysis", "io", "run"]

# folder: the folders it may include besides itself. docs/architecture.md explains why.
ALLOWED = {
    "core/base": [],
    "core/task": ["core/base"],
    "core/trace": ["core/base", "core/task"],
    "core/sync": ["core/base", "core/task", "core/trace"],
    "core/executor": ["core/base", "core/task", "core/trace", "core/sync"],
    "core/workload": ["core/base", "core/task", "core/sync"],
    "core/analysis": ["core/base", "core/task", "core/trace"],
    "core/io": ["core/base", "core/task", "core/trace", "core/analysis"],
    "core/run": ["core/base", "core/task", "core/trace", "core/executor", "core/workload"],
    "core/control": [f"core/{folder}" for folder in ENGINE],
    "core/shelf": ["core/base", "core/task", "core/trace", "core/analysis", "core/io"],
    "ui": ["core/base", "core/task", "core/trace", "core/analysis", "core/io", "core/run",
           "core/control", "core/shelf"],
    "app": [f"core/{folder}" for folder in ENGINE] + ["core/control", "core/shelf", "ui"],
}

# The rest of core is the engine, which knows no Qt.
WITH_QT = ("core/control", "core/shelf")

# Who runs tasks writes the trace and never reads it: of core/trace it sees only these.
WRITERS = ("core/sync", "core/executor")
WRITE_SIDE = {f"core/trace/{name}.h" for name in (
    "blocked", "record", "lane", "lane_writer", "recorder", "control_event", "result_column", "stable_vector",
    "task_cost", "recording_facts")}

SOURCES = {".cpp", ".h"}
WITH_LICENCE = SOURCES | {".c", ".cmake", ".py", ".sh", ".in"}
PROJECT_FOLDERS = ("core", "ui", "app", "tests")
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"

INCLUDE = re.compile(r'^\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")')
QT_HEADER = re.compile(r"^(Qt\w+/|Q[A-Z]|Qt[A-Z]|q[a-z]+\.h$)")


def layer_of(path):
    """The row of ALLOWED that a file belongs to, by its path from the root; None for tests."""
    parts = Path(path).parts
    if parts[0] == "core":
        return "/".join(parts[:2])
    return parts[0] if parts[0] in ("ui", "app") else None


def is_engine(layer):
    return layer is not None and layer.startswith("core/") and layer not in WITH_QT


def include_breach(file, layer, angled, quoted):
    """Why the include is wrong, or None. file: a Path from the root; layer: its row, not None."""
    if angled:
        if is_engine(layer) and QT_HEADER.match(angled):
            return f"the engine knows no Qt: <{angled}>"
        if angled.split("/")[0] in PROJECT_FOLDERS:
            return f"own headers go in quotes: <{angled}>"
        return None
    if quoted.split("/")[0] not in PROJECT_FOLDERS:
        return None
    target = layer_of(quoted)
    if target is None:
        return f"the program may not include tests: {quoted}"
    if target != layer and target not in ALLOWED[layer]:
        return f"{layer} may not include {target}: {quoted}"
    if layer in WRITERS and target == "core/trace" and quoted not in WRITE_SIDE:
        return f"executors see only the write side of the trace: {quoted}"
    return None


def include_breaches(root, file):
    layer = layer_of(file)
    if layer is not None and layer not in ALLOWED:
        # A file directly in core/ or a folder without a row: nobody has decided what it may include.
        yield 1, f"{layer} has no row in {Path(__file__).name}"
        return
    for number, line in enumerate((root / file).read_text("utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        angled, quoted = match.groups()
        if quoted and quoted.split("/")[0] not in PROJECT_FOLDERS:
            if (root / file.parent / quoted).exists():
                yield number, f'write it from the root of the repository: "{quoted}"'
                continue
        breach = include_breach(file, layer, angled, quoted) if layer else None
        if breach:
            yield number, breach


def needs_licence(path):
    return path.suffix in WITH_LICENCE or path.name == "CMakeLists.txt"


def has_licence(path):
    with path.open(encoding="utf-8") as text:
        return any(SPDX in line for _, line in zip(range(4), text))


def project_files(root):
    for folder in PROJECT_FOLDERS + ("cmake", "examples", "tools"):
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "data" not in path.relative_to(root).parts:
                yield path.relative_to(root)


def stale_names(root):
    """Classes that docs/api.dox puts into a group and no header of the engine has: doxygen would invent
    them."""
    listed = root / "docs" / "api.dox"
    if not listed.exists():
        return
    headers = "".join(path.read_text("utf-8") for path in sorted((root / "core").rglob("*.h")))
    for number, line in enumerate(listed.read_text("utf-8").splitlines(), 1):
        match = re.search(r"\\class poolscope::(\w+)", line)
        if match and not re.search(rf"\b(class|struct) [^;{{]*\b{match[1]}\b[^;{{]*{{", headers):
            yield number, f"no header has a class {match[1]}"


def breaches(root):
    """Every breach below root as (path, line, why)."""
    found = []
    for file in project_files(root):
        if needs_licence(file) and not has_licence(root / file):
            found.append((file, 1, f"no line \"{SPDX}\" on top"))
        if file.suffix in SOURCES:
            found += [(file, line, why) for line, why in include_breaches(root, file)]
    found += [(Path("docs/api.dox"), line, why) for line, why in stale_names(root)]
    return found


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    found = breaches(Path(arguments[1]))
    for file, line, why in found:
        print(f"{file}:{line}: {why}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
