#!/bin/sh
# Usage: tools/build.sh PRESET [TARGET...]; configures once, then builds. The explorer's page, the most used passwords and
# the mobile numbers of every country come from npm.
set -eu
cd "$(dirname "$0")/.."
preset=$1
shift
for folder in web/explorer tools/passwords tools/phone-numbers; do
    [ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ] || tools/node.sh $folder >&2
done
[ -f "build/$preset/build.ninja" ] || cmake --preset "$preset" >"/tmp/sallyport-cmake.$$" 2>&1 || {
    cat "/tmp/sallyport-cmake.$$" >&2
    exit 1
}
rm -f "/tmp/sallyport-cmake.$$"
# The same file in another copy of the tree (a worktree, build/faults) is not compiled again.
export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1
exec ninja -C "build/$preset" "$@"
