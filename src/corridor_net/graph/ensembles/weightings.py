"""Many weightings of one topology, written down by what drives them, so that they need never be held whole.

A weighting is one value an arc: >= 0, inf = absent. `Linear` holds them as factors times components (draws), `Choices`
as numbered options of groups of arcs (scenarios, subsets of upgrades); `amounts.Amounts` as rates times amounts that
can be added up along the winning routes; `extra.weightings` has rows, functions and arcs taken out. Each fills a block
of neighbouring weightings, side by side, when the solver asks for it.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue
from corridor_net.graph.loops.compiled import kernel
from corridor_net.graph.loops.lanes import add, load, multiply, spread, store
from corridor_net.graph.topology import HEAVIEST, HEAVIEST_NARROW, Graph, checked_weight, numbers

Block = NDArray[Any]
"""Shape (n_blocks * n_arcs * width,): in its first block the weights of arc a are `block[a * width:][:width]`."""


class Weightings(Protocol):
    """What the solver needs to know: how many weightings, of how many arcs, and the values of a block."""

    @property
    def count(self) -> int:
        """The number of weightings."""

    @property
    def n_arcs(self) -> int:
        """The number of arcs each of them has."""

    def fill(self, start: int, width: int, block: Block) -> None:
        """Write weightings start, start + 1, … into `block` until it is full; past the end the last is repeated.

        A block longer than `n_arcs * width` takes several, one after the other.
        """


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Linear:
    """Sums of factors times components: `weight[k, a] = sum_f factors[k, f] * part[f, a]`.

    Factors may be inf, which closes every arc that has the component. Only parts above zero are kept:
    `first` (n_arcs + 1), `factor` and `size` list them by arc.
    """

    factors: NDArray[np.float64]
    first: NDArray[np.int64]
    factor: NDArray[np.int32]
    size: NDArray[np.float64]

    @classmethod
    def of(cls, graph: Graph, factors: ArrayLike, parts: ArrayLike) -> Linear:
        """Take `factors` (count, n_factors), >= 0 or inf, and `parts` (n_factors, n_arcs), >= 0.

        A part of inf closes the arc whatever the factor, unless the factor is zero everywhere.

        Raises
        ------
        BadValue
            Shapes that do not fit, NaN or negative values, products above 1e290.
        """
        drive, share = numbers(factors, "factors"), numbers(parts, "parts")
        if drive.ndim != 2 or share.shape != (drive.shape[1], graph.n_arcs):
            raise BadValue(
                f"factors {drive.shape} and parts {share.shape} do not fit: "
                f"(count, n_factors) and (n_factors, {graph.n_arcs}) are needed"
            )
        if not ((drive >= 0).all() and (share >= 0).all()):
            raise BadValue("factors and parts must be numbers of at least 0")
        _refuse_huge(drive, share)
        if np.isinf(share).any():
            # inf * 0 is not a number: say "closed" by a factor of its own that is never zero.
            closed = np.isinf(share).any(axis=0)
            drive = np.column_stack([drive, np.full(len(drive), inf)])
            share = np.vstack([np.where(np.isinf(share), 0.0, share), closed.astype(np.float64)])
        arc, factor = np.nonzero(share.T)
        first = np.zeros(graph.n_arcs + 1, np.int64)
        np.cumsum(np.bincount(arc, minlength=graph.n_arcs), out=first[1:])
        return cls(
            factors=drive, first=first, factor=factor.astype(np.int32), size=np.ascontiguousarray(share.T[arc, factor])
        )

    @property
    def count(self) -> int:
        """The number of weightings."""
        return len(self.factors)

    @property
    def n_arcs(self) -> int:
        """The number of arcs."""
        return len(self.first) - 1

    def fill(self, start: int, width: int, block: Block) -> None:
        """Write a block of weightings."""
        refuse_wide(block, self.factors[start : start + len(block) // max(self.n_arcs, 1)], self.size)
        size, whole = self.size.astype(block.dtype), self.n_arcs * width
        for at in range(0, len(block), max(whole, 1)):
            rows = self.factors[start + at // max(self.n_arcs, 1) :][:width]
            columns = np.empty((self.factors.shape[1], width), block.dtype)
            columns[:, : len(rows)] = rows.T
            columns[:, len(rows) :] = rows[-1][:, None]
            _fill_linear(columns.ravel(), self.first, self.factor, size, width, block[at : at + whole])


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Choices:
    """Weightings that choose for each group of arcs one of its numbered options.

    Arc a of group g = `group[a]` weighs `options[first[a] + choice[k, g]]` in weighting k. Arcs that nothing
    changes belong to group -1 and have one option.
    """

    choice: NDArray[np.int32]
    group: NDArray[np.int32]
    first: NDArray[np.int64]
    options: NDArray[np.float64]

    @classmethod
    def of(cls, graph: Graph, base: ArrayLike, changes: Sequence[Changes], choice: ArrayLike) -> Choices:
        """Take a `base` weighting, `changes` as (arcs, weights) of each group, `choice` (count, n_groups).

        Option 0 of a group is the base; option i is row i - 1 of its weights, shape (n_options, its arcs).
        An arc belongs to one group at most: make a group of their own for arcs that two upgrades share.

        Raises
        ------
        BadValue
            An arc in two groups, a choice that is not an option, shapes that do not fit, unfit weights.
        """
        values = checked_weight(graph, base)
        picked = np.ascontiguousarray(choice, np.int32)
        if picked.ndim != 2 or picked.shape[1] != len(changes):
            raise BadValue(f"choice needs the shape (count, {len(changes)}), not {picked.shape}")
        group = np.full(graph.n_arcs, -1, np.int32)
        listed = [[value] for value in values.tolist()]
        for number, (arcs, weights) in enumerate(changes):
            rows = np.atleast_2d(numbers(weights, f"the weights of group {number}"))
            refuse_unfit(rows)
            members = np.asarray(arcs).tolist()
            if rows.shape[1] != len(members):
                raise BadValue(f"group {number} has {len(members)} arcs and {rows.shape[1]} weights")
            for place, arc in enumerate(members):
                if not 0 <= arc < graph.n_arcs or group[arc] != -1:
                    raise BadValue(f"arc {arc} of group {number} is not an arc, or in two groups")
                group[arc] = number
                listed[arc].extend(rows[:, place].tolist())
            column = picked[:, number]
            if len(column) and not (column.min() >= 0 and column.max() <= len(rows)):
                raise BadValue(f"group {number} has the options 0 to {len(rows)}")
        first = np.zeros(graph.n_arcs + 1, np.int64)
        np.cumsum([len(options) for options in listed], out=first[1:])
        return cls(
            choice=picked,
            group=group,
            first=first,
            options=np.array([value for options in listed for value in options]),
        )

    @property
    def count(self) -> int:
        """The number of weightings."""
        return len(self.choice)

    @property
    def n_arcs(self) -> int:
        """The number of arcs."""
        return len(self.group)

    def fill(self, start: int, width: int, block: Block) -> None:
        """Write a block of weightings."""
        refuse_wide(block, self.options)
        whole = self.n_arcs * width
        for at in range(0, len(block), max(whole, 1)):
            rows = self.choice[start + at // max(self.n_arcs, 1) :][:width]
            _fill_choices(rows, self.group, self.first, self.options, width, block[at : at + whole])


Changes = tuple[ArrayLike, ArrayLike]
"""The arcs of a group and the weights of its options, (n_options, n_arcs of the group)."""


def refuse_unfit(rows: NDArray[np.float64], number: int = 0, most: float = HEAVIEST) -> None:
    """Refuse what is no weight; row 0 is weighting `number`."""
    fit = ((rows >= 0) & (rows <= most)) | (rows == inf)
    if not fit.all():
        row, arc = np.argwhere(~fit)[0].tolist()
        raise BadValue(
            f"weighting {number + row}: the weight of arc {arc} is {rows[row, arc]}",
            hint=f"weights are between 0 and {most:g}, or inf for an arc that is absent",
        )


def refuse_wide(block: Block, *driven: NDArray[np.float64]) -> None:
    """Refuse what float32 cannot hold: products of the largest finite values of what drives a block."""
    if block.dtype == np.float32:
        largest = [float(np.max(values, where=values < inf, initial=1.0)) for values in driven]
        if float(np.prod(largest)) > HEAVIEST_NARROW:
            raise BadValue(f"float32 holds weights up to {HEAVIEST_NARROW:g}; use float64")


def _refuse_huge(drive: NDArray[np.float64], share: NDArray[np.float64]) -> None:
    largest = [float(np.max(array[array < inf], initial=0.0)) for array in (drive, share)]
    if largest[0] * largest[1] * max(1, drive.shape[1]) > HEAVIEST:
        raise BadValue(f"factors times parts exceed {HEAVIEST:g}")


@kernel
def _fill_linear(columns, first, factor, size, width, block):
    for arc in range(len(first) - 1):
        start = first[arc]
        end = first[arc + 1]
        if start == end:
            block[arc * width : (arc + 1) * width] = 0
            continue
        total = multiply(load(columns, factor[start] * width), spread(size, start))
        for i in range(start + 1, end):
            total = add(total, multiply(load(columns, factor[i] * width), spread(size, i)))
        store(block, arc * width, total)


@kernel
def _fill_choices(choice, group, first, options, width, block):
    for arc in range(len(group)):
        place = first[arc]
        if group[arc] < 0:
            for lane in range(width):
                block[arc * width + lane] = options[place]
        else:
            for lane in range(width):
                k = min(lane, len(choice) - 1)
                block[arc * width + lane] = options[place + choice[k, group[arc]]]
