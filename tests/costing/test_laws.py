"""What every compiled network promises, and the laws of its figures."""

from __future__ import annotations

import itertools
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.costing import impedance

LAW = settings(deadline=None, derandomize=True, max_examples=25)


@pytest.fixture(scope="module")
def compiled(tiny):
    return impedance(tiny)


@pytest.mark.parametrize("day", ["2009-01-01", "2016-07-01", "2019-07-01", "2026-07-01"])
def test_amounts_are_finite_and_not_negative(shipped, day):
    compiled = impedance(shipped.as_of(day))
    for table in (compiled.money, compiled.hours, compiled.spread_hours, compiled.co2_kg, compiled.distance_km):
        assert np.isfinite(table).all()
        assert (table >= 0).all()
    assert (compiled.total_hours(schedule=True) <= compiled.total_hours() + 1e-9).all()
    assert compiled.money.shape == compiled.hours.shape == (len(compiled.arcs), len(compiled.components))


def test_every_part_names_its_figure_source_and_grade(imp2019, net2019):
    for step in imp2019.arcs:
        for part in step.parts:
            assert part.component in imp2019.components
            assert part.grade in ("A", "B", "C", "D")
            assert part.figures
            assert part.source_ids
            assert set(part.source_ids) <= set(net2019.sources)
            if part.component in ("wait", "queue", "dwell"):
                assert part.scheduled == 0


def test_every_haul_takes_time_and_emits(imp2019):
    for step in imp2019.arcs:
        if step.kind in ("haul", "sail", "charter"):
            assert sum(p.amount for p in step.parts if p.quantity == "hours") > 0, step.key
            assert step.distance_km > 0
            assert step.co2_kg > 0


def test_arc_keys_are_unique_and_stay_from_day_to_day(shipped, imp2019):
    keys = [step.key for step in imp2019.arcs]
    assert len(keys) == len(set(keys))
    again = [step.key for step in impedance(shipped.as_of("2019-07-01")).arcs]
    assert keys == again


def test_hauls_stand_in_the_order_of_their_keys_and_keys_are_those_of_the_arcs(imp2019):
    hauls = [step.key for step in imp2019.arcs if step.kind == "haul"]
    assert hauls == sorted(hauls)
    assert list(imp2019.keys()) == [step.key for step in imp2019.arcs]


@pytest.mark.parametrize("kind", ["terminal", "crossing"])
def test_hours_of_an_operation_are_those_of_its_row(imp2019, kind):
    parts = (part for step in imp2019.arcs if step.kind == kind for part in step.parts if part.quantity == "hours")
    alone = [part for part in parts if len(part.figures) == 1 and part.figures[0].startswith("operation:")]
    assert alone
    for part in alone:
        assert part.amount == pytest.approx(imp2019.parameters[part.figures[0]].value)


def test_two_gauges_meet_only_in_a_terminal(imp2019):
    for step in imp2019.arcs:
        tail, head = imp2019.states[step.tail][1], imp2019.states[step.head][1]
        if ("rail_1435" in tail and "rail_1520" in head) or ("rail_1520" in tail and "rail_1435" in head):
            assert step.kind == "terminal", step.key
            assert any(part.component == "gauge_change" for part in step.parts), step.key


# laws


def scaled(net, table, factor, *columns):
    from dataclasses import replace

    return net.with_rows(
        **{
            table: [
                replace(row, **{c: getattr(row, c) * factor for c in columns if getattr(row, c) is not None})
                for row in net.rows(table)
            ]
        }
    )


@pytest.mark.parametrize(
    ("table", "columns"),
    [("tariff", ("fixed", "per_km")), ("link", ("length_km",)), ("service", ("sailings_per_week",))],
)
def test_an_amount_is_multiplied_by_its_figure_or_divided_as_the_figure_says(net2019, imp2019, table, columns):
    named = {name for name, one in imp2019.parameters.items() if one.table == table}
    named = {name for name in named if table != "service" or name.endswith(":sailings_per_week")}
    moved, seen = impedance(scaled(net2019, table, 2.0, *columns)).arcs, set()
    for before, after in zip(imp2019.arcs, moved, strict=True):
        for part, other in zip(before.parts, after.parts, strict=True):
            for name in named.intersection(part.figures):
                seen.add(name)
                assert other.amount == pytest.approx(part.amount * (0.5 if imp2019.parameters[name].inverse else 2.0))
    assert seen


@pytest.mark.parametrize("factor", [0.5, 2.0, 3.7])
def test_scaling_all_prices_scales_the_cost(net2019, imp2019, factor):
    dear = scaled(net2019, "tariff", factor, "fixed", "per_km")
    from dataclasses import replace

    dear = dear.with_rows(
        operation=[
            replace(row, value=row.value * factor) if row.quantity == "cost" else row
            for row in net2019.rows("operation")
        ]
    )
    compiled = impedance(dear)
    assert compiled.money == pytest.approx(imp2019.money * factor)
    assert compiled.hours == pytest.approx(imp2019.hours)
    one = cn.Router(imp2019, by="money").route("harbin", "niigata")
    other = cn.Router(compiled, by="money").route("harbin", "niigata")
    assert other.cost_usd == pytest.approx(one.cost_usd * factor)
    assert other.gateway == one.gateway


def test_doubling_lengths_doubles_distance_and_haul(net2019, imp2019):
    longer = scaled(scaled(net2019, "link", 2, "length_km"), "sea_lane", 2, "length_km")
    compiled = impedance(longer)
    assert compiled.distance_km == pytest.approx(imp2019.distance_km * 2)
    haul = [n for n, step in enumerate(imp2019.arcs) if step.kind == "haul"]
    assert compiled.money[haul] == pytest.approx(imp2019.money[haul] * 2)
    assert compiled.hours[haul] == pytest.approx(imp2019.hours[haul] * 2)
    assert compiled.co2_kg[haul] == pytest.approx(imp2019.co2_kg[haul] * 2)


@LAW
@given(st.floats(0.2, 1.0), st.integers(0, 2**32 - 1))
def test_a_lower_speed_never_shortens_hours(net2019, imp2019, factor, seed):
    from dataclasses import replace

    rows = net2019.rows("speed")
    chosen = set(random.Random(seed).sample(range(len(rows)), 5))  # noqa: S311
    slow = net2019.with_rows(
        speed=[replace(r, speed_kmh=r.speed_kmh * factor) if n in chosen else r for n, r in enumerate(rows)]
    )
    compiled = impedance(slow)
    assert (compiled.hours.sum(axis=1) >= imp2019.hours.sum(axis=1) - 1e-9).all()
    assert compiled.money == pytest.approx(imp2019.money)
    before = cn.Router(imp2019, by="time").route("harbin", "niigata").hours
    assert cn.Router(compiled, by="time").route("harbin", "niigata").hours >= before - 1e-9


@LAW
@given(st.floats(0.05, 1.0))
def test_fewer_sailings_never_shorten_hours(net2019, imp2019, factor):
    rare = scaled(net2019, "service", factor, "sailings_per_week")
    compiled = impedance(rare)
    assert (compiled.hours.sum(axis=1) >= imp2019.hours.sum(axis=1) - 1e-9).all()


def test_rows_in_another_order_give_the_same_answers(net2019, imp2019):
    shuffled = {}
    for table in ("link", "crossing", "terminal", "service", "service_call", "sea_lane"):
        rows = list(net2019.rows(table))
        random.Random(table).shuffle(rows)  # noqa: S311
        shuffled[table] = rows
    one, other = cn.Router(imp2019), cn.Router(impedance(net2019.with_rows(**shuffled)))
    for origin, goal in itertools.product(("harbin", "hunchun", "heihe"), ("niigata", "tokyo")):
        assert other.route(origin, goal).generalised_cost_usd == pytest.approx(
            one.route(origin, goal).generalised_cost_usd
        )


def test_a_price_year_moves_money_and_nothing_else(net2019, imp2019):
    later = impedance(net2019, price_year=2024)
    index = {row.year: row.usd_index for row in net2019.rows("deflator")}
    assert later.money == pytest.approx(imp2019.money * index[2024] / index[2019])
    assert later.hours == pytest.approx(imp2019.hours)
