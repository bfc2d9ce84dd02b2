"""What corridor-net is installed with: `python scripts/sbom.py [--extra fast] [--licences | --weaknesses FOLDER]`.

Writes a bill of materials in the form of CycloneDX 1.6 (JSON), or with `--licences` a table of packages, versions and
licences, or with `--weaknesses` which of these versions a checkout of https://github.com/pypa/advisory-database, or of
https://github.com/pyupio/safety-db, names as weak (pip-audit asks a service for the same); with `--lowest` which of the
lowest versions that `pyproject.toml` allows. Else looks at what is installed in this environment and at nothing else:
what corridor-net needs, what that needs, and so on; with `--extra` (repeatable) also what an extra needs. The same
environment gives the same bytes. A package that is needed and not installed, or says nothing of its licence, is named
on standard error.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from ruamel.yaml import YAML

OWN = "corridor-net"
SAFETY = "data/insecure.json"
LONG = 60
"""A text of more characters is the licence itself, not its name."""


def plain(name: str) -> str:
    """Return the name of a package as indexes spell it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed(found: Distribution, extras: Iterable[str]) -> set[tuple[str, frozenset[str]]]:
    """Return the packages that one needs here, with the extras of them."""
    wanted = set()
    for text in found.requires or ():
        requirement = Requirement(text)
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in (*extras, "")):
            wanted.add((plain(requirement.name), frozenset(requirement.extras)))
    return wanted


def closure(extras: Iterable[str]) -> tuple[dict[str, Distribution], dict[str, set[str]], set[str]]:
    """Return all packages by name, what each needs, and those that are needed and not there."""
    found: dict[str, Distribution] = {}
    edges: dict[str, set[str]] = {}
    lost, seen = set(), set()
    left = [(OWN, frozenset(extras))]
    while left:
        name, own = left.pop()
        if (name, own) in seen:
            continue
        seen.add((name, own))
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            lost.add(name)
            continue
        wanted = needed(found[name], own)
        edges.setdefault(name, set()).update(other for other, _ in wanted if other != name)
        left += wanted
    return found, edges, lost


def licence(found: Distribution) -> str:
    """Return the licence a package names: its expression, else its classifiers, else its short text."""
    told = found.metadata
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    named = [line.split(" :: ")[-1] for line in told.get_all("Classifier") or () if line.startswith("License ::")]
    named = [name for name in named if name != "OSI Approved"]
    if named:
        return " OR ".join(sorted(named))
    text = " ".join((told.get("License") or "").split())
    return text if 0 < len(text) <= LONG else ""


def weaknesses(name: str, version: str, folder: Path) -> list[str]:
    """Return the known weaknesses of a version of a package: their ids, or where there are none the weak versions."""
    if (folder / SAFETY).exists():
        ranges = json.loads((folder / SAFETY).read_text(encoding="utf-8")).get(name, ())
        return [f"{name} {version}: {one}" for one in ranges if SpecifierSet(one).contains(version, prereleases=True)]
    paths, here = sorted((folder / "vulns" / name).glob("*.yaml")), Version(version)
    told = (YAML(typ="safe", pure=True).load(path) for path in paths)
    return [
        f"{name} {version}: {one['id']} {' '.join(one.get('aliases', []))}".strip()
        for one in told
        if not one.get("withdrawn")
        and any(version in (part.get("versions") or ()) or _within(part, here) for part in one["affected"])
    ]


def lowest() -> list[tuple[str, str]]:
    """Return the packages that `pyproject.toml` names, extras and all, each in the lowest version it allows."""
    told = tomllib.loads((Path(__file__).resolve().parents[1] / "pyproject.toml").read_text(encoding="utf-8"))[
        "project"
    ]
    named = [*told["dependencies"], *(one for some in told["optional-dependencies"].values() for one in some)]
    parts = ((one.name, part) for one in map(Requirement, named) for part in one.specifier)
    return sorted({(plain(name), part.version) for name, part in parts if part.operator == ">="})


def _within(part: dict[str, Any], here: Version) -> bool:
    """Whether a version lies in a range that is named: from an `introduced` to before the `fixed` after it."""
    weak = False
    for given in part.get("ranges") or ():
        for event in given["events"] if given["type"] == "ECOSYSTEM" else ():
            if "introduced" in event and here >= Version(event["introduced"]):
                weak = True
            if "fixed" in event and here >= Version(event["fixed"]):
                weak = False
            if "last_affected" in event and here > Version(event["last_affected"]):
                weak = False
    return weak


def bill(found: dict[str, Distribution], edges: dict[str, set[str]]) -> dict[str, Any]:
    """Return the bill of materials."""

    def component(name: str) -> dict[str, Any]:
        version = found[name].version
        said = licence(found[name])
        by = {"expression": said} if found[name].metadata.get("License-Expression") else {"license": {"name": said}}
        return {
            "type": "application" if name == OWN else "library",
            "bom-ref": f"pkg:pypi/{name}@{version}",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            **({"licenses": [by]} if said else {}),
        }

    refs = {name: f"pkg:pypi/{name}@{one.version}" for name, one in found.items()}
    parts = [component(name) for name in sorted(found) if name != OWN]
    needs = [
        {"ref": refs[name], "dependsOn": sorted(refs[one] for one in edges[name] if one in refs)}
        for name in sorted(edges)
    ]
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([parts, needs], sort_keys=True))
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{serial}",
        "version": 1,
        "metadata": {"component": component(OWN)},
        "components": parts,
        "dependencies": needs,
    }


def main() -> None:
    """Write what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extra", action="append", default=[], help="an extra of corridor-net; repeatable")
    parser.add_argument("--licences", action="store_true", help="a table of licences in place of the bill")
    parser.add_argument("--weaknesses", type=Path, help="checkout of the database of known weaknesses")
    parser.add_argument("--lowest", action="store_true", help="weaknesses of the lowest versions that are allowed")
    parser.add_argument("--out", type=Path, help="file to write; standard output when left out")
    given = parser.parse_args()
    found, edges, lost = closure(given.extra)
    if given.weaknesses:
        asked = lowest() if given.lowest else [(name, one.version) for name, one in sorted(found.items())]
        weak = [line for name, version in asked for line in weaknesses(name, version, given.weaknesses)]
        print("\n".join([*weak, f"{len(asked)} packages, {len(weak)} known weaknesses"]))
        sys.exit(1 if weak or lost else 0)
    if given.licences:
        rows = [f"| {name} | {found[name].version} | {licence(found[name]) or '?'} |" for name in sorted(found)]
        text = "\n".join(["| package | version | licence |", "|---|---|---|", *rows]) + "\n"
    else:
        text = json.dumps(bill(found, edges), indent=1, ensure_ascii=False) + "\n"
    if given.out:
        given.out.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)
    for name in sorted(lost):
        print(f"needed and not installed: {name}", file=sys.stderr)
    for name in sorted(name for name in found if not licence(found[name])):
        print(f"says nothing of its licence: {name}", file=sys.stderr)
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
