"""Distributions by hand, draws that do not depend on what else is drawn, ensembles against searching every draw."""

import importlib
import math
import statistics
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.cli.main import app
from corridor_net.costing import Parameter, impedance
from corridor_net.costing.cost_model import product_columns
from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Weighted
from corridor_net.uncertainty.ensembles import ensemble as e
from corridor_net.uncertainty.ensembles import searched
from corridor_net.uncertainty.ensembles.by_gateway import by_gateway
from corridor_net.uncertainty.ensembles.reliability import reliability
from corridor_net.uncertainty.ensembles.searched import can_search
from corridor_net.uncertainty.factors import distributions as d
from corridor_net.uncertainty.factors.draws import Factors, inverse_normal, uniforms
from corridor_net.uncertainty.studies.study import study_uncertainty

PAIRS = [("harbin", "niigata"), ("suifenhe", "niigata"), ("hunchun", "niigata")]


@pytest.fixture(scope="module")
def network():
    return cn.load(as_of="2019-07-01").network


@pytest.fixture(scope="module")
def router(network):
    return Router(impedance(network))


@pytest.fixture(scope="module")
def ensemble(router):
    return e.Ensemble.of(router, PAIRS)


# distributions


def figure(key, value, low, high, *, grade="C", group="", inverse=False):
    return Parameter(
        key=key,
        label=key,
        unit="",
        value=value,
        low=low,
        high=high,
        grade=grade,
        source_id="",
        group=group,
        inverse=inverse,
    )


def test_the_example_of_the_page():
    """A value of 10 with a range of 5 to 40: median 1, a tenth of the draws below 0.5, a tenth above 4."""
    distribution = d.from_range(figure("x", 10.0, 5.0, 40.0, grade="C", group=""))
    assert distribution.sigma == pytest.approx(math.log(2) / 1.2816, rel=1e-4)
    assert distribution.sigma_up == pytest.approx(math.log(4) / 1.2816, rel=1e-4)
    values = Factors({"x": distribution}).factor("x", 0, 40_000)
    assert np.percentile(values, [10, 50, 90]) == pytest.approx([0.5, 1.0, 4.0], rel=0.03)


def test_a_range_that_reaches_nothing_is_triangular():
    values = Factors({"x": d.from_range(figure("x", 2.0, 0.0, 8.0, grade="C", group=""))}).factor("x", 0, 40_000)
    assert values.min() >= 0
    assert values.max() <= 4
    assert values.mean() == pytest.approx((0 + 1 + 4) / 3, rel=0.02)


def test_grades_spread_more_the_weaker_they_are():
    sigmas = [d.from_range(figure("x", 1.0, None, None, grade=grade, group="")).sigma for grade in "ABCD"]
    assert sigmas == sorted(sigmas)
    assert sigmas[0] > 0


def test_a_range_is_too_narrow_by_what_it_takes_to_hold_eight_of_ten(monkeypatch):
    """Of ten judgements eight lie within twice the 10-90 % range; one that is many years and boxes counts once."""
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[3] / "scripts"))
    held = importlib.import_module("held_ranges")
    scores = [[0.5]] * 5 + [[2 * held.Z90]] * 3 + [[-9.0] * 50, [7.0]]
    assert held.too_narrow(scores) == pytest.approx(2.0)
    assert "held 50%, too narrow 2.00" in held.said("all", scores)
    ranged = held.Figure(value=10.0, low=5.0, high=40.0, grade="D", source_id="")
    assert [ranged.score(found) for found in (5.0, 10.0, 40.0)] == pytest.approx([-held.Z90, 0, held.Z90])
    graded = held.Figure(value=2.0, low=None, high=None, grade="D", source_id="")
    assert graded.score(1.0) == pytest.approx(-math.log(2) / 0.40)


@pytest.mark.parametrize(("value", "low", "high"), [(10, 20, 5), (10, 11, 12), (10, 1, 9)])
def test_a_range_that_is_none_is_refused(value, low, high):
    with pytest.raises(BadValue, match="range of x"):
        d.from_range(figure("x", value, low, high, grade="C", group=""))


def test_every_figure_of_the_network_has_a_distribution(ensemble):
    assert set(ensemble.model.figures) <= set(ensemble.distributions)
    assert {distribution.kind for distribution in ensemble.distributions.values()} == {"lognormal", "certain"}


# draws


@given(st.floats(1e-12, 1 - 1e-12))
def test_inverse_normal_equals_the_standard_library(p):
    assert inverse_normal(np.array([p]))[0] == pytest.approx(statistics.NormalDist().inv_cdf(p), rel=1e-9, abs=1e-9)


@given(st.integers(0, 50), st.integers(1, 40), st.text(max_size=8))
def test_any_part_of_a_stream_can_be_drawn_alone(start, count, key):
    whole = uniforms(key, 3, 0, 100)
    assert (uniforms(key, 3, start, count) == whole[start : start + count]).all()
    assert ((whole > 0) & (whole < 1)).all()


def test_streams_do_not_depend_on_each_other():
    a = d.from_range(figure("a", 1.0, 0.5, 2.0, grade="C", group="g"))
    b = d.from_range(figure("b", 1.0, 0.5, 2.0, grade="C", group="g"))
    alone = Factors({"a": a}).factor("a", 0, 100)
    assert (Factors({"a": a, "b": b}).factor("a", 0, 100) == alone).all()
    assert (Factors({"a": a}, seed=2).factor("a", 0, 100) != alone).any()


def test_a_scenarios_copy_draws_as_its_original():
    original, copy = (
        "operation:border_rail_suifenhe_out:queue:hours",
        "operation:border_rail_suifenhe_out~s~1:queue:hours",
    )
    both = {name: d.from_range(figure(name, 1.0, 0.5, 2.0, grade="C", group="")) for name in (original, copy)}
    factors = Factors(both)
    assert (factors.factor(original, 0, 50) == factors.factor(copy, 0, 50)).all()


def test_figures_of_a_group_move_together_and_others_do_not():
    made = {
        n: d.from_range(figure(n, 1.0, 0.5, 2.0, grade="C", group=g))
        for n, g in (("a", "fuel"), ("b", "fuel"), ("c", ""))
    }
    factors = Factors(made)
    z = np.array([factors.normal(name, 0, 20_000) for name in "abc"])
    together = np.corrcoef(z)
    assert together[0, 1] == pytest.approx(d.SHARED, abs=0.03)
    assert together[0, 2] == pytest.approx(0, abs=0.03)


def test_given_correlations_hold_and_contradictions_are_refused():
    made = {n: d.from_range(figure(n, 1.0, 0.5, 2.0, grade="C", group="")) for n in "abc"}
    factors = Factors(made, correlations={("a", "b"): 0.8, ("b", "c"): 0.5})
    z = np.array([factors.normal(name, 0, 20_000) for name in "abc"])
    assert np.corrcoef(z)[0, 1] == pytest.approx(0.8, abs=0.02)
    assert np.corrcoef(z)[1, 2] == pytest.approx(0.5, abs=0.03)
    with pytest.raises(BadValue, match="not positive definite"):
        Factors(made, correlations={("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9})
    with pytest.raises(BadValue, match="unknown figure"):
        Factors(made, correlations={("a", "x"): 0.5})
    with pytest.raises(BadValue, match="between -1 and 1"):
        Factors(made, correlations={("a", "b"): 1.5})


# ensembles


def test_without_doubt_the_answer_is_the_route(router, ensemble):
    priced = ensemble.price(lambda figure: np.ones(3), 3)
    for number, pair in enumerate(PAIRS):
        route = router.route(*pair)
        assert priced.won("money")[number] == pytest.approx(route.cost_usd)
        assert priced.won("hours")[number] == pytest.approx(route.hours)
        assert priced.won("co2")[number] == pytest.approx(route.co2_kg)
        assert priced.won("generalised")[number] == pytest.approx(route.generalised_cost_usd)


@pytest.mark.parametrize("compiled", [True, False])
def test_the_best_way_is_that_of_a_search_of_every_draw(router, ensemble, monkeypatch, compiled):
    if not compiled:
        monkeypatch.setitem(sys.modules, "numba", None)
    factors = Factors(ensemble.distributions, 5)
    count = 40
    whole = by_gateway(router, PAIRS, factors, count)
    won = whole.price(lambda figure: factors.factor(figure, 0, count), count).won("generalised")
    parts = ensemble.model
    products, amounts = parts.of_routes([(n,) for n in range(router.graph.n_arcs)])
    columns = product_columns(products, lambda figure: factors.factor(figure, 0, count), count)
    cargo = router.impedance.cargo
    time = cargo.value_of_time * factors.factor(e.VALUE_OF_TIME, 0, count)
    money, hours, spread, _ = (one @ columns for one in amounts)
    weights = money + time * (hours + cargo.reliability_ratio * spread)
    for draw in range(count):
        weighted = Weighted.of(router.graph, weights[:, draw])
        for number, (origin, goal) in enumerate(PAIRS):
            ends = router.end_state(origin, "origin"), router.end_state(goal, "destination")
            assert won[number, draw] == pytest.approx(weighted.shortest_path(*ends)[0])


def test_rivals_are_close_to_the_whole_network(router, ensemble):
    factors = Factors(ensemble.distributions, 1)
    whole = by_gateway(router, PAIRS, factors, 400)
    exact = e.priced(whole, draws=400).won("generalised")
    rivals = e.priced(ensemble, draws=400).won("generalised")
    assert (rivals >= exact * (1 - 1e-12)).all()
    assert (rivals / exact - 1).mean() < 0.02


def test_draws_come_in_any_portions(ensemble):
    whole = e.priced(ensemble, draws=80).won("generalised")
    halves = [ensemble.under(Factors(ensemble.distributions), 40, start).won("generalised") for start in (0, 40)]
    assert np.hstack(halves) == pytest.approx(whole, rel=1e-12)


def test_summaries_add_up(ensemble):
    for pair in e.priced(ensemble, draws=200).summaries():
        assert sum(pair.gateways.values()) == pytest.approx(1)
        assert pair.route.cost_usd.p10 <= pair.route.cost_usd.p50 <= pair.route.cost_usd.p90
        assert pair.gateway in pair.gateways


def test_a_scenario_that_changes_nothing_is_no_better(router, ensemble):
    same = e.Ensemble.of(router, PAIRS, base=ensemble)
    before, after = e.priced(ensemble, draws=50).drawn, e.priced(same, draws=50).drawn
    assert e.better_share(before, after, PAIRS[0]) == e.Shares(better=0.0, equal=1.0, worse=0.0)
    with pytest.raises(NoRoute):
        e.better_share(before, after, ("heihe", "tokyo"))


# studies


def test_study_pairs_scenarios_with_their_baseline(comparison):
    runs = [run for run in comparison.scenario_runs("baseline-2019") if run.scenario in ("longjiang-belt", "vanino")]
    main = replace(comparison, runs=(comparison.main, *runs))
    found = study_uncertainty(main, draws=500)
    assert found.runs[0].run.name == "baseline-2019"
    belt = found.run("baseline-2019/longjiang-belt")
    assert belt.on_the_whole.better > 0.9
    assert belt.on_the_whole.worse < 0.02
    assert belt.gain_usd.p50 > 0
    vanino = found.run("baseline-2019/vanino")
    assert vanino.gain_usd.p90 >= -1e-6
    again = study_uncertainty(main, draws=500)
    assert found.to_dict() == again.to_dict()


def ways_of(run, pairs, factors):
    """The answer of each pair, and every way that is the best in one of 100 draws."""
    found = {pair: [tuple(run.trips[pair].arcs)] for pair in pairs}
    ways = by_gateway(run.router, pairs, factors, 100)
    for owner, route in zip(ways.owner.tolist(), ways.routes, strict=True):
        found[ways.pairs[owner]].append(route)
    return e.Ensemble.with_routes(run.router, {pair: dict.fromkeys(routes) for pair, routes in found.items()})


@pytest.mark.parametrize("held", [None, 30])
def test_what_is_searched_in_every_draw_is_the_cheapest_of_all_routes_that_win(comparison, monkeypatch, held):
    run = next(run for run in comparison.runs if run.scenario == "rajin-khasan")
    ensemble = e.Ensemble.of(run.router, [(origin, comparison.focus) for origin in comparison.origins[:4]])
    factors = Factors(ensemble.distributions, 3)
    if held:
        monkeypatch.setattr(searched, "HELD", held * len(ensemble.distributions))
    found = searched.drawn(run.router, {pair: run.trips[pair].arcs for pair in ensemble.pairs}, lambda _: factors, 100)
    whole = ways_of(run, ensemble.pairs, factors).under(factors, 100).drawn
    assert found.best == pytest.approx(whole.best, rel=1e-9)
    assert len({name for pair in whole.summaries() for name in pair.gateways}) > 1
    for one, other in zip(found.summaries(), whole.summaries(), strict=True):
        assert one.to_dict() == other.to_dict()


def test_without_a_compiler_the_whole_network_is_searched_with_the_same_answer(comparison, monkeypatch):
    """What rivals alone miss: most of what the belt gains Harbin."""
    runs = [run for run in comparison.runs if run.name in ("baseline-2019", "baseline-2019/longjiang-belt")]
    belt = replace(comparison, runs=tuple(runs))
    whole = study_uncertainty(belt, draws=200, exact=True)
    monkeypatch.setitem(sys.modules, "numba", None)
    plain = study_uncertainty(belt, draws=200, exact=True)
    assert plain.half_width == pytest.approx(whole.half_width, rel=1e-12)
    assert plain.to_dict() | {"half_width": 0, "steps": 0} == whole.to_dict() | {"half_width": 0, "steps": 0}
    assert [count for count, _ in plain.steps] == [count for count, _ in whole.steps]
    assert [half for _, half in plain.steps] == pytest.approx([half for _, half in whole.steps], rel=1e-12)
    assert whole.exact
    rivals = study_uncertainty(belt, draws=200)
    share = [found.runs[1].against["harbin", "niigata"].better for found in (whole, rivals)]
    assert share[0] > share[1] + 0.1


def test_a_large_network_is_priced_by_its_rivals_where_there_is_no_compiler(router, monkeypatch):
    assert can_search(router)
    monkeypatch.setattr(searched, "LARGE", router.graph.n_arcs - 1)
    assert not can_search(router)
    assert can_search(router, compiled=True)
    monkeypatch.setitem(sys.modules, "numba", None)
    assert not can_search(router, compiled=True)
    monkeypatch.setattr(searched, "LARGE", router.graph.n_arcs)
    assert can_search(router)


def test_precision_stops_early(comparison):
    found = study_uncertainty(replace(comparison, runs=comparison.runs[:1]), draws=50_000, precision=0.05)
    assert found.draws < 50_000
    assert found.draws % 1000 == 0
    assert found.half_width < 0.05


# reliability


def test_shipments_spread_around_the_route(router):
    route = router.route("harbin", "niigata")
    found = reliability(router, route, deadline_hours=24 * 20)
    assert found.hours.mean == pytest.approx(route.hours, rel=0.05)
    assert found.buffer_index == pytest.approx(found.p95 / found.hours.mean - 1)
    assert 0.9 < found.on_time <= 1
    assert found.planning_time_index > 2


def test_a_rare_service_is_less_reliable(network):
    """All ships four times as seldom: they are waited for longer, and by how long is less certain."""
    router = Router(impedance(network))
    often = router.route("harbin", "niigata", via=["dalian"])
    services = [replace(row, sailings_per_week=row.sailings_per_week / 4) for row in network.rows("service")]
    seldom = Router(impedance(network.with_rows(service=services)))
    rare = seldom.route("harbin", "niigata", via=["dalian"])
    assert rare.services == often.services
    found, before = reliability(seldom, rare), reliability(router, often)
    assert found.hours.mean > before.hours.mean + 24
    assert found.p95 - found.hours.mean > before.p95 - before.hours.mean + 6


# the command


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--draws", "0"], "0 draws"),
        (["--draws", "-5"], "-5 draws"),
        (["--deadline", "-1"], "deadline"),
        (["--precision", "0"], "precision"),
        (["--baseline", "baseline-1999"], "no baseline"),
    ],
)
def test_bad_input_is_told(options, words):
    with pytest.raises(BadValue, match=words):
        CliRunner().invoke(app, ["uncertainty", "--rivals", *options], catch_exceptions=False)


def test_command_prints_a_paragraph_to_quote():
    done = CliRunner().invoke(app, ["uncertainty", "--draws", "60", "--from", "yanji"], catch_exceptions=False)
    assert done.exit_code == 0
    words = " ".join(done.stdout.split())
    assert "Yanji to Niigata, 2019" in words
    assert "best gateway in" in words
    assert "searched in every draw" in words
