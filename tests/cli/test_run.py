"""The command run: what it prints, writes and says of itself."""

from __future__ import annotations

import csv
import hashlib
import json

import jsonschema
import pytest

from .helpers import FILES


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
    "required": ["study", "focus", "runs", "paying"],
    "properties": {
        "paying": {"type": "array"},
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
                                "distance_km", "gateway", "crossings", "services", "spread_hours",
                            ],
                            "additionalProperties": False,
                            "properties": {
                                **{n: {"type": "string"} for n in ("origin", "destination")},
                                **{
                                    n: {"type": "number", "exclusiveMinimum": 0}
                                    for n in ("cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km")
                                },
                                "spread_hours": {"type": ["number", "null"], "minimum": 0},
                                "gateway": {"type": ["string", "null"]},
                                "gateways": {"type": "array", "items": {"type": "string"}},
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
