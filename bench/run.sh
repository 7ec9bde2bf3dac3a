#!/bin/sh
# Measures; see run.mjs. Installs the twin if it is missing.
set -eu
exec node "$(dirname "$0")/run.mjs" "$@"
