"""A scenario over years: what it costs, what it is worth, and at what value of each input it just pays. No prose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.breakeven import Breakeven
from corridor_net.analysis.loads.demand import Freight
from corridor_net.analysis.router import Router
from corridor_net.analysis.varied import VALUE_OF_TIME, VariedParameter
from corridor_net.appraisal.benefits import Carriage, Worth, worth, worth_by_year
from corridor_net.appraisal.carbon import PRICE_YEAR, Path, carbon_prices
from corridor_net.appraisal.project import Project
from corridor_net.appraisal.rates_of_return import rates_of_return
from corridor_net.appraisal.switching import nearest, roots_of, straight
from corridor_net.errors import BadValue, NoRoute
from corridor_net.figure_keys import original_key

from .carriage import Moving, Pair, carriage, piece_of, pieces

Floats = NDArray[np.float64]
FURTHEST = 10.0
"""Multiples of a figure up to which it is varied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """The value of one figure of the network at which a project just pays, nearest to the present one.

    `value` None: between 0 and ten times `now` there is none. `proved`: the worth is monotone around it;
    `jump`: it leaps over 0 there, as routes change and with them fees and CO2e.
    """

    key: str
    what: str
    unit: str
    now: float
    value: float | None
    multiple: float | None
    proved: bool
    jump: bool


@dataclass(frozen=True, eq=False, kw_only=True)
class Case:
    """A project on the network: routers without and with it, traffic, and what is assumed.

    Pairs without a route before or after are left out (`left_out`): what is not carried has no cost to compare.
    `known` holds routes (arcs) by pair that were found before, without and with the project.
    """

    before: Router
    after: Router
    streams: tuple[Freight, ...]
    project: Project
    growth: float
    elasticity: float
    path: Path
    known: tuple[Mapping[Pair, Sequence[int]], Mapping[Pair, Sequence[int]]] = field(default=({}, {}), repr=False)

    @cached_property
    def _found(self) -> tuple[list[Freight], tuple[list[list[int]], list[list[int]]], list[Pair]]:
        kept: list[Freight] = []
        ways: tuple[list[list[int]], list[list[int]]] = ([], [])
        out: list[Pair] = []
        for stream in self.streams:
            pair = stream.origin, stream.destination
            try:
                found = [self._way(side, pair) for side in (0, 1)]
            except NoRoute:
                out.append(pair)
                continue
            kept.append(stream)
            for side, way in zip(ways, found, strict=True):
                side.append(way)
        if not kept:
            raise BadValue("no pair with traffic has a route both without and with the project")
        return kept, ways, out

    def _way(self, side: int, pair: Pair) -> list[int]:
        known = self.known[side].get(pair)
        return list((self.before, self.after)[side].route(*pair).arcs if known is None else known)

    @property
    def left_out(self) -> list[Pair]:
        """Pairs that have no route without the project, or none with it."""
        return self._found[2]

    @property
    def kept(self) -> list[Freight]:
        """The traffic that is looked at."""
        return self._found[0]

    @property
    def ways(self) -> tuple[list[list[int]], list[list[int]]]:
        """The routes (arcs) of all pairs, without and with the project."""
        return self._found[1]

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs that are looked at."""
        return tuple((stream.origin, stream.destination) for stream in self.kept)

    @cached_property
    def carriage(self) -> tuple[Carriage, Carriage]:
        """What a box costs without and with the project, by pair."""
        return carriage(self.before, self.ways[0]), carriage(self.after, self.ways[1])

    @cached_property
    def diverted(self) -> NDArray[np.bool_]:
        """Whether a pair's cargo goes by another gateway with the project, shape (n_pairs,)."""
        return np.array([self.before.gateway(a) != self.after.gateway(b) for a, b in zip(*self.ways, strict=True)])

    def boxes(self, project: Project) -> Floats:
        """Return existing boxes by pair and year, 0 while the project is not open, shape (n_pairs, n_years)."""
        made = np.array([stream.by_year(project.years, self.growth) for stream in self.kept])
        return np.asarray(made * project.open_years)

    def prices(self, project: Project, path: Path) -> Floats:
        """Return what a tonne of CO2e costs by year, in USD of the price year."""
        prices = self.before.impedance.prices
        return np.asarray(prices.usd(1.0, "USD", PRICE_YEAR) * carbon_prices(path, project.years))

    def weights(self, project: Project, path: Path) -> tuple[Floats, Floats]:
        """Return discounted boxes, and the same times the price of a tonne, by pair."""
        boxes = self.boxes(project)
        return boxes @ project.factors, boxes @ (project.factors * self.prices(project, path))

    def worth(self, project: Project, path: Path | None = None) -> Worth:
        """Return what the project is worth by pair, before its own costs."""
        return worth(*self.carriage, *self.weights(project, path or self.path), self.elasticity)

    def net_present_value(self, project: Project, path: Path | None = None) -> float:
        """Return the net present value, USD."""
        return float(self.worth(project, path).total.sum()) - project.cost_usd

    @cached_property
    def by_year(self) -> Floats:
        """What the project is worth in each year, not discounted, USD, shape (n_years,)."""
        boxes, prices = self.boxes(self.project), self.prices(self.project, self.path)
        return worth_by_year(*self.carriage, boxes, prices, self.elasticity)

    @cached_property
    def gained_usd(self) -> float:
        """The present value of what all gain, before the project's own costs."""
        return float(self.worth(self.project).total.sum())

    @property
    def npv_usd(self) -> float:
        """The net present value of the project."""
        return self.gained_usd - self.project.cost_usd

    @property
    def rates_of_return(self) -> tuple[float, ...]:
        """All internal rates of return."""
        return rates_of_return((self.by_year - self.project.costs).tolist())

    @property
    def opening_teu(self) -> float:
        """Existing traffic of the year in which the project opens."""
        place = self.project.opening - self.project.base_year
        return float(self.boxes(self.project)[:, place].sum()) * self.before.impedance.cargo.teu

    @property
    def traffic_multiple(self) -> float | None:
        """What traffic must be multiplied by for the project just to pay; None where no traffic would do."""
        return straight(-self.project.cost_usd, self.npv_usd)

    @property
    def pays_from_teu(self) -> float | None:
        """The traffic of the opening year from which the project pays; None where no traffic would do."""
        return None if self.traffic_multiple is None else self.traffic_multiple * self.opening_teu

    # switching values

    @cached_property
    def _figures(self) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """The figures that routes rest on, with their keys without and with the project."""
        found: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
        for side, router in enumerate((self.before, self.after)):
            known = router.impedance.parameters
            for way in self.ways[side]:
                for key in dict.fromkeys(key for arc in way for key in _figures_of(router, arc)):
                    if key in known and not known[key].is_length and not known[key].certain:
                        found.setdefault(original_key(key), ({}, {}))[side].setdefault(key)
        return {name: (tuple(a), tuple(b)) for name, (a, b) in found.items()}

    def switches(self, count: int) -> tuple[Switch, ...]:
        """Return the switching values of the value of time and of the figures that move the worth most at present."""
        boxes, _ = self.weights(self.project, self.path)
        ranked: list[tuple[float, str, tuple[Moving, Moving]]] = []
        for name, keys in self._figures.items():
            movers = self._movers(*keys)
            try:
                before, after = (mover.moved(ways) for mover, ways in zip(movers, self.ways, strict=True))
            except BadValue:
                continue
            ranked.append((-abs(float(boxes @ (before - after))), name, movers))
        ranked.sort(key=lambda row: row[:2])
        chosen = [(VALUE_OF_TIME, self._movers((VALUE_OF_TIME,), (VALUE_OF_TIME,)))]
        chosen += [(name, movers) for _, name, movers in ranked[:count]]
        return tuple(self._switch(name, movers) for name, movers in chosen)

    def _movers(self, before: tuple[str, ...], after: tuple[str, ...]) -> tuple[Moving, Moving]:
        limits = self._limits
        return Moving(limits=limits[0], pairs=self.pairs, keys=before), Moving(
            limits=limits[1], pairs=self.pairs, keys=after
        )

    @cached_property
    def _limits(self) -> tuple[Breakeven, Breakeven]:
        return Breakeven(self.before, *self.pairs[0]), Breakeven(self.after, *self.pairs[0])

    def _switch(self, name: str, movers: tuple[Moving, Moving]) -> Switch:
        boxes, carbon = self.weights(self.project, self.path)
        known: dict[str, Any] = {
            "boxes": boxes,
            "carbon": carbon,
            "elasticity": self.elasticity,
            "spent_usd": self.project.cost_usd,
        }
        roots = roots_of(piece_of(*piece, **known) for piece in pieces(movers, 0.0, FURTHEST))
        figure, root = self._parameter(movers), nearest(roots, 1.0)
        return Switch(
            key=name,
            what=figure.what,
            unit=figure.unit,
            now=figure.now,
            value=None if root is None else figure.value(root.x * figure.x_now),
            multiple=None if root is None else root.x,
            proved=root is None or root.proved,
            jump=root is not None and root.jump,
        )

    def _parameter(self, movers: tuple[Moving, Moving]) -> VariedParameter:
        mover = next(mover for mover in movers if mover.keys)
        return mover.limits.parameter(mover.keys[0])


def _figures_of(router: Router, arc: int) -> list[str]:
    return [key for part in router.impedance.arcs[arc].parts for key in part.figures]
