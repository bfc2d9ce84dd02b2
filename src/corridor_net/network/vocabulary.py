"""The codes of a network: modes, vehicles, components, kinds of place, states, boxes; and which columns hold them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from corridor_net.network.files.fields import ColumnSchema
from corridor_net.network.reading.package import Package, TableSchema

from .fixed import Fixed
from .rows import VOCABULARY, CargoUnit, Component, Mode, NodeType, State, Vehicle

SEA = "sea"
"""The mode of ships on demand, and of the lanes between ports."""
ANY_UNIT = "any"
"""In place of a cargo unit: the figure is for a box of any."""
CODED: Mapping[tuple[str, str], str] = Fixed(
    {
        ("link", "mode"): "link modes",
        ("crossing", "mode"): "link modes",
        ("speed", "mode"): "modes",
        ("tariff", "mode"): "modes",
        ("vehicle", "mode"): "modes",
        ("service", "vehicle"): "vehicles",
        ("node", "node_type"): "node types",
        ("operation", "component"): "components of operations",
        ("operation", "cargo_unit"): "units or any",
        ("tariff", "cargo_unit"): "units",
        ("cargo", "cargo_unit"): "units",
        ("published", "cargo_unit"): "units of claims",
    }
)
"""Columns whose values are codes, and which."""
STATES = (("terminal", "from_state"), ("terminal", "to_state"))
"""Columns whose values are states of cargo: a mode, with its gauge where it has one, or a code of table state."""
CLAIMED = ("t", "not_told", "none")
"""What a published figure may be per, besides a box."""


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The codes of a network in their order, by table."""

    modes: Mapping[str, Mode]
    vehicles: Mapping[str, Vehicle]
    components: Mapping[str, Component]
    node_types: Mapping[str, NodeType]
    states: Mapping[str, State]
    cargo_units: Mapping[str, CargoUnit]

    @classmethod
    def of(cls, rows: Mapping[str, Iterable[Any]], shipped: Mapping[str, Iterable[Any]]) -> Vocabulary:
        """Return the shipped codes with those of a package in their place or beside them, by rank."""
        found = {}
        for name in VOCABULARY:
            codes = {getattr(row, name): row for row in (*shipped.get(name, ()), *rows.get(name, ()))}
            found[f"{name}s"] = Fixed(
                dict(sorted(codes.items(), key=lambda item: (item[1].rank, item[0])))  # no answer hangs on rows' order
            )
        return cls(**found)

    def kind(self, mode: str) -> str:
        """Return the kind of a mode; 'land' for what is none, such as work in a terminal."""
        return self.modes[mode].kind if mode in self.modes else "land"

    def component_label(self, component: str) -> str:
        """Return what a component is called."""
        row = self.components.get(component)
        return row.label if row else component.replace("_", " ")

    def mode_label(self, mode: str) -> str:
        """Return what a mode is called."""
        return self.modes[mode].label if mode in self.modes else mode.replace("_", " ")

    def state_label(self, state: str) -> str:
        """Return what a state of cargo is called: that of table state, or its mode and gauge."""
        if state in self.states:
            return self.states[state].label
        mode, _, gauge = state.rpartition("_")
        return f"{self.mode_label(mode)} {gauge}" if mode in self.modes else self.mode_label(state)

    @property
    def labels(self) -> dict[str, str]:
        """What components and modes are called, by code."""
        named: tuple[Mapping[str, Component] | Mapping[str, Mode], ...] = (self.components, self.modes)
        return {code: row.label for rows in named for code, row in rows.items()}

    def components_where(self, column: str, value: str) -> tuple[str, ...]:
        """Return the components of which a column of table component holds a value, in order."""
        return tuple(name for name, row in self.components.items() if getattr(row, column) == value)

    @property
    def quays(self) -> frozenset[str]:
        """The states of cargo on a quay."""
        return frozenset(name for name, row in self.states.items() if row.quay == "yes")

    def is_port(self, node_type: str) -> bool:
        """Whether only cargo that goes through its port passes a place of this kind."""
        return node_type in self.node_types and self.node_types[node_type].port == "yes"

    def codes(self, table: str, column: str) -> frozenset[str] | None:
        """Return the codes that a column may hold; None for one that holds none."""
        kind = CODED.get((table, column))
        return None if kind is None else self._lists[kind]

    @cached_property
    def _lists(self) -> dict[str, frozenset[str]]:
        """The codes of each kind."""
        lists: dict[str, Iterable[str]] = {
            "modes": self.modes,
            "link modes": (name for name, row in self.modes.items() if row.links == "yes"),
            "vehicles": self.vehicles,
            "node types": self.node_types,
            "components of operations": self.components_where("operation", "yes"),
            "units": self.cargo_units,
            "units or any": (*self.cargo_units, ANY_UNIT),
            "units of claims": (*self.cargo_units, *CLAIMED),
        }
        return {kind: frozenset(codes) for kind, codes in lists.items()}

    def state_pattern(self) -> re.Pattern[str]:
        """Return what a state of cargo looks like."""
        ways = (rf"{re.escape(m)}_\d{{3,4}}" if row.has_gauge else re.escape(m) for m, row in self.modes.items())
        return re.compile(f"({'|'.join((*map(re.escape, self.states), *ways))})")

    def coded(self, table: str, column: ColumnSchema) -> ColumnSchema:
        """Return a column held to the codes, beside what its package asks of it."""
        codes = self.codes(table, column.name)
        if codes is not None:
            return replace(column, free_text=False, choices=codes & column.choices if column.choices else codes)
        if (table, column.name) in STATES:
            return replace(column, free_text=False, patterns=(*column.patterns, self.state_pattern()))
        return column

    def held(self, package: Package) -> Package:
        """Return a package whose columns are held to the codes."""
        tables = {name: self._held(table) for name, table in package.tables.items()}
        return replace(package, tables=Fixed(tables))

    def _held(self, table: TableSchema) -> TableSchema:
        columns = {name: self.coded(table.name, column) for name, column in table.columns.items()}
        return replace(table, columns=Fixed(columns))
