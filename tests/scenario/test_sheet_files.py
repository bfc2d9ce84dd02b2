"""Scenarios in workbooks: the same as in YAML, and every fault at its sheet and cell."""

from __future__ import annotations

import re
from datetime import time

import openpyxl
import pytest
import yaml
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.cli.main import app
from corridor_net.errors import BadFile, CorridorError, FileFaults
from corridor_net.network.reading.package import shipped_folder
from corridor_net.output.scenario_book import scenario_book
from corridor_net.render.words import LANGUAGES
from corridor_net.scenario import load_scenario
from corridor_net.scenario.example import example_of
from corridor_net.scenario.model import Change
from corridor_net.scenario.sheet_file import HEADS


def written(path, keys, rows=(), heads=HEADS):
    """Write a scenario of keys and changes (dicts by heading) as a workbook."""
    book = openpyxl.Workbook()
    first = book.active
    first.title = "scenario"
    for name, value in keys.items():
        first.append([name, value])
    changes = book.create_sheet("changes")
    changes.append(list(heads))
    for row in rows:
        changes.append([row.get(head) for head in heads])
    book.save(path)
    return path


GOOD = {"scenario": "gate", "title": "A gate"}
CHANGE = {
    "change": "set",
    "table": "crossing",
    "where": "crossing_id = suifenhe-grodekovo-rail-*",
    "component": "procedures",
    "field": "hours",
    "value": 2,
}


def faults_of(path):
    with pytest.raises(CorridorError) as told:
        load_scenario(path)
    return [(str(fault.place), fault.message) for fault in getattr(told.value, "faults", (told.value,))]


def hints_of(path):
    with pytest.raises(CorridorError) as told:
        load_scenario(path)
    return [fault.hint for fault in getattr(told.value, "faults", (told.value,))]


def test_the_nearest_change_is_offered_for_one_that_is_none(tmp_path):
    path = written(tmp_path / "gate.xlsx", GOOD, [{**CHANGE, "change": "scal"}])
    assert faults_of(path) == [(f"{path}:changes!A2", "unknown change 'scal'")]
    assert hints_of(path) == ["did you mean 'scale'?"]
    path = written(tmp_path / "zero.xlsx", GOOD, [{**CHANGE, "change": 0}, {**CHANGE, "change": None}])
    assert faults_of(path) == [
        (f"{path}:changes!A2", "unknown change '0'"),
        (f"{path}:changes!A3", "a row without a change"),
    ]


def test_a_key_without_a_value_is_looked_at_too_and_an_empty_row_is_not(tmp_path):
    path = tmp_path / "gate.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "scenario"
    for row in (["scenario", "gate"], [None, None], ["titel", None], ["title", "A gate"], [None, 5]):
        book.active.append(row)
    book.save(path)
    assert faults_of(path) == [
        (f"{path}:scenario!A3", "unknown key 'titel'"),
        (f"{path}:scenario!A5", "a value without a key"),
    ]


def as_row(change):
    """Return a change of YAML as a row of the workbook."""
    row = {}
    for name, value in change.items():
        if name in ("set", "scale", "shift", "add", "close", "open"):
            row |= {"change": name, "table": value}
        elif name in ("where", "row"):
            told = {key: " | ".join(map(str, v)) if isinstance(v, list) else v for key, v in value.items()}
            row[name] = "; ".join(f"{key} = {v}" for key, v in told.items())
        elif name == "calls":
            row[name] = " > ".join(one["node"] for one in value)
        else:
            row[name] = value
    return row


@pytest.mark.parametrize("name", ["suifenhe-faster", "primorye-1", "hunchun-makhalino", "rajin-khasan", "vanino"])
def test_a_shipped_scenario_written_as_a_workbook_makes_the_same_network(tmp_path, name):
    text = yaml.safe_load((shipped_folder("scenarios") / f"{name}.yaml").read_text(encoding="utf-8"))
    rows = [as_row(change) for change in text.pop("changes", [])]
    keys = {key: "; ".join(value) if isinstance(value, list) else value for key, value in text.items()}
    path = written(tmp_path / f"{name}.xlsx", keys, rows)
    base = cn.load(as_of="2019-07-01").network
    assert load_scenario(path).diff(base) == load_scenario(name).diff(base)
    assert load_scenario(path).investment_usd == load_scenario(name).investment_usd


def test_new_writes_a_workbook_that_is_good_and_can_be_run(tmp_path):
    made = CliRunner().invoke(app, ["new", "my-gate", "--xlsx", "--out", str(tmp_path)])
    assert made.exit_code == 0, made.output
    path = tmp_path / "my-gate.xlsx"
    assert load_scenario(path).name == "my-gate"
    assert path.read_bytes() == scenario_book("my-gate", example_of(cn.load().network))
    found = cn.load(as_of="2019-07-01").study(
        str(path), origins=["harbin"], destinations=["niigata"], baselines=["baseline-2019"]
    )
    assert [run.scenario for run in found.comparison.runs] == [None, "my-gate"]
    again = CliRunner().invoke(app, ["new", "my-gate", "--xlsx", "--out", str(tmp_path)])
    assert "exists already" in str(again.exception)


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_a_workbook_in_any_language_is_read_as_the_english_one(tmp_path, language, monkeypatch):
    for code in (language, "en"):
        line = ["new", "my-gate", "--xlsx", "--lang", code, "--out", str(tmp_path / code)]
        monkeypatch.setattr("sys.argv", ["corridor-net", *line])
        assert CliRunner().invoke(app, line, catch_exceptions=False).exit_code == 0
    paths = [tmp_path / code / "my-gate.xlsx" for code in (language, "en")]
    base = cn.load(as_of="2019-07-01").network
    own, english = (load_scenario(path).diff(base) for path in paths)
    assert english
    assert own == english
    book = openpyxl.load_workbook(paths[0])
    assert book.sheetnames[:2] == ["scenario", "changes"]
    shown = [cell.value for cell in book["changes"][1]] + [row[0].value for row in book["scenario"]]
    assert [text for text in shown if not re.fullmatch(r"[^a-z]+(USD )?\([a-z_]+\)", text)] == []
    guide = book.worksheets[2]
    told = {str(cell.value) for row in guide for cell in row if cell.value}
    assert not told & {one.description for one in Change.model_fields.values()}


@pytest.mark.whole
@pytest.mark.parametrize(
    ("keys", "rows", "place", "words"),
    [
        ({**GOOD, "titel": "x"}, [], "scenario!A3", "unknown key 'titel'"),
        ({"scenario": "Gate", "title": "x"}, [], "scenario!B1", "scenario"),
        ({"scenario": "gate"}, [], "scenario!", "'title' is missing"),
        (GOOD, [{**CHANGE, "change": "sett"}], "changes!A2", "unknown change 'sett'"),
        (GOOD, [{**CHANGE, "table": "crossings"}], "changes!B2", "set"),
        (GOOD, [{**CHANGE, "value": None}], "changes!A2", "'set' needs value"),
        (GOOD, [CHANGE, {**CHANGE, "where": "suifenhe"}], "changes!C3", "no column and value"),
        (GOOD, [{**CHANGE, "optional": "perhaps"}], "changes!", "optional"),
        (GOOD, [{**CHANGE, "value": time(9, 0)}], "changes!", "time of day"),
        (GOOD, [{**CHANGE, "value": "=1+1"}], "changes!", "has no value yet"),
        ({**GOOD, "investment_usd": -1}, [], "scenario!B3", "investment_usd"),
        ({**GOOD, "extends": "no-such"}, [], "scenario!B3", "unknown scenario 'no-such'"),
    ],
)
def test_a_fault_is_told_at_its_sheet_and_cell(tmp_path, keys, rows, place, words):
    path = written(tmp_path / "gate.xlsx", keys, rows)
    told = faults_of(path)
    assert any(place in where and words in message for where, message in told), told
    assert all(where.startswith(str(path)) for where, _ in told)


def test_all_faults_are_told_at_once(tmp_path):
    rows = [{**CHANGE, "change": "sett"}, {**CHANGE, "where": "x"}]
    path = written(tmp_path / "gate.xlsx", {**GOOD, "titel": "x"}, rows)
    assert [where.rsplit(":", 1)[-1] for where, _ in faults_of(path)] == ["scenario!A3", "changes!A2", "changes!C3"]


def test_faults_on_the_network_have_their_cell(tmp_path):
    path = written(tmp_path / "gate.xlsx", GOOD, [{**CHANGE, "where": "crossing_id = no-such-*"}])
    with pytest.raises(CorridorError) as told:
        load_scenario(path).apply(cn.load(as_of="2019-07-01").network)
    assert f"{path}:changes!C2" in str(told.value)


def test_merged_cells_unknown_and_double_headings_and_loose_cells_are_named(tmp_path):
    path = written(tmp_path / "merged.xlsx", GOOD, [CHANGE])
    book = openpyxl.load_workbook(path)
    book["changes"].merge_cells("A2:B2")
    book.save(path)
    assert faults_of(path) == [(f"{path}:changes!A2:B2", "merged cells")]
    double = written(tmp_path / "double.xlsx", GOOD, [CHANGE], heads=(*HEADS, "value", "vlue"))
    told = faults_of(double)
    assert any("'vlue'" in message for _, message in told)
    assert any("stands twice" in message for _, message in told)
    loose = written(tmp_path / "loose.xlsx", GOOD, [CHANGE])
    book = openpyxl.load_workbook(loose)
    book["changes"].cell(2, len(HEADS) + 2, 7)
    book.save(loose)
    assert any("under no heading" in message for _, message in faults_of(loose))


UNTRUE = ["note (was)", "title (why)", "value (USD)", "new value (was)", "(value)", "価格 (value)"]


@pytest.mark.parametrize("head", UNTRUE)
def test_a_key_in_brackets_counts_after_its_own_label_alone(tmp_path, head):
    path = written(tmp_path / "gate.xlsx", GOOD, [CHANGE], heads=(*HEADS, head))
    assert faults_of(path) == [(f"{path}:changes!{cell_of(path, head)}", f"unknown heading '{head}'")]
    path = written(tmp_path / "key.xlsx", {**GOOD, head: "x"})
    assert (f"{path}:scenario!A3", f"unknown key '{head}'") in faults_of(path)


TRUE = ["new value (value)", "新しい値 (value)", "新值（value）", "Новое значение (value)", "VALUE"]


@pytest.mark.parametrize("head", TRUE)
def test_a_heading_with_its_label_in_any_language_is_its_key(tmp_path, head):
    heads = [head if one == "value" else one for one in HEADS]
    path = written(tmp_path / "gate.xlsx", GOOD, [{**CHANGE, head: 2}], heads=heads)
    plain = written(tmp_path / "plain.xlsx", GOOD, [CHANGE])
    base = cn.load(as_of="2019-07-01").network
    assert load_scenario(path).diff(base) == load_scenario(plain).diff(base) != ()


def test_two_headings_or_keys_of_one_name_are_told_with_both_cells(tmp_path):
    path = written(tmp_path / "gate.xlsx", GOOD, [CHANGE], heads=("value", *HEADS[:2], "new value (value)"))
    assert faults_of(path) == [(f"{path}:changes!D1", "the heading 'value' stands twice, in A1 and D1")]
    path = written(tmp_path / "key.xlsx", {**GOOD, "name (scenario)": "other"})
    assert faults_of(path) == [(f"{path}:scenario!A3", "'scenario' stands twice, in A1 and A3")]


def cell_of(path, text):
    row = openpyxl.load_workbook(path)["changes"][1]
    return next(cell.coordinate for cell in row if cell.value == text)


def test_empty_rows_are_passed_over(tmp_path):
    path = written(tmp_path / "gate.xlsx", GOOD, [{}, CHANGE, {}, CHANGE])
    assert len(load_scenario(path).steps) == 2


def test_what_is_no_workbook_of_a_scenario_is_refused(tmp_path):
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(BadFile, match="no whole Excel workbook"):
        load_scenario(broken)
    other = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    with pytest.raises(BadFile, match="has no sheet 'scenario'"):
        load_scenario(other)
    with pytest.raises(BadFile, match="no file"):
        load_scenario(tmp_path / "missing.xlsx")


def test_the_same_faults_count_as_in_yaml(tmp_path):
    path = written(tmp_path / "gate.xlsx", GOOD, [{**CHANGE, "currency": "CNY"}])
    with pytest.raises((FileFaults, CorridorError), match="currency and price_year stand together"):
        load_scenario(path)
