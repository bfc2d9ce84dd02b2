"""Trade-offs against every simple path of a small network, and the example of the page."""

import itertools

import networkx as nx
import numpy as np
import pytest

from corridor_net.analysis.breakeven import breakeven
from corridor_net.analysis.router import Router
from corridor_net.analysis.trade_offs import CRITERIA, trade_offs
from corridor_net.analysis.varied import VALUE_OF_TIME
from corridor_net.costing import Objective, impedance
from corridor_net.errors import BadValue, NoRoute, Place, UnknownName
from corridor_net.graph import Weighted
from corridor_net.graph.beside.pareto import vot_bands
from corridor_net.scenario.load import scenario_from
from corridor_net.scenario.model import ScenarioFile


def every_total(router, origin, destination):
    """Totals of every simple path, the slow way."""
    graph = nx.MultiDiGraph()
    tails, heads = router.impedance.tail.tolist(), router.impedance.head.tolist()
    for arc, (tail, head) in enumerate(zip(tails, heads, strict=True)):
        graph.add_edge(tail, head, key=arc)
    ends = router.end_state(origin, "origin"), router.end_state(destination, "destination")
    amounts = np.array([router.money, router.timed_hours, router.impedance.co2_kg]).T
    paths = nx.all_simple_edge_paths(graph, *ends)
    return np.array([amounts[[arc for _, _, arc in path]].sum(axis=0) for path in paths])


def undominated(totals, columns):
    kept = []
    for row in totals:
        values = row[columns]
        if not any((other[columns] <= values).all() and (other[columns] < values).any() for other in totals):
            kept.append(tuple(np.round(row, 6)))
    return set(kept)


@pytest.fixture(scope="module")
def small(tiny):
    return Router(impedance(tiny))


@pytest.fixture(scope="module")
def shipped_router(imp2019):
    return Router(imp2019)


@pytest.mark.whole
@pytest.mark.parametrize("criteria", [CRITERIA, ("money", "hours"), ("co2",), ("hours", "co2")])
def test_the_front_is_that_of_every_path(small, criteria):
    origin = small.network.markets("origin")[0].node_id
    goal = small.network.markets("market")[0].node_id
    found = trade_offs(small, origin, goal, criteria=criteria)
    columns = [CRITERIA.index(name) for name in criteria]
    totals = every_total(small, origin, goal)
    assert len(totals) > 1
    wanted = {tuple(np.array(row)[columns]) for row in undominated(totals, columns)}
    assert {tuple(np.round([r.cost_usd, r.timed_hours, r.co2_kg], 6)[columns]) for r in found.routes} == wanted


def test_the_example_of_the_page():
    counted = Objective(value_of_time=5.0, reliability_ratio=0.5).timed(np.array([48, 39, 30]), np.array([4, 2, 0]))
    assert counted.tolist() == [50.0, 40.0, 30.0]
    bands = vot_bands([100.0, 130.0, 200.0], counted).tolist()
    assert bands == [[0.0, 3.0], [3.0, 7.0], [7.0, float("inf")]]


def test_the_bands_are_those_of_breakeven(shipped_router):
    """Two ways to one answer: the hull of the front, and the parametric search of one figure."""
    found = trade_offs(shipped_router, "harbin", "niigata", criteria=("money", "hours"))
    bands = [r.value_of_time for r in found.routes if r.value_of_time]
    edges = sorted(low for low, _ in bands)
    known = breakeven(shipped_router, "harbin", "niigata").bands(VALUE_OF_TIME)
    assert edges == pytest.approx([band.low for band in known.bands], rel=1e-6)


def test_the_best_of_each_criterion_is_there_and_none_beats_another(shipped_router):
    found = trade_offs(shipped_router, "harbin", "niigata")
    rows = [(r.cost_usd, r.timed_hours, r.co2_kg) for r in found.routes]
    for a, b in itertools.permutations(rows, 2):
        assert not all(x <= y for x, y in zip(a, b, strict=True))
    ends = shipped_router.end_state("harbin", "origin"), shipped_router.end_state("niigata", "destination")
    amounts = (shipped_router.money, shipped_router.timed_hours, shipped_router.impedance.co2_kg)
    for column, weight in enumerate(amounts):
        best = Weighted.of(shipped_router.graph, weight).shortest_path(*ends)[0]
        assert min(row[column] for row in rows) == pytest.approx(best)
        assert any(r.shown for r, row in zip(found.routes, rows, strict=True) if row[column] == pytest.approx(best))


@pytest.mark.parametrize("carbon", [0.0, 150.0])
@pytest.mark.parametrize("schedule", [False, True])
@pytest.mark.parametrize("pair", [("harbin", "niigata"), ("hunchun", "tokyo"), ("suifenhe", "niigata")])
def test_the_best_route_is_on_the_front_and_marked_whatever_an_hour_is_worth(net2019, pair, schedule, carbon):
    """The front of money and hours holds the least of every generalised cost; the one of now is told and shown."""
    for worth in (0.0, 2.0, 11.0, 60.0):
        imp = impedance(net2019, value_of_time_usd_per_hour=worth)
        router = Router(imp, schedule=schedule, co2_price_usd_per_t=carbon)
        best = router.route(*pair)
        for criteria in (CRITERIA, ("money", "hours")):
            found = trade_offs(router, *pair, criteria=criteria, show=1)
            (now,) = (route for route in found.routes if route.best_now)
            assert now.shown
            assert sum(route.shown for route in found.routes) == 1
            told = router.describe(*pair, now.arcs)
            assert told.generalised_cost_usd == pytest.approx(best.generalised_cost_usd, rel=1e-6)


@pytest.mark.parametrize("pair", [("harbin", "niigata"), ("hunchun", "tokyo"), ("suifenhe", "niigata")])
def test_the_bands_that_are_shown_meet_where_there_is_room_for_all(shipped_router, pair):
    """A reader sees which route is the best at any value of an hour, none between two rows."""
    found = trade_offs(shipped_router, *pair, show=8)
    shown = [route for route in found.routes if route.shown]
    bands = sorted(route.value_of_time for route in shown if route.value_of_time)
    assert len(shown) <= 8
    assert (bands[0][0], bands[-1][1]) == (0, None)
    assert [low for low, _ in bands[1:]] == pytest.approx([high for _, high in bands[:-1]])


def test_the_bands_are_those_of_breakeven_with_a_price_of_carbon(imp2019):
    router = Router(imp2019, co2_price_usd_per_t=150.0)
    found = trade_offs(router, "hunchun", "niigata", criteria=("money", "hours"))
    edges = sorted(r.value_of_time[0] for r in found.routes if r.value_of_time)
    known = breakeven(router, "hunchun", "niigata").bands(VALUE_OF_TIME)
    assert edges == pytest.approx([band.low for band in known.bands], rel=1e-6)


def test_without_money_or_hours_no_value_of_time_is_told(shipped_router):
    for criteria in (("co2",), ("hours", "co2"), ("money", "co2")):
        found = trade_offs(shipped_router, "harbin", "niigata", criteria=criteria)
        assert {route.value_of_time for route in found.routes} == {None}
        assert not any(route.best_now for route in found.routes)


def test_with_epsilon_each_route_left_out_is_nearly_reached(shipped_router):
    whole = trade_offs(shipped_router, "harbin", "niigata").routes
    few = trade_offs(shipped_router, "harbin", "niigata", epsilon=0.2).routes
    assert len(few) <= len(whole)
    for r in whole:
        assert any(
            f.cost_usd <= 1.2 * r.cost_usd + 1e-6
            and f.timed_hours <= 1.2 * r.timed_hours + 1e-6
            and f.co2_kg <= 1.2 * r.co2_kg + 1e-6
            for f in few
        )


@pytest.mark.whole
@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"criteria": ("beauty",)}, BadValue),
        ({"criteria": ()}, BadValue),
        ({"criteria": ("money", "money")}, BadValue),
        ({"epsilon": -0.1}, BadValue),
        ({"show": 0}, BadValue),
    ],
)
def test_bad_questions(small, options, error):
    origin, goal = (small.network.markets(role)[0].node_id for role in ("origin", "market"))
    with pytest.raises(error):
        trade_offs(small, origin, goal, **options)


def test_unknown_places(small):
    with pytest.raises(UnknownName):
        trade_offs(small, "atlantis", small.network.markets("market")[0].node_id)


def test_no_route(shipped):
    import corridor_net as cn

    closed = [{"close": "service", "where": {"service_id": "*"}}]
    network = scenario_from(
        ScenarioFile(scenario="x", title="x", changes=closed), lambda *keys: Place(str(keys))
    ).apply(cn.load(as_of="2019-07-01").network)
    with pytest.raises(NoRoute):
        trade_offs(Router(impedance(network)), "harbin", "niigata")
