"""Sentences about an item: its fields by name, its hours in days, its money in millions; charts told in words."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from corridor_net.render.chart import Curves, Stacks
from corridor_net.render.currency import Currency
from corridor_net.render.words import Words, named, say


@dataclass(frozen=True)
class Way:
    port: str
    hours: float
    cost_usd: float
    calls: tuple[str, ...]
    ends: tuple[str, str]
    before: Way | None = None


OLD = Way("busan", 48.0, 3.2e6, ("busan",), ("harbin", "tokyo"))
WAY = Way("dalian", 60.0, 2.5e6, ("dalian", "busan"), ("harbin", "niigata"), OLD)


def test_fields_that_no_keyword_gives_are_those_of_the_item():
    said = say("{port:name} to {goal}, not {before.port:name}, from {ends[0]:name}", WAY, goal="Niigata")
    assert (
        Words(names={"dalian": "Dalian", "harbin": "Harbin"}).text(said) == "Dalian to Niigata, not busan, from Harbin"
    )
    assert str(say("{port} at {hours:n0} h", WAY, port="Rajin")) == "Rajin at 60 h"


def test_a_field_that_is_nowhere_is_told_when_the_sentence_is_made():
    with pytest.raises(AttributeError, match="harbour"):
        say("{harbour:name}", WAY)


def test_hours_are_days_money_is_millions_and_a_sequence_is_how_many_it_has():
    said = say("{hours:d1} days ({change:+d1}), {cost_usd:M1} million USD, {calls:n0|call|calls}", WAY, change=-12.0)
    assert str(said) == "2.5 days (-0.5), 2.5 million USD, 2 calls"
    assert str(say("{calls:n0|call|calls}", OLD)) == "1 call"
    assert str(say("{hours:d1}, {usd:M1}", hours=None, usd=None)) == "-, -"
    roubles = Words(currency=Currency(code="RUB", per_usd=2.0))
    assert roubles.text(say("{cost_usd:M1} million USD", WAY)) == "5.0 million RUB"
    assert roubles.text(say("{before.cost_usd:M1} million USD", WAY)) == "6.4 million RUB"


def test_digits_that_count_have_the_marks_of_the_language_and_no_power_of_ten():
    said = say("{hours:g3} {cost_usd:g4} {change:g3}", WAY, hours=0.12859, change=-20770.4)
    assert str(said) == "0.129 2,500,000 -20,770"
    assert Words(language="ru").text(said) == "0,129 2\xa0500\xa0000 -20\xa0770"


def test_sentences_of_chinese_and_japanese_follow_without_a_blank():
    said = say("{both:joined}", both=(say("one."), say("two.")))
    assert str(said) == "one. two."
    assert Words(language="zh", catalogue={"one.": "一。", "two.": "二。"}).text(said) == "一。二。"


def test_all_texts_of_a_chart_are_told_and_nothing_else():
    words = Words(
        language="zh",
        catalogue={"USD a box": "美元/箱", "money": "费用", "{port:name}": "{port:name}港"},
        names={"dalian": "大连"},
    )
    rows = [(named("dalian"), {"money": 1.0}), (say("{port:name}", WAY), {"money": 2.0})]
    chart = Stacks(title=say("{port:name}", WAY), unit="USD a box", rows=rows, labels={"money": "money"}).in_words(
        words
    )
    assert (chart.title, chart.unit, dict(chart.labels)) == ("大连港", "美元/箱", {"money": "费用"})
    assert [list(row) for row in chart.rows] == [["大连", {"money": 1.0}], ["大连港", {"money": 2.0}]]
    line = Curves(title="t", unit="u", x="money", lines=[("money", [(1.0, 2.0)])]).in_words(words)
    assert (line.x, line.lines, line.joined) == ("费用", [["费用", [[1.0, 2.0]]]], True)


@pytest.mark.parametrize(
    ("shown", "word"),
    [(1.0, "час"), (3.0, "часа"), (5.0, "часов"), (4.6, "часов"), (1.2, "час"), (21, "час"), (112, "часов")],
)
def test_a_russian_word_follows_the_number_as_it_is_shown(shown, word):
    said = say("{hours:n0|час|часа|часов}", hours=shown)
    assert Words(language="ru").text(said) == f"{shown:.0f} {word}"
    assert Words(language="ru").text(say("{hours:n1|час|часа|часов}", hours=shown)).endswith(" часа")


def test_korean_particles_follow_the_sound_before_them():
    told = {"{a:name} or {b:name}": "{a:name}은(는) {b:name}(으)로, {b:name}을(를)"}
    words = Words(language="ko", catalogue=told, names={"x": "부산", "y": "서울"})
    assert words.text(say("{a:name} or {b:name}", a="x", b="y")) == "부산은 서울로, 서울을"
    assert words.text(say("{a:name} or {b:name}", a="제주", b="Rajin")) == "제주는 Rajin(으)로, Rajin을(를)"


def test_a_day_is_written_as_in_the_language():
    told = say("as of {day}, of {row}", day="2019-07-01", row="2019-07")
    shown = [Words(language=language).text(told) for language in ("en", "zh", "ja", "ko", "ru")]
    days = ["2019-07-01", "2019年7月1日", "2019年7月1日", "2019년 7월 1일", "01.07.2019"]
    assert shown == [f"as of {day}, of 2019-07" for day in days]
