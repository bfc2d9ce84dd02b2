"""What arcs are made of, by the figures behind it, side by side: terms, and the products of figures they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .arcs import Work

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

QUANTITIES = ("money", "hours", "spread", "co2")
"""USD, hours, hours of spread, and kg CO2e, as terms name them."""
Term = tuple[int, float, str]
"""Product, amount and grade."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Terms:
    """Terms of one quantity: those of arc a, `first[a]` to `first[a + 1]`, are each an `amount` of a `product`.

    `grade` is that of the weakest figure of the product; '' of emissions.
    """

    first: Ints
    product: Ints
    amount: Floats
    grade: NDArray[np.str_]

    @classmethod
    def of(cls, lists: Sequence[Sequence[Term]]) -> Terms:
        """Take the terms of each arc."""
        first = np.cumsum([0, *map(len, lists)], dtype=np.int64)
        every = [term for one in lists for term in one]
        product, amount = (
            np.array([row for row, _, _ in every], np.int64),
            np.array([size for _, size, _ in every], float),
        )
        return cls(first=first, product=product, amount=amount, grade=np.array([grade for _, _, grade in every], "U1"))

    @classmethod
    def single(cls, product: Ints, amount: Floats, grade: NDArray[np.str_]) -> Terms:
        """Take one term an arc; none where its amount is 0."""
        there = amount != 0
        return cls(
            first=np.concatenate([[0], np.cumsum(there)]),
            product=product[there],
            amount=amount[there],
            grade=grade[there],
        )

    @classmethod
    def joined(cls, pieces: Sequence[Terms]) -> Terms:
        """Return the terms of some pieces, one after the other."""
        counts = np.concatenate([np.diff(one.first) for one in pieces])
        columns = {
            name: np.concatenate([getattr(one, name) for one in pieces]) for name in ("product", "amount", "grade")
        }
        return cls(first=np.concatenate([[0], np.cumsum(counts)]), **columns)

    def taken(self, arcs: Ints) -> Terms:
        """Return the terms of some arcs, in the order of `arcs`."""
        counts = np.diff(self.first)[arcs]
        first = np.concatenate([[0], np.cumsum(counts)])
        place = np.arange(first[-1]) + np.repeat(self.first[arcs] - first[:-1], counts)
        return Terms(first=first, product=self.product[place], amount=self.amount[place], grade=self.grade[place])

    def added(self, group: Ints, n_groups: int) -> Terms:
        """Return the terms of groups of arcs, of each product one; `group` is that of each arc. They have no grade."""
        width = int(self.product.max(initial=0)) + 1
        found, place = np.unique(group[self.arc] * width + self.product, return_inverse=True)
        counts = np.bincount(found // width, minlength=n_groups)
        return Terms(
            first=np.concatenate([[0], np.cumsum(counts)]),
            product=found % width,
            amount=np.bincount(place, self.amount, minlength=len(found)).astype(float),
            grade=np.full(len(found), ""),
        )

    def plus(self, other: Terms, times: float) -> Terms:
        """Return what these and so many times the others add up to, arc by arc."""
        n_arcs = len(self.first) - 1
        both = Terms.joined([self, replace(other, amount=times * other.amount)])
        return both.added(np.tile(np.arange(n_arcs), 2), n_arcs)

    def of_grade(self, grade: str) -> Terms:
        """Return the same terms, all of one grade."""
        return replace(self, grade=np.full(len(self.grade), grade))

    def where(self, chosen: NDArray[np.bool_]) -> Terms:
        """Return the terms that are chosen, shape (n_terms,), each of its arc as before."""
        first = np.concatenate([[0], np.cumsum(chosen)])[self.first]
        return Terms(first=first, product=self.product[chosen], amount=self.amount[chosen], grade=self.grade[chosen])

    def __getitem__(self, arc: int) -> list[tuple[int, float]]:
        """Return the terms of one arc: product and amount of each."""
        own = slice(self.first[arc], self.first[arc + 1])
        return list(zip(self.product[own].tolist(), self.amount[own].tolist(), strict=True))

    @property
    def lists(self) -> tuple[Ints, Ints, Floats]:
        """All of it, as the engine takes it."""
        return self.first, self.product, self.amount

    @property
    def arc(self) -> Ints:
        """The arc of each term."""
        return np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))

    def sums(self, column: Floats | None = None) -> Floats:
        """Return the sum of each arc's terms, its products at the values of `column`."""
        sizes: Floats = self.amount if column is None else self.amount * column[self.product]
        return np.bincount(self.arc, sizes, minlength=len(self.first) - 1).astype(float)


class Products:
    """Figures and products of them by number, in the order in which they are met."""

    def __init__(self) -> None:
        self.figures: dict[str, int] = {}
        self.known: dict[tuple[str, ...], int] = {}
        self.blocks: list[tuple[Ints, Ints]] = []
        self.count = 0

    def figure(self, name: str) -> int:
        """Return the number of a figure."""
        return self.figures.setdefault(name, len(self.figures))

    def number(self, figures: tuple[str, ...]) -> int:
        """Return the number of the product of some figures."""
        if figures not in self.known:
            self.known[figures] = self.count
            self.count += 1
            for name in figures:
                self.figure(name)
        return self.known[figures]

    def fresh(self, *figures: Ints) -> Ints:
        """Return the numbers of products that were not met before: of a first figure each, a second, …."""
        numbers = np.arange(self.count, self.count + len(figures[0]))
        self.blocks.append((numbers, np.array(figures, np.int64)))
        self.count += len(numbers)
        return numbers

    @property
    def places(self) -> Ints:
        """Of every product its first figure, its second, …: the count of figures where it has no more."""
        by_size: dict[int, list[tuple[str, ...]]] = {}
        for figures in self.known:
            by_size.setdefault(len(figures), []).append(figures)
        blocks = list(self.blocks)
        for some in by_size.values():
            numbers = np.array([self.known[figures] for figures in some])
            blocks.append((numbers, np.array([[self.figures[name] for name in figures] for figures in some]).T))
        made = np.full((max((len(block) for _, block in blocks), default=0), self.count), len(self.figures), np.int64)
        for numbers, block in blocks:
            made[: len(block), numbers] = block
        return made


def terms_of(work: Work, products: Products, *, schedule: bool) -> dict[str, list[Term]]:
    """Return the terms of one work by quantity; with `schedule`, by the timetable, which has no spread."""
    found: dict[str, list[Term]] = {name: [] for name in QUANTITIES}

    def put(quantity: str, figures: tuple[str, ...], amount: float, grade: str) -> None:
        if amount:
            found[quantity].append((products.number(figures), amount, grade))

    for part in work.parts:
        amount = part.scheduled if schedule else part.amount
        put("money" if part.quantity == "cost" else "hours", part.figures, amount, part.grade)
        if part.quantity == "hours" and not schedule:
            put("spread", part.figures, part.spread, part.grade)
    put("co2", work.co2_figures, work.co2_kg, "")
    return found
