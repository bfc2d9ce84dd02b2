"""Pages say which services on their ways nobody knows to run, or how many of those that sail."""

import pytest

import corridor_net as cn
from corridor_net.questions import networks_of, page_in_full
from corridor_net.questions.pages.not_known import with_not_known
from corridor_net.render.page import Page
from corridor_net.render.words import Sentence


@pytest.fixture(scope="module")
def today():
    return cn.load(as_of="2026-07-01")


def said(found):
    (sentence,) = with_not_known(Page(()), found, networks_of(found)).blocks
    assert isinstance(sentence, Sentence)
    return sentence.values


def test_an_answer_with_ways_names_those_it_takes_with_their_probability(today):
    found = today.routes(origins=["harbin"], destinations=["niigata"])
    (route,) = found.routes
    rows = {row.service_id: row for row in today.network.active("service")}
    unknown = [rows[name] for name in route.services if rows[name].state == "unknown"]
    assert [(one.values["service"], one.values["share"]) for one in said(found)["services"]] == [
        (row.service_id, row.probability_open) for row in unknown
    ]
    assert unknown


def test_an_answer_without_ways_counts_those_that_sail(today):
    rows = today.network.active("service")
    shares = [row.probability_open for row in rows if row.state == "unknown"]
    told = said(today.matrix(origins=["harbin"], destinations=["niigata"]))
    assert (told["all"], told["some"], told["low"], told["high"]) == (len(rows), len(shares), min(shares), max(shares))


def test_where_all_services_are_known_nothing_is_said(make_tiny):
    found = cn.Model(make_tiny()).matrix(origins=["alfa"], destinations=["delta"])
    assert with_not_known(Page(()), found, networks_of(found)).blocks == ()


def test_the_page_of_evidence_and_of_a_route_that_says_it_itself_gain_nothing(today):
    for found in (today.route("harbin", "niigata"), today.sources("harbin", "niigata")):
        texts = [one.template for one in page_in_full(found).blocks if isinstance(one, Sentence)]
        assert not [text for text in texts if "not known" in text.lower() and "whether it runs" not in text]


def test_a_timeline_says_it_of_its_years(today):
    found = today.timeline("harbin", "niigata", from_year=2025, to_year=2026)
    assert [dict(one.not_known) for one in found.years] == [{"dalian-busan": 0.97}] * 2
