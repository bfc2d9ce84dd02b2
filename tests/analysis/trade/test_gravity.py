"""Gravity by Poisson pseudo maximum likelihood: against a well-kept library, made-up trade, and bad tables."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.trade.gravity import Pairs, deviance, fit, out_of_sample, traders
from corridor_net.errors import BadValue, CorridorError, FileFaults
from corridor_net.questions import page_of
from corridor_net.render.words import Words

ORIGINS = ["harbin", "dongning", "suifenhe", "hunchun", "changchun"]
GOALS = ["niigata", "tokyo", "toyama", "akita", "osaka", "fukuoka"]


def made(rng, starts=7, goals=6, theta=5.0, noise=0.4):
    """Return pairs and cost of trade that follows the formula, with noise whose mean is 1 and some noughts."""
    origin, goal = (one.ravel() for one in np.meshgrid(np.arange(starts), np.arange(goals), indexing="ij"))
    cost = 1 + rng.uniform(0.05, 0.5, len(origin))
    mean = np.exp(rng.normal(2, 1, starts)[origin] + rng.normal(0, 1, goals)[goal] - theta * np.log(cost))
    trade = mean * rng.gamma(1 / noise**2, noise**2, len(mean))
    trade[rng.random(len(mean)) < 0.05] = 0.0
    return Pairs(origin=origin, destination=goal, trade=trade), cost


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_estimate_of_statsmodels(seed):
    import statsmodels.api as api

    pairs, cost = made(np.random.default_rng(seed))
    design = np.hstack([pairs.design, np.log(cost)[:, None]])
    other = api.GLM(pairs.trade, design, family=api.families.Poisson()).fit(cov_type="HC0", tol=1e-12, maxiter=300)
    found = fit(pairs, cost)
    assert found.beta == pytest.approx(other.params[-1], rel=1e-6)
    assert found.standard_error == pytest.approx(other.bse[-1], rel=1e-5)
    assert found.expected == pytest.approx(other.mu, rel=1e-6)
    assert deviance(pairs.trade, found.expected) == pytest.approx(other.deviance, rel=1e-6)
    interval = other.get_prediction(design).conf_int(alpha=0.2)
    assert found.low == pytest.approx(interval[:, 0], rel=1e-4)
    assert found.high == pytest.approx(interval[:, 1], rel=1e-4)


def test_several_kinds_of_goods_have_terms_of_their_own_as_statsmodels_has_dummies():
    """Two kinds with the same elasticity: a dummy for each origin and each destination of each kind."""
    import statsmodels.api as api

    (one, cost), (two, other) = made(np.random.default_rng(21)), made(np.random.default_rng(22))
    both = Pairs(
        origin=np.concatenate([one.origin, two.origin + 100]),
        destination=np.concatenate([one.destination, two.destination + 100]),
        trade=np.concatenate([one.trade, two.trade]),
    )
    burden = np.concatenate([cost, other])
    goals = [goal for goal in np.unique(both.destination) if goal % 100]  # of each kind one is left out
    dummies = [both.origin[:, None] == np.unique(both.origin), both.destination[:, None] == np.array(goals)]
    design = np.hstack([*dummies, np.log(burden)[:, None]]).astype(float)
    reference = api.GLM(both.trade, design, family=api.families.Poisson()).fit(cov_type="HC0", tol=1e-12, maxiter=300)
    found = fit(both, burden)
    assert found.beta == pytest.approx(reference.params[-1], rel=1e-6)
    assert found.standard_error == pytest.approx(reference.bse[-1], rel=1e-4)
    assert found.expected == pytest.approx(reference.mu, rel=1e-6)


def test_terms_of_places_make_their_sums_exact():
    """The first-order conditions: what is expected of each origin, and of each destination, adds up to its trade."""
    pairs, cost = made(np.random.default_rng(11))
    found = fit(pairs, cost)
    for ends in (pairs.origin, pairs.destination):
        for end in np.unique(ends):
            assert found.expected[ends == end].sum() == pytest.approx(pairs.trade[ends == end].sum(), rel=1e-8)


def test_trade_without_noise_is_found_whole():
    rng = np.random.default_rng(2)
    pairs, cost = made(rng)
    trade = np.exp(0.3 * pairs.origin - 0.2 * pairs.destination - 4 * np.log(cost))
    found = fit(Pairs(origin=pairs.origin, destination=pairs.destination, trade=trade), cost)
    assert found.beta == pytest.approx(-4)
    assert found.explained == pytest.approx(1.0)
    assert found.expected == pytest.approx(trade)


def test_the_elasticity_is_recovered_on_average():
    found = [fit(*made(np.random.default_rng(seed), theta=5.0)).beta for seed in range(40)]
    assert np.mean(found) == pytest.approx(-5, abs=0.4)


def test_out_of_sample_the_true_cost_tells_more_than_another_number():
    pairs, cost = made(np.random.default_rng(4), starts=10, goals=10, noise=0.2)
    other = 1 + np.random.default_rng(5).uniform(0.05, 0.5, len(cost))
    by_cost, by_other = out_of_sample(pairs, (cost, other))
    assert by_cost > 0.3 > by_other


def test_places_that_trade_nothing_are_left_out():
    pairs = Pairs(
        origin=np.array([0, 0, 1, 1, 2, 2]),
        destination=np.array([0, 1, 0, 1, 0, 1]),
        trade=np.array([1.0, 2.0, 0.0, 0.0, 3.0, 0.0]),
    )
    assert traders(pairs).tolist() == [True, True, False, False, True, True]


def test_too_few_pairs_and_cost_by_place_alone_are_refused():
    pairs, cost = made(np.random.default_rng(1), starts=2, goals=2)
    with pytest.raises(BadValue, match="do not tell"):
        fit(pairs, cost)
    pairs, cost = made(np.random.default_rng(1))
    with pytest.raises(BadValue, match="does not vary"):
        fit(pairs, np.exp(0.1 * pairs.origin + 0.2 * pairs.destination))


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2019-07-01")


@pytest.fixture(scope="module")
def table(model, tmp_path_factory):
    """Trade made up of the model's own cost with an elasticity of 6, so that it can be found again."""
    path = tmp_path_factory.mktemp("trade") / "trade.csv"
    value, rows, rng = model.router.impedance.cargo.value_usd, ["origin,destination,musd"], np.random.default_rng(8)
    goals = [m.node_id for m in model.network.markets("market")][:8]
    for number, a in enumerate(ORIGINS):
        for place, b in enumerate(goals):
            usd = model.route(a, b).generalised_cost_usd
            mean = 50 * np.exp(0.4 * number - 0.3 * place) * (1 + usd / value) ** -6.0
            rows.append(f"{a},{b},{mean * np.exp(rng.normal(0, 0.001)):.6f}")
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_the_elasticity_of_trade_made_by_cost_is_found_again(model, table):
    found = model.gravity(str(table), "primorye-2")
    assert found.theta == pytest.approx(6.0, abs=3 * found.theta_error)
    assert found.told_by_cost > found.told_by_distance
    assert found.told_by_cost_out is not None
    one = next(flow for flow in found.flows if flow.origin == "harbin")
    route = model.route("harbin", one.destination)
    assert one.cost_usd == pytest.approx(route.generalised_cost_usd)
    value = model.router.impedance.cargo.value_usd
    after = model.with_scenario("primorye-2").route("harbin", one.destination).generalised_cost_usd
    rise = ((1 + after / value) / (1 + route.generalised_cost_usd / value)) ** -found.theta - 1
    assert one.rises["primorye-2"] == pytest.approx(rise)
    added = sum(flow.expected_musd * flow.rises["primorye-2"] for flow in found.flows)
    assert found.added_musd["primorye-2"] == pytest.approx(added)
    assert all(flow.low_musd <= flow.expected_musd <= flow.high_musd for flow in found.flows)
    assert "Trade falls by" in Words().text(page_of(found).blocks[0])


def test_the_example_of_the_page():
    before, after = 1 + 1000 / 10000, 1 + 800 / 10000
    assert (after / before) ** -5 - 1 == pytest.approx(0.096, abs=5e-4)
    assert 20 * ((after / before) ** -5 - 1) == pytest.approx(1.92, abs=0.01)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("origin,destination,musd\natlantis,niigata,1\nharbin,niigata,-2\n", "atlantis"),
        ("origin,destination,musd\nharbin,niigata,-2\n", "musd is '-2'"),
        ("origin,destination,musd\nharbin,niigata,2\nharbin,niigata,3\n", "stands twice"),
        ("origin,destination,musd\nharbin,harbin,2\n", "are one"),
        ("origin,destination,musd\n", "holds no trade"),
        ("origin,destination\nharbin,niigata\n", "lacks the column 'musd'"),
        ("origin,destination,musd\nharbin,niigata,2\n", "do not tell"),
    ],
)
def test_a_table_that_is_not_right_is_refused_with_its_place(model, tmp_path, text, words):
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((CorridorError, FileFaults), match=words):
        model.gravity(str(path))


def test_an_elasticity_that_is_no_estimate_is_refused_where_scenarios_are_asked(tmp_path):
    """Six pairs of three origins leave one degree: the estimate says so, and no scenario is told by it."""
    path = tmp_path / "trade.csv"
    rows = ("harbin,niigata,9", "harbin,tokyo,20", "hunchun,niigata,3", "hunchun,tokyo,4", "yanji,niigata,2")
    path.write_text("\n".join(["origin,destination,musd", *rows, "yanji,tokyo,6"]), encoding="utf-8")
    model = cn.load(as_of="2026-07-01")
    assert abs(model.gravity(path).theta) > 100
    with pytest.raises(BadValue, match="grow more than"):
        model.gravity(path, "primorye-2")


def test_trade_that_rises_with_the_cost_of_carriage_is_not_said_to_fall_by_less_than_nothing(tmp_path):
    path = tmp_path / "trade.csv"
    rows = ("harbin,niigata,9", "harbin,tokyo,20", "hunchun,niigata,3", "hunchun,tokyo,4", "yanji,niigata,2")
    path.write_text("\n".join(["origin,destination,musd", *rows, "yanji,tokyo,6"]), encoding="utf-8")
    found = cn.load(as_of="2026-07-01").gravity(path)
    verb, size = ("falls", found.theta) if found.theta > 0 else ("rises", -found.theta)
    assert str(page_of(found).blocks[0]).startswith(f"Trade {verb} by {size:,.2f}%")
    turned = str(page_of(replace(found, theta=-found.theta)).blocks[0])
    assert turned.startswith(f"Trade {'rises' if verb == 'falls' else 'falls'} by {size:,.2f}%")


def test_who_trades_a_little_is_kept_and_who_trades_nothing_is_left_out_with_who_trades_with_them_alone():
    """Origin 1 trades nothing; so destination 1, which trades with it alone, has no trade that is looked at."""
    origin, destination = np.array([0, 0, 1, 1, 2]), np.array([0, 2, 0, 1, 2])
    found = traders(Pairs(origin=origin, destination=destination, trade=np.array([0.4, 0.0, 0.0, 0.0, 0.1])))
    assert found.tolist() == [True, True, False, False, True]
    none = traders(Pairs(origin=origin, destination=destination, trade=np.zeros(5)))
    assert not none.any()


def test_the_deviance_by_hand():
    """Twice `x ln(x / m) - (x - m)`, of which the first is 0 where nothing is traded."""
    found = deviance(np.array([0.5, 0.0, 2.0]), np.array([0.25, 0.1, 2.0]))
    assert found == pytest.approx(2 * (0.5 * log(2) - 0.25 + 0.1))
