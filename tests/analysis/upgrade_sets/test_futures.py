"""Sets of upgrades under futures: expected gain, worst cases and regret, against every set routed anew."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

import corridor_net as cn
from corridor_net.analysis.upgrade_sets.futures import checked_weights, regrets, tail_mean
from corridor_net.errors import BadValue, UnknownName
from corridor_net.questions import page_of
from corridor_net.questions.pages.futures import futures_of
from corridor_net.render.words import Words
from second_model.compare import model as second
from second_model.model import Wish

UPGRADES = ("primorye-1", "primorye-2")
CITIES = ["hunchun", "suifenhe", "harbin"]


@pytest.fixture(scope="module")
def found():
    return cn.load(as_of="2019-07-01").portfolio(
        *UPGRADES,
        budget=6e9,
        origins=CITIES,
        weights="equal",
        futures=["dalian-train-discount=0.3", "rajin-khasan=0.2"],
    )


def test_the_example_of_the_page():
    gains = np.array([[100.0, 0.0], [40.0, 40.0]])
    weights = [0.5, 0.5]
    assert (gains @ weights).tolist() == [50.0, 40.0]
    assert [tail_mean(row, weights, 0.2) for row in gains.tolist()] == [0.0, 40.0]
    assert regrets(gains).tolist() == [40.0, 60.0]


def test_every_set_under_every_future_is_what_the_second_model_gives(found):
    """From the tables by rules written apart, and networkx."""
    futures = {"as-it-is": (), "dalian-train-discount": ("dalian-train-discount",), "rajin-khasan": ("rajin-khasan",)}
    sets = {frozenset(one.choice.upgrades): one for one in found.futures.sets}
    assert set(sets) == {frozenset(c) for n in range(3) for c in itertools.combinations(UPGRADES, n)}

    def mean(*scenarios):
        least = second("2019-07-01", scenarios, "dry_40", None, None).best(Wish(), CITIES, ["niigata"])
        return np.mean(list(least.values()))

    for name, applied in futures.items():
        for bought, one in sets.items():
            assert one.gains[name] == pytest.approx(mean(*applied) - mean(*applied, *sorted(bought)), abs=1e-6)


def test_rules_are_worked_out_from_gains_and_weights(found):
    futures = found.futures
    assert futures.weights == pytest.approx({"dalian-train-discount": 0.3, "rajin-khasan": 0.2, "as-it-is": 0.5})
    names = list(futures.weights)
    table = np.array([[one.gains[name] for name in names] for one in futures.sets])
    weights = np.array([futures.weights[name] for name in names])
    assert [one.expected for one in futures.sets] == pytest.approx((table @ weights).tolist())
    assert [one.regret for one in futures.sets] == pytest.approx((table.max(axis=0) - table).max(axis=1).tolist())
    for one, gains in zip(futures.sets, table, strict=True):  # CVaR as the least mean over weights raised to w / share
        limits = [(0, weight / futures.worst_share) for weight in weights]
        least = optimize.linprog(gains, A_eq=[np.ones(len(gains))], b_eq=[1.0], bounds=limits).fun
        assert one.worst == pytest.approx(least, abs=1e-6)
    assert futures.best("expected").expected == max(one.expected for one in futures.sets)
    assert futures.best("worst").worst == max(one.worst for one in futures.sets)
    assert futures.best("regret").regret == min(one.regret for one in futures.sets)


def test_as_it_is_is_the_portfolio_without_futures(found):
    by_name = {one.choice.upgrades: one for one in found.futures.sets}
    assert by_name[found.best.upgrades].gains["as-it-is"] == pytest.approx(found.best.gain_usd_per_box)


def test_only_what_the_budget_buys_is_looked_at():
    few = cn.load(as_of="2019-07-01").portfolio(*UPGRADES, budget=3e9, origins=CITIES, futures=["rajin-khasan"])
    assert {one.choice.upgrades for one in few.futures.sets} == {(), ("primorye-1",)}
    assert few.futures.weights == {"rajin-khasan": 0.5, "as-it-is": 0.5}


def test_a_day_may_be_a_future_in_dollars_of_the_same_year():
    base = cn.load(as_of="2019-07-01")
    found = base.portfolio("primorye-2", budget=4e9, origins=["hunchun"], futures=["2016-07-01=1"])
    assert found.futures.weights == {"2016-07-01": 1.0}
    year = base.router.impedance.prices.year
    old = base.as_of("2016-07-01")
    before, after = (
        model.route("hunchun", "niigata", price_year=year).generalised_cost_usd
        for model in (old, old.with_scenario("primorye-2"))
    )
    assert found.futures.best("expected").gains["2016-07-01"] == pytest.approx(before - after)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(0.01, 1)), min_size=1, max_size=6),
    st.floats(0.05, 1.0),
)
def test_the_tail_mean_is_between_the_least_and_the_mean_and_grows_with_its_share(pairs, share):
    values, raw = zip(*pairs, strict=True)
    weights = list(checked_weights({str(n): weight for n, weight in enumerate(raw)}).values())
    mean = sum(v * w for v, w in zip(values, weights, strict=True))
    tail = tail_mean(values, weights, share)
    assert min(values) - 1e-6 <= tail <= mean + 1e-6
    assert tail <= tail_mean(values, weights, min(1.0, share * 1.5)) + 1e-6
    assert tail_mean(values, weights, 1.0) == pytest.approx(mean, abs=1e-6)


def test_the_tail_mean_is_the_largest_of_rockafellar_and_uryasev():
    rng = np.random.default_rng(3)
    for _ in range(30):
        values, weights = rng.normal(0, 10, 5), rng.dirichlet(np.ones(5))
        share = rng.uniform(0.05, 1)
        best = max(v - weights @ np.maximum(v - values, 0) / share for v in values)
        assert tail_mean(values.tolist(), weights.tolist(), share) == pytest.approx(best)


@pytest.mark.whole
@pytest.mark.parametrize(
    ("texts", "weights"),
    [
        (["a"], {"a": 0.5, "as-it-is": 0.5}),
        (["a=0.3"], {"a": 0.3, "as-it-is": 0.7}),
        (["a=0.3", "b"], {"a": 0.3, "b": 0.35, "as-it-is": 0.35}),
        (["a=1", "as-it-is=1"], {"a": 1.0, "as-it-is": 1.0}),
        (["a=1"], {"a": 1.0}),
    ],
)
def test_weights_that_are_left_out_share_what_is_left(texts, weights):
    assert futures_of(texts) == pytest.approx(weights)


@pytest.mark.whole
@pytest.mark.parametrize("texts", [["a=-1"], ["a=much"], ["a", "a"], ["=0.2"], ["a=1.2", "b"]])
def test_weights_that_are_none_are_refused(texts):
    with pytest.raises(BadValue):
        futures_of(texts)


def test_what_cannot_be_asked_is_refused():
    model = cn.load(as_of="2019-07-01")
    with pytest.raises(UnknownName):
        model.portfolio(*UPGRADES, budget=6e9, futures=["no-such"])
    with pytest.raises(BadValue, match="'primorye-1' may be bought, and stands in the future"):
        model.portfolio("primorye-1", budget=6e9, origins=CITIES, futures=["primorye-1"])
    with pytest.raises(BadValue, match="worst cases are those of futures"):
        model.portfolio("primorye-1", budget=6e9, origins=CITIES, worst=0.5)
    for told in ({"upkeep": 0.02, "boxes": 100.0}, {"growth": 0.1}, {"discount": 0.05}, {"years": 5}):
        with pytest.raises(BadValue, match=f"'{next(iter(told))}' is of the schedule"):
            model.portfolio("primorye-1", budget=6e9, origins=CITIES, **told)
    with pytest.raises(BadValue, match="worst cases"):
        model.portfolio(*UPGRADES, budget=6e9, origins=CITIES, futures=["rajin-khasan"], worst=0.0)
    with pytest.raises(BadValue, match="weight 0"):
        model.portfolio(*UPGRADES, budget=6e9, origins=CITIES, futures=["rajin-khasan=0", "as-it-is=0"])


def test_the_page_and_the_json_tell_it(found):
    text = [Words().text(one) for one in page_of(found).blocks if hasattr(one, "template")]
    assert any(line.startswith("Largest expected gain: ") for line in text)
    told = found.to_dict()["futures"]
    assert set(told) == {"weights", "worst_share", "sets"}
    assert told["sets"][0]["expected"] >= told["sets"][-1]["expected"]
