#!/usr/bin/env python3
"""Writes what the program consists of as a CycloneDX 1.5 list: what it is linked with, and what is built into it.

    packaging/bill_of_materials.py PROGRAM VERSION >sallyport.cdx.json
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[1]
EMBEDDED = ["web/explorer", "tools/passwords", "tools/phone-numbers"]  # Folders whose npm packages end up in the program.
HEADERS = ["libboost1.81-dev", "libcli11-dev"]  # Compiled in: there is no library to load.


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def debian(package):
    name, version, architecture = output(
        "dpkg-query", "-W", "-f=${binary:Package}\t${Version}\t${Architecture}", package).split("\t")
    name = name.split(":")[0]
    purl = f"pkg:deb/debian/{name}@{version}?arch={architecture}"
    return {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl}


def needed(program):
    """The libraries the program itself names, not what these load in turn."""
    names = re.findall(r"NEEDED.*\[(.+)\]", output("readelf", "-d", program))
    paths = dict(re.findall(r"(\S+) => (\S+)", output("ldd", program)))
    for name in names:
        path = pathlib.Path(paths.get(name, name))
        for candidate in (path, path.resolve(), pathlib.Path(str(path).removeprefix("/usr"))):
            found = subprocess.run(["dpkg", "-S", str(candidate)], capture_output=True, text=True)
            if found.returncode == 0:
                yield found.stdout.split(": ")[0]
                break
        else:
            sys.exit(f"no package has {path}")


def embedded(folder):
    lock = json.loads((ROOT / folder / "package-lock.json").read_text())
    root = lock["packages"][""]
    for name in {**root.get("dependencies", {}), **root.get("devDependencies", {})}:
        entry = lock["packages"][f"node_modules/{name}"]
        purl = f"pkg:npm/{name}@{entry['version']}"
        yield {"type": "library", "bom-ref": purl, "name": name, "version": entry["version"], "purl": purl,
               "licenses": [{"license": {"id": entry["license"]}}]}


def main(program, version):
    packages = sorted(set(needed(program)) | set(HEADERS))
    components = [debian(package) for package in packages]
    components += [component for folder in EMBEDDED for component in embedded(folder)]
    root = f"pkg:generic/sallyport@{version}"
    bill = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "bom-ref": root, "name": "sallyport", "version": version,
                                   "purl": root, "licenses": [{"license": {"id": "MIT"}}]}},
        "components": components,
        "dependencies": [{"ref": root, "dependsOn": [component["bom-ref"] for component in components]}],
    }
    json.dump(bill, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main(*sys.argv[1:])
