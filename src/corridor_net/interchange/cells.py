"""Cells as people write them: what stands for nothing, and numbers with commas, thousands, blanks and units."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from .units import CLOCK_UNIT, spelled

MISSING = frozenset(
    {"", "nan", "none", "null", "n/a", "<na>", "#n/a", "#na", "(null)", "n.a.", "nil", "-", "--", "–", "—", "..", "…"}
)
"""Words and signs for an empty cell."""
NONE = MISSING | {"na", "."}
"""What is besides no number; as a text `NA` is Namibia."""
THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:(\.)\d{3}|[ '\u00a0\u202f]\d{3})+(?:,\d+)?")
CLOCK = re.compile(r"(?:(\d+) days? \+?)?(\d+):(\d\d)(?::(\d\d)(?:\.\d+)?)?")
DEGREES = re.compile(
    r"([NSEW])?\s*(-)?(\d{1,3}(?:[.,]\d+)?)\s*[°º:]?\s*(?:(\d{1,2}(?:[.,]\d+)?)\s*['’′:]?\s*)?"
    r"(?:(\d{1,2}(?:[.,]\d+)?)\s*(?:\"|”|″|''|’’)?\s*)?([NSEW])?"
)
"""Degrees, minutes and seconds, with the letter of their half of the earth before or behind."""
WITH_UNIT = re.compile(r"([-+]?[\d., '\u00a0\u202f]*\d)\s*([^\W\d_].*)")
WIDE = str.maketrans("０１２３４５６７８９．，－＋−", "0123456789.,-+-")
"""Full-width signs of numbers, and the minus; other signs of Unicode, such as those of footnotes, stay as they are."""
SHAPE = str.maketrans("23456789０１２３４５６７８９．，－＋−", "11111111" + "0111111111.,-+-")
"""What makes of numbers of one form one text: each digit but 0 becomes 1."""
MAYBE_COMMA, MAYBE_POINT = "1,234", "1.234"
"""Forms in which a comma, or a point, may be the sign of decimals or of thousands."""
FORMS = {
    MAYBE_COMMA: re.compile(r"[-+]?[1-9]\d{0,2},\d{3}"),
    MAYBE_POINT: re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}"),
    ".": re.compile(r"[-+]?(?:[1-9]\d{0,2}(?:,\d{3}){2,}|\d{1,3}(?:,\d{3})+\.\d+|\d*\.\d+)"),
    ",": re.compile(r"[-+]?(?:[1-9]\d{0,2}(?:\.\d{3}){2,}|\d{1,3}(?:[. '\u00a0\u202f]\d{3})+,\d+|\d*,\d+)"),
}
"""How numbers are written, in the order in which a form is looked for; `.` and `,` are plainly signs of decimals."""
Floats = NDArray[np.float64]


def forms_of(cells: pd.Series) -> set[str]:
    """Return the forms in `FORMS` that numbers among some cells have, units behind them passed over.

    >>> sorted(forms_of(pd.Series(["12,5 km", "1.234", "A 1", "7"])))
    [',', '1.234']
    """
    found = set()
    for shape in {str(cell).translate(SHAPE).strip() for cell in cells}:
        if "," in shape or "." in shape:
            unit = WITH_UNIT.fullmatch(shape)
            number = unit[1] if unit else shape
            found.add(next((form for form, pattern in FORMS.items() if pattern.fullmatch(number)), ""))
    return found - {""}


def decimal_sign(column: set[str], table: set[str], delimiter: str) -> str:
    """Return the sign of decimals in a column: `.` alone, `.,` with commas of thousands, `,`, or '' where none can say.

    Where a comma parts the columns, numbers have none. Else the column says it, else the table; of what neither says a
    comma is that of decimals where `;` parts the columns. Cells that nothing parts are plainly written, or refused.

    >>> decimal_sign({"1,234"}, {"1,234"}, "|"), decimal_sign({"1.234"}, {"1.234", ","}, ";")
    ('', ',')
    """
    if delimiter == "," or not column:
        return "."
    if not delimiter:
        return "," if "," in column and not column & {".", MAYBE_POINT} else "."
    for forms in (column, table):
        if "," in forms and ("." not in forms or forms is column):
            return ","
        if "." in forms and "," not in forms:
            return ".,"
    both = {MAYBE_COMMA, MAYBE_POINT} <= table or {",", "."} <= table
    if both or (MAYBE_COMMA in column and delimiter != ";"):
        return ""
    return "," if MAYBE_COMMA in column else "."


def narrow(text: str) -> str:
    """Return a text with the digits, points, commas and minus of full width as those of ASCII.

    >>> narrow("２５０．５"), narrow("250¹")
    ('250.5', '250¹')
    """
    return text if text.isascii() else text.translate(WIDE)


def numbers_of(cells: pd.Series, sign: str) -> tuple[Floats, NDArray[np.bool_]]:
    """Return text as floats, NaN where there is none, and which cells are no number; `sign` as `decimal_sign` tells it.

    >>> numbers_of(pd.Series(["1.234,5", "12,5", "-", "7"]), ",")[0].tolist()
    [1234.5, 12.5, nan, 7.0]
    >>> numbers_of(pd.Series(["1.234", "12.5", "1,234"]), ".")
    (array([ 1.234, 12.5  ,    nan]), array([False, False,  True]))
    """
    text = ["" if cell.casefold() in NONE else narrow(cell) for cell in cells.tolist()]
    if sign == ",":
        text = [_with_point(cell) for cell in text]
    elif sign == ".,":
        text = [cell.replace(",", "") if _has_thousands(cell) else cell for cell in text]
    values = floats_of(text)
    bad = ~np.isfinite(values) & np.array([cell != "" for cell in text], bool)
    values[bad] = np.nan
    return values, bad


def floats_of(cells: Sequence[str]) -> Floats:
    """Return numbers as pandas reads them, NaN where a cell holds none.

    >>> floats_of(["1e3", "", "x"]).tolist()
    [1000.0, nan, nan]
    """
    return np.array(pd.to_numeric(np.array(cells, object), errors="coerce"), float)


def _has_thousands(cell: str) -> bool:
    return bool(re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", cell))


def _with_point(cell: str) -> str:
    """Return a number whose decimals begin with a comma as Python writes it; what is none stays."""
    if THOUSANDS.fullmatch(cell):
        cell = re.sub(r"[. '\u00a0\u202f]", "", cell)
    return cell.replace(",", ".") if "." not in cell else cell if "," in cell else f"{cell}?"


def _filled(cells: pd.Series) -> NDArray[np.bool_]:
    """Return which cells hold something that may be a number."""
    return np.array([cell.casefold() not in NONE for cell in cells], bool)


def clock_times(cells: pd.Series, unit: str) -> tuple[Floats, str] | None:
    """Return times written as 2:30 or 02:30:00, and their unit; None where some cell is written otherwise.

    Three parts are hours, minutes and seconds. Two are hours and minutes, or minutes and seconds where the header says
    minutes; where it says nothing the unit is `CLOCK_UNIT`, and the number before the colon counts in it.

    >>> clock_times(pd.Series(["2:30", "0:45", ""]), "")
    (array([2.5 , 0.75,  nan]), 'h|min')
    >>> clock_times(pd.Series(["0 days 00:45:00"]), "min"), clock_times(pd.Series(["2:30", "02:30:00"]), "")
    ((array([0.75]), 'h'), None)
    """
    filled = _filled(cells)
    found = [CLOCK.fullmatch(cell) for cell in cells[filled]]
    whole = {one is not None and (one[4] is not None or one[1] is not None) for one in found}
    if not found or None in found or len(whole) > 1 or (whole == {False} and unit == "s"):
        return None
    parts = [[int(part or 0) for part in one.groups()] for one in found if one is not None]
    values = np.full(len(cells), np.nan)
    values[filled] = [24 * days + first + second / 60 + third / 3600 for days, first, second, third in parts]
    return values, "h" if whole == {True} else unit or CLOCK_UNIT


def degrees_of(cells: pd.Series, letters: str) -> pd.Series | None:
    """Return decimal degrees of cells with degree signs or one of two letters, `NS` or `EW`; None where some has none.

    >>> degrees_of(pd.Series(["45°12'30\\"N", "33 54.6 S", ""]), "NS").round(4).tolist()
    [45.2083, -33.91, nan]
    >>> [degrees_of(pd.Series([cell]), "NS") for cell in ("18.1E", "45°75'N", "45.5°30'")]
    [None, None, None]
    """
    filled = _filled(cells)
    found = [DEGREES.fullmatch(narrow(cell).upper()) for cell in cells[filled]]
    values = [_decimal(one) if one and _is_angle(one, letters) else np.nan for one in found]
    if not values or np.isnan(values).any():
        return None
    made = pd.Series(np.nan, index=cells.index)
    made[filled] = values
    return made


def _is_angle(one: re.Match[str], letters: str) -> bool:
    """Whether a match of `DEGREES` has their sign or letter, decimals in its last part alone, and no 60 minutes."""
    half, parts = (one[1] or "") + (one[6] or ""), [part.replace(",", ".") for part in one.group(3, 4, 5) if part]
    small = all(float(part) < 60 for part in parts[1:])
    return bool(half or "°" in one[0]) and {*half} <= {*letters} and small and "." not in "".join(parts[:-1])


def _decimal(one: re.Match[str]) -> float:
    """Return the degrees, minutes and seconds of a match of `DEGREES` as one number."""
    whole, minutes, seconds = (float((one[part] or "0").replace(",", ".")) for part in (3, 4, 5))
    south = "S" in (one[1], one[6]) or "W" in (one[1], one[6]) or one[2] == "-"
    return (-1 if south else 1) * (whole + minutes / 60 + seconds / 3600)


def with_units(cells: pd.Series, known: Mapping[str, float]) -> tuple[pd.Series, Floats, str] | None:
    """Return the numbers of cells of which each names its unit, as text, by what to multiply them, and the unit then.

    That is the first one. None where some cell names none.

    >>> number, times, unit = with_units(pd.Series(["17 km", "900 m"]), {"km": 1.0, "m": 0.001})
    >>> number.tolist(), times.tolist(), unit
    (['17', '900'], [1.0, 0.001], 'km')
    """
    filled = _filled(cells)
    found = [WITH_UNIT.fullmatch(narrow(cell)) for cell in cells[filled]]
    units = [spelled(one[2], known) if one else "" for one in found]
    if not units or not all(units):
        return None
    numbers, times = np.full(len(cells), "", object), np.ones(len(cells))
    numbers[filled] = [one[1] for one in found if one is not None]
    times[filled] = [known[unit] / known[units[0]] for unit in units]
    return pd.Series(numbers, index=cells.index, dtype=object), times, units[0]
