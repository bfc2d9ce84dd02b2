"""Any subset of upgrades, looked up, is what a full run of that subset gives; what belongs together is kept so."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.analysis.trips import trips
from corridor_net.analysis.upgrade_sets import subset_builder
from corridor_net.analysis.upgrade_sets.upgrade_rules import Rules
from corridor_net.analysis.upgrade_sets.upgrades import build, by_country, elementary, single_changes, study_subsets
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, ScenarioError
from corridor_net.scenario import combine

EIGHT = (
    "suifenhe-faster", "primorye-1", "hunchun-makhalino", "primorye-2", "rajin-khasan", "vanino",
    "vladivostok-liner", "harbin-mudanjiang",
)  # fmt: skip


@pytest.fixture(scope="module")
def upgrades():
    return tuple(cn.load_scenario(name) for name in EIGHT)


@pytest.fixture(scope="module")
def subsets(imp2019, upgrades):
    return build(Router(imp2019), upgrades)


@pytest.fixture
def scenario(write_yaml):
    """Return a function that makes a scenario of the tiny network."""

    def make(name, changes, head=""):
        return cn.load_scenario(write_yaml(name, f"scenario: {name}\ntitle: {name}\n{head}changes:\n{changes}"))

    return make


def full_run(net, upgrades, mask, origins, destinations):
    """The trips of a subset, by applying and compiling it as `run` does."""
    whole = combine([u for n, u in enumerate(upgrades) if mask >> n & 1])
    return trips(Router(impedance(whole.apply(net) if whole else net)), origins, destinations)


def test_packages_are_opened_and_what_is_extended_comes_first():
    found = elementary([cn.load_scenario("longjiang-belt")], known=cn.load_scenario)
    assert {u.name for u in found} == set(EIGHT)
    names = [u.name for u in found]
    assert names.index("suifenhe-faster") < names.index("primorye-1")


def test_random_subsets_are_what_a_full_run_gives(net2019, upgrades, subsets):
    draw = random.Random(4)  # noqa: S311
    masks = [0, 255, *draw.sample(range(1, 255), 14)]
    origins, goals = ["harbin", "tongjiang", "yanji", "suifenhe"], ["niigata", "tomakomai"]
    values = subsets.solve(masks, origins, goals)
    for k, mask in enumerate(masks):
        known = full_run(net2019, upgrades, mask, origins, goals)
        for (o, origin), (d, goal) in itertools.product(enumerate(origins), enumerate(goals)):
            trip = known[origin, goal]
            assert values.cost[k, o, d] == pytest.approx(trip.generalised_cost_usd, rel=1e-12)
            for measure, wanted in (("money", trip.cost_usd), ("hours", trip.hours), ("co2", trip.co2_kg)):
                assert values.total(measure)[k, o, d] == pytest.approx(wanted, rel=1e-9)


def test_every_arc_of_every_pair_of_upgrades_is_looked_up_exactly(net2019, upgrades, subsets):
    for one, other in itertools.combinations(range(8), 2):
        mask = 1 << one | 1 << other
        made = Router(impedance(combine([upgrades[one], upgrades[other]]).apply(net2019)))
        looked_up = subsets.amounts(mask)[0]
        known = dict(zip((a.key for a in made.impedance.arcs), made.weight.tolist(), strict=True))
        here = {key: w for key, w in zip(subsets.keys, looked_up.tolist(), strict=True) if w < np.inf}
        assert here == known


def test_few_networks_are_compiled(subsets):
    assert subsets.compiled == 10
    assert [subsets.names(group.mask) for group in subsets.groups][:2] == [EIGHT[:2], EIGHT[2:4]]


def test_both_engines_agree(subsets):
    origins = [market.node_id for market in subsets.router.network.markets("origin")]
    plain, fast = (subsets.solve(range(0, 256, 5), origins, ["niigata"], compiled=c) for c in (False, True))
    np.testing.assert_allclose(plain.cost, fast.cost, rtol=1e-12)
    for measure in ("money", "hours", "co2", "generalised"):
        np.testing.assert_allclose(plain.total(measure), fast.total(measure), rtol=1e-9)


def test_the_study_uses_again_what_it_compiled(comparison, subsets):
    again = study_subsets(comparison)
    assert {u.name for u in again.upgrades} == set(EIGHT)
    for mask in (0, 255):
        one, other = (s.solve([mask], ["tongjiang"], ["niigata"]).cost for s in (again, subsets))
        assert one == pytest.approx(other, rel=1e-12)


def test_changes_of_one_scenario_in_any_subset(net2019, imp2019, write_yaml):
    whole = cn.load_scenario("primorye-1")
    parts = build(Router(imp2019), single_changes(whole), lenient=True)
    assert parts.solve([parts.full], ["suifenhe"], ["niigata"]).cost[0, 0, 0] == pytest.approx(
        Router(impedance(whole.apply(net2019))).route("suifenhe", "niigata").generalised_cost_usd
    )
    draw = random.Random(8)  # noqa: S311
    for mask in draw.sample(range(1 << len(parts.upgrades)), 8):
        steps = tuple(s for n, u in enumerate(parts.upgrades) if mask >> n & 1 for s in u.steps)
        changed = replace(whole, steps=steps).apply(net2019)
        known = Router(impedance(changed)).route("suifenhe", "niigata").generalised_cost_usd
        assert parts.solve([mask], ["suifenhe"], ["niigata"]).cost[0, 0, 0] == pytest.approx(known, rel=1e-12)


OPEN_LINK = "  - open: link\n    where: {link_id: road-bc}\n    optional: true\n"
OPEN_GATE = "  - open: crossing\n    where: {crossing_id: bc-out}\n    optional: true\n"


def test_two_that_do_nothing_alone_and_something_together(make_tiny, scenario):
    """A link and its crossing, both closed: neither arc is there unless both are opened."""

    def shut(rows):
        for row in rows:
            row["valid_to"] = "2010-12-31"

    net = make_tiny(link=lambda rows: shut(rows[1:2]), crossing=shut)
    subsets = build(Router(impedance(net)), [scenario("a", OPEN_LINK), scenario("b", OPEN_GATE)])
    cost = subsets.solve(range(4), ["alfa"], ["delta"]).cost[:, 0, 0]
    assert cost[0] == cost[1] == cost[2] == pytest.approx(3498.0833, abs=1e-3)
    assert cost[3] == pytest.approx(2170.8125)


def test_both_engines_agree_on_sets_that_have_no_route(make_tiny, scenario):
    def shut(rows):
        for row in rows:
            row["valid_to"] = "2010-12-31"

    net = make_tiny(link=lambda rows: shut(rows[1:]), crossing=shut)
    subsets = build(Router(impedance(net)), [scenario("a", OPEN_LINK), scenario("b", OPEN_GATE)])
    for compiled in (False, True):
        found = subsets.solve(range(4), ["alfa"], ["delta"], compiled=compiled)
        assert found.cost[:, 0, 0] == pytest.approx([np.inf, np.inf, np.inf, 2170.8125])
        assert len(found.arcs) == 1


SLOWER = (
    "  - set: crossing\n    where: {{crossing_id: bc-out}}\n    component: queue\n    field: hours\n    value: {}\n{}"
)


def test_requires_and_conflicts(tiny, scenario):
    a = scenario("a", SLOWER.format(5, ""))
    b = scenario("b", SLOWER.format(4, ""), head="requires: a\n")
    c = scenario("c", SLOWER.format(3, ""), head="conflicts: a\n")
    rules = Rules.of([a, b, c])
    assert rules.effective(0b010) == 0
    assert rules.effective(0b011) == 0b011
    assert [mask for mask in range(8) if rules.allowed(mask)] == [0b000, 0b001, 0b011, 0b100]
    cost = build(Router(impedance(tiny)), [a, b]).solve(range(4), ["alfa"], ["delta"]).cost[:, 0, 0]
    assert cost[2] == cost[0]
    assert cost[0] - cost[1] == pytest.approx(8.25)
    assert cost[0] - cost[3] == pytest.approx(16.5)
    with pytest.raises(ScenarioError, match="cannot coexist"):
        rules.refuse_conflicts([a, b, c])
    with pytest.raises(ScenarioError, match="requires 'a', which is not among"):
        Rules.of([b])


def test_as_many_combinations_as_may_be_are_compiled_and_not_one_more(tiny, scenario, monkeypatch):
    two = [scenario("a", SLOWER.format(5, "")), scenario("b", SLOWER.format(4, ""), head="requires: a\n")]
    monkeypatch.setattr(subset_builder, "MOST_COMBINATIONS", 4)
    assert build(Router(impedance(tiny)), two).compiled == 3
    monkeypatch.setattr(subset_builder, "MOST_COMBINATIONS", 3)
    with pytest.raises(BadValue, match="2 upgrades change the same figures: 4 combinations"):
        build(Router(impedance(tiny)), two)


def test_bad_upgrades(tiny, scenario):
    router = Router(impedance(tiny))
    one = scenario("one", SLOWER.format(5, "    was: 6\n"))
    other = scenario("other", SLOWER.format(4, "    was: 6\n"))
    with pytest.raises(BadValue, match="no upgrades"):
        build(router, [])
    with pytest.raises(BadValue, match="'one' is given twice"):
        build(router, [other, one, one])
    with pytest.raises(ScenarioError, match="their order would decide"):
        build(router, [one, other])
    with pytest.raises(BadValue, match="combinations"):
        build(router, [scenario(f"s{n}", SLOWER.format(5 - n / 10, "")) for n in range(11)])
    subsets = build(router, [one])
    with pytest.raises(BadValue, match="cannot be sent from"):
        subsets.solve([0], ["golf"], ["delta"])


def test_changes_are_of_the_countries_of_their_rows(tiny, scenario):
    """A border and a line are of both their ends, a rate that all share is by itself; a season is of no country."""
    changes = """\
  - shift: crossing
    where: {crossing_id: bc-out}
    component: queue
    field: hours
    by: -1
  - {set: service, where: {service_id: line-cd}, field: sailings_per_week, value: 3}
  - {set: terminal, where: {terminal_id: delta-port_in-destination}, component: handling, field: hours, value: 1}
  - {scale: link, where: {link_id: road-ab}, field: speed_kmh, by: 1.5}
  - {scale: tariff, where: {tariff_id: road_ru}, field: per_km, by: 0.5}
  - {close: season, where: {season_id: line-winter}}
  - {set: link, where: {link_id: rail-ag}, field: length_km, value: 450}
"""
    blocks = by_country(tiny, [scenario("all", changes), scenario("all", changes)])
    found = {block.name: [number for _, _, number, _ in block.steps] for block in blocks}
    assert found == {"CN": [4, 7], "CN-RU": [1], "JP": [3], "JP-RU": [2], "tariff road_ru": [5]}
    assert list(found) == sorted(found)
    assert {(block.title, block.lineage) for block in blocks} == {(name, (name,)) for name in found}
