"""Scenario and study files: what they may say, what each change does, and every way in which they can be wrong."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.errors import BadFile, BadValue, CorridorError, FileFaults, ScenarioError, UnknownName
from corridor_net.scenario import combine, json_schema, scenario_path, shipped_names, study_of
from corridor_net.scenario.apply import KEY
from corridor_net.scenario.yaml_file import YamlFile

LAW = settings(deadline=None, derandomize=True, max_examples=30)
HEAD = "scenario: trial\ntitle: A trial\nchanges:\n"


@pytest.fixture
def load(write_yaml):
    """Write a scenario of the given changes and load it."""

    def call(changes, name="trial", head="title: A trial\n"):
        body = f"scenario: {name}\n{head}" + (f"changes:\n{changes}" if changes else "")
        return cn.load_scenario(write_yaml(name, body))

    return call


def plain(path):
    """Return a YAML file as JSON would have it."""

    def shown(value):
        return value.isoformat() if isinstance(value, (date, datetime)) else str(value)

    return json.loads(json.dumps(YAML(typ="safe").load(path), default=shown))


def tables(network):
    return {name: network.rows(name) for name in network.tables}


def place_of(error):
    return (Path(error.place.path).name, error.place.line, error.place.column)


def caret(error):
    """Return the text of the source line from the caret on."""
    return error.place.text[error.place.column - 1 :]


# what ships


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_files_satisfy_their_schema(scenarios, name):
    path = scenarios / f"{name}.yaml"
    document = plain(path)
    kind = "study" if "study" in document else "scenario"
    jsonschema.Draft202012Validator(json_schema(kind)).validate(document)
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={kind}.schema.json"
    assert document[kind] == name


@pytest.mark.parametrize("kind", ["scenario", "study"])
def test_the_schema_files_are_what_the_command_prints(scenarios, cli, kind):
    done = cli("schema", kind)
    assert done.code == 0
    assert done.out == (scenarios / f"{kind}.schema.json").read_text(encoding="utf-8")
    jsonschema.Draft202012Validator.check_schema(json.loads(done.out))


@pytest.mark.parametrize("day", ["2016-07-01", "2019-07-01", "2026-07-01"])
@pytest.mark.parametrize(
    "name", [n for n in shipped_names() if n != "longjiang-japan" and not n.startswith("baseline")]
)
def test_every_shipped_upgrade_changes_every_baseline(shipped, name, day):
    base = shipped.as_of(day)
    scenario = cn.load_scenario(name)
    assert scenario.diff(base)
    changed = scenario.apply(base)
    assert tables(changed) != tables(base)
    impedance(changed)


def test_the_issue_s_scenarios_are_all_there():
    assert set(shipped_names()) >= {
        "baseline-2016", "baseline-2019", "baseline-2026", "suifenhe-faster", "primorye-1", "primorye-2",
        "hunchun-makhalino", "rajin-khasan", "vanino", "vladivostok-liner", "harbin-mudanjiang", "longjiang-belt",
    }  # fmt: skip


def test_every_source_of_a_shipped_scenario_is_known(shipped, study):
    for scenario in (*study.baselines, *study.scenarios):
        for change, *_ in scenario.steps:
            assert not change.source or change.source in shipped.sources, (scenario.name, change.source)


def test_baselines_carry_their_day():
    days = {name: cn.load_scenario(f"baseline-{name}").as_of for name in ("2016", "2019", "2026")}
    assert days == {"2016": date(2016, 7, 1), "2019": date(2019, 7, 1), "2026": date(2026, 7, 1)}


# every verb on the tiny network


def test_set(tiny, load):
    scenario = load("  - {set: link, where: {link_id: road-ab}, field: length_km, value: 310, was: 300}\n")
    assert scenario.diff(tiny) == [("road-ab", "length_km", 300, 310)]
    changed = {row.link_id: row.length_km for row in scenario.apply(tiny).rows("link")}
    assert changed == {"road-ab": 310, "road-bc": 30, "rail-ag": 500}


def test_scale_of_a_borrowed_figure_changes_the_chosen_rows_alone(tiny, load):
    # both roads share the speed 'road' of 60 km/h; only road-ab becomes twice as fast
    scenario = load("  - {scale: link, where: {link_id: road-ab}, field: speed_kmh, by: 2, was: 60}\n")
    compiled = impedance(scenario.apply(tiny))
    hours = {a.key: sum(p.amount for p in a.parts if p.quantity == "hours") for a in compiled.arcs}
    assert hours["link:road-ab:alfa:road"] == pytest.approx(300 / 120)
    assert hours["link:road-bc:bravo:road"] == pytest.approx(30 / 60)


def test_scale_keeps_the_range_round_the_figure(tiny, load):
    changed = load("  - {scale: link, where: {link_id: road-ab}, field: speed_kmh, by: 2}\n").apply(tiny)
    speed = {row.speed_id: row for row in changed.rows("speed")}
    new = speed[next(row.speed_id for row in changed.rows("link") if row.link_id == "road-ab")]
    assert (new.speed_kmh, new.speed_kmh_low, new.speed_kmh_high) == (120, 100, 150)
    assert speed["road"] in tiny.rows("speed")


def test_only_the_figure_of_the_day_is_changed(make_tiny, load):
    def speeds(rows):
        rows.append({**rows[0], "speed_kmh": 55, "valid_to": "2018-12-31"})
        rows[0]["valid_from"] = "2019-01-01"

    tiny = make_tiny(speed=speeds)
    scenario = load("  - {scale: link, where: {link_id: road-ab}, field: speed_kmh, by: 2, was: 60}\n")
    assert scenario.diff(tiny) == [("road-ab", "speed_kmh", 60, 120), ("road-ab", "schedule_kmh", 75, 150)]
    changed = scenario.apply(tiny)
    name = next(row.speed_id for row in changed.rows("link") if row.link_id == "road-ab")
    assert {row.speed_kmh for row in changed.rows("speed") if row.speed_id == name} == {120, 55}


def test_shift(tiny, load):
    scenario = load("  - {shift: service, where: {service_id: line-cd}, field: sailings_per_week, by: 1.5}\n")
    assert scenario.diff(tiny) == [("line-cd", "sailings_per_week", 2, 3.5)]


def test_close_and_the_other_gateway(tiny, load):
    scenario = load("  - {close: crossing, where: {crossing_id: bc-*}, why: The bridge is down}\n")
    changed = scenario.apply(tiny)
    assert [row.crossing_id for row in changed.active("crossing")] == []
    assert cn.Router(impedance(changed)).route("alfa", "delta").gateway == "golf"
    assert {row.end_reason for row in changed.rows("crossing")} == {"The bridge is down"}


def test_open(make_tiny, load):
    tiny = make_tiny(service=lambda rows: rows[0].update(valid_to="2015-12-31"))
    scenario = load("  - {open: service, where: {service_id: line-cd}}\n")
    assert [row.service_id for row in tiny.active("service")] == ["line-gd"]
    assert [row.service_id for row in scenario.apply(tiny).active("service")] == ["line-cd", "line-gd"]


def test_add_a_service(tiny, load):
    scenario = load(
        "  - add: service\n"
        "    row: {service_id: fast, name: Fast, vehicle: container_ship, sailings_per_week: 7, speed_id: ship,\n"
        "      port_stay_hours: 6, tariff_id: sea, emission_factor_id: ship}\n"
        "    calls: [{node: Charlie}, {node: delta}]\n"
    )
    route = cn.Router(impedance(scenario.apply(tiny))).route("alfa", "delta")
    assert route.services == ("fast",)
    # daily in place of twice a week: 12 h of waiting in place of 42
    assert route.component("hours")["wait"] == pytest.approx(12 + 196 / 48)


def test_add_a_link_in_place_of_the_border(tiny, load):
    scenario = load(
        "  - add: link\n"
        "    row: {link_id: tunnel, name: Tunnel, from_node_id: Альфа, to_node_id: RUCHA, mode: road,\n"
        "      length_km: 310, speed_id: road, tariff_id: road_cn, emission_factor_id: lorry, country: RU,\n"
        "      geometry_id: none}\n"
        "    border_like: bc-out\n"
    )
    route = cn.Router(impedance(scenario.apply(tiny))).route("alfa", "delta")
    assert "tunnel" in [leg.subject for leg in route.legs]
    assert route.crossings == ("tunnel-out",)


def test_component_of_a_crossing(tiny, load):
    scenario = load(
        "  - {set: crossing, where: {crossing_id: bc-out}, component: queue, field: hours, value: 1, was: 6}\n"
    )
    hours = cn.Router(impedance(scenario.apply(tiny))).route("alfa", "delta").component("hours")
    assert hours["queue"] == pytest.approx(1)
    # the way in keeps its own 6 h, though both share one operation
    changed = impedance(scenario.apply(tiny))
    back = next(a for a in changed.arcs if a.key == "crossing:bc-in:road")
    assert [p.amount for p in back.parts if p.component == "queue"] == [6]


def test_money_of_a_component_with_its_currency_and_year(tiny, load):
    scenario = load(
        "  - {set: crossing, where: {crossing_id: bc-out}, component: border_fee, field: cost, value: 70,"
        " currency: CNY, price_year: 2019}\n"
    )
    # 70 CNY of 2019 are 10 USD, in place of 22
    assert cn.Router(impedance(scenario.apply(tiny))).route("alfa", "delta").cost_usd == pytest.approx(846 - 12)


def test_changed_figures_carry_source_and_grade(tiny, load):
    changed = load(
        "  - {set: link, where: {link_id: road-ab}, field: length_km, value: 310, source: S, grade: C}\n"
    ).apply(tiny)
    row = next(row for row in changed.rows("link") if row.link_id == "road-ab")
    assert (row.source_id, row.grade) == ("S", "C")


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ("{mode: road}", 2),
        ("{link_id: road-*}", 2),
        ("{link_id: [road-ab, rail-ag]}", 2),
        ("{country: CN}", 2),
        ("{mode: road, country: CN}", 1),
        ("{mode: '*'}", 3),
    ],
)
def test_selectors(tiny, load, where, count):
    scenario = load(f"  - {{scale: link, where: {where}, field: length_km, by: 1.5}}\n")
    assert len(scenario.diff(tiny)) == count


def test_changes_come_in_order(tiny, load):
    scenario = load(
        "  - {scale: link, where: {link_id: road-ab}, field: length_km, by: 2}\n"
        "  - {shift: link, where: {link_id: road-ab}, field: length_km, by: 10, was: 600}\n"
    )
    assert scenario.diff(tiny) == [("road-ab", "length_km", 300, 600), ("road-ab", "length_km", 600, 610)]


# laws


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


def test_a_scenario_without_changes_changes_nothing(shipped, load):
    base = shipped.as_of("2019-07-01")
    assert tables(load("").apply(base)) == tables(base)


def test_setting_the_same_value_changes_nothing(tiny, load):
    changes = "  - {set: link, where: {link_id: road-ab}, field: length_km, value: 300%s}\n"
    with pytest.raises(ScenarioError, match="touches nothing") as caught:
        load(changes % "").apply(tiny)
    assert caught.value.hint == "its values are already so"
    same = load(changes % ", optional: true").apply(tiny)
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
def test_close_then_open(shipped, load, table):
    base = shipped.as_of("2019-07-01")
    row = base.active(table)[0]
    name = getattr(row, KEY[table])
    scenario = load(
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
            f"  - {{scale: link, where: {{link_id: {link}}}, field: length_km, by: 3}}\n",
        )
    both = write_yaml("both", "scenario: both\ntitle: x\nextends: [left, right]\n")
    lengths = {row.link_id: row.length_km for row in cn.load_scenario(both).apply(tiny).rows("link")}
    assert lengths == {"road-ab": 600, "road-bc": 90, "rail-ag": 1500}


# extends, requires, conflicts


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


# finding files


def test_a_misspelt_name_offers_the_nearest():
    with pytest.raises(UnknownName, match="unknown scenario 'primory-1'") as caught:
        cn.load_scenario("primory-1")
    assert caught.value.hint == "did you mean 'primorye-1'?"


def test_a_missing_file():
    with pytest.raises(BadFile, match=r"there is no file 'nowhere/primorye-1\.yml'"):
        cn.load_scenario("nowhere/primorye-1.yml")


def test_a_misspelt_base_is_placed_in_the_file_that_names_it(write_yaml):
    path = write_yaml("one", "scenario: one\ntitle: x\nextends: [primorye-1, primorye-22]\n")
    with pytest.raises(UnknownName, match="primorye-22") as caught:
        cn.load_scenario(path)
    assert place_of(caught.value) == ("one.yaml", 3, 23)
    assert caught.value.hint == "did you mean 'primorye-2'?"


def test_a_base_given_as_a_file_that_is_not_there_is_placed_too(write_yaml):
    path = write_yaml("one", "scenario: one\ntitle: x\nextends: gone.yaml\n")
    with pytest.raises(BadFile, match=r"gone\.yaml") as caught:
        cn.load_scenario(path)
    assert place_of(caught.value) == ("one.yaml", 3, 10)


def test_a_neighbour_comes_before_a_shipped_scenario(write_yaml):
    write_yaml("vanino", "scenario: vanino\ntitle: My own\n")
    path = write_yaml("one", "scenario: one\ntitle: x\nextends: vanino\n")
    assert cn.load_scenario(path).steps == ()


def test_a_study_is_not_a_scenario(scenarios):
    with pytest.raises(BadFile, match="this is a study") as caught:
        cn.load_scenario(scenarios / "longjiang-japan.yaml")
    assert place_of(caught.value) == ("longjiang-japan.yaml", 2, 1)


def test_a_scenario_is_not_a_study():
    with pytest.raises(CorridorError):
        cn.load_study("primorye-1")


def test_scenario_path_takes_names_and_paths(scenarios):
    assert scenario_path("vanino") == scenarios / "vanino.yaml"
    assert scenario_path(str(scenarios / "vanino.yaml")) == scenarios / "vanino.yaml"


# text that is not a scenario: the place is exact


BROKEN = {
    "unknown field": ("scenario: x\ntitle: x\nwhyy: z\n", UnknownName, "unknown field 'whyy'", 3, 1, "why"),
    "unknown field of a change": (
        HEAD + "  - set: link\n    wher: {mode: rail}\n    field: length_km\n    value: 3\n",
        UnknownName, "unknown field 'wher'", 5, 5, "where",
    ),
    "unknown field of a call": (
        HEAD + "  - add: service\n    row: {service_id: x}\n    calls:\n      - {node: a, arival_hours: 3}\n",
        UnknownName, "unknown field 'arival_hours'", 7, 19, "arrival_hours",
    ),
    "no title": ("scenario: x\n", BadValue, "'title' is missing", 1, None, None),
    "bad name": ("scenario: Not A Name\ntitle: x\n", BadValue, "scenario", 1, 11, None),
    "unknown table": (
        HEAD + "  - set: lnk\n    where: {mode: rail}\n    field: length_km\n    value: 3\n",
        BadValue, "changes.0.set", 4, 10, None,
    ),
    "two verbs": (
        HEAD + "  - set: link\n    scale: link\n    where: {mode: rail}\n    field: length_km\n    value: 3\n",
        BadValue, "exactly one of", 4, 5, None,
    ),
    "no verb": (HEAD + "  - where: {mode: rail}\n    value: 3\n", BadValue, "exactly one of", 4, 5, None),
    "set without value": (
        HEAD + "  - {set: link, where: {mode: rail}, field: length_km}\n", BadValue, "'set' needs value", 4, 5, None,
    ),
    "scale without by": (
        HEAD + "  - {scale: link, where: {mode: rail}, field: length_km}\n", BadValue, "'scale' needs by", 4, 5, None,
    ),
    "close without where": (HEAD + "  - close: link\n", BadValue, "'close' needs where", 4, 5, None),
    "negative scale": (
        HEAD + "  - {scale: link, where: {mode: rail}, field: length_km, by: -2}\n", BadValue, "0 or more", 4, 5, None,
    ),
    "by that is text": (
        HEAD + "  - {scale: link, where: {mode: rail}, field: length_km, by: twice}\n", BadValue, "changes.0.by", 4, 62,
        None,
    ),
    "not a number": (
        HEAD + "  - {scale: link, where: {mode: rail}, field: length_km, by: .nan}\n", BadValue, "changes.0.by", 4, 62,
        None,
    ),
    "unknown currency": (
        HEAD + "  - {set: tariff, where: {mode: rail}, field: per_km, value: 2, currency: euro}\n", BadValue,
        "currency", 4, 75, None,
    ),
    "unknown grade": (
        HEAD + "  - {set: tariff, where: {mode: rail}, field: per_km, value: 2, grade: E}\n", BadValue, "grade", 4, 72,
        None,
    ),
    "a date that is none": ("scenario: x\ntitle: x\nas_of: 2019-13-01\n", CorridorError, "", 3, 8, None),
    "changes that are no list": ("scenario: x\ntitle: x\nchanges: 3\n", BadValue, "changes", 3, 10, None),
    "the same key twice": ("scenario: x\ntitle: x\ntitle: y\n", BadFile, "duplicate key", 3, 1, None),
    "a tab": ("scenario: x\n\ttitle: x\n", BadFile, "not YAML", 2, None, None),
    "not YAML": ("scenario: [x\ntitle: }\n", BadFile, "not YAML", 2, None, None),
    "an unclosed quote": ('scenario: "x\ntitle: y\n', BadFile, "not YAML", None, None, None),
    "a list": ("- scenario: x\n", BadFile, "keys and values", 1, 1, None),
    "a word": ("hello\n", BadFile, "keys and values", 1, 1, None),
    "nothing": ("", BadFile, "keys and values", 1, 1, None),
    "two documents": ("scenario: x\ntitle: x\n---\nscenario: y\n", BadFile, "not YAML", 3, None, None),
    "an unknown tag": ("scenario: !!python/object:os.system x\ntitle: x\n", CorridorError, "", None, None, None),
    "an unknown anchor": ("scenario: *x\ntitle: x\n", BadFile, "not YAML", 1, None, None),
    "null bytes": ("scenario: x\0\ntitle: x\n", BadFile, "not YAML", None, None, None),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files(write_yaml, name):
    text, kind, message, line, column, nearest = BROKEN[name]
    path = write_yaml("broken", text)
    with pytest.raises(kind) as caught:
        cn.load_scenario(path)
    error = caught.value
    assert message in error.message
    assert error.place.path == str(path)
    if line is not None:
        assert error.place.line == line
    if column is not None:
        assert error.place.column == column
    if nearest is not None:
        assert error.hint == f"did you mean '{nearest}'?"
    assert error.exit_code == 2


@pytest.mark.parametrize(
    "name",
    [
        n
        for n, case in BROKEN.items()
        if case[1] in (UnknownName, BadValue) and n not in ("not a number", "negative scale")
    ],
)
def test_the_json_schema_rejects_what_the_reader_rejects(tmp_path, name):
    path = tmp_path / "broken.yaml"
    path.write_text(BROKEN[name][0], encoding="utf-8")
    validator = jsonschema.Draft202012Validator(json_schema("scenario"))
    assert list(validator.iter_errors(plain(path)))


def test_a_caret_stands_under_the_offending_text(write_yaml):
    path = write_yaml("broken", HEAD + "  - {set: link, where: {mode: rail}, feild: length_km, value: 3}\n")
    with pytest.raises(CorridorError) as caught:
        cn.load_scenario(path)
    error = next(f for f in getattr(caught.value, "faults", [caught.value]) if isinstance(f, UnknownName))
    assert caret(error).startswith("feild")
    shown = str(error).splitlines()
    assert shown[1] == f"  --> {path}:4:38"
    assert shown[2].index("feild") == shown[3].index("^")
    assert shown[4] == "  = did you mean 'field'?"


def test_all_faults_of_a_file_at_once(write_yaml):
    text = (
        "scenario: Bad Name\nwhyy: x\ninvestment_usd: -5\nchanges:\n"
        "  - {set: lnk, where: {mode: rail}, field: length_km, value: 3}\n"
        "  - {scale: link, where: {mode: rail}, field: length_km, by: much}\n"
    )
    with pytest.raises(FileFaults) as caught:
        cn.load_scenario(write_yaml("broken", text))
    found = {(type(f), f.place.line) for f in caught.value.faults}
    assert found == {(BadValue, 1), (UnknownName, 2), (BadValue, 3), (BadValue, 5), (BadValue, 6)}
    assert len(caught.value.faults) == 6  # with the missing title
    for fault in caught.value.faults:
        assert f"{fault.place.path}:{fault.place.line}:" in str(caught.value)


def test_not_utf8(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes("scenario: x\ntitle: Хунчунь\n".encode("cp1251"))
    with pytest.raises(BadFile, match="cannot be read"):
        cn.load_scenario(path)


def test_a_byte_order_mark_is_allowed(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfscenario: x\ntitle: y\n")
    assert cn.load_scenario(path).name == "x"


def test_a_folder_in_place_of_a_file(tmp_path):
    (tmp_path / "x.yaml").mkdir()
    with pytest.raises(BadFile):
        cn.load_scenario(tmp_path / "x.yaml")


def test_nested_aliases_do_not_blow_up(write_yaml):
    text = "scenario: x\ntitle: x\na: &a [x, x, x, x, x, x, x, x, x, x]\n"
    for here, there in zip("bcdefghijkl", "abcdefghijk", strict=True):
        text += f"{here}: &{here} [{', '.join([f'*{there}'] * 10)}]\n"
    text += "why: *l\n"
    with pytest.raises(CorridorError) as caught:
        cn.load_scenario(write_yaml("bomb", text))
    assert len(str(caught.value)) < 20_000


def test_an_alias_bomb_in_a_field_that_is_read(write_yaml):
    text = "scenario: x\ntitle: x\nextends:\n  - &a [x, x, x, x, x, x, x, x, x, x]\n"
    for here, there in zip("bcdefgh", "abcdefg", strict=True):
        text += f"  - &{here} [{', '.join([f'*{there}'] * 10)}]\n"
    with pytest.raises(CorridorError) as caught:
        cn.load_scenario(write_yaml("bomb", text))
    assert len(str(caught.value)) < 20_000


def test_deep_nesting(write_yaml):
    with pytest.raises(BadFile):
        cn.load_scenario(write_yaml("deep", "scenario: x\ntitle: x\nwhy: " + "[" * 5000 + "]" * 5000 + "\n"))


def test_a_file_too_large(tmp_path):
    path = tmp_path / "big.yaml"
    path.write_text("scenario: x\ntitle: x\nwhy: " + "y" * 2_100_000, encoding="utf-8")
    with pytest.raises(BadFile, match="too large"):
        cn.load_scenario(path)


@LAW
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        YamlFile.parse(text, "any.yaml")
    except CorridorError as error:
        str(error)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text("ab-*: ", max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["set", "scale", "where", "field", "value", "by", "row", "calls", "add", "node", "mode"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@LAW
@given(st.dictionaries(st.sampled_from(["scenario", "title", "changes", "extends", "as_of", "why", "zz"]), JUNK))
def test_any_document_is_taken_or_refused_with_a_place(document):
    import io

    from corridor_net.scenario.model import ScenarioFile

    text = io.StringIO()
    YAML().dump(document, text)
    try:
        file = YamlFile.parse(text.getvalue(), "any.yaml")
        file.validate(ScenarioFile)
    except CorridorError as error:
        for fault in getattr(error, "faults", [error]):
            assert fault.place is not None


# changes that cannot be made: named, with the place of the change


def applied(load, tiny, change):
    with pytest.raises(CorridorError) as caught:
        load(f"  - {change}\n").apply(tiny)
    assert caught.value.exit_code == 2
    error = getattr(caught.value, "faults", [caught.value])[0]
    assert place_of(error)[:2] == ("trial.yaml", 4)
    return error


def test_was_does_not_hold(tiny, load):
    error = applied(load, tiny, "{set: link, where: {link_id: road-ab}, field: length_km, value: 3, was: 299}")
    assert isinstance(error, ScenarioError)
    assert error.message == "'was' does not hold: road-ab length_km is 300 km, not 299"


def test_was_of_one_row_of_several(tiny, load):
    error = applied(load, tiny, "{scale: link, where: {mode: road}, field: length_km, by: 2, was: 300}")
    assert "road-bc" in error.message


def test_was_of_a_borrowed_figure(tiny, load):
    error = applied(load, tiny, "{scale: link, where: {link_id: road-ab}, field: speed_kmh, by: 2, was: 50}")
    assert "'was' does not hold" in error.message


def test_a_change_that_matches_nothing(tiny, load):
    error = applied(load, tiny, "{set: link, where: {link_id: road-bd}, field: length_km, value: 3}")
    assert error.message == "no row of table link matches link_id = road-bd"
    assert error.hint in ("did you mean 'road-bc'?", "did you mean 'road-ab'?")


def test_conditions_that_no_row_meets_together(tiny, load):
    error = applied(load, tiny, "{set: link, where: {link_id: road-ab, mode: rail}, field: length_km, value: 3}")
    assert error.hint == "each condition is met by some row, but no row meets all of them"


def test_a_pattern_that_matches_nothing(tiny, load):
    error = applied(load, tiny, "{close: link, where: {link_id: sea-*}}")
    assert "matches link_id = sea-*" in error.message


def test_closing_what_is_closed(make_tiny, load):
    tiny = make_tiny(service=lambda rows: rows[0].update(valid_to="2015-12-31"))
    error = applied(load, tiny, "{close: service, where: {service_id: line-cd}}")
    assert "touches nothing" in error.message


@pytest.mark.parametrize(
    ("change", "message", "nearest"),
    [
        ("{set: link, where: {lnik_id: road-ab}, field: length_km, value: 3}", "no column 'lnik_id'", "link_id"),
        ("{set: link, where: {link_id: road-ab}, field: lenght_km, value: 3}", "no field 'lenght_km'", "length_km"),
        ("{set: link, where: {link_id: road-ab}, field: speed_kmph, value: 3}", "no field 'speed_kmph'", "speed_kmh"),
        ("{set: crossing, where: {crossing_id: bc-out}, component: queu, field: hours, value: 3}",
         "no component 'queu'", "queue"),
        ("{add: terminal, row: {terminal_id: x, node_id: alfa, from_state: road, to_state: destination,"
         " operation_id: load_raod}}", "unknown operation_id 'load_raod'", "load_road"),
        ("{add: terminal, row: {terminal_id: x, node_id: alva, from_state: road, to_state: destination,"
         " operation_id: load_road}}", "unknown node 'alva'", "alfa"),
        ("{add: link, row: {link_idd: x}}", "no column 'link_idd'", "link_id"),
    ],
)  # fmt: skip
def test_unknown_names(tiny, load, change, message, nearest):
    error = applied(load, tiny, change)
    assert isinstance(error, UnknownName)
    assert message in error.message
    assert error.hint == f"did you mean '{nearest}'?"


def test_an_unknown_port_of_a_call(tiny, load):
    error = applied(
        load, tiny,
        "{add: service, row: {service_id: n, name: N, vehicle: ropax, sailings_per_week: 1, speed_id: ship,"
        " port_stay_hours: 1, tariff_id: sea, emission_factor_id: ship}, calls: [{node: charly}, {node: delta}]}",
    )  # fmt: skip
    assert error.message == "unknown node 'charly'"
    assert error.hint == "did you mean 'charlie'?"


SERVICE = (
    "{{add: service, row: {{service_id: n, name: N, vehicle: ropax, sailings_per_week: 1, speed_id: ship,"
    " port_stay_hours: 1, tariff_id: sea, emission_factor_id: ship{0}}}, calls: {1}}}"
)


@pytest.mark.parametrize(
    ("extra", "calls", "message"),
    [
        ("", "[{node: charlie}]", "two calls"),
        ("", "[{node: alfa}, {node: delta}]", "no sea lane from alfa to delta"),
        (", sailings_per_week: fast", "[{node: charlie}, {node: delta}]", "sailings_per_week"),
        (", sailings_per_week: 0", "[{node: charlie}, {node: delta}]", "sailings_per_week"),
        (", sailings_per_week: -1", "[{node: charlie}, {node: delta}]", "sailings_per_week"),
        (", vehicle: zeppelin", "[{node: charlie}, {node: delta}]", "vehicle"),
        (", valid_to: soon", "[{node: charlie}, {node: delta}]", "valid_to"),
    ],
)
def test_an_added_service_that_cannot_sail(tiny, load, extra, calls, message):
    base = SERVICE.format(extra, calls)
    if "sailings_per_week" in extra or "vehicle" in extra:
        column = extra.split(":")[0].strip(", ")
        base = base.replace(
            {"vehicle": "vehicle: ropax, ", "sailings_per_week": "sailings_per_week: 1, "}[column], "", 1
        )
    assert message in applied(load, tiny, base).message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("{add: link, row: {link_id: x, name: X}}", "lacks"),
        (
            "{add: link, row: {link_id: road-ab, name: X, from_node_id: alfa, to_node_id: golf, mode: road,"
            " length_km: 500, speed_id: road, tariff_id: road_cn, emission_factor_id: lorry, country: CN,"
            " geometry_id: none}}",
            "exists already",
        ),
        ("{set: link, where: {link_id: road-ab}, field: length_km, value: long}", "length_km is a number"),
        ("{set: link, where: {link_id: road-ab}, field: mode, value: 3}", "mode is text"),
        ("{set: link, where: {link_id: road-ab}, field: mode, value: camel}", "mode"),
        ("{set: crossing, where: {crossing_id: bc-out}, field: opening_hours, value: sometimes}", "opening_hours"),
        ("{scale: link, where: {link_id: road-ab}, field: mode, by: 2}", "cannot be scaled"),
        ("{scale: link, where: {link_id: road-ab}, field: length_km, by: 0}", "length_km would be 0"),
        ("{shift: link, where: {link_id: road-ab}, field: length_km, by: -301}", "length_km would be -1"),
        ("{set: service, where: {service_id: line-cd}, field: sailings_per_week, value: 0}", "would be 0"),
        ("{set: crossing, where: {crossing_id: bc-out}, field: hours, value: 0}", "'component' is missing"),
        ("{set: link, where: {link_id: road-ab}, field: speed_id, value: rocket}", "rocket"),
        ("{set: link, where: {link_id: road-ab}, field: to_node_id, value: nowhere}", "nowhere"),
    ],
)
def test_values_that_cannot_be(tiny, load, change, message):
    assert message in applied(load, tiny, change).message


def test_an_added_row_with_a_text_where_a_number_belongs(tiny, load):
    row = "{link_id: x, name: X, from_node_id: alfa, to_node_id: golf, mode: road, length_km: far, speed_id: road, "
    row += "tariff_id: road_cn, emission_factor_id: lorry, country: CN}"
    assert "length_km" in applied(load, tiny, f"{{add: link, row: {row}}}").message


@pytest.mark.parametrize("day", ["2008-12-31", "2027-01-01", "1999-07-01"])
def test_a_date_outside_the_data(write_yaml, day):
    path = write_yaml("x", f"scenario: x\ntitle: x\nas_of: {day}\n")
    with pytest.raises(BadValue, match=f"{day} is outside the data") as caught:
        cn.load_scenario(path)
    assert place_of(caught.value)[:2] == ("x.yaml", 3)


# studies


def test_the_shipped_study(study):
    assert [b.name for b in study.baselines] == ["baseline-2016", "baseline-2019", "baseline-2026"]
    assert study.main_baseline.name == "baseline-2019"
    assert len(study.scenarios) == 9
    assert {name for name, _ in study.files} >= {"longjiang-japan.yaml", "longjiang-belt.yaml", "primorye-1.yaml"}


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("study: s\ntitle: x\nbaselines: []\n", "baselines", 3),
        ("study: s\ntitle: x\n", "'baselines' is missing", 1),
        ("study: s\ntitle: x\nbaselines: [baseline-2091]\n", "unknown scenario 'baseline-2091'", 3),
        ("study: s\ntitle: x\nbaselines: [baseline-2019]\nscenarios:\n  - vanino\n  - vanini\n",
         "unknown scenario 'vanini'", 6),
        ("study: s\ntitle: x\nbaselines: [baseline-2019]\nby: cheapness\n", "by", 4),
        ("study: s\ntitle: x\nbaselines: [baseline-2019]\nbye: money\n", "unknown field 'bye'", 4),
        ("study: s\ntitle: x\nbaselines: [baseline-2019]\nprice_year: 1990\n", "price_year", 4),
    ],
)  # fmt: skip
def test_broken_studies(write_yaml, text, message, line):
    with pytest.raises(CorridorError, match=message) as caught:
        cn.load_study(write_yaml("s", text))
    assert place_of(caught.value)[:2] == ("s.yaml", line)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("main_baseline: baseline-2016", "main_baseline 'baseline-2016'"),
        ("origins: [harbn]", "unknown node 'harbn'"),
        ("origins: []", "names no origin"),
        ("focus: nigata", "unknown node 'nigata'"),
        ("cargo: dry_44", "unknown cargo 'dry_44'"),
    ],
)
def test_studies_that_cannot_be_run(write_yaml, shipped, line, message):
    path = write_yaml("s", f"study: s\ntitle: x\nbaselines: [baseline-2019]\ndestinations: [niigata]\n{line}\n")
    with pytest.raises(CorridorError, match=message) as caught:
        cn.compare(cn.load_study(path), shipped)
    assert caught.value.exit_code == 2


def test_scenarios_run_alone_stand_on_the_baseline_of_their_day(write_yaml):
    assert study_of(["vanino"]).main_baseline.name == "baseline-2026"
    dated = write_yaml("dated", "scenario: dated\ntitle: x\nas_of: 2019-07-01\n")
    assert study_of([str(dated)]).main_baseline.name == "baseline-2019"
    other = write_yaml("other", "scenario: other\ntitle: x\nas_of: 2014-02-03\n")
    assert study_of([str(other)]).main_baseline.as_of == date(2014, 2, 3)
    with pytest.raises(ScenarioError, match="different days"):
        study_of([str(dated), str(other)])
