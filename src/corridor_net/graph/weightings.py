"""Many weightings of one topology, written down by what drives them, so that they need never be held whole.

A weighting is one value an arc: >= 0, inf = absent. `Dense` holds them as rows, `Linear` as factors times
components (draws), `Choices` as numbered options of groups of arcs (scenarios, subsets of upgrades),
`Removals` as one base with arcs taken out, `Blocks` as a function that makes some rows at a time; `amounts.Amounts` as
rates times amounts that can be added up along the winning routes. Each fills a block of neighbouring weightings, side
by side, when the solver asks for it.
"""

# mypy: disallow-untyped-defs=False, check-untyped-defs=False
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue
from corridor_net.graph.compiled import kernel
from corridor_net.graph.lanes import WIDTH, add, load, multiply, spread, store, turn
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


@dataclass(frozen=True, slots=True, eq=False)
class Dense:
    """Weightings as rows, shape (count, n_arcs); each is checked when its block is filled, which reads it anyway."""

    rows: NDArray[np.float64]

    @classmethod
    def of(cls, graph: Graph, rows: ArrayLike) -> Dense:
        """Take `rows`, shape (count, n_arcs); `BadValue` for another shape or what is not a number."""
        values = numbers(rows, "weightings")
        if values.ndim != 2 or values.shape[1] != graph.n_arcs:
            raise BadValue(f"weightings need the shape (count, {graph.n_arcs}), not {values.shape}")
        return cls(values)

    @property
    def count(self) -> int:
        """The number of weightings."""
        return len(self.rows)

    @property
    def n_arcs(self) -> int:
        """The number of arcs."""
        return int(self.rows.shape[1])

    def fill(self, start: int, width: int, block: Block) -> None:
        """Write blocks of weightings; `BadValue` for NaN or negative values."""
        _fill_rows(self.rows, start, width, block)


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Weightings made when asked for: `make(start, stop)` returns rows start … stop - 1.

    Their shape is (stop - start, n_arcs). `make` must give the same rows whenever it is called,
    and may be called from several threads.
    """

    make: Callable[[int, int], NDArray[np.float64]]
    count: int
    n_arcs: int

    def fill(self, start: int, width: int, block: Block) -> None:
        """Write a block of weightings, checked."""
        stop = min(start + len(block) // max(self.n_arcs, 1), self.count)
        rows = np.ascontiguousarray(self.make(start, stop), np.float64)
        if rows.shape != (stop - start, self.n_arcs):
            raise BadValue(f"weightings {start} to {stop} came with the shape {rows.shape}")
        _fill_rows(rows, 0, width, block, number=start)


@dataclass(frozen=True, slots=True, eq=False)
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
        return cls(drive, first, factor.astype(np.int32), np.ascontiguousarray(share.T[arc, factor]))

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
        _refuse_wide(block, self.factors[start : start + len(block) // max(self.n_arcs, 1)], self.size)
        size, whole = self.size.astype(block.dtype), self.n_arcs * width
        for at in range(0, len(block), max(whole, 1)):
            rows = self.factors[start + at // max(self.n_arcs, 1) :][:width]
            columns = np.empty((self.factors.shape[1], width), block.dtype)
            columns[:, : len(rows)] = rows.T
            columns[:, len(rows) :] = rows[-1][:, None]
            _fill_linear(columns.ravel(), self.first, self.factor, size, width, block[at : at + whole])


@dataclass(frozen=True, slots=True, eq=False)
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
            _refuse_unfit(rows)
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
        return cls(picked, group, first, np.array([value for options in listed for value in options]))

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
        _refuse_wide(block, self.options)
        whole = self.n_arcs * width
        for at in range(0, len(block), max(whole, 1)):
            rows = self.choice[start + at // max(self.n_arcs, 1) :][:width]
            _fill_choices(rows, self.group, self.first, self.options, width, block[at : at + whole])


Changes = tuple[ArrayLike, ArrayLike]
"""The arcs of a group and the weights of its options, (n_options, n_arcs of the group)."""


@dataclass(frozen=True, slots=True, eq=False)
class Removals:
    """One base weighting; in weighting k the arcs `removed[first[k]:first[k + 1]]` are absent."""

    base: NDArray[np.float64]
    first: NDArray[np.int64]
    removed: NDArray[np.int32]

    @classmethod
    def of(cls, graph: Graph, base: ArrayLike, sets: Sequence[Sequence[int]]) -> Removals:
        """Take the base and the sets of arcs to remove, a set a weighting; `BadValue` for an unknown arc."""
        values = checked_weight(graph, base)
        first = np.zeros(len(sets) + 1, np.int64)
        np.cumsum([len(arcs) for arcs in sets], out=first[1:])
        removed = np.array([arc for arcs in sets for arc in arcs], np.int64)
        if removed.size and not (removed.min() >= 0 and removed.max() < graph.n_arcs):
            raise BadValue(f"arcs to remove must be 0 to {graph.n_arcs - 1}")
        return cls(values, first, removed.astype(np.int32))

    @property
    def count(self) -> int:
        """The number of weightings."""
        return len(self.first) - 1

    @property
    def n_arcs(self) -> int:
        """The number of arcs."""
        return len(self.base)

    def fill(self, start: int, width: int, block: Block) -> None:
        """Write a block of weightings."""
        _refuse_wide(block, self.base)
        wide = block.reshape(-1, self.n_arcs, width)
        wide[:] = self.base[:, None]
        for place in range(len(wide) * width):
            k = min(start + place, self.count - 1)
            wide[place // width, self.removed[self.first[k] : self.first[k + 1]], place % width] = inf


def _refuse_unfit(rows: NDArray[np.float64], number: int = 0, most: float = HEAVIEST) -> None:
    """Refuse what is no weight; row 0 is weighting `number`."""
    fit = ((rows >= 0) & (rows <= most)) | (rows == inf)
    if not fit.all():
        row, arc = np.argwhere(~fit)[0].tolist()
        raise BadValue(
            f"weighting {number + row}: the weight of arc {arc} is {rows[row, arc]}",
            hint=f"weights are between 0 and {most:g}, or inf for an arc that is absent",
        )


def _refuse_wide(block: Block, *driven: NDArray[np.float64]) -> None:
    """Refuse what float32 cannot hold: products of the largest finite values of what drives a block."""
    if block.dtype == np.float32:
        largest = [float(np.max(values, where=values < inf, initial=1.0)) for values in driven]
        if float(np.prod(largest)) > HEAVIEST_NARROW:
            raise BadValue(f"float32 holds weights up to {HEAVIEST_NARROW:g}; use float64")


def _refuse_huge(drive: NDArray[np.float64], share: NDArray[np.float64]) -> None:
    largest = [float(np.max(array[array < inf], initial=0.0)) for array in (drive, share)]
    if largest[0] * largest[1] * max(1, drive.shape[1]) > HEAVIEST:
        raise BadValue(f"factors times parts exceed {HEAVIEST:g}")


def _fill_rows(rows: NDArray[np.float64], start: int, width: int, block: Block, number: int = 0) -> None:
    """Write weightings that are rows, from row `start` on, into blocks; row 0 is weighting `number`."""
    dtype, n_arcs = block.dtype.name, rows.shape[1]
    part = rows[start : start + len(block) // max(n_arcs, 1)]
    most = HEAVIEST if dtype == "float64" else HEAVIEST_NARROW
    squares = width == WIDTH[dtype]
    if not _fill_checked(part.reshape(-1), n_arcs, width, squares, block, most):
        _refuse_unfit(part, start + number, most)


@kernel
def _fill_checked(rows, n_arcs, width, squares, block, most):
    """Write blocks, as long as all weights are fit; past the end the last weighting is repeated.

    Full blocks are turned, as many arcs at a time as a vector holds, where the `width` is that of a vector.
    """
    count = len(rows) // max(n_arcs, 1)
    for number in range(len(block) // max(n_arcs * width, 1)):
        begin, end = number * width * n_arcs, (number + 1) * width * n_arcs
        if not _all_fit(rows, begin, min(end, len(rows)), most):
            return False
        done = n_arcs - n_arcs % width if squares and end <= len(rows) else 0
        for arc in range(0, done, width):
            turn(rows, begin + arc, n_arcs, block, begin + arc * width, width)
        for arc in range(done, n_arcs):
            for lane in range(width):
                k = min(number * width + lane, count - 1)
                block[begin + arc * width + lane] = rows[k * n_arcs + arc]
    return True


@kernel
def _all_fit(values, begin, end, most):
    """Whether all are numbers from 0 to `most`, or inf; without a branch, so that many are looked at together."""
    unfit = 0
    part = values[begin:end]  # the compiler knows that places in it are not negative, and takes eight at a time
    for place in range(len(part)):
        value = part[place]
        unfit += not (((value >= 0) & (value <= most)) | (value == inf))
    return unfit == 0


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
