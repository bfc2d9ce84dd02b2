"""The stochastic user equilibrium of route choice and queues at crossings: arrays in, arrays out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.router import Router
from corridor_net.errors import NoRoute

from .demand import Demand
from .gateways import PATH_SIZE, ChoiceSets, path_sizes
from .traffic import DAYS_A_YEAR

ALPHA, BETA = 1.0, 4.0
"""Queue grows by `1 + ALPHA (flow / capacity) ** BETA`, after the Bureau of Public Roads (1964); ALPHA is grade D."""
HALVINGS = 40
"""A Newton step is halved at most so often before it is taken as it is."""


@dataclass(slots=True, kw_only=True)
class Problem:
    """What is known before flows are: pairs with their routes so far, crossings that queue, and preferences."""

    router: Router
    scale: float
    preference: Mapping[str, float]
    crossings: list[str]
    arcs: list[list[int]]
    usd_an_hour_of_factor: NDArray[np.float64]
    capacity: NDArray[np.float64]
    base: NDArray[np.float64]
    pairs: dict[tuple[str, str], float]
    routes: dict[tuple[str, str], list[tuple[int, ...]]]
    cut_off: list[tuple[str, str]]

    @classmethod
    def of(
        cls,
        router: Router,
        demand: Sequence[Demand],
        scale: float,
        preference: Mapping[str, float],
        base_flow: Mapping[str, float],
    ) -> Problem:
        """Collect the crossings that queue, and the routes of each pair without congestion."""
        queues = _queues(router)
        names = list(queues)
        pairs: dict[tuple[str, str], float] = {}
        for row in demand:
            ends = router.network.node(row.origin).node_id, router.network.node(row.destination).node_id
            pairs[ends] = pairs.get(ends, 0.0) + row.teu
        time = router.impedance.cargo.value_of_time
        made = cls(
            router=router,
            scale=scale,
            preference=preference,
            crossings=names,
            arcs=[queues[name].arcs for name in names],
            usd_an_hour_of_factor=np.array([time * queues[name].hours for name in names]),
            capacity=np.array([queues[name].capacity_a_day for name in names]),
            base=np.array([base_flow.get(name, 0.0) for name in names]),
            pairs={},
            routes={},
            cut_off=[],
        )
        sets = ChoiceSets(router, router.generalised)
        for ends, teu in pairs.items():
            try:
                made.routes[ends] = [tuple(arcs) for arcs in sets.between(*ends)]
                made.pairs[ends] = teu
            except NoRoute:
                made.cut_off.append(ends)
        return made

    def ratio(self, loads: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return lorries a day over capacity, of TEU a year by crossing; flows below 0 count as none."""
        boxes = np.maximum(loads, 0.0) / self.router.impedance.cargo.teu / DAYS_A_YEAR
        return np.asarray((boxes + self.base) / self.capacity)

    def factors(self, loads: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what each queue is multiplied by."""
        return np.asarray(1 + ALPHA * self.ratio(loads) ** BETA)

    def extra_usd(self, loads: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what a passage of each crossing costs more, in USD a box."""
        return np.asarray(self.usd_an_hour_of_factor * (self.factors(loads) - 1))

    def slope(self, loads: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the derivative of `extra_usd` by TEU a year."""
        a_day = ALPHA * BETA * self.ratio(loads) ** (BETA - 1) / self.capacity
        rising = self.usd_an_hour_of_factor * a_day / self.router.impedance.cargo.teu / DAYS_A_YEAR
        return np.where(loads >= 0, rising, 0.0)

    def choices(self) -> RouteChoices:
        """Return the routes of all pairs as arrays."""
        return RouteChoices.of(self)

    def grow(self, loads: NDArray[np.float64]) -> bool:
        """Add the routes that are worth looking at under the queues of these loads; say whether there were any."""
        if not self.crossings:
            return False
        weight = self.router.generalised.copy()
        for arcs, usd in zip(self.arcs, self.extra_usd(loads).tolist(), strict=True):
            weight[arcs] += usd
        grown, sets = False, ChoiceSets(self.router, weight)
        for ends, known in self.routes.items():
            fresh = [tuple(arcs) for arcs in sets.between(*ends) if tuple(arcs) not in known]
            known += fresh
            grown = grown or bool(fresh)
        return grown


@dataclass(slots=True, kw_only=True)
class RouteChoices:
    """All routes of all pairs: free cost and path size, crossings passed, and the pair each belongs to."""

    problem: Problem
    owner: NDArray[np.int64]
    teu: NDArray[np.float64]
    utility: NDArray[np.float64]
    passes: NDArray[np.float64]
    arcs: list[tuple[int, ...]]

    @classmethod
    def of(cls, problem: Problem) -> RouteChoices:
        """Lay the routes found so far side by side."""
        router, cost = problem.router, problem.router.generalised
        owner, arcs, utility = [], [], []
        for number, routes in enumerate(problem.routes.values()):
            sizes = path_sizes(routes, cost)
            for route, size in zip(routes, sizes, strict=True):
                gateway = router.gateway(route)
                usd = float(cost[list(route)].sum()) + problem.preference.get(gateway or "by land", 0.0)
                owner.append(number)
                arcs.append(route)
                utility.append(PATH_SIZE * np.log(size) - problem.scale * usd)
        crossing_of = {arc: k for k, group in enumerate(problem.arcs) for arc in group}
        passes = np.zeros((len(arcs), len(problem.crossings)))
        for row, route in enumerate(arcs):
            for arc in route:
                if arc in crossing_of:
                    passes[row, crossing_of[arc]] += 1
        return cls(
            problem=problem,
            owner=np.array(owner, np.int64),
            teu=np.array(list(problem.pairs.values())),
            utility=np.array(utility),
            passes=passes,
            arcs=arcs,
        )

    def shares(self, loads: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of each route within its pair under the queues of these loads."""
        utility = self.utility - self.problem.scale * (self.passes @ self.problem.extra_usd(loads))
        best = np.full(len(self.teu), -inf)
        np.maximum.at(best, self.owner, utility)
        weight = np.exp(utility - best[self.owner])
        return np.asarray(weight / np.bincount(self.owner, weight, len(self.teu))[self.owner])

    def flows(self, loads: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return TEU by route: what all cargo chooses under the queues of these loads."""
        return np.asarray(self.teu[self.owner] * self.shares(loads))

    def residual(self, flows: NDArray[np.float64]) -> float:
        """Return the share of the cargo that would choose another route under the queues of these flows."""
        whole = float(self.teu.sum())
        moved = float(np.abs(self.flows(self.passes.T @ flows) - flows).sum())
        return moved / (2 * whole) if whole else 0.0

    def slope(self, loads: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the derivative of `passes.T @ flows(loads)` by the loads, shape (n_crossings, n_crossings)."""
        shares, pairs = self.shares(loads), len(self.teu)
        means = np.stack([np.bincount(self.owner, shares * column, pairs) for column in self.passes.T], axis=1)
        around = self.passes - means[self.owner]
        spread = self.passes.T @ ((self.teu[self.owner] * shares)[:, None] * around)
        return np.asarray(-self.problem.scale * spread * self.problem.slope(loads)[None, :])

    def balanced(self, start: NDArray[np.float64], tolerance: float, rounds: int) -> tuple[NDArray[np.float64], int]:
        """Return loads of crossings that their own flows give again, and the steps made."""
        z, steps = start, 0
        if not len(z):
            return z, 0

        def gap(loads: NDArray[np.float64]) -> NDArray[np.float64]:
            return np.asarray(self.passes.T @ self.flows(loads) - loads)

        off = gap(z)
        while steps < rounds and self.residual(self.flows(z)) > tolerance:
            step = np.linalg.solve(np.eye(len(z)) - self.slope(z), off)
            size, here = 1.0, float(np.linalg.norm(off))
            for _ in range(HALVINGS):
                if np.linalg.norm(gap(z + size * step)) <= (1 - 1e-4 * size) * here:
                    break
                size /= 2
            z = z + size * step
            off, steps = gap(z), steps + 1
        return z, steps


@dataclass(frozen=True, slots=True)
class _Queue:
    hours: float
    capacity_a_day: float
    arcs: list[int]


def _queues(router: Router) -> dict[str, _Queue]:
    """Return the crossings that have a capacity and a queue, with the arcs that pass them; none by the timetable."""
    capacity = {c.crossing_id: c.capacity_per_day for c in router.network.active("crossing") if c.capacity_per_day}
    found: dict[str, _Queue] = {}
    for place in router.impedance.of_kind("crossing").tolist():
        arc = router.impedance.arcs[place]
        if arc.asset_id in capacity and not router.schedule:
            hours = sum(part.amount for part in arc.parts if part.component == "queue")
            if hours > 0:
                queue = found.setdefault(arc.asset_id, _Queue(hours, float(capacity[arc.asset_id] or 0.0), []))
                queue.arcs.append(place)
    return found
