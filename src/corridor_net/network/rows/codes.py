"""Rows of the vocabulary: codes that other tables use, with what they are called and the rules that go with them."""

from __future__ import annotations

from dataclasses import dataclass

from .row import TableRow

KINDS = ("land", "sea", "air")
"""Kinds of mode. A way by land goes by rivers too; by sea and by air cargo leaves through a port."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code(TableRow):
    """What every code has: `rank`, its place among the others in tables and charts, and its label."""

    rank: int
    label: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode(Code):
    """A mode. `links`, `gauge`: whether links may be of it, and have a gauge. `kind`: one of `KINDS`.

    `way` is what a line of it is called on maps, `vehicle_label` what a leg of a service. A leg of a timetable, or a
    speed, above `fastest_kmh` is taken for a slip. `rates_group`, `speeds_group`: what its tariffs and speeds move
    with under uncertainty. Colours are `#rrggbb`, `dash` the dashes and gaps of its lines, `width` in pixels.
    """

    mode: str
    kind: str
    links: str
    gauge: str
    way: str
    vehicle_label: str
    fastest_kmh: float
    rates_group: str
    speeds_group: str
    colour: str
    colour_dark: str
    dash: str = ""
    width: float = 1.4

    @property
    def has_gauge(self) -> bool:
        """Whether its links have a gauge."""
        return self.gauge == "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle(Code):
    """A vehicle of services, and its mode; `rolls`: boxes are driven on and off, without a crane of the port."""

    vehicle: str
    mode: str
    rolls: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Component(Code):
    """A component of money or time. `group` is what it is drawn with in short charts.

    `operation`: whether figures of table operation may be of it. `per`: money is for a box, or in per cent of the
    value of what is in it. `scheduled`: whether a timetable counts its hours. `public`: money goes to a state.
    `lifts`: a box is lifted, which emits. `hours_group`: what its hours move with under uncertainty.
    """

    component: str
    group: str
    operation: str
    per: str
    scheduled: str
    public: str
    lifts: str
    hours_group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeType(Code):
    """A kind of place and how maps mark it. `port`: only cargo that goes through its port or terminal passes it.

    `size` is small or medium.
    """

    node_type: str
    port: str
    shape: str
    size: str
    colour: str
    colour_dark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Code):
    """A state of cargo at a place that is no mode; `quay`: it is on a quay, so seasons of the port touch it."""

    state: str
    quay: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureName(TableRow):
    """What people call the figures of an id of table `applies_to`; `{place}` and `{to}` of its name are places."""

    applies_to: str
    figure_id: str
    name: str
    place: str = ""
    to_place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoUnit(Code):
    """A box, and how many TEU it is."""

    cargo_unit: str
    teu: float
