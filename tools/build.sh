#!/bin/sh
# Usage: tools/build.sh PRESET [TARGET...]; configures once, then builds.
set -eu
cd "$(dirname "$0")/.."
preset=$1
shift
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >"/tmp/sallyport-cmake.$$" 2>&1 || {
    cat "/tmp/sallyport-cmake.$$" >&2
    exit 1
}
rm -f "/tmp/sallyport-cmake.$$"
exec ninja -C "build/$preset" "$@"
