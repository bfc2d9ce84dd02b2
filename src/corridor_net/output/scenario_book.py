"""A workbook to write a scenario in: keys, changes, and what may stand where. Read by `scenario.sheet_file`."""

from __future__ import annotations

from datetime import date

from openpyxl.worksheet.datavalidation import DataValidation

from corridor_net.render.words import Words
from corridor_net.scenario.example import Example, title_of
from corridor_net.scenario.model import NEEDED, VERBS, Change, ScenarioFile
from corridor_net.scenario.sheet_file import CALLED, CHANGES_SHEET, HEADS, KEYS, KEYS_SHEET, WAY

from .sheets import Book

TABLES = ("link", "crossing", "terminal", "service", "tariff", "speed", "operation", "season")
WRITTEN = {
    "where": WAY,
    "row": "column = value; column = value",
    "calls": "port > port > port, in order",
}
"""How cells of a heading are written, where that is not plain."""
ROWS = 200
"""Rows in which words are offered."""


def scenario_book(name: str, shown: Example, words: Words | None = None) -> bytes:
    """Return a workbook that is a scenario of this name with one change, and tells what may stand where.

    In another language headings and keys have what they are called before them; what is read is the key.
    """
    words = words or Words()
    (verb, table), *rest = shown.change.items()
    ((column, row),) = shown.change["where"].items()
    change = {**dict(rest), "change": verb, "table": table, "where": f"{column} = {row}"}
    change["why"] = words.label(change["why"])
    book = Book(date(2019, 7, 1), name, words)
    keys, changes = (book.sheet(title, said=False) for title in (KEYS_SHEET, CHANGES_SHEET))
    told = book.sheet("guide")
    given = {"scenario": name, "title": title_of(name), "why": words.label("What the scenario stands for.")}
    for key in KEYS:
        note = str(ScenarioFile.model_fields[key].description)
        keys.entry(_called(key, words), given.get(key), note=note, given=True)
    keys.finish()
    changes.table([_called(head, words) for head in HEADS], [[change.get(head) for head in HEADS]], {})
    offers = {"change": VERBS, "table": TABLES}
    for head, offered in offers.items():
        choice = DataValidation(type="list", formula1=f'"{",".join(offered)}"', allow_blank=True)
        changes.offer(choice, HEADS.index(head) + 1, ROWS)
    changes.finish(freeze="A2", least=14)
    told.title("What may stand where")
    rows = [
        (
            _called(head, words),
            words.label(str(Change.model_fields[head].description)) if head in Change.model_fields else "",
            words.label(WRITTEN.get(head, "")) or ", ".join(offers.get(head, ())),
            ", ".join(verb for verb, needed in NEEDED.items() if head in needed),
        )
        for head in HEADS
    ]
    told.table(("heading", "what it is", "how it is written", "needed by"), rows, {})
    told.finish()
    return book.content()


def _called(key: str, words: Words) -> str:
    return key if words.language == "en" else f"{words.label(CALLED[key])} ({key})"
