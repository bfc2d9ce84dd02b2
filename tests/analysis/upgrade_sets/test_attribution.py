"""Shares that add up: held to all orders of arrival, to the axioms, and to subsets applied and compiled afresh."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from math import factorial
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.trips import trips
from corridor_net.analysis.upgrade_sets import attribution as module
from corridor_net.analysis.upgrade_sets.attribution import attribution, attribution_summary
from corridor_net.analysis.upgrade_sets.shapley import interactions, shapley
from corridor_net.analysis.upgrade_sets.upgrades import build, by_country, elementary
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, NoRoute, ScenarioError, UnknownName
from corridor_net.scenario import combine

LAW = settings(deadline=None, derandomize=True, max_examples=40)
NAMES = ("primorye-1", "vladivostok-liner", "primorye-2", "rajin-khasan")


@st.composite
def value_functions(draw, least=1, most=5):
    n = draw(st.integers(least, most))
    worth = st.integers(-50, 50)
    return np.array([0.0, *draw(st.lists(worth, min_size=2**n - 1, max_size=2**n - 1))])


@pytest.fixture(scope="module")
def subsets(imp2019):
    return build(Router(imp2019), elementary([cn.load_scenario(n) for n in NAMES], known=cn.load_scenario))


@pytest.fixture
def scenario(write_yaml):
    def make(name, changes, head=""):
        return cn.load_scenario(write_yaml(name, f"scenario: {name}\ntitle: {name}\n{head}changes:\n{changes}"))

    return make


QUEUE = "  - shift: crossing\n    where: {{crossing_id: bc-out}}\n    component: queue\n    field: hours\n    by: {}\n"
LINE = "  - set: service\n    where: {{service_id: line-{}}}\n    field: sailings_per_week\n    value: {}\n"


# the formulas


@LAW
@given(value_functions())
def test_shapley_is_the_mean_over_all_orders(values):
    n = len(values).bit_length() - 1
    known = np.zeros(n)
    for order in itertools.permutations(range(n)):
        mask = 0
        for player in order:
            known[player] += values[mask | 1 << player] - values[mask]
            mask |= 1 << player
    np.testing.assert_allclose(shapley(values), known / factorial(n), atol=1e-9)


@LAW
@given(value_functions(least=2, most=4))
def test_interactions_are_those_of_the_definition(values):
    n = len(values).bit_length() - 1
    found = interactions(values)
    for i, j in itertools.permutations(range(n), 2):
        known = 0.0
        for size in range(n - 1):
            for chosen in itertools.combinations([k for k in range(n) if k not in (i, j)], size):
                s = sum(1 << k for k in chosen)
                a, b = 1 << i, 1 << j
                weight = factorial(size) * factorial(n - size - 2) / factorial(n - 1)
                known += weight * (values[s | a | b] - values[s | a] - values[s | b] + values[s])
        assert found[i, j] == pytest.approx(known, abs=1e-9)
    assert not np.diag(found).any()


@LAW
@given(value_functions(least=2), st.integers(1, 6))
def test_axioms(values, factor):
    n = len(values).bit_length() - 1
    phi = shapley(values)
    assert phi.sum() == pytest.approx(values[-1], abs=1e-9)
    np.testing.assert_allclose(shapley(factor * values), factor * phi, atol=1e-9)
    dummy = np.concatenate([values, values + 3.0])  # one more player that brings 3 to every set
    np.testing.assert_allclose(shapley(dummy), [*phi, 3.0], atol=1e-9)
    swapped = np.array([values[m & ~3 | (m & 1) << 1 | (m & 2) >> 1] for m in range(len(values))])
    np.testing.assert_allclose(shapley(swapped)[[1, 0, *range(2, n)]], phi, atol=1e-9)
    both = (values + swapped) / 2
    assert shapley(both)[0] == pytest.approx(shapley(both)[1], abs=1e-9)


def test_a_game_of_the_wrong_size():
    with pytest.raises(BadValue, match="2\\^n subsets"):
        shapley(np.zeros(3))


# on networks


def test_the_example_of_the_page(tiny, scenario):
    """docs/attribution.md: Charlie 2,170.81, Golf 3,498.08; a saves 21 h of wait, b 4 h of queue, c 63 h at Golf."""
    upgrades = [
        scenario("a", LINE.format("cd", 4)),
        scenario("b", QUEUE.format(-4)),
        scenario("c", LINE.format("gd", 4)),
    ]
    found = attribution(build(Router(impedance(tiny)), upgrades), ["alfa"], ["delta"])
    assert [s.shapley for s in found.shares] == pytest.approx([21 * 8.25, 4 * 8.25, 0])
    assert found.joint == pytest.approx(25 * 8.25)
    assert found.interactions == ()
    told = [str(module.sentences(replace(found, joint=joint))[0]) for joint in (3.0, 0.0, -3.0)]
    assert [("gain" in one, "lose" in one) for one in told] == [(True, False), (True, False), (False, True)]


def test_complements_and_substitutes(tiny, make_tiny, scenario):
    """The second example of docs/attribution.md: with a queue of 200 h the cargo goes by Golf, 273.23 USD ahead."""

    def longer(rows):
        for row in rows:
            if (row["operation_id"], row["component"]) == ("border", "queue"):
                row["value"] = 200

    net = make_tiny(operation=longer)
    # Charlie: 2,170.8125 + 194 x 8.25 = 3,771.3125; Golf: 3,498.0833; Golf is 273.23 ahead
    a = scenario("a", QUEUE.format(-20))  # Charlie gains 165: alone nothing
    b = scenario("b", QUEUE.format(-30))  # Charlie gains 247.5: alone nothing; with a 139.27
    c = scenario("c", LINE.format("gd", 2))  # Golf gains 42 h: 346.5
    found = attribution(build(Router(impedance(net)), [a, b, c]), ["alfa"], ["delta"])
    ab = 165 + 247.5 - (3771.3125 - 3498.083333)
    values = {0: 0, 1: 0, 2: 0, 3: ab, 4: 346.5, 5: 346.5, 6: 346.5, 7: 346.5}
    known = shapley(np.array([float(values[mask]) for mask in range(8)]))
    assert [s.shapley for s in found.shares] == pytest.approx(known.tolist(), abs=1e-4)
    assert [s.alone for s in found.shares] == pytest.approx([0, 0, 346.5], abs=1e-9)
    assert [s.last for s in found.shares] == pytest.approx([0, 0, 346.5 - ab], abs=1e-4)
    pairs = {(i.one, i.other): i.index for i in found.interactions}
    assert pairs["a", "b"] == pytest.approx(ab / 2, abs=1e-4)
    assert pairs["a", "c"] == pairs["b", "c"] == pytest.approx(-ab / 2, abs=1e-4)


@pytest.mark.parametrize("measure", ["generalised", "money", "hours", "co2"])
@pytest.mark.slow
def test_the_shipped_upgrades_against_full_runs(net2019, subsets, measure):
    origins = ["tongjiang", "yanji", "suifenhe"]
    column = {"generalised": "generalised_cost_usd", "money": "cost_usd", "hours": "hours", "co2": "co2_kg"}[measure]
    values = np.zeros(1 << len(subsets.upgrades))
    cache = {}
    for mask in range(len(values)):
        whole = combine([u for n, u in enumerate(subsets.upgrades) if mask >> n & 1])
        key = frozenset(whole.lineage) if whole else frozenset()
        if key not in cache:
            ran = trips(Router(impedance(whole.apply(net2019) if whole else net2019)), origins, ["niigata"])
            cache[key] = sum(getattr(trip, column) for trip in ran.values()) / 3
        values[mask] = cache[frozenset()] - cache[key]
    found = attribution(subsets, origins, ["niigata"], measure=measure)
    assert [s.shapley for s in found.shares] == pytest.approx(shapley(values).tolist(), abs=1e-6)
    assert found.joint == pytest.approx(values[-1])
    index = interactions(values)
    names = [u.name for u in subsets.upgrades]
    for pair in found.interactions:
        assert pair.index == pytest.approx(index[names.index(pair.one), names.index(pair.other)], abs=1e-6)


def test_shares_and_countries_add_up_to_the_joint_effect(subsets, net2019):
    origins = [market.node_id for market in net2019.markets("origin")]
    for weights in ("equal", "trade", "people"):
        found = attribution(subsets, origins, ["niigata"], weights=weights)
        assert sum(s.shapley for s in found.shares) == pytest.approx(found.joint)
        assert sum(s.shapley for s in found.countries) == pytest.approx(found.joint)
        assert found.before - found.after == pytest.approx(found.joint)


def test_every_change_belongs_to_one_block_of_countries(subsets, net2019):
    blocks = by_country(net2019, subsets.upgrades)
    steps = [(step[1], step[2]) for block in blocks for step in block.steps]
    assert len(steps) == len(set(steps))
    named = {block.name for block in blocks}
    assert {"JP-RU", "CN-RU", "RU"} <= named


def test_market_access_of_all_markets(subsets, net2019):
    markets = [market.node_id for market in net2019.markets("market")]
    found = attribution(subsets, ["suifenhe", "yanji"], markets, measure="market_access", countries=False)
    assert found.joint > 0
    assert found.after == pytest.approx(found.before + found.joint)
    router = Router(impedance(combine(subsets.upgrades).apply(net2019)))
    gdp = {market.node_id: market.gdp or 0.0 for market in net2019.markets("market")}
    value = router.impedance.cargo.value_usd
    known = sum(
        gdp[trip.destination] * (1 + trip.generalised_cost_usd / value) ** -5.03
        for trip in trips(router, ["suifenhe", "yanji"], markets).values()
    )
    assert found.after == pytest.approx(known / 2)


def test_sampling_comes_near_the_exact_shares(subsets, monkeypatch):
    exact = attribution(subsets, ["suifenhe", "yanji"], ["niigata"], countries=False)
    monkeypatch.setattr(module, "EXACT_TO", 2)
    found = attribution(subsets, ["suifenhe", "yanji"], ["niigata"], permutations=201, seed=7, countries=False)
    assert (found.permutations, found.seed) == (202, 7)
    assert sum(s.shapley for s in found.shares) == pytest.approx(exact.joint)
    for one, other in zip(found.shares, exact.shares, strict=True):
        assert abs(one.shapley - other.shapley) <= 4 * one.error + 1e-9
    again = attribution(subsets, ["suifenhe", "yanji"], ["niigata"], permutations=201, seed=7, countries=False)
    assert again == found
    assert found.to_dict()["method"] == "sampled"


def test_equal_upgrades_get_equal_shares(tiny, scenario):
    same = LINE.format("cd", 4) + "    optional: true\n"
    found = attribution(build(Router(impedance(tiny)), [scenario("a", same), scenario("b", same)]), ["alfa"], ["delta"])
    assert [s.shapley for s in found.shares] == pytest.approx([21 * 8.25 / 2] * 2)
    assert found.interactions[0].index == pytest.approx(-21 * 8.25)


def test_what_is_required_counts_only_with_it(tiny, scenario):
    a = scenario("a", QUEUE.format(-2))
    b = scenario("b", LINE.format("cd", 4), head="requires: a\n")
    found = attribution(build(Router(impedance(tiny)), [a, b]), ["alfa"], ["delta"])
    alone, both = 2 * 8.25, 23 * 8.25
    assert [s.shapley for s in found.shares] == pytest.approx([(alone + both) / 2, (both - alone) / 2])


def test_origins_without_a_route_in_some_subset_are_left_out(make_tiny, scenario):
    def more(rows):
        rows.append({**rows[0], "node_id": "bravo"})

    def terminals(rows):
        rows.append({**rows[0], "terminal_id": "bravo-origin-road", "node_id": "bravo"})

    net = make_tiny(market=more, terminal=terminals)
    upgrades = [scenario("shut", "  - close: crossing\n    where: {crossing_id: bc-out}\n")]
    subsets = build(Router(impedance(net)), upgrades)
    found = attribution(subsets, ["alfa", "bravo"], ["delta"], countries=False)
    assert (found.origins, found.left_out) == (("alfa",), ("bravo",))
    assert found.joint == pytest.approx(2170.8125 - 3498.083333)
    with pytest.raises(NoRoute, match="in every subset"):
        attribution(subsets, ["bravo"], ["delta"], countries=False)


def test_mistakes(tiny, subsets, scenario):
    a = scenario("a", QUEUE.format(-2))
    b = scenario("b", QUEUE.format(-1), head="conflicts: a\n")
    with pytest.raises(ScenarioError, match="cannot coexist"):
        attribution(build(Router(impedance(tiny)), [a, b]), ["alfa"], ["delta"])
    with pytest.raises(UnknownName, match="cannot be split"):
        attribution(subsets, ["yanji"], ["niigata"], measure="distance")
    with pytest.raises(UnknownName, match="cannot be weighed"):
        attribution(subsets, ["yanji"], ["niigata"], weights="tonnes")
    with pytest.raises(BadValue, match="no origin has a figure"):
        attribution(subsets, ["dalian"], ["niigata"], weights="trade")
    with pytest.raises(BadValue, match="at least one origin"):
        attribution(subsets, [], ["niigata"])
    with pytest.raises(BadValue, match="permutations"):
        attribution(subsets, ["yanji"], ["niigata"], permutations=1)


def test_the_finding_of_the_study(comparison):
    found = attribution_summary(comparison)
    effect = next(
        comparison.effect(r) for r in comparison.scenario_runs("baseline-2019") if r.scenario == "longjiang-belt"
    )
    assert found.data["joint"] == pytest.approx(-effect.generalised_change_usd, abs=1e-5)
    assert str(found.lines[0]).startswith("Together 8 upgrades gain")
    assert found.data["countries"] == [], "a study tells the split by upgrade alone"


def test_a_share_of_half_a_per_cent_of_the_joint_gain_is_next_to_nothing_and_more_is_told(subsets):
    found = attribution(subsets, ["suifenhe"], ["niigata"], countries=False)
    values = [99.0, 0.5, 0.51, *[-0.5] * (len(found.shares) - 3)]
    shares = tuple(replace(one, shapley=value) for one, value in zip(found.shares, values, strict=True))
    told = [str(line) for line in module.sentences(replace(found, joint=100.0, shares=shares))]
    (idle,) = [line for line in told if line.startswith("Next to nothing")]
    (shown,) = [line for line in told if line.startswith("By Shapley value")]
    for one in shares:
        assert (one.name in idle) is (abs(one.shapley) <= 0.5)
        assert (one.name in shown) is (abs(one.shapley) > 0.5)


def test_the_command(cli):
    data = json.loads(cli("attribution", "primorye-1", "vladivostok-liner", "--from", "suifenhe", "--json").out)
    assert data["method"] == "exact"
    assert [u["name"] for u in data["upgrades"]] == ["suifenhe-faster", "primorye-1", "vladivostok-liner"]
    assert sum(u["shapley"] for u in data["upgrades"]) == pytest.approx(data["joint"], abs=1e-5)
    text = cli("attribution").out
    assert "exact, 79 subsets" in text
    assert "By countries of the changed rows" in text


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["primorye-3"], "did you mean"),
        (["--measure", "money_"], "did you mean 'money'"),
        (["--weight", "trad"], "did you mean 'trade'"),
        (["--to", "nigata"], "did you mean"),
        (["longjiang-japan", "primorye-1"], "cannot stand together"),
        (["--permutations", "1"], "two at least"),
    ],
)
def test_mistakes_of_the_command(cli, arguments, word):
    done = cli("attribution", *arguments)
    assert done.code == 2
    assert word in done.err
    assert done.out == ""


# estimates, of games so plain that an order's marginals are known


def estimated(worth, permutations, players=(0, 1, 2), seed=0):
    value_function = SimpleNamespace(gains=lambda masks: np.array([worth(mask.bit_count()) for mask in masks], float))
    return module._sampled(value_function, players, 3, permutations, seed)


@pytest.mark.parametrize("permutations", [3, 4])
def test_an_order_and_its_reverse_take_what_bends_evenly_out_of_an_estimate(permutations):
    """Worth k squared: the first of three adds 1, the last 5, and an order with its reverse 3 to each."""
    estimate, error = estimated(lambda k: k * k, permutations)
    assert estimate.tolist() == pytest.approx([3.0] * 3)
    assert error.tolist() == pytest.approx([0.0] * 3)


def test_the_error_of_an_estimate_is_that_of_the_mean_of_its_pairs():
    """All together are worth 1: of two orders, one with its reverse gives 1/2 to those at the ends. Two pairs that
    give 0 and 1/2 have the mean 1/4 and the error |0 - 1/2| / 2 = 1/4."""
    seen = set()
    for seed in range(8):
        seen |= {*zip(*(np.round(one, 9).tolist() for one in estimated(lambda k: k == 3, 4, seed=seed)), strict=True)}
    assert seen == {(0.0, 0.0), (0.5, 0.0), (0.25, 0.25)}


@pytest.mark.whole
@pytest.mark.parametrize(("permutations", "pairs"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_orders_come_in_pairs_and_one_pair_has_no_error(permutations, pairs):
    asked = []
    value_function = SimpleNamespace(gains=lambda masks: asked.append(len(masks)) or np.zeros(len(masks)))
    error = module._sampled(value_function, (0, 2), 3, permutations, 0)[1]
    assert asked == [pairs * 2 * 3]
    assert np.isfinite(error).all() == (pairs > 1)
