"""The best way by each gateway in every draw, against networkx on states that remember the gateway."""

from collections import Counter

import networkx as nx
import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.costing import VALUE_OF_TIME, impedance
from corridor_net.errors import BadValue
from corridor_net.uncertainty.ensembles.by_gateway import _looked_at, by_gateway
from corridor_net.uncertainty.ensembles.ensemble import distributions_of_router
from corridor_net.uncertainty.factors.draws import Factors, inverse_normal
from corridor_net.uncertainty.sensitivity import gateway_model, screening
from corridor_net.uncertainty.sensitivity.gateway_model import GatewayModel
from corridor_net.uncertainty.sensitivity.indices import morris_design, morris_effects
from laws.networks import least_by_gateway, small, weighed

PAIRS = [("n0", "jport"), ("r1", "jport"), ("n0", "r1"), ("jport", "n0"), ("jport2", "n0")]


def weights(router, factors, draw):
    return weighed(router, lambda name: float(factors.factor(name, draw, 1)[0]))


@pytest.mark.parametrize("seed", range(4))
def test_on_small_networks(seed):
    router, count = Router(impedance(small(seed))), 6
    factors = Factors(distributions_of_router(router), seed)
    pairs = [pair for pair in PAIRS if least_by_gateway(router, router.weight, pair)]
    found = by_gateway(router, pairs, factors, count)
    costs, gates = found.under(factors, count).generalised, np.array(found.gateways)
    assert len(set(found.gateways)) > 1
    for draw in range(count):
        weight = weights(router, factors, draw)
        for number, pair in enumerate(found.pairs):
            least, own = least_by_gateway(router, weight, pair), found.owner == number
            assert costs[own, draw].min() == pytest.approx(min(least.values()), abs=1e-6)
            standing = least_by_gateway(router, router.weight, pair)
            for gate in sorted(standing, key=standing.get)[:2]:
                assert costs[own & (gates == gate), draw].min() == pytest.approx(least[gate], abs=1e-6), (pair, gate)


@pytest.fixture(scope="module")
def yanji():
    return cn.load(as_of="2019-07-01", scenarios=["primorye-2"]).router


def test_on_the_shipped_network(yanji):
    """Draws that were searched, and some of those that take the cheapest of the ways found."""
    pair = ("yanji", "niigata")
    model = GatewayModel.of(yanji, [pair])
    scores = {name: values[1997:2003] for name, values in model.plain(2003).items()}
    costs = dict(zip(model.gates[pair], model.plain_costs(scores)[pair], strict=True))
    both = ("zarubino", "dalian")
    for draw in (2, 5):
        least = least_by_gateway(yanji, weights(yanji, model.factors, 1997 + draw), pair, only=both)
        assert [costs[gate][draw] for gate in both] == pytest.approx([least[gate] for gate in both], rel=1e-9)


def test_a_gateway_that_nobody_can_leave_by_is_refused(yanji):
    factors = Factors(distributions_of_router(yanji))
    with pytest.raises(BadValue, match="no way leaves by 'tokyo'") as told:
        by_gateway(yanji, [("yanji", "niigata")], factors, 8, also=["tokyo"])
    assert "zarubino" in told.value.hint
    with pytest.raises(BadValue, match="0 draws"):
        by_gateway(yanji, [("yanji", "niigata")], factors, 0)


@pytest.mark.parametrize(
    ("wins", "looked"),
    [({"a": 5, "b": 2, "c": 2, "d": 1}, "abcef"), ({"b": 3, "a": 3, "c": 3}, "abcef"), ({"d": 9}, "def")],
)
def test_all_that_win_as_often_as_the_second_are_looked_at(wins, looked):
    assert sorted(_looked_at(Counter(wins), {"e": 1.0, "f": 2.0, "a": 3.0}, [])) == list(looked)


# where another measure than generalised cost is least


ALONE = {"money": 0, "time": 1, "co2": 3}
DRAWN = 8


def least_way(router, factors, draw, pair):
    """Generalised cost and hours of the way of the least measure in one draw, by networkx, and what each arc weighs."""
    measures = router.cost_model.evaluate(lambda name: float(factors.factor(name, draw, 1)[0]))
    generalised = router.objective.generalised(*measures, time_factor=factors.factor(VALUE_OF_TIME, draw, 1)[0])
    weight, graph = measures[ALONE[router.by]] + 1e-9 * generalised, nx.DiGraph()
    for arc, ends in enumerate(zip(router.impedance.tail.tolist(), router.impedance.head.tolist(), strict=True)):
        if weight[arc] < graph.get_edge_data(*ends, {"weight": np.inf})["weight"]:
            graph.add_edge(*ends, weight=weight[arc], arc=arc)
    ends = router.end_state(pair[0], "origin"), router.end_state(pair[1], "destination")
    arcs = [graph.edges[step]["arc"] for step in nx.utils.pairwise(nx.dijkstra_path(graph, *ends))]
    return generalised[arcs].sum(), measures[1][arcs].sum(), measures[ALONE[router.by]]


@pytest.fixture
def few_draws(monkeypatch):
    monkeypatch.setattr(gateway_model, "DRAWS", DRAWN)


@pytest.mark.parametrize("by", ALONE)
@pytest.mark.parametrize("seed", [3, 6])
def test_by_another_measure_answers_are_of_the_way_that_is_least_in_it(by, seed, few_draws):
    router, pair = Router(impedance(small(seed)), by=by), ("n0", "jport")
    model = GatewayModel.of(router, [pair], told=["hours"])
    prices = model.prices(model.plain(DRAWN))
    both, gates = model.two_best(model.plain(DRAWN))[pair], list(model.gates[pair])
    told = [model.answers(prices, of, *both) for of in ("generalised", "hours")]
    least, wins = model.costs(prices, pair, gates, "least"), Counter()
    for draw in range(DRAWN):
        *known, weight = least_way(router, model.factors, draw, pair)
        assert [one[draw] for one in told] == pytest.approx(known, rel=1e-9)
        by_gate = least_by_gateway(router, weight, pair)
        wins[min(by_gate, key=by_gate.get)] += 1
        for name in both:
            assert least[gates.index(name), draw] == pytest.approx(by_gate[name], abs=1e-3), name
    assert wins[both[0]] == max(wins.values())


def test_screening_by_another_measure_is_of_the_ways_that_are_least_in_it(few_draws):
    """Effects on hours where CO2 is least, of the ways found, each priced."""
    router, pair = Router(impedance(small(3)), by="co2"), ("n0", "jport")
    _, rows = screening.screening(router, *pair, answer="hours", trajectories=2)
    model = GatewayModel.of(router, [pair])
    points, order = morris_design(len(model.inputs), 2, 1)
    scores = inverse_normal((0.05 + 0.9 * points).ravel()).reshape(points.shape)
    by_name, certain = dict(zip(model.inputs, scores.T, strict=True)), np.ones(len(points))
    factors = {figure: model.factor(figure, by_name) for figure in model.figures}
    measures, generalised, weight = model.ensemble.measured(lambda name: factors.get(name, certain), len(points))
    hours = measures[1][np.argmin(weight + 1e-9 * generalised, axis=0), np.arange(len(points))]
    assert (hours != measures[1][np.argmin(generalised, axis=0), np.arange(len(points))]).any()
    known = dict(zip(model.inputs, morris_effects(points, hours, order)[0], strict=True))
    assert {row.name: row.mu_star for row in rows} == pytest.approx(known)
