"""The back-cast: told only what was known each January, scored by hand, and nothing of later years is looked at."""

import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.years.backcast import RUNS, STANDS, _error, backcast, score
from corridor_net.costing import impedance
from corridor_net.errors import BadValue


def ends_in_2012(rows):
    rows[0]["valid_to"] = "2012-06-30"


@pytest.fixture
def tiny_found(make_tiny):
    return cn.load(geodata=make_tiny(service=ends_in_2012).folder, price_year=2019).backcast()


def of(found, year, now):
    return {one.service: one for one in found.services if (one.year, one.now) == (year, now)}


def test_the_example_of_the_page(tiny_found):
    first, third = of(tiny_found, 2010, RUNS), of(tiny_found, 2012, RUNS)
    assert {key: (one.taken, one.later, one.chance) for key, one in first.items()} == {
        "line-cd": (True, True, None),
        "line-gd": (False, True, None),
    }
    assert {key: (one.taken, one.later) for key, one in third.items()} == {
        "line-cd": (True, False),
        "line-gd": (False, True),
    }
    for one in third.values():
        assert (one.chance, one.base) == (pytest.approx(2 / 3), pytest.approx(3 / 4))
    alone = score([one for one in tiny_found.services if one.year <= 2012], RUNS)
    assert alone.scored == 2
    assert (alone.brier, alone.brier_base) == (pytest.approx(((2 / 3) ** 2 + (1 / 3) ** 2) / 2), pytest.approx(0.3125))
    assert of(tiny_found, 2013, RUNS)["line-gd"].taken
    assert (of(tiny_found, 2013, STANDS)["line-cd"].taken, of(tiny_found, 2013, STANDS)["line-cd"].later) == (
        True,
        False,
    )


def test_scores_are_those_of_the_services_counted_anew(tiny_found):
    for told in tiny_found.scores:
        own = [one for one in tiny_found.services if one.now == told.now and one.later is not None]
        counted = [(one.taken, one.later) for one in own]
        assert (told.hits, told.misses) == (counted.count((True, True)), counted.count((False, True)))
        assert (told.false_alarms, told.rightly_none) == (counted.count((True, False)), counted.count((False, False)))
        scored = [one for one in own if one.chance is not None]
        assert told.brier == pytest.approx(sum((one.chance - one.later) ** 2 for one in scored) / len(scored))
        for one in scored:
            past = [o.later for o in own if o.year + 2 <= one.year and o.taken == one.taken]
            assert one.chance == pytest.approx((sum(past) + 1) / (len(past) + 2))


def test_nothing_of_later_years_is_looked_at(shipped):
    """Services as if nobody knew anything after 2014: what was said by January 2015 of those that ran is the same."""
    from dataclasses import replace

    day = shipped.as_of("2014-12-31").day
    known = [
        replace(row, valid_to=row.valid_to if row.valid_to and row.valid_to <= day else None)
        for row in shipped.rows("service")
        if row.valid_from is None or row.valid_from <= day
    ]
    asked = [
        [
            one
            for one in backcast(network, lambda net: Router(impedance(net)), 2)
            if one.now == RUNS and one.year <= 2015
        ]
        for network in (shipped, shipped.with_rows(service=known))
    ]
    said = [{(one.year, one.service): one.taken for one in some} for some in asked]
    assert said[0] == said[1]
    assert len(said[0]) > 150


def test_a_day_and_too_many_years_are_refused(make_tiny):
    with pytest.raises(BadValue, match="takes no as_of"):
        cn.load(as_of="2019-07-01").backcast()
    with pytest.raises(BadValue, match="no January has"):
        cn.load(geodata=make_tiny().folder, price_year=2019).backcast(years=12)


def test_the_error_of_a_difference_is_that_of_the_mean_of_its_januaries():
    """Januaries of 2, 4 and 6: variance 4, over three of them the square root of 4 / 3; of one there is none."""
    pairs = [(2010, 1.0, 0.0), (2010, 4.0, 1.0), (2011, 4.0, 0.0), (2012, 7.0, 1.0)]
    assert _error(pairs) == pytest.approx((4 / 3) ** 0.5)
    assert _error(pairs[:2]) == 0
