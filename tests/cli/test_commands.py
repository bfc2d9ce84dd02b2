"""The command: every promise of its help, exit codes, documented JSON shapes, and one clear message for any mistake."""

from __future__ import annotations

import csv
import json

import jsonschema
import pytest
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.cli.main import app

from .helpers import clean, mistake

COMMANDS = (
    "run", "route", "compare", "check", "export", "schema", "new", "validate",
    "explain", "breakeven", "attribution", "portfolio",
    "tcd", "access", "gateways", "criticality", "emissions", "uncertainty", "timetable", "profile", "pareto",
)  # fmt: skip

LONG = pytest.mark.slow

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
UNCERTAINTY = {
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
        "uncertainty": UNCERTAINTY,
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
                    "gateways", "legs", "services", "spread_hours", "price_year",
                ],
                "properties": {
                    **{
                        name: {"type": "number", "minimum": 0}
                        for name in ("cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km")
                    },
                    "spread_hours": {"type": ["number", "null"], "minimum": 0},
                    "price_year": {"type": "integer"},
                    "gateway": {"type": ["string", "null"]},
                    "gateways": {"type": "array", "items": {"type": "string"}},
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
                                "source_ids", "grade", "kind", "asset_id", "spread_hours",
                            ],
                            "properties": {
                                **{n: {"type": "string"} for n in ("from", "to", "mode", "kind", "asset_id")},
                                **{
                                    n: {"type": "number", "minimum": 0}
                                    for n in ("distance_km", "hours", "cost_usd", "co2_kg")
                                },
                                "spread_hours": {"type": ["number", "null"], "minimum": 0},
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
    assert done.err.splitlines()[-1] == f"Written to {tmp_path / 'o'}: routes.geojson"


def test_what_is_written_is_told_beside_the_json_and_not_in_it(cli, tmp_path):
    done = cli("compare", "harbin", "niigata", "--out", tmp_path / "o", "--json")
    assert json.loads(done.out)["origin"] == "harbin"
    assert done.err.splitlines()[-1].split(": ")[1].split(", ") == sorted(
        one.name for one in (tmp_path / "o").iterdir()
    )


def test_the_version_is_that_of_the_package(cli):
    done = cli("--version")
    assert (done.code, done.out.split(), done.err) == (0, ["corridor-net", cn.__version__], "")


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
    shape = {**item, "properties": {**item["properties"], "scenario": {"type": "string"}, "uncertainty": UNCERTAINTY}}
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
    for name in ("known-figures", "border-crossings", "reachable-markets"):
        assert f"{name}: " in done.out
    for path in scenarios.glob("*.yaml"):
        assert f"{path.name}: good" in done.out


@pytest.mark.parametrize("day", ["2016-07-01", *(pytest.param(d, marks=LONG) for d in ("2009-01-01", "2026-07-01"))])
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


def test_check_scenarios_that_lie_beside_the_data(cli, write_tiny, tmp_path):
    folder = write_tiny(tmp_path / "data").folder
    closed = "title: x\nwhy: x\nchanges:\n  - {close: link, where: {link_id: %s}, why: x}\n"
    (folder / "sound.yaml").write_text("scenario: sound\n" + closed % "rail-ag")
    (folder / "no-scenario.yaml").write_text("pages: [one]\n")
    done = cli("check", "--geodata", folder)
    assert (done.code, "sound.yaml: good" in done.out, "no-scenario" in done.out) == (0, True, False)
    for wrong in ("nowhere", "{"):
        (folder / "broken.yml").write_text("scenario: broken\n" + closed % wrong)
        done = clean(cli("check", "--geodata", folder))
        assert done.code == 2
        assert f"{folder / 'broken.yml'}:" in done.err


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
