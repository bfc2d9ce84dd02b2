"""What the tests of reading share: the faults of a folder, where they stand, and copies of a description to edit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corridor_net.errors import CorridorError
from corridor_net.network import Network


def faults_of(folder):
    """Return every fault of reading a folder; there must be one."""
    with pytest.raises(CorridorError) as caught:
        Network.from_folder(folder)
    error = caught.value
    assert str(error)
    return list(getattr(error, "faults", None) or [error])


def only_fault(folder):
    """Return the one fault of a folder."""
    (fault,) = faults_of(folder)
    return fault


def where(fault):
    """Return file, line and column of a fault."""
    return Path(fault.place.path).name, fault.place.line, fault.place.column


def pointed_at(fault):
    """Return the text of the line from the place on."""
    return fault.place.text[fault.place.column - 1 :]


def described(data):
    """Return the description of a copied package."""
    return json.loads((data.folder / "datapackage.json").read_text(encoding="utf-8"))


def describe(data, package):
    """Write the description of a copied package."""
    text = json.dumps(package, ensure_ascii=False)
    (data.folder / "datapackage.json").write_text(text, encoding="utf-8")


def schema_of(package, table):
    """Return the schema of a table in a description."""
    return next(r for r in package["resources"] if r["name"].replace("-", "_") == table)["schema"]


def field_of(package, table, column):
    """Return a field in a description."""
    return next(field for field in schema_of(package, table)["fields"] if field["name"] == column)
