#!/usr/bin/env python3
"""Brings back one fault at a time, and shows which test catches it.

    tests/faults/run.py [--check] [NAME...]

Each NAME.patch opens with lines of its own: what the fault is, and after "Tests:" what to run (a filter of the test
program). --check only shows that every patch still applies. Exits with 1 if a patch does not apply, does not build, or
is caught by no test.
"""
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
COPY = ROOT / "build" / "faults"


def run(*command, cwd=COPY, **options):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, **options)


def sources():
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT)
    return [pathlib.Path(name) for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def refresh(files):
    """Makes the copy equal to the tree; files that are equal keep their time, so that little is built again."""
    for name in files:
        original, copy = ROOT / name, COPY / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        if not copy.exists() or copy.read_bytes() != original.read_bytes():
            shutil.copy(original, copy)


def build():
    return run("tools/build.sh", "dev", "sallyport_tests")


def catchers(filter_text):
    """The names of the tests that fail; a program that crashes or hangs shows the fault too."""
    try:
        tested = run("build/dev/sallyport_tests", "--gtest_brief=1", f"--gtest_filter={filter_text}", timeout=300)
    except subprocess.TimeoutExpired:
        return ["(the test program hung)"]
    failed = sorted(set(re.findall(r"^\[  FAILED  \] (\w+\.\w+)", tested.stdout, re.M)))
    if not failed and tested.returncode != 0:
        return ["(the test program crashed)"]
    return failed


def read_header(patch):
    """What the fault is, and which tests to run."""
    header = patch.read_text().split("\ndiff --git", 1)[0]
    return header.strip().splitlines()[0], re.search(r"^Tests: (.+)$", header, re.M)[1].strip()


def try_fault(patch, files):
    about, filter_text = read_header(patch)
    refresh(files)
    applied = run("git", "apply", "--unsafe-paths", "--directory", str(COPY.relative_to(ROOT)), str(patch), cwd=ROOT)
    if applied.returncode != 0:
        return about, None, "does not apply: " + applied.stderr.strip()
    built = build()
    if built.returncode != 0:
        return about, None, "does not build:\n" + built.stdout[-2000:]
    return about, catchers(filter_text), ""


def main(arguments):
    only = [name for name in arguments if not name.startswith("-")]
    patches = [patch for patch in sorted(HERE.glob("*.patch")) if not only or patch.stem in only]
    bad = 0
    if "--check" in arguments:
        for patch in patches:
            checked = run("git", "apply", "--check", str(patch), cwd=ROOT)
            if checked.returncode != 0:
                bad += 1
                print(f"{patch.stem}: does not apply: {checked.stderr.strip()}")
    else:
        files = sources()
        refresh(files)
        clean = build()
        if clean.returncode != 0:
            sys.exit("the tree itself does not build:\n" + clean.stdout[-2000:])
        failing = catchers(":".join(read_header(patch)[1] for patch in patches))
        if failing:
            sys.exit("these fail without any fault: " + ", ".join(failing))
        for patch in patches:
            about, found, problem = try_fault(patch, files)
            if found:
                print(f"{patch.stem}: {about}\n  caught by {', '.join(found)}")
            else:
                bad += 1
                print(f"{patch.stem}: {about}\n  {problem or 'CAUGHT BY NO TEST'}")
        refresh(files)
    print(f"{len(patches) - bad} passed, {bad} failed")
    return 1 if bad or not patches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
