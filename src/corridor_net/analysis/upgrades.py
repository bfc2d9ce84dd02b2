"""Every subset of n upgrades as one weighting of one topology, without compiling each subset. No drawing.

The arcs of the baseline and of every combination that matters are joined in one graph; an arc that a subset
does not have weighs infinity. Upgrades that share no arc cannot change each other's effect, so the upgrades
fall into *groups*, each group's combinations are compiled whole, and any subset is looked up group by group:
2 + 2 + 4 networks in place of 2 x 2 x 4. Two upgrades belong to one group when they touch the same row (or
the two ends of one thing: a crossing and its link, two charter quays), the same arc, or one requires the
other. The whole set is compiled as well and must come out as looked up; if not, groups are joined until it does.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.costing import Arc, Impedance, impedance
from corridor_net.errors import BadValue, FileFaults, ScenarioError, UnknownName
from corridor_net.graph import Graph, Weighted
from corridor_net.network import Network
from corridor_net.network.rows import VEHICLE_MODES
from corridor_net.scenario import Scenario, combine, load_scenario
from corridor_net.scenario.apply import KEY, apply_change
from corridor_net.scenario.ledger import Ledger

from .compare import Comparison
from .route import Router

MEASURES = ("weight", "generalised", "money", "hours", "co2")
"""What is known of every arc in every subset: what is minimised, then USD, USD, hours, kg CO2e per box."""

MOST_COMBINATIONS = 1024
"""Combinations of one group that are compiled at most (about 15 ms each on the shipped network)."""

COMPILE_ABOVE = 5_000
"""Searches x arcs, in thousands, from which the compiled engine is worth its start."""

Amounts = NDArray[np.float64]
"""Shape (5, n_arcs): one row a measure of MEASURES; weight inf where the arc is absent."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """Upgrades that share arcs: `members` (`mask`: as bits), `arcs`, and the amounts of these arcs by subset."""

    members: tuple[int, ...]
    mask: int
    arcs: NDArray[np.int64]
    tables: dict[int, Amounts]


@dataclass(frozen=True, eq=False)
class Values:
    """Least weights of every subset asked for: `cost` (n_subsets, n_origins, n_destinations), inf = no route.

    `route` (same shape) numbers the routes of a pair; `arcs` gives the arcs of (origin, destination, number).
    """

    space: Space
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
        for group in self.space.groups:
            number = {mask: k for k, mask in enumerate(group.tables)}
            option.append(np.array([number[mask & group.mask] for mask in self.masks], np.int64))
        tables = [np.array([table[row] for table in group.tables.values()]) for group in self.space.groups]
        for (origin, destination, number_of_route), arcs in self.arcs.items():
            here = np.flatnonzero(self.route[:, origin, destination] == number_of_route)
            owner = self.space.group_of[arcs]
            sums = np.full(len(here), self.space.base[row, arcs[owner < 0]].sum())
            for position in np.unique(owner[owner >= 0]).tolist():
                places = np.searchsorted(self.space.groups[position].arcs, arcs[owner == position])
                sums += tables[position][:, places].sum(axis=1)[option[position][here]]
            found[here, origin, destination] = sums
        return found


@dataclass(frozen=True, eq=False)
class Space:
    """All subsets of `upgrades` on a base: bit i of a mask says that upgrade i is there.

    `base` holds the amounts of every arc without upgrades, `groups` what changes. A mask stands for its
    *effective* set: with what its members extend, and without members whose `requires` are not met.
    """

    router: Router
    upgrades: tuple[Scenario, ...]
    states: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    graph: Graph
    base: Amounts
    group_of: NDArray[np.int64]
    groups: tuple[Group, ...]
    compiled: int
    _reversed: list[Graph] = field(default_factory=list, repr=False)

    @property
    def full(self) -> int:
        """The mask of all upgrades."""
        return (1 << len(self.upgrades)) - 1

    @cached_property
    def rules(self) -> Rules:
        """What belongs with what."""
        return Rules.of(self.upgrades)

    def steps(self, arcs: Iterable[int]) -> tuple[Arc, ...]:
        """Return arcs by number, with key, kind, ends and mode of a service alone, as `gateway_of` needs them."""
        found = []
        for arc in arcs:
            tail, head = int(self.graph.tail[arc]), int(self.graph.head[arc])
            kind, _, rest = self.keys[arc].partition(":")
            mode = self._modes.get(rest.rsplit(":", 2)[0], "sea") if kind == "sail" else "sea"
            ends = self.states[tail][0], self.states[head][0]
            found.append(Arc(self.keys[arc], kind, tail, head, *ends, mode, "", 0.0, 0.0, ()))
        return tuple(found)

    @cached_property
    def _modes(self) -> dict[str, str]:
        """The mode of each service, those that upgrades add among them."""
        rows = {row.service_id: row.mode for row in self.router.network.rows("service")}
        changes = (step[0] for upgrade in self.upgrades for step in upgrade.steps)
        added = (one.row or {} for one in changes if one.verb == "add" and one.table == "service")
        vehicles = {str(row.get("service_id")): str(row.get("vehicle")) for row in added}
        return rows | {name: VEHICLE_MODES.get(vehicle, "sea") for name, vehicle in vehicles.items()}

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
            compiled = len(distinct) * fewer * self.graph.n_arcs > COMPILE_ABOVE * 1000 and _has_numba()
        engine = self._solve_compiled if compiled else self._solve_plain
        cost, route, arcs = engine(distinct, sources, targets)
        place = {mask: number for number, mask in enumerate(distinct)}
        rows = np.array([place[mask] for mask in effective], np.int64)
        return Values(self, tuple(effective), cost[rows], route[rows], arcs)

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
        graph = self._backward if backwards else self.graph
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

    @property
    def _backward(self) -> Graph:
        if not self._reversed:
            self._reversed.append(self.graph.reversed())
        return self._reversed[0]

    def _solve_compiled(self, masks: Sequence[int], sources: Sequence[int], targets: Sequence[int]) -> tuple[Any, ...]:
        from corridor_net.graph.ensemble import solve
        from corridor_net.graph.hierarchy import Hierarchy
        from corridor_net.graph.weightings import Choices

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


@dataclass(frozen=True, slots=True)
class Rules:
    """What belongs with what: `extends`, `requires` and `conflicts` of the upgrades, as bits.

    `free`: nothing extends or requires another.
    """

    extended: tuple[int, ...]
    required: tuple[tuple[int, ...], ...]
    conflicts: tuple[int, ...]
    free: bool

    @classmethod
    def of(cls, upgrades: Sequence[Scenario]) -> Rules:
        """Read them; ScenarioError when one requires what is not among the upgrades."""
        extended, required, conflicts = [], [], []
        for number, upgrade in enumerate(upgrades):
            extended.append(
                sum(1 << other for other, u in enumerate(upgrades) if u.name in upgrade.lineage or other == number)
            )
            needs = []
            for name in upgrade.requires:
                if name in upgrade.lineage:
                    continue
                having = sum(1 << other for other, u in enumerate(upgrades) if name in u.lineage)
                if not having:
                    raise ScenarioError(
                        f"upgrade '{upgrade.name}' requires '{name}', which is not among the upgrades",
                        hint=f"add --scenario {name}",
                    )
                needs.append(having)
            required.append(tuple(needs))
            conflicts.append(
                sum(
                    1 << other
                    for other, u in enumerate(upgrades)
                    if other != number and (set(upgrade.conflicts) & set(u.lineage))
                )
            )
        both = [
            mask | sum(1 << other for other, theirs in enumerate(conflicts) if theirs >> number & 1)
            for number, mask in enumerate(conflicts)
        ]
        free = not any(required) and all(mask == 1 << number for number, mask in enumerate(extended))
        return cls(tuple(extended), tuple(required), tuple(both), free)

    def effective(self, mask: int) -> int:
        """Return the set with what it extends, without members that lack what they require."""
        if self.free:
            return mask
        whole = mask
        for number, extended in enumerate(self.extended):
            if mask >> number & 1:
                whole |= extended
        while True:
            lacking = self.lacking(whole)
            if not lacking:
                return whole
            whole &= ~lacking

    def lacking(self, mask: int) -> int:
        """Return the members, as bits, that miss something they require, or extend one that does."""
        bad = 0
        for number, needs in enumerate(self.required):
            if mask >> number & 1 and any(not mask & having for having in needs):
                bad |= 1 << number
        for number, extended in enumerate(self.extended):
            if mask >> number & 1 and extended & bad:
                bad |= 1 << number
        return bad

    def allowed(self, mask: int) -> bool:
        """Whether the members can stand together: nothing lacking, no conflict."""
        whole = mask
        for number, extended in enumerate(self.extended):
            if mask >> number & 1:
                whole |= extended
        fights = any(whole >> number & 1 and whole & others for number, others in enumerate(self.conflicts))
        return not fights and not self.lacking(whole)

    def refuse_conflicts(self, upgrades: Sequence[Scenario]) -> None:
        """Raise ScenarioError naming two upgrades that conflict."""
        for number, others in enumerate(self.conflicts):
            for other in range(number):
                if others >> other & 1:
                    raise ScenarioError(
                        f"upgrades '{upgrades[other].name}' and '{upgrades[number].name}' cannot coexist",
                        hint="leave one of them out: their joint effect does not exist",
                    )


def atoms(scenarios: Iterable[Scenario], *, known: Callable[[str], Scenario]) -> tuple[Scenario, ...]:
    """Return the upgrades that scenarios consist of, once each: packages are opened, what is extended comes first.

    A package is a scenario that only extends others. `known` finds a scenario by name.
    """
    found: dict[str, Scenario] = {}

    def visit(scenario: Scenario) -> None:
        own = any(step[1] == scenario.name for step in scenario.steps)
        for name in scenario.lineage:
            if name != scenario.name and name not in found:
                visit(known(name))
        if own:
            found.setdefault(scenario.name, scenario)

    for scenario in scenarios:
        visit(scenario)
    return tuple(found.values())


def single_changes(scenario: Scenario) -> tuple[Scenario, ...]:
    """Return each change of a scenario as an upgrade of its own, named `scenario~number`.

    Its guards (`was`, "touches nothing") are dropped: they held for the whole, and not for every part.
    """
    return tuple(
        Scenario(
            f"{name}~{number}",
            change.why or f"{change.verb} {change.table}",
            change.why,
            scenario.as_of,
            (),
            (),
            None,
            ((change.model_copy(update={"was": None, "optional": True}), name, number, place),),
            (f"{name}~{number}",),
            (),
            scenario.follows,
        )
        for change, name, number, place in scenario.steps
    )


UNASKED_ARCS = 2_000_000
"""Arcs that a study compiles at most, over all combinations of its upgrades, for what it tells unasked."""


class TooMany(BadValue):
    """More combinations of upgrades, on a network of this size, than are worked out unasked."""


def build(
    router: Router,
    upgrades: Sequence[Scenario],
    *,
    lenient: bool = False,
    ready: Mapping[frozenset[str], Impedance] | None = None,
    sequence: Sequence[tuple[str, int]] = (),
    most_arcs: int | None = None,
) -> Space:
    """Compile what is needed to look up every subset of `upgrades` on the network of `router`.

    With `lenient`, a change that finds no row to change does nothing (for single changes of a scenario).
    They are made in the order of `sequence` (scenario, number), when it is given.
    `ready` holds what is compiled already, by the names of the scenarios in it with what they extend.
    `most_arcs` is the largest number of arcs that may be compiled, over all combinations.

    Raises
    ------
    BadValue
        No upgrades, one named twice, or more than 1,024 combinations of upgrades that touch the same figures.
    ScenarioError
        Upgrades that cannot be applied together though no `conflicts` says so, or that lack what they require.
    TooMany
        More arcs to compile than `most_arcs`.
    """
    if not upgrades:
        raise BadValue("no upgrades are given", hint="name scenarios, or one study, after the command: my-port.yaml")
    names = [upgrade.name for upgrade in upgrades]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise BadValue(f"upgrade '{twice}' is given twice")
    return _Builder(router, tuple(upgrades), lenient, ready or {}, sequence, most_arcs).run()


class _Builder:
    """Finds the groups, compiles their combinations, joins the arcs."""

    def __init__(
        self,
        router: Router,
        upgrades: tuple[Scenario, ...],
        lenient: bool,
        ready: Mapping[frozenset[str], Impedance],
        sequence: Sequence[tuple[str, int]],
        most_arcs: int | None,
    ) -> None:
        self.most_arcs = most_arcs
        self.router, self.upgrades, self.lenient, self.ready = router, upgrades, lenient, ready
        self.rules = Rules.of(upgrades)
        self.sequence = {step: number for number, step in enumerate(sequence)}
        self.states: dict[tuple[str, str], int] = {state: n for n, state in enumerate(router.impedance.states)}
        self.arcs: dict[tuple[str, int, int], int] = {}
        self.cache: dict[int, tuple[NDArray[np.int64], Amounts]] = {}

    def run(self) -> Space:
        self.compiled(0)
        groups = self.by_rows()
        while True:
            tables = [self.tables(members) for members in groups]
            joined = self.by_arcs(groups, tables)
            if len(joined) == len(groups):
                joined = self.by_check(groups, tables)
            if len(joined) == len(groups):
                return self.space(groups, tables)
            groups = joined

    # compiling

    def network(self, mask: int) -> Network:
        chosen = [upgrade for number, upgrade in enumerate(self.upgrades) if mask >> number & 1]
        base = self.router.network
        if not self.lenient:
            whole = combine(chosen)
            return whole.apply(base) if whole else base
        ledger = Ledger({name: names for upgrade in chosen for name, names in upgrade.follows.items()})
        for step in sorted((step for upgrade in chosen for step in upgrade.steps), key=self.turn):
            base = _softly(base, step, ledger)
        return base

    def turn(self, step: Any) -> int:
        return self.sequence.get((step[1], step[2]), len(self.sequence))

    def compiled(self, mask: int) -> tuple[NDArray[np.int64], Amounts]:
        """Return the arcs (their numbers in the joined graph) and amounts of an effective set."""
        if mask not in self.cache:
            made = self.made(mask)
            self.cache[mask] = self.numbers(made), _amounts(replace(self.router, impedance=made))
        return self.cache[mask]

    def made(self, mask: int) -> Impedance:
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
        )

    def numbers(self, made: Impedance) -> NDArray[np.int64]:
        state = [self.states.setdefault(name, len(self.states)) for name in made.states]
        names = ((arc.key, state[arc.tail], state[arc.head]) for arc in made.arcs)
        return np.array([self.arcs.setdefault(name, len(self.arcs)) for name in names], np.int64)

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
        marks: list[set[tuple[str, str]]] = [set() for _ in self.upgrades]
        steps: dict[tuple[str, int], set[int]] = {}
        ordered: dict[tuple[str, int], Any] = {}
        for number, upgrade in enumerate(self.upgrades):
            alone = self.router.network
            for step in upgrade.steps:
                steps.setdefault((step[1], step[2]), set()).add(number)
                ordered.setdefault((step[1], step[2]), step)
                changed = _softly(alone, step)
                marks[number] |= _rows_changed(alone, changed)
                alone = changed
        network = self.router.network
        for name, step in ordered.items():
            changed = _softly(network, step)
            for number in steps[name]:
                marks[number] |= _rows_changed(network, changed)
            network = changed
        for number, upgrade in enumerate(self.upgrades):
            marks[number].add(("upgrade", upgrade.name))
            marks[number] |= {("upgrade", name) for name in (*upgrade.requires, *upgrade.lineage)}
        return _joined([(number,) for number in range(len(self.upgrades))], marks)

    def by_arcs(self, groups: list[tuple[int, ...]], tables: list[tuple[NDArray[np.int64], Any]]) -> Any:
        return _joined(groups, [{("arc", str(arc)) for arc in arcs.tolist()} for arcs, _ in tables])

    def by_check(self, groups: list[tuple[int, ...]], tables: list[tuple[NDArray[np.int64], Any]]) -> Any:
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
        self.compiled(mask)
        looked_up = self.column(0)
        for members, (arcs, options) in zip(groups, tables, strict=True):
            looked_up[:, arcs] = options[mask & sum(1 << number for number in members)]
        return bool(np.array_equal(looked_up, self.column(mask)))

    def space(self, groups: list[tuple[int, ...]], tables: list[tuple[NDArray[np.int64], Any]]) -> Space:
        group_of = np.full(len(self.arcs), -1, np.int64)
        for number, (arcs, _) in enumerate(tables):
            group_of[arcs] = number
        names = list(self.arcs)
        return Space(
            self.router,
            self.upgrades,
            tuple(self.states),
            tuple(key for key, _, _ in names),
            Graph.from_arcs(len(self.states), [tail for _, tail, _ in names], [head for _, _, head in names]),
            self.column(0),
            group_of,
            tuple(
                Group(members, sum(1 << number for number in members), *table)
                for members, table in zip(groups, tables, strict=True)
            ),
            len(self.cache),
        )


def _amounts(router: Router) -> Amounts:
    return np.array([router.weight, router.generalised, router.money, router.hours, router.impedance.co2_kg])


def _softly(network: Network, step: Any, ledger: Ledger | None = None) -> Network:
    """Make one change where it can be made; leave the network as it is where it finds nothing to change."""
    change, scenario, number, at = step
    try:
        softened = change.model_copy(update={"was": None, "optional": True})
        return apply_change(network, softened, scenario, number, at, ledger)[0]
    except (ScenarioError, UnknownName, FileFaults):
        return network


def _rows_changed(before: Network, after: Network) -> set[tuple[str, str]]:
    """Return the rows that differ, by table and key; a crossing counts as its link, charter quays as one thing."""
    found = set()
    for table, key in KEY.items():
        if after.rows(table) is before.rows(table):
            continue
        old = {id(row) for row in before.rows(table)}
        for row in after.rows(table):
            name = str(getattr(row, key))
            if id(row) in old or "~" in name:
                continue
            found.add((table, name))
            if table == "crossing":
                found.add(("link", row.link_id))
            if table == "terminal" and row.to_state == "charter":
                found.add(("charter", ""))
    return found


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


def _has_numba() -> bool:
    try:
        import corridor_net.graph.compiled  # noqa: F401
    except ImportError:
        return False
    return True


def by_country(network: Network, upgrades: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Return the changes of all upgrades sorted by the countries of the rows they change, one block a country.

    A change that touches rows of two countries (a border crossing, a shipping line) belongs to both: `CN-RU`.
    """
    blocks: dict[str, list[Any]] = {}
    follows = {name: names for upgrade in upgrades for name, names in upgrade.follows.items()}
    seen = set()
    for upgrade in upgrades:
        for step in upgrade.steps:
            if (step[1], step[2]) in seen:
                continue
            seen.add((step[1], step[2]))
            changed = _softly(network, step)
            countries = _countries(changed, _rows_changed(network, changed))
            network = changed
            if countries:
                blocks.setdefault("-".join(sorted(countries)), []).append(step)
    return tuple(
        Scenario(name, name, "", None, (), (), None, tuple(steps), (name,), (), follows)
        for name, steps in sorted(blocks.items())
    )


def _countries(network: Network, rows: set[tuple[str, str]]) -> set[str]:
    """Return the countries of rows: of a link, of the two ends of a crossing, of a terminal, of a line's ports."""
    found = set()
    for table, name in rows:
        if table == "service":
            found |= {network.nodes[call.node_id].country for call in network.calls.get(name, ())}
        elif table == "crossing":
            row = next(row for row in network.rows(table) if row.crossing_id == name)
            found |= {network.nodes[node].country for node in (row.from_node_id, row.to_node_id)}
        elif table == "terminal":
            row = next(row for row in network.rows(table) if row.terminal_id == name)
            found.add(network.nodes[row.node_id].country)
        elif table == "link" and ("crossing", name) not in rows:
            row = next((row for row in network.rows(table) if row.link_id == name), None)
            found |= {row.country} if row else set()
        elif table in ("tariff", "speed", "operation"):
            found.add(f"{table} {name}")
    return found


def study_space(comparison: Comparison, *, most_arcs: int | None = None) -> Space:
    """Return all subsets of a study's upgrades on its main baseline; what the study compiled is used again.

    Raises BadValue for a study without upgrades, ScenarioError and TooMany as `build` does.
    """
    base, loaded, ready = comparison.runs[0], _loaded(comparison), {}
    for run in comparison.scenario_runs(base.baseline):
        if run.scenario is not None:
            ready[frozenset(loaded[run.scenario].lineage)] = run.router.impedance
    return build(base.router, study_upgrades(comparison), ready=ready, most_arcs=most_arcs)


def study_upgrades(comparison: Comparison) -> tuple[Scenario, ...]:
    """Return the upgrades of a study's scenarios, packages opened."""
    loaded = _loaded(comparison)
    return tuple(atoms(loaded.values(), known=lambda name: loaded.get(name) or load_scenario(name)))


def _loaded(comparison: Comparison) -> dict[str, Scenario]:
    return {scenario.name: scenario for scenario in comparison.study.scenarios}
