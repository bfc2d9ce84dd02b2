"""A workbook to write a scenario in: keys, changes, and what may stand where. Read by `scenario.sheet_file`."""

from __future__ import annotations

from datetime import date

from openpyxl.worksheet.datavalidation import DataValidation

from corridor_net.scenario.example import Example, title_of
from corridor_net.scenario.model import NEEDED, VERBS, Change, ScenarioFile
from corridor_net.scenario.sheet_file import CHANGES_SHEET, HEADS, KEYS, KEYS_SHEET, WAY

from .sheets import Book

WRITTEN = {
    "where": WAY,
    "row": "column = value; column = value",
    "calls": "port > port > port, in order",
    "change": f"one of {', '.join(VERBS)}",
    "table": "link, crossing, terminal, service, tariff, speed, operation, season",
}
ROWS = 200
"""Rows in which words are offered."""


def scenario_book(name: str, shown: Example) -> bytes:
    """Return a workbook that is a scenario of this name with one change, and tells what may stand where."""
    (verb, table), *rest = shown.change.items()
    ((column, row),) = shown.change["where"].items()
    change = {**dict(rest), "change": verb, "table": table, "where": f"{column} = {row}"}
    book = Book(date(2019, 7, 1), name)
    keys, changes, told = (book.sheet(title) for title in (KEYS_SHEET, CHANGES_SHEET, "how"))
    given = {"scenario": name, "title": title_of(name), "why": "What the scenario stands for."}
    for key in KEYS:
        keys.entry(key, given.get(key), note=str(ScenarioFile.model_fields[key].description or ""), given=True)
    keys.finish()
    changes.table(HEADS, [[change.get(head) for head in HEADS]], {})
    for head, words in (("change", VERBS), ("table", WRITTEN["table"].split(", "))):
        offered = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
        changes.offer(offered, HEADS.index(head) + 1, ROWS)
    changes.finish(freeze="A2", least=14)
    told.title("What may stand where")
    heads = ("heading", "what it is", "how it is written", "needed by")
    rows = [
        (
            head,
            str(Change.model_fields[head].description or "") if head in Change.model_fields else "",
            WRITTEN.get(head, ""),
            ", ".join(verb for verb, needed in NEEDED.items() if head in needed),
        )
        for head in HEADS
    ]
    told.table(heads, rows, {})
    told.finish()
    return book.content()
