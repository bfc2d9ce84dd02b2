"""Reading a CSV file as people's tools write it: its bytes, its rows and the line each begins on. No types."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from errno import EINVAL
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from corridor_net.errors import CONTROL, BadFile, Place

WIDE = {codecs.BOM_UTF32_LE: "UTF-32", codecs.BOM_UTF32_BE: "UTF-32", codecs.BOM_UTF16_LE: "UTF-16",
        codecs.BOM_UTF16_BE: "UTF-16"}  # fmt: skip
SAVE_AS = "save the table as 'CSV UTF-8'"
SAVE_TEXT = "save it as UTF-8"
"""What to do with a file that is no table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How the cells of a file are parted and quoted, and its encoding."""

    delimiter: str = ","
    quote: str = '"'
    double_quote: bool = True
    escape: str | None = None
    skip_initial_space: bool = False
    comment: str = ""
    encoding: str = "utf-8"

    def reader(self, lines: Iterator[str]) -> Any:
        """Return a reader of the csv module for lines of a file."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            doublequote=self.double_quote,
            escapechar=self.escape,
            skipinitialspace=self.skip_initial_space,
            strict=True,
        )


PLAIN = Dialect()


def bytes_of(path: Path) -> bytes:
    """Return what a file holds; raise OSError for a device or a pipe, which may never end.

    Raises BadFile for a folder, with what lies in it.
    """
    if path.is_dir():
        names = sorted(one.name for one in path.iterdir() if one.is_file())[:8]
        hint = f"name a file in it: {', '.join(names)}" if names else ""
        raise BadFile(f"'{path}' is a folder, and a file is wanted", place=Place(str(path)), hint=hint)
    if path.exists() and not path.is_file():
        raise OSError(EINVAL, "it is no plain file")
    return path.read_bytes()


def read_text(path: Path, encoding: str = "utf-8", *, save_as: str = SAVE_AS) -> str:
    """Return the text of a file without its byte order mark; raise BadFile with the line that cannot be read.

    `save_as` is what to do about another encoding.
    """
    try:
        data = bytes_of(path)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BadFile(f"'{path.name}' cannot be read: {reason}", place=Place(str(path))) from None
    for mark, name in WIDE.items():
        if data.startswith(mark):
            raise BadFile(f"'{path.name}' cannot be read: it is {name}", place=Place(str(path), line=1), hint=save_as)
    try:
        text = data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        hint = f"{save_as}, or name its encoding in datapackage.json" if save_as == SAVE_AS else save_as
        message = f"'{path.name}' cannot be read: it is not {encoding.upper()}"
        raise BadFile(message, place=Place(str(path), line=line), hint=hint) from None
    except UnicodeError as error:
        raise BadFile(f"'{path.name}' cannot be read as {encoding}: {error}", place=Place(str(path))) from None
    found = None if encoding == "utf-8" and _is_plain(data) else CONTROL.search(text)
    if found:
        _refuse_control(path, text, found.start(), save_as)
    return text


def _is_plain(data: bytes) -> bool:
    """Whether no byte can be of a control character: quicker to tell than to look for one."""
    pieces = (data[start : start + PIECE] for start in range(0, len(data), PIECE))
    return b"\xc2" not in data and all(len(one.translate(None, CONTROLS)) == len(one) for one in pieces)


def _refuse_control(path: Path, text: str, position: int, save_as: str) -> None:
    line = text.count("\n", 0, position) + 1
    begin = text.rfind("\n", 0, position) + 1
    place = Place(str(path), line=line, column=position - begin + 1)
    if text[position] == "\0":
        raise BadFile(f"'{path.name}' cannot be read: it holds zero bytes, as UTF-16 does", place=place, hint=save_as)
    message = f"'{path.name}' cannot be read: it holds the control character {text[position]!r}"
    raise BadFile(message, place=place, hint="delete it")


PIECE = 4_000_000
"""Characters of a text that are taken apart at a time."""
CONTROLS = bytes(code for code in range(128) if CONTROL.match(chr(code)))
"""Bytes that are a control character."""
LONGEST_CELL = 131_072
"""Characters; a longer cell is a quote that was never closed."""


def lines_of(text: str) -> Iterator[str]:
    """Yield the lines of a text with their ends, as the reader counts them: \\n, \\r\\n or \\r ends a line."""
    return chain.from_iterable(pieces_of(text))


def pieces_of(text: str) -> Iterator[list[str]]:
    """Yield the lines of a text piece by piece: a stream takes four times the room of its text."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + PIECE) + 1 or len(text)
        yield io.StringIO(text[start:end], newline="").readlines()
        start = end


def read_rows(path: Path, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Yield every row that is not empty with the line it begins on, counted from 1; the header is the first.

    Raises BadFile with the line for another encoding, a quote that never closes, a cell that is too long.
    """
    lines = lines_of(read_text(path, dialect.encoding))
    reader = dialect.reader(_without_comments(lines, dialect.comment))
    line = 1
    while True:
        try:
            cells = next(reader, None)
            if cells and max(map(len, cells)) > LONGEST_CELL:  # the limit of csv is one of the process, and is moved
                raise csv.Error("field larger than field limit")
        except csv.Error as error:
            said, hint = _said(error)
            raise BadFile(
                f"'{path.name}' cannot be read: {said}", place=Place(str(path), line=line), hint=hint
            ) from None
        if cells is None:
            return
        if any(cell and not cell.isspace() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _without_comments(lines: Iterator[str], comment: str) -> Iterator[str]:
    if not comment:
        return lines
    return ("\n" if line.startswith(comment) else line for line in lines)


def _said(error: csv.Error) -> tuple[str, str]:
    """Return what is wrong, and what to do."""
    text = str(error)
    if "field larger" in text:
        return (
            f"a cell is longer than {LONGEST_CELL:,} characters",
            "look for a quote too many",
        )
    if "unexpected end" in text:
        return "a quoted cell that begins here never ends", "close the quote, or write a quote inside a cell twice"
    return text, "close every quote, and write a quote inside a cell twice"


@lru_cache(maxsize=4)
def shown_lines(path: Path, encoding: str, changed: int, size: int) -> tuple[str, ...]:  # noqa: ARG001 - the file's state
    """Return the lines of a file without their ends, to be shown beside a fault."""
    return tuple(line.rstrip("\r\n") for line in lines_of(read_text(path, encoding)))
