"""Routes held to independent oracles: networkx on the compiled arcs, and every order of the stops one by one."""

from __future__ import annotations

import heapq
import itertools
import math
import random
from dataclasses import replace

import networkx as nx
import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.notes import assumptions, weak_share
from corridor_net.costing import MINIMISED, impedance
from corridor_net.errors import BadValue, NoRoute, UnknownName

PAIRS = [("harbin", "niigata"), ("hunchun", "tokyo"), ("heihe", "mk_sapporo"), ("manzhouli", "sakaiminato")]
DAYS = ("2009-01-01", "2016-07-01", "2019-07-01", "2026-07-01")


@pytest.fixture(scope="module")
def routers(imp2019):
    return {by: cn.Router(imp2019, by=by) for by in MINIMISED}


def weight_of(router, route):
    return float(router.weight[list(route.arcs)].sum())


# against networkx


@pytest.mark.parametrize("by", MINIMISED)
def test_every_pair_equals_networkx(routers, net2019, by):
    router = routers[by]
    compiled = router.impedance
    graph = nx.MultiDiGraph()
    for step, weight in zip(compiled.arcs, router.weight.tolist(), strict=True):
        graph.add_edge(compiled.states[step.tail], compiled.states[step.head], weight=weight)
    checked = 0
    for origin in net2019.markets("origin"):
        distance = nx.single_source_dijkstra_path_length(graph, (origin.node_id, "origin"))
        for market in net2019.markets("market"):
            expected = distance.get((market.node_id, "destination"))
            if expected is None:
                with pytest.raises(NoRoute):
                    router.route(origin.node_id, market.node_id)
                continue
            route = router.route(origin.node_id, market.node_id)
            assert weight_of(router, route) == pytest.approx(expected)
            checked += 1
    assert checked == len(net2019.markets("origin")) * len(net2019.markets("market"))


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("cargo", ["dry_20", "grain_20"])
def test_other_days_and_cargoes_equal_networkx(shipped, day, cargo):
    router = cn.Router(impedance(shipped.as_of(day), cargo))
    compiled = router.impedance
    graph = nx.MultiDiGraph()
    for step, weight in zip(compiled.arcs, router.weight.tolist(), strict=True):
        graph.add_edge(step.tail, step.head, weight=weight)
    for origin, goal in PAIRS:
        ends = (compiled.index[origin, "origin"], compiled.index[goal, "destination"])
        expected = nx.dijkstra_path_length(graph, *ends)
        assert router.route(origin, goal).generalised_cost_usd == pytest.approx(expected)


def test_the_measure_that_is_minimised_is_the_least(routers):
    """Each of the four ways of choosing is best in its own measure."""
    measure = {
        "generalised": lambda r: r.generalised_cost_usd,
        "money": lambda r: r.cost_usd,
        "time": lambda r: r.hours,
        "co2": lambda r: r.co2_kg,
    }
    for origin, goal in PAIRS:
        found = {by: router.route(origin, goal) for by, router in routers.items()}
        for by, value in measure.items():
            for route in found.values():
                assert value(found[by]) <= value(route) + 1e-6


def test_schedule_equals_networkx_too(imp2019):
    router = cn.Router(imp2019, by="time", schedule=True)
    graph = nx.MultiDiGraph()
    for step, hours in zip(imp2019.arcs, imp2019.total_hours(schedule=True).tolist(), strict=True):
        graph.add_edge(step.tail, step.head, weight=hours)
    for origin, goal in PAIRS:
        ends = (imp2019.index[origin, "origin"], imp2019.index[goal, "destination"])
        assert router.route(origin, goal).hours == pytest.approx(nx.dijkstra_path_length(graph, *ends))


# against every order of the stops


def brute(router, origin, goal, stops):
    """Return the least weight through all stops: Dijkstra leg by leg, for every order in which they may be passed."""
    compiled = router.impedance
    leaving: dict[int, list[tuple[int, float, int]]] = {}
    for number, step in enumerate(compiled.arcs):
        leaving.setdefault(step.tail, []).append((step.head, float(router.weight[number]), number))

    def search(start):
        distance, heap = dict(start), [(d, s) for s, d in start.items()]
        heapq.heapify(heap)
        while heap:
            reached, state = heapq.heappop(heap)
            if reached > distance[state]:
                continue
            for head, weight, _ in leaving.get(state, ()):
                if reached + weight < distance.get(head, math.inf):
                    distance[head] = reached + weight
                    heapq.heappush(heap, (reached + weight, head))
        return distance

    def at_port(step):
        name = compiled.states[step.head][1]
        seaport = compiled.network.nodes[step.to_node].node_type == "seaport"
        return not seaport or name in ("port_out", "port_in", "charter", "destination") or name.startswith("aboard:")

    best = math.inf
    for order in itertools.permutations([s for s in stops if s != origin]):
        distance = search({compiled.index[origin, "origin"]: 0.0})
        for stop in order:
            entered: dict[int, float] = {}
            for number, step in enumerate(compiled.arcs):
                if step.to_node == stop and step.tail in distance and at_port(step):
                    reached = distance[step.tail] + float(router.weight[number])
                    entered[step.head] = min(reached, entered.get(step.head, math.inf))
            distance = search(entered)
        best = min(best, distance.get(compiled.index[goal, "destination"], math.inf))
    return best


@pytest.mark.parametrize(
    "stops",
    [
        ["vladivostok"],
        ["busan"],
        ["suifenhe", "vladivostok"],
        ["vladivostok", "suifenhe"],
        ["dalian", "busan"],
        ["busan", "vladivostok", "suifenhe"],
        ["changchun", "hunchun", "vostochny"],
        ["shenyang", "dalian", "kobe"],
        ["harbin"],
        ["niigata"],
        ["daqing", "jilin", "yingkou"],
    ],
)
@pytest.mark.parametrize("by", ["generalised", "time"])
def test_via_equals_every_order_of_the_stops(routers, stops, by):
    router = routers[by]
    expected = brute(router, "harbin", "niigata", stops)
    if expected == math.inf:
        with pytest.raises(NoRoute):
            router.route("harbin", "niigata", via=stops)
        return
    route = router.route("harbin", "niigata", via=stops)
    assert weight_of(router, route) == pytest.approx(expected)
    passed = {leg.from_node for leg in route.legs} | {leg.to_node for leg in route.legs}
    assert set(stops) <= passed


def test_via_in_any_order_and_any_language_is_one_route(routers):
    router = routers["generalised"]
    one = router.route("harbin", "niigata", via=["suifenhe", "vladivostok"])
    other = router.route("Харбин", "新潟", via=["RUVVO", "绥芬河", "vladivostok"])
    assert one == other


def test_via_never_lowers_the_minimum(routers, net2019):
    router = routers["generalised"]
    free = router.route("harbin", "niigata").generalised_cost_usd
    for name in ("dalian", "vladivostok", "hunchun", "tianjin"):
        assert router.route("harbin", "niigata", via=[name]).generalised_cost_usd >= free - 1e-6


def test_a_stop_on_the_way_costs_nothing(routers):
    router = routers["generalised"]
    free = router.route("harbin", "niigata")
    again = router.route("harbin", "niigata", via=[free.gateway])
    assert again.generalised_cost_usd == pytest.approx(free.generalised_cost_usd)


def test_a_lorry_that_drives_by_does_not_pass_a_port(routers):
    """A seaport named as a stop means its port."""
    route = routers["generalised"].route("harbin", "niigata", via=["vladivostok"])
    assert any(leg.from_node == "vladivostok" and leg.kind in ("board", "sail", "terminal") for leg in route.legs)
    assert route.gateway == "vladivostok"


# what a route says of itself


@pytest.fixture(scope="module")
def many(routers, net2019):
    pick = random.Random(7)  # noqa: S311
    origins = [m.node_id for m in net2019.markets("origin")]
    markets = [m.node_id for m in net2019.markets("market")]
    pairs = [(pick.choice(origins), pick.choice(markets)) for _ in range(40)]
    return [router.route(*pair) for router in routers.values() for pair in pairs]


def test_components_sum_to_totals(many, imp2019):
    for route in many:
        assert sum(route.component("cost_usd").values()) == pytest.approx(route.cost_usd)
        assert sum(route.component("hours").values()) == pytest.approx(route.hours)
        assert sum(leg.co2_kg for leg in route.legs) == pytest.approx(route.co2_kg)
        assert sum(leg.distance_km for leg in route.legs) == pytest.approx(route.distance_km)
        assert sum(leg.spread_hours for leg in route.legs) == pytest.approx(route.spread_hours)
        for leg in route.legs:
            assert sum(p.get("hours", 0) for p in leg.components.values()) == pytest.approx(leg.hours)
            assert sum(p.get("cost_usd", 0) for p in leg.components.values()) == pytest.approx(leg.cost_usd)
            assert list(leg.components) == [name for name in imp2019.components if name in leg.components]


def test_generalised_cost_is_money_and_the_value_of_hours_and_of_their_spread(many, imp2019):
    cargo = imp2019.cargo
    assert cargo.reliability_ratio > 0
    for route in many:
        assert route.spread_hours > 0
        worth = cargo.value_of_time * (route.hours + cargo.reliability_ratio * route.spread_hours)
        assert route.generalised_cost_usd == pytest.approx(route.cost_usd + worth)


def test_legs_follow_one_another(many):
    for route in many:
        assert route.legs[0].from_node == route.origin
        assert route.legs[-1].to_node == route.destination
        for here, there in itertools.pairwise(route.legs):
            assert here.to_node == there.from_node
        assert len({leg.key for leg in route.legs}) == len(route.legs)
        assert route.legs[0].kind == "terminal"
        assert route.legs[-1].kind == "terminal"


def test_every_measure_is_finite(many):
    for route in many:
        for value in (route.cost_usd, route.hours, route.co2_kg, route.generalised_cost_usd, route.spread_hours):
            assert math.isfinite(value)
            assert value >= 0


def test_the_gateway_is_where_the_cargo_leaves_the_mainland(many, net2019):
    for route in many:
        ships = [leg for leg in route.legs if leg.kind in ("sail", "charter")]
        assert route.gateway == ships[0].from_node
        assert net2019.nodes[route.gateway].node_type == "seaport"
        assert net2019.nodes[route.gateway].country != "JP"


def test_the_gateway_of_imports_is_where_they_land(imp2019):
    route = cn.Router(imp2019).route("niigata", "harbin", via=["busan"])
    ships = [leg for leg in route.legs if leg.kind == "sail"]
    assert [leg.to_node for leg in ships].index("busan") < len(ships) - 1
    assert route.gateway == ships[-1].to_node
    assert imp2019.network.nodes[route.gateway].country == "CN"


def test_a_stop_at_the_origin_is_made_at_once(make_tiny):
    """Golf is a port; cargo that starts there and leaves by rail has been there."""

    def terminals(rows):
        for node, here, there in (("golf", "origin", "rail_1435"), ("alfa", "rail_1435", "road")):
            rows.append({"terminal_id": f"{node}-{here}-{there}", "node_id": node, "from_state": here,
                         "to_state": there, "operation_id": "load_rail"})  # fmt: skip

    net = make_tiny(terminal=terminals, service=lambda rows: rows[1].update(valid_to="2018-01-01", end_reason="sold"))
    router = cn.Router(impedance(net))
    assert router.route("golf", "delta", via=["golf"]) == router.route("golf", "delta")


def test_no_gateway_without_a_ship(routers):
    route = routers["generalised"].route("harbin", "vladivostok")
    ships = [leg for leg in route.legs if leg.kind == "sail"]
    assert (route.gateway is None) == (not ships)
    assert routers["generalised"].route("harbin", "daqing").gateway is None


def test_schedule_is_never_longer_than_realised(many, imp2019):
    planned = cn.Router(imp2019, schedule=True)
    for route in many:
        same_way = planned.describe(route.origin, route.destination, route.arcs)
        assert same_way.hours <= route.hours + 1e-9
        assert same_way.cost_usd == pytest.approx(route.cost_usd)
        assert not {"wait", "queue", "dwell"} & set(same_way.component("hours"))
        assert sum(leg.hours for leg in same_way.legs) == pytest.approx(same_way.hours)
        assert sum(leg.cost_usd for leg in same_way.legs) == pytest.approx(same_way.cost_usd)


def test_grade_shares_sum_to_one(many):
    for route in many:
        for shares in route.grade_shares().values():
            assert sum(shares.values()) == pytest.approx(1)
            assert set(shares) <= set("ABCD")
        weak = weak_share(route)
        assert all(0 <= share <= 1 + 1e-9 for share in weak.values())


def test_a_leg_s_grade_is_that_of_its_weakest_figure(routers, imp2019):
    route = routers["generalised"].route("harbin", "niigata")
    for leg, number in zip(route.legs, route.arcs, strict=True):
        assert leg.grade == max(part.grade for part in imp2019.arcs[number].parts)
        assert set(leg.source_ids) == {s for part in imp2019.arcs[number].parts for s in part.source_ids}


def test_assumptions_are_said(shipped):
    tariffs = [replace(row, price_year=2020) for row in shipped.rows("tariff")]
    network = shipped.with_rows(tariff=tariffs).as_of("2009-01-01")
    notes = assumptions(cn.Router(impedance(network)).route("harbin", "niigata"), network)
    assert any("rate of 2020 taken to 2009" in note for note in notes)
    winter = cn.load(as_of="2019-02-01")
    route = winter.route("harbin", "niigata", via=["vladivostok"])
    assert any(note.startswith("season: ") for note in assumptions(route, winter.network))


def test_waiting_dominates_time_and_land_and_transfers_dominate_cost(shipped):
    """What the published record says of these corridors, on the direct liner that sailed three times a month."""
    router = cn.Router(impedance(shipped.as_of("2013-07-01")))
    route = router.route("hunchun", "niigata", via=["zarubino"])
    hours = route.component("hours")
    moving = hours["haul"] + hours["sailing"]
    assert route.hours - moving > 0.6 * route.hours
    assert route.component("cost_usd")["freight"] < 0.5 * route.cost_usd


# no route


def test_no_route_is_an_error_never_infinity(routers):
    router = routers["generalised"]
    with pytest.raises(NoRoute, match="no route from harbin to baranovsky") as caught:
        router.route("harbin", "baranovsky")
    assert caught.value.exit_code == 1
    assert isinstance(caught.value, LookupError)
    assert "inf" not in str(caught.value).replace("information", "")


def test_no_route_where_all_is_closed(tiny):
    shut = tiny.with_rows(service=())
    with pytest.raises(NoRoute, match="no route from alfa to delta on 2019-07-01"):
        cn.Router(impedance(shut)).route("alfa", "delta")


def test_no_route_says_what_ended(make_tiny):
    net = make_tiny(
        service=lambda rows: (
            [row.update(valid_to="2018-01-01", end_reason=f"{row['name']} sold") for row in rows] and None
        )
    )
    with pytest.raises(NoRoute) as caught:
        cn.Router(impedance(net)).route("alfa", "delta")
    assert "Charlie - Delta sold" in caught.value.hint
    assert "Golf - Delta sold" in caught.value.hint


def test_no_route_the_wrong_way(tiny):
    with pytest.raises(NoRoute, match="no route from delta to alfa"):
        cn.Router(impedance(tiny)).route("delta", "alfa")


def test_a_directed_link_goes_one_way(make_tiny):
    net = make_tiny(link=lambda rows: rows[0].update(directed=1, from_node_id="bravo", to_node_id="alfa"))
    assert cn.Router(impedance(net)).route("alfa", "delta").gateway == "golf"


@pytest.mark.parametrize(
    ("arguments", "options", "kind"),
    [
        (("harbin", "harbin"), {}, BadValue),
        (("harbin", "HARBIN"), {}, BadValue),
        (("harbn", "niigata"), {}, UnknownName),
        (("harbin", "niigata"), {"via": ["nowhere"]}, UnknownName),
        (("harbin", "niigata"), {"via": ["dalian", "busan", "tokyo", "osaka", "kobe", "nagoya", "toyama"]}, BadValue),
    ],
)
def test_questions_that_cannot_be_asked(routers, arguments, options, kind):
    with pytest.raises(kind):
        routers["generalised"].route(*arguments, **options)


def test_an_unknown_measure(imp2019):
    with pytest.raises(BadValue, match="'cost' cannot be minimised"):
        cn.Router(imp2019, by="cost")


# the same every time


def test_routes_are_the_same_every_time(shipped):
    first, second = (cn.Router(impedance(shipped.as_of("2019-07-01"))) for _ in range(2))
    for pair in PAIRS:
        assert first.route(*pair) == second.route(*pair) == first.route(*pair)


def test_a_question_asked_before_changes_no_answer(imp2019):
    fresh = cn.Router(imp2019).route("harbin", "niigata")
    used = cn.Router(imp2019)
    used.route("hunchun", "tokyo", via=["vladivostok"])
    used.route("heihe", "niigata")
    assert used.route("harbin", "niigata") == fresh


def test_ties_go_to_the_route_of_fewest_arcs(tiny):
    router = cn.Router(impedance(tiny))
    zero = np.zeros(len(router.impedance.arcs))
    from corridor_net.graph import Weighted

    source, goal = router.end_state("alfa", "origin"), router.end_state("delta", "destination")
    path = Weighted.of(router.graph, zero).shortest_path(source, goal)[1]
    assert len(path) == 6  # by rail: load, haul, port, board, sail, unload


# the front door


def test_the_model_asks_the_same(shipped):
    model = cn.load(as_of="2019-07-01")
    router = cn.Router(impedance(shipped.as_of("2019-07-01")))
    assert model.route("harbin", "niigata").route == router.route("harbin", "niigata")
    upgraded = model.with_scenario("primorye-1")
    assert (
        upgraded.route("suifenhe", "niigata", via=["vladivostok"]).hours
        < model.route("suifenhe", "niigata", via=["vladivostok"]).hours
    )
    assert upgraded.route("harbin", "niigata").route.scenario == "primorye-1"
    assert model.scenario is None
    with pytest.raises(BadValue, match="load\\(\\) knows no 'asof'") as caught:
        cn.load(asof="2019-07-01")
    assert caught.value.hint == "did you mean 'as_of'?"


def test_scenarios_one_after_the_other_are_scenarios_together():
    base = cn.load(as_of="2019-07-01")
    together = base.with_scenario("suifenhe-faster", "harbin-mudanjiang")
    after = base.with_scenario("suifenhe-faster").with_scenario("harbin-mudanjiang")
    assert after.scenario.name == together.scenario.name == "suifenhe-faster+harbin-mudanjiang"
    assert after.route("mudanjiang", "niigata").route == together.route("mudanjiang", "niigata").route
    # what both extend is applied once
    assert base.with_scenario("suifenhe-faster").with_scenario("primorye-1").scenario.lineage


def test_results_print_well(shipped):
    model = cn.load(as_of="2016-07-01", scenarios=["suifenhe-faster"])
    route = model.route("harbin", "niigata")
    assert str(route).startswith("harbin to niigata as of 2016-07-01: ")
    assert "gateway dalian" in str(route)
    assert "with suifenhe-faster" in repr(model)
    for shown in (model._repr_html_(), route._repr_html_()):
        assert shown.startswith("<p>")
    assert route._repr_html_().count("<tr>") == len(route.legs) + 2  # the head, and the total
    assert len(repr(route)) < 1000
    assert repr(model.network).startswith("<Network as of 2016-07-01: ")
