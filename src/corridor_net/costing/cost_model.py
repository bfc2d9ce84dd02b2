"""What every arc is made of, by the figures behind it, so that any draw of the figures prices all arcs at once.

A *term* is an amount that is proportional to a product of figures: the money of a haul to its tariff and its length,
the hours of a haul to its length and, inversely, to its speed. The only place where the parts of arcs are summed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .arcs import Arc, Impedance

Floats = NDArray[np.float64]
Terms = tuple[tuple[tuple[int, float], ...], ...]
Columns = Callable[[str], Floats]
"""Gives what amounts that rest on a figure are multiplied with, in the draws looked at."""

QUANTITIES = ("money", "hours", "spread", "co2")
"""USD, hours, hours of spread, and kg CO2e, as `CostModel` names them."""


@dataclass(frozen=True, slots=True)
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
        by_arc = [_terms(arc, rows, schedule=schedule) for arc in impedance.arcs]
        money, hours, spread, co2 = (tuple(one[name] for one in by_arc) for name in QUANTITIES)
        return cls(tuple(rows), money, hours, spread, co2)

    @property
    def figures(self) -> tuple[str, ...]:
        """Every figure, once."""
        return tuple(dict.fromkeys(figure for row in self.products for figure in row))

    def terms(self, quantity: str) -> Terms:
        """Return the terms of one of `QUANTITIES`, by arc."""
        found: Terms = getattr(self, quantity)
        return found

    def matrix(self, routes: Sequence[Sequence[int]], quantity: str) -> Floats:
        """Return amounts by route and product, shape (n_routes, n_products)."""
        terms = self.terms(quantity)
        amounts = np.zeros((len(routes), len(self.products)))
        for row, arcs in enumerate(routes):
            for arc in arcs:
                for column, amount in terms[arc]:
                    amounts[row, column] += amount
        return amounts

    def matrices(self, routes: Sequence[Sequence[int]]) -> tuple[Floats, Floats, Floats, Floats]:
        """Return the matrices of all of `QUANTITIES`."""
        return tuple(self.matrix(routes, quantity) for quantity in QUANTITIES)  # type: ignore[return-value]

    def columns(self, factor: Columns, count: int, used: NDArray[np.bool_] | None = None) -> Floats:
        """Return what every product is multiplied with in every draw, shape (n_products, count).

        Rows that are not `used` (n_products,) are left at 1.
        """
        wanted = [(row, figures) for row, figures in enumerate(self.products) if used is None or used[row]]
        known = {figure: factor(figure) for figure in dict.fromkeys(f for _, figures in wanted for f in figures)}
        made = np.ones((len(self.products), count))
        for row, figures in wanted:
            for figure in figures:
                made[row] *= known[figure]
        return made

    def evaluate(self, factor: Callable[[str], float]) -> tuple[Floats, Floats, Floats, Floats]:
        """Return USD, hours, hours of spread and kg CO2e of every arc, each (n_arcs,), at one factor a figure."""
        column = [float(np.prod([factor(figure) for figure in row])) for row in self.products]
        return tuple(  # type: ignore[return-value]
            np.array([sum(amount * column[row] for row, amount in terms) for terms in self.terms(quantity)])
            for quantity in QUANTITIES
        )


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
