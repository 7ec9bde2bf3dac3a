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
tools/build.sh release src/auth/phone_countries.inc src/methods/most_used_passwords.inc >/dev/null  # Configures, and writes what sources include.
if [ "${1:-}" = --changed ]; then
    looked_at=$(git diff --name-only --diff-filter=d "$(git merge-base origin/main HEAD)" -- 'src/*.cpp')
else
    looked_at=$(git ls-files 'src/*.cpp')
fi
# Its count of suppressed warnings goes to the error stream; what it finds does not.
[ -z "$looked_at" ] || printf '%s\n' "$looked_at" | xargs -P "$(nproc)" -n 4 clang-tidy-19 -p build/release --quiet --warnings-as-errors='*' 2>/dev/null
echo "lint: ok"
