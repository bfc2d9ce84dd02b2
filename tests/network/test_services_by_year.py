"""Sea services by period: open, not known or closed; and the freight of their lanes by year."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest

import corridor_net as cn
from corridor_net.analysis.loads.counts import against_observed
from corridor_net.analysis.notes import assumptions
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, DataFault
from corridor_net.network import Network
from corridor_net.network.checks import check_network

YEARS = range(2009, 2027)


def running(network, day):
    return {row.service_id: row for row in network.as_of(day).active("service")}


def ports(network, service):
    return {call.node_id for call in network.calls[service.service_id]}


def joined(network, day, here, there):
    """Services for boxes of a day that call at a port of one list and one of the other."""
    return [
        service
        for service in running(network, day).values()
        if service.carries == "container" and ports(network, service) & here and ports(network, service) & there
    ]


@pytest.fixture
def changed(write_yaml):
    """Make a change, written as in a scenario file."""

    def call(network, change):
        return cn.load_scenario(write_yaml("x", f"scenario: x\ntitle: X\nchanges:\n  - {change}\n")).apply(network)

    return call


# periods


def test_every_period_of_a_service_has_a_first_day_and_a_reason_for_its_end(shipped):
    for row in shipped.rows("service"):
        assert row.valid_from is not None, row.line
        assert (row.valid_to is None) != bool(row.end_reason), row.line
        assert row.basis, row.line


def test_an_open_end_is_explained(shipped):
    """Nothing runs on to the last day merely because nobody wrote when it ended."""
    for row in shipped.rows("service"):
        if row.valid_to is None and row.state == "open" and row.grade in ("A", "B"):
            assert "taken as running" in row.basis or "202" in row.basis, row.line


def test_no_day_has_two_states_of_a_service(shipped):
    periods = defaultdict(list)
    for row in shipped.rows("service"):
        periods[row.service_id].append((row.valid_from, row.valid_to or date.max))
    for service_id, spans in periods.items():
        spans.sort()
        assert all(one[1] < other[0] for one, other in itertools.pairwise(spans)), service_id


def test_only_what_is_not_known_has_a_probability_and_it_is_an_estimate(shipped):
    unknown = [row for row in shipped.rows("service") if row.state == "unknown"]
    assert len(unknown) > 20
    for row in shipped.rows("service"):
        assert (row.state == "unknown") is (row.probability_open is not None), row.line
    for row in unknown:
        assert 0 < row.probability_open < 1, row.line
        assert row.grade in ("C", "D"), row.line


@pytest.mark.parametrize(
    ("state", "probability", "sails"),
    [("open", None, True), ("unknown", 0.5, True), ("unknown", 0.49, False), ("closed", None, False)],
)
def test_what_is_not_known_sails_when_it_is_as_likely_as_not(shipped, state, probability, sails):
    row = replace(shipped.rows("service")[0], state=state, probability_open=probability)
    network = shipped.with_rows(service=[row]).as_of(row.valid_from)
    assert bool(network.active("service")) is sails


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"state": "unknown", "probability_open": ""}, "is unknown, and its probability is ''"),
        ({"state": "open", "probability_open": "0.5"}, "is open, and its probability is '0.5'"),
        ({"valid_to": "2030-01-01"}, "holds twice on"),
    ],
)
def test_the_check_refuses_a_state_without_its_probability_and_two_periods_at_once(data, cells, message):
    rows = data.rows("service")
    number = next(
        n for n, row in enumerate(rows) if row["state"] == "open" and row["service_id"] == rows[n + 1]["service_id"]
    )
    data.edit("service", number, **cells)
    with pytest.raises(DataFault) as raised:
        check_network(Network.from_folder(data.folder), "service-states")
    assert message in raised.value.faults[0].message
    assert raised.value.faults[0].place.line in (number + 2, number + 3)


def test_a_probability_outside_nought_and_one_is_no_data(data):
    data.edit("service", 0, state="unknown", probability_open="70")
    with pytest.raises(DataFault, match="1 fault"):
        Network.from_folder(data.folder)


# what is documented


@pytest.mark.parametrize("year", YEARS)
def test_busan_and_primorye_are_joined_every_year(shipped, year):
    """181,144 TEU in 2018 and 227,377 in 2025: the lane never ceased, whatever single lines did."""
    assert joined(shipped, f"{year}-07-01", {"busan"}, {"vladivostok", "vostochny"})


def test_no_line_joins_russia_and_japan_without_korea_since_march_2022(shipped):
    for day in ("2022-07-01", "2024-07-01", "2026-07-01"):
        for service in joined(shipped, day, {"vladivostok", "vostochny", "zarubino"}, set(shipped.nodes)):
            countries = {shipped.nodes[node].country for node in ports(shipped, service)}
            assert "JP" not in countries, (day, service.service_id)
    assert joined(shipped, "2019-07-01", {"vladivostok"}, {"yokohama"})


@pytest.mark.parametrize(
    ("service_id", "first", "last"),
    [
        ("dbs-ferry", "2009-06-29", "2019-11-27"),
        ("sokcho-zarubino-ferry-2013", "2013-03-19", "2014-06-28"),
        ("duwon-ferry", "2020-09-11", "2021-03-01"),
        ("duwon-ferry-donghae", "2021-03-08", "2022-03-31"),
    ],
)
def test_ferries_sail_between_their_first_and_last_day(shipped, service_id, first, last):
    one, day = timedelta(days=1), date.fromisoformat
    for when, there in ((day(first) - one, False), (day(first), True), (day(last), True), (day(last) + one, False)):
        assert (service_id in running(shipped, when)) is there, when


def test_the_ferry_of_donghae_was_in_dock_in_may_2022(shipped):
    assert "duwon-ferry-vladivostok" not in running(shipped, "2022-05-01")
    assert "duwon-ferry-vladivostok" in running(shipped, "2022-07-01")


@pytest.mark.parametrize("year", YEARS)
def test_niigata_has_a_line_that_calls_at_dalian(shipped, year):
    assert joined(shipped, f"{year}-07-01", {"dalian"}, {"niigata"})


def test_every_shipped_service_takes_boxes_so_that_no_row_is_there_for_nobody(shipped):
    assert {row.carries for row in shipped.rows("service")} == {"container"}


def test_no_service_runs_from_the_first_to_the_last_day_merely_because_nothing_is_known_of_it(shipped):
    first = shipped.days[0]
    rows = shipped.rows("service")
    assert not [row.service_id for row in rows if row.state == "open" and row.valid_from <= first and not row.valid_to]
    assert not [row.service_id for row in rows if row.state == "open" and row.source_id == "BK"]


def test_every_rate_has_its_period(shipped):
    assert not [row.tariff_id for row in shipped.rows("tariff") if row.valid_from is None and row.valid_to is None]


@pytest.mark.parametrize("port", ["sokcho", "donghae"])
def test_a_ferry_is_not_unloaded_by_a_crane_that_the_port_lacks(shipped, port):
    compiled = impedance(shipped.as_of("2009-08-01"), "dry_40")
    landings = [
        arc for arc in compiled.arcs if arc.kind == "sail" and arc.to_node == port and arc.key.endswith(":land")
    ]
    assert {compiled.states[arc.head] for arc in landings} == {(port, "ferry_in")}


# what answers say


def test_an_answer_says_of_a_service_that_nobody_knows_whether_it_runs(shipped):
    network = shipped.as_of("2026-07-01")
    service = next(row for row in network.active("service") if row.state == "unknown" and row.carries == "container")
    chance = f"{service.probability_open:.0%}"
    said = assumptions(_Passing(service.service_id), network)
    assert f"{service.name}: not known ({chance}) whether it runs: {service.basis}" in said


class _Passing:
    """A route by one service, as far as notes look at it."""

    legs = ()

    def __init__(self, service_id):
        self.services = (service_id,)


# scenarios


def test_opening_a_service_of_several_periods_gives_one(shipped, changed):
    network = shipped.as_of("2026-07-01")
    made = changed(network, "{open: service, where: {service_id: jtsl-2019}}")
    (row,) = [row for row in made.rows("service") if row.service_id == "jtsl-2019"]
    assert (row.state, row.probability_open, row.valid_from, row.valid_to) == ("open", None, None, None)
    assert "jtsl-2019" in running(made, "2026-07-01")
    check_network(made, "service-states")


def test_a_service_known_to_be_closed_opens_as_it_last_sailed(shipped, changed):
    network = shipped.as_of("2024-07-01")
    before = next(
        r for r in shipped.rows("service") if r.service_id == "sokcho-vladivostok-ferry" and r.state == "open"
    )
    made = changed(network, "{open: service, where: {service_id: sokcho-vladivostok-ferry}}")
    (row,) = [row for row in made.active("service") if row.service_id == "sokcho-vladivostok-ferry"]
    assert row.sailings_per_week == before.sailings_per_week


def test_a_change_of_a_service_is_of_the_period_of_the_day(shipped, changed):
    network = shipped.as_of("2019-07-01")
    change = "{scale: service, where: {service_id: busan-niigata}, field: sailings_per_week, by: 2}"
    made = changed(network, change)
    for row, new in zip(network.rows("service"), made.rows("service"), strict=True):
        on_the_day = row.service_id == "busan-niigata" and row.holds_on(network.day)
        assert new.sailings_per_week == row.sailings_per_week * (2 if on_the_day else 1)


def test_closing_a_service_leaves_it_closed_on_the_day(shipped, changed):
    made = changed(shipped.as_of("2026-07-01"), "{close: service, where: {service_id: busan-niigata}}")
    assert "busan-niigata" not in running(made, "2026-07-01")
    again = changed(made, "{open: service, where: {service_id: busan-niigata}}")
    assert running(again, "2026-07-01")["busan-niigata"].sailings_per_week == 7


# freight


def test_every_sea_freight_is_dated_and_of_its_year(shipped):
    rows = [row for row in shipped.rows("tariff") if row.mode == "sea"]
    spans = defaultdict(list)
    for row in rows:
        assert row.valid_from is not None, row.line
        assert row.valid_to is not None, row.line
        spans[row.tariff_id, row.cargo_unit].append((row.valid_from, row.valid_to))
    for key, found in spans.items():
        found.sort()
        assert found[0][0] == shipped.days[0], key
        assert found[-1][1] == shipped.days[1], key
        for (_, end), (start, _) in itertools.pairwise(found):
            assert start - end == timedelta(days=1), (key, start)


def test_lanes_with_an_index_have_a_rate_of_every_year(shipped):
    for lane in ("sea_kr_ru", "sea_cn_kr", "sea_cn_jp", "sea_kr_jp", "sea_kr_jp_nw"):
        for year in YEARS:
            row = _freight(shipped, lane, f"{year}-07-01")
            assert row.price_year == year == row.valid_from.year, (lane, row.line)


def test_freight_says_what_it_covers_and_counts_no_terminal_twice(shipped):
    for row in shipped.rows("tariff"):
        if row.mode == "sea":
            assert "no terminal handling" in row.covers, row.line
            assert row.surcharge is None or 0 < row.surcharge <= row.fixed, row.line


def test_freight_followed_the_market_of_the_sea(shipped):
    """Korea - Vladivostok rose eightfold and more in 2021 and fell again; China - Korea and - Japan did not."""
    now = {year: _freight(shipped, "sea_kr_ru", f"{year}-11-15").fixed for year in YEARS}
    assert now[2021] > 8 * now[2020] / 1.5
    assert now[2023] < now[2021] / 3
    assert _freight(shipped, "sea_cn_jp", "2021-11-15").fixed < 2 * _freight(shipped, "sea_cn_jp", "2019-11-15").fixed


def test_a_way_back_costs_less_than_the_way_out(shipped):
    for day in (f"{year}-07-01" for year in YEARS):
        for out, back in (("sea_kr_ru", "sea_ru_kr"), ("sea_kr_jp", "sea_jp_kr"), ("sea_cn_jp", "sea_jp_cn")):
            assert _freight(shipped, back, day).fixed < _freight(shipped, out, day).fixed, (day, back)


def test_a_rate_that_is_a_share_of_another_follows_it(shipped):
    """What a basis says of the year's mean of the way out is the mean of its rows by days, and the rate its share."""
    told = re.compile(r"(0\.\d+) x the year's mean (\w+) to (\w+), (\d+)")
    ways = {("Korea", "Russia"): "sea_kr_ru", ("Korea", "Japan"): "sea_kr_jp"}
    held = 0
    for row in shipped.rows("tariff"):
        found = told.search(row.basis)
        if not found or row.cargo_unit != "FEU":
            continue
        year, share, mean = row.valid_from.year, float(found[1]), float(found[4])
        spans = [
            ((min(out.valid_to, date(year, 12, 31)) - max(out.valid_from, date(year, 1, 1))).days + 1, out.fixed)
            for out in shipped.rows("tariff")
            if (out.tariff_id, out.cargo_unit) == (ways[found[2], found[3]], "FEU")
            and out.valid_from <= date(year, 12, 31)
            and out.valid_to >= date(year, 1, 1)
        ]
        days = sum(length for length, _ in spans)
        assert mean == pytest.approx(sum(length * fixed for length, fixed in spans) / days, rel=0.003), row.line
        assert row.fixed == pytest.approx(share * mean, abs=1), row.line
        held += 1
    assert held > 25


def test_a_rate_that_nobody_knows_is_no_published_one(shipped):
    for row in shipped.rows("tariff"):
        if row.mode == "sea" and "no rate" in row.basis.split(";")[0]:
            assert row.grade in ("C", "D"), row.line


def _freight(network, tariff_id, day):
    (row,) = [r for r in network.as_of(day).active("tariff") if (r.tariff_id, r.cargo_unit) == (tariff_id, "FEU")]
    return row


# traffic


def test_counts_of_lanes_and_whole_ports_are_not_held_against_choices(shipped):
    router = Router(impedance(shipped.as_of("2025-07-01")))
    assert any(row.from_day.year == row.to_day.year == 2025 for row in shipped.rows("traffic"))
    with pytest.raises(BadValue, match="no traffic of a corridor was counted in 2025"):
        against_observed(router, (), {}, 2025, trade_teu=1000)


def test_counts_name_what_is_there(shipped):
    known = {
        "node": set(shipped.nodes),
        "port": set(shipped.nodes),
        "service": {row.service_id for row in shipped.rows("service")},
        "corridor": {row.corridor for row in shipped.rows("link")},
    }
    for row in shipped.rows("traffic"):
        assert row.from_day <= row.to_day
        assert row.applies_to == "lane" or row.target_id in known[row.applies_to], row.traffic_id


def test_the_lane_from_korea_to_russia_is_counted_over_the_years(shipped):
    counted = {row.from_day.year: row.teu for row in shipped.rows("traffic") if row.target_id == "korea-russia"}
    assert counted[2025] == 227377
    assert {2013, 2014, 2015, 2016, 2017, 2018, 2019, 2020, 2023, 2024, 2025} <= set(counted)
