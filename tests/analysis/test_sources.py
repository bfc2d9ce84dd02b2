"""What answers rest on: shares by hand, as elasticities, by grade, and the strict check of the sources."""

import dataclasses
import json

import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.sources import _Told, weights
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, DataFault
from corridor_net.network.checks import check_network, faults_of
from corridor_net.questions.evidence import sources


@pytest.fixture(scope="module")
def found(tiny_folder):
    return cn.load(geodata=tiny_folder, as_of="2019-07-01").sources("alfa", "delta")


def by_key(found):
    return {one.key: one for one in found.figures}


def test_the_example_of_the_page(found):
    shares = by_key(found)
    assert found.weights.cost_usd == pytest.approx(846)
    assert shares["tariff:sea"].cost_share == pytest.approx(300 / 846)
    assert shares["exchange_rate:CNY:2018"].cost_share == pytest.approx(66 / 846)
    assert shares["deflator:2018"].cost_share == shares["deflator:2019"].cost_share == pytest.approx(66 / 846)
    assert shares["tariff:road_cn"].cost_share == pytest.approx(44 / 846)
    assert shares["service:line-cd:sailings_per_week"].hours_share == pytest.approx(42 / (156.5 + 196 / 48))
    assert shares["speed:ship"].hours_share == pytest.approx(40 / (156.5 + 196 / 48))


def test_figures_come_with_their_values_ranges_and_sources(found):
    sea, road = by_key(found)["tariff:sea"], by_key(found)["speed:road"]
    assert (str(sea.told), sea.title, sea.grade) == ("200 + 0.1 a km, USD of 2019", "made for the tests", "B")
    assert (road.value, road.low, road.high, road.unit) == (60, 50, 75, "km/h")
    assert by_key(found)["operation:border:queue:hours"].label == "queue hours, border"
    weights_in_order = [one.weight for one in found.figures]
    assert weights_in_order == sorted(weights_in_order, reverse=True)


def test_what_each_kind_of_figure_says_with_its_unit_and_range(make_tiny):
    def ranged(key, name, **cells):
        return lambda rows: next(row for row in rows if row[key] == name).update(cells)

    def rates(rows):
        sea, rail = (next(row for row in rows if row["tariff_id"] == name) for name in ("sea", "rail_cn"))
        sea.update(range_low=0.8, range_high=1.5)
        rail.update(per_km=0, range_low=0.5, range_high=2)
        next(row for row in rows if row["tariff_id"] == "road_ru").update(range_low=0.9, range_high=1.25)

    compiled = impedance(
        make_tiny(
            day="2019-01-10",
            tariff=rates,
            operation=ranged("component", "border_fee", value_low=90, value_high=200.25),
            service=ranged("service_id", "line-cd", sailings_low=1, sailings_high=3),
            season=lambda rows: rows.append({**rows[1], "season_id": "snow", "applies_to": "mode", "target_id": "road",
                                             "hours_factor": 1.125}),
        )
    )  # fmt: skip
    listed = by_key(weights(compiled, dict.fromkeys(range(len(compiled.arcs)), 1.0)))
    told = {key: (str(one.told), one.unit, one.value, one.span and str(one.span), one.low, one.high)
            for key, one in listed.items()}  # fmt: skip
    assert {key: told[key] for key in WHAT_THEY_SAY} == WHAT_THEY_SAY
    assert {listed[key].source_id for key in WHAT_THEY_SAY} == {"S"}
    # of the seasons that hold, each is of the hours of its own: of hauls by road, of a quay, of a line at sea
    hauls = [arc for arc in compiled.arcs if arc.kind == "haul" and arc.mode == "road"]
    assert listed["season:snow"].hours == pytest.approx(sum(arc.hours for arc in hauls))
    assert listed["season:charlie-ice"].hours == pytest.approx(27 * 1.5)
    assert listed["season:line-winter"].hours == pytest.approx(40 * 1.25)
    assert {one.cost_usd for key, one in listed.items() if key.startswith("season:")} == {0.0}


WHAT_THEY_SAY = {
    "tariff:sea": ("200 + 0.1 a km, USD of 2019", "x present", 1.0, "160-300 + 0.08-0.15", 0.8, 1.5),
    "tariff:rail_cn": ("600 CNY of 2018", "CNY of 2018", 600, "300-1,200", 300, 1200),
    "tariff:road_ru": ("1 a km, USD of 2019", "USD a km of 2019", 1, "0.9-1.25", 0.9, 1.25),
    "tariff:road_cn": ("60 + 0.6 a km, CNY of 2018", "x present", 1.0, None, None, None),
    "operation:border:border_fee:cost": ("120 CNY of 2018", "CNY of 2018", 120, "90-200", 90, 200.25),
    "operation:border:queue:hours": ("6 h", "h", 6, None, None, None),
    "speed:road": ("60 km/h", "km/h", 60, "50-75", 50, 75),
    "service:line-cd:sailings_per_week": ("2 a week", "a week", 2, "1-3", 1, 3),
    "link:road-ab:length_km": ("300 km", "km", 300, None, None, None),
    "crossing:bc-out:opening_hours": ("by its timetable", "h", 0, None, None, None),
    "exchange_rate:CNY:2018": ("6 CNY a USD", "CNY a USD", 6, None, None, None),
    "deflator:2018": ("100", "index", 100, None, None, None),
    "deflator:2019": ("110", "index", 110, None, None, None),
    "season:snow": ("1.125 x hours", "x hours", 1.125, None, None, None),
}


def test_the_range_of_a_tariff_is_money():
    model = cn.load(as_of="2026-07-01")
    unit = model.network.cargo(model.network.default_cargo).cargo_unit
    rows = {row.tariff_id: row for row in model.network.active("tariff") if row.cargo_unit == unit}
    shown = by_key(model.sources("harbin", "niigata")) | by_key(model.sources("harbin", "niigata", by="co2"))
    lorry, rail = shown["tariff:road_cn"], shown["tariff:rail_cn"]
    row = rows["road_cn"]
    assert [lorry.low, lorry.high] == pytest.approx([row.range_low, row.range_high])
    fixed, per_km = ([part * end for end in (rail.low, rail.high)] for part in (532, 4.717))
    assert str(rail.span) == "{:.3g}-{:.3g} + {:.3g}-{:.3g}".format(*fixed, *per_km)


def test_a_per_cent_on_a_figure_moves_the_answer_by_its_share(net2019):
    """Every tariff, operation, exchange rate and index of Harbin - Niigata, set 1 % higher in the tables."""
    router = Router(impedance(net2019))
    route = router.route("harbin", "niigata")
    listed = weights(router.impedance, dict.fromkeys(route.arcs, 1.0)).figures
    tried = 0
    for one in listed:
        table, name, *rest = one.key.split(":")
        rows, columns = list(net2019.rows(table)), {}
        for number, row in enumerate(rows):
            if table == "tariff" and row.tariff_id == name:
                columns = {"fixed": row.fixed * 1.01, "per_km": row.per_km * 1.01}
            elif table == "operation" and [row.operation_id, row.component, row.quantity] == [name, *rest]:
                columns = {"value": row.value * 1.01}
            elif table == "exchange_rate" and (row.currency, str(row.year)) == (name, rest[0]):
                columns = {"units_per_usd": row.units_per_usd / 1.01}
            elif table == "link" and row.link_id == name:
                columns = {"length_km": row.length_km * 1.01}
            else:
                continue
            rows[number] = dataclasses.replace(row, **columns)
        if not columns:
            continue
        tried += 1
        changed = Router(impedance(net2019.with_rows(**{table: rows}))).describe("harbin", "niigata", route.arcs)
        assert changed.cost_usd / route.cost_usd - 1 == pytest.approx(0.01 * one.cost_share, abs=1e-9), one.key
        assert changed.hours / route.hours - 1 == pytest.approx(0.01 * one.hours_share, abs=1e-9), one.key
    assert tried >= 15


def test_a_season_is_among_the_figures(tiny_folder):
    """Ice at Charlie: 27 h of handling and dwell in port become 40.5; in winter the line takes a quarter longer."""
    winter = by_key(cn.load(geodata=tiny_folder, as_of="2019-01-10").sources("alfa", "delta"))
    assert winter["season:charlie-ice"].hours == pytest.approx(27 * 1.5)
    assert winter["season:line-winter"].hours == pytest.approx(40 * 1.25)


def test_shares_by_grade_are_those_of_the_route_and_add_up(imp2019):
    router = Router(imp2019)
    route = router.route("jixi", "tokyo")
    found, shares = weights(imp2019, dict.fromkeys(route.arcs, 1.0)), route.grade_shares()
    for mine, theirs in ((found.cost_by_grade, shares["cost_usd"]), (found.hours_by_grade, shares["hours"])):
        assert sum(mine.values()) == pytest.approx(1)
        assert {grade: share for grade, share in mine.items() if share} == pytest.approx(theirs)


def test_where_nothing_is_paid_or_no_time_is_taken_a_figure_has_no_share_of_it(imp2019):
    key, told = next(iter(imp2019.parameters)), _Told(imp2019)
    free = told.figure(key, {"cost": 0.0, "hours": 1.0}, {"cost": 0.0, "hours": 4.0})
    assert (free.cost_share, free.hours_share) == (0.0, 0.25)
    at_once = told.figure(key, {"cost": 1.0, "hours": 0.0}, {"cost": 2.0, "hours": 0.0})
    assert (at_once.cost_share, at_once.hours_share) == (0.5, 0.0)


def test_every_figure_of_every_pair_has_a_source(imp2019, net2019):
    router = Router(imp2019)
    everywhere = weights(imp2019, dict.fromkeys(range(len(imp2019.arcs)), 1.0))
    assert len(everywhere.figures) > 300
    for one in everywhere.figures:
        assert one.title, one.key
        assert one.source_id in net2019.sources, one.key
    assert router.schedule is False


def test_a_study_is_the_sum_of_its_pairs(comparison):
    from corridor_net.questions.evidence.sources import _of_comparison

    found = _of_comparison(comparison, 5)
    assert [(run.baseline, run.scenario) for run in found.runs] == [(r.baseline, r.scenario) for r in comparison.runs]
    for mine, run in zip(found.runs, comparison.runs, strict=True):
        assert mine.weights.cost_usd == pytest.approx(sum(trip.cost_usd for trip in run.trips.values()))
        assert mine.weights.hours == pytest.approx(sum(trip.hours for trip in run.trips.values()))
        assert sum(mine.weights.hours_by_grade.values()) == pytest.approx(1)


def test_by_the_timetable_only_scheduled_hours_count(tiny_folder):
    found = cn.load(geodata=tiny_folder, as_of="2019-07-01", schedule=True).sources("alfa", "delta")
    assert found.weights.hours == pytest.approx(49.4)
    assert "service:line-cd:sailings_per_week" not in by_key(found)


def test_the_command_gives_what_python_gives(cli):
    done = cli("sources", "harbin", "niigata", "--as-of", "2019-07-01", "--json")
    answer = json.loads(done.out)
    python = cn.load(as_of="2019-07-01").sources("harbin", "niigata").to_dict()
    assert done.code == 0
    assert answer == python
    assert {"key", "value", "low", "high", "title", "publisher", "year", "grade"} <= set(
        answer["weights"]["figures"][0]
    )


def test_a_study_takes_no_day_and_a_pair_needs_both_ends():
    with pytest.raises(BadValue, match="own days"):
        cn.load(as_of="2019-07-01").sources()
    with pytest.raises(BadValue, match="destination"):
        cn.load().sources("harbin")


# the strict check


def test_the_shipped_figures_all_have_their_sources(shipped):
    assert check_network(shipped, "provenance", strict=True)["provenance"] > 4000


def test_strict_finds_estimates_without_basis_and_titles_that_are_missing(cli, write_tiny, tmp_path):
    data = write_tiny(tmp_path / "data")
    data.edit("tariff", 0, grade="D", basis="own estimate")
    assert cli("check", "--strict", "--geodata", data.folder).code == 0
    line = data.edit("tariff", 0, basis="")
    assert cli("check", "--geodata", data.folder).code == 0
    done = cli("check", "--strict", "--geodata", data.folder)
    assert done.code == 3
    assert f"tariff.csv:{line}:" in done.err
    assert "grade D" in done.err


def test_a_figure_without_source_is_a_fault_in_memory_too(tiny):
    from corridor_net.network.checks.provenance import provenance

    rows = [
        dataclasses.replace(row, source_id=name)
        for row, name in zip(tiny.rows("speed"), ("", "gone", "S"), strict=True)
    ]
    faults = [one.error.message for one in provenance(tiny.with_rows(speed=rows)) if one]
    assert any("without a source" in text for text in faults)
    assert any("no source 'gone'" in text for text in faults)


def test_a_rate_that_misses_a_year_is_a_strict_fault_that_says_which_days(shipped):
    rows = [row for row in shipped.rows("tariff") if (row.tariff_id, row.price_year) != ("sea_kr_jp_nw", 2015)]
    with pytest.raises(DataFault) as caught:
        check_network(shipped.with_rows(tariff=rows), "series", strict=True)
    assert {one.message.split("/")[1] for one in caught.value.faults} == {
        f"{box} has no row from 2015-01-01 to 2015-12-31" for box in ("FEU", "TEU")
    }


def test_a_claim_under_a_scenario_that_is_not_there_is_a_strict_fault(cli, write_tiny, tmp_path):
    data = write_tiny(tmp_path / "data")
    cells = {"claim_id": "E1", "origin": "alfa", "destination": "delta", "scenario": "primorye-1-through-rat",
             "metric": "time", "value": "9", "unit": "d", "as_of": "2019-07-01", "basis_of_time": "realised",
             "cargo_id": "dry_40", "scope_from": "factory", "scope_to": "cleared", "cargo_unit": "none",
             "is_input": "no", "comparable": "yes", "source_id": "S", "grade": "A"}  # fmt: skip
    names = data.lines("published")[0].split(",")
    data.append("published", ",".join(cells.get(name, "") for name in names))
    done = cli("check", "--strict", "--geodata", data.folder)
    assert done.code == 3
    assert "did you mean 'primorye-1-through-rate'" in done.err
    assert f"published.csv:{len(data.lines('published'))}:" in done.err


@pytest.mark.parametrize(
    ("cell", "told"),
    [
        ({"scope_from": ""}, "does not say what it counts"),
        ({"via": "dalain"}, "dalian"),
        ({"modes": "rial"}, "did you mean 'rail'"),
    ],
)
def test_a_claim_that_says_not_what_it_counts_or_names_what_is_not_there_is_a_strict_fault(shipped, cell, told):
    first, *others = shipped.rows("published")
    with pytest.raises(DataFault) as caught:
        check_network(shipped.with_rows(published=[dataclasses.replace(first, **cell), *others]), "claims", strict=True)
    assert told in str(caught.value)


def test_a_value_outside_its_range_is_a_fault_of_any_table(cli, write_tiny, tmp_path):
    data = write_tiny(tmp_path / "data")
    data.edit("cargo", 0, time_cost_low="0.9", time_cost_pct_per_day="0.8")
    done = cli("check", "--geodata", data.folder)
    assert done.code == 3
    assert "outside its range" in done.err
    assert "cargo.csv:2:" in done.err


def test_faults_of_a_network_are_not_strict(tiny):
    assert not [fault for fault in faults_of(tiny) if "basis" in fault.message]


def test_shown_shares_by_grade_add_up_to_all_of_the_money_and_of_the_hours():
    shown = sources.view(cn.load(as_of="2026-07-01").sources("harbin", "niigata"))
    table = next(one for one in shown.tables if str(one.title).startswith("By grade"))
    for _, *shares in table.rows:
        whole = [round(100 * share) for share in shares]
        assert (sum(whole[:4]), sum(whole[4:])) == (100, 100)
