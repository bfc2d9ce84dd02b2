"""What a study tells unasked stands in the report as it stands on the page of its question."""

import pytest

import corridor_net as cn
from corridor_net.analysis.upgrade_sets.telling import Finding
from corridor_net.output.studies.report_tables import findings
from corridor_net.questions import page_of, words_of
from corridor_net.render.html import table_html
from corridor_net.render.words import say


@pytest.fixture(scope="module")
def answers():
    model = cn.load(as_of="2019-07-01")
    return {
        "explain": model.with_scenario("primorye-2").explain("yanji", "niigata"),
        "breakeven": model.breakeven("harbin", "niigata"),
        "attribution": model.attribution("primorye-2", "suifenhe-faster", origins=["yanji"]),
    }


@pytest.mark.parametrize("name", ["explain", "breakeven", "attribution"])
def test_the_report_shows_the_table_of_the_question(answers, name):
    found = answers[name]
    words = words_of(found)
    told = Finding(title=say("x"), lines=(), data={}, result=found.limits if name == "breakeven" else found)
    assert table_html(page_of(found).tables[0], words, css="sortable") in findings([told], words)


def test_the_steps_of_both_ways_add_up_in_the_report_and_those_that_changed_on_the_page(answers):
    found = answers["explain"]
    told = Finding(title=say("x"), lines=(), data={}, result=found)
    every = findings([told], words_of(found)).partition("By step")[2]
    assert every.count("<tr>") - 2 == len(found.legs)
    _, page = page_of(found).tables
    assert len(page.rows) == sum(leg.status != "same" for leg in found.legs)
    changed = sum(leg.generalised_change_usd for leg in found.legs if leg.status != "same")
    assert page.totals[0][-1] == pytest.approx(changed)
    assert changed == pytest.approx(sum(one.generalised_change_usd for one in found.components))
