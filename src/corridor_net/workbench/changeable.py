"""What the page offers to change on a day for a cargo: each figure with its unit, and the change that would set it.

A figure's `about` is a change of a scenario without its value: the page adds `value`, and `was`, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corridor_net.costing.parameters import OF_VALUE, Figures
from corridor_net.network import Network
from corridor_net.network.rows import Crossing, Link, Operation, Row, Service, Tariff, Terminal
from corridor_net.network.vocabulary import Vocabulary
from corridor_net.render.words import COMMA, Words, say

HOURS_FORM = say("24h or 09:00-19:00")
KINDS = {"crossings": "crossing", "terminals": "terminal", "services": "service", "links": "link"}
"""What the page offers, and the table each is of."""
Shown = list[dict[str, Any]]


def changeable(network: Network, unit: str, words: Words, *, beside: Network | None = None) -> dict[str, Shown]:
    """Return the crossings, terminals, services and links that hold on the network's day, with their figures.

    `unit` is the cargo unit, FEU or TEU: money that differs by it is shown and changed for that one alone. With
    `beside`, only what that network does not have.
    """
    rows = {kind: _rows(network, table, beside) for kind, table in KINDS.items()}
    if not any(rows.values()):
        return {kind: [] for kind in KINDS}
    told = _ShownRows(Figures.of(network, unit), network.vocabulary, words)
    home = {link.link_id for link in network.active("link")}
    return {
        "crossings": [told.crossing(row) for row in rows["crossings"] if row.link_id in home],
        "terminals": [told.terminal(row) for row in rows["terminals"]],
        "services": [
            told.service(row, [call.node_id for call in network.calls.get(row.service_id, ())])
            for row in rows["services"]
            if row.carries == "container"
        ],
        "links": [told.link(row) for row in rows["links"]],
    }


def _rows(network: Network, table: str, beside: Network | None) -> list[Any]:
    """Return the rows of the day; with `beside`, those of ids that it does not have."""
    key = f"{table}_id"
    known = set() if beside is None else {getattr(row, key) for row in beside.rows(table)}
    return [row for row in network.active(table) if getattr(row, key) not in known]


@dataclass(frozen=True, slots=True)
class _ShownRows:
    """Rows as the page shows them, in a reader's words."""

    figures: Figures
    vocabulary: Vocabulary
    words: Words

    def crossing(self, row: Crossing) -> dict[str, Any]:
        """Return a crossing; it has opening hours beside its operations."""
        hours = self._figure("opening hours", _about("crossing", row, "opening_hours"), row.opening_hours)
        hours["note"] = self.words.text(HOURS_FORM)
        return {
            "id": row.crossing_id,
            "name": self._name(row.crossing_id, row),
            "link": row.link_id,
            "mode": row.mode,
            "from": row.from_node_id,
            "to": row.to_node_id,
            "figures": [*self._operations("crossing", row), hours],
        }

    def terminal(self, row: Terminal) -> dict[str, Any]:
        """Return what is done with cargo at a place, from one state to another."""
        here, there = (self._state(state) for state in (row.from_state, row.to_state))
        name = self.words.text(say("{here} to {there}", here=here, there=there))
        return {
            "id": row.terminal_id,
            "node": row.node_id,
            "name": name,
            "figures": self._operations("terminal", row),
        }

    def service(self, row: Service, calls: list[str]) -> dict[str, Any]:
        """Return a service, with the places it calls at."""
        often = self._figure("sailings a week", _about("service", row, "sailings_per_week"), row.sailings_per_week)
        often["note"] = self._note("", row.sailings_low, row.sailings_high, row)
        return {
            "id": row.service_id,
            "name": self._name(row.service_id, row),
            "calls": calls,
            "figures": [often, *self._speed("service", row), *self._money("service", row, "fixed", "freight, fixed")],
        }

    def link(self, row: Link) -> dict[str, Any]:
        """Return a link on land."""
        return {
            "id": row.link_id,
            "name": self._name(row.link_id, row),
            "mode": row.mode,
            "length_km": row.length_km,
            "figures": [*self._speed("link", row), *self._money("link", row, "per_km", "rate per km")],
        }

    def _name(self, key: str, row: Crossing | Service | Link) -> str:
        return self.words.names.get(key) or str(row.name)

    def _state(self, state: str) -> str:
        """Return what a state of cargo is called: that of table state, or its mode and gauge."""
        if state in self.vocabulary.states:
            return self.words.label(self.vocabulary.state_label(state))
        mode, _, gauge = state.rpartition("_")
        known = mode in self.vocabulary.modes
        return f"{self.words.label(self.vocabulary.mode_label(mode))} {gauge}" if known else self._mode(state)

    def _mode(self, mode: str) -> str:
        return self.words.label(self.vocabulary.mode_label(mode))

    def _operations(self, table: str, row: Crossing | Terminal) -> Shown:
        found = []
        for op in self.figures.operations.get(row.operation_id, ()):
            about = _about(table, row, op.quantity, component=op.component, **_unit(op))
            made = self._figure(op.quantity, about, op.value)
            component = self.words.label(self.vocabulary.component_label(op.component))
            made["label"] = f"{component}{self.words.label(COMMA)}{made['label']}"
            made["note"] = self._note(self._amount(op), op.value_low, op.value_high, op)
            found.append(made)
        return found

    def _amount(self, op: Operation) -> str:
        if op.quantity == "hours":
            return self.words.label("h")
        return self._year(op) if op.currency else self.words.label(OF_VALUE)

    def _year(self, row: Operation | Tariff) -> str:
        return self.words.text(say("{currency} of {year}", currency=row.currency, year=row.price_year))

    def _speed(self, table: str, row: Link | Service) -> Shown:
        speed = self.figures.speeds.get(row.speed_id)
        if speed is None:
            return []
        made = self._figure("speed, km/h", _about(table, row, "speed_kmh"), speed.speed_kmh)
        made["note"] = self._note("", speed.speed_kmh_low, speed.speed_kmh_high, speed)
        return [made]

    def _money(self, table: str, row: Link | Service, field: str, label: str) -> Shown:
        tariff = self.figures.tariffs.get(row.tariff_id)
        if tariff is None:
            return []
        made = self._figure(label, _about(table, row, field, **_unit(tariff)), getattr(tariff, field))
        made["note"] = self.words.label(COMMA).join(
            (self._year(tariff), self._note(tariff.cargo_unit, None, None, tariff))
        )
        return [made]

    def _figure(self, label: str, about: dict[str, Any], value: Any) -> dict[str, Any]:
        return {"label": self.words.label(label), "about": about, "value": value, "note": ""}

    def _note(self, unit: str, low: float | None, high: float | None, row: Row) -> str:
        """Return what stands beside a figure: unit and range, grade and source."""
        known = low is not None and high is not None
        span = f"{self.words.plain(low)}–{self.words.plain(high)}" if known else ""
        graded = self.words.text(say("grade {grade}, {source}", grade=row.grade, source=row.source_id))
        return self.words.label("; ").join(part for part in (unit, span, graded) if part)


LABELS = ("opening hours", "sailings a week", "freight, fixed", "rate per km", "speed, km/h", "hours", "cost", OF_VALUE)
"""What figures are called."""


def _about(table: str, row: Row, field: str, **more: str) -> dict[str, Any]:
    key = f"{table}_id"
    return {"set": table, "where": {key: getattr(row, key)}, "field": field, **more}


def _unit(row: Operation | Tariff) -> dict[str, str]:
    return {} if row.cargo_unit == "any" else {"cargo_unit": row.cargo_unit}
