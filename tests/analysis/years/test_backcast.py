"""The back-cast: told only what was known each January, scored by hand, and nothing of later years is looked at."""

from dataclasses import replace
from datetime import date

import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.years.backcast import (
    RUNS,
    STANDS,
    Asked,
    _error,
    _nearest,
    _state,
    _with_chance,
    backcast,
    score,
)
from corridor_net.costing import impedance
from corridor_net.errors import BadValue
from corridor_net.network.rows import Service


def ends_in_2012(rows):
    rows[0]["valid_to"] = "2012-06-30"


@pytest.fixture
def tiny_found(make_tiny):
    return cn.load(geodata=make_tiny(service=ends_in_2012).folder, price_year=2019).backcast()


def of(found, year, now):
    return {one.service: one for one in found.services if (one.year, one.now) == (year, now)}


def test_every_january_is_asked_whose_outcome_two_years_on_lies_within_the_data(tiny_found):
    assert {one.year for one in tiny_found.services} == {*range(2010, 2025)}


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


def asked(year, now, *, taken, later, **more):
    return Asked(year=year, service=f"s{year}", now=now, taken=taken, later=later, **more)


def test_a_score_by_hand():
    """Squares of 0.2, 0.7 and 0.6 with the answer and of 0.5, 0.4 and 0.5 without it; two have no chance yet."""
    known = [
        asked(2010, RUNS, taken=True, later=True),
        asked(2011, RUNS, taken=False, later=None, chance=0.9, base=0.9),
        asked(2012, RUNS, taken=True, later=True, chance=0.8, base=0.5),
        asked(2012, RUNS, taken=True, later=False, chance=0.7, base=0.4),
        asked(2013, RUNS, taken=False, later=True, chance=0.4, base=0.5),
        asked(2013, STANDS, taken=False, later=False, chance=0.1, base=0.5),
    ]
    found = score(known, RUNS)
    assert (found.now, found.asked, found.not_known, found.scored) == (RUNS, 5, 1, 3)
    assert (found.hits, found.misses, found.false_alarms, found.rightly_none) == (2, 1, 1, 0)
    assert found.brier == pytest.approx((0.04 + 0.49 + 0.36) / 3)
    assert found.brier_base == pytest.approx((0.25 + 0.16 + 0.25) / 3)
    assert found.difference == pytest.approx(found.brier - found.brier_base)
    # of 2012 (-0.21 + 0.33) / 2 = 0.06, of 2013 0.11: they are 0.05 apart, so the error is 0.025
    assert found.difference_error == pytest.approx(0.025)
    assert score(known, STANDS).rightly_none == 1
    assert score(known[:2], RUNS) is None


def test_a_chance_is_counted_from_what_was_known_by_then():
    """Two years on: what was asked of 2010 is known in 2012 and not in 2011; of what nobody knows nothing follows."""
    past = [
        asked(2010, RUNS, taken=True, later=True),
        asked(2010, RUNS, taken=True, later=True),
        asked(2010, RUNS, taken=False, later=False),
        asked(2010, RUNS, taken=True, later=None),
        asked(2010, STANDS, taken=True, later=False),
        asked(2011, RUNS, taken=True, later=False),
    ]
    one = asked(2012, RUNS, taken=True, later=None)
    told = _with_chance(one, past, 2)
    assert (told.chance, told.base) == (3 / 4, 3 / 5)
    assert _with_chance(replace(one, taken=False), past, 2).chance == 1 / 3
    assert _with_chance(replace(one, year=2011), past, 2).chance is None
    assert _with_chance(replace(one, now=STANDS), past, 2).base == 1 / 3


def test_the_period_that_begins_nearest_says_how_a_service_ran():
    day = date(2012, 12, 31)

    def row(first, last, state="open"):
        return Service(service_id="s", name="S", vehicle="", carries="", circular=0, speed_id="v", tariff_id="t",
                       sailings_per_week=1, port_stay_hours=12, emission_factor_id="e", source_id="S", grade="B",
                       valid_from=first and date(first, 1, 1), valid_to=last and date(last, 12, 31),
                       state=state)  # fmt: skip

    early, late, unknown = row(None, 2009), row(2014, 2015), row(2012, 2012, "unknown")
    assert _nearest([unknown], day) is None
    near = _nearest([early, late, unknown], day)
    assert (near.valid_from, near.valid_to, near.state) == (day, day, "open")
    assert _nearest([row(2011, 2011), late], day) == replace(row(2011, 2011), valid_from=day, valid_to=day)
    assert [_state([early, late, unknown], date(year, 6, 1)) for year in (2009, 2010, 2012, 2014, 2016)] == [
        "open", "closed", "unknown", "open", "closed",
    ]  # fmt: skip
