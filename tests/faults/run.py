#!/usr/bin/env python3
"""Brings back one fault at a time, and shows which test catches it.

    tests/faults/run.py [--check] [NAME...]

Each NAME.patch opens with lines of its own: what the fault is; after "Tests:" a filter of the test program, some of
which must catch it; after each "Attack:" a case of tests/attacks that must, as in "limits.test.mjs: its title".
--check only shows that every patch still applies, and that its attacks are there. Exits with 1 if a patch does not
apply, does not build, or is not caught by what it names.
"""
import collections
import dataclasses
import os
import pathlib
import re
import shutil
import signal
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


@dataclasses.dataclass
class Fault:
    name: str
    about: str
    tests: str  # "" for none
    attacks: list  # (file, title)

    @property
    def targets(self):
        return ["sallyport_tests"] * bool(self.tests) + ["sallyport"] * bool(self.attacks)


def read_header(patch):
    header = patch.read_text().split("\ndiff --git", 1)[0]
    tests = re.search(r"^Tests: (.+)$", header, re.M)
    attacks = re.findall(r"^Attack: (\S+): (.+)$", header, re.M)
    return Fault(patch.stem, header.strip().splitlines()[0], tests[1].strip() if tests else "", attacks)


def build(targets):
    """As `make test` builds it, so that ccache has most of it."""
    return run("tools/build.sh", "release", *targets)


def catchers(filter_text):
    """The names of the tests that fail; a program that crashes or hangs shows the fault too."""
    try:
        tested = run("build/release/sallyport_tests", "--gtest_brief=1", f"--gtest_filter={filter_text}", timeout=300)
    except subprocess.TimeoutExpired:
        return ["(the test program hung)"]
    failed = sorted(set(re.findall(r"^\[  FAILED  \] ([\w/]+\.[\w/]+)", tested.stdout, re.M)))
    if not failed and tested.returncode != 0:
        return ["(the test program crashed)"]
    return failed


def failing_attacks(attacks):
    """Those that fail. One that waits for what never comes fails, too."""
    failing = []
    by_file = collections.defaultdict(list)
    for name, title in attacks:
        by_file[name].append(title)
    for name, titles in by_file.items():
        patterns = [f"--test-name-pattern={re.escape(title)}" for title in titles]
        told = node("--test", "--test-reporter=tap", *patterns, f"tests/attacks/{name}")
        passed = re.findall(r"^\s*ok \d+ - (.+)$", told, re.M)
        for title in titles:
            if not any(title in line and "# SKIP" not in line for line in passed):
                failing.append((name, title))
    return failing


def node(*arguments):
    """What node says; servers that it started end with it."""
    environment = {**os.environ, "SALLYPORT": str(COPY / "build/release/sallyport")}
    process = subprocess.Popen(
        ["node", *arguments], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        return process.communicate(timeout=180)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0]


def try_fault(fault, patch, files):
    """What caught it, or nothing and why."""
    refresh(files)
    applied = run("git", "apply", "--unsafe-paths", "--directory", str(COPY.relative_to(ROOT)), str(patch), cwd=ROOT)
    if applied.returncode != 0:
        return [], "does not apply: " + applied.stderr.strip()
    built = build(fault.targets)
    if built.returncode != 0:
        return [], "does not build:\n" + built.stdout[-2000:]
    found = catchers(fault.tests) if fault.tests else []
    if fault.tests and not found:
        return [], "CAUGHT BY NO TEST"
    failing = failing_attacks(fault.attacks)
    for attack in fault.attacks:
        if attack not in failing:
            return [], f"NOT CAUGHT by the attack {attack[0]}: {attack[1]}"
    return found + [f"{name}: {title}" for name, title in failing], ""


def check(fault, patch):
    checked = run("git", "apply", "--check", str(patch), cwd=ROOT)
    if checked.returncode != 0:
        return "does not apply: " + checked.stderr.strip()
    for name, title in fault.attacks:
        file = ROOT / "tests/attacks" / name
        if not file.is_file() or title not in file.read_text().replace("\\u2019", "\u2019"):
            return f"there is no attack {name}: {title}"
    return ""


def require_sound(faults):
    """The tree as it is must build, and fail nowhere."""
    files = sources()
    refresh(files)
    clean = build(sorted({target for fault in faults for target in fault.targets}))
    if clean.returncode != 0:
        sys.exit("the tree itself does not build:\n" + clean.stdout[-2000:])
    filters = ":".join(fault.tests for fault in faults if fault.tests)
    failing = catchers(filters) if filters else []
    attacks = dict.fromkeys(attack for fault in faults for attack in fault.attacks)
    failing += [f"{name}: {title}" for name, title in failing_attacks(attacks)]
    if failing:
        sys.exit("these fail without any fault: " + ", ".join(failing))
    return files


def main(arguments):
    only = [name for name in arguments if not name.startswith("-")]
    patches = [patch for patch in sorted(HERE.glob("*.patch")) if not only or patch.stem in only]
    faults = [read_header(patch) for patch in patches]
    bad = 0
    if "--check" in arguments:
        for fault, patch in zip(faults, patches):
            if problem := check(fault, patch):
                bad += 1
                print(f"{fault.name}: {problem}")
    else:
        files = require_sound(faults)
        for fault, patch in zip(faults, patches):
            found, problem = try_fault(fault, patch, files)
            bad += bool(problem)
            print(f"{fault.name}: {fault.about}\n  {problem or 'caught by ' + ', '.join(found)}", flush=True)
        refresh(files)
    print(f"{len(patches) - bad} passed, {bad} failed")
    return 1 if bad or not patches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
