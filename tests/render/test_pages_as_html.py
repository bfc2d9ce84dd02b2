"""Pages as HTML: numbers are set as in print, and what names something stays as it can be copied."""

import re
from html import unescape

import pytest

from corridor_net.languages import catalogue
from corridor_net.render.currency import Currency
from corridor_net.render.html import page_html, prose, table_html
from corridor_net.render.page import Column, Table, numbers, page
from corridor_net.render.words import Words, say
from corridor_net.rounding import BeforeAfter

IDS = (
    "12-34", "n1-2", "primorye-2", "2019-07", "2019-07-01", "ISO 3166-1", "seed=-1", "-1", "Tax CO2e 5 km",
    "corridor-net route a-1 9-10 --seed -1", "https://example.org/2011-14/a-1?x=-1&y=10-90", "+81-25-1",
)  # fmt: skip


def shown(html):
    return [unescape(cell) for cell in re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", html)]


@pytest.mark.parametrize("kind", ["text", "name", "label"])
def test_ids_months_commands_and_addresses_are_untouched_in_cells(kind):
    table = Table(columns=(Column(heading="month", kind=kind),), rows=tuple((one,) for one in IDS))
    assert shown(table_html(table, Words())) == ["month", *IDS]
    several = Table(columns=(Column(heading="ids", kind="names"),), rows=((IDS,),))
    assert shown(table_html(several, Words())) == ["ids", "; ".join(IDS)]


@pytest.mark.parametrize("one", IDS)
def test_they_are_untouched_in_sentences_captions_and_headings_too(one):
    told = say("By {one:name}, {one:label} and {one}: {kg:n0} kg CO2e, {change:+n1}", one=one, kg=5, change=-7.3)
    assert unescape(prose(told, Words())).startswith(
        f"By {one}, {one} and {Words().text(say('{one}', one=one))}: 5\u00a0kg"
    )
    assert unescape(prose(say("{told}; {told}", told=say("{one:names}", one=(one, one))), Words())) == "; ".join(
        [one] * 4
    )
    headed = Table(title=say("On {one:name}", one=one), columns=(Column(heading=say("{one:name}", one=one)),), rows=())
    assert f"<caption>On {one}</caption>" in unescape(table_html(headed, Words()))
    assert f"<p>{one}</p>" in unescape(page_html(page(say("{one:name}", one=one))))


def test_numbers_ranges_and_units_are_set_as_in_print():
    columns = (
        Column(heading="10-90%", kind="range"),
        *numbers("kg CO2e", kind="change"),
        *numbers("nought", digits=1),
    )
    table = Table(columns=columns, rows=(((-2649.0, 4315.0), -5.0, -0.001), ((1.0, 2.0), 5.0, float("nan"))))
    assert shown(table_html(table, Words())) == [
        "10–90%", "Δ\u00a0kg\u00a0CO₂e", "nought", "−2,649–4,315", "−5", "0.0", "1–2", "+5", "–",
    ]  # fmt: skip
    told = say(
        "{usd:m0} USD ({low:m0}-{high:m0}), {share:+p0}, x ^ -{theta:g}", usd=-408, low=9, high=16, share=-0.07, theta=4
    )
    assert prose(told, Words()) == "−408\u00a0USD (9–16), −7%, x ^ −4"
    assert Words().text(told) == "-408 USD (9-16), -7%, x ^ -4"


def test_another_language_is_set_alike():
    words = Words(language="ru", catalogue=catalogue("ru"))
    told = say("{usd:m0} USD, {days:n1} days, {kg:n0} kg CO2e", usd=-3107, days=9.8, kg=1394)
    assert prose(told, words) == "−3\u00a0107\u00a0USD, 9,8\u00a0сут., 1\u00a0394\u00a0кг\u00a0CO₂e"


def test_a_change_beside_its_ends_is_the_difference_of_these_as_shown():
    km = BeforeAfter(2927.4, 1531.6)
    columns = numbers("before", "after") + numbers("change", kind="change") + numbers("USD", kind="change")
    table = Table(columns=columns, rows=((km.before, km.after, km, BeforeAfter(0.0, 0.5)),))
    assert table.texts(Words()) == [["2,927", "1,532", "-1,395", "+0"]]
    assert table.texts(Words(currency=Currency(code="JPY", per_usd=101.0)))[0][3] == "+50"  # 50.5, to even as printed
    assert 'data-value="-1395.8' in table_html(table, Words())
    assert str(say("{more:+m0} USD, {days:+d1} days", more=km, days=BeforeAfter(0.0, 36.0))) == "-1,395 USD, +1.5 days"


def test_hyphens_between_blanks_places_and_years_are_dashes():
    line = {"dalian-busan": "Dalian - Busan", "ab - c": "x"}
    told = say(
        "{line:name} - {a:name}-{b:name}, {first}-{last}, 2011-14",
        line="dalian-busan",
        a="A-1",
        b="B",
        first=2016,
        last=2019,
    )
    assert prose(told, Words(names=line)) == "Dalian – Busan – A-1–B, 2016–2019, 2011–14"
    assert prose(told, Words(names=line, language="ru")) == "Dalian — Busan — A-1–B, 2016–2019, 2011–14"
    assert Words(names=line).text(told) == "Dalian - Busan - A-1-B, 2016-2019, 2011-14"
