"""Every arc of a compiled network: held to the second model, to its own columns and terms, and to large networks."""

from __future__ import annotations

import random
from collections import Counter
from math import prod

import numpy as np
import pytest

from corridor_net.costing import compiled as compiling
from corridor_net.costing import impedance, pieces
from corridor_net.costing.cost_model import CostModel, product_columns
from corridor_net.costing.terms import QUANTITIES, Terms
from laws.networks import odd, tables_of
from second_model import compare
from second_model.model import Model


def mine(model):
    """Return kind, row, ends, km, USD, hours, hours by the timetable, spread and kg of each arc of the second model."""
    return Counter(
        (*arc.name, *(round(x, 6) + 0.0 for x in (arc.km, arc.money, arc.hours, arc.timetable, arc.spread, arc.co2)))
        for arc in model.arcs
    )


def its(compiled):
    """Return the same of a compiled network."""
    found = []
    for arc in compiled.arcs:
        timed = sum(part.scheduled for part in arc.parts if part.quantity == "hours")
        values = (arc.distance_km, arc.cost_usd, arc.hours, timed, arc.spread_hours, arc.co2_kg)
        found.append((arc.kind, arc.asset_id, arc.from_node, arc.to_node, *(round(x, 6) + 0.0 for x in values)))
    return Counter(found)


@pytest.fixture(scope="module")
def compiled(net2019):
    """The shipped network in winter for a cargo that may charter: every kind of arc."""
    return impedance(net2019.as_of("2019-01-15"), "grain_20")


def test_every_arc_of_networks_made_at_random_is_that_of_the_second_model():
    for seed in range(24):
        network = odd(seed)
        compiled = impedance(network, price_year=2019)
        assert its(compiled) == mine(Model(tables_of(network), network.day, "dry_40", 2019)), seed


@pytest.mark.parametrize(("day", "cargo"), [("2016-07-01", "dry_40"), ("2026-01-15", "grain_20")])
def test_every_arc_of_the_shipped_network_is_that_of_the_second_model(shipped, day, cargo):
    found = its(impedance(shipped.as_of(day), cargo))
    assert found == mine(compare.model(day, (), cargo, None, None))
    assert found.total() > 1000


def test_what_is_said_of_all_arcs_at_once_is_what_each_says(compiled):
    arcs = list(compiled.arcs)
    assert {arc.kind for arc in arcs} == {"haul", "crossing", "terminal", "board", "sail", "charter"}
    amounts = compiled.amounts
    for column, name in (
        (compiled.total_money, "cost_usd"),
        (compiled.total_hours(), "hours"),
        (compiled.spread_hours, "spread_hours"),
        (compiled.co2_kg, "co2_kg"),
        (compiled.distance_km, "distance_km"),
    ):
        assert column == pytest.approx([getattr(arc, name) for arc in arcs], abs=1e-9), name
    timed = [arc.by_timetable() for arc in arcs]
    assert compiled.total_hours(schedule=True) == pytest.approx([arc.hours for arc in timed], abs=1e-9)
    assert [arc.cost_usd for arc in timed] == pytest.approx([arc.cost_usd for arc in arcs])
    assert {arc.spread_hours for arc in timed} == {0.0}
    assert amounts.money == pytest.approx(compiled.money.sum(axis=1))
    for table, measure in ((compiled.money, "cost_usd"), (compiled.hours, "hours")):
        told = [[arc.components.get(name, {}).get(measure, 0.0) for name in compiled.components] for arc in arcs]
        assert table == pytest.approx(np.array(told), abs=1e-9)
    assert compiled.at_sea.tolist() == [arc.leaves_land for arc in arcs]
    assert {arc.kind for arc in arcs if arc.leaves_land} == {"sail", "charter"}
    assert compiled.of_kind("sail", "charter").tolist() == np.flatnonzero(compiled.at_sea).tolist()
    assert compiled.of_kind("haul").tolist() == [n for n, arc in enumerate(arcs) if arc.kind == "haul"]


def test_an_arc_is_named_without_being_made(compiled):
    arcs = list(compiled.arcs)
    keys = [arc.key for arc in arcs]
    assert list(compiled.keys()) == keys == sorted(keys)
    assert compiled.asset_ids() == [arc.asset_id for arc in arcs]
    assert [compiled.arcs.identified(number) for number in range(len(arcs))] == [
        (arc.key, arc.asset_id) for arc in arcs
    ]
    assert [compiled.places(number) for number in range(len(arcs))] == [(arc.from_node, arc.to_node) for arc in arcs]
    for number in (0, 17, len(arcs) - 1):
        assert compiled.numbers[keys[number]] == number
        assert compiled.arc_of(keys[number]) == compiled.arcs[number] == compiled.arcs[number - len(arcs)]
        assert compiled.arcs[number] is compiled.arcs[number]
        assert number in compiled.of_asset(arcs[number].asset_id)
        assert (compiled.tail[number], compiled.head[number]) == (arcs[number].tail, arcs[number].head)
    assert compiled.arcs[3:9:2] == tuple(arcs[3:9:2])
    assert compiled.of_asset("charter") == compiled.of_kind("charter").tolist()
    with pytest.raises(KeyError):
        compiled.arc_of("link:nowhere")
    for beyond in (len(arcs), -len(arcs) - 1):
        with pytest.raises(IndexError):
            compiled.arcs[beyond]


def test_states_stand_in_their_order_and_are_found_by_number(compiled):
    states = list(compiled.states)
    assert states == sorted(set(states))
    assert [compiled.index[state] for state in states] == list(range(len(states)))
    used = {*compiled.tail.tolist(), *compiled.head.tolist()}
    assert used == set(range(len(states)))


def test_a_large_network_has_the_same_states_and_arcs_made_when_they_are_looked_at(monkeypatch, compiled):
    for module in (compiling, pieces):
        monkeypatch.setattr(module, "CACHED", 10)
    large = impedance(compiled.network, "grain_20")
    states = list(compiled.states)
    assert isinstance(large.states, pieces.States)
    assert list(large.states) == states
    assert len(large.states) == len(states) == len(large.index)
    assert large.states[2:7:3] == tuple(states[2:7:3])
    assert [large.states[number] for number in (0, 5, -1)] == [states[number] for number in (0, 5, -1)]
    assert dict(large.index) == dict(compiled.index)
    for absent in (("harbin", "charter"), ("niigata", "rail_1520"), (states[-1][0], "zzz"), ("nowhere", "origin")):
        assert absent not in large.index
    assert large.arcs == compiled.arcs
    assert compiled.arcs == list(large.arcs)
    assert large.arcs != list(large.arcs)[1:]
    assert large.arcs != [*list(large.arcs)[1:], large.arcs[0]]
    assert large.arcs[5] is not large.arcs[5]
    with pytest.raises(IndexError):
        large.arcs[len(large.arcs)]


@pytest.mark.parametrize("schedule", [False, True])
def test_the_terms_of_an_arc_are_its_parts(compiled, schedule):
    model = CostModel.from_impedance(compiled, schedule=schedule)
    dice = random.Random(7)  # noqa: S311
    factor = {figure: dice.uniform(0.5, 2) for figure in model.figures}
    priced = dict(zip(QUANTITIES, model.evaluate(factor.__getitem__), strict=True))
    for number, arc in enumerate(compiled.arcs):
        step = arc.by_timetable() if schedule else arc
        hours = [part for part in step.parts if part.quantity == "hours"]
        wanted = {
            "money": [(p.figures, p.amount, p.grade) for p in arc.parts if p.quantity == "cost" and p.amount],
            "hours": [(p.figures, p.amount, p.grade) for p in hours if p.amount],
            "spread": [(p.figures, p.spread, p.grade) for p in hours if p.spread],
            "co2": [(arc.co2_figures, arc.co2_kg, "")] if arc.co2_kg else [],
        }
        for name, terms in model.terms.items():
            own = slice(terms.first[number], terms.first[number + 1])
            told = [(model.product(row), amount) for row, amount in terms[number]]
            assert [row for row, _ in told] == [row for row, _, _ in wanted[name]], (arc.key, name)
            assert [size for _, size in told] == pytest.approx([size for _, size, _ in wanted[name]])
            assert terms.grade[own].tolist() == [grade for _, _, grade in wanted[name]], (arc.key, name)
            sizes = [size * prod(factor[one] for one in row) for row, size in told]
            assert priced[name][number] == pytest.approx(sum(sizes))
    for terms in model.terms.values():
        assert terms.arc.tolist() == [n for n in range(len(compiled.arcs)) for _ in terms[n]]
        assert terms.sums() == pytest.approx([sum(size for _, size in terms[n]) for n in range(len(compiled.arcs))])


def test_products_and_what_rests_on_them(compiled):
    model = CostModel.from_impedance(compiled)
    first, number, ones = model.factors
    for row in range(model.n_products):
        named = [model.figures[one] for one in number[first[row] : first[row + 1]]]
        assert tuple(named) == model.product(row)
    assert all(model.product(row) for row in range(model.n_products))
    assert len(ones) == len(number) == first[-1]
    assert set(ones) == {1.0}
    for figure in (model.figures[0], model.figures[-1], "link:nowhere:length_km"):
        wanted = [figure in model.product(row) for row in range(model.n_products)]
        assert model.resting_on(figure).tolist() == wanted
        assert any(wanted) is (figure in model.figures)


def test_routes_priced_by_their_products_are_the_sums_of_their_arcs(compiled):
    model = CostModel.from_impedance(compiled)
    routes = [(5, 900, 5), (), (len(compiled.arcs) - 1, 0, 300)]
    products, amounts = model.of_routes(routes)
    assert products == tuple(map(model.product, model.met(arc for route in routes for arc in route)))
    assert len(products) == len(set(products))
    draws = {figure: np.array([1.0, 1 + place / 50]) for place, figure in enumerate(sorted(model.figures))}
    columns = product_columns(products, draws.__getitem__, 2)
    rows = [model.met([arc]) for arc in range(len(compiled.arcs))]
    assert model.columns(draws.__getitem__, 2)[rows[5]] == pytest.approx(
        product_columns([model.product(row) for row in rows[5]], draws.__getitem__, 2)
    )
    for draw in range(2):
        single = model.evaluate(lambda figure, draw=draw: float(draws[figure][draw]))
        for priced, of_arcs in zip(amounts, single, strict=True):
            sums = [sum(of_arcs[arc] for arc in route) for route in routes]
            assert priced @ columns[:, draw] == pytest.approx(sums)
    by_hand = {"a": np.full(2, 3.0), "b": np.full(2, 5.0)}
    listed = product_columns([(), ("a",), ("a", "a", "b")], by_hand.__getitem__, 2)
    assert listed.tolist() == [[1, 1], [3, 3], [45, 45]]


def test_terms_are_chosen_taken_and_joined_with_their_grades():
    terms = Terms.of([[(4, 1.0, "A"), (2, 2.0, "C")], [], [(4, 8.0, "B")], []])
    assert terms.first.tolist() == [0, 2, 2, 3, 3]
    assert terms.sums().tolist() == [3, 0, 8, 0]
    assert terms.sums(np.array([0, 0, 10, 0, 0.5])).tolist() == [20.5, 0, 4, 0]
    turned = terms.taken(np.array([2, 1, 0, 0]))
    assert (turned.first.tolist(), turned.grade.tolist()) == ([0, 1, 1, 3, 5], ["B", "A", "C", "A", "C"])
    assert (turned.product.tolist(), turned.amount.tolist()) == ([4, 4, 2, 4, 2], [8, 1, 2, 1, 2])
    some = terms.where(np.array([False, True, True]))
    assert (some.first.tolist(), some[0], some[2]) == ([0, 1, 1, 2, 2], [(2, 2.0)], [(4, 8.0)])
    both = Terms.joined([terms, turned])
    assert both.first.tolist() == [0, 2, 2, 3, 3, 4, 4, 6, 8]
    assert both.grade.tolist() == [*terms.grade, *turned.grade]
    assert terms.of_grade("D").grade.tolist() == ["D"] * 3
    one = Terms.single(np.array([3, 1, 2]), np.array([5.0, 0.0, 6.0]), np.array(["A", "B", "C"]))
    assert (one.first.tolist(), one.product.tolist(), one.grade.tolist()) == ([0, 1, 1, 2], [3, 2], ["A", "C"])


def test_arcs_of_one_grade_are_the_same_but_for_it(compiled):
    graded = compiled.arcs.of_grade("D")
    for arc, other in list(zip(compiled.arcs, graded, strict=True))[::97]:
        assert other.cost_usd == arc.cost_usd
        assert {part.grade for part in other.parts} == {"D"}
        assert [part.figures for part in other.parts] == [part.figures for part in arc.parts]


@pytest.mark.whole
@pytest.mark.parametrize(
    ("tables", "gone"),
    [
        (("link", "crossing"), ("link", "crossing")),
        (("crossing",), ("crossing",)),
        (("terminal",), ("terminal",)),
        (("service", "service_call"), ("board", "sail")),
        (("season",), ()),
        (("link", "crossing", "terminal", "service", "service_call"), None),
    ],
)
def test_what_a_network_has_no_rows_of_has_no_arcs(tiny, tables, gone):
    whole = impedance(tiny)
    some = impedance(tiny.with_rows(**{table: [] for table in tables}))
    kept = [arc for arc in whole.arcs if gone is not None and arc.key.split(":")[0] not in gone]
    here = {arc.key: arc for arc in some.arcs}
    if tables == ("crossing",):  # what was a border is a link like any other
        assert set(here) == {arc.key for arc in kept}
        assert some.states[here["link:road-bc:bravo:road"].head] == ("charlie", "road")
        return
    assert list(here) == [arc.key for arc in kept]
    without_rates = "link" in tables
    for arc in kept:
        drop = {"haul"} if without_rates else set()  # nobody pays the fixed part of a link that is not there
        assert here[arc.key].components == {name: of for name, of in arc.components.items() if name not in drop}
    model = CostModel.from_impedance(some)
    assert model.evaluate(lambda _: 1.0)[0] == pytest.approx(some.total_money)
