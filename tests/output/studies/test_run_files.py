"""What a run writes: tables that add up, hashes that hold, the same bytes always, whole or not at all."""

from __future__ import annotations

import csv
import hashlib
import io
import itertools
import json
from pathlib import Path

import pytest

import corridor_net as cn
from corridor_net.errors import BadFile
from corridor_net.network.files.csv_cells import to_csv
from corridor_net.output.files import digest, to_json, write_all
from corridor_net.output.studies.tables import COMPARISON, LEG


@pytest.fixture(scope="module")
def first_legs(result_texts):
    """The first of the legs: all of them are looked at in `test_outputs_agree.py`."""
    lines = itertools.islice(io.StringIO(result_texts["legs.csv"]), 3001)
    return list(csv.DictReader(lines))


# tables


def test_the_columns_of_the_tables(result_texts, shipped):
    assert result_texts["comparison.csv"].splitlines()[0].split(",") == list(COMPARISON)
    components = list(shipped.vocabulary.components)
    amounts = [f"{component}_{unit}" for unit in ("hours", "usd") for component in components]
    assert len(components) == 15
    assert result_texts["legs.csv"].splitlines()[0].split(",") == [*LEG, *amounts, "grade", "sources"]
    for word in ("mode", "from", "to", "distance_km", "hours", "cost_usd", "co2_kg"):
        assert word in LEG


def test_comparison_has_a_row_for_every_pair_of_every_run(rows, comparison):
    keys = [(r["baseline"], r["scenario"], r["origin"], r["destination"]) for r in rows["comparison.csv"]]
    assert len(keys) == len(set(keys))
    assert len(keys) == len(comparison.runs) * len(comparison.origins) * len(comparison.destinations)


def test_every_leg_has_its_sources_and_grade(first_legs, shipped):
    known = set(shipped.sources)
    for leg in first_legs:
        assert leg["grade"] in "ABCD"
        for figure in filter(None, leg["sources"].split("; ")):
            what, _, where = figure.partition(": ")
            component, quantity = what.split(" ")
            assert component in shipped.vocabulary.components
            assert quantity in ("cost", "hours")
            names, grade = where.rsplit(" ", 1)
            assert grade in "ABCD"
            for name in names.split("+"):
                assert name in known or name.startswith("scenario:"), name


def test_changes_are_against_the_baseline(rows):
    base = {(r["baseline"], r["origin"], r["destination"]): r for r in rows["comparison.csv"] if not r["scenario"]}
    changed = 0
    for r in rows["comparison.csv"]:
        before = base[r["baseline"], r["origin"], r["destination"]]
        if not r["scenario"]:
            assert not r["cost_usd_change"]
            continue
        for name in ("cost_usd", "hours", "co2_kg", "generalised_cost_usd"):
            assert float(r[f"{name}_change"]) == pytest.approx(float(r[name]) - float(before[name]), abs=0.011)
        assert r["gateway_before"] == before["gateway"]
        assert (r["gateway_switched"] == "true") is (r["gateway"] != before["gateway"])
        assert r["route_changed"] in ("true", "false")
        changed += r["route_changed"] == "true"
    assert changed


def test_a_pair_without_a_route_has_empty_cells(shipped, write_yaml):
    from corridor_net.output.studies.tables import comparison_csv

    path = write_yaml("s", "study: s\ntitle: x\nbaselines: [baseline-2019]\norigins: [harbin, baranovsky]\n"
                      "destinations: [niigata]\n")  # fmt: skip
    found = list(csv.DictReader(io.StringIO(comparison_csv(cn.compare(cn.load_study(path), shipped)))))
    assert [bool(r["cost_usd"]) for r in found] == [True, False]
    assert all(r["hours"] != "inf" for r in found)


def test_commas_and_quotes_survive():
    text = to_csv(("a", "b"), [("x,y", 'he said "no"'), (None, "line\nbreak")])
    assert list(csv.reader(io.StringIO(text))) == [["a", "b"], ["x,y", 'he said "no"'], ["", "line\nbreak"]]


def test_names_with_commas_quotes_and_ends_of_lines_stay_in_their_cells(comparison):
    from dataclasses import replace

    from corridor_net.output.studies.tables import comparison_csv

    odd = 'a, "b"\r\nc'
    runs = tuple(
        replace(
            run,
            baseline=f"=1+1,{run.baseline}",
            trips={(odd, to): replace(trip, gateway=odd, services=(odd,)) for (_, to), trip in run.trips.items()},
        )
        for run in comparison.runs
    )
    text = comparison_csv(replace(comparison, origins=(odd,), runs=runs))
    names, *found = csv.reader(io.StringIO(text, newline=""))
    assert to_csv(names, found) == text
    assert names == list(COMPARISON)
    assert {len(row) for row in found} == {len(COMPARISON)}
    assert {row[0] for row in found} == {f"'{run.baseline}" for run in runs}
    for name in ("origin", "gateway", "services"):
        assert odd in {row[names.index(name)] for row in found} <= {odd, ""}


# the manifest


def test_the_manifest_holds_every_hash(result_texts, folder, geodata, scenarios, comparison):
    manifest = json.loads(result_texts["manifest.json"])
    for name, value in manifest["outputs"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == value
    for name, value in manifest["inputs"]["geodata"].items():
        assert hashlib.sha256((geodata / name).read_bytes()).hexdigest() == value
    for name, value in manifest["inputs"]["scenarios"].items():
        assert hashlib.sha256((scenarios / name).read_bytes()).hexdigest() == value
    assert set(manifest["inputs"]["geodata"]) == {p.name for p in geodata.glob("*.csv")} | {"datapackage.json"}
    assert len(manifest["inputs"]["scenarios"]) == 13  # the study, three baselines, nine scenarios
    assert manifest["version"] == cn.__version__
    assert manifest["runs"] == [run.name for run in comparison.runs]


def test_the_manifest_tells_no_time_and_no_place(result_texts):
    text = result_texts["manifest.json"]
    assert str(Path.home()) not in text
    assert str(Path.cwd()) not in text
    plain = text.replace("charts/", "")
    assert "/" not in plain.replace("baseline-20", "").replace("application/", "").split('"runs"')[0]


# the same inputs, the same bytes


SMALL = "study: small\ntitle: Small\nbaselines: [baseline-2019]\nscenarios: [primorye-1, longjiang-belt]\n"


def hashes(folder):
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.slow
def test_the_same_bytes_in_every_process(shell, tmp_path, write_yaml):
    path = write_yaml("small", SMALL)
    found, printed = [], []
    for number, seed in enumerate(("0", "1", "4242")):
        done = shell("run", path, "--out", tmp_path / str(number), PYTHONHASHSEED=seed, cwd=tmp_path)
        assert done.code == 0, done.err
        found.append(hashes(tmp_path / str(number)))
        printed.append(done.out.replace(str(tmp_path / str(number)), "OUT").split("Written to")[0])
    assert found[0] == found[1] == found[2]
    assert printed[0] == printed[1] == printed[2]


def test_the_same_bytes_twice(result_texts, study, shipped):
    from corridor_net.analysis.upgrade_sets.findings import findings
    from corridor_net.questions.pages.study_files import result_files
    from corridor_net.uncertainty.studies.study import main_uncertainty

    fresh = cn.compare(study, shipped)
    options = {"by": "generalised", "cargo": "dry_40", "schedule": False}
    again = result_files(fresh, options, main_uncertainty(fresh), findings(fresh))
    assert {name: digest(text) for name, text in again.items()} == {
        name: digest(text) for name, text in result_texts.items()
    }


# writing


def test_an_interrupted_write_leaves_no_half_file(tmp_path, monkeypatch):
    write_all(tmp_path / "o", {"a.txt": "old a", "b.txt": "old b"})
    real = Path.write_bytes

    def interrupted(self, text, **options):
        if self.name == "b.txt":
            real(self, text[:2], **options)
            raise KeyboardInterrupt
        return real(self, text, **options)

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_all(tmp_path / "o", {"a.txt": "new a", "b.txt": "new b"})
    monkeypatch.undo()
    assert {p.name: p.read_text() for p in (tmp_path / "o").iterdir()} == {"a.txt": "old a", "b.txt": "old b"}


def test_a_full_disk_is_a_message(tmp_path, monkeypatch):
    def full(self, text, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BadFile, match="No space left on device") as caught:
        write_all(tmp_path / "o", {"a.txt": "x"})
    assert caught.value.hint == "choose another folder"
    monkeypatch.undo()
    assert list((tmp_path / "o").iterdir()) == []


def test_writing_over_an_earlier_run(tmp_path):
    write_all(tmp_path, {"a.txt": "one"})
    (tmp_path / "mine.txt").write_text("mine")
    write_all(tmp_path, {"a.txt": "two"})
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"a.txt": "two", "mine.txt": "mine"}


def test_text_is_written_byte_for_byte(tmp_path):
    write_all(tmp_path, {"a.txt": "Хунчунь 珲春\n\r\n"})
    assert (tmp_path / "a.txt").read_bytes() == "Хунчунь 珲春\n\r\n".encode()


def test_json_keeps_names_readable():
    assert "哈尔滨" in to_json({"name": "哈尔滨"})
