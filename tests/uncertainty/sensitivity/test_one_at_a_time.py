"""One figure at a time, against pricing the changed network anew."""

import networkx as nx
import numpy as np
import pytest

from corridor_net.analysis.router import Router
from corridor_net.costing import VALUE_OF_TIME
from corridor_net.costing.cost_model import product_columns
from corridor_net.errors import BadValue, UnknownName
from corridor_net.uncertainty.ensembles import searched
from corridor_net.uncertainty.ensembles.ensemble import Ensemble
from corridor_net.uncertainty.ensembles.runs import SearchedRun
from corridor_net.uncertainty.factors.draws import Factors
from corridor_net.uncertainty.sensitivity.one_at_a_time import ENDS, one_at_a_time


@pytest.fixture(scope="module")
def router(imp2019):
    return Router(imp2019)


@pytest.fixture(scope="module")
def found(router):
    return one_at_a_time(router, "harbin", "niigata")


def test_the_widest_stand_first_and_all_move_the_answer(found):
    widths = [swing.width_usd for swing in found]
    assert widths == sorted(widths, reverse=True)
    assert len({swing.figure for swing in found}) == len(found) == 16
    assert all(swing.low_usd or swing.high_usd for swing in found)


def test_a_swing_is_what_the_search_finds_with_that_figure_changed(router, found):
    """The whole network, priced part by part with one factor changed, searched by another search."""
    ensemble = Ensemble.of(router, [("harbin", "niigata")])
    factors = Factors(ensemble.distributions)
    products, amounts = ensemble.model.of_routes([(n,) for n in range(router.graph.n_arcs)])
    base = router.route("harbin", "niigata").generalised_cost_usd
    time, ratio = router.impedance.cargo.value_of_time, router.impedance.cargo.reliability_ratio
    for swing in found[:8]:
        for end, value in zip(ENDS, (swing.low_usd, swing.high_usd), strict=True):
            factor = factors.at(swing.figure, np.array([end]))[0]
            column = product_columns(
                products, lambda figure, f=swing.figure, x=factor: np.array([x if figure == f else 1.0]), 1
            )
            money, hours, spread, _ = (one @ column for one in amounts)
            hour = time * (factor if swing.figure == VALUE_OF_TIME else 1.0)
            weight = (money + hour * (hours + ratio * spread))[:, 0]
            graph = nx.DiGraph()
            for tail, head, one in zip(router.impedance.tail, router.impedance.head, weight.tolist(), strict=True):
                if one < graph.get_edge_data(tail, head, {"weight": np.inf})["weight"]:
                    graph.add_edge(tail, head, weight=one)
            ends = router.end_state("harbin", "origin"), router.end_state("niigata", "destination")
            searched = nx.dijkstra_path_length(graph, *ends)
            assert base + value == pytest.approx(searched, abs=1e-6), (swing, end)


def test_a_figure_that_flips_the_gateway_says_to_which(found):
    named = {gate for swing in found for gate in (swing.gateway_low, swing.gateway_high)}
    assert "dalian" in named


def test_a_large_network_is_searched_for_the_widest_figures_of_the_rivals_alone(router, found, monkeypatch):
    monkeypatch.setattr(searched, "LARGE", 10)
    asked, totals = [], SearchedRun.totals
    monkeypatch.setattr(SearchedRun, "totals", lambda run, rows: asked.append(len(rows[0])) or totals(run, rows))
    large, known = one_at_a_time(router, "harbin", "niigata"), {swing.figure: swing for swing in found}
    assert asked == [2 * 16]
    assert [swing.figure for swing in large[:4]] == [swing.figure for swing in found[:4]]
    for swing in large:
        if swing.figure in known:
            assert swing.low_usd == pytest.approx(known[swing.figure].low_usd)
            assert swing.high_usd == pytest.approx(known[swing.figure].high_usd)


def test_unknown_and_unreachable(router):
    with pytest.raises(UnknownName):
        one_at_a_time(router, "atlantis", "niigata")
    with pytest.raises(BadValue):
        one_at_a_time(router, "niigata", "niigata")
