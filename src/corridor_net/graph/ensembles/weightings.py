"""Many weightings of one topology, written down by what drives them, so that they need never be held whole.

A weighting is one value an arc: >= 0, inf = absent. `Choices` holds them as numbered options of groups of arcs
(scenarios, subsets of upgrades); `amounts.Amounts` as rates times amounts that can be added up along the winning routes
(draws); `extra.weightings` has rows. Each fills a block of neighbouring weightings, side by side, when the solver asks
for it.
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
        _refuse_wide(block, self.options)
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


def _refuse_wide(block: Block, options: NDArray[np.float64]) -> None:
    """Refuse what float32 cannot hold."""
    if block.dtype == np.float32 and np.max(options, where=options < inf, initial=1.0) > HEAVIEST_NARROW:
        raise BadValue(f"float32 holds weights up to {HEAVIEST_NARROW:g}; use float64")


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
