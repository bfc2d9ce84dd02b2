"""The best way by each gateway in every draw, against networkx on states that remember the gateway."""

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.errors import BadValue
from corridor_net.uncertainty.ensembles.by_gateway import by_gateway
from corridor_net.uncertainty.ensembles.ensemble import distributions_of_router
from corridor_net.uncertainty.factors.draws import Factors
from corridor_net.uncertainty.sensitivity.gateway_model import GatewayModel
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
