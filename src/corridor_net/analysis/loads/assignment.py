"""A demand laid on the network: what each route, port, crossing, link and service carries, queues included."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.route import crossings_of
from corridor_net.analysis.router import Router
from corridor_net.appraisal.liner import checked_scale
from corridor_net.costing import Arc
from corridor_net.errors import BadValue
from corridor_net.results import Result, measure, plain

from .demand import Demand
from .equilibrium import Problem, RouteChoices
from .gateways import SCALE_PER_USD

ROUNDS = 100
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteFlow:
    """Annual TEU on one route of a pair, what it passes, and its generalised cost with the queues of these flows.

    `gateway_service` is the service that takes the cargo to or from the gateway; None by land.
    """

    origin: str
    destination: str
    gateway: str | None
    gateway_service: str | None
    crossings: tuple[str, ...]
    links: tuple[str, ...] = measure(hidden=True)
    services: tuple[str, ...]
    ports: tuple[str, ...] = measure(hidden=True)
    generalised_cost_usd: float = measure("USD", 2)
    teu: float = measure("TEU a year", 4)
    arcs: tuple[int, ...] = measure(hidden=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads(Result):
    """Route flows near an equilibrium; every table is a sum of these same flows, in TEU a year.

    `residual` is the share of the cargo that would take another route if it chose again under the queues that
    these flows make: `sum over routes |x_r - T_r(x)| / (2 sum of demand)`, 0 at an equilibrium. `converged` says
    whether it is at most `tolerance` and no new route appears under these queues; `rounds` counts the steps made.
    `queue_factor` is what the queue of each crossing with a capacity is multiplied by under these flows.
    """

    flows: tuple[RouteFlow, ...] = field(repr=False)
    queue_factor: dict[str, float]
    residual: float
    tolerance: float
    rounds: int
    converged: bool
    cut_off: tuple[tuple[str, str], ...]

    @property
    def by_gateway(self) -> dict[str, float]:
        """TEU by gateway; 'by land' without one."""
        return _summed((flow.gateway or "by land", flow.teu) for flow in self.flows)

    @property
    def by_gateway_service(self) -> dict[str, dict[str, float]]:
        """TEU by gateway, and there by the service that takes it to or from the gateway; adds up to `by_gateway`."""
        found: dict[str, dict[str, float]] = {}
        for gateway in self.by_gateway:
            own = [flow for flow in self.flows if flow.gateway == gateway]
            if own:
                found[gateway] = _summed((flow.gateway_service or "", flow.teu) for flow in own)
        return found

    @property
    def by_port(self) -> dict[str, float]:
        """TEU by port of loading, transhipment included."""
        return _summed((port, flow.teu) for flow in self.flows for port in flow.ports)

    @property
    def by_crossing(self) -> dict[str, float]:
        """TEU by crossing."""
        return _summed((crossing, flow.teu) for flow in self.flows for crossing in flow.crossings)

    @property
    def by_link(self) -> dict[str, float]:
        """TEU by land link, both directions together."""
        return _summed((link, flow.teu) for flow in self.flows for link in flow.links)

    @property
    def by_service(self) -> dict[str, float]:
        """TEU by service boarded ('charter' for voyages on demand)."""
        return _summed((service, flow.teu) for flow in self.flows for service in flow.services)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape; TEU a year."""
        tables = {
            "teu_by_gateway": self.by_gateway,
            "teu_by_crossing": self.by_crossing,
            "teu_by_link": self.by_link,
            "teu_by_service": self.by_service,
            "teu_by_port": self.by_port,
            "queue_factor": self.queue_factor,
        }
        return {
            **{name: _rounded(of) for name, of in tables.items()},
            "teu_by_gateway_service": {port: _rounded(of) for port, of in self.by_gateway_service.items()},
            "routes": plain(self.flows),
            "residual": self.residual,
            "tolerance": self.tolerance,
            "rounds": self.rounds,
            "converged": self.converged,
            "cut_off": [list(pair) for pair in self.cut_off],
        }


def _summed(amounts: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Return the sums by name, the largest first."""
    found: dict[str, float] = {}
    for name, amount in amounts:
        found[name] = found.get(name, 0.0) + amount
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _rounded(table: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in table.items()}


def assign(
    router: Router,
    demand: Sequence[Demand],
    *,
    scale_per_usd: float = SCALE_PER_USD,
    preference_usd: Mapping[str, float] | None = None,
    rounds: int = ROUNDS,
    tolerance: float = TOLERANCE,
    base_flow: Mapping[str, float] | None = None,
) -> Loads:
    """Lay a demand on the network: the stochastic user equilibrium of the route shares of `gateways.choice`.

    Where table crossing has a capacity (lorries a day), the crossing's queue is multiplied by
    `1 + ALPHA (v / c) ** BETA`, `v` the boxes a day of this demand (one lorry each) and of `base_flow` (lorries a
    day that are there anyhow; nothing unless given). Crossings without a capacity have no congestion.

    The flows `x` sought satisfy `x = T(x)`: under the queues of `x` each pair's cargo chooses `x` (Daganzo &
    Sheffi 1977; unique for given routes, Fisk 1980). As only crossings with a capacity change their cost, the
    unknowns are their flows `z`: `z = F(z)` is solved by Newton's method, `(I - F'(z)) step = F(z) - z`, the step
    halved until `|F(z) - z|` falls. Routes of a pair are those of `choice` without congestion; when the queues
    found make new ones worth looking at, these are added (none is dropped) and `z` is sought again. Path sizes
    are those of the costs without congestion. It ends when `Loads.residual` is at most `tolerance` and no route
    was added, or after `rounds` steps in all; then `converged` is False.

    Raises BadValue for an empty demand, negative TEU, fewer than 1 round or a tolerance not above 0. Pairs without
    a route are in `cut_off`.
    """
    if not demand or min(d.teu for d in demand) < 0:
        raise BadValue("a demand needs rows, and TEU of 0 or more")
    if rounds < 1 or not 0 < tolerance < inf:
        raise BadValue(f"{rounds} rounds to a tolerance of {tolerance:g}", hint="1 round or more, to above 0")
    problem = Problem.of(router, demand, checked_scale(scale_per_usd), preference_usd or {}, base_flow or {})
    done, z = 0, np.zeros(len(problem.crossings))
    while True:
        choices = problem.choices()
        z, steps = choices.balanced(z, tolerance, rounds - done)
        done += max(steps, 1) if problem.crossings else 0
        flows = choices.flows(z)
        loads = choices.passes.T @ flows
        residual = choices.residual(flows)
        complete = not problem.grow(loads)
        if complete or done >= rounds:
            break
    return Loads(
        flows=_described(choices, flows, loads),
        queue_factor=dict(zip(problem.crossings, problem.factors(loads).tolist(), strict=True)),
        residual=residual,
        tolerance=tolerance,
        rounds=done,
        converged=complete and residual <= tolerance,
        cut_off=tuple(problem.cut_off),
    )


def _described(choices: RouteChoices, flows: NDArray[np.float64], loads: NDArray[np.float64]) -> tuple[RouteFlow, ...]:
    """Return the flows with what each route passes, by pair and the largest first."""
    router, ends = choices.problem.router, list(choices.problem.pairs)
    extra = choices.passes @ choices.problem.extra_usd(loads)
    found = []
    amounts = zip(choices.arcs, choices.owner.tolist(), flows.tolist(), extra.tolist(), strict=True)
    for arcs, number, teu, usd in amounts:
        steps = [router.impedance.arcs[arc] for arc in arcs]
        boarded = [step for step in steps if step.kind in ("board", "charter")]
        gateway = router.gateway(arcs)
        found.append(
            RouteFlow(
                origin=ends[number][0],
                destination=ends[number][1],
                gateway=gateway,
                gateway_service=_service_at(gateway, steps),
                crossings=crossings_of(steps),
                links=tuple(step.asset_id for step in steps if step.kind == "haul"),
                services=tuple(step.asset_id for step in boarded),
                ports=tuple(step.from_node for step in boarded),
                generalised_cost_usd=float(router.generalised[list(arcs)].sum()) + usd,
                teu=teu,
                arcs=arcs,
            )
        )
    order = {pair: number for number, pair in enumerate(ends)}
    return tuple(sorted(found, key=lambda flow: (order[flow.origin, flow.destination], -flow.teu, flow.arcs)))


def _service_at(gateway: str | None, steps: Sequence[Arc]) -> str | None:
    """Return the service of the sea leg that leaves, or lands at, the gateway."""
    sea = [step for step in steps if step.leaves_land]
    leaves = [step.asset_id for step in sea if step.from_node == gateway]
    lands = [step.asset_id for step in sea if step.to_node == gateway]
    return leaves[0] if leaves else lands[-1] if lands else None
