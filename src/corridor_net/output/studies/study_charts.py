"""The charts of a study, for the report and as files: which there are, of which pair, in which order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from corridor_net.analysis import thresholds
from corridor_net.analysis.breakeven import breakeven
from corridor_net.analysis.compare import Comparison, Run
from corridor_net.analysis.time_cost_distance import profile
from corridor_net.analysis.trade.potential import band_of, reach
from corridor_net.analysis.trips import Trip
from corridor_net.analysis.upgrade_sets.telling import most_moved_pair
from corridor_net.analysis.varied import VALUE_OF_TIME
from corridor_net.errors import BadValue, NoRoute
from corridor_net.network import Network
from corridor_net.network.lines import link_lines
from corridor_net.output.chances import otherwise
from corridor_net.output.charts.charts import chart_svg, time_cost_distance_svg
from corridor_net.output.charts.svg import SHADES, ChartFile, colours_of
from corridor_net.output.charts.uncertainty_charts import fan_svg, tornado_svg
from corridor_net.output.maps.map_data import Drawing
from corridor_net.output.maps.print_map import Mark, Stroke, map_svg
from corridor_net.render.chart import Stacks, Stretches
from corridor_net.render.names import names_of
from corridor_net.render.words import Sentence, Words, say, semicolons
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair, PairUncertainty
from corridor_net.uncertainty.sensitivity.one_at_a_time import one_at_a_time

BAND_DAYS = (1.0, 3.0, 7.0, 10.0, 14.0)
SWINGS_SHOWN = 12
NAMED = 2
"""Sources of populations that a chart names."""
CONTESTED = 0.6
"""A gateway that wins in no more than this share of draws is contested."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyChart:
    """A chart by the name of its file: `draw(words=…, inline=…)` gives the SVG, and `told` says how to read it.

    `names` are what `draw` needs names of, where no words are given: English.
    """

    name: str
    told: Sentence
    drawing: Callable[..., str]
    network: Network
    drawn: list[tuple[Words, str]] = field(default_factory=list, repr=False, compare=False)
    """What was drawn already, with its words: the same chart stands in a file and in the report."""

    def draw(self, *, words: Words | None = None, inline: bool = False) -> str:
        """Return the chart as SVG, in English where no words are given."""
        words = words or Words(names=names_of(self.network))
        made = next((one for known, one in self.drawn if known is words), None)
        if made is None:
            made = self.drawing(words=words.printed, inline=False)
            self.drawn.append((words, made))
        return made.inline if inline and isinstance(made, ChartFile) else made


def study_charts(comparison: Comparison, uncertainties: Mapping[Pair, PairUncertainty]) -> list[StudyChart]:
    """Return the charts of a study: hinterlands, access bands, costs, time, thresholds of its most telling pair."""
    base = comparison.main
    charts = [_hinterland("hinterland", comparison, base, uncertainties)]
    try:
        run, origin = most_moved_pair(comparison)
    except (BadValue, NoRoute):
        run, origin = base, comparison.origins[0]
    if run is not base:
        charts.append(_hinterland("hinterland-after", comparison, run, {}))
    charts.append(_access_bands(comparison))
    if uncertainties:
        charts.append(_fans(comparison, uncertainties))
    if (origin, comparison.focus) in comparison.baseline_of(run).trips:
        charts += _of_pair(comparison, run, origin)
    return charts


def _hinterland(
    name: str, comparison: Comparison, run: Run, uncertainties: Mapping[Pair, PairUncertainty]
) -> StudyChart:
    """Draw each origin in the colour of its gateway, with the routes of all origins."""
    network, goal = run.router.network, comparison.focus
    trips = comparison.trips_of(run)
    everywhere = {t.gateway for r in comparison.runs for t in r.trips.values() if t.destination == goal and t.gateway}
    colours = colours_of(sorted(everywhere))
    drawing, shapes = Drawing(network=network), link_lines(network)
    links = {link.link_id: link for link in network.rows("link")}
    used: dict[tuple[str, int], int] = {}
    for trip in trips.values():
        for number in trip.arcs:
            arc = run.router.impedance.arcs[number]
            line = -1
            if arc.kind == "haul" and arc.asset_id in shapes:
                line = drawing.link(links[arc.asset_id], shapes[arc.asset_id])
            elif arc.kind in ("sail", "charter"):
                line = drawing.lane(arc.from_node, arc.to_node, arc.mode)
            if line >= 0:
                used[trip.gateway or "", line] = used.get((trip.gateway or "", line), 0) + 1
    lines = drawing.data()["lines"]
    strokes = [
        Stroke(
            steps=lines[line]["d"],
            colour=colours.get(port, "#666"),
            width=round(1.4 + 6 * count / len(trips), 2),
            words=_line_words(lines[line]),
        )
        for (port, line), count in used.items()
    ]
    marks = [
        Mark(node_id=port, colour=colours[port], radius=6, words=say("{port:name}, gateway", port=port), square=True)
        for port in _ports(trips)
    ]
    for origin, trip in trips.items():
        uncertainty = uncertainties.get((origin, goal))
        open_ = uncertainty is not None and uncertainty.gateway_wins <= CONTESTED
        marks.append(
            Mark(
                node_id=origin,
                colour=colours.get(trip.gateway or "", "#666"),
                radius=5,
                words=_trip_words(trip, uncertainty),
                hollow=open_,
            )
        )
    marks.append(Mark(node_id=goal, colour="#222", radius=6, words=say("{place:name}", place=goal)))
    hubs = [port for port in _hubs(run, trips.values()) if port not in colours and port != goal]
    marks += [
        Mark(node_id=port, colour="#666", radius=4, words=say("{port:name}, change of ships", port=port), square=True)
        for port in hubs
    ]
    legend = []
    for port in _ports(trips):
        served = [o for o, t in trips.items() if t.gateway == port]
        people = round(sum(network.nodes[o].population or 0 for o in served), -5)
        told = {"port": port, "count": len(served), "people": people}
        said = say("{port:name}: {count:n0|origin|origins}", **told)
        legend.append((colours[port], say("{said}, {people:n0} people", said=said, **told) if people else said))
    title = say("Gateways to {place:name}: {title:label}", place=goal, title=run.title)
    told = {"by": run.router.by, "cargo": run.router.impedance.cargo.name, "day": str(network.day)}
    first = [say("Routes of least {by:label} cost, {cargo:label}, {day}.", **told)]
    if uncertainties:
        first.append(say("Hollow: no gateway is the best in more than {share:p0} of draws.", share=CONTESTED))
    counted = sources_of_people(network, trips)
    second = [say("Populations: {sources}.", sources=counted)] if counted else []
    second.append(say("Sources of every figure: sources of the study. Lines as drawn in the data."))
    notes = [say("{lines:joined}", lines=tuple(first)), say("{lines:joined}", lines=tuple(second))]
    under = say("{run:label}", run=run.title)
    words = say("Which port each city uses under {run}; lines are as thick as cities share them.", run=under)
    return StudyChart(
        name=name, told=words, drawing=partial(map_svg, network, title, marks, strokes, legend, notes), network=network
    )


def _line_words(line: Mapping[str, Any]) -> Sentence:
    return say("{line:name}", line=line["id"])


def _hubs(run: Run, trips: Iterable[Trip]) -> list[str]:
    """Return the ports where boxes change ships on the way, in the order of their names."""
    found = set()
    for trip in trips:
        steps = [run.router.impedance.arcs[number] for number in trip.arcs]
        landed = [step.to_node for step in steps if step.kind in ("sail", "charter")]
        found |= {step.from_node for step in steps if step.kind in ("board", "charter") and step.from_node in landed}
    return sorted(found)


def _trip_words(trip: Trip, uncertainty: PairUncertainty | None) -> Sentence:
    """Say who a city goes by, for how much, in which time, and how sure that is."""
    told = {"place": trip.origin, "gateway": trip.gateway or "by land", "usd": trip.cost_usd, "days": trip.hours / 24}
    said = say("{place:name}: {gateway:name}, {usd:m0} USD, {days:n1} days", **told)
    if uncertainty is None:
        return said
    said = say("{said}, the best in {share:p0} of draws", said=said, share=uncertainty.gateway_wins)
    rest = otherwise(uncertainty)
    return say("{said}; else {rest:list}", said=said, rest=rest) if rest else said


def sources_of_people(network: Network, nodes: Iterable[str]) -> Sentence | None:
    """Return the titles of the sources of the populations of nodes, as the data name them; None where none has any."""
    ids = dict.fromkeys(n.source_id for node in nodes if (n := network.nodes[node]).population)
    titles = [network.sources[one].title if one in network.sources else one for one in ids]
    if not titles:
        return None
    shown = semicolons(*(say("{title:label}", title=one) for one in titles[:NAMED]))
    more = len(titles) - NAMED
    return say("{shown} and {more} more", shown=shown, more=more) if more > 0 else shown


def _ports(trips: Mapping[str, object]) -> list[str]:
    """Return the gateways in use, the most used first."""
    ports = [getattr(trip, "gateway", None) for trip in trips.values()]
    return sorted({port for port in ports if port}, key=lambda port: (-ports.count(port), port))


def _fans(comparison: Comparison, uncertainties: Mapping[Pair, PairUncertainty]) -> StudyChart:
    main = comparison.main
    rows = {origin: uncertainty for (origin, _), uncertainty in uncertainties.items()}
    title = say("How sure: each city to {place:name}, {title:label}", place=comparison.focus, title=main.title)
    words = say("10 to 90% of draws of all figures, the median, and how often the gateway is the best.")
    answers = {
        origin: (main.trips[pair].cost_usd, main.trips[pair].hours) for pair in uncertainties for origin in pair[:1]
    }
    return StudyChart(
        name="ranges", told=words, drawing=partial(fan_svg, rows, answers, title), network=main.router.network
    )


MOST_PLACES, SQUARES = 3000, 50
"""Places that a map of all places has at most, and into how many squares it is parted, each way, where it has more."""


def _spread_out(comparison: Comparison, hours: Mapping[str, float]) -> Mapping[str, float]:
    """Return the places to draw: all, or of many the study's own and the soonest reached in each square of the map."""
    if len(hours) <= MOST_PLACES:
        return hours
    nodes = comparison.network.nodes
    xs, ys = ([getattr(nodes[node_id], axis) for node_id in hours] for axis in ("x_coord", "y_coord"))
    west, south = min(xs), min(ys)
    wide, high = max(xs) - west or 1.0, max(ys) - south or 1.0
    own = {*comparison.origins, *comparison.destinations}
    found: dict[tuple[int, int], str] = {}
    for (node_id, _), x, y in sorted(zip(hours.items(), xs, ys, strict=True), key=lambda row: (row[0][1], row[0][0])):
        square = int(SQUARES * (x - west) / wide), int(SQUARES * (y - south) / high)
        found.setdefault(square, node_id)
    kept = {*found.values(), *(node_id for node_id in own if node_id in hours)}
    return {node_id: value for node_id, value in hours.items() if node_id in kept}


def _access_bands(comparison: Comparison) -> StudyChart:
    """Draw every node reached from the first origin in the shade of the days it takes."""
    run, origin = comparison.main, comparison.origins[0]
    network = run.router.network
    hours = reach(run.router, origin)
    marks = []
    shown = _spread_out(comparison, hours)
    for node_id, value in sorted(shown.items(), key=lambda item: item[1]):
        node = network.nodes[node_id]
        band = band_of(value / 24, BAND_DAYS)
        shade = SHADES[BAND_DAYS.index(band)] if band is not None else "#999999"
        port = network.vocabulary.is_port(node.node_type)
        told = say("{place:name}: {days:n1} days", place=node_id, days=value / 24)
        marks.append(Mark(node_id=node_id, colour=shade, radius=4.5, words=told, square=port))
    bands = (say("within {days:n0|day|days}", days=days) for days in BAND_DAYS)
    legend = [*zip(SHADES, bands, strict=True), ("#999999", say("longer"))]
    title = say("Days from {place:name}: {title:label}", place=origin, title=run.title)
    notes = [
        say(
            "{cargo:label}, {day}, by the way of least {by:label} cost to each place; squares are ports.",
            cargo=run.router.impedance.cargo.name,
            day=str(network.day),
            by=run.router.by,
        )
    ]
    if len(shown) < len(hours):
        drawn = {"shown": len(shown), "all": len(hours)}
        notes.append(say("{shown:n0} of {all:n0} places are drawn: of those that lie close together, one.", **drawn))
    words = say(
        "How long a box takes from {place:name} to each place, {what}: to its delivery, where it can end.",
        place=origin,
        what=say("without waits, queues and dwell") if run.router.schedule else say("waits and borders included"),
    )
    return StudyChart(
        name="access-bands",
        told=words,
        drawing=partial(map_svg, network, title, marks, (), legend, notes),
        network=network,
    )


def _on(base: Run, title: Sentence) -> Sentence:
    """Return a title with the baseline that it is of."""
    return say("{what} ({title:label})", what=title, title=base.title)


def _of_pair(comparison: Comparison, run: Run, origin: str) -> list[StudyChart]:
    """Return the charts of one pair: components by scenario, time and cost over distance, who wins by value of time."""
    base, goal, network = comparison.baseline_of(run), comparison.focus, run.router.network
    ends = {"origin": origin, "destination": goal}
    runs = [r for r in (base, *comparison.scenario_runs(base.baseline)) if (origin, goal) in r.trips]
    routes = [(r.scenario or "baseline", r.route(origin, goal)) for r in runs]
    usd = [(name, (r.gateway, r.component("cost_usd"))) for name, r in routes]
    days = [(name, (r.gateway, {k: v / 24 for k, v in r.component("hours").items()})) for name, r in routes]
    cost = _on(base, say("{origin:name} to {destination:name}: cost", **ends))
    time = _on(base, say("{origin:name} to {destination:name}: time", **ends))
    paid = say("What a box pays for, without and with each scenario.")
    taken = say("Where the days go, without and with each scenario.")
    charts = [
        StudyChart(
            name="cost", told=paid, drawing=partial(_components, network, usd, cost, "USD a box", 0), network=network
        ),
        StudyChart(
            name="time", told=taken, drawing=partial(_components, network, days, time, "days", 1), network=network
        ),
    ]
    payload = run.router.impedance.cargo.payload_t
    chosen = [r for r in dict.fromkeys((base, run)) if (origin, goal) in r.trips]
    profiles = [profile(r.route(origin, goal), payload, r.scenario or r.title) for r in chosen]
    title = say("{origin:name} to {destination:name}: time and cost over distance", **ends)
    words = say("Steps are stops: borders, ports, waits; slopes are movement.")
    charts.append(
        StudyChart(
            name="time-cost-distance",
            told=words,
            drawing=partial(time_cost_distance_svg, profiles, title),
            network=network,
        )
    )
    if run.router.by == "generalised" and chosen:
        charts += _of_uncertainty(chosen[-1], runs, origin, goal)
    return charts


def _of_uncertainty(last: Run, runs: Sequence[Run], origin: str, goal: str) -> list[StudyChart]:
    """Return what moves the answer of a run, and up to where the gateways of all runs hold, by the value of time."""
    ends, network = {"origin": origin, "destination": goal}, last.router.network
    called = say("{run:label}", run=last.scenario or last.title)
    title = say("{origin:name} to {destination:name}, {run}: what moves the answer", **ends, run=called)
    words = say("Each figure alone at its 10% and 90% values; the name at a bar's end is the gateway that then wins.")
    moved = one_at_a_time(last.router, origin, goal, searched=SWINGS_SHOWN)
    tornado = StudyChart(name="tornado", told=words, drawing=partial(tornado_svg, moved, title), network=network)
    found = [(r.scenario or "baseline", breakeven(r.router, origin, goal).bands(VALUE_OF_TIME)) for r in runs]
    title = _on(runs[0], say("{origin:name} to {destination:name}: who wins by the value of an hour", **ends))
    words = say("The gateway that is the best at each value of time; the dashed line is the value used.")
    return [
        tornado,
        StudyChart(name="thresholds", told=words, drawing=partial(_thresholds, found, title), network=network),
    ]


Held = TypeVar("Held")


def _together(found: Iterable[tuple[str, Held]]) -> list[tuple[Sentence, Held]]:
    """Return what is the same under several scenarios once, with the names of them all."""
    groups: list[tuple[list[Sentence], Held]] = []
    for name, value in found:
        names = next((names for names, known in groups if known == value), None)
        if names is None:
            groups.append(([say("{run:label}", run=name)], value))
        else:
            names.append(say("{run:label}", run=name))
    return [(say("{names:list}", names=tuple(names)), value) for names, value in groups]


def _components(
    network: Network,
    found: Sequence[tuple[str, tuple[str | None, Mapping[str, float]]]],
    title: Sentence,
    unit: str,
    digits: int,
    *,
    words: Words,
    inline: bool,
) -> str:
    """Draw what routes are made of, by scenario: gateways and amounts by component."""
    rows = [
        (say("{run}, by {gateway:name}", run=names, gateway=gateway or "land"), amounts)
        for names, (gateway, amounts) in _together(found)
    ]
    labels = {name: row.label for name, row in network.vocabulary.components.items()}
    chart = Stacks(title=title, unit=unit, rows=rows, labels=labels, digits=digits)
    return chart_svg(chart, words, inline=inline)


def _thresholds(found: Sequence[tuple[str, thresholds.Bands]], title: Sentence, *, words: Words, inline: bool) -> str:
    """Draw which gateway is the best at each value of time, by scenario."""
    rows = [
        (names, [(low, high, say("{gateway:name}", gateway=gate or "by land")) for low, high, gate in held])
        for names, held in _together((name, one.by_gateway) for name, one in found)
    ]
    first = found[0][1]
    chart = Stretches(title=title, unit=first.unit, now=first.now, rows=rows)
    return chart_svg(chart, words, inline=inline)
