"""Which changes did it: the smallest sets that are enough for a new way, and those without which it is not taken."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from corridor_net.analysis.route import Route
from corridor_net.graph import Weighted
from corridor_net.render.words import Sentence, say
from corridor_net.scenario import Scenario

from .subsets import UpgradeSubsets

MOST_SETS = 4096
"""Sets of changes looked at, at most, in each of the two searches."""
CALLED = ("service", "link", "node", "crossing")
"""Tables whose rows are called by the places they belong to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSets:
    """Which changes did it: names of all, of those that can matter to the pair, and the two kinds of sets.

    `enough` are all smallest sets of changes that by themselves move the cargo to the new way, `without` all
    smallest sets whose absence alone would have kept it from it. `complete` is False when the search was
    stopped after 4,096 sets.
    """

    changes: tuple[tuple[str, Sentence], ...]
    relevant: tuple[str, ...]
    enough: tuple[tuple[str, ...], ...]
    without: tuple[tuple[str, ...], ...]
    complete: bool


def change_sets(subsets: UpgradeSubsets, pair: tuple[str, str], old: Route, new: Route) -> ChangeSets:
    """Return the changes of a space, those that can matter to the pair, and the sets that moved it."""
    changes = tuple((upgrade.name, describe(upgrade)) for upgrade in subsets.upgrades)
    relevant = relevant_upgrades(subsets, [pair[0]], [pair[1]])
    names = tuple(subsets.upgrades[number].name for number in relevant)
    keys_old, keys_new = [[leg.key for leg in route.legs] for route in (old, new)]
    if keys_old == keys_new:
        return ChangeSets(changes=changes, relevant=names, enough=(), without=(), complete=True)
    by_gateway = old.gateway != new.gateway

    def moved(masks: Sequence[int]) -> list[bool]:
        values = subsets.solve(masks, [pair[0]], [pair[1]])
        verdict = {}
        for (_, _, number), arcs in values.arcs.items():
            if by_gateway:
                verdict[number] = subsets.gateway(arcs.tolist()) == new.gateway
            else:
                verdict[number] = [subsets.keys[arc] for arc in arcs.tolist()] == keys_new
        return [verdict.get(int(number), False) for number in values.route[:, 0, 0]]

    def smallest(wanted: bool, full: int) -> tuple[tuple[tuple[str, ...], ...], bool]:
        looked = 0
        for masks in _by_size(relevant):
            allowed = [mask for mask in masks if wanted or mask][: MOST_SETS - looked]
            looked += len(allowed)
            results = moved([mask if wanted else full & ~mask for mask in allowed])
            hits = [mask for mask, result in zip(allowed, results, strict=True) if result is wanted]
            if hits:
                return tuple(subsets.names(mask) for mask in hits), True
            if looked >= MOST_SETS:
                return (), False
        return (), True

    if not moved([subsets.full])[0]:
        return ChangeSets(changes=changes, relevant=names, enough=(), without=(), complete=True)
    enough, one = smallest(True, subsets.full)
    without, other = smallest(False, subsets.full)
    return ChangeSets(changes=changes, relevant=names, enough=enough, without=without, complete=one and other)


def _by_size(members: Sequence[int]) -> Iterator[list[int]]:
    for size in range(len(members) + 1):
        yield [sum(1 << number for number in chosen) for chosen in itertools.combinations(members, size)]


def relevant_upgrades(subsets: UpgradeSubsets, origins: Sequence[str], destinations: Sequence[str]) -> tuple[int, ...]:
    """Return the upgrades that can matter to some pair in some subset; the others never touch a best route.

    With `w-` and `w+` the least and largest weight of each arc over all subsets: no best route costs more than
    the shortest by `w+`, and none through arc a costs less than `d-(origin, tail) + w-(a) + d-(head,
    destination)`. Arcs above that bound are left out, and upgrades that touch no other arc with them.
    """
    low, high = subsets.base[0].copy(), subsets.base[0].copy()
    for group in subsets.groups:
        options = np.array([table[0] for table in group.tables.values()])
        low[group.arcs], high[group.arcs] = options.min(axis=0), options.max(axis=0)
    starts = [subsets.state(origin, "origin") for origin in origins]
    ends = [subsets.state(destination, "destination") for destination in destinations]
    best, worst = Weighted.of(subsets.graph, low), Weighted.of(subsets.graph, high)
    backwards = Weighted.of(subsets.graph.reversed(), low)
    back = {end: backwards.one_to_all(end).distance[subsets.graph.head] for end in ends if end is not None}
    near = np.zeros(subsets.graph.n_arcs, bool)
    for start in starts:
        if start is None:
            continue
        reach = best.one_to_all(start).distance[subsets.graph.tail] + low
        bounds = worst.one_to_all(start).distance
        for end, rest in back.items():
            near |= (reach + rest <= bounds[end] * (1 + 1e-12)) & (reach + rest < np.inf)
    found = []
    for group in subsets.groups:
        mine = near[group.arcs]
        for member in group.members:
            bit = 1 << member
            pairs = [(mask, mask & ~bit) for mask in group.tables if mask & bit]
            if any(
                other not in group.tables or (group.tables[mask][0, mine] != group.tables[other][0, mine]).any()
                for mask, other in pairs
            ):
                found.append(member)
    return tuple(sorted(found))


def describe(upgrade: Scenario) -> Sentence:
    """Return a change in words; an upgrade of several changes is named by its title."""
    if len(upgrade.steps) != 1:
        return say("{title:label}", title=upgrade.title)
    change = upgrade.steps[0][0]
    if change.verb == "add":
        row = change.row or {}
        known = f"{change.table}_id"
        if change.table in CALLED:  # by the places it calls at or lies between, in the reader's language
            return say("add {table:label} {row:name}", table=change.table, row=row.get(known))
        return say("add {table:label} {name}", table=change.table, name=row.get("name") or row.get(known))
    where = ", ".join("/".join(values) for values in (change.where or {}).values())
    told = {"table": change.table, "where": where}
    if change.verb in ("open", "close"):
        opened = say("open {table:label} {where}", **told)
        return opened if change.verb == "open" else say("close {table:label} {where}", **told)
    told |= {"field": f"{change.component} {change.field}" if change.component else str(change.field)}
    return {
        "set": say("set {field} of {table:label} {where} to {value}", **told, value=change.value),
        "scale": say("scale {field} of {table:label} {where} by {by}", **told, by=change.by),
        "shift": say("shift {field} of {table:label} {where} by {by}", **told, by=change.by),
    }[change.verb]
