"""What ends, closes or begins about a journey of the small network, step by step; and which journeys none beats."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from math import inf
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from corridor_net.analysis.router import Router
from corridor_net.analysis.timetables.journeys import Journey, Stage, services_told, undominated
from corridor_net.analysis.timetables.limits import limits_missed, limits_of_use
from corridor_net.analysis.timetables.timetable import Timetable
from corridor_net.costing import impedance

MONDAY = date(2019, 7, 1)
ZONE = ZoneInfo("Asia/Vladivostok")


@pytest.fixture(scope="module")
def steps(tiny):
    """Return a function: the way of Alfa by Charlie, entered so many days after Monday."""
    arcs = Router(impedance(tiny)).route("alfa", "delta").legs

    def entered(days):
        moment = datetime(2019, 7, 1, 9, 30, tzinfo=ZONE) + timedelta(days=days)
        return [(SimpleNamespace(arc=arc), moment) for arc in arcs]

    return entered


def with_rows(network, table, name, **cells):
    rows = network.rows(table)
    return network.with_rows(
        **{table: [replace(row, **cells) if getattr(row, f"{table}_id") == name else row for row in rows]}
    )


def told(limits):
    return [(one.table, one.row_id, one.what, str(one.day), one.used) for one in limits]


@pytest.mark.parametrize(
    ("table", "name"),
    [("link", "road-ab"), ("crossing", "bc-out"), ("terminal", "charlie-road-port_out"), ("service", "line-cd")],
)
@pytest.mark.whole
def test_what_ends_within_thirty_days_of_its_use_is_told_and_no_later(tiny, steps, table, name):
    for last, soon in (("2019-07-03", True), ("2019-08-02", True), ("2019-08-03", False)):
        ends = with_rows(tiny, table, name, valid_to=date.fromisoformat(last), end_reason="worn out")
        found = limits_of_use(ends, steps(2), MONDAY)
        assert told(found) == ([(table, name, "ends", last, True)] if soon else [])
    assert found == ()


@pytest.mark.parametrize(("first", "begins"), [("2019-07-01", False), ("2019-07-02", True)])
def test_what_begins_after_leaving_is_told(tiny, steps, first, begins):
    day = date.fromisoformat(first)
    assert told(limits_of_use(with_rows(tiny, "link", "road-bc", valid_from=day), steps(3), MONDAY)) == (
        [("link", "road-bc", "begins", first, True)] if begins else []
    )
    both = with_rows(tiny, "link", "road-bc", valid_from=day, valid_to=date(2019, 7, 9))
    assert told(limits_of_use(both, steps(3), MONDAY)) == [("link", "road-bc", "ends", "2019-07-09", True)]


CLOSES = {"from_month_day": "07-10", "to_month_day": "07-20", "hours_factor": 1.0}


@pytest.mark.parametrize(
    ("kind", "name"), [("service", "line-cd"), ("node", "charlie"), ("mode", "road"), ("mode", "rail")]
)
@pytest.mark.whole
def test_a_season_that_closes_is_told_of_what_it_is_for(tiny, steps, kind, name):
    row = replace(tiny.rows("season")[0], season_id="shut", applies_to=kind, target_id=name, closed="yes", **CLOSES)
    shut, on_the_way = tiny.with_rows(season=[row]), name != "rail"
    assert (
        told(limits_of_use(shut, steps(2), MONDAY)) == [("season", "shut", "closes", "2019-07-10", True)] * on_the_way
    )
    missed = limits_missed(shut, steps(15), MONDAY)
    assert told(missed) == [("season", "shut", "closes", "2019-07-10", False)] * on_the_way
    slower = tiny.with_rows(season=[replace(row, closed="no")])
    assert (limits_of_use(slower, steps(2), MONDAY), limits_missed(slower, steps(15), MONDAY)) == ((), ())
    assert limits_missed(shut, steps(2), MONDAY) == ()
    assert limits_missed(shut, steps(15), date(2019, 7, 12)) == ()


def test_what_had_ended_by_then_is_missed(tiny, steps):
    ended = with_rows(tiny, "service", "line-cd", valid_to=date(2019, 7, 3), end_reason="laid up")
    (one,) = limits_missed(ended, steps(3), MONDAY)
    assert told([one]) == [("service", "line-cd", "ends", "2019-07-03", False)]
    assert (one.at, one.kind, one.reason) == ("charlie", "board", "laid up")
    names = {"line-cd": "the line", "charlie": "Charlie"}
    assert one.sentence(names) == (
        "service the line ends 2019-07-03, before boarding: Thu 04 Jul 2019, Charlie (laid up)"
    )
    assert replace(one, kind="haul").sentence({}).startswith("service line-cd ends 2019-07-03, before it is reached")
    assert replace(one, used=True, reason="").sentence(names) == (
        "service the line ends 2019-07-03, soon after it is used: Thu 04 Jul 2019, Charlie"
    )
    assert replace(one, what="begins", reason="").sentence(names) == "service the line begins 2019-07-03"
    assert one.to_dict()["moment"] == "2019-07-04T09:30+10:00"
    assert limits_missed(ended, steps(2), MONDAY) == ()
    assert limits_missed(ended, steps(5), date(2019, 7, 4)) == ()


def journey(leaves, arrives, usd, **known):
    at = [datetime(2019, 7, 1, tzinfo=ZONE) + timedelta(minutes=minutes) for minutes in (leaves, arrives)]
    return Journey(
        origin="a", destination="b", departs=at[0], arrives=at[1], hours=1.0, wait_hours=0.0, cost_usd=usd,
        generalised_cost_usd=usd, price_year=2019, gateway=None, services=(), assumed=known.pop("assumed", ()),
        stages=(), **known,
    )  # fmt: skip


def test_of_journeys_those_stay_that_none_beats_as_printed():
    """One leaves later, arrives sooner or costs less than each other: to the minute and the cent."""
    first, dearer, later, cheap = (
        journey(0, 60, 10.0), journey(0, 60, 10.01), journey(5, 90, 10.0), journey(0, 70, 9.99))  # fmt: skip
    assert undominated([first, later, cheap]) == [first, later, cheap]
    assert undominated([dearer, first]) == [first]
    assert undominated([first, dearer]) == [first, dearer], "they come by departure and cost: the last is the best"
    assert undominated([journey(0, 60.5, 10.001), first]) == [first]
    assert undominated([journey(0, 61, 10.0), journey(1, 61, 10.0), journey(1, 60, 10.0)]) == [journey(1, 60, 10.0)]
    assert services_told([journey(0, 1, 1, assumed=("x", "y")), journey(0, 1, 1, assumed=("y", "z"))]) == (
        "x", "y", "z")  # fmt: skip


def test_moments_are_written_by_their_clock_and_with_its_offset():
    told = journey(0, 60, 10.0).to_dict()
    assert (told["departs"], told["departs_iso"]) == ("2019-07-01T00:00", "2019-07-01T00:00+10:00")
    assert "moves" not in told
    profile = journey(0, 60, 10.0, departs_from=datetime(2019, 6, 30, 23, tzinfo=ZONE)).to_dict()
    assert (profile["departs_from_iso"], profile["moves"]) == ("2019-06-30T23:00+10:00", False)
    at = datetime(2019, 7, 1, 8, tzinfo=ZONE)
    stage = Stage(
        from_node="a", to_node="b", kind="haul", mode="road", asset_id="l", begins=at, wait_hours=0.0, ends=at
    )
    assert stage.to_dict()["begins_iso"] == "2019-07-01T08:00+10:00"


def test_who_stands_on_the_quay_when_the_ship_leaves_is_aboard(make_tiny):
    """From Golf, where nothing is done with the box: 80 hours at sea and 30 of import, or a week more."""

    def quay(rows):
        return [*rows, {**rows[0], "terminal_id": "q", "node_id": "golf", "to_state": "port_out", "operation_id": "q"}]

    def free(rows):
        return [*rows, {**rows[0], "operation_id": "q", "value": 0}]

    network = make_tiny(terminal=quay, operation=free)
    table = Timetable.of(Router(impedance(network)), {"line-gd": "Fri 16:00"})
    for minute, hours in ((0, 110), (1, 110 + 168 - 1 / 60)):
        assert table.best("golf", "delta", datetime(2019, 7, 5, 16, minute), usd_per_hour=inf).hours == pytest.approx(
            hours
        )


@pytest.mark.parametrize(
    ("name", "cells", "waits_for"),
    [
        ("link", {"valid_from": date(2019, 7, 3)}, "beginning"),
        ("crossing", {"opening_hours": "10:00-11:00"}, "opening"),
        ("service", {"first_departure": "Fri 16:00"}, "sailing"),
    ],
)
def test_what_is_waited_for_is_a_first_day_an_opening_or_a_ship(tiny, name, cells, waits_for):
    rows = [replace(row, **cells) for row in tiny.rows(name) if getattr(row, f"{name}_id") != "rail-ag"]
    table = Timetable.of(Router(impedance(tiny.with_rows(**{name: rows}), price_year=2019)))
    kinds = {"link": "haul", "crossing": "crossing", "service": "board"}
    stages = table.best("alfa", "delta", datetime(2019, 7, 1), usd_per_hour=inf).stages
    waited = next(one for one in stages if one.kind == kinds[name] and one.wait_hours)
    assert waited.waits_for == waits_for
