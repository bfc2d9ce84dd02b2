"""Why the route changes: the ledger adds up, the sets of changes are those of enumeration."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.upgrade_sets.change_sets import relevant_upgrades
from corridor_net.analysis.upgrade_sets.explain import explain, explain_summary
from corridor_net.analysis.upgrade_sets.explain_words import _component, _money, _time
from corridor_net.analysis.upgrade_sets.explanation import ComponentChange
from corridor_net.analysis.upgrade_sets.gateway_routes import gateway_routes
from corridor_net.analysis.upgrade_sets.telling import most_moved_pair
from corridor_net.analysis.upgrade_sets.upgrades import build, single_changes
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute
from corridor_net.render.words import Words
from corridor_net.rounding import BeforeAfter

CHANGES = """\
  - set: service
    where: {{service_id: line-gd}}
    field: sailings_per_week
    value: {}
  - set: terminal
    where: {{terminal_id: golf-rail_1435-port_out}}
    component: dwell
    field: hours
    value: {}
  - scale: link
    where: {{link_id: rail-ag}}
    field: speed_kmh
    by: {}
  - set: crossing
    where: {{crossing_id: bc-out}}
    component: queue
    field: hours
    value: {}
"""


@pytest.fixture
def make(write_yaml):
    def call(*values, text=CHANGES):
        body = "scenario: trial\ntitle: A trial\nchanges:\n" + text.format(*values)
        return cn.load_scenario(write_yaml("trial", body))

    return call


def both(net, scenario, **options):
    return Router(impedance(net), **options), Router(impedance(scenario.apply(net)), scenario="trial", **options)


def test_the_example_of_the_page(tiny, make):
    """docs/explain.md: 1,327.27 USD behind; the changes weigh 519.75, 297, 165 and 940.50 USD."""
    scenario = make(4, 12, 5, 120)
    found = explain(*both(tiny, scenario), "alfa", "delta", scenario=scenario)
    assert (found.before.gateway, found.after.gateway) == ("charlie", "golf")
    assert found.gap_before == pytest.approx(3498.08333 - 2170.8125, abs=1e-4)
    assert found.gap == pytest.approx(519.75 + 297 + 165 + 940.5 - found.gap_before)
    assert found.sets.enough == (("trial~1", "trial~4"),)
    assert found.sets.without == (("trial~4",),)
    assert found.runner_up.gateway == "charlie"
    sentences = [Words(names=found.names).text(one) for one in found.sentences]
    assert sentences[0] == "Alfa to Delta: the cargo moves from Charlie to Golf."
    assert "2 changes together are enough" in " ".join(sentences)
    assert "Without set queue hours of crossing bc-out to 120 it would have stayed." in sentences
    assert "Next best is Charlie, 595 USD behind (23.6% of 2,516 USD)." in sentences


def test_the_ledger_adds_up(tiny, make):
    scenario = make(4, 12, 5, 120)
    before, after = both(tiny, scenario, co2_price_usd_per_t=50.0)
    found = explain(before, after, "alfa", "delta", scenario=scenario)
    change = found.after.generalised_cost_usd - found.before.generalised_cost_usd
    assert sum(leg.generalised_change_usd for leg in found.legs) == pytest.approx(change)
    assert sum(c.generalised_change_usd for c in found.components) == pytest.approx(change)
    for measure in ("cost_usd", "hours"):
        parts = sum(getattr(c, f"{measure}_after") - getattr(c, f"{measure}_before") for c in found.components)
        assert parts == pytest.approx(getattr(found.after, measure) - getattr(found.before, measure)), measure
    assert "co2_price" in {c.component for c in found.components}
    assert sum((leg.cost_usd_after or 0) - (leg.cost_usd_before or 0) for leg in found.legs) == pytest.approx(
        found.after.cost_usd - found.before.cost_usd
    )
    status = {leg.key: leg.status for leg in found.legs}
    assert status["link:road-ab:alfa:road"] == "left"
    assert status["board:line-gd:1"] == "taken"
    assert status["terminal:delta-port_in-destination"] == "same"
    assert found.old_way_after.generalised_cost_usd > found.after.generalised_cost_usd
    assert found.new_way_before.generalised_cost_usd > found.before.generalised_cost_usd


@pytest.mark.parametrize("seed", range(6))
def test_sets_are_those_of_enumeration(tiny, make, seed):
    """Every subset of the changes applied, compiled and routed afresh; smallest sets by definition."""
    draw = random.Random(seed)  # noqa: S311
    scenario = make(draw.choice([2, 3, 5]), draw.choice([1, 12, 30]), draw.choice([1.2, 4, 9]), draw.choice([70, 160]))
    before, after = both(tiny, scenario)
    found = explain(before, after, "alfa", "delta", scenario=scenario)
    names = [f"trial~{n}" for n in range(1, 5)]

    def gateway(chosen):
        steps = tuple(step for step in scenario.steps if f"trial~{step[2]}" in chosen)
        net = replace(scenario, steps=steps).apply(tiny) if steps else tiny
        return Router(impedance(net)).route("alfa", "delta").gateway

    if found.after.gateway == "charlie":
        assert found.sets.enough == found.sets.without == ()
        return
    subsets = [set(c) for size in range(5) for c in itertools.combinations(names, size)]
    enough = [s for s in subsets if gateway(s) == "golf"]
    without = [s for s in subsets if gateway(set(names) - s) != "golf"]
    for sets, known in ((found.sets.enough, enough), (found.sets.without, without)):
        least = min(map(len, known))
        assert sorted(map(sorted, sets)) == sorted(sorted(s) for s in known if len(s) == least)


def test_what_cannot_matter_is_left_out_and_nothing_else(imp2019):
    whole = cn.load_scenario("longjiang-belt")
    subsets = build(Router(imp2019), single_changes(whole), lenient=True)
    kept = relevant_upgrades(subsets, ["yanji"], ["niigata"])
    assert 0 < len(kept) < len(subsets.upgrades)
    bits = sum(1 << n for n in kept)
    draw = random.Random(1)  # noqa: S311
    masks = [draw.randrange(subsets.full + 1) for _ in range(60)]
    cost = subsets.solve([*masks, *(mask & bits for mask in masks)], ["yanji"], ["niigata"]).cost[:, 0, 0]
    np.testing.assert_array_equal(cost[:60], cost[60:])


def layered(router, gateway):
    """A second way to the best route by one gateway: two layers, before and after the sea."""
    graph = nx.DiGraph()
    for arc, weight in zip(router.impedance.arcs, router.weight.tolist(), strict=True):
        sea = arc.kind in ("board", "sail", "charter")
        steps = [((1, arc.tail), (1, arc.head))]
        if not sea:
            steps.append(((0, arc.tail), (0, arc.head)))
        elif arc.kind != "sail" and arc.from_node == gateway:
            steps.append(((0, arc.tail), (1, arc.head)))
        for tail, head in steps:
            if weight < graph.get_edge_data(tail, head, {"weight": np.inf})["weight"]:
                graph.add_edge(tail, head, weight=weight)
    return graph


@pytest.mark.parametrize("origin", ["harbin", "yanji"])
def test_the_best_by_every_gateway(imp2019, origin):
    router = Router(imp2019)
    found = gateway_routes(router, origin, "niigata")
    assert found[0].generalised_cost_usd == pytest.approx(router.route(origin, "niigata").generalised_cost_usd)
    assert len({route.gateway for route in found}) == len(found) > 4
    assert [r.generalised_cost_usd for r in found] == sorted(r.generalised_cost_usd for r in found)
    index = router.impedance.index
    for route in found:
        known = nx.shortest_path_length(
            layered(router, route.gateway), (0, index[origin, "origin"]), (1, index["niigata", "destination"]), "weight"
        )
        assert route.generalised_cost_usd == pytest.approx(known)


def test_gateways_of_imports_are_where_the_cargo_lands(imp2019):
    router = Router(imp2019)
    found = gateway_routes(router, "niigata", "harbin")
    assert found[0].gateway == router.route("niigata", "harbin").gateway
    assert found[0].generalised_cost_usd == pytest.approx(router.route("niigata", "harbin").generalised_cost_usd)
    assert len({route.gateway for route in found}) == len(found) > 1


def test_the_same_way(tiny, make):
    scenario = make(1.5, 12, 1.1, 7)
    found = explain(*both(tiny, scenario), "alfa", "delta", scenario=scenario)
    assert not found.moved
    assert found.sets.enough == ()
    assert "the same way as before" in str(found.sentences[0])
    assert found.after.generalised_cost_usd - found.before.generalised_cost_usd == pytest.approx(8.25)


def test_by_time_the_gap_is_in_hours(tiny, make):
    scenario = make(4, 12, 5, 160)
    found = explain(*both(tiny, scenario, by="time"), "alfa", "delta", scenario=scenario)
    assert found.unit == "h"
    assert found.gap == pytest.approx(found.runner_up.hours - found.after.hours)


def test_routers_that_cannot_be_compared(tiny, net2019):
    router = Router(impedance(tiny))
    with pytest.raises(BadValue, match="same thing"):
        explain(router, Router(impedance(tiny), by="time"), "alfa", "delta")
    with pytest.raises(NoRoute):
        explain(router, router, "golf", "delta")


def test_the_finding_of_the_study(comparison):
    run, origin = most_moved_pair(comparison)
    effect = comparison.effect(run)
    assert run.scenario == "longjiang-belt"
    assert origin in effect.switched
    assert effect.generalised_change_usd == min(
        comparison.effect(r).generalised_change_usd for r in comparison.scenario_runs("baseline-2019")
    )
    found = explain_summary(comparison)
    assert found.lines
    assert found.data["gateway_changed"]
    json.dumps(found.data)


def test_the_command(cli):
    done = cli("explain", "yanji", "niigata", "-s", "primorye-2", "--as-of", "2019-07-01", "--json")
    assert done.code == 0
    data = json.loads(done.out)
    assert data["gateway_changed"]
    assert data["changes"]["enough"] == [["primorye-2~4"]]
    assert done.out.count("\n") > 50
    text = cli("explain", "yanji", "niigata", "-s", "primorye-2", "--as-of", "2019-07-01")
    assert text.out.startswith("Yanji to Niigata: the cargo moves from Dalian to Zarubino.")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["yanji", "niigata"], "needs a scenario"),
        (["yanji", "niigata", "-s", "primorye-3"], "did you mean"),
        (["yanji", "nigata", "-s", "primorye-2"], "did you mean"),
        (["yanji", "yanji", "-s", "primorye-2"], "both"),
    ],
)
def test_mistakes_of_the_command(cli, arguments, word):
    done = cli("explain", *arguments)
    assert done.code == 2
    assert word in done.err
    assert done.out == ""


NORTHERN = Path(__file__).parents[3] / "docs" / "examples" / "northern-corridor"


@pytest.mark.parametrize("ends", [("mombasa", "kampala"), ("dar-es-salaam", "kampala"), ("mombasa", "nairobi")])
def test_no_way_by_another_gateway_passes_its_destination_or_comes_back(ends):
    router = cn.load(geodata=NORTHERN).router
    found = gateway_routes(router, *ends)
    assert found[0].generalised_cost_usd == pytest.approx(router.route(*ends).generalised_cost_usd)
    for route in found:
        passed = [leg.from_node for leg in route.legs if leg.distance_km and leg.kind != "sail"]
        assert ends[1] not in passed, route.gateway
        assert len(set(passed)) == len(passed), route.gateway
    assert ends != ("mombasa", "kampala") or "port-bell" not in {route.gateway for route in found}


def test_what_changes_by_less_than_is_told_is_as_much_and_as_long():
    """A change is that of its ends as shown, 1,000 USD and 10 days before."""

    def money(usd):
        return str(_money(usd, BeforeAfter(*sorted((1000.0, 1000.0 + usd)))))

    def time(days):
        return str(_time(days, BeforeAfter(*sorted((10.0, 10.0 + days)))))

    assert [money(usd) for usd in (0.5, 0.4, -0.4, 3.0, -3.0)] == ["as much"] * 3 + ["3 USD more", "3 USD less"]
    assert [money(usd) for usd in (0.51, -0.51)] == ["1 USD more", "1 USD less"]
    assert [time(days) for days in (0.06, -0.06)] == ["0.1 days more", "0.1 days less"]
    assert [time(days) for days in (0.04, -0.04)] == ["as long"] * 2
    assert [time(days) for days in (2.0, -2.0)] == ["2.0 days more", "2.0 days less"]


@pytest.mark.parametrize(
    ("usd", "hours", "told"),
    [
        (0.51, 0.04, "rail +1 USD"),
        (0.5, 0.05, "rail +0.1 h"),
        (-3.0, -2.0, "rail -3 USD and -2.0 h"),
        (0.5, 0.04, "rail worth +1 USD"),
    ],
)
@pytest.mark.whole
def test_a_component_is_told_by_what_is_not_printed_as_nothing(usd, hours, told):
    one = ComponentChange(component="haul", cost_usd_before=1.0, cost_usd_after=1 + usd, hours_before=1.0,
                          hours_after=1 + hours, generalised_change_usd=0.83)  # fmt: skip
    assert Words(names={"haul": "rail"}).text(_component(one)) == told
