#!/bin/sh
# Installs the npm packages of the build, the tests and the benchmark, exactly as their lock files say.
set -eu
cd "$(dirname "$0")/.."
for folder in tools/phone-numbers tests/browser bench; do
    [ -f "$folder/package-lock.json" ] || continue
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
done
