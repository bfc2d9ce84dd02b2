"""Where there is nothing to average there is a dash and no number, in tables, files, the report and JSON."""

import csv
import io
import json
import re

import pytest
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.analysis.criticality import criticality
from corridor_net.analysis.router import Router
from corridor_net.analysis.trade.potential import Potential, all_trips, gain, nearness
from corridor_net.analysis.upgrade_sets.telling import most_moved_pair
from corridor_net.cli.main import app
from corridor_net.costing import impedance
from corridor_net.errors import BadValue
from corridor_net.output.studies.study_text import answer_words, summary, switched_words
from corridor_net.questions.pages.study_files import comparison_json, result_files
from corridor_net.questions.pages.study_tables import tables
from corridor_net.render.page import Table
from corridor_net.render.words import Words

SHUT = "scenario: shut\ntitle: Niigata is shut\nchanges:\n  - {close: terminal, where: {node_id: niigata}}\n"
HALF = "scenario: half\ntitle: No boxes from Harbin\nchanges:\n  - {close: terminal, where: {node_id: harbin}}\n"
STUDY = """study: s
title: cut
baselines: [baseline-2019]
scenarios: [shut.yaml, half.yaml]
origins: [harbin, hunchun]
destinations: [niigata, JPTYO]
focus: niigata
"""


@pytest.fixture(scope="module")
def study_file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cut")
    for name, text in (("shut", SHUT), ("half", HALF), ("study", STUDY)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder / "study.yaml"


@pytest.fixture(scope="module")
def made(study_file, shipped):
    return cn.compare(cn.load_study(study_file), shipped)


def effect_of(made, name):
    return made.effect(next(run for run in made.runs if run.scenario == name))


def test_a_scenario_that_cuts_everybody_off_has_no_mean(made):
    effect = effect_of(made, "shut")
    changes = ("cost_change_usd", "hours_change", "days_change", "co2_change_kg", "generalised_change_usd")
    assert [getattr(effect, name) for name in changes] == [None] * 5
    assert (effect.compared, effect.cut_off, effect.switched) == (0, ("harbin", "hunchun"), ())
    assert effect.population_switched == 0
    assert str(switched_words(effect)) == "0 of 2, 2 cut off"


def test_a_study_whose_scenarios_change_nothing_has_no_empty_table(study_file, shipped):
    (study_file.parent / "none.yaml").write_text("scenario: none\ntitle: Nothing\nchanges: []\n", encoding="utf-8")
    study = study_file.with_name("idle.yaml")
    study.write_text(STUDY.replace("shut.yaml, half.yaml", "none.yaml"), encoding="utf-8")
    shown = tables(cn.compare(cn.load_study(study), shipped), {})
    assert all(one.rows for one in shown if isinstance(one, Table))


def test_a_study_says_how_much_of_all_its_pairs_rests_on_weak_figures(made):
    run = next(run for run in made.runs if run.scenario is None)
    shares = {"cost_usd": 0.0, "hours": 0.0}
    for pair in run.trips:
        route = run.route(*pair)
        for quantity, of_grade in route.grade_shares().items():
            shares[quantity] += getattr(route, quantity) * (of_grade.get("C", 0.0) + of_grade.get("D", 0.0))
    cost, hours = (
        shares[quantity] / sum(getattr(run.route(*pair), quantity) for pair in run.trips) for quantity in shares
    )
    said = f"All 4 pairs together rest on them for {cost:.0%} of their cost and {hours:.0%} of their hours."
    assert any(str(line).endswith(said) for line in summary(made))


def test_what_the_answer_has_said_of_the_main_baseline_is_not_said_again(made):
    answer, told = Words().text(answer_words(made, {})), " ".join(map(str, summary(made)))
    assert "the last year before the pandemic, to niigata: of 2 origins" in answer
    assert "the last year before the pandemic" not in told
    assert "rests on figures" in told


def test_a_mean_of_the_rest_says_of_how_many_it_is(made):
    effect = effect_of(made, "half")
    assert (effect.compared, effect.cut_off) == (1, ("harbin",))
    assert effect.cost_change_usd == pytest.approx(0)


def test_the_terminal_shows_dashes_and_how_many_the_mean_is_of(study_file, tmp_path):
    wide = CliRunner(env={"COLUMNS": "120"})
    out = wide.invoke(app, ["run", str(study_file), "--out", str(tmp_path / "o")], catch_exceptions=False).stdout
    rows = {}
    for line in out.splitlines():
        first, *cells = re.split(r"\s{2,}", line.strip())
        rows[first] = cells
    assert rows["shut"] == ["0 of 2, 2 cut off", "0", "0", "-", "-", "-", "-"]
    assert rows["half"] == ["0 of 2, 1 cut off", "0", "1", "+0", "+0.0", "+0", "+0"]
    assert "Cut off from Niigata by: shut (2 of 2 origins), half (1 of 2 origins)." in " ".join(out.split())
    assert "cut off" in rows["Harbin"]


def test_files_say_reachable_and_cut_off(made):
    texts = result_files(made, {"by": "generalised"}, {}, ())
    rows = list(csv.DictReader(io.StringIO(texts["comparison.csv"])))
    told = {(r["scenario"], r["origin"], r["destination"]): r for r in rows}
    gone = told["shut", "harbin", "niigata"]
    assert (gone["reachable"], gone["cut_off"], gone["gateway_before"], gone["gateway_switched"]) == (
        "false",
        "true",
        "dalian",
        "false",
    )
    assert not gone["cost_usd"]
    assert not gone["cost_usd_change"]
    stays = told["shut", "harbin", "tokyo"]
    assert (stays["reachable"], stays["cut_off"], stays["cost_usd_change"]) == ("true", "false", "0.00")
    assert (told["", "harbin", "niigata"]["reachable"], told["", "harbin", "niigata"]["cut_off"]) == ("true", "")
    page = re.sub(r"<[^>]+>", "|", texts["report.html"])
    assert re.search(r"shut\|+Niigata is shut\|+0 of 2, 2 cut off\|+0\|+0\|+–\|+–\|+–\|+–", page)
    runs = {run["scenario"]: run for run in comparison_json(made)["runs"]}
    assert runs["shut"]["no_route"] == [
        {"origin": "harbin", "destination": "niigata"},
        {"origin": "hunchun", "destination": "niigata"},
    ]
    assert runs[None]["no_route"] == []
    assert "–" in made._repr_html_()


def test_nothing_is_told_of_a_study_that_only_cuts(study_file, shipped, tmp_path):
    alone = tmp_path / "alone.yaml"
    text = STUDY.replace("shut.yaml, half.yaml", str(study_file.parent / "shut.yaml"))
    alone.write_text(text, encoding="utf-8")
    only = cn.compare(cn.load_study(alone), shipped)
    with pytest.raises(BadValue, match="to compare"):
        most_moved_pair(only)
    assert "Largest gain" not in " ".join(map(str, summary(only)))
    assert "change nothing" not in " ".join(map(str, summary(only)))


def test_an_origin_that_reaches_no_market_has_no_means(net2019):
    router = Router(impedance(net2019))
    trips = all_trips(router, ["harbin"])
    assert nearness(router, {}, "harbin") == Potential.unreached("harbin")
    told = json.loads(json.dumps(nearness(router, {}, "harbin").to_dict()))
    assert (told["markets"], told["mean_hours"], told["logsum_usd"], told["market_access"]) == (0, None, None, 0.0)
    lost = gain(router, router, trips, {}, "harbin")
    assert (lost.gain_usd, lost.markets, lost.market_access_change) == (None, 0, -1.0)
    assert len(lost.lost) == len(trips)
    won = gain(router, router, {}, trips, "harbin")
    assert (won.gain_usd, won.market_access_change) == (None, None)


def test_the_command_access_goes_on_where_one_origin_is_cut_off(study_file):
    asked = ["access", "harbin", "hunchun", "-s", str(study_file.parent / "half.yaml"), "--as-of", "2019-07-01"]
    out = CliRunner().invoke(app, asked, catch_exceptions=False).stdout
    row = next(line for line in out.splitlines() if "Harbin" in line and "-100.0%" in line)
    assert " - " in row
    told = json.loads(CliRunner().invoke(app, [*asked, "--json"], catch_exceptions=False).stdout)
    assert told["gains"]["half"][0]["gain_usd"] is None


def test_a_closure_that_cuts_everything_costs_nothing_that_is_known(net2019):
    """All of one pair's demand is cut off: there is no extra cost to average; with another pair, that pair's alone."""
    router = Router(impedance(net2019))
    road = "link road-hegang-luobei"
    alone = {loss.names: loss for loss in criticality(router, {("luobei", "niigata"): 1.0}, ["link"])}[road]
    assert (alone.cut_off_share, alone.hit_share) == (1, 1)
    assert (alone.extra_usd, alone.extra_hours, alone.worst_extra_usd) == (None, None, None)
    assert alone.to_dict()["extra_usd"] is None
    demand = {("luobei", "niigata"): 3.0, ("harbin", "tokyo"): 1.0}
    both = {loss.names: loss for loss in criticality(router, demand, ["link"])}[road]
    assert (both.cut_off_share, both.extra_usd) == (0.75, 0.0)
    used = "link road-harbin-changchun"
    whole = {loss.names: loss for loss in criticality(router, {("harbin", "tokyo"): 1.0}, ["link"])}[used]
    other = {**demand, ("luobei", "niigata"): 1e-12}
    assert {loss.names: loss for loss in criticality(router, other, ["link"])}[used].extra_usd == pytest.approx(
        whole.extra_usd
    )
