"""What the page offers to change on a day for a cargo: each figure with its unit, and the change that would set it.

A figure's `about` is a change of a scenario without its value: the page adds `value`, and `was`, and nothing else.
"""

from __future__ import annotations

from typing import Any

from corridor_net.costing.parameters import OF_VALUE, Figures
from corridor_net.network import Network
from corridor_net.network.vocabulary import Vocabulary

HOURS_FORM = "24h or 09:00-19:00"


def changeable(network: Network, unit: str) -> dict[str, list[dict[str, Any]]]:
    """Return the crossings, terminals, services and links that hold on the network's day, with their figures.

    `unit` is the cargo unit, FEU or TEU: money that differs by it is shown and changed for that one alone.
    """
    figures, vocabulary = Figures.of(network, unit), network.vocabulary
    home = {link.link_id: link for link in network.active("link")}
    return {
        "crossings": [
            {
                "id": row.crossing_id,
                "name": row.name,
                "link": row.link_id,
                "mode": row.mode,
                "from": row.from_node_id,
                "to": row.to_node_id,
                "figures": [
                    *_operations(figures, vocabulary, "crossing", row),
                    _figure("opening hours", _about("crossing", row, "opening_hours"), row.opening_hours, HOURS_FORM),
                ],
            }
            for row in network.active("crossing")
            if row.link_id in home
        ],
        "terminals": [
            {
                "id": row.terminal_id,
                "node": row.node_id,
                "name": f"{vocabulary.state_label(row.from_state)} to {vocabulary.state_label(row.to_state)}",
                "figures": _operations(figures, vocabulary, "terminal", row),
            }
            for row in network.active("terminal")
        ],
        "services": [
            {
                "id": row.service_id,
                "name": row.name,
                "calls": [call.node_id for call in network.calls.get(row.service_id, ())],
                "figures": [
                    _figure(
                        "sailings a week",
                        _about("service", row, "sailings_per_week"),
                        row.sailings_per_week,
                        _told("", row.sailings_low, row.sailings_high, row),
                    ),
                    *_speed(figures, "service", row),
                    *_money(figures, "service", row, "fixed", "freight, fixed"),
                ],
            }
            for row in network.active("service")
            if row.carries == "container"
        ],
        "links": [
            {
                "id": row.link_id,
                "name": row.name,
                "mode": row.mode,
                "length_km": row.length_km,
                "figures": [
                    *_speed(figures, "link", row),
                    *_money(figures, "link", row, "per_km", "rate per km"),
                ],
            }
            for row in home.values()
        ],
    }


LINK_MODE = "road"
"""The mode of a link that is drawn, where the network has it: a road needs no more than two ends."""


def choices(network: Network) -> dict[str, Any]:
    """Return the figures that an added link or service may name, and the mode of a link that is drawn."""
    figures = Figures.of(network, network.rows("cargo")[0].cargo_unit)
    plain = [name for name, row in network.vocabulary.modes.items() if row.links == "yes" and not row.has_gauge]
    return {
        "link_mode": LINK_MODE if LINK_MODE in plain else next(iter(plain), LINK_MODE),
        "speed": sorted(figures.speeds),
        "tariff": sorted(figures.tariffs),
        "emission_factor": sorted(figures.factors),
    }


def _about(table: str, row: Any, field: str, **more: str) -> dict[str, Any]:
    key = f"{table}_id"
    return {"set": table, "where": {key: getattr(row, key)}, "field": field, **more}


def _figure(label: str, about: dict[str, Any], value: Any, note: str) -> dict[str, Any]:
    return {"label": label, "about": about, "value": value, "note": note}


def _told(unit: str, low: float | None, high: float | None, row: Any) -> str:
    """Return what stands beside a figure: unit and range, grade and source."""
    span = f"{low:g} to {high:g}" if low is not None and high is not None else ""
    return "; ".join(part for part in (unit, span, f"grade {row.grade}, {row.source_id}") if part)


def _unit(row: Any) -> dict[str, str]:
    return {} if row.cargo_unit == "any" else {"cargo_unit": row.cargo_unit}


def _operations(figures: Figures, vocabulary: Vocabulary, table: str, row: Any) -> list[dict[str, Any]]:
    found = []
    for op in figures.operations.get(row.operation_id, ()):
        about = _about(table, row, op.quantity, component=op.component, **_unit(op))
        money = f"{op.currency} of {op.price_year}" if op.currency else OF_VALUE
        unit = "h" if op.quantity == "hours" else money
        note = _told(unit, op.value_low, op.value_high, op)
        found.append(_figure(f"{vocabulary.component_label(op.component)}, {op.quantity}", about, op.value, note))
    return found


def _speed(figures: Figures, table: str, row: Any) -> list[dict[str, Any]]:
    speed = figures.speeds.get(row.speed_id)
    if speed is None:
        return []
    note = _told("", speed.speed_kmh_low, speed.speed_kmh_high, speed)
    return [_figure("speed, km/h", _about(table, row, "speed_kmh"), speed.speed_kmh, note)]


def _money(figures: Figures, table: str, row: Any, field: str, label: str) -> list[dict[str, Any]]:
    tariff = figures.tariffs.get(row.tariff_id)
    if tariff is None:
        return []
    note = f"{tariff.currency} of {tariff.price_year}, {tariff.cargo_unit}; grade {tariff.grade}, {tariff.source_id}"
    return [_figure(label, _about(table, row, field, **_unit(tariff)), getattr(tariff, field), note)]
