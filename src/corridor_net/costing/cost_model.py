"""Arcs by the figures they rest on, so that any draw of the figures prices all arcs at once.

A *term* is an amount that is proportional to a product of figures: the money of a haul to its tariff and its length,
the hours of a haul to its length and, inversely, to its speed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from .compiled import Impedance
from .terms import QUANTITIES, Floats, Ints, Products, Terms

Columns = Callable[[str], Floats]
"""Gives what amounts that rest on a figure are multiplied with, in the draws looked at."""


@dataclass(frozen=True, eq=False, kw_only=True)
class CostModel:
    """The arcs by their terms: of each of `QUANTITIES` amounts of products of figures.

    `places` (most, n_products): of every product its first figure, its second, …, as numbers of `figures`; the count
    of `figures` where it has no more.
    """

    figures: tuple[str, ...]
    places: Ints
    terms: dict[str, Terms]

    @classmethod
    def from_impedance(cls, impedance: Impedance, *, schedule: bool = False) -> CostModel:
        """Take the arcs apart; with `schedule`, hours are those of the timetable, which have no spread."""
        products = Products()
        pieces = [piece.terms(products, schedule=schedule) for piece in impedance.arcs.pieces]
        terms = {name: Terms.joined(listed) for name, listed in zip(QUANTITIES, zip(*pieces, strict=True), strict=True)}
        if impedance.arcs.grade:
            terms = {name: one.of_grade(impedance.arcs.grade) for name, one in terms.items()}
        return cls(figures=tuple(products.figures), places=products.places, terms=terms)

    def product(self, number: int) -> tuple[str, ...]:
        """Return the figures of a product."""
        return tuple(self.figures[place] for place in self.places[:, number].tolist() if place < len(self.figures))

    @property
    def n_products(self) -> int:
        """The number of products."""
        return int(self.places.shape[1])

    @property
    def factors(self) -> tuple[Ints, Ints, Floats]:
        """The figures of every product as lists side by side, each once, as the engine takes them."""
        there = (self.places < len(self.figures)).T
        number = self.places.T[there]
        return np.concatenate([[0], np.cumsum(there.sum(axis=1))]), number, np.ones(len(number))

    def resting_on(self, figure: str) -> NDArray[np.bool_]:
        """Return which products have a figure, shape (n_products,); none where no arc rests on it."""
        if figure not in self._number:
            return np.zeros(self.n_products, bool)
        return np.asarray((self.places == self._number[figure]).any(axis=0))

    @cached_property
    def _number(self) -> dict[str, int]:
        return {figure: number for number, figure in enumerate(self.figures)}

    def met(self, arcs: Iterable[int]) -> list[int]:
        """Return the products that some arcs rest on, in the order in which they are met."""
        return list(
            dict.fromkeys(row for arc in dict.fromkeys(arcs) for one in self.terms.values() for row, _ in one[arc])
        )

    def of_routes(self, routes: Sequence[Sequence[int]]) -> tuple[tuple[tuple[str, ...], ...], tuple[Floats, ...]]:
        """Return the products that some of the routes have, and of all `QUANTITIES` the amounts by route and product.

        Each array is (n_routes, n_products): as wide as the routes need, however large the network is.
        """
        arcs = np.fromiter(chain.from_iterable(routes), np.int64)
        route = np.repeat(np.arange(len(routes)), [len(one) for one in routes])
        used = self.met(arcs.tolist())
        column = np.zeros(self.n_products, np.int64)
        column[used] = np.arange(len(used))
        made = []
        for terms in self.terms.values():
            taken = terms.taken(arcs)
            cell = route[taken.arc] * len(used) + column[taken.product]
            summed = np.bincount(cell, taken.amount, minlength=len(routes) * len(used)).astype(float)
            made.append(summed.reshape(len(routes), len(used)))
        return tuple(map(self.product, used)), tuple(made)

    def along(self, ways: Sequence[Sequence[int]]) -> CostModel:
        """Return the model of ways, each of some arcs, with the products that they rest on alone."""
        arcs = np.fromiter(chain.from_iterable(ways), np.int64)
        way = np.repeat(np.arange(len(ways)), [len(one) for one in ways])
        terms = {name: one.taken(arcs).added(way, len(ways)) for name, one in self.terms.items()}
        used = np.flatnonzero(np.bincount(np.concatenate([one.product for one in terms.values()])))
        terms = {name: replace(one, product=np.searchsorted(used, one.product)) for name, one in terms.items()}
        return CostModel(figures=self.figures, places=self.places[:, used], terms=terms)

    def columns(self, factor: Columns, count: int) -> Floats:
        """Return what every product is multiplied with in every draw, shape (n_products, count)."""
        known = np.array([*map(factor, self.figures), np.ones(count)])
        made = np.ones((self.n_products, count))
        for place in self.places:
            made *= known[place]
        return made

    def evaluate(self, factor: Callable[[str], float]) -> tuple[Floats, Floats, Floats, Floats]:
        """Return USD, hours, hours of spread and kg CO2e of every arc, each (n_arcs,), at one factor a figure."""
        column = self.columns(lambda figure: np.array([factor(figure)]), 1)[:, 0]
        return tuple(terms.sums(column) for terms in self.terms.values())  # type: ignore[return-value]


def product_columns(products: Sequence[Sequence[str]], factor: Columns, count: int) -> Floats:
    """Return what every product is multiplied with in every draw, shape (n_products, count)."""
    known = {figure: factor(figure) for figure in dict.fromkeys(f for figures in products for f in figures)}
    made = np.empty((len(products), count))
    for row, figures in enumerate(products):
        made[row] = known[figures[0]] if figures else 1.0
        for figure in figures[1:]:
            made[row] *= known[figure]
    return made
