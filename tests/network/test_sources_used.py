"""Every source of the data is used: a row rests on it, or says in words how it was derived from it."""

import re
from pathlib import Path

from corridor_net.network.reading.package import shipped_folder

NAME = re.compile(r"[A-Za-z0-9_]+")


def words_of(paths):
    return {word for path in paths for word in NAME.findall(Path(path).read_text(encoding="utf-8"))}


def test_every_source_is_used_by_a_row_or_a_scenario(geodata, shipped):
    tables = [path for path in geodata.glob("*.csv") if path.name != "source.csv"]
    used = words_of([*tables, *shipped_folder("scenarios").glob("*.yaml")])
    assert sorted(set(shipped.sources) - used) == []
