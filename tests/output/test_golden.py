"""Golden files: the text as a person sees it."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")


def test_golden_route(cli, golden):
    golden("route.txt", cli("route", "harbin", "niigata", "--as-of", "2019-07-01").out)


def test_golden_compare(cli, golden):
    golden("compare.txt", cli("compare", "mudanjiang", "niigata", "--as-of", "2019-07-01").out)


def test_golden_json(cli, golden):
    golden("route.json", cli("route", "hunchun", "niigata", "--as-of", "2019-07-01", "--via", "zarubino", "-s",
                             "primorye-2", "--json").out)  # fmt: skip
