"""A document for Word: paragraphs, real tables that can be edited, pictures. Needs the extra `documents`."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from corridor_net.output.sheets import steady
from corridor_net.render.page import Heading, Table
from corridor_net.render.words import Words

from .document import Document, laid_out, without_controls

LETTERS = 150
"""Letters that a table may be wide, on a page lying down."""
BESIDE = 3
"""Letters that the margins of a cell are as wide as."""
KEPT = 12
"""Rows of a table that stays on one page."""
LATIN = "Calibri"
ASIAN = {"zh": "Microsoft YaHei", "ja": "Yu Gothic", "ko": "Malgun Gothic"}
"""What Word sets signs of East Asia in; it takes another where a reader lacks it."""
LOCALES = {"en": "en-GB", "zh": "zh-CN", "ja": "ja-JP", "ru": "ru-RU", "ko": "ko-KR"}
"""What Word calls a language, where that is not our own code for it."""


def docx_of(document: Document, words: Words) -> bytes:
    """Return a document as the bytes of a .docx file; the same document gives the same bytes."""
    import docx
    from docx.shared import Cm, Pt

    file: Any = docx.Document()
    _set_up(file, document, words)
    _foot(file, document.foot(words))
    for number, block in enumerate(document.page.blocks):
        _block(file, block, words, lead=not number)
    width = file.sections[0].page_width - Cm(4)
    for picture in document.pictures:
        made = file.add_picture(io.BytesIO(picture.png), width=width)
        if made.height > file.sections[0].page_height - Cm(4.5):
            made.width = int(made.width * (file.sections[0].page_height - Cm(4.5)) / made.height)
            made.height = file.sections[0].page_height - Cm(4.5)
        made._inline.docPr.set("descr", without_controls(picture.words))  # noqa: SLF001 - the library has no other way
        file.paragraphs[-1].paragraph_format.space_after = Pt(8)
    for sentence in document.made:
        _small(file.add_paragraph(without_controls(words.text(sentence))))
    for table in document.sources:
        _block(file, table, words)
    raw = io.BytesIO()
    file.save(raw)
    return steady(raw.getvalue())


def _set_up(file: Any, document: Document, words: Words) -> None:
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    section = file.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21.0)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = LATIN, Pt(10)
    normal.paragraph_format.space_after = Pt(4)
    for name in ("Normal", "Heading 1", "Title"):
        fonts = file.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for theme in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[theme]  # a font of the theme would go before ours
        for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("eastAsia", ASIAN.get(words.language, LATIN))):
            fonts.set(qn(f"w:{script}"), font)
    language = normal.element.rPr.makeelement(qn("w:lang"), {})
    own = LOCALES.get(words.language, words.language)
    language.set(qn("w:val"), LOCALES["en"] if words.language in ASIAN else own)  # words of Latin are not broken
    language.set(qn("w:eastAsia"), own)
    normal.element.rPr.append(language)
    core = file.core_properties
    core.created = core.modified = datetime(document.day.year, document.day.month, document.day.day)
    core.author = core.last_modified_by = "corridor-net"
    core.comments = ""
    core.language = LOCALES.get(words.language, words.language)
    first = document.page.blocks[0]
    core.title = without_controls(words.text(first))[:250] if not isinstance(first, Table | Heading) else "corridor-net"


def _foot(file: Any, text: str) -> None:
    """Write the title, the day and the number of the page at the foot of every page."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.oxml.ns import qn

    section, paragraph = file.sections[0], file.sections[0].footer.paragraphs[0]
    width = section.page_width - section.left_margin - section.right_margin
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    paragraph.style = file.styles["Normal"]
    paragraph.add_run(f"{text}\t")
    _small(paragraph)
    field = paragraph._p.makeelement(qn("w:fldSimple"), {qn("w:instr"): "PAGE"})  # noqa: SLF001 - the library has no other way
    paragraph._p.append(field)  # noqa: SLF001


def _block(file: Any, block: Any, words: Words, *, lead: bool = False) -> None:
    from docx.shared import Pt

    if isinstance(block, Table):
        _table(file, block, words)
    elif isinstance(block, Heading):
        file.add_heading(without_controls(words.text(block.text)), level=1)
    else:
        run = file.add_paragraph().add_run(without_controls(words.text(block)))
        if lead:
            run.bold, run.font.size = True, Pt(14)


def _table(file: Any, table: Table, words: Words) -> None:
    """Write a table with its title above; the row of heads is repeated on every page, rows are not torn apart."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml.ns import qn
    from docx.shared import Pt

    title, heads, rows, right, sizes, totals = laid_out(table, words, LETTERS)
    if title:
        head = file.add_paragraph()
        head.add_run(without_controls(title)).bold = True
        head.paragraph_format.keep_with_next = True
        head.paragraph_format.space_before = Pt(8)
    made = file.add_table(rows=1 + len(rows), cols=len(heads))
    _lined(made)
    made.autofit = True
    width = file.sections[0].page_width - file.sections[0].left_margin - file.sections[0].right_margin
    roomy = [size + BESIDE for size in sizes]
    shares = [size / sum(roomy) for size in roomy]
    for column, share in zip(made.columns, shares, strict=True):
        column.width = int(width * share)
    last = len(rows) - totals
    for number, (cells, row) in enumerate(zip([heads, *rows], made.rows, strict=True)):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001 - the library has no other way
        properties.append(properties.makeelement(qn("w:cantSplit"), {}))
        if not number:
            properties.append(properties.makeelement(qn("w:tblHeader"), {}))
        for text, cell, share, to_right in zip(cells, row.cells, shares, right, strict=True):
            cell.width = int(width * share)
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(without_controls(text))
            run.font.size = Pt(8)
            run.bold = not number or number > last
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.paragraph_format.keep_with_next = len(rows) <= KEPT and number < len(rows)
            if to_right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    _small(file.add_paragraph())


def _lined(made: Any) -> None:
    """Draw thin lines between the rows of a table, and none between its columns."""
    from docx.oxml.ns import qn

    properties = made._tbl.tblPr  # noqa: SLF001 - the library has no other way
    borders = properties.makeelement(qn("w:tblBorders"), {})
    for side in ("top", "bottom", "insideH"):
        line = {"val": "single", "sz": "4", "space": "0", "color": "9AA4AC"}
        borders.append(borders.makeelement(qn(f"w:{side}"), {qn(f"w:{key}"): value for key, value in line.items()}))
    properties.append(borders)


def _small(paragraph: Any) -> None:
    from docx.shared import Pt

    for run in paragraph.runs:
        run.font.size = Pt(8)
