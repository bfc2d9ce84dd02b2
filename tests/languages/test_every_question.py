"""Every question in every language: what stays in Latin letters on its page and charts is a name, a unit or an id."""

import re
from dataclasses import replace

import pytest

import corridor_net as cn
from corridor_net.errors import printable
from corridor_net.languages import words_for
from corridor_net.output.charts.charts import chart_svg
from corridor_net.programs.shapes import from_texts, offered, read
from corridor_net.questions import commands, networks_of, question
from corridor_net.render.console import page_text
from corridor_net.render.currency import Currency
from corridor_net.render.words import LANGUAGES
from corridor_net.scenario import shipped_scenarios
from usual_questions import usual

from .collected import INVARIANT

UNASKED = ("demand", "emissions", "explain", "matrix", "pareto", "tcd")
AS_WRITTEN = ("sources", "diff", "validate", "calibrate")
"""Questions that show publications, what these say, or rows, by the names that stand in their tables."""
STYLE = re.compile(r"<style.*?</style>", re.DOTALL)
SHOWN = re.compile(r">([^<>]+)<|aria-label=\"([^\"]+)\"")
WORD = re.compile(r"(?:--)?[A-Za-z][\w.:~@-]*", re.ASCII)
OWN = {
    "GDP",
    "EIRR",
    "FIRR",
    "CO2",
    "Logit",
    "Brier",
    "TFI1",
    "TFI2",
    "TFI3",
    "TFI4",
    "TEU-km",
    "THC",
    "WTW",
    "WtW",
    "ft",
    "ln",
}
OWN |= {"RU", "CN-RU", "JP-RU", "sobol", "random", "SERVICE", "DAY", "evidence", "none", "name", "market"}
OWN |= {"corridor-net", "appraise", "zarubino-niigata-weekly"}
"""Measures by their own names, the names of methods, and what is typed: tables, keys, commands."""


def known_ids(network):
    """Return ids and units of a network, names of its services as their owners write them, and of its clocks."""
    found = {*shipped_scenarios()}
    for name in network.package.tables:
        for row in network.rows(name):
            cells = vars(row) if hasattr(row, "__dict__") else {key: getattr(row, key) for key in row.__slots__}
            found |= {str(cell) for key, cell in cells.items() if key.endswith("_id") or key == "cargo_unit"}
            found |= set(str(cells.get("unit", "")).split())
    services = " ".join(f"{row.name} {row.operator} {row.end_reason}" for row in network.rows("service"))
    zones = " ".join(row.time_zone for table in ("node", "country") for row in network.rows(table))
    return (
        found
        | set(WORD.findall(f"{services} {zones.replace('/', ' ')}"))
        | {row.source_id for row in network.rows("source")}
    )


def answered(name):
    asked_of = question(commands()[name])
    texts = {key: value if isinstance(value, list) else [value] for key, value in usual(name).items()}
    asked = read(asked_of, from_texts(asked_of, texts), files=False)
    model = cn.load(as_of=asked.shared.get("as_of"), scenarios=asked.shared.get("scenario", ()))
    return asked_of, model, model.ask(asked_of.name, *asked.args, **asked.named)


def shown(asked_of, found, words):
    """Return all that a page and its charts show or read out."""
    charts = asked_of.charts(found) if asked_of.charts else {}
    texts = [page_text(asked_of.view(found), words, 300)]
    for chart in (one.in_words(words) for one in charts.values()):
        texts += [chart.title, chart.unit, getattr(chart, "x", "")]
        texts += [seen or read_out for seen, read_out in SHOWN.findall(STYLE.sub("", chart_svg(chart, words)))]
    return printable("\n".join(texts), lines=True)


def in_dollars_beside(page, words):
    """Return what a page shows in another currency under the name of the dollar: numbers before it, and headings."""
    other = replace(words, currency=Currency(code="QQQ", per_usd=7.0))
    texts = [page_text(page, one, 400) for one in (words, other)]
    before, after = (set(re.findall(r"([\d.,]*\d)(?: million)? USD", text)) for text in texts)
    heads = []
    for table in page.tables:
        pairs = [zip(*rows, strict=True) for rows in zip(table.texts(words), table.texts(other), strict=True)]
        moved = [any(one != same for one, same in column) for column in zip(*pairs, strict=True)]
        heads += [column.head(other) for column, differs in zip(table.columns, moved, strict=True) if differs]
    return sorted(after - before), [head for head in heads if "USD" in head]


@pytest.mark.parametrize(
    "name",
    [
        name if name in UNASKED else pytest.param(name, marks=pytest.mark.slow)
        for name in offered(files=False)
        if name != "sweep"
    ],
)
def test_what_stays_in_latin_letters_is_a_name_a_unit_or_an_id(name):
    asked_of, model, found = answered(name)
    networks = networks_of(found) or (model.network,)
    ids = {one for network in (*networks, model.base) for one in known_ids(network)}
    assert in_dollars_beside(asked_of.view(found), words_for(*networks)) == ([], [])
    left, in_russian = {}, words_for(*networks, language="ru")
    undated = re.sub(r"\b\d\d\.\d\d\.\d{4}\b", "", shown(asked_of, found, in_russian))
    points = re.findall(r"\S*\d\.\d\S*", undated)
    assert name in AS_WRITTEN or points == [], "a Russian number has a comma before its decimals"
    for language in LANGUAGES[1:]:
        words = words_for(*networks, language=language)
        latin = {word.strip(".:").partition("~")[0] for word in WORD.findall(shown(asked_of, found, words))}
        latin = {word for word in latin if len(word) > 1 and not word.startswith("--")}
        left[language] = sorted(latin - ids - INVARIANT - OWN)
    assert name in AS_WRITTEN or left == {language: [] for language in LANGUAGES[1:]}
