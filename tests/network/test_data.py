"""The shipped tables: a valid data package, every row with its source and grade, every end a known node."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from corridor_net.network.checks import CHECKS, check_network
from corridor_net.network.earth import geodesic_km
from corridor_net.network.rows import ROW_TYPES, VOCABULARY

DAYS = ("2009-01-01", "2016-07-01", "2019-07-01", "2026-07-01")
TABLES = [name for name in ROW_TYPES if name not in ("source", "figure_name", *VOCABULARY)]
"""Tables of figures: codes are defined, not measured."""


def test_frictionless_finds_the_package_valid(geodata, monkeypatch):
    import frictionless

    monkeypatch.chdir(geodata)
    report = frictionless.Package("datapackage.json").validate()
    assert report.valid, report.flatten(["type", "rowNumber", "fieldName", "note"])[:10]
    assert len(report.tasks) == len(ROW_TYPES)


def test_every_file_of_the_folder_belongs_to_the_package(geodata, package):
    named = {resource["path"] for resource in package.values()}
    assert named == {path.name for path in geodata.glob("*.csv")}
    assert set(ROW_TYPES) == {name.replace("-", "_") for name in package}


def test_the_package_describes_every_field(package):
    for resource in package.values():
        for field in resource["schema"]["fields"]:
            assert field["description"], (resource["name"], field["name"])


@pytest.mark.parametrize("table", TABLES)
def test_every_row_has_a_known_source_and_a_grade(shipped, table):
    rows = shipped.rows(table)
    assert rows
    for row in rows:
        assert row.source_id in shipped.sources, (table, row.line, row.source_id)
        assert row.grade in ("A", "B", "C", "D"), (table, row.line)


def test_what_rests_on_no_document_says_how_it_came_about(shipped):
    for table in ("link", "crossing", "terminal", "operation", "speed", "tariff", "market", "cargo", "exchange_rate"):
        for row in shipped.rows(table):
            if row.grade in ("C", "D"):
                assert row.basis.strip(), (table, row.line)


def test_background_knowledge_is_never_called_a_measurement(shipped):
    for table in TABLES:
        for row in shipped.rows(table):
            if row.source_id == "BK":
                assert row.grade in ("C", "D"), (table, row.line)


def test_money_has_a_currency_and_a_price_year(shipped):
    rates = {(row.currency, row.year) for row in shipped.rows("exchange_rate")}
    shares = shipped.vocabulary.components_where("per", "value")
    costs = [row for row in shipped.rows("operation") if row.quantity == "cost" and row.component not in shares]
    assert costs
    for row in (*costs, *shipped.rows("tariff")):
        assert row.currency, row.line
        assert row.price_year, row.line
        assert (row.currency, row.price_year) in rates
    for row in shipped.rows("cargo"):
        assert row.price_year
    for row in shipped.rows("market"):
        if row.trade_musd is not None or row.gdp is not None:
            assert row.price_year, row.line


def test_hours_have_no_currency(shipped):
    for row in shipped.rows("operation"):
        if row.quantity == "hours":
            assert not row.currency, row.line
            assert row.price_year is None, row.line


def test_every_end_is_a_known_node(shipped):
    nodes = set(shipped.nodes)
    for table, columns in (
        ("link", ("from_node_id", "to_node_id")),
        ("crossing", ("from_node_id", "to_node_id")),
        ("sea_lane", ("from_node_id", "to_node_id")),
        ("terminal", ("node_id",)),
        ("service_call", ("node_id",)),
        ("market", ("node_id",)),
        ("node_name", ("node_id",)),
        ("published", ("origin", "destination")),
    ):
        for row in shipped.rows(table):
            for column in columns:
                assert getattr(row, column) in nodes, (table, row.line, column)
    for row in shipped.rows("published"):
        for name in filter(None, (*row.via.split(";"), *row.versus_via.split(";"))):
            assert name in nodes, row.line


def test_named_rows_of_other_tables_exist(shipped):
    def ids(table, column):
        return {getattr(row, column) for row in shipped.rows(table)}

    for table, column, other in (
        ("link", "speed_id", "speed"),
        ("link", "tariff_id", "tariff"),
        ("link", "emission_factor_id", "emission_factor"),
        ("link", "geometry_id", "geometry"),
        ("crossing", "link_id", "link"),
        ("crossing", "operation_id", "operation"),
        ("terminal", "operation_id", "operation"),
        ("service", "speed_id", "speed"),
        ("service", "tariff_id", "tariff"),
        ("service_call", "service_id", "service"),
    ):
        assert ids(table, column) <= ids(other, column), (table, column)
    targets = set(shipped.nodes) | ids("service", "service_id") | {"rail", "road", "waterway", "sea"}
    assert {row.target_id for row in shipped.rows("season")} <= targets


def test_a_crossing_lies_on_its_link(shipped):
    links = {row.link_id: row for row in shipped.rows("link")}
    for row in shipped.rows("crossing"):
        link = links[row.link_id]
        assert {row.from_node_id, row.to_node_id} == {link.from_node_id, link.to_node_id}, row.crossing_id
        assert row.mode == link.mode
        countries = {shipped.nodes[row.from_node_id].country, shipped.nodes[row.to_node_id].country}
        assert len(countries) == 2, row.crossing_id


def test_a_crossing_stands_for_each_direction(shipped):
    pairs = Counter((row.link_id, row.direction) for row in shipped.rows("crossing"))
    for (link, _), count in pairs.items():
        assert {direction for other, direction in pairs if other == link} == {"out", "in"}, link
        assert count >= 1


def test_calls_are_numbered_from_one_without_gaps(shipped):
    for service, calls in shipped.calls.items():
        assert [call.call_sequence for call in calls] == list(range(1, len(calls) + 1)), service
        assert len(calls) >= 2, service
    assert set(shipped.calls) == {row.service_id for row in shipped.rows("service")}


def test_circular_services_end_where_they_start(shipped):
    for service in shipped.rows("service"):
        calls = shipped.calls[service.service_id]
        if service.circular:
            assert calls[0].node_id == calls[-1].node_id, service.service_id


def test_services_call_at_seaports(shipped):
    for calls in shipped.calls.values():
        for call in calls:
            assert shipped.nodes[call.node_id].node_type == "seaport", call


def test_what_ended_says_why(shipped):
    for table in ("link", "crossing", "service"):
        for row in shipped.rows(table):
            if row.valid_to is not None:
                assert row.end_reason.strip(), (table, row.line)


def test_dates_run_forward(shipped):
    for table in TABLES:
        for row in shipped.rows(table):
            if getattr(row, "valid_from", None) and row.valid_to:
                assert row.valid_from <= row.valid_to, (table, row.line)


@pytest.mark.parametrize("table", ["speed", "tariff", "operation"])
def test_figures_of_one_name_do_not_overlap(shipped, table):
    """Two rows of a figure that hold on one day would leave it to the order of the file which of them counts."""
    keys = {
        "speed": ("speed_id",),
        "tariff": ("tariff_id", "cargo_unit"),
        "operation": ("operation_id", "component", "quantity", "cargo_unit"),
    }[table]
    for day in DAYS:
        active = Counter(tuple(getattr(row, key) for key in keys) for row in shipped.as_of(day).active(table))
        assert not {key for key, count in active.items() if count > 1}, day


def test_ranges_hold_their_values(shipped):
    for row in shipped.rows("service"):
        assert row.sailings_low is None or row.sailings_low <= row.sailings_per_week, row.service_id
        assert row.sailings_high is None or row.sailings_high >= row.sailings_per_week, row.service_id
    for row in shipped.rows("tariff"):
        assert row.range_low is None or row.range_low <= 1, row.line
        assert row.range_high is None or row.range_high >= 1, row.line
    for row in shipped.rows("published"):
        assert row.value_high is None or row.value_high >= row.value, row.claim_id


def test_a_timetable_is_never_slower_than_what_is_realised(shipped):
    for row in shipped.rows("speed"):
        assert row.schedule_kmh is None or row.schedule_kmh >= row.speed_kmh, row.line


def test_land_links_have_a_length_of_their_own(shipped):
    """Lengths are sourced, never measured from the drawing: no link is as long as its drawing to a kilometre."""
    drawn = {row.geometry_id: row for row in shipped.rows("geometry")}
    from corridor_net.network.wkt import wkt_line

    for link in shipped.rows("link"):
        line = wkt_line(drawn[link.geometry_id].geometry)
        ends = [(shipped.nodes[n].x_coord, shipped.nodes[n].y_coord) for n in (link.from_node_id, link.to_node_id)]
        assert line[0] == pytest.approx(ends[0], abs=1e-4), link.link_id
        assert line[-1] == pytest.approx(ends[1], abs=1e-4), link.link_id
        straight = geodesic_km(*ends[0], *ends[1])
        assert link.length_km >= straight * 0.995, link.link_id


def test_the_issue_s_places_are_all_there(shipped):
    wanted = [
        "harbin",
        "dalian",
        "yingkou",
        "mudanjiang",
        "suifenhe",
        "grodekovo",
        "ussuriysk",
        "vladivostok",
        "vostochny",
        "nakhodka",
        "changchun",
        "tumen",
        "hunchun",
        "makhalino",
        "kraskino",
        "zarubino",
        "posyet",
        "slavyanka",
        "rajin",
        "khasan",
        "heihe",
        "blagoveshchensk",
        "tongjiang",
        "nizhneleninskoye",
        "khabarovsk",
        "vanino",
        "sovgavan",
        "manzhouli",
        "zabaikalsk",
        "chita",
        "busan",
        "donghae",
        "sokcho",
        "pohang",
        "niigata",
        "toyama",
        "akita",
        "sakata",
        "naoetsu",
        "kanazawa",
        "tsuruga",
        "maizuru",
        "sakaiminato",
        "hamada",
        "hakata",
        "tokyo",
        "yokohama",
        "nagoya",
        "osaka",
        "kobe",
        "tomakomai",
        "otaru",
    ]
    missing = [name for name in wanted if name not in shipped.nodes]
    assert not missing
    assert 90 <= len(shipped.nodes) <= 150


def test_names_in_four_languages_lead_to_the_node(shipped):
    for name in ("Harbin", "哈尔滨", "Харбин", "ハルビン", "CNHRN", "harbin", " HARBIN "):
        assert shipped.node(name).node_id == "harbin"
    for name in ("Niigata", "新潟", "Ниигата", "JPKIJ"):
        assert shipped.node(name).node_id == "niigata"


def test_a_name_means_one_place(shipped):
    owners: dict[str, set[str]] = {}
    for row in shipped.rows("node_name"):
        owners.setdefault(row.name.casefold(), set()).add(row.node_id)
    for node in shipped.nodes.values():
        for name in (node.name, node.unlocode):
            if name:
                owners.setdefault(name.casefold(), set()).add(node.node_id)
    # a market city and its port may share a name; any other two places may not
    shared = {
        name: nodes
        for name, nodes in owners.items()
        if len(nodes) > 1 and not any(node.startswith("mk_") for node in nodes)
    }
    assert not shared


@pytest.mark.parametrize("day", DAYS)
def test_no_check_finds_a_fault(shipped, day):
    counts = check_network(shipped.as_of(day))
    assert set(counts) == set(CHECKS)
    assert all(count > 0 for count in counts.values()), counts


@pytest.mark.parametrize("day", DAYS)
def test_every_market_has_a_route_from_every_origin(shipped, day):
    from corridor_net.analysis.router import Router
    from corridor_net.costing import impedance

    net = shipped.as_of(day)
    router = Router(impedance(net))
    for origin in net.markets("origin"):
        for market in net.markets("market"):
            assert router.route(origin.node_id, market.node_id).hours > 0


def test_files_are_plain_utf8_with_unix_lines(geodata):
    for path in sorted(Path(geodata).glob("*.csv")):
        raw = path.read_bytes()
        raw.decode("utf-8")
        assert b"\r" not in raw, path.name
        assert raw.endswith(b"\n"), path.name
        assert not raw.startswith(b"\xef\xbb\xbf"), path.name
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
        assert len({len(row) for row in rows}) == 1, path.name
        assert not [cell for row in rows for cell in row if cell != cell.strip()], path.name
