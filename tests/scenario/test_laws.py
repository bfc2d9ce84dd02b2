"""Laws that scenarios keep: the base is never touched, order does not matter, what is undone is undone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.errors import ScenarioError
from corridor_net.scenario import combine
from corridor_net.scenario.apply import KEY

from .helpers import HEAD, LAW, tables


def test_the_base_is_never_touched(shipped, study):
    base = shipped.as_of("2019-07-01")
    before = {name: hash(rows) for name, rows in tables(base).items()}
    identity = {name: id(rows) for name, rows in base.tables.items()}
    for scenario in study.scenarios:
        changed = scenario.apply(base)
        untouched = [name for name in base.tables if changed.rows(name) is base.rows(name)]
        assert "node" in untouched
    assert {name: hash(rows) for name, rows in tables(base).items()} == before
    assert {name: id(rows) for name, rows in base.tables.items()} == identity
    with pytest.raises(TypeError):
        base.tables["node"] = ()
    with pytest.raises(AttributeError):
        base.day = date(2020, 1, 1)
    with pytest.raises(AttributeError):
        base.rows("link")[0].length_km = 1


def test_a_scenario_without_changes_changes_nothing(shipped, trial):
    base = shipped.as_of("2019-07-01")
    assert tables(trial("").apply(base)) == tables(base)


def test_setting_the_same_value_changes_nothing(tiny, trial):
    changes = "  - {set: link, where: {link_id: road-ab}, field: length_km, value: 300%s}\n"
    with pytest.raises(ScenarioError, match="touches nothing") as caught:
        trial(changes % "").apply(tiny)
    assert caught.value.hint == "its values are already so"
    same = trial(changes % ", optional: true").apply(tiny)
    assert tables(same) == tables(tiny)


@LAW
@given(st.floats(0.2, 5))
def test_scale_and_back(tiny, tmp_path_factory, factor):
    path = tmp_path_factory.mktemp("scale") / "trial.yaml"
    change = "  - {{scale: {0}, where: {{{1}}}, field: {2}, by: {3!r}}}\n"
    picks = (
        ("link", "mode: road", "speed_kmh"),
        ("service", "service_id: '*'", "sailings_per_week"),
        ("tariff", "mode: sea", "per_km"),
        ("link", "mode: road", "length_km"),
    )
    there = "".join(change.format(*pick, factor) for pick in picks)
    back = "".join(change.format(*pick, 1 / factor) for pick in picks)
    if abs(factor - 1) < 1e-6:
        return
    path.write_text(HEAD + there + back, encoding="utf-8")
    compiled, base = impedance(cn.load_scenario(path).apply(tiny)), impedance(tiny)
    assert compiled.money == pytest.approx(base.money)
    assert compiled.hours == pytest.approx(base.hours)
    assert [a.key for a in compiled.arcs] == [a.key for a in base.arcs]


@pytest.mark.parametrize("table", ["link", "crossing", "terminal", "service"])
def test_close_then_open(shipped, trial, table):
    base = shipped.as_of("2019-07-01")
    row = base.active(table)[0]
    name = getattr(row, KEY[table])
    scenario = trial(
        f"  - {{close: {table}, where: {{{KEY[table]}: {name}}}}}\n"
        f"  - {{open: {table}, where: {{{KEY[table]}: {name}}}}}\n"
    )
    again = scenario.apply(base)
    assert [getattr(r, KEY[table]) for r in again.active(table)] == [getattr(r, KEY[table]) for r in base.active(table)]
    assert impedance(again).money == pytest.approx(impedance(base).money)


def test_applying_twice_gives_the_same(shipped):
    base, scenario = shipped.as_of("2019-07-01"), cn.load_scenario("primorye-2")
    assert tables(scenario.apply(base)) == tables(scenario.apply(base))


def test_the_order_of_independent_scenarios_does_not_matter(shipped):
    base = shipped.as_of("2019-07-01")
    pair = [cn.load_scenario("suifenhe-faster"), cn.load_scenario("hunchun-makhalino")]
    one = cn.Router(impedance(combine(pair).apply(base))).route("mudanjiang", "niigata")
    other = cn.Router(impedance(combine(pair[::-1]).apply(base))).route("mudanjiang", "niigata")
    assert one.generalised_cost_usd == pytest.approx(other.generalised_cost_usd)


def test_a_base_that_two_scenarios_share_is_applied_once(tiny, write_yaml):
    write_yaml(
        "base",
        HEAD.replace("trial", "base") + "  - {scale: link, where: {link_id: road-ab}, field: length_km, by: 2}\n",
    )
    for name, link in (("left", "road-bc"), ("right", "rail-ag")):
        write_yaml(
            name,
            f"scenario: {name}\ntitle: x\nextends: base\nchanges:\n"
            f"  - {{scale: link, where: {{link_id: {link}}}, field: length_km, by: 1.5}}\n",
        )
    both = write_yaml("both", "scenario: both\ntitle: x\nextends: [left, right]\n")
    lengths = {row.link_id: row.length_km for row in cn.load_scenario(both).apply(tiny).rows("link")}
    assert lengths == {"road-ab": 600, "road-bc": 45, "rail-ag": 750}
