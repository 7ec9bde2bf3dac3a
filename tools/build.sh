#!/bin/sh
# Usage: tools/build.sh PRESET [TARGET...]; configures once, then builds. The explorer's page comes from npm.
set -eu
cd "$(dirname "$0")/.."
preset=$1
shift
pages=web/explorer
[ $pages/node_modules/.package-lock.json -nt $pages/package-lock.json ] || tools/node.sh $pages >&2
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >"/tmp/sallyport-cmake.$$" 2>&1 || {
    cat "/tmp/sallyport-cmake.$$" >&2
    exit 1
}
rm -f "/tmp/sallyport-cmake.$$"
exec ninja -C "build/$preset" "$@"
