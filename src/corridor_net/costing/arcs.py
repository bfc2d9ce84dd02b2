"""What cargo can do, step by step, and what each step costs: one row an arc, each component apart. Nothing is compiled.

A state is where cargo is and on what: (node, "rail_1435"), (node, "port_out"), aboard a sailing, … An arc
leads from state to state: line haul, border crossing, terminal operation, boarding, sailing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from corridor_net.network.vocabulary import Vocabulary

Floats = NDArray[np.float64]
State = tuple[str, str]
"""Where cargo is, and on what."""
Emitted = tuple[float, tuple[str, ...]]
"""Kg CO2e, and the figures they are proportional to."""
CACHED = 20_000
"""Arcs, or states, that are kept once they are made; of a larger network each is made again when it is looked at."""
MOVES = ("haul", "sail", "charter")
"""Kinds of arcs that cover distance."""


def kind_of(key: str) -> str:
    """Return the kind of an arc by its key.

    >>> kind_of("link:rail-harbin-mudanjiang:harbin:rail_1435"), kind_of("sail:fesco:1:land")
    ('haul', 'sail')
    """
    table = key.partition(":")[0]
    return "haul" if table == "link" else table


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One component of one arc: an amount in USD or hours, its spread, and the figures it rests on.

    `scheduled` is the amount by the timetable alone.
    """

    component: str
    quantity: str
    amount: float
    scheduled: float
    spread: float
    figures: tuple[str, ...]
    source_ids: tuple[str, ...]
    grade: str

    @property
    def measure(self) -> str:
        """What its quantity is called as a measure: `cost_usd` or `hours`."""
        return "cost_usd" if self.quantity == "cost" else "hours"


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What some arcs are made of: parts, kg CO2e, and the figures that these are proportional to."""

    parts: tuple[Part, ...]
    co2_kg: float
    co2_figures: tuple[str, ...]

    @classmethod
    def of(cls, parts: Iterable[Part], emitted: Emitted = (0.0, ())) -> Work:
        """Take parts, and what they emit."""
        return cls(parts=tuple(parts), co2_kg=emitted[0], co2_figures=emitted[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Arc:
    """One step of cargo from state `tail` to state `head`; on a route, one of its legs.

    `kind` is haul, crossing, terminal, board, sail or charter; `key` stays the same from scenario to scenario.
    `co2_figures` are what `co2_kg` is proportional to. Its measures are sums over its parts.
    """

    key: str
    kind: str
    tail: int
    head: int
    from_node: str
    to_node: str
    mode: str
    asset_id: str
    distance_km: float
    co2_kg: float
    parts: tuple[Part, ...]
    co2_figures: tuple[str, ...]
    vocabulary: Vocabulary = field(repr=False, compare=False)

    @property
    def medium(self) -> str:
        """The kind of its mode: land, sea or air."""
        return self.vocabulary.kind(self.mode)

    @property
    def leaves_land(self) -> bool:
        """Whether it is a passage by sea or by air: a leg of a service, a ship on demand, or a link of such a mode."""
        return self.medium != "land" and self.kind in MOVES

    @property
    def cost_usd(self) -> float:
        """USD of all parts."""
        return sum((part.amount for part in self.parts if part.quantity == "cost"), 0.0)

    @property
    def hours(self) -> float:
        """Hours of all parts."""
        return sum((part.amount for part in self.parts if part.quantity == "hours"), 0.0)

    @property
    def spread_hours(self) -> float:
        """The sum of the spreads of the hours of all parts."""
        return sum((part.spread for part in self.parts if part.quantity == "hours"), 0.0)

    @property
    def components(self) -> dict[str, dict[str, float]]:
        """`cost_usd` and `hours` by component, in the order of table component."""
        found: dict[str, dict[str, float]] = {}
        for part in self.parts:
            of = found.setdefault(part.component, {})
            of[part.measure] = of.get(part.measure, 0.0) + part.amount
        return {name: found[name] for name in self.vocabulary.components if name in found}

    @property
    def by_grade(self) -> dict[str, dict[str, float]]:
        """`cost_usd` and `hours`, each split by the grade of the figures it rests on."""
        found: dict[str, dict[str, float]] = {"cost_usd": {}, "hours": {}}
        for part in self.parts:
            of = found[part.measure]
            of[part.grade] = of.get(part.grade, 0.0) + part.amount
        return found

    @property
    def grade(self) -> str:
        """The weakest grade of all figures it rests on."""
        return max((part.grade for part in self.parts), default="A")

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The sources of all figures it rests on."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.source_ids))

    @property
    def figures(self) -> tuple[str, ...]:
        """The keys of all figures its money and hours rest on."""
        return tuple(dict.fromkeys(key for part in self.parts for key in part.figures))

    def by_timetable(self) -> Arc:
        """Return the same step as the timetable counts it: what it knows of, and without spread."""
        counted = (replace(part, amount=part.scheduled, spread=0.0) for part in self.parts if part.scheduled)
        return replace(self, parts=tuple(counted))


@dataclass(frozen=True, eq=False, kw_only=True)
class ArcAmounts:
    """What each arc takes, each (n_arcs,): USD, hours, their spread, hours by the timetable, kg CO2e, km."""

    money: Floats
    hours: Floats
    spread: Floats
    scheduled: Floats
    co2_kg: Floats
    distance_km: Floats

    @classmethod
    def of(cls, works: Sequence[Work], km: Sequence[float], components: Iterable[str]) -> ArcAmounts:
        """Add up the parts of each work."""
        tables = by_component((work.parts for work in works), tuple(components))
        spread, scheduled = np.zeros(len(works)), np.zeros(len(works))
        for number, work in enumerate(works):
            for part in work.parts:
                if part.quantity == "hours":
                    spread[number] += part.spread
                    scheduled[number] += part.scheduled
        return cls(
            money=tables["cost"].sum(axis=1),
            hours=tables["hours"].sum(axis=1),
            spread=spread,
            scheduled=scheduled,
            co2_kg=np.array([work.co2_kg for work in works], float),
            distance_km=np.array(km, float),
        )

    @classmethod
    def joined(cls, pieces: Sequence[ArcAmounts]) -> ArcAmounts:
        """Return the amounts of some pieces, one after the other."""
        return cls(**{one.name: np.concatenate([getattr(piece, one.name) for piece in pieces]) for one in fields(cls)})

    def taken(self, rows: NDArray[np.int64]) -> ArcAmounts:
        """Return the amounts of some arcs, in the order of `rows`."""
        return ArcAmounts(**{one.name: getattr(self, one.name)[rows] for one in fields(self)})


def by_component(parts: Iterable[Sequence[Part]], components: Sequence[str]) -> dict[str, Floats]:
    """Return USD (`cost`) and `hours` of some arcs by component, each (n_arcs, n_components)."""
    column = {name: number for number, name in enumerate(components)}
    listed = list(parts)
    tables = {name: np.zeros((len(listed), len(column))) for name in ("cost", "hours")}
    for number, some in enumerate(listed):
        for part in some:
            tables[part.quantity][number, column[part.component]] += part.amount
    return tables
