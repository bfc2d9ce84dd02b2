"""What a choice of gateway hangs on, from given draws: indices against known ones, chances against plain counting."""

import json
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pytest

import corridor_net as cn
from corridor_net.analysis.router import Router
from corridor_net.costing import impedance
from corridor_net.errors import BadValue
from corridor_net.questions.pages.uncertainty_words import choice_sentence, study_sentences
from corridor_net.render.words import Words
from corridor_net.uncertainty.ensembles.by_gateway import by_gateway
from corridor_net.uncertainty.ensembles.ensemble import Ensemble, distributions_of_router
from corridor_net.uncertainty.factors.draws import Factors
from corridor_net.uncertainty.sensitivity import gateway_model
from corridor_net.uncertainty.sensitivity import study_sensitivity as study_sensitivity_module
from corridor_net.uncertainty.sensitivity.choice import Choice, first_order, gap, to_look_up, two_best
from corridor_net.uncertainty.sensitivity.sensitivity import sensitivity
from corridor_net.uncertainty.sensitivity.study_sensitivity import study_sensitivity
from corridor_net.uncertainty.studies.study import study_uncertainty

STUDY = """\
study: small
title: Small
baselines: [baseline-2019]
scenarios: [primorye-2]
origins: [harbin, mudanjiang, hunchun]
focus: niigata
"""


def ishigami(x):
    return np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0])


def test_first_order_indices_are_those_of_ishigami():
    """0.3139, 0.4424 and 0 (Ishigami & Homma 1990), and 0 of an input that is not there."""
    x = np.random.default_rng(5).uniform(-np.pi, np.pi, (4, 40_000))
    assert first_order(ishigami(x)[None], x, 40) == pytest.approx([0.3139, 0.4424, 0.0, 0.0], abs=0.015)


def test_several_answers_are_weighted_by_their_variance():
    x = np.random.default_rng(6).standard_normal((3, 50_000))
    answers = np.array([3 * x[0] + x[1], x[1] + x[2]])
    assert first_order(answers, x) == pytest.approx([9 / 12, 2 / 12, 1 / 12], abs=0.02)
    each = [first_order(one[None], x) for one in answers]
    spread = answers.var(axis=1)
    expected = (each[0] * spread[0] + each[1] * spread[1]) / spread.sum()
    assert first_order(answers, x) == pytest.approx(expected, abs=1e-9)


def test_chance_is_taken_off():
    """Of 200 inputs without effect, on average nothing is seen."""
    rng = np.random.default_rng(7)
    found = first_order(rng.standard_normal((1, 500)), rng.standard_normal((200, 500)))
    assert abs(found.mean()) < 0.01
    with pytest.raises(BadValue):
        first_order(np.zeros((1, 20)), np.zeros((1, 20)))


def test_the_gap_is_between_the_two_that_win_most_often():
    costs = np.array([[1.0, 1, 1, 9], [2, 2, 2, 2], [1.5, 1.5, 1.5, 3]])
    assert two_best(costs) == (0, 1)
    assert gap(costs, 0, 1).tolist() == [1, 1, 1, -7]
    assert two_best(costs[[0, 2]][:, :3]) == (0, 1)
    assert two_best(costs[:, :3]) == (0, 2), "where no other wins, the best of the others"
    assert two_best(costs[:1]) == (0, None)
    assert gap(costs[:1], 0, None).tolist() == [0, 0, 0, 0]


@pytest.fixture
def few_draws(monkeypatch):
    monkeypatch.setattr(study_sensitivity_module, "SCREENED", 1024)
    monkeypatch.setattr(gateway_model, "DRAWS", 200)


@pytest.fixture(scope="module")
def comparison(tmp_path_factory, shipped):
    path = tmp_path_factory.mktemp("choice") / "small.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return cn.compare(cn.load_study(path), shipped)


def test_a_choice_counts_the_draws(shipped):
    """The leader is the cheaper of the two in as many draws as when both are priced one draw at a time."""
    pair, router = ("mudanjiang", "niigata"), Router(impedance(shipped.as_of("2019-07-01")))
    factors = Factors(distributions_of_router(router), 1)
    ensemble = by_gateway(router, [pair], factors, 64)
    names = list(dict.fromkeys(ensemble.gateways))
    costs, wins = np.empty((len(names), 64)), 0
    for k in range(64):
        one = ensemble.under(factors, 1, k).generalised[:, 0]
        for row, name in enumerate(names):
            costs[row, k] = min(c for c, gate in zip(one, ensemble.gateways, strict=True) if gate == name)
    made = {"costs": costs, "figures": ensemble.figures(), "factor": factors.columns(64), "both": two_best(costs)}
    found = Choice(router=router, pair=pair, gateways=names, **made).lead()
    for cost in costs.T:
        wins += cost[names.index(found.leader)] < cost[names.index(found.second)]
    assert found.leads == pytest.approx(wins / 64)
    assert found.next_figure in found.figures
    assert [one.first for one in found.figures] == sorted((one.first for one in found.figures), reverse=True)


def test_the_choice_lies_between_the_gateways_that_win_by_what_is_least(tmp_path, shipped):
    """Where CO2 is least: the leader is the best most often, as the page has it, and both are priced by that way."""
    path = tmp_path / "by.yaml"
    text = STUDY.replace("[primorye-2]", "[]").replace("[harbin, mudanjiang, hunchun]", "[yanji]")
    path.write_text(f"{text}by: co2\n", encoding="utf-8")
    found = study_uncertainty(cn.compare(cn.load_study(path), shipped), draws=200)
    (run,) = found.runs
    shares, choice = run.pairs[0].gateways, found.choice
    assert choice.leader == max(shares, key=shares.get)
    ensemble = Ensemble.of(run.run.router, [("yanji", "niigata")])
    _, generalised, co2 = ensemble.measured(Factors(ensemble.distributions, 1).columns(200), 200)
    cost = {}
    for gate in (choice.leader, choice.second):
        own = [row for row, name in enumerate(ensemble.gateways) if name == gate]
        cost[gate] = [generalised[own[np.argmin(co2[own, draw])], draw] for draw in range(200)]
    assert choice.leads == np.mean(np.array(cost[choice.leader]) < cost[choice.second])


def test_too_few_draws_say_nothing(comparison):
    assert study_uncertainty(comparison, draws=20).choice is None


def test_the_paragraph_can_be_quoted(cli):
    """Who is cheaper for whom, how often, and what to look up: as the draws of --json have it."""
    asked = ("uncertainty", "--draws", 400, "--from", "mudanjiang", "--scenario", "primorye-1", "--rivals")
    done = cli(*asked)
    assert done.code == 0, done.err
    told = json.loads(cli(*asked, "--json").out)
    share = told["choice"]["leads"]
    text = " ".join(done.out.split())
    assert f"for Mudanjiang-Niigata in {share:.0%} of draws; the figure to look up next is" in text
    assert told["choice"]["origin"] == "mudanjiang"
    assert "Convergence, random draws: " in text


# a whole study


def test_a_study_of_one_pair_has_the_indices_of_that_pair(shipped, tmp_path, few_draws):
    """Against `sensitivity`: totals of the leading figures within both intervals, by other points and draws."""
    path = tmp_path / "one.yaml"
    path.write_text(STUDY.replace("[harbin, mudanjiang, hunchun]", "[mudanjiang]"), encoding="utf-8")
    comparison = cn.compare(cn.load_study(path), shipped)
    whole = study_sensitivity(comparison, samples=256)
    gates = whole.choices[0].leader, whole.choices[0].second
    single = sensitivity(comparison.runs[0].router, "mudanjiang", "niigata", samples=512, against=gates[1], seed=3)
    if single.leader != gates[0]:
        assert single.leader == gates[1], "the two win about as often"
        single = sensitivity(comparison.runs[0].router, "mudanjiang", "niigata", samples=512, against=gates[0], seed=3)
    known = {one.name: one for one in single.inputs}
    for one in whole.figures[:3]:
        low = max(one.total_interval[0], known[one.name].total_interval[0])
        high = min(one.total_interval[1], known[one.name].total_interval[1])
        assert low <= high, one


def test_a_study_ranks_figures_and_choices(comparison, few_draws):
    found = study_sensitivity(comparison, samples=256)
    assert {one.origin for one in found.choices} == {"harbin", "mudanjiang", "hunchun"}
    doubt = [abs(one.leads - 0.5) for one in found.choices]
    assert doubt == sorted(doubt)
    assert found.next_figure in found.figures
    assert 0 <= found.rest_total < 1.2
    assert found.searched == 200
    text = " ".join(map(Words().text, study_sentences(found)))
    assert "the figure to look up next is" in text
    assert Words().text(choice_sentence(found.choices[0])) in text
    assert found == study_sensitivity(comparison, samples=256), "the same seed, the same answer"
    assert study_sensitivity(comparison, samples=256, scenario="primorye-2").run == "baseline-2019/primorye-2"


@pytest.mark.parametrize(
    ("changed", "scenario", "word"), [({}, "primorye-22", "primorye-2"), ({"focus": "harbin"}, None, "two gateways")]
)
def test_what_the_study_does_not_have_is_named(comparison, few_draws, changed, scenario, word):
    with pytest.raises(BadValue) as caught:
        study_sensitivity(replace(comparison, **changed), samples=64, scenario=scenario)
    assert word in f"{caught.value} {caught.value.hint}"


def test_the_command_takes_a_study(cli, tmp_path, few_draws):
    path = tmp_path / "small.yaml"
    path.write_text(STUDY, encoding="utf-8")
    done = cli("sensitivity", path, "--samples", 64, "--show", 5)
    assert done.code == 0, done.err
    assert "the figure to look up next is" in " ".join(done.out.split())
    told = json.loads(cli("sensitivity", path, "--samples", 64, "--show", 5, "--json").out)
    assert len(told["figures"]) == 5
    assert told["study"] == "small"


@pytest.mark.parametrize("option", [("--morris",), ("--against", "dalian"), ("--answer", "usd")])
def test_options_of_pairs_are_refused_for_a_study(cli, option):
    done = cli("sensitivity", *option)
    assert done.code == 2
    assert "ORIGIN and DESTINATION" in done.err


class Known(NamedTuple):
    name: str
    saves_usd: float
    part: float


@pytest.mark.parametrize(
    ("figures", "following"),
    [
        ([], None),
        ([Known("group roads", 9, 1)], None),
        ([Known("group roads", 9, 1), Known("a", 1, 0.1), Known("b", 2, 0.05)], "b"),
        ([Known("a", 0.001, 0.1), Known("b", 0, 0.3)], "b"),
    ],
)
def test_what_saves_most_is_looked_up_first_then_the_largest_share(figures, following):
    found = to_look_up(figures, lambda one: one.part)
    assert (found and found.name) == following
