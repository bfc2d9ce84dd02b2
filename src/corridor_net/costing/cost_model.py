"""What every arc is made of, by the figures behind it, so that any draw of the figures prices all arcs at once.

A *term* is an amount that is proportional to a product of figures: the money of a haul to its tariff and its length,
the hours of a haul to its length and, inversely, to its speed. The only place where the parts of arcs are summed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .arcs import Arc, Impedance, Part

Floats = NDArray[np.float64]
Terms = tuple[tuple[tuple[int, float], ...], ...]
Columns = Callable[[str], Floats]
"""Gives what amounts that rest on a figure are multiplied with, in the draws looked at."""

QUANTITIES = ("money", "hours", "spread", "co2")
"""USD, hours, hours of spread, and kg CO2e, as `CostModel` names them."""


@dataclass(frozen=True, slots=True)
class Flat:
    """Terms as arrays: term i is `amount[i]` of product `product[i]`, of arc `arc[i]`, in the order of arcs."""

    arc: NDArray[np.int64]
    product: NDArray[np.int64]
    amount: Floats

    @classmethod
    def of(cls, terms: Terms) -> Flat:
        """List the terms of all arcs."""
        flat = [pair for one in terms for pair in one]
        arc = np.repeat(np.arange(len(terms)), [len(one) for one in terms])
        return cls(arc, np.array([row for row, _ in flat], np.int64), np.array([amount for _, amount in flat], float))


@dataclass(frozen=True)
class CostModel:
    """The arcs by their terms: one row of `products` a distinct tuple of figures.

    `money`, `hours`, `spread`, `co2`: by arc, lists of (row of `products`, amount).
    """

    products: tuple[tuple[str, ...], ...]
    money: Terms
    hours: Terms
    spread: Terms
    co2: Terms

    @classmethod
    def from_impedance(cls, impedance: Impedance, *, schedule: bool = False) -> CostModel:
        """Take the arcs apart; with `schedule`, hours are those of the timetable, which have no spread."""
        rows: dict[tuple[str, ...], int] = {}
        known: dict[tuple[int, float, tuple[str, ...]], tuple[dict[str, Any], tuple[Part, ...]]] = {}
        by_arc = []
        for arc in impedance.arcs:  # the two directions of a link have the same parts
            same = id(arc.parts), arc.co2_kg, arc.co2_figures
            if same not in known:
                known[same] = _terms(arc, rows, schedule=schedule), arc.parts  # kept: another must not take their id
            by_arc.append(known[same][0])
        money, hours, spread, co2 = (tuple(one[name] for one in by_arc) for name in QUANTITIES)
        return cls(tuple(rows), money, hours, spread, co2)

    @cached_property
    def figures(self) -> tuple[str, ...]:
        """Every figure, once."""
        return tuple(dict.fromkeys(figure for row in self.products for figure in row))

    def terms(self, quantity: str) -> Terms:
        """Return the terms of one of `QUANTITIES`, by arc."""
        found: Terms = getattr(self, quantity)
        return found

    def of_routes(self, routes: Sequence[Sequence[int]]) -> tuple[tuple[tuple[str, ...], ...], tuple[Floats, ...]]:
        """Return the products that some of the routes have, and of all `QUANTITIES` the amounts by route and product.

        Each array is (n_routes, n_products): as wide as the routes need, however large the network is.
        """
        arcs = dict.fromkeys(arc for route in routes for arc in route)
        used = sorted({row for quantity in QUANTITIES for arc in arcs for row, _ in self.terms(quantity)[arc]})
        place = {row: column for column, row in enumerate(used)}
        made = tuple(np.zeros((len(routes), len(place))) for _ in QUANTITIES)
        for amounts, quantity in zip(made, QUANTITIES, strict=True):
            terms = self.terms(quantity)
            for number, route in enumerate(routes):
                for arc in route:
                    for row, amount in terms[arc]:
                        amounts[number, place[row]] += amount
        return tuple(self.products[row] for row in used), made

    def evaluate(self, factor: Callable[[str], float]) -> tuple[Floats, Floats, Floats, Floats]:
        """Return USD, hours, hours of spread and kg CO2e of every arc, each (n_arcs,), at one factor a figure."""
        known = np.array([*map(factor, self.figures), 1.0])
        column = np.ones(len(self.products))
        for place in self.places:
            column *= known[place]
        return tuple(  # type: ignore[return-value]
            np.bincount(flat.arc, flat.amount * column[flat.product], minlength=len(self.money)) for flat in self.flat
        )

    @cached_property
    def places(self) -> tuple[NDArray[np.int64], ...]:
        """Of every product its first figure, its second, …: numbers of `figures`, their count where it has no more."""
        number = {figure: place for place, figure in enumerate(self.figures)}
        most = max(map(len, self.products), default=0)
        made = np.full((most, len(self.products)), len(number), np.int64)
        for row, figures in enumerate(self.products):
            for place, figure in enumerate(figures):
                made[place, row] = number[figure]
        return tuple(made)

    @cached_property
    def flat(self) -> tuple[Flat, ...]:
        """All terms of each of `QUANTITIES` as arrays, arc by arc."""
        return tuple(Flat.of(self.terms(quantity)) for quantity in QUANTITIES)


def product_columns(products: Sequence[Sequence[str]], factor: Columns, count: int) -> Floats:
    """Return what every product is multiplied with in every draw, shape (n_products, count)."""
    known = {figure: factor(figure) for figure in dict.fromkeys(f for figures in products for f in figures)}
    made = np.ones((len(products), count))
    for row, figures in enumerate(products):
        for figure in figures:
            made[row] *= known[figure]
    return made


def _terms(arc: Arc, rows: dict[tuple[str, ...], int], *, schedule: bool) -> dict[str, tuple[tuple[int, float], ...]]:
    """Return the terms of one arc by quantity; `rows` learns the products it has not met."""
    found: dict[str, list[tuple[int, float]]] = {name: [] for name in QUANTITIES}

    def put(quantity: str, figures: tuple[str, ...], amount: float) -> None:
        if amount:
            found[quantity].append((rows.setdefault(figures, len(rows)), amount))

    for part in arc.parts:
        amount = part.scheduled if schedule else part.amount
        put("money" if part.quantity == "cost" else "hours", part.figures, amount)
        if part.quantity == "hours" and not schedule:
            put("spread", part.figures, part.spread)
    put("co2", arc.co2_figures, arc.co2_kg)
    return {name: tuple(terms) for name, terms in found.items()}
