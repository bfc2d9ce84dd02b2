"""Indices against functions whose indices are known, and against SALib; the model of a pair against its ensemble."""

import json

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute, UnknownName
from corridor_net.uncertainty.ensembles.ensemble import DRAWS, VALUE_OF_TIME
from corridor_net.uncertainty.ensembles.searched import route_uncertainty
from corridor_net.uncertainty.factors.distributions import SHARED
from corridor_net.uncertainty.factors.draws import inverse_normal
from corridor_net.uncertainty.sensitivity import gateway_model, indices
from corridor_net.uncertainty.sensitivity import sensitivity as sensitivity_module
from corridor_net.uncertainty.sensitivity.gateway_model import GatewayModel
from corridor_net.uncertainty.sensitivity.screening import screening
from corridor_net.uncertainty.sensitivity.sensitivity import _blocks, sensitivity
from laws.networks import least_by_gateway, small, weighed


@pytest.fixture(scope="module")
def router():
    return Router(impedance(cn.load(as_of="2019-07-01", scenarios=["primorye-2"]).network))


def at_saltelli(function, n, k, kind="sobol", seed=1):
    """Answers at A, B and at A with one column of B."""
    points = indices.sample(kind, n, 2 * k, seed)
    a, b = points[:, :k], points[:, k:]
    mixed = []
    for column in range(k):
        ab = a.copy()
        ab[:, column] = b[:, column]
        mixed.append(function(ab))
    return function(a), function(b), np.array(mixed)


def ishigami(points):
    x = np.pi * (2 * points - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_the_example_of_the_page():
    """Y = 2 X1 + X2, equal variances: four fifths and one fifth, alone and in total."""
    a, b, ab = at_saltelli(lambda p: 2 * p[:, 0] + p[:, 1], 4096, 2)
    first, total = indices.sobol_indices(a, b, ab)
    assert first == pytest.approx([0.8, 0.2], abs=0.01)
    assert total == pytest.approx([0.8, 0.2], abs=0.01)


@pytest.mark.parametrize("kind", indices.SAMPLERS)
def test_the_known_indices_of_ishigami(kind):
    a, b, ab = at_saltelli(ishigami, 8192, 3, kind)
    first, total = indices.sobol_indices(a, b, ab)
    assert first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
    low_high_first, low_high_total = indices.intervals(a, b, ab, 1)
    for values, bounds in ((first, low_high_first), (total, low_high_total)):
        assert (bounds[:, 0] <= values).all()
        assert (values <= bounds[:, 1]).all()


def test_indices_are_those_of_salib():
    from SALib.analyze import sobol

    k, n = 3, 512
    a, b, ab = at_saltelli(ishigami, n, k)
    problem = {"num_vars": k, "names": list("abc"), "bounds": [[0, 1]] * k}
    woven = np.column_stack([a, *ab, b]).ravel()
    theirs = sobol.analyze(problem, woven, calc_second_order=False, num_resamples=10, seed=1)
    first, total = indices.sobol_indices(a, b, ab)
    assert first == pytest.approx(theirs["S1"], abs=1e-6)
    assert total == pytest.approx(theirs["ST"], abs=1e-6)


def test_the_intervals_are_as_wide_as_salibs():
    from SALib.analyze import sobol

    a, b, ab = at_saltelli(ishigami, 512, 3)
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    theirs = sobol.analyze(
        problem, np.column_stack([a, *ab, b]).ravel(), calc_second_order=False, num_resamples=500, seed=1
    )
    first, total = indices.intervals(a, b, ab, 1)
    assert np.diff(first)[:, 0] / 2 == pytest.approx(theirs["S1_conf"], rel=0.3, abs=0.01)
    assert np.diff(total)[:, 0] / 2 == pytest.approx(theirs["ST_conf"], rel=0.3, abs=0.01)


def test_elementary_effects_are_those_of_salib():
    from SALib.analyze import morris

    points, order = indices.morris_design(3, 12, 5)
    answers = ishigami(points)
    mu_star, sigma = indices.morris_effects(points, answers, order)
    problem = {"num_vars": 3, "names": list("abc"), "bounds": [[0, 1]] * 3}
    theirs = morris.analyze(problem, points, answers, num_levels=indices.LEVELS, seed=1)
    assert mu_star == pytest.approx(np.asarray(theirs["mu_star"]), rel=1e-9)
    assert sigma == pytest.approx(np.asarray(theirs["sigma"]), rel=1e-9)


def test_walks_change_each_input_once_and_stay_inside():
    points, order = indices.morris_design(7, 5, 1)
    assert points.min() >= 0
    assert points.max() <= 1
    steps = np.diff(points.reshape(5, 8, 7), axis=1)
    assert ((np.abs(steps) > 1e-9).sum(axis=2) == 1).all()
    assert (np.sort(order, axis=1) == np.arange(7)).all()


def test_what_information_is_worth_where_it_is_known():
    """Choose 0 or X, X standard normal: knowing X saves E max(0, -X) = 1 / sqrt(2 pi); another input saves nothing."""
    rng = np.random.default_rng(1)
    x, other = rng.standard_normal((2, 40_000))
    informed = indices.Information(np.array([np.zeros_like(x), x]), 1)
    assert informed.of(x) == pytest.approx(1 / np.sqrt(2 * np.pi), rel=0.03)
    assert informed.of(other) == 0


@pytest.mark.parametrize("kind", indices.SAMPLERS)
def test_points_fill_every_stratum(kind):
    points = indices.sample(kind, 64, 5, 3)
    for column in points.T:
        assert (np.sort((column * 64).astype(int)) == np.arange(64)).all()
    assert (points == indices.sample(kind, 64, 5, 3)).all()


# the model of a pair


PAIR = ("yanji", "niigata")


@pytest.fixture(scope="module")
def model(router):
    return GatewayModel.of(router, [PAIR])


def drawn(model, seed, count=50):
    rng = np.random.default_rng(seed)
    return {name: rng.standard_normal(count) for name in model.inputs}


def test_the_model_prices_as_the_ensemble_does(model):
    prices = model.prices(drawn(model, 3))
    priced = model.ensemble.price(lambda figure: prices.factors.get(figure, np.ones(50)), 50)
    assert model.costs(prices, PAIR, model.gates[PAIR]).min(axis=0) == pytest.approx(priced.won("generalised")[0])


def test_inputs_that_move_alone_are_priced_as_all_are(model):
    first, other = drawn(model, 5), drawn(model, 6)
    base, group = model.prices(first), next(name for name in model.inputs if name.startswith("group "))
    for names in ([VALUE_OF_TIME], [model.figures[7]], [group], list(model.inputs)):
        scores = first | {name: other[name] for name in names}
        moved, whole = model.moved(base, names, scores), model.prices(scores)
        for name, sums in whole.sums.items():
            assert moved.sums[name] == pytest.approx(sums, rel=1e-9)
        assert (moved.factors[VALUE_OF_TIME] == whole.factors[VALUE_OF_TIME]).all()


def test_its_plain_draws_are_those_beside_the_route(router, model):
    """So the leader wins in as many of them as `route` says."""
    costs = model.plain_costs(model.plain(model.searched))[PAIR]
    wins = np.bincount(np.argmin(costs, axis=0), minlength=len(costs)) / model.searched
    beside = route_uncertainty(router, {PAIR: router.route(*PAIR).arcs})[PAIR]
    assert beside.gateways == {name: share for name, share in zip(model.gates[PAIR], wins, strict=True) if share}


def test_figures_of_a_group_move_as_the_draws_have_them(model):
    """The score made of an own part and a common part has unit variance and the stated correlation."""
    group = next(name for name in model.inputs if name.startswith("group ") and len(model.touched(name)) > 1)
    first, second = [f for f in model.touched(group) if model.factors.distributions[f].kind == "lognormal"][:2]
    scores = drawn(model, 4, 40_000)
    logs = [np.log(model.factor(figure, scores)) for figure in (first, second)]
    ranks = [np.argsort(np.argsort(one)) for one in logs]
    assert np.corrcoef(ranks)[0, 1] == pytest.approx(SHARED, abs=0.02)


@pytest.fixture
def few_draws(monkeypatch):
    monkeypatch.setattr(gateway_model, "DRAWS", 200)
    monkeypatch.setattr(sensitivity_module, "INFORMED", 1024)


@pytest.fixture(scope="module")
def found(router):
    return sensitivity(router, "yanji", "niigata", samples=512)


def test_an_answer_of_the_shipped_study(found, router):
    assert found.leader == "zarubino"
    assert found.second == "dalian"
    assert 0.5 < found.leads < 1
    totals = [one.total for one in found.inputs]
    assert totals == sorted(totals, reverse=True)
    assert VALUE_OF_TIME in [one.name for one in found.inputs[:3]]
    assert found.next_figure.saves_usd > 0
    assert found.knowing_all_saves_usd > found.next_figure.saves_usd
    assert found.evaluations == 512 * (len(found.inputs) + 2)


def test_the_same_seed_the_same_answer(router, few_draws):
    once, again = (sensitivity(router, "yanji", "niigata", samples=64).to_dict() for _ in range(2))
    assert once == again


def test_groups_hold_every_input_and_explain_no_less_than_their_parts(found, router):
    grouped = sensitivity(router, "yanji", "niigata", samples=512, grouped=True)
    assert len(grouped.inputs) < len(found.inputs) / 2
    dwell = next(one for one in grouped.inputs if one.name == "operation dwell")
    parts = [one.total for one in found.inputs if one.name.startswith("operation:") and ":dwell:" in one.name]
    assert dwell.total > 0.8 * max(parts)


def test_samples_are_doubled_until_the_precision_is_met(router, few_draws):
    found = sensitivity(router, "yanji", "niigata", samples=16, precision=0.6)
    counts = [n for n, _ in found.steps]
    assert counts == [16 * 2**step for step in range(len(counts))]
    assert found.steps[-1][1] <= 0.6
    assert all(width > 0.6 for _, width in found.steps[:-1])


def test_a_gateway_can_be_named(router, few_draws):
    found = sensitivity(router, "yanji", "niigata", samples=64, against="vladivostok")
    assert found.second == "vladivostok"
    with pytest.raises(BadValue, match="leaves by"):
        sensitivity(router, "yanji", "niigata", against="tokyo")


def test_a_figure_of_a_third_gateway_is_asked_what_it_saves(few_draws):
    """The gap of the two does not rest on the ship of Rajin at all, and yet it is worth looking up: by plain means."""
    router, pair = cn.load(as_of="2019-07-01", scenarios=["longjiang-belt"]).router, ("mudanjiang", "niigata")
    found, model = sensitivity(router, *pair, samples=16), GatewayModel.of(router, [pair])
    ship = next(one for one in found.inputs if one.name == "service:rajin-niigata-weekly:sailings_per_week")
    assert "rajin" not in (found.leader, found.second)
    assert ship.total == 0
    scores = model.plain(found.draws)
    costs = model.plain_costs(scores)[pair]
    known = [costs[:, some].mean(axis=1).min() for some in np.array_split(np.argsort(scores[ship.name]), 16)]
    assert ship.saves_usd == pytest.approx(costs.mean(axis=1).min() - np.mean(known), abs=2)
    assert 50 < ship.saves_usd < found.knowing_all_saves_usd


def test_screening_puts_the_same_figures_first(found, router):
    searched, rows = screening(router, "yanji", "niigata")
    assert searched == found.searched == DRAWS
    best = {row.name for row in rows[:8]}
    assert {one.name for one in found.inputs[:3]} <= best


def test_indices_are_those_of_a_search_in_every_answer():
    """On a small network, each of 16 x 12 answers by networkx: who leads, the spread of the gap, and all indices."""
    router, pair, n = Router(impedance(small(3))), ("n0", "jport"), 16
    found = sensitivity(router, *pair, samples=n, grouped=True)
    model = GatewayModel.of(router, [pair])
    points = inverse_normal(indices.sample("sobol", n, 2 * len(model.inputs), 1).ravel()).reshape(n, -1).T
    first, other = (dict(zip(model.inputs, half, strict=True)) for half in np.split(points, 2))

    def gaps(scores):
        factors = {figure: model.factor(figure, scores) for figure in model.figures}
        least = []
        for k in range(n):
            weight = weighed(router, lambda name, k=k: factors[name][k] if name in factors else 1.0)
            least.append(least_by_gateway(router, weight, pair))
        return np.array([one[found.second] - one[found.leader] for one in least])

    blocks = _blocks(model, grouped=True)
    a, b = gaps(first), gaps(other)
    ab = np.array([gaps(first | {name: other[name] for name in names}) for names in blocks.values()])
    alone, total = indices.sobol_indices(a, b, ab)
    known = {one.name: (one.first, one.total) for one in found.inputs}
    assert found.deviation == pytest.approx(np.concatenate([a, b]).std())
    for name, *both in zip(blocks, alone, total, strict=True):
        assert known[name] == pytest.approx(both, abs=1e-6), name


@pytest.mark.parametrize(
    "options",
    [
        {"samples": 0},
        {"samples": 100},
        {"samples": 1 << 20},
        {"answer": "beauty"},
        {"sampler": "dice"},
        {"precision": 0.0},
    ],
)
def test_bad_questions(router, options):
    with pytest.raises(BadValue):
        sensitivity(router, "yanji", "niigata", **options)


def test_bad_places(router):
    with pytest.raises(UnknownName):
        sensitivity(router, "atlantis", "niigata")
    with pytest.raises((NoRoute, BadValue)):
        sensitivity(router, "niigata", "niigata")
    with pytest.raises(BadValue):
        screening(router, "yanji", "niigata", trajectories=1)


def test_the_command_says_what_to_look_up_next(cli, tmp_path, few_draws):
    told = cli(
        "sensitivity",
        "yanji",
        "niigata",
        "-s",
        "primorye-2",
        "--as-of",
        "2019-07-01",
        "--samples",
        64,
        "--out",
        tmp_path,
    )
    assert "the figure to look up next is" in " ".join(told.out.split())
    assert (tmp_path / "tornado.svg").exists()
    data = json.loads(cli("sensitivity", "yanji", "niigata", "--samples", 64, "--json").out)
    assert data["inputs"][0]["total"] >= data["inputs"][-1]["total"]
    wrong = cli("sensitivity", "yanji", "niigata", "--samples", 63)
    assert wrong.code == 2
    assert "power of two" in wrong.err
    assert inverse_normal(np.array([0.5]))[0] == pytest.approx(0, abs=1e-12)
