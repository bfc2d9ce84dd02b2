"""Counting into bins: compiled and plain alike, percentiles as of the values, rows that need more room."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor_net.uncertainty.tallies import tally
from corridor_net.uncertainty.tallies.bins import bins_of, edges
from corridor_net.uncertainty.tallies.tally import Tally, Total, percentiles

VALUES = st.one_of(st.just(0.0), st.floats(1e-3, 1e9))
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(VALUES, min_size=width, max_size=width), min_size=1, max_size=4)
)


def summed(stretches):
    total = Total()
    for stretch in stretches:
        total.add(*stretch)
    return total.bins()


def counts_of(tables):
    found = Tally(len(tables[0]))
    for table in tables:
        found.add(np.array(table))
    return [{int(b): int(n) for b, n in zip(*summed(row), strict=True)} for row in found.rows()]


@given(TABLES, st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_every_value_is_in_its_bin_compiled_or_not(table, times):
    """Added several times, scaled so that rows need more room on both sides."""
    tables = [(np.array(table) * factor).tolist() for factor in (1.0, 1e-3, 1e3)[:times]]
    expected = []
    for row in range(len(table)):
        bins = np.concatenate([bins_of(np.array(one[row])) for one in tables])
        expected.append({int(b): int(n) for b, n in zip(*np.unique(bins, return_counts=True), strict=True)})
    assert counts_of(tables) == expected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "_counter", lambda: tally.count_of)
        assert counts_of(tables) == expected


@given(st.floats(1e-9, 1e12))
def test_a_bin_holds_its_values_and_is_narrow(value):
    place = bins_of(np.array([value]))
    low, high = edges(place)
    assert low[0] <= value < high[0]
    assert 1.0009 < high[0] / low[0] < 1.002
    assert bins_of(np.zeros(1))[0] == 0
    assert np.concatenate(edges(np.zeros(1, np.int64))).tolist() == [0.0, 0.0]  # nothing is in it but 0
    assert edges(np.ones(1, np.int64))[1][0] > 0


def test_percentiles_are_those_of_the_values():
    """Of 100,000 lognormal values, to a tenth of the width of a bin."""
    values = np.exp(np.random.default_rng(3).normal(8, 0.3, 100_000))
    found = Tally(1)
    for start in range(0, len(values), 1000):
        found.add(values[None, start : start + 1000])
    told = percentiles(*summed(next(found.rows())))
    assert told["mean"] == pytest.approx(values.mean(), rel=2e-5)
    for percent in (10, 50, 90):
        assert told[f"p{percent}"] == pytest.approx(np.percentile(values, percent), rel=2e-4)


def test_nothing_at_all_is_counted_as_nothing():
    found = Tally(2)
    found.add(np.array([[0.0, 0.0, 0.0], [0.0, 5.0, 5.0]]))
    told = [percentiles(*summed(row)) for row in found.rows()]
    assert told[0] == {"mean": 0.0, "p10": 0.0, "p50": 0.0, "p90": 0.0}
    assert math.isclose(told[1]["mean"], 10 / 3, rel_tol=0.002)
    assert told[1]["p10"] == 0.0


@given(st.lists(st.tuples(st.integers(0, 40), st.lists(st.integers(0, 9), min_size=1, max_size=12)), max_size=8))
def test_counts_add_up_wherever_they_begin(stretches):
    expected = {}
    for first, counts in stretches:
        for number, count in enumerate(counts if first else counts[:1]):
            expected[first + number] = expected.get(first + number, 0) + count
    bins, times = summed((first, np.array(counts if first else counts[:1])) for first, counts in stretches)
    assert dict(zip(bins.tolist(), times.tolist(), strict=True)) == {b: n for b, n in expected.items() if n}
    assert bins.tolist() == sorted(bins.tolist())


@given(st.lists(st.lists(st.integers(0, 2**50), min_size=6, max_size=6), min_size=1, max_size=30))
@settings(max_examples=40, deadline=None)
def test_distinct_numbers_are_found_with_their_first_column(table):
    values = np.array(table, float)
    expected = []
    for row, numbers in enumerate(values):
        names, first, times = np.unique(numbers, return_index=True, return_counts=True)
        expected += sorted(
            ((row, n, t, f) for n, f, t in zip(names.tolist(), first.tolist(), times.tolist(), strict=True)),
            key=lambda one: one[3],
        )
    with pytest.MonkeyPatch.context() as patch:
        for without in (False, True):
            if without:
                patch.setitem(sys.modules, "numba", None)
            found = [tuple(row) for row in zip(*(one.tolist() for one in tally.distinct(values)), strict=True)]
            assert found == expected
