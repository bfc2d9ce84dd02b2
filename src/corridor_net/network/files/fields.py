"""What a column holds: the text of a cell turned into its value, and what a value must be.

Types and constraints are those of Table Schema (https://specs.frictionlessdata.io/table-schema/).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from corridor_net.network.wkt import on_the_globe, read_line

from .patterns import Pattern

INTEGER = re.compile(r"[+-]?[0-9]{1,18}")
NUMBER = re.compile(r"[+-]?+(?:[0-9]++(?:\.[0-9]*+)?+|\.[0-9]++)(?:[eE][+-]?+[0-9]{1,4})?+")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
"""A day as files write it; digits of other scripts are none."""
YEAR = re.compile(r"[0-9]{4}")
_POINT = rf"\s*+{NUMBER.pattern}\s++{NUMBER.pattern}\s*+"
LINE = re.compile(rf"\s*+LINESTRING\s*+\({_POINT}(?:,{_POINT})++\)\s*+", re.IGNORECASE)
"""WKT of one flat line of two points or more; whatever does not match is shown to shapely before it is refused."""

TRUE = ("true", "True", "TRUE", "1")
FALSE = ("false", "False", "FALSE", "0")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnSchema:
    """A column of a table: its type and what is asked of its values.

    `read` turns the text of a cell into a value, `fault` says what is wrong with a value. `kind` is string,
    number, integer, boolean, year, date or line (text that is the WKT of a line). `missing` are the texts of an
    empty cell; `free_text` may have space around it; with `as_text` the text itself is the value, once it is found
    good; with `whole` a boolean is 1 or 0.
    """

    name: str
    kind: str = "string"
    required: bool = False
    unique: bool = False
    minimum: Any = None
    maximum: Any = None
    above: Any = None
    below: Any = None
    choices: frozenset[Any] | None = None
    patterns: tuple[Pattern, ...] = ()
    min_length: int | None = None
    max_length: int | None = None
    date_format: str | None = None
    decimal_char: str = "."
    group_char: str = ""
    true_values: tuple[str, ...] = TRUE
    false_values: tuple[str, ...] = FALSE
    missing: frozenset[str] = frozenset([""])
    free_text: bool = False
    as_text: bool = False
    whole: bool = False
    unit: str = ""

    @property
    def is_bound(self) -> bool:
        """Whether there are values of the right type that may not stand in the column."""
        limits = (self.minimum, self.maximum, self.above, self.below, self.min_length, self.max_length, self.choices)
        return self.kind in ("number", "line") or bool(self.patterns) or any(limit is not None for limit in limits)

    def read(self, text: str) -> Any:
        """Return the value of a cell; raise ValueError, which says what it must be."""
        if not self.free_text and text != text.strip():
            raise ValueError("has space around it")
        value = _READERS[self.kind](self, text)
        wrong = self.fault(value)
        if wrong is not None:
            raise ValueError(wrong)
        return text if self.as_text else value

    def fault(self, value: Any) -> str | None:
        """Return what is wrong with a value, None when it may stand in the column."""
        if self.choices is not None and value not in self.choices:
            return f"must be one of {', '.join(map(str, sorted(self.choices)))}"
        if isinstance(value, str):
            return self._fault_of_text(value)
        if isinstance(value, float) and not -1e308 < value < 1e308:
            return "must be a finite number"
        return self._fault_of_size(value)

    def _fault_of_text(self, value: str) -> str | None:
        for pattern in self.patterns:
            if not pattern.fullmatch(value):
                return f"must look like {pattern.pattern}"
        if self.min_length is not None and len(value) < self.min_length:
            return f"must have {self.min_length} characters or more"
        if self.max_length is not None and len(value) > self.max_length:
            return f"must have {self.max_length} characters or less"
        return None

    def _fault_of_size(self, value: Any) -> str | None:
        if self.minimum is not None and value < self.minimum:
            return f"must be {_shown(self.minimum)} or more"
        if self.maximum is not None and value > self.maximum:
            return f"must be {_shown(self.maximum)} or less"
        if self.above is not None and value <= self.above:
            return f"must be more than {_shown(self.above)}"
        if self.below is not None and value >= self.below:
            return f"must be less than {_shown(self.below)}"
        return None


def _shown(limit: Any) -> str:
    return f"{limit:.12g}" if isinstance(limit, float) else str(limit)


def _string(column: ColumnSchema, text: str) -> str:  # noqa: ARG001 - all readers are called alike
    return text


def _line(column: ColumnSchema, text: str) -> str:  # noqa: ARG001
    if LINE.fullmatch(text):
        points = [point.split() for point in text[text.index("(") + 1 : text.rindex(")")].split(",")]
        on_the_globe([(float(x), float(y)) for x, y in points])
    else:
        read_line(text)
    return text


def _plain(column: ColumnSchema, text: str) -> str:
    """Return a number's text with a point for the decimal sign and without separators of thousands."""
    if column.group_char and column.group_char in text:
        whole, point, rest = text.partition(column.decimal_char)
        first, *others = whole.split(column.group_char)
        if not 0 < len(first.lstrip("+-")) < 4 or [*map(len, others)][-1:] != [3] or not {2, 3} >= {*map(len, others)}:
            raise ValueError(f"must have '{column.group_char}' between thousands alone, as in 12{column.group_char}500")
        text = "".join((first, *others)) + point + rest
    if column.decimal_char != ".":
        if "." in text:
            raise ValueError(f"must have '{column.decimal_char}' for the decimal sign")
        text = text.replace(column.decimal_char, ".")
    return text


def _number(column: ColumnSchema, text: str) -> float:
    plain = _plain(column, text)
    if not NUMBER.fullmatch(plain):
        if plain.lstrip("+-").casefold() in ("nan", "inf", "infinity"):
            raise ValueError("must be a finite number")
        raise ValueError("must be a number, like 12.5")
    return float(plain)


def _integer(column: ColumnSchema, text: str) -> int:
    plain = _plain(column, text)
    if not INTEGER.fullmatch(plain):
        raise ValueError("must be a whole number, like 12")
    return int(plain)


def _boolean(column: ColumnSchema, text: str) -> bool | int:
    if text not in column.true_values and text not in column.false_values:
        raise ValueError(f"must be {column.true_values[0]} or {column.false_values[0]}")
    value = text in column.true_values
    return int(value) if column.whole else value


def _year(column: ColumnSchema, text: str) -> int:  # noqa: ARG001
    if not YEAR.fullmatch(text):
        raise ValueError("must be a year, like 2019")
    return int(text)


def _date(column: ColumnSchema, text: str) -> date:
    if column.date_format is not None:
        try:
            return datetime.strptime(text, column.date_format).date()
        except ValueError:
            raise ValueError(f"must be a day written {column.date_format}") from None
    if DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise ValueError("is no day of the calendar") from None
    raise ValueError("must be a day written YYYY-MM-DD, like 2019-07-01")


_READERS: dict[str, Callable[[ColumnSchema, str], Any]] = {
    "string": _string,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "year": _year,
    "date": _date,
    "line": _line,
}
KINDS = frozenset(_READERS)
