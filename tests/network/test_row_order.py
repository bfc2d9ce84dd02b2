"""No answer depends on the order of the rows of a table, or of the tables."""

from __future__ import annotations

import random
from types import MappingProxyType

import pytest

from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.network.rows import ROW_TYPES

DAYS = ("2012-01-15", "2019-02-01", "2026-07-01")
PAIRS = [(a, b) for a in ("harbin", "hunchun", "fuyuan") for b in ("niigata", "mk_sapporo", "mk_utsunomiya")]


def answers(net):
    """Return cost, hours, spread and CO2e of some routes on three days for a dry box and for grain."""
    found = {}
    for day in DAYS:
        for cargo in ("dry_40", "grain_20"):
            router = Router(impedance(net.as_of(day), cargo))
            for pair in PAIRS:
                trip = router.route(*pair)
                found[day, cargo, *pair] = (trip.cost_usd, trip.hours, trip.spread_hours, trip.co2_kg)
    return found


@pytest.fixture(scope="module")
def expected(shipped):
    return answers(shipped)


def same(found, expected):
    for key, numbers in expected.items():
        assert found[key] == pytest.approx(numbers, rel=1e-9), key


@pytest.mark.parametrize("table", [name for name in ROW_TYPES if name != "link"])
@pytest.mark.slow
def test_the_order_of_the_rows_of_a_table_changes_no_number(shipped, expected, table):
    rows = list(shipped.rows(table))
    random.Random(table).shuffle(rows)  # noqa: S311 - an order, no secret
    same(answers(shipped.with_rows(**{table: rows})), expected)
    same(answers(shipped.with_rows(**{table: shipped.rows(table)[::-1]})), expected)


def test_the_order_of_links_changes_no_number(shipped, expected):
    same(answers(shipped.with_rows(link=shipped.rows("link")[::-1])), expected)


def test_the_order_of_tables_changes_no_number(shipped, expected):
    from dataclasses import replace

    turned = dict(reversed(shipped.tables.items()))
    same(answers(replace(shipped, tables=MappingProxyType(turned))), expected)
