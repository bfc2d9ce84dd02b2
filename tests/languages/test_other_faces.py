"""Documents, workbooks and scripts in every language: what stays in Latin letters is a name, a unit or an id."""

import io
import re

import openpyxl
import pytest

from corridor_net.errors import printable
from corridor_net.languages import words_for
from corridor_net.output.documents.document import document_of, texts_of
from corridor_net.output.page_words import asset
from corridor_net.output.studies.workbook import study_workbook
from corridor_net.render.words import LANGUAGES
from corridor_net.uncertainty.studies.paying import paying
from corridor_net.uncertainty.studies.study import drawing, main_uncertainty

from .collected import INVARIANT, ROOT
from .test_every_question import OWN, WORD, answered, known_ids

OTHERS = LANGUAGES[1:]
WRITTEN_BY_HAND = re.compile(
    r"corridor-net [\w.]+ |https?://\S+|\b[0-9a-f]{12,}\b|SHA-256|--\w+|\$?\b[A-Z]+\$?\d+\b|[A-Z]{3,}\("
)
"""Commands and addresses, hashes, references of cells and functions of a spreadsheet."""


def latin(texts, ids):
    """Return the words in Latin letters that are no names, units or ids."""
    words = {
        word.strip(".:") for word in WORD.findall(WRITTEN_BY_HAND.sub(" ", printable("\n".join(texts), lines=True)))
    }
    return sorted(word for word in words - ids - INVARIANT - OWN if len(word) > 2)


@pytest.fixture(scope="module")
def route():
    asked_of, model, found = answered("route")
    return asked_of, model.network, found


@pytest.mark.parametrize("language", OTHERS)
def test_a_document_says_nothing_in_english(route, language):
    asked_of, network, found = route
    words = words_for(network, language=language)
    drawn = {"chart.svg": b"<svg/>"}
    made = document_of(asked_of.view(found), drawn, (), network, words, line="", version="1")
    said = [text for text in texts_of(made, words) if not any(row.title in text for row in network.rows("source"))]
    assert latin(said, known_ids(network) | {"chart.svg"}) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", OTHERS)
def test_a_workbook_says_nothing_in_english(comparison, language):
    networks = [run.router.network for run in comparison.runs]
    words = words_for(*networks, language=language)
    paid = paying(comparison, drawing(comparison))
    ((_, content),) = study_workbook(comparison, main_uncertainty(comparison), paid, words).items()
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheets = [sheet for sheet in book if sheet.title != words.label("Sources")]
    texts = [str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row if cell.value is not None]
    ids = {one for network in networks for one in known_ids(network)}
    assert latin([*book.sheetnames, *texts], ids | {"NPV", "baseline"}) == []


def test_no_script_or_page_shows_a_text_that_the_catalogues_do_not_hold():
    attribute = re.compile(
        r"(?:aria-label|title|placeholder|alt|textContent)\"?\]?\s*[:=,]\s*[\"'`]([A-Z][a-z]+ [a-z]+)"
    )
    between = re.compile(r">([A-Za-z][a-z]+ [a-z ]+)<")
    for path in sorted((ROOT / "web").iterdir()):
        if path.suffix in (".js", ".html"):
            shown = attribute.findall(asset(path.name)) + between.findall(asset(path.name))
            spoken = shown == ["My scenario"] and 't("My scenario")' in asset("bench.js")
            assert spoken or shown == [], path.name
