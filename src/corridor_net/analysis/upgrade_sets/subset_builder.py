"""Finds which upgrades share arcs, compiles the combinations of each such group, and joins their arcs in one graph."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.router import Router
from corridor_net.costing import Impedance, impedance
from corridor_net.errors import BadValue
from corridor_net.graph import Graph
from corridor_net.network import Network
from corridor_net.scenario import Scenario, combine
from corridor_net.scenario.apply import Step
from corridor_net.scenario.ledger import Ledger

from .changed_rows import rows_changed, softly_changed
from .subsets import MEASURES, Amounts, Group, UpgradeSubsets
from .upgrade_rules import Rules

MOST_COMBINATIONS = 1024
"""Combinations of one group that are compiled at most (about 8 ms each on the shipped network)."""


class TooMany(BadValue):
    """More combinations of upgrades, on a network of this size, than are worked out by default."""


class SubsetBuilder:
    """Finds the groups, compiles their combinations, joins the arcs."""

    def __init__(
        self,
        router: Router,
        upgrades: tuple[Scenario, ...],
        lenient: bool,
        ready: Mapping[frozenset[str], Impedance],
        sequence: Sequence[tuple[str, int]],
        most_arcs: int | None = None,
    ) -> None:
        self.most_arcs = most_arcs
        self.router, self.upgrades, self.lenient, self.ready = router, upgrades, lenient, ready
        self.rules = Rules.of(upgrades)
        self.sequence = {step: number for number, step in enumerate(sequence)}
        self.states: dict[tuple[str, str], int] = {state: n for n, state in enumerate(router.impedance.states)}
        self.arcs: dict[tuple[str, int, int], int] = {}
        self.sea: set[int] = set()
        self.cache: dict[int, tuple[NDArray[np.int64], Amounts]] = {}

    def run(self) -> UpgradeSubsets:
        """Join groups until every subset comes out as looked up."""
        self.compiled(0)
        groups = self.by_rows()
        while True:
            tables = [self.tables(members) for members in groups]
            joined = self.by_arcs(groups, tables)
            if len(joined) == len(groups):
                joined = self.by_check(groups, tables)
            if len(joined) == len(groups):
                return self.subsets(groups, tables)
            groups = joined

    # compiling

    def network(self, mask: int) -> Network:
        """Return the network with the upgrades of a set."""
        chosen = [upgrade for number, upgrade in enumerate(self.upgrades) if mask >> number & 1]
        base = self.router.network
        if not self.lenient:
            whole = combine(chosen)
            return whole.apply(base) if whole else base
        ledger = Ledger({name: names for upgrade in chosen for name, names in upgrade.follows.items()})
        for step in sorted((step for upgrade in chosen for step in upgrade.steps), key=self.turn):
            base = softly_changed(base, step, ledger)
        return base

    def turn(self, step: Step) -> int:
        """Return the place of a change in the given order; those not in it come last."""
        return self.sequence.get((step[1], step[2]), len(self.sequence))

    def compiled(self, mask: int) -> tuple[NDArray[np.int64], Amounts]:
        """Return the arcs (their numbers in the joined graph) and amounts of an effective set."""
        if mask not in self.cache:
            made = self.made(mask)
            self.cache[mask] = self.numbers(made), _amounts(replace(self.router, impedance=made))
        return self.cache[mask]

    def made(self, mask: int) -> Impedance:
        """Compile a set, unless it is ready."""
        old = self.router.impedance
        if not mask:
            return old
        names = frozenset(name for n, upgrade in enumerate(self.upgrades) if mask >> n & 1 for name in upgrade.lineage)
        if names in self.ready:
            return self.ready[names]
        return impedance(
            self.network(mask),
            old.cargo.cargo_id,
            price_year=old.prices.year,
            value_of_time_usd_per_hour=old.cargo.value_of_time,
            like=old,
        )

    def numbers(self, made: Impedance) -> NDArray[np.int64]:
        """Return the number of each arc in the joined graph; new arcs get the next."""
        state = [self.states.setdefault(name, len(self.states)) for name in made.states]
        names = zip(
            made.keys(), (state[n] for n in made.tail.tolist()), (state[n] for n in made.head.tolist()), strict=True
        )
        found = np.array([self.arcs.setdefault(name, len(self.arcs)) for name in names], np.int64)
        self.sea.update(found[made.at_sea].tolist())
        return found

    def column(self, mask: int) -> Amounts:
        """Return the amounts of a set on the joined graph as known so far."""
        arcs, amounts = self.compiled(mask)
        whole = np.zeros((len(MEASURES), len(self.arcs)))
        whole[0] = np.inf
        whole[:, arcs] = amounts
        return whole

    def submasks(self, members: Sequence[int]) -> list[int]:
        """Return the effective sets of a group that can stand."""
        if 1 << len(members) > MOST_COMBINATIONS:
            raise BadValue(
                f"{len(members)} upgrades change the same figures: {1 << len(members):,} combinations",
                hint=f"at most {MOST_COMBINATIONS:,} are compiled; take fewer upgrades",
            )
        mine = sum(1 << number for number in members)
        found = set()
        for size in range(len(members) + 1):
            for chosen in itertools.combinations(members, size):
                mask = self.rules.effective(sum(1 << number for number in chosen))
                if mask & ~mine == 0 and self.rules.allowed(mask):
                    found.add(mask)
        return sorted(found)

    def tables(self, members: Sequence[int]) -> tuple[NDArray[np.int64], dict[int, Amounts]]:
        """Return the arcs that some set of a group changes, and their amounts in each of its sets."""
        masks = self.submasks(members)
        arcs_made = len(self.router.impedance.arcs) * len({*masks, *self.cache})
        if self.most_arcs is not None and arcs_made > self.most_arcs:
            raise TooMany(
                f"{len(masks):,} combinations of {len(members)} upgrades that change the same arcs, each of"
                f" {len(self.router.impedance.arcs):,} arcs"
            )
        for mask in masks:
            self.compiled(mask)
        base = self.column(0)
        columns = {mask: self.column(mask) for mask in masks}
        differs = np.zeros(len(self.arcs), bool)
        for column in columns.values():
            differs |= (column != base).any(axis=0)
        arcs = np.flatnonzero(differs)
        return arcs, {mask: column[:, arcs] for mask, column in columns.items()}

    # which upgrades belong together

    def by_rows(self) -> list[tuple[int, ...]]:
        """Return groups of upgrades that touch the same rows, or name each other."""
        marks: list[set[tuple[str, str]]] = [set() for _ in self.upgrades]
        steps: dict[tuple[str, int], set[int]] = {}
        ordered: dict[tuple[str, int], Any] = {}
        for number, upgrade in enumerate(self.upgrades):
            alone = self.router.network
            for step in upgrade.steps:
                steps.setdefault((step[1], step[2]), set()).add(number)
                ordered.setdefault((step[1], step[2]), step)
                changed = softly_changed(alone, step)
                marks[number] |= rows_changed(alone, changed)
                alone = changed
        network = self.router.network
        for name, step in ordered.items():
            changed = softly_changed(network, step)
            for number in steps[name]:
                marks[number] |= rows_changed(network, changed)
            network = changed
        for number, upgrade in enumerate(self.upgrades):
            marks[number].add(("upgrade", upgrade.name))
            marks[number] |= {("upgrade", name) for name in (*upgrade.requires, *upgrade.lineage)}
        return _joined([(number,) for number in range(len(self.upgrades))], marks)

    def by_arcs(self, groups: list[tuple[int, ...]], tables: list[tuple[NDArray[np.int64], Any]]) -> Any:
        """Join groups that change the same arcs."""
        return _joined(groups, [{("arc", str(arc)) for arc in arcs.tolist()} for arcs, _ in tables])

    def by_check(self, groups: list[tuple[int, ...]], tables: list[tuple[NDArray[np.int64], Any]]) -> Any:
        """Join the first two groups that do not come out as looked up together; all, when no pair is to blame."""
        whole = self.largest(range(len(groups)), groups)
        if self.holds(whole, groups, tables):
            return groups
        for one, other in itertools.combinations(range(len(groups)), 2):
            if not self.holds(self.largest((one, other), groups), groups, tables):
                return [g for n, g in enumerate(groups) if n not in (one, other)] + [
                    tuple(sorted((*groups[one], *groups[other])))
                ]
        return [tuple(range(len(self.upgrades)))]

    def largest(self, chosen: Iterable[int], groups: list[tuple[int, ...]]) -> int:
        """Return a large set of the chosen groups' upgrades that can stand together."""
        mask = 0
        for number in sorted(itertools.chain.from_iterable(groups[n] for n in chosen)):
            wider = self.rules.effective(mask | 1 << number)
            if self.rules.allowed(wider):
                mask = wider
        return mask

    def holds(self, mask: int, groups: list[tuple[int, ...]], tables: list[tuple[NDArray[np.int64], Any]]) -> bool:
        """Whether a set comes out as looked up group by group."""
        self.compiled(mask)
        looked_up = self.column(0)
        for members, (arcs, options) in zip(groups, tables, strict=True):
            looked_up[:, arcs] = options[mask & sum(1 << number for number in members)]
        return bool(np.array_equal(looked_up, self.column(mask)))

    def subsets(self, groups: list[tuple[int, ...]], tables: list[tuple[NDArray[np.int64], Any]]) -> UpgradeSubsets:
        """Return the subsets, their groups being known."""
        group_of = np.full(len(self.arcs), -1, np.int64)
        for number, (arcs, _) in enumerate(tables):
            group_of[arcs] = number
        names = list(self.arcs)
        return UpgradeSubsets(
            router=self.router,
            upgrades=self.upgrades,
            states=tuple(self.states),
            keys=tuple(key for key, _, _ in names),
            graph=Graph.from_arcs(len(self.states), [tail for _, tail, _ in names], [head for _, _, head in names]),
            at_sea=np.isin(np.arange(len(names)), list(self.sea)),
            base=self.column(0),
            group_of=group_of,
            groups=tuple(
                Group(members=members, mask=sum(1 << number for number in members), arcs=arcs, tables=options)
                for members, (arcs, options) in zip(groups, tables, strict=True)
            ),
            compiled=len(self.cache),
        )


def _amounts(router: Router) -> Amounts:
    return np.array([router.weight, router.generalised, router.money, router.hours, router.impedance.co2_kg])


def _joined(groups: Sequence[tuple[int, ...]], marks: Sequence[set[tuple[str, str]]]) -> list[tuple[int, ...]]:
    """Join groups that share a mark."""
    found: list[tuple[tuple[int, ...], set[tuple[str, str]]]] = []
    for members, mine in zip(groups, marks, strict=True):
        near = [item for item in found if item[1] & mine]
        found = [item for item in found if not item[1] & mine]
        found.append(
            (
                tuple(sorted({*members, *itertools.chain.from_iterable(m for m, _ in near)})),
                mine.union(*(other for _, other in near)),
            )
        )
    return sorted(members for members, _ in found)
