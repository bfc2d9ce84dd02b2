"""What a chart shows, before it is drawn: plain data by kind of chart. `output` draws it as SVG and with matplotlib."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from numbers import Real
from typing import Any, Self

from .words import Sentence, Words

Text = Any
"""A sentence, or a word of the catalogue; a text once it is told in somebody's words."""
Interval = tuple[float, float | None, Text]
"""From, to (None: without end), and what holds in between."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart: its title, and the unit of what is measured.

    `svg` draws it as a file where the plain form is not enough.
    """

    title: Text
    unit: Text
    svg: Callable[[Words], str] | None = None

    def in_words(self, words: Words) -> Self:
        """Return the chart with all its texts in somebody's words, and what is USD in their currency."""
        unit, per = words.in_money(self.unit)
        told = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in ("unit", "digits", "svg")}
        return replace(self, **{name: _in_words(value, words, per) for name, value in told.items()}, unit=unit)


def _in_words(value: Any, words: Words, per: float) -> Any:
    if isinstance(value, Sentence | str):
        return words.text(value)
    if isinstance(value, Mapping):
        return {key: _in_words(inner, words, per) for key, inner in value.items()}
    if isinstance(value, Real) and not isinstance(value, bool):
        return value * per
    return [_in_words(inner, words, per) for inner in value] if isinstance(value, Sequence) else value


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    """A bar a row, to the left of zero where it is negative."""

    rows: Sequence[tuple[Text, float]]


@dataclass(frozen=True, kw_only=True)
class Stacks(Chart):
    """A bar a row, made of its parts by name; `labels` are what parts are called, in the order of the bars."""

    rows: Sequence[tuple[Text, Mapping[str, float]]]
    labels: Mapping[str, Text] = field(default_factory=dict)
    digits: int = 0


@dataclass(frozen=True, kw_only=True)
class Stretches(Chart):
    """What holds from value to value of a figure, a row a subject; `now` is its value."""

    rows: Sequence[tuple[Text, Sequence[Interval]]]
    now: float | None = None


@dataclass(frozen=True, kw_only=True)
class Whiskers(Chart):
    """A range a row, with a mark in it: low, mark (None: no mark), high."""

    rows: Sequence[tuple[Text, float, float | None, float]]


@dataclass(frozen=True, kw_only=True)
class Curves(Chart):
    """Lines by name over `x`, which says what it is in words; dots alone where not `joined`."""

    x: Text
    lines: Sequence[tuple[Text, Sequence[tuple[float, float]]]]
    joined: bool = True

    def in_words(self, words: Words) -> Self:
        """Return the same with the texts and the money of somebody; what lies along `x` stays as it is."""
        made = super().in_words(words)
        lines: Any = [
            [name, [[x, y] for (x, _), (_, y) in zip(at, told, strict=True)]]
            for (_, at), (name, told) in zip(self.lines, made.lines, strict=True)
        ]
        return replace(made, lines=lines)


@dataclass(frozen=True, kw_only=True)
class Grid(Chart):
    """A value at each crossing of a row and a column, the lower the better; None where there is none."""

    rows: Sequence[Text]
    columns: Sequence[Text]
    values: Sequence[Sequence[float | None]]
    digits: int = 0
