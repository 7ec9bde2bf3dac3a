#!/bin/sh
# Installs the Debian packages that building needs, or building and testing; does nothing where all are there.
#   tools/packages.sh build [test]
set -eu

build="clang-19 llvm-19 lld-19 mold ccache cmake ninja-build pkg-config
    libboost1.81-dev libcurl4-openssl-dev libssl-dev libsimdjson-dev libqrcodegencpp-dev libsodium-dev libsqlite3-dev libre2-dev libfmt-dev
    libcli11-dev libutf8proc-dev libcrypt-dev zlib1g-dev libgtest-dev nodejs npm python3"
test="clang-format-19 clang-tidy-19 libclang-rt-19-dev chromium curl dpkg-dev haproxy nginx-light oathtool openssl sqlite3 wrk"

missing=""
[ "${2:-}" = test ] || test=
for package in $build $test; do
    # A newer Node than Debian's may be there without its package; npm comes with it.
    case $package in nodejs | npm) command -v "${package%js}" >/dev/null 2>&1 && continue ;; esac
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing="$missing $package"
done
[ -z "$missing" ] && exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "these packages are missing; install them and try again:" >&2
    echo "  sudo apt-get install --no-install-recommends$missing" >&2
    exit 1
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
# nginx and haproxy are wanted as programs: their services must not start on the machine that builds.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
fi
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
