#!/bin/sh
# Installs the package in a bare Debian 12, runs it there as the service would, removes it, and looks for what is left.
# Needs root, debootstrap and a mirror of Debian: packaging/try.sh build/sallyport_*.deb
set -eu
deb=$(realpath "$1")
mirror=${MIRROR:-$(sed -n 's/^URIs: //p; s/^deb \(\[.*\] \)\?\([^ ]*\).*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -1)}
root=$(mktemp -d)
chmod 755 "$root"
port=${PORT:-38080}
server=
clean() {
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    umount "$root/proc" 2>/dev/null || true
    rm -rf "$root"
}
trap clean EXIT
fail() { echo "package: $*" >&2; exit 1; }
inside() { DEBIAN_FRONTEND=noninteractive LC_ALL=C chroot "$root" "$@"; }
files() { (cd "$root" && find etc usr var/lib -path var/lib/dpkg -prune -o -path var/lib/apt -prune -o -print | grep -v '^etc/[a-z]*-$' | sort); }  # But not passwd- and its like: copies that adduser keeps.

debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror" >/dev/null
mount -t proc proc "$root/proc"
cp "$deb" "$root/tmp/sallyport.deb"
rm -f "$root/etc/apt/sources.list"
cp -rT /etc/apt "$root/etc/apt"
inside apt-get update -qq
# Everything it needs but itself, so that what is left after its removal is its own.
needs=$(dpkg-deb -f "$deb" Depends | sed 's/([^)]*)//g; s/,//g')
# shellcheck disable=SC2086
inside apt-get install -y -qq --no-install-recommends $needs >/dev/null 2>&1
files >"$root/tmp/before"

inside apt-get install -y -qq --no-install-recommends /tmp/sallyport.deb >/dev/null 2>&1
inside sallyport --version
[ "$(inside stat -c %U:%a /var/lib/sallyport)" = sallyport:750 ] || fail "/var/lib/sallyport belongs to somebody else"
user=$(inside id -u sallyport)
# What the page says, in the environment that the service has.
sed -n 's/^runuser -u sallyport -- //p' "$(dirname "$0")/../docs/how-to/run-as-a-service.md" >"$root/tmp/steps"
[ -s "$root/tmp/steps" ] || fail "the page says nothing to do"
chroot --userspec="$user" "$root" /bin/sh -eu /tmp/steps
environment=$(sed -n 's/^Environment=//p' "$root/usr/lib/systemd/system/sallyport@.service")
[ -n "$environment" ] || fail "the service has no environment"
# shellcheck disable=SC2086
chroot --userspec="$user" "$root" /usr/bin/env $environment /usr/bin/sallyport run /var/lib/sallyport/company --host 127.0.0.1 --port "$port" >"$root/tmp/log" 2>&1 &
server=$!
until grep -q "listening at" "$root/tmp/log"; do kill -0 "$server" || { cat "$root/tmp/log"; fail "it ended"; }; done
curl -sf "http://127.0.0.1:$port/" >/dev/null || fail "no page"
kill "$server"
wait "$server" || fail "it did not end well"
server=

rm -r "$root/var/lib/sallyport/company"
inside apt-get purge -y -qq sallyport >/dev/null 2>&1
files >"$root/tmp/after"
grep -q sallyport "$root/etc/passwd" && fail "its user is left"
diff "$root/tmp/before" "$root/tmp/after" || fail "files are left"
echo "package: installed, ran, removed"
