"""Scenarios that extend, require or exclude others."""

from __future__ import annotations

import pytest

import corridor_net as cn
from corridor_net.errors import ScenarioError
from corridor_net.scenario import combine

from .helpers import HEAD


def test_extends_puts_the_base_in_front(tiny, write_yaml):
    write_yaml(
        "base",
        HEAD.replace("trial", "base") + "  - {set: link, where: {link_id: road-ab}, field: length_km, value: 400}\n",
    )
    path = write_yaml(
        "more",
        "scenario: more\ntitle: x\nextends: base\nchanges:\n"
        "  - {shift: link, where: {link_id: road-ab}, field: length_km, by: 5, was: 400}\n",
    )
    scenario = cn.load_scenario(path)
    assert scenario.lineage == ("base", "more")
    assert [step[1] for step in scenario.steps] == ["base", "more"]
    assert [name for name, _ in scenario.files] == ["base.yaml", "more.yaml"]
    assert next(r.length_km for r in scenario.apply(tiny).rows("link") if r.link_id == "road-ab") == 405


def test_the_belt_holds_all_its_parts():
    belt = cn.load_scenario("longjiang-belt")
    assert set(belt.lineage) == {
        "longjiang-belt", "primorye-1", "primorye-2", "suifenhe-faster", "hunchun-makhalino", "vladivostok-liner",
        "harbin-mudanjiang", "rajin-khasan", "vanino",
    }  # fmt: skip
    parts = [cn.load_scenario(n).investment_usd or 0 for n in belt.lineage if n != "longjiang-belt"]
    assert belt.investment_usd == pytest.approx(sum(parts))


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_circle_of_extends(write_yaml, size):
    names = ["ring-a", "ring-b", "ring-c"][:size]
    for here, there in zip(names, [*names[1:], names[0]], strict=True):
        path = write_yaml(here, f"scenario: {here}\ntitle: x\nextends: {there}\n")
    path = path.with_name("ring-a.yaml")
    with pytest.raises(ScenarioError, match=" -> ".join([*names, "ring-a"])) as caught:
        cn.load_scenario(path)
    assert caught.value.place.line == 3


def test_conflicts_both_ways_round(write_yaml):
    one = cn.load_scenario(write_yaml("one", "scenario: one\ntitle: x\nconflicts: two\n"))
    two = cn.load_scenario(write_yaml("two", "scenario: two\ntitle: x\n"))
    for pair in ([one, two], [two, one]):
        with pytest.raises(ScenarioError, match="'one' conflicts with 'two'"):
            combine(pair)
    assert combine([one]) is one


def test_a_conflict_is_found_through_extends(write_yaml):
    write_yaml("two", "scenario: two\ntitle: x\n")
    one = cn.load_scenario(write_yaml("one", "scenario: one\ntitle: x\nconflicts: [two]\n"))
    three = cn.load_scenario(write_yaml("three", "scenario: three\ntitle: x\nextends: two\n"))
    with pytest.raises(ScenarioError, match="conflicts with 'two'"):
        combine([one, three])


def test_a_conflict_is_not_lost_when_scenarios_are_joined(write_yaml):
    two = cn.load_scenario(write_yaml("two", "scenario: two\ntitle: x\n"))
    write_yaml("four", "scenario: four\ntitle: x\n")
    write_yaml("one", "scenario: one\ntitle: x\nconflicts: [two]\n")
    joined = cn.load_scenario(write_yaml("three", "scenario: three\ntitle: x\nextends: [one, four]\n"))
    for pair in ([joined, two], [two, joined]):
        with pytest.raises(ScenarioError, match="conflicts with 'two'"):
            combine(pair)


def test_a_requirement_of_what_is_extended_holds_too(write_yaml):
    write_yaml("one", "scenario: one\ntitle: x\nrequires: [two]\n")
    more = cn.load_scenario(write_yaml("more", "scenario: more\ntitle: x\nextends: one\n"))
    with pytest.raises(ScenarioError, match="requires 'two'"):
        combine([more])


def test_a_scenario_that_extends_what_it_conflicts_with(write_yaml):
    write_yaml("two", "scenario: two\ntitle: x\n")
    path = write_yaml("one", "scenario: one\ntitle: x\nextends: two\nconflicts: two\n")
    with pytest.raises(ScenarioError, match="conflicts"):
        combine([cn.load_scenario(path)])


def test_requires(write_yaml):
    one = cn.load_scenario(write_yaml("one", "scenario: one\ntitle: x\nrequires: two\n"))
    two = cn.load_scenario(write_yaml("two", "scenario: two\ntitle: x\n"))
    with pytest.raises(ScenarioError, match="'one' requires 'two'") as caught:
        combine([one])
    assert caught.value.hint == "add --scenario two"
    assert combine([one, two]).lineage == ("one", "two")


def test_a_study_holds_conflicts_and_requires_too(write_yaml, shipped):
    # a study applies a scenario to a baseline: what it requires is not there
    write_yaml("needy", "scenario: needy\ntitle: x\nrequires: suifenhe-faster\nchanges:\n"
               "  - {scale: link, where: {link_id: rail-harbin-mudanjiang}, field: length_km, by: 1.1}\n")  # fmt: skip
    path = write_yaml("s", "study: s\ntitle: x\nbaselines: [baseline-2019]\nscenarios: [needy]\norigins: [harbin]\n"
                      "destinations: [niigata]\n")  # fmt: skip
    with pytest.raises(ScenarioError, match="requires 'suifenhe-faster'"):
        cn.compare(cn.load_study(path), shipped)


def test_scenarios_of_two_days_cannot_be_joined():
    with pytest.raises(ScenarioError, match="2016-07-01, 2019-07-01"):
        combine([cn.load_scenario("baseline-2016"), cn.load_scenario("baseline-2019")])
