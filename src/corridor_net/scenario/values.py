"""A value of a scenario as its column holds it: type, bounds, names that exist. No rows are changed here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from typing import Any

from corridor_net.errors import BadValue, UnknownName, did_you_mean
from corridor_net.figure_keys import original_id
from corridor_net.network import Network
from corridor_net.network.files.fields import DAY
from corridor_net.network.reading.package import shipped_package
from corridor_net.network.rows import ROW_TYPES

from .yaml_text import scalar

FEW = 20
"""Names of a table that are all told where none is near what was written."""
NODES = ("node_id", "from_node_id", "to_node_id")
NAMED_IN = {
    "speed_id": "speed",
    "tariff_id": "tariff",
    "operation_id": "operation",
    "emission_factor_id": "emission_factor",
    "link_id": "link",
}
"""Columns that name a row of another table."""
FREE = ("name", "operator", "basis", "end_reason", "corridor")
"""Columns of free text."""
MOST_HOURS = 8_784.0
"""No step of a way takes more than a year."""
MOST = 1e9
"""No other figure is larger, where the schema of the data has no bound."""
_ID = re.compile(r"\w[\w.-]{0,79}")


def kind_of(table: str, column: str) -> str:
    """Return what a column holds: float, int, str or date."""
    return next(str(f.type).split(" ")[0] for f in fields(ROW_TYPES[table]) if f.name == column)


def fit(network: Network, table: str, column: str, value: Any) -> Any:
    """Return a value as its column holds it; raise BadValue or UnknownName, without a place, where it cannot."""
    kind = kind_of(table, column)
    if kind in ("float", "int"):
        return number(table, column, value)
    if kind == "date":
        return _day(column, value)
    text = _text(column, value)
    if column in NODES:
        return network.node(text).node_id
    try:
        text = _held(network, table, column)(text)
    except ValueError as error:
        if not isinstance(value, str):
            raise BadValue(f"{column} is text, {value} is not") from None
        raise BadValue(f"{column} = '{value}': {error}") from None
    other = NAMED_IN.get(column)
    if other is not None and other != table:
        known = {original_id(getattr(row, column)) for row in network.rows(other)}
        if text not in known:
            few = f"one of {', '.join(sorted(known))}" if len(known) <= FEW else ""
            raise UnknownName(f"unknown {column} '{value}'", hint=did_you_mean(text, known, otherwise=few))
    return text


def _held(network: Network, table: str, column: str) -> Callable[[str], Any]:
    """Return what turns a text into the value of a column, one of the network's codes where it holds codes."""
    coded = network.vocabulary.coded(table, shipped_package().tables[table].columns[column])
    return coded.read


def number(table: str, column: str, value: Any, quantity: str = "") -> Any:
    """Return a number that its column can hold; raise BadValue for text, true and false, and beyond a bound."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadValue(f"{column} is a number, {shown(value)} is not", hint=_as_number(value))
    whole = float(value).is_integer() and kind_of(table, column) == "int"
    try:
        found = shipped_package().tables[table].columns[column].read(str(int(value)) if whole else repr(float(value)))
    except ValueError as error:
        raise BadValue(f"{column} = {value:.10g}: {error}") from None
    most = MOST_HOURS if quantity == "hours" or column.endswith("hours") else MOST
    if abs(found) > most:
        raise BadValue(f"{column} = {value:.10g}: must be {most:,.0f} or less")
    return found


def _as_number(value: Any) -> str | None:
    """Return how a text is written so that it is a number; None where it is none."""
    plain = re.match(r"([-+]?)(0+(?=[0-9]))?(.+)", value) if isinstance(value, str) else None
    if plain is None or type(scalar(plain[1] + plain[3])) not in (int, float):
        return None
    return "write it without the zeros before it" if plain[2] else "write it without quotes"


def shown(value: Any) -> str:
    """Return a value as it may stand in a message: text in quotes, never long.

    >>> shown("far"), shown(True), shown(3)
    ("'far'", 'true', '3')
    """
    if isinstance(value, bool):
        return str(value).lower()
    text = f"'{value}'" if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def new_id(column: str, value: str) -> str:
    """Return the id of an added row; raise BadValue for one that could be taken for something else."""
    if _ID.fullmatch(value):
        return value
    raise BadValue(
        f"{column} {shown(value)} cannot be an id",
        hint="at most 80 letters, digits, '-', '_' and '.', a letter or digit first",
    )


def _day(column: str, value: Any) -> date:
    try:
        if isinstance(value, str) and DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise BadValue(f"{column} = {shown(value)} is not a date", hint="write it as YYYY-MM-DD, for example 2019-07-01")


def _text(column: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise BadValue(f"{column} is text, {shown(value)} is not")
    text = value if isinstance(value, str) else f"{value:.15g}"
    if column in FREE:
        return text
    if text != text.strip():
        raise BadValue(f"{column} = {shown(text)} has spaces around it")
    if any(character.isdecimal() and not character.isascii() for character in text):
        raise BadValue(f"{column} = {shown(text)} holds digits that are not 0 to 9")
    return text
