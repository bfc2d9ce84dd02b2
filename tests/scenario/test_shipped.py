"""The shipped scenarios: by their schemas, on every baseline, with known sources; and how files are found by name."""

from __future__ import annotations

import json
from datetime import date

import jsonschema
import pytest

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.errors import BadFile, CorridorError, UnknownName
from corridor_net.scenario import json_schema, scenario_path, shipped_scenarios

from .helpers import place_of, plain, tables

# what ships


@pytest.mark.whole
@pytest.mark.parametrize("name", shipped_scenarios())
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
    "name", [n for n in shipped_scenarios() if n != "longjiang-japan" and not n.startswith("baseline")]
)
def test_every_shipped_upgrade_changes_every_baseline(shipped, name, day):
    base = shipped.as_of(day)
    scenario = cn.load_scenario(name)
    assert scenario.diff(base)
    changed = scenario.apply(base)
    assert tables(changed) != tables(base)
    impedance(changed)


def test_the_issue_s_scenarios_are_all_there():
    assert set(shipped_scenarios()) >= {
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
