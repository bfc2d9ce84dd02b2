"""A study as plain data for the report: the map, every step with its parts, what is needed to solve it again.

No search, no markup. Amounts are not rounded: that is done once, where they are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.compare import Comparison, Run
from corridor_net.costing import Arc, Impedance, Part
from corridor_net.network.lines import ends_of, link_lines
from corridor_net.network.rows import Link
from corridor_net.output.maps.map_data import Drawing, ground
from corridor_net.render.words import Words, say

from .resolving import Resolving


class _Arcs:
    """Every distinct arc of a study once, as a row of numbers; a run holds numbers of rows."""

    def __init__(self, drawing: Drawing, comparison: Comparison) -> None:
        self.drawing = drawing
        self.words = drawing.words
        self.states: dict[tuple[str, str], int] = {}
        self.shapes = link_lines(comparison.network)
        self.rows: dict[tuple[Any, ...], int] = {}
        self.parts: dict[tuple[Any, ...], int] = {}
        self.labels: dict[str, int] = {}
        self.vocabulary = comparison.network.vocabulary
        self.columns = {name: number for number, name in enumerate(self.vocabulary.components)}
        self.bases: dict[str, tuple[Impedance, dict[str, int], NDArray[np.int64]]] = {}
        self.kept = _used_keys(comparison) if most_arcs(comparison) > MOST_ARCS else None
        keys = self.kept
        if keys is None:
            keys = set[str]().union(*(run.router.impedance.numbers for run in comparison.runs))
        self.keys = {key: number for number, key in enumerate(sorted(keys))}

    def of_run(self, run: Run) -> list[int]:
        """Return the number of the row of each arc of a run; of a large network -1 for one that no route uses."""
        network, imp = run.router.network, run.router.impedance
        links: dict[str, Link] = {link.link_id: link for link in network.rows("link")}
        for link in tuple(links.values()):
            self.shapes.setdefault(link.link_id, ends_of(network, link))
        called = self.drawing.called
        names = {row.crossing_id: called(row.crossing_id, row.name) for row in network.rows("crossing")}
        names |= {row.service_id: called(row.service_id, row.name) for row in network.rows("service")}
        known = self._known(run)
        borders = {row.crossing_id: links[row.link_id] for row in network.rows("crossing")}
        links |= borders
        numbers, schedule = [known.get(number, -1) for number in range(len(imp.arcs))], run.router.schedule
        for number, _ in self._shown(imp):
            if numbers[number] < 0:
                numbers[number] = self.row(imp.arcs[number], imp.states, links, names, schedule)
        if run.scenario is None:
            places = {key: number for number, key in self._shown(imp)}
            self.bases[run.baseline] = imp, places, np.array(numbers)
        return numbers

    def _shown(self, imp: Impedance) -> Iterator[tuple[int, str]]:
        """Give the arcs that may be shown, and their keys: all, or of a large network those whose key a route uses."""
        if self.kept is None:
            return ((number, key) for key, number in imp.numbers.items())
        return ((number, key) for number, key in enumerate(imp.keys()) if key in self.kept)

    def _known(self, run: Run) -> dict[int, int]:
        """Return the rows of arcs that are as in the run's baseline in every amount, by number of the arc."""
        imp = run.router.impedance
        if run.baseline not in self.bases or run.scenario is None:
            return {}
        before, places, numbers = self.bases[run.baseline]
        met = [(number, places[key]) for number, key in self._shown(imp) if key in places]
        shown, there = np.array(met, np.int64).reshape(len(met), 2).T
        alike = np.ones(len(shown), bool)
        were, now = self._by_component(before, there), self._by_component(imp, shown)
        for name, table in were.items():
            alike &= (table == now[name]).all(axis=1)
        for name in ("spread_hours", "co2_kg", "distance_km"):
            alike &= getattr(before, name)[there] == getattr(imp, name)[shown]
        return dict(zip(shown[alike].tolist(), numbers[there[alike]].tolist(), strict=True))

    def _by_component(self, imp: Impedance, arcs: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
        """Return what arcs take by component; of a large network without a table of all its arcs."""
        if self.kept is not None:
            return imp.of_components(arcs)
        return {"cost": imp.money[arcs], "hours": imp.hours[arcs]}

    def row(
        self,
        arc: Arc,
        states: Sequence[tuple[str, str]],
        links: Mapping[str, Any],
        names: Mapping[str, str],
        schedule: bool,
    ) -> int:
        line = -1
        if arc.kind == "haul":
            link = links[arc.asset_id]
            line, label = self._link(link), self.drawing.called(link.link_id, link.name)
        elif arc.kind in ("sail", "charter"):
            line, label = (
                self.drawing.lane(arc.from_node, arc.to_node, arc.mode),
                names.get(arc.asset_id, self.words.label("ship on demand")),
            )
        elif arc.kind == "terminal":
            label = " → ".join(
                self.words.label(self.vocabulary.state_label(states[end][1])) for end in (arc.tail, arc.head)
            )
        else:
            line = self._link(links[arc.asset_id]) if arc.kind == "crossing" else -1
            label = names.get(arc.asset_id, arc.asset_id)
        parts = tuple(self.part(part, schedule) for part in arc.parts if part.scheduled or not schedule)
        entry = (
            arc.kind,
            arc.mode,
            self.drawing.node(arc.from_node),
            self.drawing.node(arc.to_node),
            line,
            self.labels.setdefault(label, len(self.labels)),
            arc.distance_km,
            arc.co2_kg,
            parts,
            *(self.states.setdefault(states[end], len(self.states)) for end in (arc.tail, arc.head)),
            self.keys[arc.key],
        )
        return self.rows.setdefault(entry, len(self.rows))

    def _link(self, link: Link) -> int:
        return self.drawing.link(link, self.shapes[link.link_id])

    def part(self, part: Part, schedule: bool) -> int:
        """Return the number of a part."""
        hours = part.quantity == "hours"
        entry = (
            self.columns[part.component],
            hours,
            part.scheduled if schedule else part.amount,
            part.grade,
            tuple(self.drawing.source(source) for source in part.source_ids),
            part.spread if hours and not schedule else 0.0,
        )
        return self.parts.setdefault(entry, len(self.parts))


MOST_ARCS = 20_000
"""Steps of a network up to which the report holds them all; of a larger one it holds those that routes use."""


def most_arcs(comparison: Comparison) -> int:
    """Return how many steps the largest network of a study has."""
    return max(len(run.router.impedance.arcs) for run in comparison.runs)


def _used_keys(comparison: Comparison) -> set[str]:
    arcs = ((run.router.impedance.arcs, trip) for run in comparison.runs for trip in run.trips.values())
    return {steps_of[number].key for steps_of, trip in arcs for number in trip.arcs}


def study_data(comparison: Comparison, words: Words | None = None) -> dict[str, Any]:
    """Return a study for the report: the map, all arcs with their parts, and the routes of every run to the focus.

    An arc is [kind, mode, from, to, line, label, km, kg CO2e, parts, state left, state entered, key], a part
    [component, 1 for hours and 0 for USD, amount, grade, sources, hours of spread]; all but the kinds, modes, grades
    and amounts are numbers of the lists beside. A run with a scenario names what it takes away from its baseline
    (`less`) and adds (`more`). `solve` is what a search needs besides (`resolving`), None of a network too large.
    Names and labels are those of `words`.
    """
    words = words or Words()
    drawing = Drawing(network=comparison.network, words=words)
    for node_id in (*comparison.origins, comparison.focus):
        drawing.node(node_id)
    arcs = _Arcs(drawing, comparison)
    runs, bases = [], {}
    solve = Resolving(drawing, arcs.part) if arcs.kept is None else None
    for run in comparison.runs:
        numbers = arcs.of_run(run)
        rows = set(numbers) - {-1}
        entry: dict[str, Any] = {"baseline": run.baseline, "scenario": run.scenario, "title": words.label(run.title)}
        if run.scenario is None:
            bases[run.baseline] = rows
            entry |= {"arcs": sorted(rows), "day": str(run.router.network.day)}
            entry |= {"prices": run.router.impedance.prices.year}
        else:
            entry |= {"less": sorted(bases[run.baseline] - rows), "more": sorted(rows - bases[run.baseline])}
        alike = bases[run.baseline] if run.scenario is not None else ()
        entry |= solve.of_run(comparison, run, np.array([row not in alike for row in numbers])) if solve else {}
        entry["routes"] = _routes(comparison, run, numbers, drawing)
        runs.append(entry)
    cargo, under = comparison.main.router.impedance.cargo, ground(comparison.network, words)
    if arcs.kept is not None:
        told = words.text(
            say("Drawn are the ways that routes use, of a network of {count:n0} steps.", count=most_arcs(comparison))
        )
        under |= {"credit": " ".join(filter(None, (under["credit"], told)))}
    components = list(comparison.network.vocabulary.components.values())
    groups = list(dict.fromkeys(row.group for row in components))
    drawn = drawing.data()
    for source in drawn["sources"]:
        if title := comparison.written_by(source["id"]):
            source["title"] = words.label(title)
    return {
        "map": {**under, **drawn},
        "components": [words.label(row.label) for row in components],
        "groups": [groups.index(row.group) for row in components],
        "group_names": [words.label(group) for group in groups],
        "labels": list(arcs.labels),
        "parts": [[c, int(hours), *rest] for c, hours, *rest in arcs.parts],
        "arcs": list(arcs.rows),
        "runs": runs,
        "origins": [drawing.node(origin) for origin in comparison.origins],
        "focus": drawing.node(comparison.focus),
        "cargo": words.label(cargo.name),
        "keys": list(arcs.keys) if solve else [],
        "solve": solve.data(comparison, arcs.states, arcs.keys) if solve else None,
        "by": comparison.main.router.by,
    }


def _routes(comparison: Comparison, run: Run, numbers: list[int], drawing: Drawing) -> dict[str, Any]:
    places = {origin: str(place) for place, origin in enumerate(comparison.origins)}
    return {
        places[origin]: {
            "usd": trip.cost_usd,
            "hours": trip.hours,
            "co2": trip.co2_kg,
            "generalised": trip.generalised_cost_usd,
            "km": trip.distance_km,
            "gateway": drawing.node(trip.gateway) if trip.gateway else None,
            "arcs": [numbers[arc] for arc in trip.arcs],
        }
        for origin, trip in comparison.trips_of(run).items()
    }
