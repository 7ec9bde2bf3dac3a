#!/usr/bin/env python3
"""Fails if a page that says what holds names a test or scenario that does not exist, or claims something without one.

The last column of its tables holds, between backticks: a C++ test (`Suite.Test`), a recorded scenario
(`crud/delete.json`, `strict/token_life.json`), or a test of the program by its file and title
(`server/stop.test.mjs: SIGTERM ...`). Where a page names the code too, that is the column before it, and has to be
there as well; there a row may say instead that something is "not" so.
"""
import pathlib
import re
import sys

FEATURES = "docs/reference/features.md"
SECURITY = "docs/reference/security.md"
CPP_TEST = re.compile(r"^TEST(?:_F|_P)?\((\w+), (\w+)\)", re.M)
MJS_TEST = re.compile(r"^\s*(?:await )?(?:test\(|attack(?:Own)?\([^,]+, )(['`])((?:\\.|(?!\1).)*)\1", re.M)
SCENARIOS = ("tests/contract/scenarios", "tests/compatibility")


def names(root):
    """Everything that a feature may be shown by."""
    found = set()
    for top in ("tests", "examples"):
        for path in (root / top).rglob("*.cpp"):
            found.update(".".join(match) for match in CPP_TEST.findall(path.read_text()))
    for top in SCENARIOS:
        found.update(str(path.relative_to(root / top)) for path in (root / top).glob("*/*.json"))
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


def quoted(cell):
    return re.findall(r"`([^`]+)`", cell)


def complaints_about_tests(page, number, cells, known):
    if not quoted(cells[-1]):
        yield f"{page}:{number}: nothing shows that {cells[0]} works; name a test"
    for name in quoted(cells[-1]):
        if name not in known:
            yield f"{page}:{number}: there is no test {name}"


def complaints_about_code(root, page, number, cells):
    if not quoted(cells[-2]):
        yield f"{page}:{number}: {cells[0]} names no code"
    for name in quoted(cells[-2]):
        if not (root / "src" / name).exists() and not (root / name).exists():
            yield f"{page}:{number}: there is no src/{name}"


def complaints(root):
    known = names(root)
    for page in (FEATURES, SECURITY):
        text = (root / page).read_text() if (root / page).exists() else ""
        for number, cells in rows(text):
            says_not = page == SECURITY and cells[-1].startswith("not")
            if not says_not or quoted(cells[-1]):
                yield from complaints_about_tests(page, number, cells, known)
            if page == SECURITY and (not says_not or quoted(cells[-2])):
                yield from complaints_about_code(root, page, number, cells)


if __name__ == "__main__":
    sys.exit("\n".join(complaints(pathlib.Path(__file__).parent.parent)) or 0)
