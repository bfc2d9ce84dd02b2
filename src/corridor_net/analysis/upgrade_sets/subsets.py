"""All subsets of some upgrades as weightings of one graph, and the best routes in each of them. No drawing."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.route import gateway_of
from corridor_net.analysis.router import Router
from corridor_net.errors import BadValue
from corridor_net.graph import Graph, Weighted
from corridor_net.graph.loops.compiler import can_compile
from corridor_net.scenario import Scenario

from .upgrade_rules import Rules

MEASURES = ("weight", "generalised", "money", "hours", "co2")
"""What is known of every arc in every subset: what is minimised, then USD, USD, hours, kg CO2e per box."""

COMPILE_ABOVE = 5_000
"""Searches x arcs, in thousands, from which the compiled engine is worth its start."""

Amounts = NDArray[np.float64]
"""Shape (5, n_arcs): one row a measure of MEASURES; weight inf where the arc is absent."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Group:
    """Upgrades that share arcs: `members` (`mask`: as bits), `arcs`, and the amounts of these arcs by subset."""

    members: tuple[int, ...]
    mask: int
    arcs: NDArray[np.int64]
    tables: dict[int, Amounts]


@dataclass(frozen=True, eq=False, kw_only=True)
class Values:
    """Least weights of every subset asked for: `cost` (n_subsets, n_origins, n_destinations), inf = no route.

    `route` (same shape) numbers the routes of a pair; `arcs` gives the arcs of (origin, destination, number).
    """

    subsets: UpgradeSubsets
    masks: tuple[int, ...]
    cost: NDArray[np.float64]
    route: NDArray[np.int64]
    arcs: dict[tuple[int, int, int], NDArray[np.int64]]

    def total(self, measure: str) -> NDArray[np.float64]:
        """Return a measure summed along the best route, same shape as `cost`; inf where there is none."""
        if measure == "weight":
            return self.cost
        row = MEASURES.index(measure)
        found = np.full(self.cost.shape, np.inf)
        option: list[NDArray[np.int64]] = []
        for group in self.subsets.groups:
            number = {mask: k for k, mask in enumerate(group.tables)}
            option.append(np.array([number[mask & group.mask] for mask in self.masks], np.int64))
        tables = [np.array([table[row] for table in group.tables.values()]) for group in self.subsets.groups]
        for (origin, destination, number_of_route), arcs in self.arcs.items():
            here = np.flatnonzero(self.route[:, origin, destination] == number_of_route)
            owner = self.subsets.group_of[arcs]
            sums = np.full(len(here), self.subsets.base[row, arcs[owner < 0]].sum())
            for position in sorted({*owner[owner >= 0].tolist()}):
                places = np.searchsorted(self.subsets.groups[position].arcs, arcs[owner == position])
                sums += tables[position][:, places].sum(axis=1)[option[position][here]]
            found[here, origin, destination] = sums
        return found


@dataclass(frozen=True, eq=False, kw_only=True)
class UpgradeSubsets:
    """All subsets of `upgrades` on a base: bit i of a mask says that upgrade i is there.

    `base` holds the amounts of every arc without upgrades, `groups` what changes. A mask stands for its
    *effective* set: with what its members extend, and without members whose `requires` are not met.
    """

    router: Router
    upgrades: tuple[Scenario, ...]
    states: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    graph: Graph
    at_sea: NDArray[np.bool_]
    base: Amounts
    group_of: NDArray[np.int64]
    groups: tuple[Group, ...]
    compiled: int

    @property
    def full(self) -> int:
        """The mask of all upgrades."""
        return (1 << len(self.upgrades)) - 1

    @cached_property
    def rules(self) -> Rules:
        """What belongs with what."""
        return Rules.of(self.upgrades)

    def gateway(self, arcs: Sequence[int]) -> str | None:
        """Return the gateway of the way along `arcs` (`gateway_of`)."""
        ends = [tuple(self.states[end[arc]][0] for end in (self.graph.tail, self.graph.head)) for arc in arcs]
        sea = [pair for arc, pair in zip(arcs, ends, strict=True) if self.at_sea[arc]]
        return gateway_of(self.router.network.overseas, ends[0][0], sea)

    def names(self, mask: int) -> tuple[str, ...]:
        """Return the names of the upgrades of a mask, in order."""
        return tuple(u.name for number, u in enumerate(self.upgrades) if mask >> number & 1)

    def amounts(self, mask: int) -> Amounts:
        """Return the amounts of every arc under a subset, shape (5, n_arcs)."""
        effective = self.rules.effective(mask)
        found = self.base.copy()
        for group in self.groups:
            found[:, group.arcs] = group.tables[effective & group.mask]
        return found

    def state(self, node: str, name: str) -> int | None:
        """Return the number of a state, or None when no subset has it."""
        return self._index.get((node, name))

    @cached_property
    def _index(self) -> dict[tuple[str, str], int]:
        return {state: number for number, state in enumerate(self.states)}

    def solve(
        self, masks: Sequence[int], origins: Sequence[str], destinations: Sequence[str], *, compiled: bool | None = None
    ) -> Values:
        """Return the best routes of every pair in every subset; equal effective sets are searched once.

        `compiled` chooses the engine (None: by the size of the task, and plain where numba is not installed).
        """
        effective = [self.rules.effective(mask) for mask in masks]
        distinct = sorted(set(effective))
        sources = [self.end_state(origin, "origin") for origin in origins]
        targets = [self.end_state(destination, "destination") for destination in destinations]
        if compiled is None:
            fewer = min(len(sources), len(targets))
            compiled = len(distinct) * fewer * self.graph.n_arcs > COMPILE_ABOVE * 1000 and can_compile()
        engine = self._solve_compiled if compiled else self._solve_plain
        cost, route, arcs = engine(distinct, sources, targets)
        place = {mask: number for number, mask in enumerate(distinct)}
        rows = np.array([place[mask] for mask in effective], np.int64)
        return Values(subsets=self, masks=tuple(effective), cost=cost[rows], route=route[rows], arcs=arcs)

    def end_state(self, node: str, name: str) -> int:
        """Return the state in which cargo starts (`origin`) or ends (`destination`); BadValue when it never can."""
        found = self.state(node, name)
        if found is None:
            verb = "sent from" if name == "origin" else "received at"
            raise BadValue(
                f"cargo cannot be {verb} {self.router.network.nodes[node].name} on {self.router.network.day}",
                hint="no terminal of it is open on the day, with or without the upgrades",
            )
        return found

    def _solve_plain(self, masks: Sequence[int], sources: Sequence[int], targets: Sequence[int]) -> tuple[Any, ...]:
        shape = (len(masks), len(sources), len(targets))
        cost, route = np.full(shape, np.inf), np.zeros(shape, np.int64)
        numbers: dict[tuple[int, int, tuple[int, ...]], int] = {}
        backwards = len(targets) < len(sources)
        graph = self.graph.reversed() if backwards else self.graph
        roots, leaves = (targets, sources) if backwards else (sources, targets)
        for k, mask in enumerate(masks):
            weighted = Weighted.of(graph, self.amounts(mask)[0])
            for i, root in enumerate(roots):
                tree = weighted.one_to_all(root)
                for j, leaf in enumerate(leaves):
                    if tree.distance[leaf] == np.inf:
                        continue
                    path = tuple(tree.path(leaf).tolist())
                    o, d = (j, i) if backwards else (i, j)
                    path = path[::-1] if backwards else path
                    cost[k, o, d] = tree.distance[leaf]
                    route[k, o, d] = numbers.setdefault((o, d, path), len(numbers) + 1)
        arcs = {(o, d, number): np.array(path, np.int64) for (o, d, path), number in numbers.items()}
        return cost, route, arcs

    def _solve_compiled(self, masks: Sequence[int], sources: Sequence[int], targets: Sequence[int]) -> tuple[Any, ...]:
        from corridor_net.graph.ensembles.ensemble import solve
        from corridor_net.graph.ensembles.weightings import Choices
        from corridor_net.graph.hierarchy.hierarchy import Hierarchy

        changes, columns = [], []
        for group in self.groups:
            options = {mask: number for number, mask in enumerate(sorted(group.tables))}
            rows = [group.tables[mask][0] for mask in options if mask]
            changes.append((group.arcs, np.array(rows).reshape(len(rows), len(group.arcs))))
            columns.append([options[mask & group.mask] for mask in masks])
        choice = np.array(columns, np.int32).reshape(len(changes), len(masks)).T
        weightings = Choices.of(self.graph, self.base[0], changes, choice)
        found = solve(Hierarchy.build(self.graph), weightings, sources, targets, routes=True)
        arcs = {}
        for o, d in itertools.product(range(len(sources)), range(len(targets))):
            reached = np.flatnonzero(found.cost[:, o, d] < np.inf)
            assert found.route is not None  # noqa: S101 (asked for above)
            numbers, first = np.unique(found.route[reached, o, d], return_index=True)
            for number, k in zip(numbers.tolist(), reached[first].tolist(), strict=True):
                arcs[o, d, number] = found.path(k, o, d).astype(np.int64)
        return found.cost, found.route, arcs
