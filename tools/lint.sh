#!/bin/sh
# Layers, names, features, formatting and clang-tidy. With --changed, clang-tidy looks only at what differs from main.
set -eu
cd "$(dirname "$0")/.."
tools/check_layers.py
tools/check_names.py
tools/check_features.py
sources=$(git ls-files '*.cpp' '*.hpp')
# shellcheck disable=SC2086
clang-format-19 --dry-run --Werror $sources
# One by one for a change; else a folder as one, since most of the time goes into what all files include.
preset=lint
[ "${1:-}" != --changed ] || preset=release
tools/build.sh $preset src/auth/phone_countries.inc src/methods/most_used_passwords.inc >/dev/null  # Configures, and writes what sources include.
if [ $preset = release ]; then
    looked_at=$(git diff --name-only --diff-filter=d "$(git merge-base origin/main HEAD)" -- 'src/*.cpp')
    checks=
else
    looked_at=$(sed -n 's/^ *"file": "\(.*\)",*$/\1/p' build/lint/compile_commands.json | grep -E "^$PWD/(src|build/lint/src/.*/Unity)/")
    checks=-bugprone-suspicious-include
fi
# Its count of suppressed warnings goes to the error stream; what it finds does not.
[ -z "$looked_at" ] || printf '%s\n' "$looked_at" |
    xargs -P "$(nproc)" -n 1 clang-tidy-19 -p build/$preset --quiet --checks="$checks" --warnings-as-errors='*' 2>/dev/null
echo "lint: ok"
