"""Opening an Excel workbook that may be damaged, huge or none at all. No meaning of its sheets."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corridor_net.errors import BadFile, CorridorError, Place

MOST_UNPACKED = 300_000_000
"""Bytes of the parts of a workbook."""


@contextmanager
def opened(path: Path, **how: bool) -> Iterator[Any]:
    """Give a workbook as openpyxl reads it (`how`: its options), and close it.

    Raises BadFile, with the path, for what is no whole workbook, also while its cells are read, and for one that
    unpacks to more than any table of people holds.
    """
    import openpyxl

    try:
        _check_unpacked(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of parts of a workbook that hold no cells
            book = openpyxl.load_workbook(path, **how)
            try:
                yield book
            finally:
                book.close()
    except CorridorError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a damaged part of a workbook makes openpyxl raise
        reason = str(error).strip() or type(error).__name__
        hint = "open it in a spreadsheet program and save it again"
        raise BadFile(f"'{path}' is no whole Excel workbook: {reason}", place=Place(str(path)), hint=hint) from None


def _check_unpacked(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        size = sum(part.file_size for part in archive.infolist())
    if size > MOST_UNPACKED:
        raise BadFile(
            f"'{path}' unpacks to {size / 1e6:,.0f} MB, and {MOST_UNPACKED / 1e6:,.0f} MB are read at most",
            place=Place(str(path)),
            hint="save the tables as CSV",
        )
