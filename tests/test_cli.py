"""The command: every promise of its help, exit codes, documented JSON shapes, and one clear message for any mistake."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import jsonschema
import pytest
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.cli.main import app

COMMANDS = (
    "run", "route", "compare", "check", "export", "schema", "new", "validate",
    "explain", "breakeven", "attribution", "portfolio",
    "tcd", "access", "gateways", "criticality", "emissions", "uncertainty", "timetable", "profile", "pareto",
)  # fmt: skip
FILES = {
    "routes.geojson", "network.geojson", "nodes.geojson", "access.geojson", "comparison.csv", "legs.csv",
    "access.csv", "findings.json", "manifest.json", "report.html", "charts",
}  # fmt: skip


def clean(done):
    """Check that there is no traceback, and a message that is not empty."""
    assert "Traceback" not in done.all
    assert "Error:" not in done.err.splitlines()[0] if done.err.splitlines() else True
    return done


def mistake(done, *words, code=2):
    clean(done)
    assert done.code == code, done.all
    for word in words:
        assert word in done.err, done.err
    assert done.out == ""
    return done


# help


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command(command):
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert f"Usage: corridor-net {command}" in done.output or "Usage:" in done.output
    assert done.exception is None


def test_help_lists_every_command(cli):
    done = cli("--help")
    assert done.code == 0
    for command in COMMANDS:
        assert f"\n  {command} " in done.out


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("run", ["--cargo", "--by", "--schedule", "--geodata", "--out", "--json"]),
        ("route", ["--scenario", "--as-of", "--cargo", "--by", "--via", "--schedule", "--geodata", "--json", "--out"]),
        ("compare", ["--scenario", "--as-of", "--cargo", "--by", "--via", "--schedule", "--geodata", "--json"]),
        ("check", ["--geodata", "--as-of"]),
        ("export", ["--scenario", "--as-of", "--geodata", "--out"]),
        ("new", ["--out"]),
        ("validate", ["--geodata", "--json", "--out"]),
    ],
)
def test_common_options(command, options):
    text = CliRunner().invoke(app, [command, "--help"]).output
    for option in options:
        assert option in text


def test_without_arguments_it_shows_help(cli):
    done = clean(cli())
    assert "Usage" in done.all
    assert done.code in (0, 2)


# the smaller commands


def test_route_prints_legs_and_totals(cli):
    done = cli("route", "harbin", "niigata", "--as-of", "2016-07-01")
    assert done.code == 0
    assert done.err == ""
    for word in (
        "Harbin to Niigata, July 2016: ",
        "total",
        "USD",
        "days",
        "kg CO2e",
        "Dalian is the best",
        "Grade C or D",
    ):
        assert word in done.out


SPREAD = {
    "type": "object",
    "additionalProperties": False,
    "required": ["mean", "p10", "p50", "p90"],
    "properties": {name: {"type": "number", "minimum": 0} for name in ("mean", "p10", "p50", "p90")},
}
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
MEASURES = ("cost_usd", "hours", "co2_kg", "generalised_cost_usd")
DOUBT = {
    "type": "object",
    "additionalProperties": False,
    "required": [*MEASURES, "best", "gateway", "gateway_wins", "region_wins", "gateways", "regions", "draws"],
    "properties": {
        **dict.fromkeys(MEASURES, SPREAD),
        "best": {
            "type": "object",
            "additionalProperties": False,
            "required": [*MEASURES],
            "properties": dict.fromkeys(MEASURES, SPREAD),
        },
        **{name: {"type": "string"} for name in ("origin", "destination", "gateway", "region")},
        **dict.fromkeys(("gateway_wins", "region_wins"), SHARE),
        **{name: {"type": "object", "additionalProperties": SHARE} for name in ("gateways", "regions")},
        "draws": {"type": "integer", "minimum": 1},
    },
}
ROUTE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["origin", "destination", "cargo", "as_of", "scenario", "routes", "by", "schedule", "assumptions"],
    "properties": {
        "doubt": DOUBT,
        "origin": {"type": "string"},
        "destination": {"type": "string"},
        "cargo": {"type": "string"},
        "as_of": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
        "scenario": {"type": "string"},
        "by": {"enum": ["generalised", "money", "time", "co2"]},
        "schedule": {"type": "boolean"},
        "assumptions": {"type": "array", "items": {"type": "string"}},
        "routes": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": [
                    "cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km", "gateway", "crossings",
                    "legs", "services", "spread_hours", "price_year",
                ],
                "properties": {
                    **{
                        name: {"type": "number", "minimum": 0}
                        for name in ("cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km")
                    },
                    "spread_hours": {"type": ["number", "null"], "minimum": 0},
                    "price_year": {"type": "integer"},
                    "gateway": {"type": ["string", "null"]},
                    "crossings": {"type": "array", "items": {"type": "string"}},
                    "services": {"type": "array", "items": {"type": "string"}},
                    "legs": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "additionalProperties": False,
                            "required": [
                                "from", "to", "mode", "distance_km", "hours", "cost_usd", "co2_kg", "components",
                                "source_ids", "grade", "kind", "subject", "spread_hours",
                            ],
                            "properties": {
                                **{n: {"type": "string"} for n in ("from", "to", "mode", "kind", "subject")},
                                **{
                                    n: {"type": "number", "minimum": 0}
                                    for n in ("distance_km", "hours", "cost_usd", "co2_kg", "spread_hours")
                                },
                                "grade": {"enum": ["A", "B", "C", "D"]},
                                "source_ids": {"type": "array", "items": {"type": "string"}},
                                "components": {
                                    "type": "object",
                                    "additionalProperties": {
                                        "type": "object",
                                        "additionalProperties": False,
                                        "minProperties": 1,
                                        "properties": {"cost_usd": {"type": "number"}, "hours": {"type": "number"}},
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--as-of", "2009-01-01"],
        ["--schedule"],
        ["--by", "co2"],
        ["--via", "vladivostok", "--as-of", "2019-07-01"],
        ["--scenario", "longjiang-belt", "--as-of", "2019-07-01"],
        ["--cargo", "reefer_40", "--by", "time"],
    ],
)
def test_route_json_has_the_documented_shape(cli, options):
    done = cli("route", "哈尔滨", "JPKIJ", "--json", *options)
    assert done.code == 0
    answer = json.loads(done.out)
    jsonschema.validate(answer, ROUTE)
    assert (answer["origin"], answer["destination"]) == ("harbin", "niigata")
    route = answer["routes"][0]
    for total in ("cost_usd", "hours", "co2_kg"):
        assert sum(leg[total] for leg in route["legs"]) == pytest.approx(route[total], abs=1e-9)
    assert (route["spread_hours"] is None) is answer["schedule"]
    assert route["legs"][0]["from"] == "harbin"
    assert route["legs"][-1]["to"] == "niigata"


def test_route_options_arrive(cli):
    def ask(*options):
        return json.loads(cli("route", "harbin", "niigata", "--as-of", "2019-07-01", "--json", *options).out)

    plain = ask()
    assert plain["cargo"] == "dry_40"
    assert plain["scenario"] == "baseline"
    assert ask("--cargo", "dry_20")["cargo"] == "dry_20"
    assert ask("--by", "time")["by"] == "time"
    assert ask("--schedule")["routes"][0]["hours"] < plain["routes"][0]["hours"]
    assert ask("--via", "vladivostok")["routes"][0]["gateway"] == "vladivostok"
    named = ask("-s", "suifenhe-faster", "-s", "harbin-mudanjiang")
    assert named["scenario"] == "suifenhe-faster+harbin-mudanjiang"
    assert ask("--via", "dalian", "--via", "busan")["routes"][0]["hours"] > 0


def test_route_equals_python(cli):
    done = json.loads(cli("route", "harbin", "niigata", "--as-of", "2016-07-01", "--json").out)
    found = cn.load(as_of="2016-07-01").route("harbin", "niigata")
    assert done["routes"] == [json.loads(json.dumps(found.as_json()))]


def test_route_out(cli, tmp_path):
    done = cli("route", "harbin", "niigata", "--out", tmp_path / "o")
    assert done.code == 0
    found = json.loads((tmp_path / "o" / "routes.geojson").read_text(encoding="utf-8"))
    assert [f["id"] for f in found["features"]] == ["harbin:niigata:0"]


def test_a_scenario_brings_its_day(cli):
    answer = json.loads(cli("route", "harbin", "niigata", "-s", "baseline-2016", "--json").out)
    assert answer["as_of"] == "2016-07-01"
    answer = json.loads(cli("route", "harbin", "niigata", "-s", "baseline-2016", "--as-of", "2019-07-01", "--json").out)
    assert answer["as_of"] == "2019-07-01"


def test_compare(cli):
    done = cli("compare", "mudanjiang", "niigata", "--as-of", "2019-07-01")
    assert done.code == 0
    for name in ("baseline", "primorye-1", "longjiang-belt", "vladivostok-liner"):
        assert name in done.out


def test_compare_json(cli):
    done = cli("compare", "hunchun", "niigata", "--as-of", "2019-07-01", "-s", "primorye-2", "-s", "vanino", "--json")
    answer = json.loads(done.out)
    assert [r["scenario"] for r in answer["results"]] == ["baseline", "primorye-2", "vanino"]
    assert set(answer) == {"origin", "destination", "as_of", "cargo", "results"}
    item = ROUTE["properties"]["routes"]["items"]
    shape = {**item, "properties": {**item["properties"], "scenario": {"type": "string"}, "doubt": DOUBT}}
    for result in answer["results"]:
        jsonschema.validate(result, shape)


def test_compare_requires_what_a_scenario_requires(cli, write_yaml):
    path = write_yaml(
        "needy",
        "scenario: needy\ntitle: x\nrequires: suifenhe-faster\nchanges:\n"
        "  - {scale: link, where: {link_id: rail-harbin-mudanjiang}, field: length_km, by: 1.1}\n",
    )
    mistake(cli("compare", "harbin", "niigata", "-s", path), "requires 'suifenhe-faster'")


def test_check(cli, scenarios):
    done = cli("check")
    assert done.code == 0
    for name in ("known-figures", "borders", "reachable-markets"):
        assert f"{name}: " in done.out
    for path in scenarios.glob("*.yaml"):
        assert f"{path.name}: good" in done.out


@pytest.mark.parametrize("day", ["2009-01-01", "2016-07-01", "2026-07-01"])
def test_check_as_of(cli, day):
    assert cli("check", "--as-of", day, "primorye-1").code == 0


def test_check_a_broken_scenario(cli, write_yaml):
    path = write_yaml("broken", "scenario: broken\ntitle: x\nchanges:\n  - {close: link, where: {link_id: nowhere}}\n")
    done = clean(cli("check", path))
    assert done.code == 2
    assert f"{path}:4:" in done.err


def test_check_broken_data(cli, data):
    line = data.edit("link", 0, length_km="far")
    done = clean(cli("check", "--geodata", data.folder))
    assert done.code == 3
    assert f"{data.path('link')}:{line}:" in done.err
    assert "[CN-E301]" in done.err


def test_export_geojson(cli, tmp_path):
    done = cli("export", "--out", tmp_path / "e")
    assert done.code == 0
    assert {p.name for p in (tmp_path / "e").iterdir()} == {"nodes.geojson", "network.geojson"}


def test_export_csv_is_a_data_package(cli, tmp_path, shipped):
    done = cli("export", "--format", "csv", "--out", tmp_path / "e", "--as-of", "2019-07-01", "-s", "vanino")
    assert done.code == 0
    with (tmp_path / "e" / "service.csv").open(encoding="utf-8", newline="") as file:
        names = [row["service_id"] for row in csv.DictReader(file)]
    assert names == [*(s.service_id for s in shipped.rows("service")), "vanino-japan-weekly"]
    assert cli("route", "harbin", "niigata", "--geodata", tmp_path / "e", "--as-of", "2019-07-01").code == 0


def test_new_writes_a_scenario_that_is_good(cli, tmp_path):
    done = cli("new", "my-own", "--out", tmp_path)
    assert done.code == 0
    assert {p.name for p in tmp_path.iterdir()} == {"my-own.yaml", "scenario.schema.json"}
    assert (tmp_path / "my-own.yaml").read_text().startswith("# yaml-language-server: $schema=scenario.schema.json\n")
    assert cli("check", tmp_path / "my-own.yaml").code == 0
    assert cli("route", "harbin", "niigata", "-s", tmp_path / "my-own.yaml").code == 0
    mistake(cli("new", "my-own", "--out", tmp_path), "exists already")


def test_new_refuses_a_name_that_is_none(cli, tmp_path):
    for name in ("My Own", "../x", "", "-x", "a/b"):
        done = clean(cli("new", "--out", tmp_path, "--", name))
        assert done.code == 2
    assert not list(tmp_path.iterdir())


# the study


@pytest.fixture(scope="module")
def ran(tmp_path_factory, shell):
    folder = tmp_path_factory.mktemp("run")
    return shell("run", cwd=folder), folder / "results" / "longjiang-japan"


def test_the_study_runs_end_to_end(ran):
    done, folder = ran
    assert done.code == 0, done.err
    assert {path.name for path in folder.iterdir()} == FILES
    assert "Traceback" not in done.all


def test_the_printed_comparison(ran, shipped):
    done, _ = ran
    for node in shipped.markets("origin"):
        assert shipped.nodes[node.node_id].name in done.out
    for word in (
        "Niigata",
        "gateway",
        "USD",
        "days",
        "kg CO2e",
        "2016",
        "2019",
        "2026",
        "primorye-1",
        "longjiang-belt",
    ):
        assert word in done.out
    assert "inf" not in done.out.replace("information", "")
    assert "nan" not in done.out.casefold().replace("yanan", "").replace("nanao", "")
    assert "Written to results/longjiang-japan" in done.out


def test_progress_goes_to_standard_error(ran):
    done, _ = ran
    assert "\r" not in done.out
    assert "\x1b" not in done.out


def test_the_manifest_names_every_file_by_hash(ran, geodata):
    _, folder = ran
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    assert {name.split("/")[0] for name in manifest["outputs"]} == FILES - {"manifest.json"}
    for name, digest in manifest["inputs"]["geodata"].items():
        assert hashlib.sha256((geodata / name).read_bytes()).hexdigest() == digest


def test_a_study_of_one_s_own(cli, tmp_path, write_yaml):
    path = write_yaml(
        "mine",
        "study: mine\ntitle: My study\nbaselines: [baseline-2019]\nscenarios: [suifenhe-faster]\n"
        "origins: [Harbin, 绥芬河]\ndestinations: [Niigata, Tokyo]\nfocus: Tokyo\nby: time\n",
    )
    done = cli("run", path, "--out", tmp_path / "out")
    assert done.code == 0
    with (tmp_path / "out" / "comparison.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2 * 2 * 2
    assert {row["origin"] for row in rows} == {"harbin", "suifenhe"}
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["options"] == {"by": "time", "cargo": "dry_40", "schedule": False}
    assert "mine.yaml" in manifest["inputs"]["scenarios"]


def test_scenarios_run_by_name(cli, tmp_path):
    done = cli("run", "suifenhe-faster", "vanino", "--out", tmp_path / "o", "--json")
    assert done.code == 0
    answer = json.loads(done.out)
    assert [(r["baseline"], r["scenario"]) for r in answer["runs"]] == [
        ("baseline-2026", None), ("baseline-2026", "suifenhe-faster"), ("baseline-2026", "vanino"),
    ]  # fmt: skip


RUN = {
    "type": "object",
    "additionalProperties": False,
    "required": ["study", "focus", "runs"],
    "properties": {
        "study": {"type": "string"},
        "focus": {"type": "string"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["baseline", "scenario", "title", "trips", "no_route"],
                "properties": {
                    "baseline": {"type": "string"},
                    "scenario": {"type": ["string", "null"]},
                    "title": {"type": "string"},
                    "no_route": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["origin", "destination"],
                            "additionalProperties": False,
                            "properties": {"origin": {"type": "string"}, "destination": {"type": "string"}},
                        },
                    },
                    "trips": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": [
                                "origin", "destination", "cost_usd", "hours", "co2_kg", "generalised_cost_usd",
                                "distance_km", "gateway", "crossings", "services",
                            ],
                            "additionalProperties": False,
                            "properties": {
                                **{n: {"type": "string"} for n in ("origin", "destination")},
                                **{
                                    n: {"type": "number", "exclusiveMinimum": 0}
                                    for n in ("cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km")
                                },
                                "gateway": {"type": ["string", "null"]},
                                "crossings": {"type": "array", "items": {"type": "string"}},
                                "services": {"type": "array", "items": {"type": "string"}},
                            },
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip


def test_run_json(cli, tmp_path, write_yaml):
    path = write_yaml("mine", "study: mine\ntitle: x\nbaselines: [baseline-2019, baseline-2026]\nscenarios: [vanino]\n"
                      "origins: [harbin, jixi]\n")  # fmt: skip
    done = cli("run", path, "--out", tmp_path / "o", "--json", "--cargo", "dry_20", "--by", "money")
    assert done.code == 0
    jsonschema.validate(json.loads(done.out), RUN)
    assert {p.name for p in (tmp_path / "o").iterdir()} == FILES


def test_the_study_s_options_are_taken_by_the_run(cli, tmp_path, write_yaml):
    path = write_yaml("mine", "study: mine\ntitle: x\nbaselines: [baseline-2019]\norigins: [harbin]\n"
                      "destinations: [niigata]\n")  # fmt: skip

    def hours(*options):
        done = cli("run", path, "--out", tmp_path / "o", "--json", *options)
        return json.loads(done.out)["runs"][0]["trips"][0]["hours"]

    assert hours("--schedule") < hours("--by", "time") <= hours()


def test_another_folder_of_data(cli, tiny_folder, tmp_path):
    done = cli("route", "alfa", "delta", "--geodata", tiny_folder, "--as-of", "2019-07-01", "--json")
    assert done.code == 0
    assert json.loads(done.out)["routes"][0]["cost_usd"] == 846.0


# mistakes: one message, the right code, never a traceback


SEVEN = [part for name in ("dalian", "busan", "tokyo", "osaka", "kobe", "nagoya", "toyama") for part in ("--via", name)]
MISTAKES = {
    "misspelt origin": (["route", "harbn", "niigata"], 2, ["unknown node 'harbn'", "did you mean 'harbin'?"]),
    "misspelt destination": (["route", "harbin", "nigata"], 2, ["unknown node 'nigata'", "did you mean 'niigata'?"]),
    "misspelt via": (["route", "harbin", "niigata", "--via", "daliann"], 2, ["daliann", "did you mean 'dalian'?"]),
    "empty name": (["route", "", "niigata"], 2, ["unknown node ''"]),
    "misspelt scenario": (["route", "harbin", "niigata", "-s", "primorye1"], 2, ["unknown scenario 'primorye1'",
                                                                                "did you mean 'primorye-1'?"]),
    "missing file": (["route", "harbin", "niigata", "-s", "gone.yaml"], 2, ["there is no file 'gone.yaml'"]),
    "missing study": (["run", "gone.yaml"], 2, ["there is no file 'gone.yaml'"]),
    "misspelt study": (["run", "longjiang-japn"], 2, ["did you mean 'longjiang-japan'?"]),
    "bad date": (["route", "harbin", "niigata", "--as-of", "tomorrow"], 2, ["'tomorrow' is not a date", "YYYY-MM-DD"]),
    "no such day": (["route", "harbin", "niigata", "--as-of", "2019-02-30"], 2, ["is not a date"]),
    "early date": (["route", "harbin", "niigata", "--as-of", "2008-12-31"], 2, ["outside the data", "2009-01-01"]),
    "late date": (["check", "--as-of", "2027-01-01"], 2, ["outside the data"]),
    "late date of export": (["export", "--as-of", "2027-01-01"], 2, ["outside the data"]),
    "late date of compare": (["compare", "harbin", "niigata", "--as-of", "2031-01-01"], 2, ["outside the data"]),
    "misspelt option": (["route", "harbin", "niigata", "--cargoo", "dry_40"], 2, ["--cargoo", "--cargo"]),
    "misspelt command": (["rout", "harbin", "niigata"], 2, ["rout", "route"]),
    "unknown command": (["xyzzy"], 2, ["xyzzy"]),
    "bad by": (["route", "harbin", "niigata", "--by", "monney"], 2, ["monney", "money"]),
    "bad format": (["export", "--format", "shp"], 2, ["shp", "geojson"]),
    "bad schema": (["schema", "network"], 2, ["network", "scenario"]),
    "misspelt cargo": (["route", "harbin", "niigata", "--cargo", "dry40"], 2, ["unknown cargo 'dry40'",
                                                                              "did you mean 'dry_40'?"]),
    "misspelt cargo of a run": (["run", "vanino", "--cargo", "dry40"], 2, ["did you mean 'dry_40'?"]),
    "missing argument": (["route", "harbin"], 2, ["destination"]),
    "origin is destination": (["route", "harbin", "Харбин"], 2, ["origin and destination are both 'harbin'"]),
    "compare origin is destination": (["compare", "harbin", "CNHRN"], 2, ["both 'harbin'"]),
    "too many vias": (["route", "harbin", "niigata", *SEVEN], 2, ["six at most"]),
    "no such data": (["check", "--geodata", "nowhere"], 2, ["holds no datapackage.json"]),
    "scenarios of two days": (["route", "harbin", "niigata", "-s", "baseline-2016", "-s", "baseline-2019"], 2,
                              ["different days"]),
    "a study as a scenario": (["route", "harbin", "niigata", "-s", "longjiang-japan"], 2, ["this is a study"]),
    "a study with others": (["run", "longjiang-japan", "vanino"], 2, ["cannot stand together"]),
    "check of nothing": (["check", "gone"], 2, ["unknown scenario 'gone'"]),
    "validate into nothing": (["validate", "--out", "gone.md"], 2, ["gone.md"]),
    "unreachable": (["route", "harbin", "niigata", "--via", "chita", "--via", "vanino", "--via", "korsakov",
                     "--as-of", "2010-01-01"], 1, ["no route from harbin to niigata via chita, vanino, korsakov"]),
    "nothing is received there": (["route", "harbin", "baranovsky"], 1, ["no route from harbin to baranovsky"]),
    "compare unreachable": (["compare", "harbin", "baranovsky", "-s", "vanino"], 1, ["no route"]),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes(cli, tmp_path, monkeypatch, name):
    arguments, code, words = MISTAKES[name]
    monkeypatch.chdir(tmp_path)
    done = cli(*arguments)
    if arguments[0] == "check":
        done.out = ""  # it says what it found good before it came to the mistake
    mistake(done, *words, code=code)
    assert not list(tmp_path.iterdir()), "a mistake leaves no file behind"
    assert len(done.err.splitlines()) < 12


@pytest.mark.parametrize("name", ["misspelt origin", "bad date", "unreachable", "misspelt option", "missing file"])
def test_mistakes_in_a_process_of_their_own(shell, tmp_path, name):
    arguments, code, words = MISTAKES[name]
    mistake(shell(*arguments, cwd=tmp_path), *words, code=code)


def test_a_closed_line_says_why(cli):
    """Niigata by Zarubino today: the route is not there, and the message names what ended."""
    done = mistake(cli("route", "hunchun", "niigata", "--via", "rajin", "--as-of", "2026-07-01"), code=1)
    assert "closed or not documented by then" in done.err
    assert "2020" in done.err or "2017" in done.err


def test_a_folder_in_place_of_a_scenario(cli, tmp_path):
    for name in ("folder.yaml", "folder"):
        (tmp_path / name).mkdir()
        mistake(cli("route", "harbin", "niigata", "-s", tmp_path / name))
        mistake(cli("run", tmp_path / name))
        assert clean(cli("check", tmp_path / name)).code == 2


def test_a_file_in_place_of_the_data(cli, tmp_path):
    (tmp_path / "x").write_text("x")
    mistake(cli("check", "--geodata", tmp_path / "x"))


@pytest.mark.parametrize("command", [["run", "vanino"], ["export"], ["route", "harbin", "niigata"], ["new", "x"]])
def test_out_that_is_a_file(cli, tmp_path, command):
    path = tmp_path / "taken"
    path.write_text("mine")
    done = clean(cli(*command, "--out", path))
    assert done.code == 2
    assert str(path) in done.err
    assert "choose another folder with --out" in done.err
    assert path.read_text() == "mine"


@pytest.mark.parametrize("command", [["run", "vanino"], ["export"], ["route", "harbin", "niigata"]])
def test_out_that_cannot_be_written(cli, command):
    done = clean(cli(*command, "--out", "/proc/nowhere/out"))
    assert done.code == 2
    assert "cannot write" in done.err


def test_a_name_taken_by_a_folder(cli, tmp_path):
    (tmp_path / "o" / "nodes.geojson").mkdir(parents=True)
    (tmp_path / "o" / "nodes.geojson" / "full").touch()
    done = clean(cli("export", "--out", tmp_path / "o"))
    assert done.code == 2


@pytest.mark.parametrize(
    "text",
    ["", "[]", "42", "\t", "a: b: c", "scenario: [", "\x00", "scenario: x", "study: x", "scenario: x\nstudy: y\n",
     "scenario: x\ntitle: y\nchanges: [1, 2]\n", "study: 3\n", "study: x\ntitle: y\nbaselines: {a: b}\n",
     "scenario: x\ntitle: y\nchanges:\n  - {add: link, row: {link_id: [1]}}\n",
     "scenario: x\ntitle: y\nchanges:\n  - {add: service, row: {service_id: q}, calls: [{node: 3}]}\n"],
)  # fmt: skip
def test_files_that_are_not_what_they_should_be(cli, write_yaml, text):
    path = write_yaml("bad", text)
    for command in (["run", path], ["route", "harbin", "niigata", "-s", path], ["check", path]):
        done = clean(cli(*command))
        assert done.code == 2, (command, done.all)
        assert done.err.startswith("error: ")


def test_a_scenario_that_leaves_no_route(cli, write_yaml):
    path = write_yaml("shut", "scenario: shut\ntitle: x\nchanges:\n  - {close: service, where: {service_id: '*'}}\n")
    mistake(cli("route", "harbin", "niigata", "-s", path), "no route from harbin to niigata", code=1)
    done = cli("compare", "harbin", "niigata", "-s", path)
    assert done.code == 0
    assert "no route" in done.out


def test_a_run_in_which_nothing_is_reached(cli, write_yaml, tmp_path):
    path = write_yaml("shut", "scenario: shut\ntitle: x\nchanges:\n  - {close: service, where: {service_id: '*'}}\n")
    done = clean(cli("run", path, "--out", tmp_path / "o"))
    assert done.code == 0
    assert "0 of 26, 26 cut off" in done.out
    assert "change nothing" not in done.out
    with (tmp_path / "o" / "comparison.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["scenario"] == "shut"]
    assert rows
    assert all(row["cost_usd"] == "" for row in rows if row["destination"] == "niigata")


# pipes and keys


def process(*arguments, **options):
    env = {**os.environ, "PYTHONPATH": str(Path(cn.__file__).resolve().parent.parent)}
    command = [sys.executable, "-m", "corridor_net.cli.main", *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, **options)


@pytest.mark.parametrize("arguments", [["schema"], ["route", "harbin", "niigata", "--json"], ["validate", "--json"],
     ["route", "harbin", "niigata"], ["check"], ["compare", "harbin", "niigata"]],
)  # fmt: skip
def test_a_reader_that_goes_away(arguments):
    running = process(*arguments)
    running.stdout.close()
    error = running.stderr.read().decode()
    running.stderr.close()
    running.wait(600)
    assert error == ""
    assert running.returncode == 0


def test_an_interrupt_gives_130_and_a_message(cli, monkeypatch):
    from corridor_net.analysis import compare as module

    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(module, "compare", interrupted)
    done = clean(cli("run", "vanino"))
    assert done.code == 130
    assert "stopped" in done.err
    assert "Aborted" not in done.err


def test_an_interrupt_of_the_running_process(tmp_path):
    running = process("run", "--out", tmp_path / "o", cwd=tmp_path, start_new_session=True)
    started = threading.Event()

    def watch():
        while running.poll() is None and not started.is_set():
            status = Path(f"/proc/{running.pid}/maps")
            if not status.exists() or "numpy" in status.read_text(errors="ignore"):
                started.set()
            time.sleep(0.01)

    watch()
    running.send_signal(signal.SIGINT)
    _, error = (text.decode() for text in running.communicate(timeout=600))
    if running.returncode == 0:
        return
    assert running.returncode == 130
    assert "stopped" in error
    left = [path.name for path in (tmp_path / "o").glob("*")] if (tmp_path / "o").exists() else []
    assert left == [] or set(left) == FILES


def test_json_on_standard_output_is_only_json(shell, tmp_path):
    done = shell("run", "vanino", "--json", "--out", tmp_path / "o")
    assert json.loads(done.out)["study"] == "vanino"
    assert io.StringIO(done.out).readline() == "{\n"


def test_names_in_any_language_are_written_in_utf8_where_the_terminal_is_not(shell):
    done = shell("route", "Харбин", "新潟", "--json", PYTHONIOENCODING="", LC_ALL="C", LANG="C")
    assert done.code == 0
    assert json.loads(done.out)["origin"] == "harbin"


@pytest.mark.parametrize("arguments", [["route", "harbin", "niigata"], ["compare", "harbin", "niigata"], ["check"]])
def test_a_terminal_of_ascii_only(shell, arguments):
    done = clean(shell(*arguments, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C"))
    assert done.code == 0
