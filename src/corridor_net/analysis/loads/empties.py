"""Where boxes pile up and where they lack, and the cheapest way to bring empty ones back. The balance closes.

Of each kind of box and place, boxes that arrive laden and boxes that leave laden are set against each other; what is
over goes empty to where boxes lack, at least cost: a transportation problem (Hitchcock 1941), solved by HiGHS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridor_net.analysis.router import Router
from corridor_net.appraisal.years import Floats, checked_amount
from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Weighted
from corridor_net.results import measure

from .boxes import LaidDemand
from .demand import Freight
from .traffic import DAYS_A_YEAR

EMPTY_SHARE = 0.72
"""Money of an empty box to that of a laden one: Russian Railways, own 40-ft boxes on own wagons, 2012 (2,202 / 3,059),
grade A there; elsewhere taken to be the same, grade D."""
HIRE_USD_PER_TEU_DAY = 0.6
"""Hire of a TEU a day on long leases of 2017-19, grade D: our estimate."""
TURN_DAYS = 6.0
"""Days a box spends at both ends of a laden trip, to be stuffed, emptied and found, grade D: our estimate."""
NEVER_USD = 1e7
"""What a box that cannot be brought costs in the search: more than any way."""
LEAST = 1e-6
"""Boxes a year below which there is nothing to bring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Empty boxes of a kind that go from where they are over to where they lack, a year."""

    kind: str
    origin: str
    destination: str
    boxes: float = measure("boxes a year", 1)
    usd_each: float = measure("USD", 2)
    days: float = measure("days", 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Boxes of a kind at a place, a year: laden in and out, empty in and out; `left` is what cannot be brought.

    `laden_in + empty_in = laden_out + empty_out + left`; `left` below 0 is what lacks.
    """

    kind: str
    node: str
    laden_in: float = measure("boxes a year", 1)
    laden_out: float = measure("boxes a year", 1)
    empty_in: float = measure("boxes a year", 1)
    empty_out: float = measure("boxes a year", 1)
    left: float = measure("boxes a year", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmptyTerms:
    """What empty boxes are charged: a share of the money of laden ones, hire a TEU and day, days at both ends."""

    empty_share: float = EMPTY_SHARE
    hire_usd_per_teu_day: float = HIRE_USD_PER_TEU_DAY
    turn_days: float = TURN_DAYS

    def __post_init__(self) -> None:
        """Refuse amounts below 0."""
        checked_amount(self.empty_share, "the share of empty boxes")
        checked_amount(self.hire_usd_per_teu_day, "the hire of a box")
        checked_amount(self.turn_days, "the days at both ends")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """One year of boxes: moves, balances, money and how many boxes it takes."""

    moves: tuple[Move, ...]
    balances: tuple[Balance, ...]
    reposition_usd: float
    hire_usd: float
    fleet_teu: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Kind:
    """A kind of box: the freight in it, and what it costs to bring one empty, from row to column of `nodes`."""

    name: str
    teu: float
    freight: tuple[int, ...]
    nodes: tuple[str, ...]
    usd: Floats
    days: Floats


def kinds_of(laid: LaidDemand, terms: EmptyTerms) -> tuple[Kind, ...]:
    """Return the kinds of boxes of a demand: by unit, refrigerated ones apart (those that pay a surcharge)."""
    groups: dict[str, list[int]] = {}
    for number, one in enumerate(laid.freight):
        cargo = laid.routers[one.cargo].impedance.cargo
        groups.setdefault(f"{cargo.unit} reefer" if cargo.freight_surcharge else cargo.unit, []).append(number)
    return tuple(_kind(name, laid, numbers, terms) for name, numbers in sorted(groups.items()))


def _kind(name: str, laid: LaidDemand, numbers: Sequence[int], terms: EmptyTerms) -> Kind:
    freight: list[Freight] = [laid.freight[number] for number in numbers]
    router = laid.routers[freight[0].cargo]
    teu = router.impedance.cargo.teu
    nodes = tuple(dict.fromkeys(end for one in freight for end in (one.origin, one.destination)))
    usd, days = np.full((len(nodes), len(nodes)), np.inf), np.zeros((len(nodes), len(nodes)))
    hire = terms.hire_usd_per_teu_day * teu / 24
    weight = terms.empty_share * router.money + hire * router.hours
    full = {one.destination for one in freight}
    for row, start in enumerate(nodes):
        if start in full:
            for column, way in _ways(router, weight, start, nodes):
                usd[row, column] = terms.empty_share * float(router.money[way].sum())
                days[row, column] = float(router.hours[way].sum()) / 24
    return Kind(name=name, teu=teu, freight=tuple(numbers), nodes=nodes, usd=usd, days=days)


def _ways(router: Router, weight: Floats, start: str, nodes: Sequence[str]) -> list[tuple[int, list[int]]]:
    """Return the arcs of the cheapest way to each node that has one."""
    try:
        tree = Weighted.of(router.graph, weight).one_to_all(router.end_state(start, "origin"))
    except NoRoute:
        return []
    found = []
    for column, goal in enumerate(nodes):
        if goal != start:
            try:
                found.append((column, tree.path(router.end_state(goal, "destination")).tolist()))
            except NoRoute:
                continue
    return found


def turned(laid: LaidDemand, kinds: Sequence[Kind], boxes: Sequence[Floats], year: int, terms: EmptyTerms) -> Turned:
    """Return what becomes of the boxes of one year, `year` its place in `boxes`."""
    moves: list[Move] = []
    balances: list[Balance] = []
    reposition = hire = fleet = 0.0
    for kind in kinds:
        laden = np.zeros((2, len(kind.nodes)))
        place = {node: number for number, node in enumerate(kind.nodes)}
        box_days = 0.0
        for number in kind.freight:
            one, count = laid.freight[number], float(boxes[number][year])
            laden[0, place[one.destination]] += count
            laden[1, place[one.origin]] += count
            box_days += count * (laid.days[number] + terms.turn_days)
        brought = _transport(laden[0] - laden[1], kind.usd + terms.hire_usd_per_teu_day * kind.teu * kind.days)
        box_days += float((brought * kind.days).sum())
        reposition += float((brought * np.where(np.isfinite(kind.usd), kind.usd, 0.0)).sum())
        hire += box_days * kind.teu * terms.hire_usd_per_teu_day
        fleet += box_days * kind.teu / DAYS_A_YEAR
        moves += _moves(kind, brought)
        balances += _balances(kind, laden, brought)
    return Turned(
        moves=tuple(sorted(moves, key=lambda one: (-one.boxes, one.kind, one.origin, one.destination))),
        balances=tuple(balances),
        reposition_usd=reposition,
        hire_usd=hire,
        fleet_teu=fleet,
    )


def _moves(kind: Kind, brought: Floats) -> list[Move]:
    return [
        Move(
            kind=kind.name,
            origin=kind.nodes[row],
            destination=kind.nodes[column],
            boxes=float(brought[row, column]),
            usd_each=float(kind.usd[row, column]),
            days=float(kind.days[row, column]),
        )
        for row, column in np.argwhere(brought > LEAST).tolist()
    ]


def _balances(kind: Kind, laden: Floats, brought: Floats) -> list[Balance]:
    come, gone = brought.sum(axis=0), brought.sum(axis=1)
    return [
        Balance(
            kind=kind.name,
            node=node,
            laden_in=float(laden[0, number]),
            laden_out=float(laden[1, number]),
            empty_in=float(come[number]),
            empty_out=float(gone[number]),
            left=float(laden[0, number] + come[number] - laden[1, number] - gone[number]),
        )
        for number, node in enumerate(kind.nodes)
    ]


def _transport(over: Floats, usd: Floats) -> Floats:
    """Return boxes from each place to each, at least cost, that bring what is over to where it lacks.

    `over` is boxes that pile up by place, below 0 where they lack; it adds up to 0. What has no way stays.
    """
    from scipy.optimize import linprog

    sources, sinks = np.flatnonzero(over > LEAST), np.flatnonzero(over < -LEAST)
    brought = np.zeros((len(over), len(over)))
    if not (len(sources) and len(sinks)):
        return brought
    cost = usd[np.ix_(sources, sinks)]
    rows, columns = cost.shape
    limits = np.vstack([np.kron(np.eye(rows), np.ones(columns)), np.kron(np.ones(rows), np.eye(columns))])
    most = np.concatenate([over[sources], -over[sinks]])
    gain = np.where(np.isfinite(cost), cost - NEVER_USD, 0.0).ravel()
    bounds = [(0.0, None if np.isfinite(one) else 0.0) for one in cost.ravel()]
    found = linprog(gain, A_ub=limits, b_ub=most, bounds=bounds, method="highs")
    if not found.success:
        raise BadValue(f"empty boxes cannot be shared out: {found.message}")
    brought[np.ix_(sources, sinks)] = found.x.reshape(rows, columns)
    return brought
