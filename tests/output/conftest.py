"""What tests of files share: those of a run of the shipped study, and tables of it."""

from __future__ import annotations

import csv
import io

import pytest

from corridor_net.output.files import write_all


@pytest.fixture(scope="module")
def folder(result_texts, tmp_path_factory):
    out = tmp_path_factory.mktemp("results") / "study"
    write_all(out, result_texts)
    return out


@pytest.fixture(scope="module")
def rows(result_texts):
    def read(name):
        return list(csv.DictReader(io.StringIO(result_texts[name])))

    return {name: read(name) for name in ("comparison.csv", "access.csv")}
