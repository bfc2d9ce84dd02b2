"""Every error the package raises on purpose, and the place in a file it points at. Nothing else.

CorridorError
├── UserError               a mistake in what the user wrote or asked (exit code 2)
│   ├── UnknownName         also KeyError: a node, scenario, cargo, field … that does not exist
│   ├── BadValue            also ValueError: out of range, wrong unit, wrong type, wrong date
│   ├── BadFile             also ValueError: a file that cannot be read as what it should be
│   ├── ScenarioError       also ValueError: `was:` fails, nothing matches, cycle, conflict
│   └── FileFaults          all faults of one reading, reported together
├── NoRoute                 also LookupError: nothing connects the two places (exit code 1)
└── DataFault               also ValueError: the network data break a named check (exit code 3)
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, Self

STOPPED = 130
"""Exit code of a command that was stopped, from the keyboard or by a polite end (SIGTERM)."""
MANY = 5000
"""Above so many known spellings only those alike in first letter and length are compared."""
SHOWN = 100
"""Characters shown of a long line, around the place."""
MOST_FAULTS = 200
"""Faults shown of one reading; the rest is counted."""
MOST_SHOWN = 2000
"""Characters shown of a message; a longer one quotes what somebody wrote, and is cut in its middle."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file: `path:line:column` (both counted from 1), with the text of that line."""

    path: str
    _: KW_ONLY
    line: int | None = None
    column: int | None = None
    text: str | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)


RowRef = tuple[str, str]
"""A row of a network: table and id, as `network.rows.row_id` gives it."""


class CorridorError(Exception):
    """Root of all errors of corridor-net.

    `code` is stable and documented in docs/errors.md; `place` says where; `hint` says what to do. A fault of a
    network also names its cell: `table`, `row_id` and `column`; `touches` holds every row the fault is about.

    >>> import corridor_net as cn
    >>> try:
    ...     cn.load().route("harbn", "niigata")
    ... except cn.CorridorError as error:
    ...     error.message, error.hint, error.code
    ("unknown node 'harbn'", "did you mean 'harbin'?", 'CN-E101')
    """

    code = "CN-E000"
    exit_code = 2

    def __init__(
        self, message: str, *, place: Place | None = None, hint: str | Callable[[], str] | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.place = place
        self._hint = hint
        self.table: str | None = None
        self.row_id: str | None = None
        self.column: str | None = None
        self.touches: frozenset[RowRef] = frozenset()

    @property
    def hint(self) -> str | None:
        """What to do; one that takes time to find is worked out when it is first asked for."""
        if callable(self._hint):
            self._hint = self._hint()
        return self._hint

    @hint.setter
    def hint(self, words: str | None) -> None:
        self._hint = words

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Let a fault go to another process with its hint as words."""
        self._hint = self.hint
        return super().__reduce__()

    def about(self, table: str, row_id: str, column: str, *others: RowRef) -> Self:
        """Name the cell of a network this fault is about, and the other rows it is about; return the fault."""
        self.table, self.row_id, self.column = table, row_id, column
        self.touches = frozenset([(table, row_id), *others])
        return self

    def moved(self, place: Place | None) -> Self:
        """Return the same fault at another place, for example that of the change which made the row."""
        other = type(self).__new__(type(self))
        other.args = self.args
        other.__dict__.update(self.__dict__)
        other.place = place
        return other

    @property
    def each(self) -> tuple[CorridorError, ...]:
        """Every fault that is reported with it, or itself where it is the only one."""
        return (self,)

    def __str__(self) -> str:
        """Return the whole report: code, message, place, the source line with a caret, and the hint."""
        lines = [f"{_short(printable(self.message))} [{self.code}]"]
        if self.place is not None:
            lines.append(f"  --> {printable(str(self.place))}")
            if self.place.text is not None and self.place.line is not None:
                number = f"{self.place.line:>5} | "
                column = self.place.column or 1
                ahead = printable(self.place.text[: column - 1])
                shown, before = _window(ahead + printable(self.place.text[column - 1 :]), len(ahead) + 1)
                lines.append(number + shown)
                if self.place.column is not None:
                    lines.append(" " * (len(number) - 2) + "| " + " " * before + "^")
        if self.hint:
            lines.append(f"  = {_short(printable(self.hint))}")
        return "\n".join(lines)


STEERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and end of line
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"  # direction of reading, unseen marks
    "\ud800-\udfff\U000e0000-\U000e007f]"  # halves of characters, tags
)
"""Characters that are never shown as they are: they steer a terminal, or turn the reading."""


def printable(text: str, *, lines: bool = False) -> str:
    r"""Return a text with every character that steers a terminal or turns the reading as its code.

    A tab becomes a space; with `lines`, tabs and ends of line stay.

    >>> printable("a\x1b[31mred\u202e")
    'a\\x1b[31mred\\u202e'
    """
    if text.isascii() and text.isprintable():
        return text
    if not lines:
        text = text.replace("\t", " ").replace("\n", "\\n")
    return STEERS.sub(lambda match: _code(match[0]), text)


CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Signs that no cell and no text of a file holds; a zero byte means another encoding."""


HALF = re.compile("[\ud800-\udfff]")
"""Half a character (a surrogate), which no file can hold."""


def unsound(text: str) -> str | None:
    r"""Return what no text may hold and this one does, None for a sound one.

    >>> unsound("a\x1b[31m"), unsound("Niigata")
    ("the text holds the control character '\\x1b'", None)
    """
    if not text.isascii() and HALF.search(text):
        return "the text holds half a character (a surrogate)"
    found = CONTROL.search(text)
    return f"the text holds the control character {found[0]!r}" if found else None


def markup(text: str) -> str:
    """Return a text as it stands in HTML and XML: no sign of these languages, none that steers a reader."""
    from html import escape

    return escape(printable(text, lines=True))


def _code(character: str) -> str:
    number = ord(character)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"


def _short(text: str) -> str:
    half = MOST_SHOWN // 2
    return text if len(text) <= MOST_SHOWN else f"{text[:half]}… {text[-half:]}"


def _window(text: str, column: int) -> tuple[str, int]:
    """Return what to show of a line, and how many characters stand before the column in it."""
    if len(text) <= SHOWN:
        return text, column - 1
    start = max(0, min(column - 1 - SHOWN // 2, len(text) - SHOWN))
    end = min(len(text), start + SHOWN)
    head, tail = "…" if start else "", "…" if end < len(text) else ""
    return head + text[start:end] + tail, len(head) + column - 1 - start


class UserError(CorridorError):
    """A mistake in what the user wrote or asked for."""

    code = "CN-E100"


class UnknownName(UserError, KeyError):
    """A name that does not exist: node, link, scenario, cargo, field, option."""

    code = "CN-E101"


class BadValue(UserError, ValueError):
    """A value of the wrong type, range, unit or date."""

    code = "CN-E102"


class BadFile(UserError, ValueError):
    """A file that is missing, or is not what it should be (YAML, CSV, JSON)."""

    code = "CN-E103"


class ScenarioError(UserError, ValueError):
    """A scenario that cannot be applied as written."""

    code = "CN-E104"


class FileFaults(UserError, ValueError):
    """Several faults found in one reading, reported together."""

    code = "CN-E105"

    def __init__(self, faults: Sequence[CorridorError]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{len(self.faults)} faults")
        more = len(self.faults) - MOST_FAULTS
        self.hint = f"and {more:,} faults more" if more > 0 else None

    @property
    def each(self) -> tuple[CorridorError, ...]:
        """All faults of the reading."""
        return self.faults

    def __str__(self) -> str:
        shown = [str(fault) for fault in self.faults[:MOST_FAULTS]]
        return "\n".join([*shown, *([f"{self.hint} [{self.code}]"] if self.hint else [])])


class NoRoute(CorridorError, LookupError):
    """Nothing connects the origin with the destination under the given conditions.

    >>> import corridor_net as cn
    >>> change = {"close": "service", "where": {"service_id": "*"}}
    >>> closed = cn.load(as_of="2019-07-01", scenarios={"scenario": "shut", "title": "No ships", "changes": [change]})
    >>> try:
    ...     closed.route("harbin", "niigata")
    ... except cn.NoRoute as error:
    ...     error.message
    'no route from harbin to niigata on 2019-07-01'
    """

    code = "CN-E201"
    exit_code = 1
    network: Any = None
    """The network that was asked: it knows what places and lines are called. It stays behind in another process."""

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Go to another process without the network."""
        return type(self), self.args, {**vars(self), "_hint": self.hint, "network": None}


class DataFault(CorridorError, ValueError):
    """The network data break a named check; `faults` holds each of them."""

    code = "CN-E301"
    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        place: Place | None = None,
        hint: str | Callable[[], str] | None = None,
        faults: Sequence[CorridorError] = (),
    ) -> None:
        super().__init__(message, place=place, hint=hint)
        self.faults = tuple(faults)

    @property
    def each(self) -> tuple[CorridorError, ...]:
        """Each fault of a named check, or itself where it says what is wrong."""
        return self.faults or (self,)

    def __str__(self) -> str:
        own = super().__str__()
        return "\n".join([own, *(str(fault) for fault in self.faults)]) if self.faults else own


def nearest(text: str, known: Iterable[str], *, alike: float = 0.6) -> str | None:
    """Return the known spelling nearest to `text`, or None when nothing is alike to this share.

    >>> nearest("harbn", ["harbin", "dalian"])
    'harbin'
    """
    choices = {name.casefold(): name for name in known}
    if len(choices) > MANY:
        first = text[:1].casefold()
        choices = {key: name for key, name in choices.items() if key[:1] == first and abs(len(key) - len(text)) < 3}
        choices = dict(list(choices.items())[:MANY])
    found = difflib.get_close_matches(text.casefold(), list(choices), n=1, cutoff=alike)
    return choices[found[0]] if found else None


def did_you_mean(text: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """Return the hint 'did you mean …?', or `otherwise` when no known spelling is near."""
    found = nearest(text, known)
    return f"did you mean '{found}'?" if found else otherwise


def raise_all(faults: Sequence[CorridorError]) -> None:
    """Raise nothing, the one fault, or all of them together."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise FileFaults(faults)
