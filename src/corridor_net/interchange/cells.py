"""Cells as people write them: what stands for nothing, and numbers with commas, thousands, blanks and units."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .units import spelled

MISSING = frozenset(
    {"", "nan", "none", "null", "n/a", "<na>", "#n/a", "#na", "(null)", "n.a.", "nil", "-", "--", "–", "—", "..", "…"}
)
"""Words and signs for an empty cell."""
NONE = MISSING | {"na", "."}
"""What is besides no number; as a text `NA` is Namibia."""
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:(\.)\d{3}|[ '\u00a0\u202f]\d{3})+(?:,\d+)?")
CLOCK = re.compile(r"(?:(\d+) days? \+?)?(\d+):(\d\d)(?::(\d\d)(?:\.\d+)?)?")
WITH_UNIT = re.compile(r"([-+]?[\d.,]*\d)\s*([^\W\d_].*)")
Floats = NDArray[np.float64]


def numbers_of(cells: pd.Series, delimiter: str) -> tuple[Floats, NDArray[np.bool_]]:
    """Return text as floats, NaN where it is empty, and which cells are no number.

    Where another sign than the comma parts the columns, a comma is the sign of decimals. Then a point, or a blank,
    parts thousands, in a column that has such a comma; without one a point is that of decimals.

    >>> numbers_of(pd.Series(["1.234,5", "12,5", "-", "7"]), ";")[0].tolist()
    [1234.5, 12.5, nan, 7.0]
    >>> numbers_of(pd.Series(["1.234", "12.5", "1,234"]), ",")
    (array([ 1.234, 12.5  ,    nan]), array([False, False,  True]))
    """
    text = cells.where(~cells.str.casefold().isin(NONE), "")
    if delimiter != "," and text.str.contains(",", regex=False).any():
        text = text.map(_with_point)
    values = pd.to_numeric(text, errors="coerce").to_numpy(float, copy=True)
    bad = ~np.isfinite(values) & (text != "").to_numpy()
    if bad.any():
        wide = [unicodedata.normalize("NFKC", cell) for cell in text[bad]]
        values[bad] = pd.to_numeric(pd.Series(wide, dtype=object), errors="coerce").to_numpy(float)
        bad = ~np.isfinite(values) & (text != "").to_numpy()
    return values, bad


def _with_point(cell: str) -> str:
    """Return a number whose decimals begin with a comma as Python writes it; what is none stays."""
    if THOUSANDS.fullmatch(cell):
        cell = re.sub(r"[. '\u00a0\u202f]", "", cell)
    return cell.replace(",", ".") if "." not in cell else cell if "," in cell else f"{cell}?"


def clock_hours(cells: pd.Series) -> pd.Series | None:
    """Return times written as 2:30 or 02:30:00 as text in hours; None where some cell is written otherwise.

    >>> clock_hours(pd.Series(["2:30", "0 days 00:45:00", ""])).tolist()
    ['2.5', '0.75', '']
    """
    found = [CLOCK.fullmatch(cell) for cell in cells]
    filled = (~cells.str.casefold().isin(NONE)).to_numpy()
    if not filled.any() or not all(one is not None for one, there in zip(found, filled, strict=True) if there):
        return None
    parts = [(0, 0, 0, 0) if one is None else [int(part or 0) for part in one.groups()] for one in found]
    hours = [f"{24 * days + hour + minute / 60 + second / 3600:.12g}" for days, hour, minute, second in parts]
    return pd.Series(np.where(filled, hours, ""), index=cells.index, dtype=object)


def with_units(cells: pd.Series, known: Mapping[str, float]) -> tuple[pd.Series, str]:
    """Return numbers as text, and the one unit of all, where each cell names its own; else the cells and ''.

    >>> with_units(pd.Series(["17 km", "900 m"]), {"km": 1.0, "m": 0.001})[0].tolist()
    ['17', '0.9']
    """
    filled = cells[~cells.str.casefold().isin(NONE)]
    found = [WITH_UNIT.fullmatch(cell) for cell in filled]
    units = [spelled(one[2], known) if one else "" for one in found]
    if not units or not all(units):
        return cells, ""
    first = units[0]
    plain = [
        one[1] if unit == first else f"{float(one[1]) * known[unit] / known[first]:.12g}"
        for one, unit in zip(found, units, strict=True)
        if one is not None and (unit == first or re.fullmatch(r"[-+]?\d*\.?\d+", one[1]))
    ]
    if len(plain) != len(filled):
        return cells, ""
    return pd.Series(plain, index=filled.index, dtype=object).reindex(cells.index, fill_value=""), first
