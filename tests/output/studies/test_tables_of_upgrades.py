"""What a study tells unasked stands in the report as it stands on the page of its question."""

import pytest

import corridor_net as cn
from corridor_net.analysis.upgrade_sets.telling import Finding
from corridor_net.output.studies.report_tables import findings
from corridor_net.questions import page_of, words_of
from corridor_net.render.html import table_html
from corridor_net.render.page import Column, numbers, table_of, with_sums
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
    assert len(page.rows) < len(found.as_shown)
    assert page.totals[0][0] == "total of these steps"  # not that of the table by component above it
    changed = sum(leg.generalised_change_usd for leg in found.legs if leg.status != "same")
    assert page.totals[0][-1] == pytest.approx(changed)
    assert changed == pytest.approx(sum(one.generalised_change_usd for one in found.components))


def test_small_amounts_are_shown_with_the_digits_they_need_and_in_the_signs_of_the_language():
    model, upgrades = cn.load(as_of="2019-07-01"), ("primorye-1", "vladivostok-liner")
    found = model.attribution(*upgrades, measure="market_access", origins=["suifenhe"])
    words = words_of(found, "ru")
    first, *_ = (words.text(block) for block in page_of(found).blocks if not hasattr(block, "columns"))
    assert f" {f'{found.before:.3g}'.replace('.', ',')} " in first
    pairs = next(
        table for table in page_of(found).tables if words.text(table.title) == words.label("Pairs, strongest first")
    )
    shown = [row[-1] for row in pairs.texts(words)]
    assert shown == [words.number(one.index, 3, sign=True) for one in found.interactions[: len(shown)]]
    assert any(any(sign in "123456789" for sign in text) for text in shown)
    heads = [column.head(words) for table in page_of(found).tables for column in table.columns]
    assert not any("trillion" in head for head in heads)


def test_a_column_without_a_number_has_no_sum():
    first, *rest = Column(heading="name", of=str), *numbers("there", "nowhere", of=(float, lambda _: None), adds=True)
    assert with_sums(table_of([1, 2], first, *rest), "sum").totals == (("sum", 3.0, None),)
