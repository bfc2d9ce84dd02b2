"""A page as a document to hand over: the answer first, its tables, pictures, and the sources at the end. No computing.

What it is made of is here; `word` and `pdf` write it (extra `documents`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from corridor_net.errors import CONTROL, BadFile, UserError
from corridor_net.network import Network
from corridor_net.output.charts.fonts import check
from corridor_net.output.charts.raster import needed as needed_for_pictures
from corridor_net.output.charts.raster import png_of
from corridor_net.render.console import fitting
from corridor_net.render.page import Column, Heading, Of, Page, Table, page, table_of
from corridor_net.render.words import COMMA, Sentence, Words, say

PACKAGES = {".docx": ("docx",), ".pdf": ("fpdf", "uharfbuzz")}
"""What writes a document, by the end of its name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A chart or a map: PNG, and what it shows, for those who listen to it."""

    png: bytes
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What stands in a document, in order: the page, the pictures, what it rests on and how it was made.

    `title` is what the thing asked about is called, where it has a name.
    """

    title: str
    page: Page
    pictures: tuple[Picture, ...]
    sources: tuple[Table, ...]
    made: tuple[Sentence, ...]
    day: date

    def foot(self, words: Words) -> str:
        """Return what stands at the foot of every page: the title, in a language, and the day."""
        return without_controls(", ".join(filter(None, (words.label(self.title), words.day(self.day)))))


def check_file(path: Path, ending: str, texts: Iterable[str], language: str) -> None:
    """Raise, before anything is computed, where a document cannot be written: BadFile for its name or folder.

    UserError without the extra `documents`, and where no font shows its language or the signs of some texts.
    """
    option = f"--{ending[1:]}"
    if path.suffix.lower() != ending:
        raise BadFile(f"{option} writes a file whose name ends in {ending}, not '{path}'")
    if path.is_dir() or not path.absolute().parent.is_dir():
        raise BadFile(f"cannot write to '{path}': there is no such folder, or it is one", hint="name a file")
    if any(find_spec(name) is None for name in PACKAGES[ending]):
        raise UserError(f"{option} needs more packages", hint="pip install 'corridor-net[documents]'")
    needed_for_pictures()
    check(texts, language)


def document_of(
    shown: Page,
    drawn: Mapping[str, str | bytes],
    cited: Sequence[str],
    network: Network,
    words: Words,
    *,
    line: str,
    version: str,
    title: str = "",
) -> Document:
    """Return a document of a page: its charts (files that end in .svg), and the sources that it cites.

    `line` is the command that gives the same, where there is one, `version` that of the program.
    """
    pictures = [
        Picture(png=png_of(svg, words.language), words=_title(svg))
        for name, svg in drawn.items()
        if name.endswith(".svg") and isinstance(svg, str)
    ]
    return Document(
        title=title,
        page=shown,
        pictures=tuple(pictures),
        sources=(_sources(network, cited),) if cited else (),
        made=(made_words(network.day, line, version),),
        day=network.day,
    )


def made_words(day: date, line: str, version: str) -> Sentence:
    """Say by which version of the program, for which day and, where known, by which command something was made."""
    if not line:
        return say("Made by corridor-net {version} for {day}.", version=version, day=str(day))
    return say("Made by corridor-net {version} for {day}, with: {line}", version=version, day=str(day), line=line)


def without_controls(text: str) -> str:
    """Return a text without signs that no document holds."""
    return CONTROL.sub("", text)


def _title(svg: str) -> str:
    from html import unescape

    return unescape(svg.partition("<title")[2].partition(">")[2].partition("</title>")[0])


def _sources(network: Network, cited: Sequence[str]) -> Table:
    known = network.sources

    def of(field: str) -> Of:
        return lambda name: str(getattr(known[name], field)) if name in known else ""

    return table_of(
        cited,
        Column(heading="source", most=18, of=str),
        Column(heading="title", most=60, of=of("title")),
        Column(heading="publisher", most=30, of=of("publisher")),
        Column(heading="year", of=of("year")),
        Column(heading="address", most=50, of=of("url")),
        title="Sources",
    )


LaidTable = tuple[str, list[str], list[list[str]], list[bool], list[int], int]
"""A table as it is laid out: title, heads, rows, which columns stand to the right, their widths, and totals."""


def laid_out(table: Table, words: Words, width: int) -> LaidTable:
    """Return a table whose columns fit into so many letters; what is left out is told in its title."""
    heads = [column.head(words) for column in table.columns]
    cells = table.texts(words)
    kept, sizes = fitting(table, heads, cells, width)
    if not kept:  # each cell is broken into lines then
        kept, sizes = list(range(len(heads))), [10] * len(heads)
    title = table.head(words) if table.title else ""
    left_out = [head for number, head in enumerate(heads) if number not in kept]
    if left_out:
        title = f"{title} ({words.label('not shown')}: {words.label(COMMA).join(left_out)})".strip()
    right = [table.columns[k].is_number or table.columns[k].kind == "range" for k in kept]
    rows = [[row[k] for k in kept] for row in cells]
    return title, [heads[k] for k in kept], rows, right, sizes, len(table.totals)


def texts_of(document: Document, words: Words) -> list[str]:
    """Return all that a document says, as texts."""
    found: list[str] = [document.foot(words)]
    for block in (*page(document.page.blocks).blocks, *document.sources, *document.made):
        if isinstance(block, Table):
            heads = [column.head(words) for column in block.columns]
            found += [block.head(words), *heads, *(cell for row in block.texts(words) for cell in row)]
        else:
            found.append(words.text(block.text if isinstance(block, Heading) else block))
    return found
