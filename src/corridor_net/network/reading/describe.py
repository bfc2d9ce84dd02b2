"""Parts of `datapackage.json` turned into what the reader uses: columns and dialects. Everything refused by name."""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any, cast

from corridor_net.network.files.csv_file import Dialect
from corridor_net.network.files.fields import DAY, FALSE, KINDS, TRUE, ColumnSchema
from corridor_net.network.files.patterns import Pattern, pattern_of

from .properties import READ

Part = dict[str, Any]
MAX_NAME, MAX_PATH = 255, 2048
"""Bytes of the name of a file, as systems bound it, and of a path."""


class Bad(Exception):
    """A part of `datapackage.json` that cannot be read: where it stands, what is wrong, what to do."""

    def __init__(self, where: str, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.where, self.message, self.hint = where, message, hint


# plain parts


def text_of(part: Part, key: str, where: str) -> str:
    """Return a text that must be there."""
    value = part.get(key)
    if not isinstance(value, str) or not value:
        raise Bad(where, f"'{key}' must be a text" if key in part else f"has no '{key}'")
    return value


def object_of(part: Part, key: str, where: str) -> Part:
    """Return an object that may be absent."""
    value = part.get(key)
    if not isinstance(value, dict | None):
        raise Bad(where, f"'{key}' must be an object")
    return value or {}


def items_of(part: Part, key: str, where: str) -> list[Any]:
    """Return a list that may be absent."""
    value = part.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise Bad(where, f"'{key}' must be a list")
    return value


def names_of(part: Part, key: str, where: str) -> tuple[str, ...]:
    """Return the names of columns: one text, or a list of texts."""
    value = part.get(key)
    found = [value] if isinstance(value, str) else [] if value is None else value
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise Bad(where, f"'{key}' must be the name of a column or a list of names")
    return tuple(found)


def keys_of(part: Part, key: str, where: str) -> tuple[tuple[str, ...], ...]:
    """Return a list of keys, each one name or a list of names."""
    found = tuple(names_of({key: item}, key, where) for item in items_of(part, key, where))
    if not all(found):
        raise Bad(where, f"a key of '{key}' names no column")
    return found


def days_of(part: Part, key: str, count: int) -> tuple[date, ...]:
    """Return so many days of a property of the package that may be absent."""
    value = part.get(key)
    if value is None:
        return ()
    texts = value if isinstance(value, list) else [value]
    if not all(isinstance(text, str) and DAY.fullmatch(text) for text in texts):
        raise Bad(key, "must be days written YYYY-MM-DD")
    try:
        days = tuple(date.fromisoformat(text) for text in texts)
    except ValueError:
        raise Bad(key, "must be days written YYYY-MM-DD") from None
    if len(days) != count or list(days) != sorted(days):
        raise Bad(key, "must be one day" if count == 1 else "must be the first and the last day")
    return days


def path_of(part: Part, where: str) -> str:
    """Return the path of a table inside its folder."""
    path = part.get("path")
    if "data" in part:
        raise Bad(where, "data in place of a path are not read", "write the rows to a CSV file")
    if isinstance(path, list):
        raise Bad(where, "several paths of one table are not read", "write one CSV file")
    path = text_of(part, "path", where)
    parts = PurePosixPath(path).parts
    plain = path.isprintable() and "\\" not in path and "://" not in path
    if not parts or path.startswith("/") or ".." in parts or not plain:
        raise Bad(where, f"the path {path!r} leads out of the folder", "name a file of the folder")
    if len(path.encode()) > MAX_PATH or any(len(part.encode()) > MAX_NAME for part in parts):
        raise Bad(where, f"'{path[:40]}…' is no name of a file", f"a name has at most {MAX_NAME} characters")
    return path


# dialects

_SILENT = {"caseSensitiveHeader", "csvddfVersion", "headerJoin", "type", "$schema", "name", "title"}
_READ = {"delimiter", "quoteChar", "doubleQuote", "escapeChar", "skipInitialSpace", "commentChar"}
_ONLY = {
    "lineTerminator": ("\r\n", "\n", "\r"),
    "header": (True,),
    "headerRows": ([1], [0]),
    "commentRows": ([],),
    "nullSequence": (None,),
}


def dialect_of(resource: Part, where: str) -> Dialect:
    """Return how the cells of a table are parted, and its encoding."""
    if isinstance(resource.get("dialect"), str):
        raise Bad(where, "a dialect by reference is not read", "write the dialect in its place")
    part = object_of(resource, "dialect", where)
    part = {**{key: value for key, value in part.items() if key != "csv"}, **object_of(part, "csv", where)}
    for key, value in part.items():
        if key in _ONLY and value in _ONLY[key]:
            continue
        if key not in _SILENT | _READ:
            raise Bad(where, f"dialect.{key} = {value!r} is not read", "write a header line and plain rows under it")
    made = Dialect(
        delimiter=_sign(part, "delimiter", ",", where),
        quote=_sign(part, "quoteChar", '"', where),
        double_quote=_truth(part, "doubleQuote", where, absent=True),
        escape=_sign(part, "escapeChar", "", where) or None,
        skip_initial_space=_truth(part, "skipInitialSpace", where, absent=False),
        comment=_sign(part, "commentChar", "", where),
        encoding=_encoding(resource, where),
    )
    try:
        made.reader(iter(()))
    except (TypeError, ValueError) as error:
        raise Bad(where, f"dialect: {error}") from None
    if made.delimiter in (made.quote, made.escape, made.comment):
        raise Bad(where, f"dialect: {made.delimiter!r} cannot be the delimiter and something else")
    return made


def _sign(part: Part, key: str, absent: str, where: str) -> str:
    value = part.get(key)
    if value is None:
        return absent
    if not isinstance(value, str) or len(value) != 1 or value in "\r\n\0":
        raise Bad(where, f"'{key}' must be one character")
    return value


def _signs_of_numbers(part: Part, where: str) -> tuple[str, str]:
    """Return the decimal sign and that of thousands; no sign that would make another number of one is either."""
    decimal, group = _sign(part, "decimalChar", ".", where), _sign(part, "groupChar", "", where)
    for key, sign in (("decimalChar", decimal), ("groupChar", group)):
        if sign.isalnum() or sign in ("+", "-"):
            raise Bad(where, f"'{key}' cannot be {sign!r}, which numbers are written with")
    if group == decimal:
        raise Bad(where, f"'groupChar' cannot be {group!r}, the decimal sign")
    return decimal, group


def _truth(part: Part, key: str, where: str, *, absent: bool) -> bool:
    value = part.get(key, absent)
    if not isinstance(value, bool):
        raise Bad(where, f"'{key}' must be true or false")
    return value


def _encoding(resource: Part, where: str) -> str:
    name = resource.get("encoding", "utf-8")
    try:
        known = codecs.lookup(name).name
        b"a".decode(known)
    except (LookupError, TypeError, ValueError):
        raise Bad(where, f"the encoding {name!r} is not read", "utf-8, or another that Python reads") from None
    return "utf-8" if known == "utf-8-sig" else known


# columns


def column_of(part: Any, model: ColumnSchema | None, missing: frozenset[str], where: str) -> ColumnSchema:
    """Return a column as its field describes it and as the model needs it; `model` is None for a column of its own."""
    if not isinstance(part, dict):
        raise Bad(where, "a field must be an object")
    name = text_of(part, "name", where)
    where = f"{where}, column {name}"
    kind, as_text = _kind(part, model, where)
    limits = object_of(part, "constraints", where)
    bare = ColumnSchema(name=name, kind=kind if kind != "line" else "string", free_text=True)
    decimal, group = _signs_of_numbers(part, where)
    column = ColumnSchema(
        name=name,
        kind=kind,
        as_text=as_text,
        required=_truth(limits, "required", where, absent=False),
        unique=_truth(limits, "unique", where, absent=False),
        minimum=_limit(limits, "minimum", bare, where),
        maximum=_limit(limits, "maximum", bare, where),
        above=_limit(limits, "exclusiveMinimum", bare, where),
        below=_limit(limits, "exclusiveMaximum", bare, where),
        choices=_choices(limits, bare, where),
        patterns=_pattern(limits, where),
        min_length=_length(limits, "minLength", where),
        max_length=_length(limits, "maxLength", where),
        date_format=_date_format(part, kind, where),
        decimal_char=decimal,
        group_char=group,
        true_values=_words(part, "trueValues", TRUE, where),
        false_values=_words(part, "falseValues", FALSE, where),
        missing=missing_of(part, where, missing),
        whole=kind == "boolean" and model is not None and model.kind in ("integer", "number"),
        unit=str(part.get("unit") or ""),
    )
    unread, known = set(limits) - READ["constraints"], ", ".join(sorted(READ["constraints"]))
    if unread:
        raise Bad(where, f"the constraint '{min(unread)}' is not read", f"read are {known}")
    if part.get("bareNumber") is False:
        raise Bad(where, "bareNumber is not read", "write plain numbers")
    return column if model is None else joined(column, model)


_FITS = {("integer", "number"), ("year", "integer"), ("boolean", "integer"), ("year", "number")}
_LOOSE = {"string", "any"}


def _kind(part: Part, model: ColumnSchema | None, where: str) -> tuple[str, bool]:
    """Return how the cells are read, and whether their text is the value."""
    own = part.get("type", "string")
    if not isinstance(own, str):
        raise Bad(where, "'type' must be a text")
    if part.get("wkt") == "LINESTRING":
        return "line", False
    needed = None if model is None else model.kind
    if own in _LOOSE:
        return needed or "string", False
    if own not in KINDS or own == "line":
        if needed is None:
            return "string", False
        raise Bad(where, f"the type '{own}' is not read", f"read are {', '.join(sorted((KINDS | _LOOSE) - {'line'}))}")
    if needed is None or own == needed or (own, needed) in _FITS:
        return own, False
    if needed == "string":
        return own, True
    if (own, needed) == ("number", "integer"):
        return needed, False
    raise Bad(where, f"the type '{own}' does not fit", f"the model needs {needed}")


def _limit(limits: Part, key: str, bare: ColumnSchema, where: str) -> Any:
    return None if limits.get(key) is None else _value(limits[key], bare, where)


def _value(value: Any, bare: ColumnSchema, where: str) -> Any:
    try:
        if isinstance(value, bool) and bare.kind != "boolean":
            raise ValueError("is no value of the column")
        text = str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else repr(value)
        return bare.read(text)
    except ValueError as error:
        raise Bad(where, f"{value!r} of its constraints {error}") from None


def _choices(limits: Part, bare: ColumnSchema, where: str) -> frozenset[Any] | None:
    if limits.get("enum") is None:
        return None
    listed = items_of(limits, "enum", where)
    if not listed:
        raise Bad(where, "'enum' lists no value")
    return frozenset(_value(item, bare, where) for item in listed)


def _pattern(limits: Part, where: str) -> tuple[Pattern, ...]:
    if limits.get("pattern") is None:
        return ()
    text = text_of(limits, "pattern", where)
    try:
        return (pattern_of(text),)
    except ValueError as error:
        raise Bad(where, f"the pattern {text[:40]!r} is not read: {error}") from None


def _length(limits: Part, key: str, where: str) -> int | None:
    value = limits.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise Bad(where, f"'{key}' must be a whole number")
    return value


def _date_format(part: Part, kind: str, where: str) -> str | None:
    form = part.get("format")
    if kind != "date" or form in (None, "default", "%Y-%m-%d"):
        return None
    try:
        if datetime.strptime(date(2001, 2, 3).strftime(form), form).date() == date(2001, 2, 3):
            return cast("str", form)
    except (TypeError, ValueError):
        pass
    raise Bad(where, f"the format {form!r} of days is not read", "write YYYY-MM-DD, or a form like %d.%m.%Y")


def _words(part: Part, key: str, absent: tuple[str, ...], where: str) -> tuple[str, ...]:
    if key not in part:
        return absent
    words = tuple(items_of(part, key, where))
    if not words or not all(isinstance(word, str) for word in words):
        raise Bad(where, f"'{key}' must be a list of texts")
    return words


def missing_of(part: Part, where: str, absent: Iterable[str]) -> frozenset[str]:
    """Return the texts that stand for an empty cell."""
    if part.get("missingValues") is None:
        return frozenset(absent)
    found = frozenset(
        str(item.get("value")) if isinstance(item, dict) else item
        for item in items_of(part, "missingValues", where)
        if isinstance(item, (dict, str))
    )
    if len(found) < len(part["missingValues"]):
        raise Bad(where, "'missingValues' must be a list of different texts")
    return found


def joined(own: ColumnSchema, model: ColumnSchema) -> ColumnSchema:
    """Return a column of a package held to the law of the model as well.

    What the package says of the largest value counts in place of the model's: that one is a bound of the plausible.
    """

    def higher(one: Any, other: Any) -> Any:
        return max((value for value in (one, other) if value is not None), default=None)

    if own.as_text or own.kind == "boolean":
        return own
    return replace(
        own,
        minimum=higher(own.minimum, model.minimum),
        above=higher(own.above, model.above),
        maximum=model.maximum if own.maximum is None else own.maximum,
        choices=model.choices if own.choices is None
        else own.choices if model.choices is None else own.choices & model.choices,
        patterns=tuple(dict.fromkeys((*own.patterns, *model.patterns))),
        unit=own.unit or model.unit,
    )  # fmt: skip
