#!/usr/bin/env python3
"""Fails if two source files share a name, or one is called after what it is rather than what it does."""
import collections
import pathlib
import re
import sys

CUPBOARDS = re.compile(r"(^|_)(util|utils|common|core|helper|helpers|manager|impl|misc|base)(_|$)")
LONGEST = 800  # lines


def complaints(root):
    by_name = collections.defaultdict(list)
    for path in sorted(p for top in ("include", "src") for p in (root / top).rglob("*.?pp")):
        where = path.relative_to(root)
        by_name[path.name].append(where)
        if CUPBOARDS.search(path.stem) or any(CUPBOARDS.search(part) for part in where.parts[:-1]):
            yield f"{where}: name it for what it does"
        if len(path.read_text().splitlines()) > LONGEST:
            yield f"{where}: longer than {LONGEST} lines; split it"
    for name, paths in by_name.items():
        if len(paths) > 1:
            yield f"{name}: {' and '.join(map(str, paths))} share a name"


if __name__ == "__main__":
    sys.exit("\n".join(complaints(pathlib.Path(__file__).parent.parent)) or 0)
