"""The topology every search runs on: `Graph`, arcs as arrays, and the checks at its door. No weights kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from corridor_net.errors import BadValue

LARGEST = 2**31 - 1
"""Nodes and arcs are counted in 32 bits."""

HEAVIEST = 1e290
"""The largest finite weight: with at most 2^31 arcs in a route, no sum of weights overflows."""
HEAVIEST_NARROW = 1e28
"""The same for float32, which ends at 3e38."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Graph:
    """A directed multigraph: `n_nodes` nodes and arcs from `tail` to `head`; the arc id is its position.

    Parallel arcs, loops and isolated nodes are allowed. The arrays are read-only. `first_out` (n_nodes + 1)
    and `out_arcs` (n_arcs) list the arcs by tail, in arc order within a tail: the arcs leaving node v are
    `out_arcs[first_out[v]:first_out[v + 1]]`.

    Examples
    --------
    >>> graph = Graph.from_arcs(3, [1, 0, 0], [2, 1, 1])
    >>> graph.n_arcs
    3
    >>> graph.out_arcs[graph.first_out[0]:graph.first_out[1]].tolist()
    [1, 2]
    """

    n_nodes: int
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    first_out: NDArray[np.int64]
    out_arcs: NDArray[np.int32]

    @classmethod
    def from_arcs(cls, n_nodes: int, tail: ArrayLike, head: ArrayLike) -> Graph:
        """Build a graph from the two ends of each arc; arrays of equal length, integers in [0, n_nodes).

        Raises
        ------
        BadValue
            Ends that are not integers, out of range or of different lengths, or more than 2^31 - 1 of them.
        """
        count = _whole(n_nodes, "n_nodes")
        if not 0 <= count <= LARGEST:
            raise BadValue(f"a graph has between 0 and {LARGEST} nodes, not {count}")
        tails = _ends(tail, "tail", count)
        heads = _ends(head, "head", count)
        if len(tails) != len(heads):
            raise BadValue(f"tail and head differ in length: {len(tails)} and {len(heads)}")
        first_out = np.zeros(count + 1, np.int64)
        np.cumsum(np.bincount(tails, minlength=count), out=first_out[1:])
        out_arcs = np.argsort(tails, kind="stable").astype(np.int32)
        for array in (tails, heads, first_out, out_arcs):
            array.flags.writeable = False
        return cls(n_nodes=count, tail=tails, head=heads, first_out=first_out, out_arcs=out_arcs)

    @property
    def n_arcs(self) -> int:
        """The number of arcs."""
        return len(self.tail)

    @cached_property
    def leaving(self) -> list[list[tuple[int, int]]]:
        """The arcs by tail as lists, for searches in plain Python: head and id of each."""
        rows = list(zip(self.head[self.out_arcs].tolist(), self.out_arcs.tolist(), strict=True))
        return [rows[start:end] for start, end in pairwise(self.first_out.tolist())]

    def reversed(self) -> Graph:
        """Return the graph with every arc turned round, made once; arc ids stay."""
        return self._reversed

    @cached_property
    def _reversed(self) -> Graph:
        return Graph.from_arcs(self.n_nodes, self.head, self.tail)


def checked_weight(graph: Graph, weight: ArrayLike) -> NDArray[np.float64]:
    """Return `weight` as contiguous float64 of shape (n_arcs,), or raise.

    Weights are >= 0; `inf` says that the arc is absent.

    Raises
    ------
    BadValue
        Not numbers, another length, NaN, negative, or finite but above 1e290.
    """
    values = numbers(weight, "weight")
    if values.shape != (graph.n_arcs,):
        raise BadValue(f"weight needs one value an arc, shape ({graph.n_arcs},), not {values.shape}")
    return checked_weights(values, range(graph.n_arcs))


def checked_weights(weights: ArrayLike, arcs: Sequence[int] | NDArray[Any]) -> NDArray[np.float64]:
    """Return the weights of some arcs as contiguous float64, or raise as `checked_weight` does."""
    values = numbers(weights, "weight")
    if values.size and values.min() >= 0 and values.max() <= HEAVIEST:  # most are; less memory is written
        return values
    good = (values >= 0) & ((values <= HEAVIEST) | np.isposinf(values))
    if not good.all():
        place = int(np.argmin(good))
        raise BadValue(
            f"the weight of arc {arcs[place]} is {values[place]}",
            hint=f"weights are between 0 and {HEAVIEST:g}, or inf for an arc that is absent",
        )
    return values


def checked_node(graph: Graph, node: int, role: str) -> int:
    """Return `node` as an int in [0, n_nodes), or raise `BadValue` naming its `role`."""
    number = _whole(node, role)
    if not 0 <= number < graph.n_nodes:
        raise BadValue(f"{role} {number} is not a node: nodes are 0 to {graph.n_nodes - 1}")
    return number


def checked_nodes(graph: Graph, nodes: ArrayLike, role: str) -> NDArray[np.int32]:
    """Return `nodes` as contiguous int32 of shape (k,), each in [0, n_nodes), or raise `BadValue`."""
    return _ends(nodes, role, graph.n_nodes)


def _whole(value: Any, role: str) -> int:
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise BadValue(f"{role} must be an integer, not {value!r}")
    return int(value)


def _ends(values: ArrayLike, role: str, count: int) -> NDArray[np.int32]:
    given = _array(values, role)
    if given.ndim != 1:
        raise BadValue(f"{role} needs one dimension, not {given.ndim}")
    if given.size == 0:
        return np.empty(0, np.int32)
    if given.dtype.kind not in "iu":
        raise BadValue(f"{role} must hold integers, not {given.dtype}")
    if len(given) > LARGEST:
        raise BadValue(f"{role} holds {len(given)} ids; at most {LARGEST} fit")
    outside = (given < 0) | (given >= count)
    if outside.any():
        place = int(np.argmax(outside))
        raise BadValue(f"{role}[{place}] is {given[place]}, not one of the {count} nodes (0 to {count - 1})")
    return np.array(given, np.int32)


def numbers(values: ArrayLike, role: str) -> NDArray[np.float64]:
    """Return `values` as contiguous float64, or raise `BadValue` naming their `role`."""
    given = _array(values, role)
    if given.size and given.dtype.kind not in "iuf":
        raise BadValue(f"{role} must hold numbers, not {given.dtype}")
    return np.ascontiguousarray(given, np.float64)


def _array(values: ArrayLike, role: str) -> NDArray[Any]:
    try:
        return np.asarray(values)
    except (ValueError, TypeError, OverflowError) as error:
        raise BadValue(f"{role} is not an array of numbers: {error}") from error
