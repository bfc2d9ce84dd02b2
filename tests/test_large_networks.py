"""What keeps a large network in bounds changes no answer, and what is left out is named."""

import random

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.upgrade_sets import explain, findings
from corridor_net.costing import impedance
from corridor_net.output.maps import print_map
from corridor_net.output.studies import study_charts, study_data
from corridor_net.questions import page_of, words_of
from corridor_net.render.console import page_text
from corridor_net.uncertainty.ensembles import searched
from corridor_net.uncertainty.ensembles.by_gateway import by_gateway
from corridor_net.uncertainty.ensembles.ensemble import Ensemble, distributions_of_router
from corridor_net.uncertainty.factors.draws import Factors

PAIR = [("harbin", "niigata")]


@pytest.fixture(scope="module")
def router():
    return Router(impedance(cn.load(as_of="2019-07-01").network))


@pytest.fixture(scope="module")
def comparison():
    return cn.load().study(origins=["hunchun", "harbin"], destinations=["niigata"], baselines=["baseline-2019"],
                           scenarios=["primorye-2", "suifenhe-faster"]).comparison  # fmt: skip


def test_draws_hold_as_many_columns_as_the_routes_have_products_whatever_the_network_has(router):
    found = Ensemble.of(router, PAIR)
    arcs = {arc for route in found.routes for arc in route}
    rows = {row for terms in found.model.terms.values() for arc in arcs for row, _ in terms[arc]}
    assert {len(one[0]) for one in found.amounts} == {len(rows)}
    assert len(rows) < found.model.n_products / 3


def test_arcs_priced_from_arrays_are_the_sums_of_their_parts(router):
    figure = "speed:rail_cn"
    money, hours, _, _ = router.cost_model.evaluate(lambda key: 2.0 if key == figure else 1.0)
    for number, arc in enumerate(router.impedance.arcs[::25]):
        parts = [(p.quantity, p.amount * (2.0 if figure in p.figures else 1.0)) for p in arc.parts]
        assert money[25 * number] == pytest.approx(sum(a for q, a in parts if q == "cost"))
        assert hours[25 * number] == pytest.approx(sum(a for q, a in parts if q == "hours"))


def test_a_search_in_every_draw_finds_the_same_however_few_draws_fit_at_a_time(router, monkeypatch):
    factors = Factors(distributions_of_router(router), 3)
    whole = by_gateway(router, PAIR, factors, 12)
    monkeypatch.setattr(searched, "HELD", 5 * len(factors.distributions))
    parts = by_gateway(router, PAIR, factors, 12)
    assert len(parts.routes) == len(whole.routes) > 2
    assert set(parts.routes) == set(whole.routes)


def test_what_cannot_be_searched_in_every_draw_says_so(monkeypatch):
    monkeypatch.setattr(searched, "LARGE", 10)
    model = cn.load(as_of="2019-07-01")
    asked = ("yanji", "niigata")
    for found in (model.route(*asked), model.compare(*asked), model.sensitivity(*asked, samples=16)):
        assert "some rival routes" in page_text(page_of(found), words_of(found), 200)
    assert found.searched == 0


def test_a_finding_that_would_take_long_unasked_is_left_out_and_named(comparison, monkeypatch):
    whole = findings.findings(comparison)
    for module in (findings, explain):
        monkeypatch.setattr(module, "UNASKED_ARCS", 0)
    short = findings.findings(comparison)
    assert [one.title for one in short] == [one.title for one in whole]
    assert "combinations of upgrades are not worked out by default; corridor-net attribution" in str(short[-1].lines[0])
    assert short[0].data["components"] == whole[0].data["components"]


def test_the_report_of_a_large_network_holds_the_steps_that_routes_use_and_says_so(comparison, monkeypatch):
    whole = study_data.study_data(comparison)
    monkeypatch.setattr(study_data, "MOST_ARCS", 10)
    short = study_data.study_data(comparison)
    assert len(short["arcs"]) < len(whole["arcs"]) / 4
    for one, other in zip(short["runs"], whole["runs"], strict=True):
        assert list(one["routes"]) == list(other["routes"])
        for key, route in one["routes"].items():
            assert len(route["arcs"]) == len(other["routes"][key]["arcs"])
            assert -1 not in route["arcs"]
    assert "Drawn are the ways that routes use" in short["map"]["credit"]


def test_boxes_looked_up_by_squares_meet_as_all_boxes_would():
    dice, taken, boxes = random.Random(5), print_map._Taken(), []  # noqa: S311
    for _ in range(400):
        x, y = dice.uniform(-50, 900), dice.uniform(-50, 600)
        box = (x, y, x + dice.uniform(1, 90), y + dice.uniform(1, 30))
        meets = any(o[0] < box[2] and o[2] > box[0] and o[1] < box[3] and o[3] > box[1] for o in boxes)
        assert taken.meets(box) == meets
        if not meets:
            taken.add(box)
            boxes.append(box)


def test_of_very_many_places_a_map_draws_some_everywhere_and_the_studys_own(comparison, monkeypatch):
    hours = dict.fromkeys(comparison.network.nodes, 1.0) | {"harbin": 900.0}
    assert study_charts._spread_out(comparison, hours) is hours
    monkeypatch.setattr(study_charts, "MOST_PLACES", 5)
    monkeypatch.setattr(study_charts, "SQUARES", 6)
    shown = study_charts._spread_out(comparison, hours)
    assert len(shown) < len(hours) / 2
    assert {"harbin", "hunchun", "niigata"} <= set(shown)
    xs = np.array([comparison.network.nodes[node].x_coord for node in shown])
    assert np.ptp(xs) > 0.8 * np.ptp([node.x_coord for node in comparison.network.nodes.values()])
