#!/usr/bin/env python3
"""Fails if a folder of src/ includes a folder above it. The order is the design: change it in a reviewed commit."""
import pathlib
import re
import sys

ORDER = "sallyport crypto http definition query store model delivery auth methods rest explorer app cli".split()


def complaints(root):
    for path in sorted(p for top in ("include", "src") for p in (root / top).rglob("*.?pp")):
        folder = path.relative_to(root).parts[1]  # src/auth/access.cpp -> auth
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = re.match(r'#include [<"](\w+)/', line)
            if found and found[1] in ORDER and ORDER.index(found[1]) > ORDER.index(folder):
                yield f"{path.relative_to(root)}:{number}: {folder} must not include {found[1]}"


if __name__ == "__main__":
    sys.exit("\n".join(complaints(pathlib.Path(__file__).parent.parent)) or 0)
