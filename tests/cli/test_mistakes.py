"""One clear message for any mistake, the right exit code, never a traceback; pipes and keys."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import corridor_net as cn

from .helpers import FILES, clean, mistake

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
    "empty day": (["route", "harbin", "niigata", "--as-of", ""], 2, ["'--as-of' is given an empty path or text"]),
    "empty cargo": (["route", "harbin", "niigata", "--cargo="], 2, ["'--cargo' is given an empty path or text"]),
    "empty scenario": (["route", "harbin", "niigata", "-s", ""], 2, ["'-s' is given an empty path or text"]),
    "no such day": (["route", "harbin", "niigata", "--as-of", "2019-02-30"], 2, ["is not a date"]),
    "grouped number": (["route", "harbin", "niigata", "--value-of-time", "1_0"], 2, ["should be a valid number"]),
    "early date": (["route", "harbin", "niigata", "--as-of", "2008-12-31"], 2, ["outside the data", "2009-01-01"]),
    "late date": (["check", "--as-of", "2057-01-01"], 2, ["outside the data", "projected to 2056-12-31"]),
    "late date of export": (["export", "--as-of", "2057-01-01"], 2, ["outside the data"]),
    "late date of compare": (["compare", "harbin", "niigata", "--as-of", "2061-01-01"], 2, ["outside the data"]),
    "misspelt option": (["route", "harbin", "niigata", "--cargoo", "dry_40"], 2, ["--cargoo", "--cargo"]),
    "misspelt command": (["rout", "harbin", "niigata"], 2, ["rout", "route"]),
    "unknown command": (["xyzzy"], 2, ["xyzzy"]),
    "another name of a command": (["trade-offs"], 2, ["did you mean 'pareto'?"]),
    "a name of several commands": (["map"], 2, ["did you mean 'export', 'run' or 'serve'?"]),
    "bad by": (["route", "harbin", "niigata", "--by", "monney"], 2, ["monney", "money"]),
    "bad format": (["export", "--format", "shp"], 2, ["shp", "geojson"]),
    "a file for a folder": (["export", "--format", "xlsx", "--out", "study.xlsx"], 2, ["'study.xlsx'", "a folder"]),
    "bad schema": (["schema", "network"], 2, ["network", "scenario"]),
    "misspelt cargo": (["route", "harbin", "niigata", "--cargo", "dry40"], 2, ["unknown cargo 'dry40'",
                                                                              "did you mean 'dry_40'?"]),
    "misspelt cargo of a run": (["run", "vanino", "--cargo", "dry40"], 2, ["did you mean 'dry_40'?"]),
    "places without options": (["routes", "harbin", "niigata"], 2, ["--from and --to", "route harbin niigata"]),
    "a place of two words": (["matrix", "Jilin City"], 2, ["'Jilin City'", "route FROM TO"]),
    "places, one of two words": (["matrix", "Jilin City", "Niigata"], 2, ["route 'Jilin City' Niigata"]),
    "three places, in Chinese": (["matrix", "a", "b", "c", "--lang", "zh"], 2, ["route 起点 终点"]),
    "a word like a command's": (["version"], 2, ["No such command 'version'.\n"]),
    "a page that is not there": (["validate", "--out", "gone.md/x.html"], 2, ["'gone.md/x.html' cannot be read"]),
    "a place as a study": (["run", "harbin", "niigata"], 2, ["'harbin' is a place", "route harbin niigata",
                                                              "run --from harbin --to niigata"]),
    "one place as a study": (["run", "harbin"], 2, ["'harbin' is a place", "--from and --to"]),
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
@pytest.mark.slow
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
    assert "choose another folder" in done.err
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
@pytest.mark.slow
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
    command = [sys.executable, "-m", "corridor_net", *map(str, arguments)]
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


def test_a_stop_while_a_command_is_being_read_says_so(monkeypatch, cli):
    def interrupted(name):
        raise KeyboardInterrupt

    monkeypatch.setattr("corridor_net.questions.question", interrupted)
    done = cli("route", "harbin", "niigata")
    assert (done.code, done.err) == (130, "stopped; nothing was left half-written\n")


def test_the_command_in_a_program_leaves_its_signals_alone(cli):
    before = signal.getsignal(signal.SIGTERM)
    with ThreadPoolExecutor(1) as other:
        assert other.submit(cli, "--version").result().code == 0
    assert signal.getsignal(signal.SIGTERM) is before


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
    assert running.returncode in (130, -signal.SIGINT), error  # Python may end itself by the signal: 130 for a shell
    assert error == "stopped; nothing was left half-written\n"
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


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["route", "harbin", "niigata"], marks=pytest.mark.slow),
        ["compare", "harbin", "niigata"],
        pytest.param(["check"], marks=pytest.mark.slow),
    ],
)
def test_a_terminal_of_ascii_only(shell, arguments):
    done = clean(shell(*arguments, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C"))
    assert done.code == 0
