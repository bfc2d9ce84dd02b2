"""Weightings whose arcs are sums of amounts at a rate, and whose amounts can be added up along the winning routes."""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue
from corridor_net.graph.ensembles.weightings import Block
from corridor_net.graph.loops.compiled import index, kernel
from corridor_net.graph.loops.lanes import add, broadcast, load, multiply, store, zero
from corridor_net.graph.topology import HEAVIEST

Lists = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]
"""What `Listed` is made of."""


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """Lists of numbered things, one after the other: those of item i are `number[first[i]:first[i + 1]]`.

    `size` goes with each number.
    """

    first: NDArray[np.int64]
    number: NDArray[np.int32]
    size: NDArray[np.float64]

    @classmethod
    def of(cls, first: NDArray[np.int64], number: NDArray[np.int64], size: NDArray[np.float64], most: int) -> Listed:
        """Take lists side by side; `BadValue` unless 0 <= number < `most` and size is finite and >= 0."""
        if number.size and not (number.min() >= 0 and number.max() < most):
            raise BadValue(f"numbers must be 0 to {most - 1}")
        if not (np.isfinite(size).all() and (size >= 0).all()):
            raise BadValue("amounts must be finite numbers of at least 0")
        return cls(first, number.astype(np.int32), size)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Amounts:
    """Weights that are a sum of amounts at a rate: `weight = own + sum over i of rates[i, k] amount_i`, three amounts.

    Each amount of an arc is a sum of parts, size x product; `products[t]` lists the factors that are multiplied.
    `factors` (n_blocks, n_factors, 8) and `rates` (n_blocks, 3, 8) hold eight draws side by side. `ensemble.totals`
    adds up the three amounts, and `marks` (n_arcs,), along the winning routes.
    """

    count: int
    factors: NDArray[np.float64]
    rates: NDArray[np.float64]
    products: Listed
    parts: tuple[Listed, Listed, Listed, Listed]
    marks: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        n_factors: int,
        products: Lists,
        parts: Sequence[Lists],
        marks: ArrayLike,
    ) -> Amounts:
        """Take products of factors, and for own and each amount products by arc; no draws. Sizes of factors are 1.

        Raises
        ------
        BadValue
            Numbers of factors or products that there are not, a product of nothing, negative sizes, lists that are
            not one an arc.
        """
        listed = Listed.of(*products, n_factors)
        if not np.diff(listed.first).all():
            raise BadValue("a product needs a factor")
        marked = np.ascontiguousarray(marks, np.float64)
        own, first, second, third = (Listed.of(*one, len(listed.first) - 1) for one in parts)
        if {len(one.first) - 1 for one in (own, first, second, third)} != {len(marked)}:
            raise BadValue("amounts and marks need one entry an arc")
        return cls(
            count=0,
            factors=np.ones((0, n_factors, 8)),
            rates=np.ones((0, 3, 8)),
            products=listed,
            parts=(own, first, second, third),
            marks=marked,
        )

    def at(self, factors: NDArray[np.float64], rates: NDArray[np.float64]) -> Amounts:
        """Return the same in other draws: `factors` (n_factors, count), `rates` (3, count).

        Raises
        ------
        BadValue
            Shapes that do not fit; values that are negative, NaN or infinite.
        """
        count = factors.shape[-1]
        if factors.shape != (self.factors.shape[1], count) or rates.shape != (3, count):
            raise BadValue(
                f"factors {factors.shape} and rates {rates.shape} do not fit {self.factors.shape[1]} factors"
            )
        for values in (factors, rates):
            if values.size and not (values.min() >= 0 and values.max() < HEAVIEST):
                raise BadValue("factors and rates must be finite numbers of at least 0")
        return replace(self, count=count, factors=_by_eights(factors), rates=_by_eights(rates))

    @property
    def n_arcs(self) -> int:
        """The number of arcs."""
        return len(self.marks)

    @property
    def lists(self) -> tuple[Any, ...]:
        """What `fill_amounts` reads, flat."""
        by = [(one.first, one.number, one.size) for one in self.parts]
        rows = (self.factors.reshape(-1), self.rates.reshape(-1), self.factors.shape[1])
        return (*rows, self.products.first, self.products.number, *by)

    def fill(self, start: int, width: int, block: Block) -> None:
        """Write blocks of weightings."""
        made = np.empty((4, self.n_arcs * 8))
        columns = np.empty((len(self.products.first) - 1) * 8)
        wide = block.reshape(len(block) // max(self.n_arcs * width, 1), self.n_arcs, width)
        for at in range(0, len(wide) * width, 8):
            draws = np.minimum(start + at + np.arange(8), self.count - 1)
            one = replace(
                self, factors=self.factors[draws // 8, :, draws % 8].T, rates=self.rates[draws // 8, :, draws % 8].T
            )
            fill_amounts(one.lists, 0, columns, made[0], made[1], made[2], made[3], 8)
            wide[at // width, :, at % width : at % width + 8] = made[0].reshape(-1, 8)


def _by_eights(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (n_blocks, n, 8) of (n, count); the last block is filled up with ones."""
    n_blocks, rest = -(-values.shape[1] // 8), -values.shape[1] % 8
    whole = np.concatenate([values, np.ones((len(values), rest))], axis=1) if rest else values
    return np.ascontiguousarray(whole.reshape(len(values), n_blocks, 8).transpose(1, 0, 2))


@kernel
def fill_amounts(lists, block, columns, weights, firsts, seconds, thirds, width):
    """Write weights and the amounts of every arc in a block of draws, `width` of them side by side."""
    factors, rates, n_factors, first, factor, own, one, two, three = lists
    own_first, own_number, own_size = own  # taken apart here: in a loop, each would be counted as held and let go
    one_first, one_number, one_size = one
    two_first, two_number, two_size = two
    three_first, three_number, three_size = three
    at = block * n_factors * width
    for t in range(len(first) - 1):
        product = load(factors, at + factor[first[t]] * width)
        for i in range(index(first[t] + 1), index(first[t + 1])):
            product = multiply(product, load(factors, at + factor[i] * width))
        store(columns, t * width, product)
    first_rate, second_rate = load(rates, 3 * block * width), load(rates, (3 * block + 1) * width)
    third_rate = load(rates, (3 * block + 2) * width)
    for arc in range(len(own_first) - 1):
        weight = zero(columns)
        for i in range(index(own_first[arc]), index(own_first[arc + 1])):
            weight = add(weight, multiply(load(columns, own_number[i] * width), broadcast(own_size, i)))
        amount = zero(columns)
        for i in range(index(one_first[arc]), index(one_first[arc + 1])):
            amount = add(amount, multiply(load(columns, one_number[i] * width), broadcast(one_size, i)))
        store(firsts, arc * width, amount)
        weight = add(weight, multiply(first_rate, amount))
        amount = zero(columns)
        for i in range(index(two_first[arc]), index(two_first[arc + 1])):
            amount = add(amount, multiply(load(columns, two_number[i] * width), broadcast(two_size, i)))
        store(seconds, arc * width, amount)
        weight = add(weight, multiply(second_rate, amount))
        amount = zero(columns)
        for i in range(index(three_first[arc]), index(three_first[arc + 1])):
            amount = add(amount, multiply(load(columns, three_number[i] * width), broadcast(three_size, i)))
        store(thirds, arc * width, amount)
        store(weights, arc * width, add(weight, multiply(third_rate, amount)))
