"""What moved an answer from one year to the next: routes compared arc by arc, their parts figure by figure.

The ledger of a year is exact. Where the old way still exists, it is priced again, and what changes is told by figure;
what the best way then saves against it is the change of way. Where it does not, the figures of the steps that both
ways share are told, and the change of way is all the rest. Nothing is written by hand: what opened, closed or was
priced again is found by comparing the two networks.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from corridor_net.analysis.labels import Labels
from corridor_net.analysis.route import Route
from corridor_net.analysis.router import Router
from corridor_net.costing import Arc, Part
from corridor_net.network import Network
from corridor_net.render.words import Sentence, say
from corridor_net.results import measure

WAY = "way"
"""The kind of the entry that is the change of way."""
KINDS_OF_ROWS = {"board": "service", "sail": "service", "crossing": "crossing", "haul": "link", "terminal": "terminal"}
"""The table in which the asset of an arc stands, by kind of arc."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearChange:
    """One thing that changed between two years, and what it did to the answer.

    `kind`: `opened`, `closed`, `figure`, `way`, or `beside`, a figure of steps that only the new way has. `figure` is
    the key of a changed figure, or table and id of a row. `cost_usd`, `hours`: its part of the change of the answer;
    those of figures and way add up to all of it. What opened or closed has none (None), and that of `beside` is what it
    did to the new way, where it may be why the way changed: both act through the way.
    """

    year: int
    kind: str
    figure: str
    what: str
    cost_usd: float | None = measure("USD", 2, default=None)
    hours: float | None = measure("h", 2, default=None)
    reason: str = measure(hidden=True, default="")
    ways: tuple[tuple[str, ...], tuple[str, ...]] | None = measure(hidden=True, default=None)

    @property
    def said(self) -> Sentence:
        """What changed, in words: a figure, a row, or the way."""
        if self.kind in ("figure", "beside"):
            return say("{figure:figure}", figure=self.figure)
        if self.ways:
            before, after = self.ways
            if before == after:
                return say("another way by {after:both}", after=after)
            return say("by {after:both} in place of {before:both}", before=before, after=after)
        table, _, asset_id = self.figure.partition(":")
        name = say("{what}", what=self.what) if table == "terminal" else say("{row:name}", row=asset_id)
        return say("{name} ({reason:label})", name=name, reason=self.reason) if self.reason else name

    @property
    def size(self) -> float:
        """USD and ten times hours, for the order of changes."""
        return abs(self.cost_usd or 0.0) + 10 * abs(self.hours or 0.0)


@dataclass(frozen=True, slots=True)
class _Amounts:
    cost: float = 0.0
    hours: float = 0.0

    def plus(self, quantity: str, amount: float) -> _Amounts:
        if quantity == "cost":
            return _Amounts(self.cost + amount, self.hours)
        return _Amounts(self.cost, self.hours + amount)


def changes(year: int, before: tuple[Router, Route], after: tuple[Router, Route]) -> tuple[YearChange, ...]:
    """Return what moved the answer from `before` to `after`, in which `year` stands; the largest first.

    Both must be in USD of one price year. Openings and closings come first.
    """
    (old_router, old), (new_router, new) = before, after
    then, now = old_router.impedance, new_router.impedance
    left = [then.arcs[arc] for arc in old.arcs]
    taken = [now.arcs[arc] for arc in new.arcs]
    survives = all(arc.key in now.numbers for arc in left)
    same = [arc.key for arc in left] == [arc.key for arc in taken]
    shared = {arc.key for arc in left} if survives else {arc.key for arc in left} & {arc.key for arc in taken}
    routers = (old_router, new_router)
    amounts = _by_figure(((arc, now.arc_of(arc.key)) for arc in left if arc.key in shared), routers)
    only_new = [arc for arc in taken if arc.key not in shared and arc.key in then.numbers]
    beside = _by_figure(((then.arc_of(arc.key), arc) for arc in only_new), routers)
    names = _Names(old_router.network, new_router.network)
    found = [
        YearChange(year=year, kind=kind, figure=key, what=names.figure(key), cost_usd=one.cost, hours=one.hours)
        for kind, each in (("figure", amounts), ("beside", beside))
        for key, one in each.items()
        if abs(one.cost) > 1e-9 or abs(one.hours) > 1e-9
    ]
    if not same:
        told = _Amounts(sum(one.cost for one in amounts.values()), sum(one.hours for one in amounts.values()))
        found.append(
            YearChange(
                year=year,
                kind=WAY,
                figure=WAY,
                what=_way(names, old, new),
                ways=(ports_of(old), ports_of(new)),
                cost_usd=new.cost_usd - old.cost_usd - told.cost,
                hours=new.hours - old.hours - told.hours,
            )
        )
    moved = _moved(year, names, (left, now.numbers), (taken, then.numbers)) if not same else []
    return (*moved, *sorted(found, key=lambda one: (-one.size, one.figure)))


def _by_figure(pairs: Iterable[tuple[Arc, Arc]], routers: tuple[Router, Router]) -> dict[str, _Amounts]:
    """Return what changed between steps of both years, by figure."""
    found: dict[str, _Amounts] = {}
    for old, new in pairs:
        for key, quantity, amount in _repriced(old, new, routers):
            found[key] = found.get(key, _Amounts()).plus(quantity, amount)
    return found


def _repriced(old: Arc, new: Arc, routers: tuple[Router, Router]) -> Iterator[tuple[str, str, float]]:
    """Yield figure, quantity and change of each component of a step that both years have."""
    before, after = (
        _components(arc, schedule=router.schedule) for arc, router in zip((old, new), routers, strict=True)
    )
    for name, (_, part) in {**before, **after}.items():
        was, is_now = (side[name][0] if name in side else 0.0 for side in (before, after))
        if abs(is_now - was) > 1e-12:
            yield _cause(part, routers), name[1], is_now - was


def _components(arc: Arc, *, schedule: bool) -> dict[tuple[str, str, int], tuple[float, Part]]:
    """Return amount and part by component, quantity and number of such before it."""
    found: dict[tuple[str, str, int], tuple[float, Part]] = {}
    for part in arc.parts:
        number = sum(1 for name in found if name[:2] == (part.component, part.quantity))
        amount = part.scheduled if schedule else part.amount
        found[part.component, part.quantity, number] = amount, part
    return found


def _cause(part: Part, routers: tuple[Router, Router]) -> str:
    """Return the figure of a part that changed: the first whose value did, else the first."""
    before, after = (router.impedance.parameters for router in routers)
    values = ((key, before.get(key), after.get(key)) for key in part.figures if not key.startswith("tariff:"))
    changed = [key for key, was, is_now in values if was is None or is_now is None or was.value != is_now.value]
    return changed[0] if changed else part.figures[0]


def _moved(
    year: int,
    names: _Names,
    gone: tuple[Iterable[Arc], Container[str]],
    come: tuple[Iterable[Arc], Container[str]],
) -> list[YearChange]:
    """Return what of the old way is not there any more, and what of the new was not there yet."""
    found = []
    for kind, (arcs, others) in (("closed", gone), ("opened", come)):
        rows = dict.fromkeys(
            (KINDS_OF_ROWS[arc.kind], arc.asset_id)
            for arc in arcs
            if arc.key not in others and arc.kind in KINDS_OF_ROWS
        )
        asset_ids = {asset_id for _, asset_id in rows}
        for table, asset_id in rows:
            if table == "link" and any(names.link_of(other) == asset_id for other in asset_ids):
                continue  # its border says it
            name, reason = names.row(table, asset_id, kind)
            what = f"{name} ({reason})" if reason else name
            found.append(YearChange(year=year, kind=kind, figure=f"{table}:{asset_id}", what=what, reason=reason))
    return found


def _way(names: _Names, old: Route, new: Route) -> str:
    before, after = way_of(names.after, old), way_of(names.after, new)
    return f"by {after} in place of {before}" if before != after else f"another way by {after}"


class _Names:
    """Names in place of ids, from the networks of both years."""

    def __init__(self, before: Network, after: Network) -> None:
        self.before, self.after, self.labels = before, after, Labels(after)

    def link_of(self, crossing: str) -> str:
        """Return the link of a crossing, '' for what is none."""
        return next((row.link_id for row in self.after.rows("crossing") if row.crossing_id == crossing), "")

    def row(self, table: str, asset_id: str, kind: str) -> tuple[str, str]:
        """Return what a row is called, and why it ended where that is known."""
        rows = [row for row in self.after.rows(table) if getattr(row, f"{table}_id") == asset_id]
        if not rows:
            return asset_id, ""
        if table == "terminal":
            label = self.after.vocabulary.state_label
            states = f"{label(rows[0].from_state)} to {label(rows[0].to_state)}"
            return f"{self.after.nodes[rows[0].node_id].name}, {states}", ""
        ended = [row for row in rows if _between(row.valid_to, self.before.day, self.after.day)]
        reason = ended[-1].end_reason if kind == "closed" and ended else ""
        return (ended or rows)[-1].name, reason

    def figure(self, key: str) -> str:
        """Return what a figure is called."""
        return self.labels.of(key)


def way_of(network: Network, route: Route) -> str:
    """Return the ports where a route takes to the sea, in words."""
    return " and ".join(network.nodes[port].name if port in network.nodes else port for port in ports_of(route))


def ports_of(route: Route) -> tuple[str, ...]:
    """Return the ports where a route takes to the sea, or 'land' alone."""
    return route.ports or ("land",)


def _between(day: date | None, first: date, last: date) -> bool:
    return day is not None and first <= day < last


def same_day(day: date, year: int) -> date:
    """Return the same day of another year; 29 February is the 28th where there is none.

    >>> same_day(date(2024, 2, 29), 2023)
    datetime.date(2023, 2, 28)
    """
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
