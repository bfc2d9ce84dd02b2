"""What figures are called where people read them: names in place of ids. No values, no sources."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from corridor_net.network import Network


class Labels:
    """The names of the figures of a network, by the keys of `costing.parameters` and of what converts amounts."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def of(self, key: str) -> str:
        """Return what a figure is called.

        >>> Labels(Network.from_folder()).of("exchange_rate:CNY:2018")
        'exchange rate of CNY, 2018'
        """
        table, name, *rest = key.split(":")
        by_table: dict[str, Callable[[str, list[str]], str]] = {
            "operation": self._operation,
            "link": self._link,
            "sea_lane": self._sea_lane,
            "service": lambda name, rest: f"{spaced(rest[0])}, {self._called('service', name)}",
            "service_call": lambda name, _: f"timetable, {self._called('service', name)}",
            "crossing": lambda name, _: f"opening hours, {self._called('crossing', name)}",
            "tariff": lambda name, _: f"rate {spaced(name)}",
            "exchange_rate": lambda name, rest: f"exchange rate of {name}, {rest[0]}",
            "deflator": lambda name, _: f"price index of the dollar, {name}",
            "cargo": lambda _, rest: spaced(rest[0] if rest else name),
        }
        return by_table[table](name, rest) if table in by_table else f"{spaced(table)} {spaced(name)}"

    def _operation(self, name: str, rest: list[str]) -> str:
        return f"{self.network.vocabulary.component_label(rest[0])} {rest[1]}, {self._users.get(name) or spaced(name)}"

    def _link(self, name: str, _: list[str]) -> str:
        row = self._row("link", name)
        return f"length of {row.name} ({self.network.vocabulary.mode_label(row.mode)})" if row else f"length of {name}"

    def _sea_lane(self, name: str, _: list[str]) -> str:
        lane = next((row for row in self.network.rows("sea_lane") if row.lane_id == name), None)
        ends = (lane.from_node_id, lane.to_node_id) if lane else ()
        return f"sea lane {' - '.join(self.network.nodes[end].name for end in ends)}" if lane else f"length of {name}"

    def _called(self, table: str, name: str) -> str:
        row = self._row(table, name)
        return str(row.name) if row else name

    def _row(self, table: str, name: str) -> Any:
        """Return the row of an id: one that holds on the day where there is one."""
        rows = [row for row in self.network.rows(table) if getattr(row, f"{table}_id") == name]
        return next((row for row in rows if row.holds_on(self.network.day)), rows[-1] if rows else None)

    @cached_property
    def _users(self) -> dict[str, str]:
        """The name of the one crossing or place that uses an operation; nothing where several do."""
        found: dict[str, set[str]] = {}
        for row in self.network.active("crossing"):
            found.setdefault(row.operation_id, set()).add(row.name)
        for row in self.network.active("terminal"):
            found.setdefault(row.operation_id, set()).add(self.network.nodes[row.node_id].name)
        return {name: next(iter(users)) for name, users in found.items() if len(users) == 1}


def spaced(text: str) -> str:
    """Return an id as words."""
    return text.replace("_", " ")
