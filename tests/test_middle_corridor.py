"""The second region: its data are sound, its study runs, and its page says what comes out."""

import re
from pathlib import Path

import pytest

import corridor_net as cn
from corridor_net.network.checks import check_network

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "examples" / "middle-corridor"
PAGE = (ROOT / "docs" / "middle-corridor.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def model():
    return cn.load(geodata=FOLDER)


@pytest.fixture(scope="module")
def study(model):
    return model.study()


def number(text):
    return float(re.sub(r"[^\d.-]", "", text.replace("\N{MINUS SIGN}", "-")))


def rows(heading, width):
    table = PAGE.split(heading, 1)[1].split("\n\n", 1)[0]
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines() if line[:1] == "|"]
    return [cells for cells in found if len(cells) == width and not set(cells[0]) <= set("- ")]


def test_every_figure_has_its_source_and_estimates_their_basis(model):
    check_network(model.base, strict=True)


def test_the_page_says_what_the_study_finds(study):
    comparison = study.comparison
    base = comparison.runs[0].trips["xian", "constanta"]
    found = rows("| Xi'an to Constanta, July 2025", 4)
    assert (number(found[0][1]), number(found[0][2])) == (round(base.cost_usd), round(base.hours / 24, 1))
    names = ("aktau-hub", "black-sea-twice", "border-in-a-day", "caspian-daily-twice")
    runs = {run.scenario: run for run in comparison.runs}
    for cells, name in zip(found[1:], names, strict=False):
        trip = runs[name].trips["xian", "constanta"]
        assert number(cells[2]) == round(trip.hours / 24, 1), name
        assert number(cells[3]) == -round(comparison.effect(runs[name]).generalised_change_usd), name


def test_the_page_says_how_much_of_the_time_is_movement(model):
    hours = model.route("xian", "constanta").component("hours")
    moving = (hours["haul"] + hours["sailing"]) / 24
    assert f"Of {sum(hours.values()) / 24:.1f} days only {moving:.1f} are movement" in PAGE


def test_the_gains_of_upgrades_of_one_chain_add_up(model, study):
    comparison = study.comparison
    alone = [comparison.effect(run).generalised_change_usd for run in comparison.runs if run.scenario]
    names = [FOLDER / f"{run.scenario}.yaml" for run in comparison.runs if run.scenario]
    joint = model.with_scenario(*names)
    trips = comparison.runs[0].trips
    pairs = [(joint.route(origin, "constanta"), trips[origin, "constanta"]) for origin in comparison.origins]
    together = [now.generalised_cost_usd - then.generalised_cost_usd for now, then in pairs]
    assert sum(together) / len(together) == pytest.approx(sum(alone))
    whole = rows("| Xi'an to Constanta, July 2025", 4)[-1]
    assert number(whole[3]) == -round(sum(alone))
    assert number(whole[2]) == round(pairs[0][0].hours / 24, 1)


def test_the_page_shows_every_published_figure_as_the_model_meets_it(model):
    found = {claim.claim: claim for claim in model.validate().claims}
    shown = {cells[0]: cells for cells in rows("| claim | from - to", 5)}
    compared = {name: claim for name, claim in found.items() if claim.model is not None}
    assert set(shown) == set(compared)
    met = [name for name, claim in compared.items() if claim.met]
    times = [name for name in met if compared[name].metric == "time"]
    every = [claim for claim in compared.values() if claim.metric == "time"]
    assert f"{len(met)} of {len(compared)}, of them {len(times)} of {len(every)} times" in PAGE
    for name, claim in compared.items():
        assert ("**" in shown[name][4]) == (name not in met), name
        assert number(shown[name][3]) == pytest.approx(claim.model, rel=0.02, abs=0.06), name
    assert len(met) / len(compared) >= 0.6


def test_nothing_of_the_first_region_is_needed(model):
    assert model.base.default_pair == ("xian", "constanta")
    assert not {"harbin", "niigata"} & set(model.base.nodes)
