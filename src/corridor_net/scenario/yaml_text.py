"""YAML text to plain values with their places, within bounds that hold before anything is built. No files, no models.

A scenario needs mappings, lists, text, numbers, true and false, dates: that much of YAML is read, and no more. The
events of the parser are counted as they come, an alias as often as what it stands for, so that a text of a few
hundred characters cannot grow into millions of values.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
    StreamStartEvent,
)

from corridor_net.errors import BadFile, Place, unsound
from corridor_net.network.files.fields import DAY

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 16
"""Levels of lists and keys inside each other; a scenario needs five."""
MAX_BRACKETS = 100
"""Brackets open at once, counted in the text itself: the parser would take minutes over thousands."""
MAX_NODES = 20_000
"""Values, an alias counted with all that it stands for."""
MAX_DIGITS = 30
"""Digits of a whole number; a longer one is text, which no field for a number takes."""

_TAGS: dict[str, tuple[type, ...]] = {
    "tag:yaml.org,2002:null": (type(None),),
    "tag:yaml.org,2002:bool": (bool,),
    "tag:yaml.org,2002:int": (int,),
    "tag:yaml.org,2002:float": (int, float),
    "tag:yaml.org,2002:timestamp": (date,),
}
_WORDS = dict.fromkeys(("", "~", "null", "Null", "NULL")) | {
    word: word[0] in "tT" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
_NO_SIGN = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no YAML text may hold (YAML 1.2, 5.1), and U+0085, which the parser would make a space."""
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]*)")
"""No zeros before a number: 017 is 15 to some readers of YAML and 17 to others, and text to this one."""
_NUMBER = re.compile(rf"({_WHOLE.pattern}(\.[0-9]*)?|[-+]?\.[0-9]+)([eE][-+]?[0-9]+)?")


@dataclass(slots=True, kw_only=True)
class YamlNode:
    """A value with where it stands (line and column from 0), the places of its keys, and what it holds."""

    value: Any
    line: int
    column: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    inner: dict[str | int, YamlNode] = field(default_factory=dict)
    size: int = 1
    height: int = 0


def compose(text: str, path: str, lines: tuple[str, ...]) -> YamlNode:
    """Return the one document of a text; `path` is what messages call it.

    Raises BadFile with the place of what is not YAML, not allowed here, or beyond a bound.
    """
    return _Composer(text, path, lines).document()


def scalar(text: str) -> Any:
    """Return what a word without quotes stands for: nothing, true, false, a number, a date, else text.

    >>> scalar("0.5"), scalar("1_000"), scalar("017"), scalar("yes"), scalar("2019-07-01")
    (0.5, '1_000', '017', 'yes', datetime.date(2019, 7, 1))
    """
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text) if len(text) <= MAX_DIGITS else text
    if _NUMBER.fullmatch(text):
        return float(text)
    if DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    return text


class _Composer:
    def __init__(self, text: str, path: str, lines: tuple[str, ...]) -> None:
        self.text, self.path, self.lines = text, path, lines
        self.anchors: dict[str, YamlNode] = {}
        self.open: set[str] = set()
        self.nodes = 0
        self.reached = (0, 0)

    def document(self) -> YamlNode:
        if len(self.text) > MAX_CHARACTERS:
            raise BadFile(
                f"the text is larger than {MAX_CHARACTERS // 1_000_000} MB, too large for a scenario",
                place=Place(self.path),
                hint="a scenario is a list of changes",
            )
        self.refuse_signs()
        self.count_brackets()
        try:
            events = self.events()
            first = self.skip(events)
            if isinstance(first, StreamEndEvent):
                return YamlNode(value=None, line=0, column=0)
            root = self.node(first, events, 0)
            after = next(event for event in events if not isinstance(event, DocumentEndEvent))
            if not isinstance(after, StreamEndEvent):
                raise self.fault("not YAML: a second document begins", after, "one file holds one scenario")
            return root
        except BadFile:
            raise
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            problem = (error.problem or error.context or "not YAML").splitlines()[0]
            raise BadFile(f"not YAML: {problem}", place=self.place(mark.line, mark.column) if mark else None) from None
        except (YAMLError, ValueError, IndexError) as error:
            reason = (str(error).splitlines() or ["it cannot be read"])[0]
            raise BadFile(f"not YAML: {reason}", place=self.place(*self.reached)) from None

    def events(self) -> Iterator[Any]:
        for event in YAML(typ="safe", pure=True).parse(self.text):
            self.reached = (event.end_mark.line, event.end_mark.column)
            yield event

    def refuse_signs(self) -> None:
        found = _NO_SIGN.search(self.text)
        if found:
            place = self.place_of(found.start())
            raise BadFile(f"not YAML: it holds the character {found[0]!r}", place=place, hint="delete it")

    def place_of(self, position: int) -> Place:
        before = self.text[:position]
        return self.place(before.count("\n"), len(before) - (before.rfind("\n") + 1))

    def count_brackets(self) -> None:
        depth = 0
        for found in re.finditer(r"[\[\]{}]", self.text):
            depth = depth + 1 if found.group() in "[{" else max(depth - 1, 0)
            if depth > MAX_BRACKETS:
                place = self.place_of(found.start())
                raise BadFile(f"more than {MAX_BRACKETS} brackets are open", place=place, hint=_FLAT)

    def skip(self, events: Iterator[Any]) -> Any:
        return next(e for e in events if not isinstance(e, (StreamStartEvent, DocumentStartEvent)))

    def node(self, event: Any, events: Iterator[Any], depth: int) -> YamlNode:
        if isinstance(event, AliasEvent):
            return self.alias(event, depth)
        self.count(event, 1)
        self.check_depth(event, depth)
        node = YamlNode(value=None, line=event.start_mark.line, column=event.start_mark.column)
        if event.anchor:
            self.open.add(event.anchor)
        if isinstance(event, ScalarEvent):
            node.value = self.word(event)
        elif isinstance(event, MappingStartEvent):
            self.check_shape(event, "tag:yaml.org,2002:map")
            self.mapping(node, events, depth)
        else:
            self.check_shape(event, "tag:yaml.org,2002:seq")
            self.sequence(node, events, depth)
        if event.anchor:
            self.open.discard(event.anchor)
            self.anchors[event.anchor] = node
        return node

    def mapping(self, node: YamlNode, events: Iterator[Any], depth: int) -> None:
        while not isinstance(event := next(events), MappingEndEvent):
            if not isinstance(event, ScalarEvent):
                raise self.fault("a key must be a word", event, "write  key: value")
            key = self.sound(event)
            if key in node.inner:
                raise self.fault(f"not YAML: duplicate key '{key}'", event, "each key stands once")
            node.keys[key] = (event.start_mark.line, event.start_mark.column)
            value = next(events)
            self.put(node, key, value, events, depth)
            if isinstance(value, ScalarEvent) and not (value.value or value.style):
                node.inner[key].line, node.inner[key].column = node.keys[key]  # nothing is written: it stands nowhere
        node.value = {key: inner.value for key, inner in node.inner.items()}

    def sequence(self, node: YamlNode, events: Iterator[Any], depth: int) -> None:
        number = 0
        while not isinstance(event := next(events), SequenceEndEvent):
            self.put(node, number, event, events, depth)
            number += 1
        node.value = [inner.value for inner in node.inner.values()]

    def put(self, node: YamlNode, key: str | int, event: Any, events: Iterator[Any], depth: int) -> None:
        node.inner[key] = self.node(event, events, depth + 1)
        node.size += node.inner[key].size
        node.height = max(node.height, node.inner[key].height + 1)

    def check_depth(self, event: Any, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise self.fault(f"more than {MAX_DEPTH} levels inside each other", event, _FLAT)

    def alias(self, event: Any, depth: int) -> YamlNode:
        if event.anchor in self.open:
            raise self.fault(f"not YAML: '*{event.anchor}' stands inside itself", event)
        if event.anchor not in self.anchors:
            raise self.fault(f"not YAML: there is no '&{event.anchor}' before '*{event.anchor}'", event)
        node = self.anchors[event.anchor]
        self.count(event, node.size)
        self.check_depth(event, depth + node.height)
        return node

    def count(self, event: Any, more: int) -> None:
        self.nodes += more
        if self.nodes > MAX_NODES:
            raise self.fault(f"more than {MAX_NODES:,} values", event, "a scenario is a list of changes")

    def check_shape(self, event: Any, wanted: str) -> None:
        if event.tag not in (None, "!", wanted):
            raise self.tag_fault(event)

    def word(self, event: Any) -> Any:
        text = self.sound(event)
        plain = scalar(text) if not event.style else text
        if event.tag is None:
            return plain
        if event.tag in ("!", "tag:yaml.org,2002:str"):
            return text
        if not isinstance(scalar(text), _TAGS.get(event.tag, ())):
            raise self.tag_fault(event)
        return scalar(text)

    def sound(self, event: Any) -> str:
        text: str = event.value
        wrong = unsound(text)
        if wrong:
            raise self.fault(wrong, event, "write the character itself, or leave it out")
        return text

    def tag_fault(self, event: Any) -> BadFile:
        name = str(event.tag).replace("tag:yaml.org,2002:", "!!")
        return self.fault(
            f"not YAML that a scenario may hold: '{name}'", event, "leave the tag out: text, numbers, dates and lists"
        )

    def fault(self, message: str, event: Any, hint: str | None = None) -> BadFile:
        return BadFile(message, place=self.place(event.start_mark.line, event.start_mark.column), hint=hint)

    def place(self, line: int, column: int) -> Place:
        return Place(
            self.path, line=line + 1, column=column + 1, text=self.lines[line] if line < len(self.lines) else ""
        )


_FLAT = "a scenario needs a list of changes, each with a few keys"
