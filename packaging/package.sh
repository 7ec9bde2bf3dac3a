#!/bin/sh
# Builds build/sallyport_VERSION_ARCHITECTURE.deb from the release program, and the list of what is inside beside it.
set -eu
cd "$(dirname "$0")/.."
program=build/release/sallyport
version=$("$program" --version)
architecture=$(dpkg --print-architecture)
stage=build/package
deb=build/sallyport_${version}_${architecture}.deb

rm -rf "$stage"
install -d "$stage/DEBIAN" "$stage/usr/share/doc/sallyport" "$stage/usr/lib/systemd/system"
install -D -m 0755 "$program" "$stage/usr/bin/sallyport"
strip --remove-section=.comment "$stage/usr/bin/sallyport"
install -m 0644 packaging/sallyport@.service "$stage/usr/lib/systemd/system/"
install -m 0644 LICENSE "$stage/usr/share/doc/sallyport/copyright"
gzip -9nc CHANGELOG.md >"$stage/usr/share/doc/sallyport/changelog.gz"
python3 packaging/bill_of_materials.py "$stage/usr/bin/sallyport" "$version" >build/sallyport.cdx.json
install -m 0644 build/sallyport.cdx.json "$stage/usr/share/doc/sallyport/"
if "$program" man >build/sallyport.1 2>/dev/null; then
    install -d "$stage/usr/share/man/man1" "$stage/usr/share/bash-completion/completions"
    gzip -9nc build/sallyport.1 >"$stage/usr/share/man/man1/sallyport.1.gz"
    "$program" completion bash >"$stage/usr/share/bash-completion/completions/sallyport"
fi
install -m 0755 packaging/postinst packaging/prerm packaging/postrm "$stage/DEBIAN/"

# What the program is linked with, from the packages of this machine; dpkg-shlibdeps wants a source package around it.
libraries=$(mkdir -p build/shlibdeps/debian && cd build/shlibdeps && echo "Source: sallyport" >debian/control &&
    dpkg-shlibdeps -O "../../$stage/usr/bin/sallyport" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
cat >"$stage/DEBIAN/control" <<CONTROL
Package: sallyport
Version: $version
Architecture: $architecture
Maintainer: The Sallyport authors <sallyport@localhost>
Section: web
Priority: optional
Depends: $libraries, adduser, ca-certificates
Installed-Size: $(du -sk "$stage/usr" | cut -f1)
Description: JSON model definitions as a REST API behind a two-step login
 Serves a folder of LoopBack 3 model definitions as a REST API, with access
 rules, access tokens, an API explorer and a login in two steps.
CONTROL
dpkg-deb --build --root-owner-group "$stage" "$deb" >/dev/null
echo "$deb"
