"""The package, asked as anybody would ask it. The only file of the second model that knows it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import corridor_net as cn
from corridor_net.analysis.trips import trips
from corridor_net.costing import impedance
from corridor_net.network.reading.package import shipped_folder

GEODATA, SCENARIOS = shipped_folder("geodata"), shipped_folder("scenarios")
OWN = Path(__file__).parent / "scenarios"
"""Scenarios that use what the shipped ones do not."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Totals of a best route, and its steps: kind, asset_id, from, to."""

    money: float
    hours: float
    co2: float
    generalised: float
    km: float
    steps: tuple[tuple[str, str, str, str], ...]


def path_of(scenario: str) -> Path:
    """Return the file of a scenario, shipped or of this folder."""
    path = SCENARIOS / f"{scenario}.yaml"
    return path if path.exists() else OWN / path.name


@lru_cache(1)
def _shipped() -> Any:
    return cn.Network.from_folder()


@lru_cache(4)
def network(day: str, scenarios: tuple[str, ...]) -> Any:
    """Return the network as of a day with scenarios applied."""
    seen = _shipped().as_of(day)
    for name in scenarios:
        seen = cn.load_scenario(path_of(name)).apply(seen)
    return seen


@lru_cache(4)
def _impedance(day: str, scenarios: tuple[str, ...], cargo: str, year: int | None, value: float | None) -> Any:
    return impedance(network(day, scenarios), cargo, price_year=year, value_of_time_usd_per_hour=value)


def answers(case: Any, origins: tuple[str, ...], destinations: tuple[str, ...]) -> dict[tuple[str, str], Answer]:
    """Return the best route of every pair that has one."""
    compiled = _impedance(case.day, case.scenarios, case.cargo, case.price_year, case.value_of_time)
    router = cn.Router(compiled, by=case.by, schedule=case.schedule, co2_price_usd_per_t=case.co2_price)
    found = {}
    for pair, trip in trips(router, origins, destinations).items():
        arcs = [compiled.arcs[number] for number in trip.arcs]
        steps = tuple((arc.kind, arc.asset_id, arc.from_node, arc.to_node) for arc in arcs)
        totals = (trip.cost_usd, trip.hours, trip.co2_kg, trip.generalised_cost_usd, trip.distance_km)
        found[pair] = Answer(*totals, steps)
    return found
