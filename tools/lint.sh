#!/bin/sh
# Layers, names, formatting of everything; clang-tidy on what changed since main, or in the last commit.
set -eu
cd "$(dirname "$0")/.."
tools/check_layers.py
tools/check_names.py
sources=$(git ls-files '*.cpp' '*.hpp')
# shellcheck disable=SC2086
clang-format-19 --dry-run --Werror $sources
[ -f build/release/build.ninja ] || cmake --preset release >/dev/null
base=$(git merge-base origin/main HEAD 2>/dev/null || git rev-parse HEAD~1)
changed=$(git diff --name-only --diff-filter=d "$base" -- 'src/*.cpp' | tr '\n' ' ')
[ -z "$changed" ] || printf '%s\n' $changed | xargs -P "$(nproc)" -n 4 clang-tidy-19 -p build/release --quiet --warnings-as-errors='*' 2>/dev/null
echo "lint: ok"
