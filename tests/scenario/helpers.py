"""What these tests share: a file's contents, the places of faults."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

from hypothesis import settings
from ruamel.yaml import YAML

LAW = settings(deadline=None, derandomize=True, max_examples=30)
HEAD = "scenario: trial\ntitle: A trial\nchanges:\n"


def plain(path):
    """Return a YAML file as JSON would have it."""

    def shown(value):
        return value.isoformat() if isinstance(value, (date, datetime)) else str(value)

    return json.loads(json.dumps(YAML(typ="safe").load(path), default=shown))


def tables(network):
    return {name: network.rows(name) for name in network.tables}


def place_of(error):
    return (Path(error.place.path).name, error.place.line, error.place.column)
