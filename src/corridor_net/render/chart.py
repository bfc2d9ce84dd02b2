"""What a chart shows, before it is drawn: plain data by kind of chart. `output` draws it as SVG and with matplotlib."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from .words import Sentence

Interval = tuple[float, float | None, Sentence | str]
"""From, to (None: without end), and what holds in between."""


@dataclass(frozen=True, kw_only=True)
class Chart:
    """A chart: its title, and the unit of what is measured.

    `svg` draws it as a file where the plain form is not enough.
    """

    title: str
    unit: str
    svg: Callable[[], str] | None = None


@dataclass(frozen=True, kw_only=True)
class Bars(Chart):
    """A bar a row, to the left of zero where it is negative."""

    rows: Sequence[tuple[str, float]]


@dataclass(frozen=True, kw_only=True)
class Stacks(Chart):
    """A bar a row, made of its parts by name; `labels` are what parts are called, in the order of the bars."""

    rows: Sequence[tuple[str, Mapping[str, float]]]
    labels: Mapping[str, str] = field(default_factory=dict)
    digits: int = 0


@dataclass(frozen=True, kw_only=True)
class Bands(Chart):
    """What holds from value to value of a figure, a row a subject; `now` is its value."""

    rows: Sequence[tuple[str, Sequence[Interval]]]
    now: float | None = None


@dataclass(frozen=True, kw_only=True)
class Spans(Chart):
    """A range a row, with a mark in it: low, mark (None: no mark), high."""

    rows: Sequence[tuple[str, float, float | None, float]]


@dataclass(frozen=True, kw_only=True)
class Curves(Chart):
    """Lines by name over `x`, which says what it is in words; dots alone where not `joined`."""

    x: str
    lines: Sequence[tuple[str, Sequence[tuple[float, float]]]]
    joined: bool = True


@dataclass(frozen=True, kw_only=True)
class Grid(Chart):
    """A value at each crossing of a row and a column, the lower the better; None where there is none."""

    rows: Sequence[str]
    columns: Sequence[str]
    values: Sequence[Sequence[float | None]]
    digits: int = 0
