"""Pages say which services on their ways nobody knows to run, or how many of those that sail."""

from dataclasses import replace

import pytest

import corridor_net as cn
from corridor_net.programs.desk import Desk
from corridor_net.questions import not_known_of, page_in_full
from corridor_net.render.not_known import counted_words, named_services
from corridor_net.render.page import Heading
from corridor_net.render.words import Sentence


@pytest.fixture(scope="module")
def today():
    return cn.load(as_of="2026-07-01")


@pytest.fixture(scope="module")
def study():
    return cn.load().study("longjiang-japan", scenarios=["primorye-2"], origins=["harbin"])


def said(found):
    (sentence,) = not_known_of(found)
    return sentence.values


def named(values):
    return [(one.values["service"], one.values["share"]) for one in values["services"].values["services"]]


@pytest.mark.parametrize("question", ["routes", "emissions"])
def test_an_answer_with_ways_names_those_it_takes_with_their_probability(today, question):
    pair = {"origins": ["harbin"], "destinations": ["niigata"]}
    found = today.routes(**pair) if question == "routes" else today.emissions("harbin", "niigata")
    (route,) = today.routes(**pair).routes
    rows = {row.service_id: row for row in today.network.active("service")}
    unknown = [rows[name] for name in route.services if rows[name].state == "unknown"]
    assert named(said(found)) == [(row.service_id, row.probability_open) for row in unknown]
    assert unknown


def test_an_answer_without_ways_counts_those_that_sail(today):
    rows = today.network.active("service")
    shares = [row.probability_open for row in rows if row.state == "unknown"]
    told = said(today.matrix(origins=["harbin"], destinations=["niigata"]))
    assert (told["all"], told["some"], told["low"], told["high"]) == (len(rows), len(shares), min(shares), max(shares))


def test_one_is_told_as_one_and_many_as_so_many_more(make_tiny):
    tiny = make_tiny()
    rows = [replace(row, state="unknown", probability_open=0.9) for row in tiny.rows("service")]
    one = counted_words(tiny.with_rows(service=[*rows[:1], *tiny.rows("service")[1:]]))
    assert str(one).endswith("1 is not known to run, with a probability of 90%.")
    more = named_services({f"s{n}": 0.9 - n / 100 for n in range(8)})
    assert str(more) == "s7 (83%), s6 (84%), s5 (85%), s4 (86%), s3 (87%), s2 (88%), and 2 more"


def test_where_all_services_are_known_nothing_is_said(make_tiny):
    assert not_known_of(cn.Model(make_tiny()).matrix(origins=["alfa"], destinations=["delta"])) == []


def test_evidence_and_a_route_that_says_it_itself_gain_nothing(today):
    for found in (today.route("harbin", "niigata"), today.sources("harbin", "niigata")):
        assert not_known_of(found) == ()


def test_a_study_says_it_of_the_ways_to_its_focus_on_each_baseline_before_its_findings(study):
    made, told = study.comparison, {}
    for run in made.runs:
        rows = {row.service_id: row for row in run.router.network.active("service")}
        used = {name for trip in made.trips_of(run).values() for name in trip.services if name in rows}
        doubted = {name for name in used if rows[name].state == "unknown"}
        told.setdefault(made.baseline_of(run).title, set()).update(doubted)
    sentences = not_known_of(study)
    assert {one.values["title"]: {name for name, _ in named(one.values)} for one in sentences} == {
        title: names for title, names in told.items() if names
    }
    blocks = page_in_full(study).blocks
    heading = next(at for at, one in enumerate(blocks) if isinstance(one, Heading))
    assert list(blocks[heading - len(sentences) : heading]) == list(sentences) != []
    assert not any("not known" in one.template for one in blocks[heading:] if isinstance(one, Sentence))


def test_print_shows_what_the_command_does(today):
    assert "Not known to run, on the ways above: Dalian - Busan (97%)." in str(today.emissions("harbin", "niigata"))


def test_programs_hear_it_beside_the_answer(today):
    answer = Desk(today.base).ask("emissions", {"origin": "harbin", "destination": "niigata", "as_of": "2026-07-01"})
    assert "Not known to run, on the ways above: Dalian - Busan (97%)." in answer["remarks"]


def test_a_timeline_says_it_of_its_years(today):
    found = today.timeline("harbin", "niigata", from_year=2025, to_year=2026)
    assert [dict(one.not_known) for one in found.years] == [{"dalian-busan": 0.97}] * 2
