"""Figures one by one: their keys, labels, units, ranges and groups; what they make of parts; money, weights, prices."""

from __future__ import annotations

from dataclasses import replace
from math import exp, inf, log, nan
from types import SimpleNamespace as Row

import numpy as np
import pytest

from corridor_net.costing import Cargo, Prices, impedance
from corridor_net.costing.arcs import Part, Work, kind_of
from corridor_net.costing.home import Home
from corridor_net.costing.money import origin_weights, trade_of_origins
from corridor_net.costing.objective import Objective
from corridor_net.costing.parameters import Figures, _borders, parameters_of
from corridor_net.costing.parts import provenance
from corridor_net.costing.places import Links, Places
from corridor_net.costing.ranges import Z90, widened
from corridor_net.errors import BadValue
from corridor_net.figure_keys import original_key

from .helpers import arc


def told(one):
    return one.label, one.unit, one.value, one.low, one.high, one.group, one.inverse, one.certain


def insured(make_tiny, **changes):
    """Return the tiny network with a charge at the border that is a share of the value of the cargo."""
    network = make_tiny(**changes)
    kind, row = network.rows("component")[0], network.rows("operation")[0]
    new = replace(kind, component="insurance", rank=99, label="insurance", operation="yes", per="value")
    share = replace(row, operation_id="border", component="insurance", quantity="cost", value=0.3, value_low=0.1,
                    value_high=0.4, cargo_unit="any", currency="", price_year=None)  # fmt: skip
    return network.with_rows(component=(*network.rows("component"), new), operation=(*network.rows("operation"), share))


def test_every_kind_of_figure_of_the_tiny_network_by_hand(make_tiny):
    def ranges(key, name, **cells):
        return lambda rows: next(row for row in rows if row[key] == name).update(cells)

    def operations(rows):
        next(r for r in rows if r["component"] == "border_fee").update(value_low=90, value_high=200)

    found = parameters_of(
        insured(
            make_tiny,
            operation=operations,
            tariff=ranges("tariff_id", "sea", range_low=0.8, range_high=1.5),
            service=ranges("service_id", "line-cd", sailings_low=1, sailings_high=3),
            emission_factor=ranges("emission_factor_id", "lorry", value_low=80, value_high=130),
            cargo=ranges("cargo_id", "dry_40", time_cost_low=0.2, time_cost_high=1.2),
            link=ranges("link_id", "road-ab", grade="C"),
        ),
        "dry_40",
    )
    assert {key: told(found[key]) for key in found if key.split(":")[1] in WANTED_IDS} == WANTED
    assert (found["link:road-ab:length_km"].grade, found["link:road-bc:length_km"].grade) == ("C", "B")
    assert {one.key for one in found.values()} == set(found)
    assert len(found) == len(list(found))
    assert {one.table for one in found.values() if one.is_length} == {"link", "sea_lane"}
    assert sum(one.is_length for one in found.values()) == 5
    assert found["tariff:sea"] is found["tariff:sea"]


WANTED_IDS = {
    *("border", "road", "sea", "lorry", "road-ab", "sea-gd", "line-cd", "line-cd", "bc-in", "value_of_time"),
    *("rail_cn", "ship"),
}
WANTED = {
    "operation:border:border_fee:cost": ("border fee cost of border", "CNY", 120, 90, 200, "", False, False),
    "operation:border:insurance:cost": (
        "insurance cost of border", "% of value", 0.3, 0.1, 0.4, "", False, False,
    ),
    "operation:border:procedures:hours": (
        "procedures hours of border", "h", 2, None, None, "border border", False, False,
    ),
    "operation:border:queue:hours": ("queue hours of border", "h", 6, None, None, "border border", False, False),
    "tariff:rail_cn": ("rate rail_cn", "x present", 1, None, None, "land rates and fuel", False, False),
    "tariff:sea": ("rate sea", "x present", 1, 0.8, 1.5, "sea rates", False, False),
    "speed:road": ("speed road", "km/h", 60, 50, 75, "running", True, False),
    "speed:ship": ("speed ship", "km/h", 25, None, None, "storms", True, False),
    "emission_factor:lorry": ("emission factor lorry", "g_per_tkm", 100, 80, 130, "", False, False),
    "emission_factor:ship": ("emission factor ship", "g_per_teukm", 50, None, None, "", False, False),
    "link:road-ab:length_km": ("length of road-ab", "km", 300, None, None, "", False, False),
    "sea_lane:sea-gd:length_km": ("length of sea-gd", "km", 2000, None, None, "", False, False),
    "service:line-cd:sailings_per_week": ("sailings of Charlie - Delta", "a week", 2, 1, 3, "", True, False),
    "service:line-cd:port_stay_hours": ("port stay of Charlie - Delta", "h", 12, None, None, "", False, False),
    "service_call:line-cd:1": ("timetable of call line-cd:1", "h", 0, None, None, "", False, True),
    "service_call:line-cd:2": ("timetable of call line-cd:2", "h", 0, None, None, "", False, True),
    "crossing:bc-in:opening_hours": (
        "wait for the opening at crossing bc-in", "h", 0, None, None, "", False, True,
    ),
    "cargo:value_of_time": ("value of an hour", "% of value a day", 0.6, 0.2, 1.2, "", False, False),
}  # fmt: skip


def test_a_speed_that_names_no_mode_moves_with_the_services_that_run_at_it_else_with_what_runs(make_tiny):
    def unsaid(rows):
        for row in rows:
            row["mode"] = ""

    figures = parameters_of(make_tiny(speed=unsaid), "dry_40")
    assert [figures[f"speed:{name}"].group for name in ("ship", "road")] == ["storms", "running"]


@pytest.mark.whole
@pytest.mark.parametrize(
    ("links", "wanted"),
    [
        # both ways of a border are of one, named by what the two begin with
        ({"a": ("border_rail_x_out", "border_rail_x_in")}, {"rail_x": 2}),
        # a copy that a scenario made is of the same border
        ({"a": ("border_rail_x_out", "border_rail_x_out~faster~1", "border_rail_x_in")}, {"rail_x": 3}),
        # links that share an operation are of one border, a third that joins two of them too
        ({"a": ("gate_1",), "b": ("gate_3",), "c": ("gate_1", "gate_3"), "d": ("far",)}, {"gate": 2, "far": 1}),
        # where another begins alike too, a border is named by its first operation
        ({"a": ("border_xa", "border_xb"), "b": ("border_xc",)}, {"xa": 2, "xc": 1}),
        ({"a": ("alone",)}, {"alone": 1}),
    ],
)
def test_operations_of_crossings_that_share_a_link_are_of_one_border(links, wanted):
    rows = [Row(link_id=link, operation_id=name) for link, names in links.items() for name in names]
    found = _borders(Row(rows=lambda table: {"crossing": rows}[table]))
    assert set(found) == {row.operation_id for row in rows}
    counts = {}
    for name in found.values():
        counts[name] = counts.get(name, 0) + 1
    assert counts == wanted


def test_a_copy_of_a_figure_is_drawn_as_the_figure():
    assert original_key("tariff:rail_cn~one~1~other~12") == "tariff:rail_cn"
    assert original_key("speed:ship") == "speed:ship"


def test_a_missing_figure_names_who_wanted_it(tiny):
    figures = Figures.of(tiny, "FEU")
    assert figures.find("speeds", "road", "link x").speed_kmh == 60
    with pytest.raises(Exception, match="link x needs 'rod' of speeds") as caught:
        figures.find("speeds", "rod", "link x")
    assert "add a row" in caught.value.hint


def test_of_an_operation_the_row_of_the_box_goes_before_that_of_any_and_that_of_another_box_is_none(make_tiny):
    def boxes(rows):
        rows.insert(0, {**rows[0], "cargo_unit": "FEU", "value": 70})
        rows.append({**rows[1], "cargo_unit": "TEU", "value": 10})

    (drayage, handling) = Figures.of(make_tiny(operation=boxes), "FEU").operations["load_road"]
    assert (drayage.component, drayage.value, handling.value) == ("drayage", 70, 4)


# parts


def test_a_charge_has_the_spread_of_its_range_in_dollars_and_a_share_is_of_the_value_of_the_cargo(make_tiny):
    """120 CNY of 2018 is 22 USD, from 90 to 200: 110 / 6 x 1.1 = 20.17 USD apart. 0.3 % of 33,000 USD is 99."""

    def operations(rows):
        next(r for r in rows if r["component"] == "border_fee").update(value_low=90, value_high=200)
        next(r for r in rows if r["component"] == "queue").update(value_high=11)

    parts = arc(impedance(insured(make_tiny, operation=operations)), "crossing:bc-out:road").parts
    by_name = {one.component: one for one in parts}
    fee, share, queue, procedures = (by_name[n] for n in ("border_fee", "insurance", "queue", "procedures"))
    assert (fee.amount, fee.scheduled) == (pytest.approx(22), pytest.approx(22))
    assert fee.spread == pytest.approx(110 / 6 * 1.1 / 2.5631)
    assert (share.amount, share.spread) == (pytest.approx(99), pytest.approx(99 / 2.5631))
    assert (queue.amount, queue.scheduled, queue.spread) == (6, 0, pytest.approx(5 / 2.5631))
    assert (procedures.amount, procedures.scheduled, procedures.spread) == (2, 2, 0)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("low", "high", "apart"), [(0.8, 1.5, 0.7), (0.8, None, 0.2), (None, 1.5, 0.5), (None, None, 0)]
)
def test_the_range_of_a_rate_is_of_its_freight_fixed_and_by_the_kilometre(make_tiny, low, high, apart):
    """200 USD on boarding and 100 for 1,000 km, the range a factor."""

    def ranged(rows):
        next(row for row in rows if row["tariff_id"] == "sea").update(range_low=low, range_high=high)

    compiled = impedance(make_tiny(tariff=ranged))
    for key, usd in (("board:line-cd:1", 200), ("sail:line-cd:1:land", 100)):
        freight = next(part for part in arc(compiled, key).parts if part.component == "freight")
        assert (freight.amount, freight.scheduled) == (pytest.approx(usd), pytest.approx(usd))
        assert freight.spread == pytest.approx(usd * apart / 2.5631)
    figures = {key: part.figures for key in ("board:line-cd:1", "sail:line-cd:1:land")
               for part in arc(compiled, key).parts if part.component == "freight"}  # fmt: skip
    assert list(figures.values()) == [("tariff:sea",), ("tariff:sea", "sea_lane:sea-cd:length_km")]


def test_a_product_is_as_weak_as_its_weakest_figure_and_has_the_sources_of_all():
    def row(source, grade):
        return Row(source_id=source, grade=grade)

    assert provenance([row("S", "B"), row("S", "C")]) == (("S",), "C")
    assert provenance([row("S", "D"), row("T", "A")]) == (("S", "T"), "D")
    assert provenance([row("S", "B")]) == (("S",), "B")
    assert provenance([row("S", "B"), row("T", "C"), row("S", "A")]) == (("S", "T"), "C")


def test_measures_of_an_arc_are_sums_over_its_parts(tiny):
    def part(component, quantity, amount, grade, **more):
        return Part(**{"component": component, "quantity": quantity, "amount": amount, "scheduled": amount,
                       "spread": amount / 10, "figures": (f"f:{component}", "f:all"), "source_ids": (grade, "S"),
                       "grade": grade, **more})  # fmt: skip

    parts = (part("wait", "hours", 8.0, "C", scheduled=0.0), part("haul", "cost", 30.0, "B"),
             part("haul", "hours", 4.0, "A"), part("haul", "cost", 12.0, "B"))  # fmt: skip
    step = replace(impedance(tiny).arcs[0], parts=parts)
    assert (step.cost_usd, step.hours, step.spread_hours) == (42.0, 12.0, pytest.approx(1.2))
    assert step.components == {"haul": {"cost_usd": 42.0, "hours": 4.0}, "wait": {"hours": 8.0}}
    assert [*step.components] == [name for name in tiny.vocabulary.components if name in ("haul", "wait")]
    assert step.by_grade == {"cost_usd": {"B": 42.0}, "hours": {"C": 8.0, "A": 4.0}}
    assert step.grade == "C"
    assert replace(step, parts=()).grade == "A"
    assert step.source_ids == ("C", "S", "B", "A")
    assert step.figures == ("f:wait", "f:all", "f:haul")
    timed = step.by_timetable()
    assert [(one.component, one.amount, one.spread) for one in timed.parts] == [
        ("haul", 30.0, 0.0), ("haul", 4.0, 0.0), ("haul", 12.0, 0.0),
    ]  # fmt: skip
    assert Work.of(parts) == Work(parts=parts, co2_kg=0.0, co2_figures=())
    assert [kind_of(key) for key in ("link:a", "charter:a:b", "terminal:x")] == ["haul", "charter", "terminal"]


def test_a_port_that_stays_open_and_a_gate_that_never_closes_have_no_wait(tiny):
    compiled = impedance(tiny)
    assert "wait" not in arc(compiled, "crossing:bc-in:road").components
    assert arc(compiled, "crossing:bc-out:road").source_ids == ("S",)


# whose fixed part is paid


def test_tariffs_at_home_stand_in_the_order_in_which_they_are_paid(make_tiny):
    """Cheapest first, of two alike the first by name; a link that leaves the country comes after all that stay."""

    def tariffs(rows):
        road = next(row for row in rows if row["tariff_id"] == "road_cn")
        rows += [{**road, "tariff_id": name, "fixed": fixed} for name, fixed in
                 (("b", 90), ("a", 90), ("zero", 0), ("out", 1))]  # fmt: skip

    def links(rows):
        road = next(row for row in rows if row["link_id"] == "road-ab")
        rows += [{**road, "link_id": f"x-{name}", "tariff_id": name} for name in ("b", "a", "zero")]
        rows.append({**road, "link_id": "x-out", "to_node_id": "delta", "tariff_id": "out"})
        rows.append({**road, "link_id": "x-one-way", "directed": 1, "tariff_id": "zero"})

    network = make_tiny(tariff=tariffs, link=links)
    prices, figures = Prices.of(network), Figures.of(network, "FEU")
    found = Home(Links(network, Places(network)), prices, figures.tariffs).listed
    at_alfa = [(link, tariff.tariff_id) for link, tariff in found["alfa", "road"]]
    assert at_alfa == [("x-one-way", "zero"), ("x-zero", "zero"), ("road-ab", "road_cn"), ("x-a", "a"), ("x-b", "b"),
                       ("x-out", "out"), ("", "b")]  # fmt: skip
    assert [link for link, _ in found["bravo", "road"]] == ["x-zero", "road-ab", "x-a", "x-b", ""]
    assert [link for link, _ in found["golf", "rail_1435"]] == ["rail-ag", ""]
    assert ("delta", "road") not in found


def test_a_link_whose_tariff_is_not_known_is_nobodys_home(make_tiny):
    """It stays in the country and would go before the one that leaves it, but there is nothing to be paid."""

    def links(rows):
        road = next(row for row in rows if row["link_id"] == "road-ab")
        rows.append({**road, "link_id": "x-out", "to_node_id": "delta", "tariff_id": "road_ru"})

    network = make_tiny(link=links)
    known = {name: row for name, row in Figures.of(network, "FEU").tariffs.items() if name != "road_cn"}
    places = Places(network)
    home = Home(Links(network, places), Prices.of(network), known)
    assert [link for link, _ in home.listed["alfa", "road"]] == ["x-out", ""]
    node = places.numbers([Row(node_id="alfa")], "node_id")
    (paid,) = home.paid(node, ["road"], np.zeros(1, np.int64)).tolist()
    assert home.tariffs[paid].tariff_id == "road_ru"


# money, weights, prices


def test_what_origins_trade_is_their_weight_and_where_none_trades_each_counts_as_one(make_tiny):
    """5 million USD of 2018 are 5.5 of 2019; what names no year stands as it is; what is not said is nothing."""

    def markets(rows):
        rows[0]["price_year"] = 2018
        rows += [{"node_id": "bravo", "role": "origin", "region": "North", "trade_musd": 2},
                 {"node_id": "golf", "role": "origin", "region": "North"}]  # fmt: skip

    network = make_tiny(market=markets)
    assert trade_of_origins(network) == {"alfa": pytest.approx(5.5), "bravo": 2.0, "golf": 0.0}
    assert origin_weights(network) == trade_of_origins(network)

    def untold(rows):
        markets(rows)
        for row in rows:
            row.pop("trade_musd", None)

    assert origin_weights(make_tiny(market=untold)) == {"alfa": 1.0, "bravo": 1.0, "golf": 1.0}


def test_prices_are_those_of_the_day_or_year_and_beyond_the_data_of_the_last_year_with_an_index(shipped):
    last = max(row.year for row in shipped.rows("deflator"))
    assert Prices.of(shipped.as_of("2016-07-01")).year == 2016
    assert Prices.of(shipped.as_of("2016-07-01"), 2011).year == 2011
    assert Prices.of(shipped.as_of("2030-12-31")).year == last
    with pytest.raises(BadValue, match=f"no price index for {last + 1}") as caught:
        Prices.of(shipped, last + 1)
    assert str(last) in caught.value.hint


@pytest.mark.whole
@pytest.mark.parametrize("name", ["value_of_time", "reliability_ratio", "co2_price_usd_per_t"])
def test_a_price_is_0_or_more_and_not_without_end(name):
    for value in (0.0, 1e12):
        assert getattr(Objective(**{"value_of_time": 1.0, name: value}), name) == value
    for value in (-1e-9, 1e12 + 1, nan, inf):
        with pytest.raises(BadValue, match=name):
            Objective(**{"value_of_time": 1.0, name: value})


def test_what_is_minimised_is_named_or_the_nearest_is(tiny):
    with pytest.raises(BadValue, match="'monye' cannot be minimised") as caught:
        Objective(by="monye", value_of_time=1.0)
    assert "money" in caught.value.hint
    cargo = Cargo.of(tiny, "dry_40", Prices.of(tiny), value_of_time=2.5)
    made = Objective.for_cargo(cargo, by="time", co2_price_usd_per_t=40.0)
    assert (made.by, made.value_of_time, made.reliability_ratio, made.co2_price_usd_per_t) == ("time", 2.5, 0.0, 40.0)
    assert Objective.for_cargo(cargo).by == "generalised"


def test_prices_and_slopes_by_hand():
    made = Objective(value_of_time=8.0, reliability_ratio=0.5, co2_price_usd_per_t=100.0)
    assert made.prices == made.slopes == (1.0, 8.0, 4.0, 0.1)
    assert made.timed(10.0, 4.0) == 12.0
    alone = {by: Objective(by=by, value_of_time=8.0).slopes for by in ("money", "time", "co2")}
    assert alone == {"money": (1, 0, 0, 0), "time": (0, 1, 0, 0), "co2": (0, 0, 0, 1)}


@pytest.mark.whole
@pytest.mark.parametrize("value", [-0.01, inf, nan])
def test_a_value_of_time_that_is_none_is_refused(tiny, value):
    with pytest.raises(BadValue, match="a value of time of"):
        Cargo.of(tiny, "dry_40", Prices.of(tiny), value)
    assert Cargo.of(tiny, "dry_40", Prices.of(tiny), 0.0).value_of_time == 0.0


def test_a_range_that_reaches_0_moves_its_other_end_and_one_without_width_stays():
    """0.2² more: the end moves by exp(1.2816 x 0.2)."""
    assert widened(10.0, (0.0, 20.0), "B", 0.04) == (0.0, pytest.approx(20 * exp(Z90 * 0.2)))
    assert widened(10.0, (10.0, 10.0), "B", 0.04) == (10.0, 10.0)
    assert widened(0.0, (0.0, 5.0), "B", 0.04) == (0.0, 5.0)
    assert widened(0.0, (None, None), "D", 0.04) == (0.0, 0.0)
    own = widened(100.0, (None, None), "B", 0.0)
    assert widened(100.0, (None, 400.0), "B", 0.0) == widened(100.0, (20.0, None), "B", 0.0) == own
    assert own == pytest.approx((100 * exp(-Z90 * 0.15), 100 * exp(Z90 * 0.15)))
    for ends, value in (((5.0, 40.0), 10.0), ((0.5, 2.0), 1.0), ((0.1, 0.9), 0.3)):
        assert widened(value, ends, "B", 0.0) == pytest.approx(ends)
        wider = widened(value, ends, "B", 0.04)
        for end, moved in zip(ends, wider, strict=True):
            assert (log(moved / value) / Z90) ** 2 == pytest.approx((log(end / value) / Z90) ** 2 + 0.04)
