"""Every subset of n upgrades as one weighting of one topology, without compiling each subset. No drawing.

The arcs of the baseline and of every combination that matters are joined in one graph; an arc that a subset
does not have weighs infinity. Upgrades that share no arc cannot change each other's effect, so the upgrades
fall into *groups*, each group's combinations are compiled whole, and any subset is looked up group by group:
2 + 2 + 4 networks in place of 2 x 2 x 4. Two upgrades belong to one group when they touch the same row (or
the two ends of one thing: a crossing and its link, two charter quays), the same arc, or one requires the
other. The whole set is compiled as well and must come out as looked up; if not, groups are joined until it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from corridor_net.analysis.compare import Comparison
from corridor_net.analysis.router import Router
from corridor_net.costing import Impedance
from corridor_net.errors import BadValue
from corridor_net.network import Network
from corridor_net.scenario import Scenario, load_scenario

from .changed_rows import rows_changed, softly_changed
from .subset_builder import SubsetBuilder
from .subsets import UpgradeSubsets


def elementary(scenarios: Iterable[Scenario], *, known: Callable[[str], Scenario]) -> tuple[Scenario, ...]:
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
            name=f"{name}~{number}",
            title=change.why or f"{change.verb} {change.table}",
            why=change.why,
            as_of=scenario.as_of,
            steps=((change.model_copy(update={"was": None, "optional": True}), name, number, place),),
            lineage=(f"{name}~{number}",),
            follows=scenario.follows,
        )
        for change, name, number, place in scenario.steps
    )


UNASKED_ARCS = 2_000_000
"""Arcs that a study compiles at most, over all combinations of its upgrades, for what it tells by itself."""


def build(
    router: Router,
    upgrades: Sequence[Scenario],
    *,
    lenient: bool = False,
    ready: Mapping[frozenset[str], Impedance] | None = None,
    sequence: Sequence[tuple[str, int]] = (),
    most_arcs: int | None = None,
) -> UpgradeSubsets:
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
    return SubsetBuilder(router, tuple(upgrades), lenient, ready or {}, sequence, most_arcs).run()


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
            changed = softly_changed(network, step)
            countries = _countries(changed, rows_changed(network, changed))
            network = changed
            if countries:
                blocks.setdefault("-".join(sorted(countries)), []).append(step)
    return tuple(
        Scenario(name=name, title=name, steps=tuple(steps), lineage=(name,), follows=follows)
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
        elif table == "link":
            found |= {row.country for row in network.rows(table) if row.link_id == name}
        elif table in ("tariff", "speed", "operation"):
            found.add(f"{table} {name}")
    return found


def study_subsets(comparison: Comparison, *, most_arcs: int | None = None) -> UpgradeSubsets:
    """Return all subsets of a study's upgrades on its main baseline; what the study compiled is used again.

    Raises BadValue for a study without upgrades, ScenarioError and TooMany as `build` does.
    """
    base, loaded, ready = comparison.main, _loaded(comparison), {}
    for run in comparison.scenario_runs(base.baseline):
        if run.scenario is not None:
            ready[frozenset(loaded[run.scenario].lineage)] = run.router.impedance
    return build(base.router, study_upgrades(comparison), ready=ready, most_arcs=most_arcs)


def study_upgrades(comparison: Comparison) -> tuple[Scenario, ...]:
    """Return the upgrades of a study's scenarios, packages opened."""
    loaded = _loaded(comparison)
    return tuple(elementary(loaded.values(), known=lambda name: loaded.get(name) or load_scenario(name)))


def _loaded(comparison: Comparison) -> dict[str, Scenario]:
    return {scenario.name: scenario for scenario in comparison.study.scenarios}
