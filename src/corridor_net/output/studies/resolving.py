"""What a page needs to solve a study again: where journeys begin and end, what may be changed, what then follows.

The page prices and searches as `costing` and `graph` do, and saves what was changed as a scenario. What the page cannot
follow exactly is not offered: hours of borders and sailings by the timetable alone, nor hours of borders in a run whose
changes set ranges outright.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.compare import Comparison, Run
from corridor_net.costing import Impedance, Part
from corridor_net.output.maps.map_data import Drawing
from corridor_net.scenario import Scenario, shipped_scenarios

RANGES = ("value_low", "value_high")
"""Fields that, once set outright, no longer move with their value."""
Entry = tuple[Any, ...]


class Resolving:
    """Collects, run by run, what the page needs. `part` gives the number of a part of an arc."""

    def __init__(self, drawing: Drawing, part: Callable[[Part, bool], int]) -> None:
        self.drawing, self.part = drawing, part
        self.homes: dict[Entry, int] = {}
        self.bases: dict[str, dict[tuple[str, str], int]] = {}
        self.charges: dict[tuple[int, str], dict[str, None]] = {}
        self.borders: dict[tuple[str, str], None] = {}
        self.places: dict[tuple[str, str], int] = {}
        self.fixed: dict[tuple[int, int], int] = {}
        """The part that the fixed part of a tariff is, by its row and the year of prices; -1 where it is none."""

    def of_run(self, comparison: Comparison, run: Run, new: NDArray[np.bool_]) -> dict[str, Any]:
        """Return what one run is solved with: its value of an hour, tariffs at home, if hours of borders follow.

        `new`: which of its arcs are not as in its baseline.
        """
        self._charges(run.router.impedance, new)
        self._borders(run.router.impedance, new)
        home = self._home(run)
        before = self.bases.setdefault(run.baseline, home)
        gone = [self._entry(state, ()) for state in before if state not in home]
        listed = home.values() if run.scenario is None else [n for key, n in home.items() if before.get(key) != n]
        return {
            "worth": run.router.impedance.cargo.value_of_time,
            "home": [*listed, *gone],
            "follows": not any(change.field in RANGES for one in _behind(comparison, run) for change, *_ in one.steps),
        }

    def _home(self, run: Run) -> dict[tuple[str, str], int]:
        """Return by node and state the links on which cargo may be put there, best first, with what is paid then."""
        imp = run.router.impedance
        price, year, paid = imp.draft.price, imp.prices.year, {}
        for tariff in price.figures.tariffs.values():
            if (id(tariff), year) not in self.fixed:
                parts = price.fixed(tariff, "haul")
                self.fixed[id(tariff), year] = self.part(parts[0], run.router.schedule) if parts else -1
            paid[tariff.tariff_id] = self.fixed[id(tariff), year]
        entered = {imp.states[imp.head[number]] for number in imp.of_kind("terminal", "crossing").tolist()}
        found = {}
        for (node, state), listed in imp.draft.home.listed.items():
            if (node, state) in entered:
                ways = tuple(
                    (paid[tariff.tariff_id], self.drawing.lines.get(link_id, -1)) for link_id, tariff in listed
                )
                found[node, state] = self._entry((node, state), ways)
        return found

    def _entry(self, state: tuple[str, str], ways: Entry) -> int:
        place = self.places.setdefault(state, len(self.places))
        return self.homes.setdefault((place, *ways), len(self.homes))

    def _charges(self, imp: Impedance, new: NDArray[np.bool_]) -> None:
        """Collect the terminals at the quays of each port, by what is paid there."""
        quays, terminals = imp.network.vocabulary.quays, imp.of_kind("terminal")
        terminals = terminals[new[terminals]]
        at_quay = np.array([name in quays for _, name in imp.states], bool)
        for number in terminals[at_quay[imp.tail[terminals]] | at_quay[imp.head[terminals]]].tolist():
            arc = imp.arcs[number]
            for part in arc.parts:
                if part.quantity == "cost" and part.amount and part.figures[0].startswith("operation:"):
                    key = self.drawing.node(arc.from_node), part.component
                    self.charges.setdefault(key, {})[arc.key] = None

    def _borders(self, imp: Impedance, new: NDArray[np.bool_]) -> None:
        """Collect the crossings and the components of their operations that take time, each its only part of it."""
        crossings = imp.of_kind("crossing")
        for number in crossings[new[crossings]].tolist():
            arc = imp.arcs[number]
            hours = [part for part in arc.parts if part.quantity == "hours"]
            for part in hours:
                alone = sum(other.component == part.component for other in hours) == 1
                if alone and part.figures[0].startswith("operation:"):
                    self.borders[arc.asset_id, part.component] = None

    def data(
        self, comparison: Comparison, states: Mapping[tuple[str, str], int], keys: Mapping[str, int]
    ) -> dict[str, Any]:
        """Return what all runs share; `states` and `keys` are the numbers of the states of cargo and of arcs."""
        router = comparison.main.router
        columns = {name: number for number, name in enumerate(router.impedance.components)}
        home = list(self.places)
        return {
            "by": router.by,
            "schedule": router.schedule,
            "ratio": router.impedance.cargo.reliability_ratio,
            "co2_price": router.co2_price_usd_per_t,
            "cargo": router.impedance.cargo.cargo_id,
            "study": comparison.study.name,
            "given": comparison.study.file.value_of_time_usd_per_hour is not None,
            "price_year": comparison.study.file.price_year,
            "overseas": sorted(self.drawing.nodes[n] for n in router.network.overseas if n in self.drawing.nodes),
            "origins": _ends(self.drawing, states, "origin"),
            "destinations": _ends(self.drawing, states, "destination"),
            "charges": [
                [node, columns[name], [keys[one] for one in found]] for (node, name), found in self.charges.items()
            ],
            "borders": [[crossing, columns[name]] for crossing, name in sorted(self.borders)],
            "codes": list(columns),
            "lifts": [columns[name] for name in router.network.vocabulary.components_where("lifts", "yes")],
            "homes": [[states.get(home[place], -1), *ways] for place, *ways in self.homes],
            "files": {scenario.name: _reference(scenario) for scenario in comparison.study.scenarios},
        }


def _ends(drawing: Drawing, states: Mapping[tuple[str, str], int], name: str) -> list[list[int]]:
    return [[drawing.node(node), number] for (node, state), number in states.items() if state == name]


def _behind(comparison: Comparison, run: Run) -> list[Scenario]:
    """Return the scenarios that a run is made of."""
    study = comparison.study
    known = [one for one in study.scenarios if one.name == run.scenario]
    return [*(one for one in study.baselines if one.name == run.baseline), *known]


def _reference(scenario: Scenario) -> str:
    """Return how a file beside it names a scenario: a shipped one by its name, another by its file."""
    if scenario.name in shipped_scenarios() or not scenario.files:
        return scenario.name
    return Path(scenario.files[-1][0]).name
