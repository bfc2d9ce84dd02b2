"""What a scenario to start from shows: a change of a crossing and one of a link, of rows that are in the data."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from corridor_net.errors import CorridorError
from corridor_net.network import Network

from .studies import default_study

LESS, CHEAPER = 2 / 3, 0.9
"""What the examples make of hours at a crossing, and of money a km."""
NO_CROSSING, NO_LINK = "CROSSING-*", "LINK"
"""What stands where the data have no row to show."""


START = """\
# yaml-language-server: $schema=scenario.schema.json
scenario: {name}
title: {title}
why: What the scenario stands for.
changes:
{change}
  # Money that differs by box names the box: FEU, 40-ft, or TEU, 20-ft. `scale` changes both alike.
  # - set: link
  #   where: {{link_id: {shown.link}}}
  #   field: per_km
  #   cargo_unit: {shown.cargo_unit}
  #   value: {shown.per_km:g}
  #   currency: {shown.currency}
  #   price_year: {shown.price_year}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A crossing with hours of a component now and in the example, and a link with money a km of its tariff."""

    crossing: str = NO_CROSSING
    component: str = "procedures"
    hours: float = 3.0
    less: float = 2.0
    link: str = NO_LINK
    cargo_unit: str = "FEU"
    per_km: float = 1.0
    currency: str = "USD"
    price_year: int = 2019

    @property
    def change(self) -> dict[str, Any]:
        """The change to start from, with its verb and table first: of a crossing, else of a link."""
        why = "Why the change is thought possible."
        if self.crossing == NO_CROSSING and self.link != NO_LINK:
            where = {"link_id": self.link}
            return {"scale": "link", "where": where, "field": "per_km", "by": CHEAPER, "why": why}
        hours = {"field": "hours", "value": self.less, "was": self.hours}
        return {
            "set": "crossing",
            "where": {"crossing_id": self.crossing},
            "component": self.component,
            **hours,
            "why": why,
        }


def title_of(name: str) -> str:
    """Return the title that a new scenario has of its name.

    >>> title_of("faster-border")
    'Faster border'
    """
    return name.replace("-", " ").capitalize()


def scenario_text(name: str, shown: Example) -> str:
    """Return a scenario file of this name with the change of an example, as YAML."""
    return START.format(name=name, title=title_of(name), change=_change_lines(shown.change), shown=shown)


def _change_lines(change: Mapping[str, Any]) -> str:
    lines: list[str] = []
    for key, value in change.items():
        where = "".join(f"{column}: {row}" for column, row in value.items()) if key == "where" else ""
        said = f"{{{where}}}" if where else f"{value:g}" if isinstance(value, float) else value
        lines.append(f"{'    ' if lines else '  - '}{key}: {said}")
    return "\n".join(lines)


def example_of(network: Network) -> Example:
    """Return the example of the first rows that have what it takes, on the day of the main baseline of the study."""
    with suppress(CorridorError):  # data without a study are seen on their own day
        network = default_study(network).main_baseline.apply(network)
    return Example(**{**_crossing(network), **_link(network)})


def _crossing(network: Network) -> dict[str, Any]:
    hours = {row.operation_id: row for row in reversed(network.active("operation")) if row.quantity == "hours"}
    for row in network.active("crossing"):
        found = hours.get(row.operation_id)
        if found is not None and found.value > 0:
            name = row.crossing_id
            if name.endswith(f"-{row.direction}"):  # both ways of it
                name = f"{name.removesuffix(row.direction)}*"
            less = round(found.value * LESS, 2)
            return {"crossing": name, "component": found.component, "hours": found.value, "less": less}
    return {}


def _link(network: Network) -> dict[str, Any]:
    tariffs = {row.tariff_id: row for row in reversed(network.active("tariff")) if row.per_km}
    for row in network.active("link"):
        found = tariffs.get(row.tariff_id)
        if found is not None:
            money = {name: getattr(found, name) for name in ("cargo_unit", "currency", "price_year")}
            return {"link": row.link_id, "per_km": round(CHEAPER * found.per_km, 1) or found.per_km, **money}
    return {}
