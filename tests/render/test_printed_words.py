"""What is printed is true and safe: labels of the day, names for ids, no codes that steer a terminal, no formulas."""

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.cli.main import app
from corridor_net.cli.options import tell
from corridor_net.errors import STEERS, printable
from corridor_net.network.files.csv_cells import cell, to_csv
from corridor_net.output.exports import export
from corridor_net.output.files import to_json
from corridor_net.render.console import table_text, wrapped
from corridor_net.render.names import names_of
from corridor_net.render.page import Column, Table, numbers
from corridor_net.render.words import Words


def told(*arguments):
    return CliRunner().invoke(app, list(arguments), catch_exceptions=False).stdout


# by the timetable


def test_the_timetable_has_no_spread():
    asked = ("route", "harbin", "niigata", "--as-of", "2019-07-01")
    assert "spread" in told(*asked)
    scheduled = told(*asked, "--schedule")
    assert "spread" not in scheduled
    assert "baseline (timetable hours only)" in scheduled
    assert json.loads(told(*asked, "--schedule", "--json"))["routes"][0]["spread_hours"] is None
    assert json.loads(told(*asked, "--json"))["routes"][0]["spread_hours"] > 0
    compared = json.loads(told("compare", "harbin", "niigata", "-s", "primorye-1", "--schedule", "--json"))
    assert [result["spread_hours"] for result in compared["results"]] == [None, None]


# the label of a day


def test_a_label_says_so_when_its_scenario_is_seen_on_another_day():
    own = json.loads(told("route", "harbin", "niigata", "-s", "baseline-2019", "--json"))
    assert (own["as_of"], own["scenario"]) == ("2019-07-01", "baseline-2019")
    other = ("-s", "baseline-2019", "--as-of", "2026-07-01")
    moved = json.loads(told("route", "harbin", "niigata", *other, "--json"))
    assert (moved["as_of"], moved["scenario"]) == ("2026-07-01", "baseline-2019 as of 2026-07-01")
    assert "baseline-2019 as of 2026-07-01" in told("route", "harbin", "niigata", *other)
    same = json.loads(told("route", "harbin", "niigata", "-s", "baseline-2019", "--as-of", "2019-07-01", "--json"))
    assert same["scenario"] == "baseline-2019"
    free = json.loads(told("route", "harbin", "niigata", "-s", "primorye-1", "--as-of", "2026-07-01", "--json"))
    assert free["scenario"] == "primorye-1"
    compared = json.loads(told("compare", "harbin", "niigata", *other, "--json"))
    assert [r["scenario"] for r in compared["results"]] == ["baseline", "baseline-2019 as of 2026-07-01"]
    for question in (("tcd",), ("breakeven",), ("access",)):
        ends = ("harbin",) if question == ("access",) else ("harbin", "niigata")
        assert "baseline-2019 as of 2026-07-01" in told(*question, *ends, *other, "--json")


def test_the_day_given_comes_before_that_of_a_scenario():
    model = cn.load(as_of="2026-07-01", scenarios=["baseline-2019", "primorye-1"])
    assert str(model.network.day) == "2026-07-01"
    assert model.scenario.name == "baseline-2019+primorye-1 as of 2026-07-01"
    assert model.to_networkx().graph["scenario"] == model.scenario.name
    assert cn.load(scenarios=["baseline-2019"]).scenario.name == "baseline-2019"
    assert str(cn.load(scenarios=["baseline-2019"]).network.day) == "2019-07-01"


# names


@pytest.mark.parametrize(
    "question",
    [
        ("gateways",),
        ("criticality", "--top", "12", "--cut", "harbin", "--months"),
        ("emissions", "harbin", "niigata"),
        ("tcd", "harbin", "niigata", "--through", "vladivostok"),
        ("pareto", "harbin", "niigata"),
        ("access", "harbin", "hunchun", "-s", "primorye-2"),
        ("timetable", "hunchun", "niigata", "--depart", "2019-07-01T08:00", "--days", "3"),
        ("breakeven", "yanji", "niigata", "-s", "primorye-2", "--value-of-time"),
    ],
    ids=lambda question: question[0],
)
def test_people_read_names_and_no_ids(question, shipped):
    day = () if question[0] == "timetable" else ("--as-of", "2019-07-01")
    words = " ".join(told(*question, *day).split()).partition("Sailing days assumed")[0]  # ids to give to --sails
    names = names_of(shipped)
    ids = [i for i in names if "-" in i or "_" in i or i in ("harbin", "dalian", "niigata", "vladivostok", "busan")]
    scenarios = {"primorye-1", "primorye-2"}
    seen = [i for i in ids if i not in scenarios and re.search(rf"(?<![\w-]){re.escape(i)}(?![\w-])", words)]
    assert seen == []


def test_popups_of_charts_and_layers_say_names(tmp_path, result_texts):
    told("gateways", "--as-of", "2019-07-01", "--out", str(tmp_path))
    told("criticality", "--as-of", "2019-07-01", "--out", str(tmp_path))
    told("tcd", "harbin", "niigata", "--through", "vladivostok", "--as-of", "2019-07-01", "--out", str(tmp_path))
    layer = json.loads((tmp_path / "hinterland.geojson").read_text(encoding="utf-8"))
    assert all("Dalian " in f["properties"]["description"] for f in layer["features"])
    losses = json.loads((tmp_path / "criticality.geojson").read_text(encoding="utf-8"))
    titles = {feature["properties"]["title"] for feature in losses["features"]}
    assert "port Dalian" in titles
    assert not any(re.search(r" [a-z]+[-_][a-z]", title) for title in titles)
    for svg in (
        (tmp_path / "time-cost-distance.svg").read_text("utf-8"),
        result_texts["charts/time-cost-distance.svg"],
    ):
        popups = re.findall(r"<title>([^<]*)</title>", svg)
        assert any("border " in popup for popup in popups)
        assert not any(re.match(r"[a-z]", popup) for popup in popups)


# codes


EVIL = "a\x1b]0;pwned\x07\x1b[31mred\u202eltr\x9b2J"


@given(st.text())
def test_nothing_that_steers_is_left(text):
    assert not STEERS.search(printable(text))
    assert printable(printable(text)) == printable(text)
    assert json.loads(to_json({"x": text})) == {"x": text}
    assert not STEERS.search(to_json({"x": text}))


def test_names_keep_their_letters():
    for name in ("哈尔滨", "Хунчунь", "新潟 — Niigata", "a\tb\nc", "é", "👩\u200d🚀"):
        assert printable(name, lines=True) == name
        assert name in to_json({"name": name}) or "\t" in name


def test_a_line_shows_codes_and_markup_as_they_are_written(capsys):
    tell(f"title {EVIL} [bold]x[/bold] :smile:")
    text = capsys.readouterr().out
    assert not STEERS.search(text)
    assert "\\x1b[31mred\\u202eltr" in text
    assert "[bold]x[/bold] :smile:" in text


@pytest.mark.parametrize("width", [20, 60, 200])
def test_names_that_head_columns_are_shown_with_codes_too_also_where_they_are_left_out(width):
    """At 60 columns the second is left out and named above the table, at 20 each row is stacked."""
    columns = (Column(heading="from"), Column(heading=EVIL, rank=1), Column(heading=f"{EVIL} b"))
    told = table_text(Table(title=EVIL, columns=columns, rows=(("a", "b" * 30, EVIL),)), Words(), width)
    assert not STEERS.search(told)
    assert told.count("u202e") >= 3


def test_titles_with_codes_are_refused_by_every_command(cli, tmp_path, write_yaml):
    title = json.dumps(EVIL)
    changes = "changes:\n  - {close: link, where: {mode: waterway}, optional: true}\n"
    scenario = write_yaml("a", f"scenario: a\ntitle: {title}\n{changes}")
    study = write_yaml(
        "s",
        f"study: s\ntitle: {title}\nbaselines: [baseline-2019]\nscenarios: [{scenario}]\norigins: [harbin]\n",
    )
    for arguments in (
        ("run", str(study), "--out", str(tmp_path / "o")),
        ("route", "harbin", "niigata", "-s", str(scenario)),
        ("uncertainty", str(study), "--draws", "20", "--rivals"),
    ):
        done = cli(*arguments)
        assert done.code == 2, arguments
        assert "control character '\\x1b'" in done.err
        assert not STEERS.search(done.err + done.out), arguments
    assert not (tmp_path / "o").exists()


def test_an_error_that_quotes_a_file_spells_codes_out(cli, tmp_path):
    path = tmp_path / "demand.csv"
    path.write_text(f"origin,destination,teu\n{EVIL[:9]},niigata,5\n", encoding="utf-8")
    done = cli("gateways", "--demand", path)
    assert done.code == 2
    assert not STEERS.search(done.err)
    assert "\\x1b" in done.err


# cells that a spreadsheet would run


@pytest.mark.parametrize("text", ["=1+1", "+cmd|'/C calc'!A0", "-2+3", "@SUM(1+1)", "\t=1", "\r=1", "＝1+1", "+-3 km"])
def test_text_that_a_spreadsheet_would_run_is_made_text(text):
    assert cell(text) == f"'{text}"
    (row,) = csv.reader(io.StringIO(to_csv(("a",), [(text,)]).partition("\n")[2], newline=""))
    assert row == [f"'{text}"]


@pytest.mark.parametrize("value", ["-4.10", "+3", "-0.5e-3", -4.1, 3, None, "-", "", "a=b", "Harbin - Niigata", "'x"])
def test_numbers_and_plain_text_stay_as_they_are(value):
    assert cell(value) == value


def test_no_file_holds_a_cell_that_runs(tmp_path, shipped):
    """A service, a node, a scenario with names that are formulas: no CSV of ours begins a cell of text with one."""
    from dataclasses import replace

    from corridor_net.questions.pages.study_files import result_files

    nodes = [replace(n, name=f"=HYPERLINK({n.node_id})") if n.node_id == "dalian" else n for n in shipped.rows("node")]
    services = [replace(s, name=f"@{s.name}") for s in shipped.rows("service")]
    network = shipped.with_rows(node=nodes, service=services)
    study = tmp_path / "s.yaml"
    study.write_text("study: s\ntitle: '=1+1'\nbaselines: [baseline-2019]\norigins: [harbin]\n", encoding="utf-8")
    texts = result_files(cn.compare(cn.load_study(study), network), {}, {}, ())
    for kind in ("csv", "gmns"):
        for name in export(network.as_of("2019-07-01"), kind, tmp_path / kind):
            texts[name] = (tmp_path / kind / name).read_text(encoding="utf-8")
    looked = 0
    for name, text in texts.items():
        if name.endswith(".csv"):
            for row in csv.reader(io.StringIO(text, newline="")):
                for value in row:
                    risky = value[:1] in tuple("=+-@\t\r") and len(value) > 1 and value[:1] != ""
                    assert not (risky and not re.fullmatch(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?", value)), (name, value)
                    looked += value.startswith("'")
    assert looked > 5


@pytest.mark.parametrize("width", [40, 60, 80])
def test_a_matrix_is_shown_in_panels_with_every_number_once(width):
    goals = [f"Goal {number}" for number in range(26)]
    rows = tuple((f"Origin {row}", *(float(1000 * row + n) for n in range(26))) for row in range(1, 4))
    table = Table(title="All pairs", columns=(Column(heading="from"), *numbers(*goals)), rows=rows)
    lines = table_text(table, Words(), width).splitlines()
    assert max(map(len, lines)) <= width
    panels = sum(line.startswith("from") for line in lines)
    assert len(lines) == 1 + panels * 5 + panels - 1
    shown = " ".join(line for line in lines if line.startswith("Origin"))
    assert sorted(re.findall(r"\d,\d{3}", shown)) == sorted(f"{value:,.0f}" for row in rows for value in row[1:])


def test_thousands_and_per_cent_stay_together_and_heads_are_broken_before_a_row_is_stacked():
    said = "без него 2\u00a0586 USD, в пределах 25 %, и так далее, и тому подобное"
    for width in range(12, 60):
        lines = wrapped(said, width)
        assert any("2\u00a0586" in line for line in lines)
        assert any("25 %" in line for line in lines)
    table = Table(
        columns=(Column(heading="from"), *numbers("a very long heading", "another long heading")),
        rows=(("Harbin", 1234.0, 5678.0),),
    )
    assert any(line.split() == ["Harbin", "1,234", "5,678"] for line in table_text(table, Words(), 26).splitlines())
