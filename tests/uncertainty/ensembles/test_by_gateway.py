"""The best way by each gateway in every draw, against networkx on states that remember the gateway."""

import networkx as nx
import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.costing import VALUE_OF_TIME, impedance
from corridor_net.errors import BadValue
from corridor_net.uncertainty.ensembles.by_gateway import by_gateway
from corridor_net.uncertainty.ensembles.ensemble import distributions_of_router
from corridor_net.uncertainty.ensembles.pair_uncertainty import BY_LAND
from corridor_net.uncertainty.factors.draws import Factors
from corridor_net.uncertainty.sensitivity.gateway_model import GatewayModel
from laws.networks import small

PAIRS = [("n0", "jport"), ("r1", "jport"), ("n0", "r1"), ("jport", "n0"), ("jport2", "n0")]


def least_by_gateway(router, weight, pair, only=()):
    """From home the first port left by sea is remembered, from across the sea the last one landed at."""
    imp, overseas = router.impedance, router.network.overseas
    abroad, graph = pair[0] in overseas, nx.DiGraph()
    places = only or {imp.places(arc)[abroad] for arc in np.flatnonzero(imp.at_sea).tolist()}
    for arc, (tail, head, one) in enumerate(zip(imp.tail.tolist(), imp.head.tolist(), weight.tolist(), strict=True)):
        place = imp.places(arc)[abroad] if imp.at_sea[arc] else None
        for before in (BY_LAND, *sorted(places)):
            after = before
            if place is not None and (place not in overseas if abroad else before == BY_LAND):
                after = place
            if after not in (BY_LAND, *places):
                continue
            ends = (tail, before), (head, after)
            if one < graph.get_edge_data(*ends, {"weight": np.inf})["weight"]:
                graph.add_edge(*ends, weight=one)
    start, goal = router.end_state(pair[0], "origin"), router.end_state(pair[1], "destination")
    least = nx.single_source_dijkstra_path_length(graph, (start, BY_LAND))
    return {gate: cost for (state, gate), cost in least.items() if state == goal}


def weights(router, factors, draw):
    """The generalised cost of every arc in one draw, part by part."""
    money, hours, spread, _ = router.cost_model.evaluate(lambda name: float(factors.factor(name, draw, 1)[0]))
    cargo, dear = router.impedance.cargo, float(factors.factor(VALUE_OF_TIME, draw, 1)[0])
    return money + dear * cargo.value_of_time * (hours + cargo.reliability_ratio * spread)


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
