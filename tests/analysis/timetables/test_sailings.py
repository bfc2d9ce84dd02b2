"""The days on which ships leave: the next sailing, gaps that are no part of a week, first days, clocks."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from types import SimpleNamespace as Row
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor_net.analysis.router import Router
from corridor_net.analysis.timetables.limits import _rows
from corridor_net.analysis.timetables.sailings import series_of
from corridor_net.analysis.timetables.timetable import Timetable
from corridor_net.costing import impedance
from corridor_net.errors import BadValue
from corridor_net.network.clock import hours_at, moment_at

TOKYO, VLADIVOSTOK = ZoneInfo("Asia/Tokyo"), ZoneInfo("Asia/Vladivostok")


@pytest.fixture(scope="module")
def service(tiny_folder):
    import corridor_net as cn

    (row, *_) = cn.Network.from_folder(tiny_folder).rows("service")
    return row


def hours(text, zone=TOKYO):
    return hours_at(datetime.fromisoformat(text).replace(tzinfo=zone))


def leaves(series, first, last):
    """Return the departures between two days, as they are written at the port."""
    found = series.between(hours(first, series.zone), hours(last, series.zone))
    return [f"{moment_at(hour, series.zone):%a %Y-%m-%d %H:%M}" for hour in found]


def test_a_weekly_ship_leaves_on_its_weekday_with_its_minutes(service):
    series = series_of(replace(service, sailings_per_week=1.0, first_departure="Fri 16:20"), TOKYO)
    assert leaves(series, "2019-07-01", "2019-07-15") == ["Fri 2019-07-05 16:20", "Fri 2019-07-12 16:20"]
    assert series.documented


def test_a_departure_at_either_end_counts_and_none_a_second_beyond(service):
    """Over the change of the clock too: the first known departure is in winter, those asked for are in summer."""
    zone = ZoneInfo("Europe/Berlin")
    for gap, first in ((1.0, "2019-01-04 16:20"), (7.0, "2019-07-05 16:20")):
        series = series_of(replace(service, sailings_per_week=gap), zone, first)
        for asked in ("2019-07-12 16:20", "2019-12-13 16:20"):
            hour = hours(asked, zone)
            assert series.between(hour, hour) == [hour]
            assert series.between(hour + 1 / 3600, hour + 20.0) == series.between(hour - 20.0, hour - 1 / 3600) == []


def test_without_an_hour_it_is_noon(service):
    series = series_of(replace(service, sailings_per_week=1.0, first_departure="Tue"), TOKYO)
    assert leaves(series, "2019-07-01", "2019-07-08") == ["Tue 2019-07-02 12:00"]


def test_three_a_week_leave_every_56_hours_from_the_one_that_is_known(service):
    series = series_of(replace(service, sailings_per_week=3.0, first_departure="Mon 08:00"), TOKYO)
    assert leaves(series, "2019-07-01", "2019-07-08") == [
        "Mon 2019-07-01 08:00",
        "Wed 2019-07-03 16:00",
        "Sat 2019-07-06 00:00",
    ]
    assert series.documented


def test_three_a_month_leave_every_ten_days_from_the_first_such_weekday_of_the_service(service):
    """0.7 a week are 240 h. From Monday 1 August 2011 on; the first Thursday is the 4th. Later weekdays are assumed."""
    row = replace(service, sailings_per_week=0.7, first_departure="Thu 09:30", valid_from=date(2011, 8, 1))
    series = series_of(row, TOKYO)
    assert leaves(series, "2011-08-01", "2011-08-30") == [
        "Thu 2011-08-04 09:30",
        "Sun 2011-08-14 09:30",
        "Wed 2011-08-24 09:30",
    ]
    assert not series.documented


def test_a_date_says_which_of_the_weeks_it_is(service):
    row = replace(service, sailings_per_week=0.5, first_departure="")
    series = series_of(row, TOKYO, "2019-07-05 16:00")
    assert leaves(series, "2019-06-15", "2019-07-20") == [
        "Fri 2019-06-21 16:00",
        "Fri 2019-07-05 16:00",
        "Fri 2019-07-19 16:00",
    ]
    assert series.documented
    assert not series_of(row, TOKYO, "Fri 16:00").documented


@given(st.floats(0.05, 20.0), st.integers(0, 6), st.sampled_from([TOKYO, VLADIVOSTOK]))
def test_departures_are_a_gap_apart_whatever_the_frequency(service, per_week, day, zone):
    """A gap apart by the clock of the port, and none is left out at the edges of what is asked."""
    row = replace(
        service, sailings_per_week=per_week, first_departure=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[day]
    )
    series = series_of(row, zone)
    start = hours("2014-10-01", zone)
    end = start + 60 * 24
    found = series.between(start, end)
    clock = [moment_at(hour, zone).replace(tzinfo=None) for hour in found]
    gap = timedelta(hours=168 / per_week)
    assert all(abs((b - a) - gap) <= timedelta(seconds=2) for a, b in pairwise(clock))
    slack = gap / timedelta(hours=1) + 1.01
    if found:
        assert found[0] - start <= slack
        assert end - found[-1] <= slack
    else:
        assert gap > timedelta(days=59)


def test_without_a_day_phases_are_spread_over_the_gap_and_stay_the_same(service):
    names = [f"line-{number}" for number in range(400)]
    rows = [replace(service, service_id=name, sailings_per_week=1.0, first_departure="") for name in names]
    start = hours("2019-07-01")
    phases = [(series_of(row, TOKYO).between(start, start + 168)[0] - start) / 168 for row in rows]
    assert all(not series_of(row, TOKYO).documented for row in rows[:3])
    assert phases == [(series_of(row, TOKYO).between(start, start + 168)[0] - start) / 168 for row in rows]
    row, spread = rows[0], int.from_bytes(sha256(b"line-0").digest()[:8], "big") / 2**64
    biweekly = series_of(replace(row, sailings_per_week=0.5), TOKYO)
    assert biweekly.first == datetime(2001, 1, 1) + timedelta(minutes=round(spread * 336 * 60))
    quarters = [sum(quarter / 4 <= phase < (quarter + 1) / 4 for phase in phases) for quarter in range(4)]
    assert min(quarters) > 70


@pytest.mark.whole
@pytest.mark.parametrize("text", ["", "Friday", "fri", "Fri 24:00", "Fri 9:00", "Fri 16:60", "2019-02-30", "16:00"])
def test_days_that_are_none_name_the_service(service, text):
    with pytest.raises(BadValue, match="no sailing day of line-cd"):
        series_of(service, TOKYO, text)


# in a network


def boardings(network, day, days, **sails):
    """Return when a box could board at Charlie within some days, by the clock there."""
    table = Timetable.of(Router(impedance(network, price_year=2019)), sails or {"line-cd": "Fri 16:00"})
    leaving = datetime.fromisoformat(day)
    table.profile("alfa", "delta", leaving, 1.0)
    graph = next(iter(table._graphs.values()))
    spans = [graph.timed.spans[n] for n, chain in enumerate(graph.chains) if chain[0] == "board:line-cd:1"]
    end = hours(day, VLADIVOSTOK) + 24 * days
    found = sorted({hour for one in spans for hour in one.starts if hour < end})
    return [f"{moment_at(hour, VLADIVOSTOK):%a %m-%d %H:%M}" for hour in found]


def test_first_and_last_day_of_a_service_cut_the_series(make_tiny):
    def dated(rows):
        return [{**row, "valid_from": "2019-07-09", "valid_to": "2019-07-19"} for row in rows]

    network = make_tiny("2019-07-01", service=dated)
    assert boardings(network, "2019-07-01", 40) == [
        "Tue 07-09 04:00",
        "Fri 07-12 16:00",
        "Tue 07-16 04:00",
        "Fri 07-19 16:00",
    ]


def test_a_season_takes_departures_out_of_the_series_and_leaves_the_others_where_they_were(make_tiny):
    def closed(rows):
        months = {"from_month_day": "07-05", "to_month_day": "07-12", "closed": "yes", "hours_factor": 1}
        return [{**row, **months} for row in rows if row["applies_to"] == "service"]

    found = boardings(make_tiny("2019-07-01", season=closed), "2019-07-01", 18)
    assert found == ["Tue 07-02 04:00", "Tue 07-16 04:00"]


def test_another_frequency_from_a_day_on_is_another_series(make_tiny):
    """A scenario may say so; here two rows of the one service, of which each has its own days."""
    network = make_tiny("2019-07-01")
    (line, other) = network.rows("service")
    weekly = replace(line, valid_to=date(2019, 7, 10))
    often = replace(line, sailings_per_week=14.0, valid_from=date(2019, 7, 11))
    found = boardings(network.with_rows(service=[weekly, often, other]), "2019-07-01", 12)
    assert found == ["Tue 07-02 04:00", "Fri 07-05 16:00", "Tue 07-09 04:00", "Thu 07-11 04:00", "Thu 07-11 16:00",
                     "Fri 07-12 04:00", "Fri 07-12 16:00"]  # fmt: skip


def test_later_calls_follow_at_the_hours_of_the_voyage_of_their_day(make_tiny):
    """Charlie to Delta in 40 h, in winter 50, a stay of 12 h, and back: the ship leaves Delta so much later."""

    def there_and_back(rows):
        return [
            {**row, "circular": 1, "sailings_per_week": 1} if row["service_id"] == "line-cd" else row for row in rows
        ]

    def calls(rows):
        return [*rows, {"service_id": "line-cd", "call_sequence": 3, "node_id": "charlie"}]

    def loaded_there_too(rows):
        ways = (("delta", "origin", "port_out"), ("charlie", "port_in", "destination"))
        return [
            *rows,
            *(
                {"terminal_id": f"{node}-back", "node_id": node, "from_state": here, "to_state": there,
                 "operation_id": "load_road"}
                for node, here, there in ways
            ),
        ]  # fmt: skip

    network = make_tiny("2018-11-26", service=there_and_back, service_call=calls, terminal=loaded_there_too)
    table = Timetable.of(Router(impedance(network, price_year=2019)), {"line-cd": "Fri 16:00"})
    table.profile("delta", "charlie", datetime(2018, 11, 26), 1.0)
    graph = next(iter(table._graphs.values()))
    fleet = {n: chain for n, chain in enumerate(graph.chains) if chain[0] == "board:line-cd:2"}
    found = sorted({hour for n in fleet for hour in graph.timed.spans[n].starts})
    # Friday 30 November is no winter yet: 40 h and 12 h after 15:00 there; Friday 7 December is: 50 h and 12 h
    assert [f"{moment_at(hour, TOKYO):%a %m-%d %H:%M}" for hour in found[:2]] == ["Sun 12-02 19:00", "Mon 12-10 05:00"]


@pytest.mark.whole
@pytest.mark.parametrize(
    ("arc", "wanted"),
    [
        (("haul", "a", "x", "road"), {("link", "a"), ("season", "mode road")}),
        (("crossing", "c", "x", "road"), {("crossing", "c"), ("season", "mode road")}),
        (("terminal", "t", "x", "terminal"), {("terminal", "t"), ("season", "node x")}),
        (("board", "s", "x", "sea"), {("service", "s"), ("season", "service s")}),
        (("sail", "s", "x", "sea"), {("service", "s"), ("season", "service s")}),
        (("charter", "s", "x", "sea"), {("season", "mode sea")}),
    ],
)
def test_a_step_hangs_on_its_own_row_and_on_the_seasons_of_its_mode_node_or_service(arc, wanted):
    kind, asset_id, node, mode = arc
    targets = (("mode", "road"), ("mode", "sea"), ("node", "x"), ("node", "y"), ("service", "s"), ("service", "x"))
    tables = {
        **{table: [Row(**{f"{table}_id": name}) for name in "acst"] for table in
           ("link", "crossing", "terminal", "service")},
        "season": [Row(applies_to=table, target_id=name) for table, name in targets],
    }  # fmt: skip
    one = Row(arc=Row(kind=kind, asset_id=asset_id, from_node=node, mode=mode))
    found = list(_rows(Row(tables=tables, rows=tables.get), one))
    told = {
        (table, f"{row.applies_to} {row.target_id}" if table == "season" else getattr(row, f"{table}_id"))
        for table, row in found
    }
    assert told == wanted
    assert len(found) == len(wanted)
