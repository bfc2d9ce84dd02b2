"""Changes that make of a file another one of nearly the same form. The same seed gives the same file."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

WORDS = [
    "", " ", "0", "-0", "-1", "1", "1e308", "1e400", "-1e400", "1e-320", "nan", "inf", "9" * 20, "9" * 400, "0.1.2",
    "1,5", "1_000", "0x10", "٣", "true", "null", "~", "2019-02-30", "9999-12-31", "0001-01-01", "24:00", "00:00-00:00",
    "\x00", "\x1b[31m", "\x85", "\u2028", "\u202e", "\ufeff", "ａ", "a" * 300, "a" * 200_000, "=1+1", "@x", "'", '"',
    ",", ";", "\t", "\n", "\r", "\r\n", "\\", "/", "..", "*", "&a", "*a", "!!int", "[", "]", "{", "}", "[" * 3000, "- ",
    ": ", "#", "|", ">", "?", "%", "LINESTRING EMPTY", "LINESTRING (0 0)", "LINESTRING (0 0, 1e999 0)", "POINT (1 2)",
    "MULTILINESTRING ((0 0, 1 1))", "GEOMETRYCOLLECTION EMPTY", "harbin", "niigata", "rail", "road", "any", "USD",
    "24h", "09:00-08:00", "NaN", "Infinity", "\\ud800", "<b>", "𝔘", "é",
]  # fmt: skip
VALUES: list[Any] = [
    None, True, False, 0, -1, 1, 10**30, -(10**30), 1e308, 1.5, "", " ", "a" * 300, [], {}, [[]], [None], {"": ""},
    {"a": 1}, "1", "nan", "2019-02-30", "9999-12-31", "\x1b[31m", "\u202e", "\x00", [1, 2, 3], "*", "any", "A",
    "number", "date", "..", "/etc/passwd", "http://localhost/", "EPSG:4326", "node", "LineString", "Point",
]  # fmt: skip
Change = Callable[[bytes, Random], bytes]
WORD = re.compile(r"[^\W_]+")
WHOLE_WORD = re.compile(r"[\w.-]+")


def bytes_changed(content: bytes, random: Random) -> bytes:
    """Change, cut, double or put in some bytes."""
    at = random.randrange(len(content) + 1)
    end = min(len(content), at + random.choice((1, 2, 8, 64, 1000)))
    kind = random.randrange(5)
    if kind == 0:
        return content[:at] + bytes([random.randrange(256)]) + content[at + 1 :]
    if kind == 1:
        return content[:at] + content[end:]
    if kind == 2:
        return content[:end] + content[at:]
    if kind == 3:
        return content[:at]
    return content[:at] + random.choice(WORDS).encode("utf-8", "surrogatepass") + content[at:]


def lines_changed(content: bytes, random: Random) -> bytes:
    """Drop, double or exchange lines."""
    lines = content.split(b"\n")
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    kind = random.randrange(4)
    if kind == 0:
        del lines[one]
    elif kind == 1:
        lines.insert(other, lines[one])
    elif kind == 2:
        lines[one], lines[other] = lines[other], lines[one]
    else:
        lines[one] = lines[one][: len(lines[one]) // 2] + lines[other]
    return b"\n".join(lines)


def word_changed(content: bytes, random: Random) -> bytes:
    """Put another word in the place of one."""
    text = content.decode("utf-8", "replace")
    starts = [found.start() for found in WORD.finditer(text)]
    if not starts:
        return content
    at = random.choice(starts)
    end = WHOLE_WORD.match(text, at).end()
    return (text[:at] + random.choice(WORDS) + text[end:]).encode("utf-8", "surrogatepass")


def cell_changed(content: bytes, random: Random) -> bytes:
    """Change one cell of a CSV, or the order or number of its columns."""
    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    except (csv.Error, UnicodeDecodeError):
        return bytes_changed(content, random)
    rows = [row for row in rows if row]
    if not rows:
        return content
    row = random.choice(rows)
    number = random.randrange(len(row))
    if random.randrange(8):
        row[number] = random.choice((random.choice(WORDS), random.choice(random.choice(rows))))
    elif random.randrange(2):
        rows = [cells[:number] + cells[number + 1 :] for cells in rows]
    else:
        row.insert(number, random.choice(WORDS))
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


def value_changed(content: bytes, random: Random) -> bytes:
    """Put another value in the place of one in JSON, or take a key away."""
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return bytes_changed(content, random)
    holders = [held for held in _holders(data) if held]
    if not holders:
        return json.dumps(random.choice(VALUES)).encode()
    holder = random.choice(holders)
    key = random.choice(list(holder)) if isinstance(holder, dict) else random.randrange(len(holder))
    kind = random.randrange(6)
    if kind == 0:
        del holder[key]
    elif kind == 1:
        holder[key] = [holder[key]]
    elif kind == 2 and isinstance(holder, dict):
        holder[random.choice(WORDS)] = holder.pop(key)
    else:
        holder[key] = random.choice(VALUES)
    return json.dumps(data).encode("utf-8", "surrogatepass")


def _holders(data: Any) -> list[Any]:
    found, left = [], [data]
    while left:
        one = left.pop()
        if isinstance(one, (dict, list)):
            found.append(one)
            left.extend(one.values() if isinstance(one, dict) else one)
    return found


TEXT: tuple[Change, ...] = (word_changed, word_changed, lines_changed, bytes_changed)
TABLE: tuple[Change, ...] = (cell_changed, cell_changed, cell_changed, lines_changed, bytes_changed)
JSON: tuple[Change, ...] = (value_changed, value_changed, value_changed, bytes_changed)


def changed(seeds: list[bytes], changes: tuple[Change, ...], random: Random) -> bytes:
    """Return one of the seeds after one to three changes."""
    content = random.choice(seeds)
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        content = random.choice(changes)(content, random)
    return content
