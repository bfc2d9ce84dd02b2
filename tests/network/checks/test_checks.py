"""The named checks on any network: modes, rates, lengths, borders, cells, and lists of faults that end."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from corridor_net.errors import DataFault
from corridor_net.network import Network
from corridor_net.network.checks import CHECKS, check_network, faults_of
from corridor_net.network.files.faults import SHOWN
from network.helpers import describe, described, where
from network.helpers import faults_of as reading_faults


def changed(net, table, number, **cells):
    """Return a network with cells of one row changed, as a scenario would: the row stands in no file."""
    rows = list(net.rows(table))
    rows[number] = replace(rows[number], line=0, **cells)
    return net.with_rows(**{table: rows})


def added(net, table, number, **cells):
    rows = net.rows(table)
    return net.with_rows(**{table: [*rows, replace(rows[number], line=0, **cells)]})


WRONG = {
    "a railway without a gauge": ("link", 2, {"gauge_mm": ""}, "gauge_mm", "is a railway without a gauge"),
    "a road with a gauge": ("link", 0, {"gauge_mm": "1435"}, "gauge_mm", "has a gauge and is no railway"),
    "a road with the tariff of a ship": ("link", 0, {"tariff_id": "sea"}, "tariff_id", "its tariff 'sea' of sea"),
    "a railway with the speed of a road": ("link", 2, {"speed_id": "road"}, "speed_id", "its speed 'road' of road"),
    "a ship with the tariff of a road": ("service", 0, {"tariff_id": "road_ru"}, "tariff_id", "of mode sea, its"),
    "a call with the tariff of a road": ("service_call", 0, {"tariff_id": "road_ru"}, "tariff_id", "of mode sea, its"),
    "a crossing of another mode": ("crossing", 0, {"mode": "rail"}, "mode", "its link of road: nothing uses it"),
    "a crossing off its link": ("crossing", 0, {"to_node_id": "delta"}, "from_node_id", "does not lie on its link"),
    "a speed above the largest": ("speed", 0, {"speed_kmh": 4000.0}, "speed_kmh", "must be 1200 or less"),
    "more sailings than the most": ("service", 0, {"sailings_per_week": 2000.0}, "sailings_per_week", "100 or less"),
    "a length that is no number": ("link", 0, {"length_km": float("nan")}, "length_km", "finite number"),
    "a link that is too short": ("link", 0, {"length_km": 4.8}, "length_km", "the straight line 236.5 km"),
    "a link that is far too long": ("link", 1, {"length_km": 300.0}, "length_km", "longer than three times"),
    "a ship that arrives before it leaves": (
        "service_call", 1, {"arrival_hours": 16.0}, "arrival_hours", "at hour 16 after hour 240"),
    "a ship that leaves before it arrives": (
        "service_call", 1, {"arrival_hours": 300.0, "departure_hours": 20.0}, "departure_hours",
        "at hour 20 after hour 300"),
    "a round trip that does not close": ("service", 0, {"circular": 1}, "circular", "does not end where it begins"),
    "a call without a lane": ("service_call", 1, {"node_id": "alfa"}, "node_id", "cannot sail from call 1"),
    "a speed that is not there": ("link", 0, {"speed_id": "raod"}, "speed_id", "has no figure on 2019-07-01"),
    "a tariff that a call names and is not there": (
        "service_call", 0, {"tariff_id": "see"}, "tariff_id", "has no figure on 2019-07-01"),
    "a value out of its range": ("speed", 0, {"speed_kmh": 90.0}, "speed_kmh", "outside its range 50.0 to 75.0"),
    "money without a currency": ("operation", 0, {"currency": ""}, "currency", "money without a currency"),
    "money without a year": ("operation", 0, {"price_year": None}, "price_year", "money without a price year"),
    "hours with a currency": ("operation", 1, {"currency": "USD"}, "currency", "hours of 'load_road' have a currency"),
    "a currency without a rate": ("tariff", 0, {"currency": "CNX"}, "currency", "no exchange rate or index"),
    "a year without a rate": ("tariff", 0, {"price_year": 2031}, "currency", "no exchange rate or index"),
    "a country without a crossing": ("node", 1, {"country": "RU"}, "link_id", "without a crossing from 'alfa'"),
    "a node that is not there": ("crossing", 0, {"to_node_id": "nowhere"}, "to_node_id", "is not in table node"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_row_that_cannot_be_is_found_in_a_network_that_was_changed(tiny, name):
    table, number, cells, column, message = WRONG[name]
    if name == "a ship that arrives before it leaves":
        tiny = changed(tiny, "service_call", 0, departure_hours=240.0)
    net = changed(tiny, table, number, **cells)
    known = tiny.rows(table)[number]
    found = faults_of(net)
    assert any(message in fault.message and fault.column == column for fault in found), [str(f) for f in found]
    assert all(fault.place is None or fault.table != table for fault in found if fault.row_id == _id(table, known))
    mine = faults_of(net, {(table, _id(table, known))})
    if table != "node":
        about = [fault for fault in found if (table, _id(table, known)) in fault.touches]
        assert [fault.message for fault in mine] == [fault.message for fault in about]
        assert mine


SPOILT = {
    "link": ("length_km", "geometry_id", "to_node_id"),
    "geometry": ("geometry",),
    "sea_lane": ("geometry", "to_node_id"),
    "node": ("x_coord",),
    "operation": ("value", "currency", "price_year", "valid_from"),
    "speed": ("speed_kmh", "schedule_kmh"),
    "tariff": ("range_low", "price_year", "valid_to"),
    "service": ("sailings_per_week", "speed_id"),
    "terminal": ("from_state", "to_state"),
    "market": ("price_year",),
}


def test_looking_at_some_rows_finds_what_is_found_about_them_among_all(shipped):
    rng, told = random.Random(6), {}  # noqa: S311 - changes to try
    for _ in range(14):
        net, touched = shipped, set()
        for table in rng.choices(list(SPOILT), k=6):
            rows, column = net.rows(table), rng.choice(SPOILT[table])
            number = rng.randrange(len(rows))
            value, other = getattr(rows[number], column), getattr(rng.choice(rows), column)
            odd = rng.choice([value * 100, value / 7]) if type(value) is float and table != "node" else other
            net = changed(net, table, number, **{column: odd})
            if rng.random() < 0.7:
                touched.add((table, _id(table, rows[number])))
        wanted = frozenset(touched)
        for name, check in CHECKS.items():
            if check.by_row and check.tables & {table for table, _ in wanted}:
                every = [f for f in check.run(net) if f and f.touches(wanted)]
                some = [f for f in check.run(net, wanted) if f and f.touches(wanted)]
                assert [_told(f) for f in some] == [_told(f) for f in every], name
                told[name] = told.get(name, 0) + len(every)
    assert all(told[name] for name, check in CHECKS.items() if check.by_row), told


def test_what_all_links_have_in_common_is_said_of_some_of_them(shipped):
    """Lengths in metres: what is wrong with one link is guessed from all, also where one alone is looked at."""
    check, links = CHECKS["link-lengths"].run, shipped.rows("link")
    net = shipped.with_rows(link=[replace(link, length_km=1000 * link.length_km) for link in links])
    wanted = frozenset({("link", links[7].link_id)})
    (mine,) = (f for f in check(net, wanted) if f and f.touches(wanted))
    assert "metres" in mine.error.hint
    assert _told(mine) in [_told(f) for f in check(net) if f]


def _told(finding):
    return finding.table, _id(finding.table, finding.row), finding.column, finding.error.message, finding.error.hint


def _id(table, row):
    from corridor_net.network.rows import row_id

    return row_id(table, row)


def test_the_tiny_network_has_no_fault(tiny):
    assert faults_of(tiny) == []
    assert set(check_network(tiny)) == set(CHECKS)


def test_a_link_added_over_a_border_is_not_free_to_pass(tiny):
    net = added(tiny, "link", 0, link_id="new", to_node_id="delta", length_km=2000.0)
    found = faults_of(net, {("link", "new")})
    assert len(found) == 2
    assert {fault.row_id for fault in found} == {"new"}
    assert all("without a crossing" in fault.message and fault.place is None for fault in found)


def test_a_tariff_for_every_unit_that_is_shipped(tiny):
    cargo = [*tiny.rows("cargo"), replace(tiny.rows("cargo")[0], cargo_id="dry_20", cargo_unit="TEU")]
    found = faults_of(tiny.with_rows(cargo=cargo))
    assert any("tariff_id 'sea' has no figure for TEU on 2019-07-01" in fault.message for fault in found)


@pytest.mark.parametrize("areas", [{"union": ["CN", "RU"]}, {"a": ["DE"], "b": ["RU", "CN", "MN"]}])
def test_inside_a_customs_area_a_border_is_open(small, areas):
    small.path("crossing").write_text(small.lines("crossing")[0] + "\n", encoding="utf-8")
    assert len(faults_of(Network.from_folder(small.folder).as_of("2019-07-01"))) == 2
    package = described(small)
    package["customsAreas"] = areas
    describe(small, package)
    assert faults_of(Network.from_folder(small.folder).as_of("2019-07-01")) == []


# exchange rates


def rates(net, currency, **by_year):
    rows = [row for row in net.rows("exchange_rate") if row.currency != currency]
    made = [
        replace(net.rows("exchange_rate")[0], currency=currency, year=int(year[1:]), units_per_usd=rate, line=0)
        for year, rate in by_year.items()
    ]
    return check(net.with_rows(exchange_rate=[*rows, *made]))


def check(net):
    return [(fault.row_id, fault.column, fault.message) for fault in faults_of(net) if fault.table in SERIES]


SERIES = ("exchange_rate", "deflator")


def test_a_rate_turned_round_is_found(shipped):
    rows = [
        replace(row, units_per_usd=1 / row.units_per_usd) if (row.currency, row.year) == ("JPY", 2016) else row
        for row in shipped.rows("exchange_rate")
    ]
    (fault,) = faults_of(shipped.with_rows(exchange_rate=rows))
    (yen,) = (r.units_per_usd for r in shipped.rows("exchange_rate") if (r.currency, r.year) == ("JPY", 2016))
    assert f"{1 / yen:.6g} JPY a dollar in 2016 looks turned round: {yen:.4g} would agree" in fault.message
    assert where(fault)[0] == "exchange_rate.csv"


def test_a_whole_series_turned_round_is_found_by_the_shipped_one(shipped):
    rows = [
        replace(row, units_per_usd=1 / row.units_per_usd) if row.currency == "KRW" else row
        for row in shipped.rows("exchange_rate")
    ]
    found = faults_of(shipped.with_rows(exchange_rate=rows))
    assert {fault.row_id.split(":")[0] for fault in found} == {"KRW"}
    assert all("looks turned round" in fault.message or "more like this" in fault.message for fault in found)


def test_a_currency_of_its_own_is_held_against_its_other_years(tiny):
    assert rates(tiny, "KZT", y2015=222, y2016=342, y2017=326, y2018=345) == []
    (fault,) = rates(tiny, "KZT", y2015=222, y2016=342, y2017=1 / 326, y2018=345)
    assert fault[:2] == ("KZT:2017", "units_per_usd")
    (fault,) = rates(tiny, "KZT", y2015=222, y2016=342, y2017=3260, y2018=3450)
    assert fault[0] == "KZT:2017"
    assert "changes 9.53-fold from 2016 to 2017" in fault[2]
    assert rates(tiny, "EUR", y2018=0.85, y2019=0.89, y2020=1.13) == []


def test_a_series_that_is_that_of_another_currency_is_found(shipped):
    won = {row.year: row.units_per_usd for row in shipped.rows("exchange_rate") if row.currency == "KRW"}
    rows = [
        replace(row, units_per_usd=won[row.year]) if row.currency == "JPY" else row
        for row in shipped.rows("exchange_rate")
    ]
    found = faults_of(shipped.with_rows(exchange_rate=rows))
    yen = {row.year: row.units_per_usd for row in shipped.rows("exchange_rate") if row.currency == "JPY"}
    assert found[0].message == f"{won[2005]:.6g} JPY a dollar in 2005 is far from {yen[2005]:.6g}, the shipped rate"
    assert found[-1].message.endswith("and 1 more like this")


def test_missing_years_inside_a_series_and_dollars_that_are_none(tiny):
    (fault,) = rates(tiny, "KZT", y2015=222, y2018=345)
    assert fault[1:] == ("year", "the rate of KZT has no 2016 to 2017")
    (fault,) = rates(tiny, "USD", y2018=1, y2019=2)
    assert "a US dollar is 1 US dollar, not 2" in fault[2]


def test_the_price_index_is_held_to_the_same(tiny):
    first = tiny.rows("deflator")[0]
    rows = [*tiny.rows("deflator"), replace(first, year=2022, usd_index=120), replace(first, year=2023, usd_index=1.2)]
    found = check(tiny.with_rows(deflator=rows))
    assert [fault[1] for fault in found] == ["year", "usd_index"]


def test_a_doubled_year_is_a_fault_of_reading(small):
    small.append("exchange_rate", "CNY,2019,0.14,S,B,")
    (fault,) = reading_faults(small.folder)
    assert fault.message.startswith("currency and year CNY/2019 stands already on line")


# lists that end


def grid(tiny, n, factor):
    """Return a network of `n` roads of 300 km, each length times a factor."""
    link = tiny.rows("link")[0]
    return tiny.with_rows(link=[replace(link, link_id=f"l{k}", length_km=240 * factor) for k in range(n)])


@pytest.mark.parametrize(("factor", "guess"), [
    (1 / 1.609, "miles"), (1000, "metres"), (0.001, "thousands of km"), (0.2, "correct the length"),
])  # fmt: skip
def test_a_list_of_faults_ends_with_a_count_and_a_guess(tiny, factor, guess):
    with pytest.raises(DataFault) as caught:
        check_network(grid(tiny, 5000, factor), "link-lengths")
    faults = caught.value.faults
    assert caught.value.message == "5000 fault(s) in the network"
    assert len(faults) == SHOWN + 1
    assert faults[-1].message.endswith(f"; and {5000 - SHOWN - 1:,} more like this")
    assert all(guess in fault.hint for fault in faults)
    assert len(str(caught.value)) < 20_000


def test_faults_of_reading_end_too_and_kinds_are_counted_apart(small):
    rows = small.lines("node")
    many = [f"n{k},N{k},city,CN,,,east,95,,,,,,,,S,B,," for k in range(300)]
    small.path("node").write_text("\n".join([*rows, *many]) + "\n", encoding="utf-8")
    with pytest.raises(DataFault) as caught:
        Network.from_folder(small.folder)
    assert caught.value.message.startswith("600 fault(s)")
    assert len(caught.value.faults) == 2 * (SHOWN + 1)
    assert sum("and 279 more like this" in fault.message for fault in caught.value.faults) == 2


def test_lengths_beyond_the_largest_are_guessed_at(small):
    small.edit("link", 0, length_km="300000")
    (fault,) = reading_faults(small.folder)
    assert fault.hint == "these may be metres: divide by 1,000"


@pytest.mark.parametrize(("y", "hint"), [("126.5", "longitude and latitude seem to be exchanged"), ("4312345", None)])
def test_a_latitude_that_may_be_a_longitude_is_guessed_at(small, y, hint):
    small.edit("node", 0, y_coord=y)
    (fault,) = reading_faults(small.folder)
    assert (fault.message, fault.hint) == (f"y_coord = '{y}': must be 90 or less", hint)


@pytest.mark.parametrize("day", ["2016-07-01", "2019-07-01", "2026-07-01"])
def test_no_shipped_scenario_makes_a_fault(shipped, day):
    import corridor_net as cn
    from corridor_net.scenario.load import is_study, scenario_path, shipped_scenarios

    applied = 0
    for path in map(scenario_path, shipped_scenarios()):
        if is_study(path):
            continue
        try:
            net = cn.load_scenario(path).apply(shipped.as_of(day))
        except cn.CorridorError:
            continue
        tables = {name for name in shipped.tables if net.rows(name) is not shipped.rows(name)}
        touched = {(name, _id(name, row)) for name in tables for row in net.rows(name)}
        assert faults_of(net, touched) == [], path.name
        applied += 1
    assert applied > 5
