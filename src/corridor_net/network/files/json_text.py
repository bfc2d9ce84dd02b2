"""JSON files read with the place of every fault, and the place of any part of them. Knows nothing of data packages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from corridor_net.errors import BadFile, Place

from .csv_file import SAVE_TEXT, read_text

Keys = tuple[str | int, ...]
MAX_DEPTH = 100
"""Brackets inside one another, of which the one beyond is pointed at where a file is nested too deep to be read."""
PLAIN = "every key once, and plain numbers"
MAX_DIGITS = 300
"""Digits of a whole number: one of more is beyond every other number too."""
_CONSTANTS = ("NaN", "Infinity", "-Infinity")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[\]{}:,]|[^\s\[\]{}:,"]++')


class _Refused(ValueError):
    pass


def read_json(path: Path) -> Any:
    """Return the contents of a JSON file.

    Raises FileNotFoundError, and BadFile with the place for what is no JSON: also a key that stands twice in one
    object, a number that is none, and what is nested too deep.
    """
    text = read_text(path, save_as=SAVE_TEXT)
    try:
        return json.loads(text, object_pairs_hook=without_doubles, parse_constant=_no_constant, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise _fault(path, error.msg, place_at(path, text, error.pos), "JSON: check quotes, commas, brackets") from None
    except RecursionError:
        place = place_at(path, text, _too_deep(text))
        raise _fault(path, "it is nested too deep", place, f"at most {MAX_DEPTH} brackets inside one another") from None
    except _Refused as error:
        raise _fault(path, str(error), place_at(path, text, _refused_at(text)), PLAIN) from None


def place_of_part(path: Path, *keys: str | int) -> Place:
    """Return where the value under `keys` stands in a JSON file that can be read; what is nearest above it if absent.

    A key of a list is a number from 0, the `name` of an object in it, or a text in it.
    """
    text = read_text(path, save_as=SAVE_TEXT)
    positions, numbers = _index(text)
    known: Keys = ()
    for key in keys:
        for inner in ((*known, key), (*known, numbers.get((known, key), -1))):
            if inner in positions:
                known = inner
                break
        else:
            break
    return place_at(path, text, positions[known])


def place_at(path: Path, text: str, position: int) -> Place:
    """Return the place of a character of a text."""
    begin = text.rfind("\n", 0, position) + 1
    end = text.find("\n", begin)
    return Place(
        str(path),
        line=text.count("\n", 0, position) + 1,
        column=position - begin + 1,
        text=text[begin : end if end >= 0 else None],
    )


@lru_cache(maxsize=1)
def _index(text: str) -> tuple[dict[Keys, int], dict[tuple[Keys, str | int], int]]:
    """Return the position of every value by its keys, and the numbers of objects and texts in lists by their names."""
    positions: dict[Keys, int] = {}
    numbers: dict[tuple[Keys, str | int], int] = {}
    for keys, position, sign in _values(text):
        positions[keys] = position
        if keys[-1:] == ("name",) and len(keys) > 1 and isinstance(keys[-2], int) and sign[0] == '"':
            numbers.setdefault((keys[:-2], _text(sign)), keys[-2])
        elif keys and isinstance(keys[-1], int) and sign[0] == '"':
            numbers.setdefault((keys[:-1], _text(sign)), keys[-1])
    return positions, numbers


def _values(text: str) -> Iterator[tuple[Keys, int, str]]:
    """Yield the keys, the position and the first sign of every value of a JSON text."""
    open_keys: list[str | int | None] = []  # of each bracket that is open: the number, or the key once it is read
    for match in _TOKEN.finditer(text):
        sign = match[0]
        if sign == ",":
            last = open_keys[-1]
            open_keys[-1] = last + 1 if isinstance(last, int) else None
        elif sign in ("]", "}"):
            open_keys.pop()
        elif open_keys and open_keys[-1] is None:
            open_keys[-1] = _text(sign)
        elif sign != ":":
            yield tuple(key for key in open_keys if key is not None), match.start(), sign
            if sign in ("[", "{"):
                open_keys.append(0 if sign == "[" else None)


def _text(sign: str) -> str:
    """Return the text between quotes; one without a backslash stands for itself."""
    return str(json.loads(sign)) if "\\" in sign else sign[1:-1]


def _too_deep(text: str) -> int:
    depth = 0
    for match in _TOKEN.finditer(text):
        depth += (match[0] in ("[", "{")) - (match[0] in ("]", "}"))
        if depth > MAX_DEPTH:
            return match.start()
    return 0


def _refused_at(text: str) -> int:
    """Return where the first value stands that is no number, too long a one, or the second of its key."""
    seen: set[Keys] = set()
    for keys, position, sign in _values(text):
        if keys in seen or sign in _CONSTANTS or (len(sign) > MAX_DIGITS and sign.lstrip("-").isdecimal()):
            return position
        seen.add(keys)
    return 0


def _fault(path: Path, message: str, place: Place, hint: str) -> BadFile:
    return BadFile(f"{path.name} cannot be read: {message}", place=place, hint=hint)


def without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of these pairs (`object_pairs_hook` of json); raise ValueError for a key that stands twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Refused(f"'{next(name for name in names if names.count(name) > 1)}' stands twice in one object")
    return found


def _no_constant(text: str) -> Any:
    raise _Refused(f"{text} is no number")


def _whole(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise _Refused(f"a number of {len(text):,} digits is too long")
    return int(text)
