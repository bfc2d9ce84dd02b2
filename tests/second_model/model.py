"""States and arcs from the tables, as docs/model.md has them, and the best ways between them by networkx."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from math import sqrt
from typing import Any

import networkx as nx

from .tables import Prices, Row, Tables, holds, number, sails, season_holds

R = 2.5631
MODES = ("rail_1435", "rail_1520", "road", "waterway")
QUAYS = {"port_out", "port_in", "ferry_out", "ferry_in"}
FERRIES = ("ropax", "roro")
UNTIMED = ("wait", "queue", "dwell")
State = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """Hours of an arc: realised, by the timetable, and their spread."""

    hours: float
    timetable: float
    spread: float


@dataclass(frozen=True, slots=True)
class Arc:
    """One step from state to state; `name` is what the step is called in both models."""

    name: tuple[str, str, str, str]
    tail: State
    head: State
    km: float
    money: float
    co2: float
    hours: float
    timetable: float
    spread: float


@dataclass(frozen=True, slots=True)
class Measures:
    """What a way comes to."""

    money: float
    hours: float
    co2: float
    spread: float
    generalised: float
    km: float


@dataclass(frozen=True, slots=True)
class Wish:
    """What is minimised, and what CO2 costs."""

    by: str = "generalised"
    schedule: bool = False
    co2_price: float = 0.0


class Model:
    """The arcs for one cargo on one day."""

    def __init__(
        self, tables: Tables, day: date, cargo: str, price_year: int | None = None, value_of_time: float | None = None
    ) -> None:
        self.tables, self.day = tables, day
        self.prices = Prices(tables, price_year or day.year)
        self.cargo = next(row for row in tables["cargo"] if row["cargo_id"] == cargo)
        self.unit, self.boxes = self.cargo["cargo_unit"], {"TEU": 1.0, "FEU": 2.0}[self.cargo["cargo_unit"]]
        self.cargo_value = value = self.prices.usd(number(self.cargo, "value_usd"), "USD", self.cargo["price_year"])
        self.shares = {row["component"] for row in tables.get("component", ()) if row["per"] == "value"}
        own = value * number(self.cargo, "time_cost_pct_per_day") / 100 / 24
        self.value_of_time = own if value_of_time is None else value_of_time
        self.value_of_spread = number(self.cargo, "reliability_ratio") * self.value_of_time
        self.country = {row["node_id"]: row["country"] for row in tables["node"] if holds(row, day)}
        seasons = [row for row in tables["season"] if season_holds(row, day)]
        self.closed = {(s["applies_to"], s["target_id"]) for s in seasons if s["closed"] == "yes"}
        self.factor = {(s["applies_to"], s["target_id"]): number(s, "hours_factor") for s in seasons}
        made = [*self._links(), *self._terminals(), *self._services(), *self._charters()]
        self.arcs = [arc for arc in made if arc.tail[0] in self.country and arc.head[0] in self.country]

    # figures

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a dated table that hold on the day; of services, those that sail."""
        return [row for row in self.tables[table] if holds(row, self.day) and (table != "service" or sails(row))]

    @cached_property
    def tariffs(self) -> dict[str, Row]:
        return {row["tariff_id"]: row for row in self.rows("tariff") if row["cargo_unit"] == self.unit}

    @cached_property
    def speeds(self) -> dict[str, Row]:
        return {row["speed_id"]: row for row in self.rows("speed")}

    @cached_property
    def emissions(self) -> dict[str, Row]:
        return {row["emission_factor_id"]: row for row in self.tables["emission_factor"]}

    @cached_property
    def operations(self) -> dict[str, dict[tuple[str, str], Row]]:
        """Figures by operation, then by component and quantity; a row for the box counts before `any`."""
        found: dict[str, dict[tuple[str, str], Row]] = defaultdict(dict)
        for unit in ("any", self.unit):
            for row in self.rows("operation"):
                if row["cargo_unit"] == unit:
                    found[row["operation_id"]][row["component"], row["quantity"]] = row
        return found

    @cached_property
    def lanes(self) -> dict[frozenset[str], float]:
        rows = self.tables["sea_lane"]
        return {frozenset((r["from_node_id"], r["to_node_id"])): number(r, "length_km") for r in rows}

    @cached_property
    def calls(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.tables["service_call"], key=lambda row: int(row["call_sequence"])):
            found[row["service_id"]].append(row)
        return {name: self._kept(calls) for name, calls in found.items()}

    def _kept(self, calls: list[Row]) -> list[Row]:
        """Return the calls at ports that hold; a round trip ends where it now begins, at no stated hour."""
        kept: list[Row] = []
        for row in calls:
            if row["node_id"] not in self.country:
                continue
            if kept and kept[-1]["node_id"] == row["node_id"]:
                kept[-1] = {**kept[-1], "departure_hours": row["departure_hours"]}
            else:
                kept.append(row)
        round_trip = calls[0]["node_id"] == calls[-1]["node_id"]
        if len(kept) > 1 and round_trip and kept[0]["node_id"] != kept[-1]["node_id"]:
            kept.append({**kept[0], "arrival_hours": "", "departure_hours": ""})
        return kept

    def tariff(self, name: str, column: str) -> float:
        """Return the fixed or per-km part of a tariff in dollars, with the cargo's surcharge."""
        row = self.tariffs[name]
        usd = self.prices.usd(number(row, column), row["currency"], row["price_year"])
        return usd * (1 + number(self.cargo, "freight_surcharge", 0.0))

    def emitted(self, factor: str, km: float) -> float:
        row = self.emissions[factor]
        times = {"g_per_tkm": number(self.cargo, "payload_t") * km / 1000, "g_per_teukm": self.boxes * km / 1000}
        return number(row, "value") * times.get(row["unit"], 1.0)

    def travel(self, km: float, speed: str, factor: float = 1.0) -> Part:
        row = self.speeds[speed]
        usual = number(row, "speed_kmh")
        slow, fast = number(row, "speed_kmh_low", usual), number(row, "speed_kmh_high", usual)
        timed = number(row, "schedule_kmh", usual)
        return Part(km / usual * factor, km / timed * factor, (km / slow - km / fast) / R * factor)

    def operation(self, name: str, factor: float = 1.0, *, at_end: bool = False) -> tuple[float, list[Part]]:
        """Return dollars and hours of an operation; at the two ends of a way no hour is in the timetable."""
        money, parts = 0.0, []
        if not self.operations[name]:
            raise ValueError(f"no figure of {name} holds on {self.day}")
        for (component, quantity), row in self.operations[name].items():
            value = number(row, "value")
            if quantity == "cost" and component in self.shares:
                money += value / 100 * self.cargo_value
                continue
            if quantity == "cost":
                money += self.prices.usd(value, row["currency"], row["price_year"])
                continue
            span = number(row, "value_high", value) - number(row, "value_low", value)
            timed = 0.0 if at_end or component in UNTIMED else value * factor
            parts.append(Part(value * factor, timed, span / R * factor))
        return money, parts

    # arcs

    def _links(self) -> Iterator[Arc]:
        gates = {(row["link_id"], row["from_node_id"], row["mode"]): row for row in self.rows("crossing")}
        for link in self.rows("link"):
            if ("mode", link["mode"]) in self.closed:
                continue
            for here, there in self._ways(link):
                gate = gates.get((link["link_id"], here, link["mode"]))
                if gate or link["link_id"] not in self.borders:
                    yield from self._haul(link, here, there, gate)

    @cached_property
    def borders(self) -> set[str]:
        """Links over a border."""
        return {row["link_id"] for row in self.tables["crossing"]}

    def _ways(self, link: Row) -> list[tuple[str, str]]:
        ends = (link["from_node_id"], link["to_node_id"])
        return [ends] if int(link["directed"]) else [ends, ends[::-1]]

    def _states(self, link: Row) -> list[str]:
        if link["mode"] == "rail":
            return [f"rail_{gauge}" for gauge in str(link["gauge_mm"]).split(";")]
        return [link["mode"]]

    def _haul(self, link: Row, here: str, there: str, gate: Row | None) -> Iterator[Arc]:
        km, name = number(link, "length_km"), link["link_id"]
        hours = self.travel(km, link["speed_id"], self.factor.get(("mode", link["mode"]), 1.0))
        money, co2 = self.tariff(link["tariff_id"], "per_km") * km, self.emitted(link["emission_factor_id"], km)
        for state in self._states(link):
            if gate is None:
                yield _arc("haul", name, (here, state), (there, state), [hours], money, km, co2)
                continue
            between = (there, f"{state} from {here}")
            yield _arc("haul", name, (here, state), between, [hours], money, km, co2)
            fees, parts = self.operation(gate["operation_id"])
            fees += self.home.get((there, state), 0.0) * self.lifted(gate["operation_id"])
            parts.append(opening(gate["opening_hours"]))
            yield _arc("crossing", gate["crossing_id"], between, (there, state), parts, fees)

    def _terminals(self) -> Iterator[Arc]:
        for row in self.rows("terminal"):
            node, before, after = row["node_id"], row["from_state"], row["to_state"]
            at_port = not {before, after}.isdisjoint(QUAYS)
            if at_port and ("node", node) in self.closed:
                continue
            if after == "charter" and self.cargo["may_charter"] != "yes":
                continue
            factor = self.factor.get(("node", node), 1.0) if at_port else 1.0
            at_end = before == "origin" or after == "destination"
            money, parts = self.operation(row["operation_id"], factor, at_end=at_end)
            money += self.home.get((node, after), 0.0) * (after in MODES and after != before)
            co2 = self.emitted("terminal_handling", 0.0) if self.lifted(row["operation_id"]) else 0.0
            yield _arc("terminal", row["terminal_id"], (node, before), (node, after), parts, money, 0.0, co2)

    def lifted(self, operation: str) -> bool:  # from one vehicle on another
        return any(component in ("terminal_handling", "lift") for component, _ in self.operations[operation])

    @cached_property
    def home(self) -> dict[State, float]:
        """Fixed part in dollars of what is hired at a node: cargo is put on it, or comes there over a border."""
        at: dict[State, dict[bool, list[float]]] = defaultdict(lambda: {True: [], False: []})
        nation: dict[State, dict[bool, list[float]]] = defaultdict(lambda: {True: [], False: []})
        for link in self.rows("link"):
            ends = [self.country.get(link[column]) for column in ("from_node_id", "to_node_id")]
            over, fixed = ends[0] != ends[1], self.tariff(link["tariff_id"], "fixed")
            for state in self._states(link):
                nation[link["country"], state][over].append(fixed)
                for node, _ in self._ways(link):
                    if None not in ends and self.country[node] == link["country"]:
                        at[node, state][over].append(fixed)
        found = {key: min(fixed[False] or fixed[True]) for key, fixed in at.items()}
        for (country, state), asked in nation.items():
            for node in (node for node, own in self.country.items() if own == country):
                found.setdefault((node, state), max(asked[False] or asked[True]))
        return found

    def _services(self) -> Iterator[Arc]:
        for service in self.rows("service"):
            name, calls = service["service_id"], self.calls.get(service["service_id"], [])
            closed = not self.closed.isdisjoint({("service", name), ("mode", "sea")})
            if service["carries"] != "container" or len(calls) < 2 or closed:
                continue
            headway = 168 / number(service, "sailings_per_week")
            wait = Part(headway / 2, 0.0, headway / sqrt(12))
            for place, (call, after) in enumerate(pairwise(calls)):
                port, aboard = call["node_id"], (call["node_id"], f"{name} {place}")
                fixed = self.tariff(call["tariff_id"] or service["tariff_id"], "fixed")
                yield _arc("board", name, (port, self._quay(service, port, "out")), aboard, [wait], fixed)
                last = place == len(calls) - 2
                onward = calls[1 if last else place + 2]["node_id"]
                yield from self._sail(service, place, call, after, last=last, turns=onward == port)

    @cached_property
    def _berths(self) -> set[State]:
        """Where there is a quay of what kind."""
        rows = self.rows("terminal")
        return {(row["node_id"], row[end]) for row in rows for end in ("from_state", "to_state")}

    def _quay(self, service: Row, node: str, way: str) -> str:
        """Return the quay of a service at a port: of a ferry its own berth, where there is one."""
        berth = f"ferry_{way}"
        return berth if service["vehicle"] in FERRIES and (node, berth) in self._berths else f"port_{way}"

    def _sail(self, service: Row, place: int, call: Row, after: Row, *, last: bool, turns: bool) -> Iterator[Arc]:
        name, here, there = service["service_id"], call["node_id"], after["node_id"]
        km = self.lanes[frozenset((here, there))]
        season = self.factor.get(("service", name), 1.0) * self.factor.get(("mode", "sea"), 1.0)
        if call["departure_hours"] != "" and after["arrival_hours"] != "":
            hours = (number(after, "arrival_hours") - number(call, "departure_hours")) * season
            sailing = Part(hours, hours, 0.1 * hours)
        else:
            sailing = self.travel(km, service["speed_id"], season)
        money = self.tariff(service["tariff_id"], "per_km") * km
        co2 = self.emitted(service["emission_factor_id"], km)
        aboard = (here, f"{name} {place}")
        yield _arc("sail", name, aboard, (there, self._quay(service, there, "in")), [sailing], money, km, co2)
        if turns or (last and not int(service["circular"])):
            return
        if after["arrival_hours"] != "" and after["departure_hours"] != "":
            stay = number(after, "departure_hours") - number(after, "arrival_hours")
        else:
            stay = number(service, "port_stay_hours")
        head = (there, f"{name} {0 if last else place + 1}")
        yield _arc("sail", name, aboard, head, [sailing, Part(stay, stay, 0.1 * stay)], money, km, co2)

    def _charters(self) -> Iterator[Arc]:
        ports = {row["node_id"] for row in self.rows("terminal") if row["to_state"] == "charter"} & set(self.country)
        if self.cargo["may_charter"] != "yes" or ("mode", "sea") in self.closed:
            return
        for here in ports:
            for there in ports:
                km = self.lanes.get(frozenset((here, there)))
                if km is not None and self.country[here] != self.country[there]:
                    money = self.tariff("charter", "fixed") + self.tariff("charter", "per_km") * km
                    parts = [self.travel(km, "coaster", self.factor.get(("mode", "sea"), 1.0))]
                    co2 = self.emitted("sea_coaster", km)
                    yield _arc("charter", "charter", (here, "charter"), (there, "port_in"), parts, money, km, co2)

    # ways

    def measure(self, arc: Arc, wish: Wish) -> Measures:
        """Return what an arc comes to, hours as they are wished."""
        hours, spread = (arc.timetable, 0.0) if wish.schedule else (arc.hours, arc.spread)
        carbon = wish.co2_price / 1000 * arc.co2
        total = arc.money + self.value_of_time * hours + self.value_of_spread * spread + carbon
        return Measures(arc.money, hours, arc.co2, spread, total, arc.km)

    def best(self, wish: Wish, origins: Sequence[str], destinations: Sequence[str]) -> dict[tuple[str, str], float]:
        """Return the least of what is minimised for every pair that has a way."""
        weight: Callable[[Measures], float] = {
            "generalised": lambda m: m.generalised,
            "money": lambda m: m.money,
            "time": lambda m: m.hours,
            "co2": lambda m: m.co2,
        }[wish.by]
        graph = nx.DiGraph()
        for arc in self.arcs:
            cost, known = weight(self.measure(arc, wish)), graph.get_edge_data(arc.tail, arc.head)
            if known is None or cost < known["cost"]:
                graph.add_edge(arc.tail, arc.head, cost=cost)
        found = {}
        for origin in origins:
            if (origin, "origin") in graph:
                lengths = nx.single_source_dijkstra_path_length(graph, (origin, "origin"), weight="cost")
                ends = {goal: lengths.get((goal, "destination")) for goal in destinations if goal != origin}
                found.update({(origin, goal): cost for goal, cost in ends.items() if cost is not None})
        return found

    def along(self, origin: str, destination: str, names: Sequence[tuple[str, str, str, str]], wish: Wish) -> Any:
        """Return what a way given by the names of its steps comes to; None where there is no such way."""
        ways: dict[State, Measures] = {(origin, "origin"): Measures(0, 0, 0, 0, 0, 0)}
        for name in names:
            onward: dict[State, Measures] = {}
            for arc in self.by_name.get(name, ()):
                if arc.tail in ways:
                    onward[arc.head] = _added(ways[arc.tail], self.measure(arc, wish))
            ways = onward
        return ways.get((destination, "destination"))

    @cached_property
    def by_name(self) -> dict[tuple[str, str, str, str], list[Arc]]:
        found: dict[tuple[str, str, str, str], list[Arc]] = defaultdict(list)
        for arc in self.arcs:
            found[arc.name].append(arc)
        return found


def opening(opening_hours: str) -> Part:
    """Return the wait at a border that is open from hour to hour of the day."""
    if opening_hours == "24h":
        return Part(0.0, 0.0, 0.0)
    opens, closes = (int(hour) + int(minute) / 60 for hour, minute in (t.split(":") for t in opening_hours.split("-")))
    shut = (opens - closes) % 24
    mean = shut**2 / 48
    return Part(mean, 0.0, sqrt(max(shut**3 / 72 - mean**2, 0.0)))


def _arc(
    kind: str, name: str, tail: State, head: State, parts: list[Part], money: float, km: float = 0.0, co2: float = 0.0
) -> Arc:
    hours, timetable = sum(p.hours for p in parts), sum(p.timetable for p in parts)
    return Arc(
        (kind, name, tail[0], head[0]), tail, head, km, money, co2, hours, timetable, sum(p.spread for p in parts)
    )


def _added(one: Measures, other: Measures) -> Measures:
    return Measures(
        one.money + other.money,
        one.hours + other.hours,
        one.co2 + other.co2,
        one.spread + other.spread,
        one.generalised + other.generalised,
        one.km + other.km,
    )
