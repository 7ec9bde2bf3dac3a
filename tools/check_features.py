#!/usr/bin/env python3
"""Fails if docs/reference/features.md names a test or scenario that does not exist, or a feature without one.

The last column of its tables holds, between backticks: a C++ test (`Suite.Test`), a recorded scenario
(`crud/delete.json`), or a test of the program by its file and title (`server/stop.test.mjs: SIGTERM ...`).
"""
import pathlib
import re
import sys

PAGE = "docs/reference/features.md"
CPP_TEST = re.compile(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", re.M)
MJS_TEST = re.compile(r"^\s*(?:await )?test\((['`])((?:\\.|(?!\1).)*)\1", re.M)


def names(root):
    """Everything that a feature may be shown by."""
    found = set()
    for top in ("tests", "examples"):
        for path in (root / top).rglob("*.cpp"):
            found.update(".".join(match) for match in CPP_TEST.findall(path.read_text()))
    scenarios = root / "tests/contract/scenarios"
    found.update(str(path.relative_to(scenarios)) for path in scenarios.rglob("*.json"))
    for path in (root / "tests").glob("*/*.test.mjs"):
        where = path.relative_to(root / "tests")
        found.update(f"{where}: {title}" for _, title in MJS_TEST.findall(path.read_text()))
    return found


def rows(text):
    """(line number, cells) of each row of each table, without its head."""
    is_body = False
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not line.startswith("|"):
            is_body = False
        elif set("".join(cells)) <= set("-:"):
            is_body = True
        elif is_body:
            yield number, cells


def complaints(root):
    page = root / PAGE
    if not page.exists():
        return
    known = names(root)
    for number, cells in rows(page.read_text()):
        shown_by = re.findall(r"`([^`]+)`", cells[-1])
        if not shown_by:
            yield f"{PAGE}:{number}: nothing shows that {cells[0]} works; name a test"
        for name in shown_by:
            if name not in known:
                yield f"{PAGE}:{number}: there is no test {name}"


if __name__ == "__main__":
    sys.exit("\n".join(complaints(pathlib.Path(__file__).parent.parent)) or 0)
