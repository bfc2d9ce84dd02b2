"""A document as PDF: set in fonts that show its language, its words to be searched. Needs the extra `documents`."""

from __future__ import annotations

import io
import logging
from datetime import UTC, datetime
from typing import Any

from corridor_net.output.charts.fonts import KNOWN, TAGS, face_for, plain_faces
from corridor_net.render.page import Heading, Table
from corridor_net.render.words import Words

from .document import Document, laid_out, without_controls

LETTERS = 165
"""Letters that a table may be wide, on a page lying down."""
MARGIN = 12.0
EDGES = (0.5, 0.7, 0.5)
"""Free above, to the right of and below the text of a cell, millimetres."""
AFTER_NUMBER = 3.5
"""Free to the left of a text that follows a number."""
KEPT, ROW = 12, 5.0
"""Rows of a table that stays on one page, and how high one is."""
SCRIPTS = {"zh": "hani", "ja": "kana", "ko": "hang", "ru": "cyrl"}
SIZES = {"lead": 14, "heading": 12, "text": 9.5, "table": 7.5, "small": 7.5}
"""Points."""
HEAD, TOTAL = (227, 231, 236), (244, 246, 248)


def pdf_of(document: Document, words: Words) -> bytes:
    """Return a document as the bytes of a PDF file; the same document gives the same bytes."""
    from fpdf import FPDF

    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)  # tables of a font that it leaves out concern nobody

    class File(FPDF):
        def footer(self) -> None:
            """Write the title, the day and the number of the page."""
            self.set_y(-9)
            self.set_font(MAIN, size=SIZES["small"])
            self.cell(0, 4, document.foot(words))
            self.cell(0, 4, f"{self.page_no()}", align="R")

    file = File(orientation="landscape", format="A4")
    _set_up(file, document, words)
    file.add_page()
    for number, block in enumerate(document.page.blocks):
        _block(file, block, words, lead=not number)
    for picture in document.pictures:
        _picture(file, picture)
    for sentence in document.made:
        _write(file, words.text(sentence), "small")
    for table in document.sources:
        _block(file, table, words)
    return bytes(file.output())


MAIN, OTHER = "main", "other"


def _set_up(file: Any, document: Document, words: Words) -> None:
    """Choose fonts: for East Asia its own first, with ours for what it lacks; the other way round else."""
    plain, bold = plain_faces()
    face = face_for(words.language)
    asian = words.language in KNOWN and face is not None
    ours, theirs = (OTHER, MAIN) if asian else (MAIN, OTHER)
    for style, path in (("", plain), ("B", bold)):
        file.add_font(ours, style, path)
        if face is not None:
            file.add_font(theirs, style, face.path, collection_font_number=face.number)
    if face is not None:
        file.set_fallback_fonts([OTHER], exact_match=False)
    tag = TAGS.get(words.language, words.language)
    file.set_text_shaping(use_shaping_engine=True, script=SCRIPTS.get(words.language, "latn"), language=tag)
    file.set_margins(MARGIN, MARGIN)
    file.set_auto_page_break(auto=True, margin=MARGIN)
    first = document.page.blocks[0]
    told = "" if isinstance(first, Table | Heading) else words.text(first)
    file.set_title(without_controls(told)[:250] or "corridor-net")
    file.set_creator("corridor-net")
    file.set_lang(tag)
    file.set_creation_date(datetime(document.day.year, document.day.month, document.day.day, tzinfo=UTC))


def _block(file: Any, block: Any, words: Words, *, lead: bool = False) -> None:
    if isinstance(block, Table):
        _table(file, block, words)
    elif isinstance(block, Heading):
        file.ln(3)
        _write(file, words.text(block.text), "heading", bold=True)
    else:
        _write(file, words.text(block), "lead" if lead else "text", bold=lead)


def _write(file: Any, text: str, kind: str, *, bold: bool = False) -> None:
    size = SIZES[kind]
    file.set_font(MAIN, style="B" if bold else "", size=size)
    file.multi_cell(0, size * 0.5, without_controls(text), align="L", new_x="LMARGIN", new_y="NEXT")
    file.ln(size * 0.12)


def _table(file: Any, table: Table, words: Words) -> None:
    """Write a table with its title above; its heads stand on every page it is on."""
    from fpdf.enums import TableBordersLayout
    from fpdf.fonts import FontFace

    title, heads, rows, right, sizes, totals = laid_out(table, words, LETTERS)
    file.ln(1.5)
    if file.will_page_break(28 if len(rows) > KEPT else ROW * (len(rows) + 3)):
        file.add_page()
    if title:
        _write(file, title, "text", bold=True)
    file.set_font(MAIN, size=SIZES["table"])
    last = len(rows) - totals
    widths = [max(size, 3) + 1 for size in sizes]
    share = min(1.0, (sum(widths) * 0.6 + 20) / (LETTERS * 0.6 + 20))
    with file.table(
        col_widths=widths,
        width=file.epw * share,
        align="L",
        text_align=["RIGHT" if one else "LEFT" for one in right],
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        headings_style=FontFace(emphasis="BOLD", fill_color=HEAD),
        line_height=SIZES["table"] * 0.5,
        padding=(*EDGES, EDGES[1]),
    ) as made:
        for number, texts in enumerate([heads, *rows]):
            row = made.row(style=FontFace(emphasis="BOLD", fill_color=TOTAL) if number > last else None)
            for place, one in enumerate(texts):
                after_number = place and right[place - 1] and not right[place]
                row.cell(without_controls(one), padding=(*EDGES, AFTER_NUMBER) if after_number else None)
    file.ln(2)


def _picture(file: Any, picture: Any) -> None:
    """Draw a picture as wide as the page, on one of its own where it would not fit."""
    width, height = _size(picture.png)
    wide = min(file.epw, (file.eph - 2) * width / height)
    tall = wide * height / width
    if file.will_page_break(tall):
        file.add_page()
    file.image(io.BytesIO(picture.png), w=wide, h=tall, alt_text=without_controls(picture.words))
    file.ln(3)


def _size(png: bytes) -> tuple[int, int]:
    """Return width and height of a PNG, as its head says."""
    return int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
