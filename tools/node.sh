#!/bin/sh
# Installs npm packages exactly as the lock files say: of the folders named, or of all that have some.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- web/explorer tools/passwords tools/phone-numbers tests/browser tests/clients tests/differential tests/explorer tests/server bench
for folder in "$@"; do
    [ -f "$folder/package-lock.json" ] || continue
    (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
done
