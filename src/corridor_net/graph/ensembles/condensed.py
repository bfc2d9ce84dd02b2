"""What some origins and goals need of a graph: steps, each of one arc or of several one after the other.

Least costs between these ends stay as they are under any weights that are not negative, and so do their routes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from corridor_net.graph.topology import Graph


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Condensed:
    """Steps from node to node, the arcs that each stands for, and the origins and goals by their numbers here."""

    graph: Graph
    arcs: tuple[tuple[int, ...], ...]
    ends: tuple[tuple[int, ...], tuple[int, ...]]

    @classmethod
    def of(cls, graph: Graph, origins: Sequence[int], goals: Sequence[int]) -> Condensed:
        """Keep what leads from an origin to a goal, and of the nodes between them those where many steps meet."""
        made = _Kept()
        for step in _useful(graph, origins, goals):
            made.add(step)
        made.leave_out({*made.into} & {*made.out} - {*origins, *goals})
        steps = made.steps.values()
        nodes = sorted({*origins, *goals, *(step.tail for step in steps), *(step.head for step in steps)})
        number = {node: place for place, node in enumerate(nodes)}
        return cls(
            graph=Graph.from_arcs(
                len(nodes), [number[step.tail] for step in steps], [number[step.head] for step in steps]
            ),
            arcs=tuple(step.arcs for step in steps),
            ends=(tuple(number[node] for node in origins), tuple(number[node] for node in goals)),
        )


class _Passage(NamedTuple):
    """Arcs from one node to another, and the nodes `met` between them."""

    tail: int
    head: int
    arcs: tuple[int, ...]
    met: frozenset[int]


class _Kept:
    """Steps by number, and the numbers of those that lead to each node and from it."""

    def __init__(self) -> None:
        self.steps: dict[int, _Passage] = {}
        self.into: dict[int, dict[int, None]] = {}
        self.out: dict[int, dict[int, None]] = {}
        self.met = 0

    def add(self, step: _Passage) -> None:
        self.steps[self.met] = step
        self.out.setdefault(step.tail, {})[self.met] = None
        self.into.setdefault(step.head, {})[self.met] = None
        self.met += 1

    def take(self, number: int) -> _Passage:
        step = self.steps.pop(number)
        del self.out[step.tail][number], self.into[step.head][number]
        return step

    def leave_out(self, nodes: set[int]) -> None:
        """Leave out each of some nodes as long as steps past it are not more than those to it and from it."""
        waiting = dict.fromkeys(sorted(nodes))
        while waiting:
            node, _ = waiting.popitem()
            into, out = ([self.steps[number] for number in side[node]] for side in (self.into, self.out))
            past = [(one, other) for one in into for other in out if one.tail != other.head]
            if len(past) > len(into) + len(out):
                continue
            for number in (*self.into[node], *self.out[node]):
                self.take(number)
            for one, other in past:
                if one.met.isdisjoint(other.met):  # else it would come back
                    self.add(_Passage(one.tail, other.head, one.arcs + other.arcs, one.met | other.met | {node}))
            waiting.update(
                dict.fromkeys(end for end in (*(s.tail for s in into), *(s.head for s in out)) if end in nodes)
            )


def _useful(graph: Graph, origins: Sequence[int], goals: Sequence[int]) -> list[_Passage]:
    """Return the arcs on some way from an origin to a goal as steps; loops are on none."""
    left, kept = _reached(graph.leaving, origins), _reached(graph.reversed().leaving, goals)
    ends = enumerate(zip(graph.tail.tolist(), graph.head.tolist(), strict=True))
    return [
        _Passage(tail, head, (arc,), frozenset())
        for arc, (tail, head) in ends
        if tail in left and head in kept and tail != head
    ]


def _reached(leaving: list[list[tuple[int, int]]], starts: Sequence[int]) -> set[int]:
    """Return all nodes that can be reached from some."""
    found, waiting = set(starts), list(starts)
    while waiting:
        fresh = {head for head, _ in leaving[waiting.pop()]} - found
        found |= fresh
        waiting += fresh
    return found
