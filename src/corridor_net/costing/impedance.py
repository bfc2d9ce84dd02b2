"""What cargo can do in a network, and what each step costs: one row an arc, each component apart.

A state is where cargo is and on what: (node, "rail_1435"), (node, "port_out"), aboard a sailing, … An arc
leads from state to state: line haul, border crossing, terminal operation, boarding, sailing. What is not
allowed is not there; nothing has a large cost in place of being absent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import DataFault
from corridor_net.network import Network

from .cargo import Cargo
from .money import Prices
from .opening_hours import OpeningHours
from .parameters import Figures, Parameter, parameters_of

COMPONENTS = (
    "haul",
    "freight",
    "terminal_handling",
    "drayage",
    "documents",
    "lift",
    "border_fee",
    "toll",
    "sailing",
    "handling",
    "procedures",
    "gauge_change",
    "wait",
    "queue",
    "dwell",
)
"""Components of money and of hours, in the order of the columns."""

NOT_IN_SCHEDULE = ("wait", "queue", "dwell")
"""Components of time that a carrier's timetable does not count.

Nor does it count what happens before the first departure and after the last arrival: the terminal operations
at the origin and at the destination have no scheduled hours.
"""

PORT_STATES = frozenset({"port_out", "port_in", "ferry_out", "ferry_in"})
"""States of cargo on a quay, outward and inward; the ferry berth is apart where the data have one."""

FERRIES = ("ropax", "roro")
"""Vehicles that boxes roll on and off: no crane of the port is needed."""

HOURS_PER_WEEK = 168.0
TEN_TO_NINETY = 2.5631
"""Standard deviations between the 10 % and 90 % points of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Part:
    """One component of one arc: an amount in USD or hours, its spread, and the figures it rests on.

    `scheduled` is the amount by the timetable alone.
    """

    component: str
    quantity: str
    amount: float
    scheduled: float
    spread: float
    figures: tuple[str, ...]
    source_ids: tuple[str, ...]
    grade: str


@dataclass(frozen=True, slots=True)
class Arc:
    """One step of cargo from state `tail` to state `head`.

    `kind` is haul, crossing, terminal, board, sail or charter; `key` stays the same from scenario to scenario.
    `co2_figures` are what `co2_kg` is proportional to.
    """

    key: str
    kind: str
    tail: int
    head: int
    from_node: str
    to_node: str
    mode: str
    subject: str
    distance_km: float
    co2_kg: float
    parts: tuple[Part, ...]
    co2_figures: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Impedance:
    """The compiled network: states, arcs, and their money, hours, spread and CO2 as arrays.

    `money` (n_arcs, n_components) in USD, `hours` (n_arcs, n_components), `spread_hours` (n_arcs,),
    `co2_kg` (n_arcs,), `distance_km` (n_arcs,). Money is USD of `prices.year` per box of `cargo`.
    """

    network: Network
    cargo: Cargo
    prices: Prices
    states: tuple[tuple[str, str], ...]
    arcs: tuple[Arc, ...]

    @cached_property
    def index(self) -> dict[tuple[str, str], int]:
        """Number of each state."""
        return {state: number for number, state in enumerate(self.states)}

    @cached_property
    def tail(self) -> NDArray[np.int32]:
        """State each arc leaves, shape (n_arcs,)."""
        return np.fromiter((arc.tail for arc in self.arcs), np.int32, len(self.arcs))

    @cached_property
    def head(self) -> NDArray[np.int32]:
        """State each arc enters, shape (n_arcs,)."""
        return np.fromiter((arc.head for arc in self.arcs), np.int32, len(self.arcs))

    @cached_property
    def _amounts(self) -> dict[str, NDArray[np.float64]]:
        column = {name: number for number, name in enumerate(COMPONENTS)}
        tables = {name: np.zeros((len(self.arcs), len(COMPONENTS))) for name in ("cost", "hours")}
        spread, scheduled = np.zeros(len(self.arcs)), np.zeros(len(self.arcs))
        for number, arc in enumerate(self.arcs):
            for part in arc.parts:
                tables[part.quantity][number, column[part.component]] += part.amount
                if part.quantity == "hours":
                    spread[number] += part.spread
                    scheduled[number] += part.scheduled
        return {**tables, "spread": spread, "scheduled": scheduled}

    @property
    def money(self) -> NDArray[np.float64]:
        """USD per box, shape (n_arcs, n_components)."""
        return self._amounts["cost"]

    @property
    def hours(self) -> NDArray[np.float64]:
        """Hours, shape (n_arcs, n_components)."""
        return self._amounts["hours"]

    @property
    def spread_hours(self) -> NDArray[np.float64]:
        """Sum of the standard deviations of the hours of each arc's parts, shape (n_arcs,)."""
        return self._amounts["spread"]

    @cached_property
    def parameters(self) -> Mapping[str, Parameter]:
        """Every parameter of the cargo on the day, by key."""
        return parameters_of(self.network, self.cargo.cargo_id)

    @cached_property
    def co2_kg(self) -> NDArray[np.float64]:
        """Kg CO2e per box, well to wheel, shape (n_arcs,)."""
        return np.fromiter((arc.co2_kg for arc in self.arcs), float, len(self.arcs))

    @cached_property
    def distance_km(self) -> NDArray[np.float64]:
        """Kilometres, shape (n_arcs,)."""
        return np.fromiter((arc.distance_km for arc in self.arcs), float, len(self.arcs))

    def total_hours(self, *, schedule: bool = False) -> NDArray[np.float64]:
        """Return hours an arc, shape (n_arcs,); with `schedule`, those of the timetable alone."""
        if schedule:
            return self._amounts["scheduled"]
        return np.asarray(self.hours.sum(axis=1))


def impedance(
    network: Network,
    cargo_id: str | None = None,
    *,
    price_year: int | None = None,
    value_of_time_usd_per_hour: float | None = None,
) -> Impedance:
    """Compile the network, as of its day, for one cargo; its first where none is named.

    A value of time given takes the place of the cargo's. Raises DataFault where a figure is missing, UnknownName for
    an unknown cargo, BadValue for a value of time below 0.
    """
    return _Compiler(network, cargo_id or network.default_cargo, price_year, value_of_time_usd_per_hour).run()


def headway_wait(sailings_per_week: float) -> tuple[float, float]:
    """Return mean and standard deviation of the wait for a regular service: `h / 2` and `h / sqrt(12)`.

    >>> headway_wait(1)[0]
    84.0
    """
    headway = HOURS_PER_WEEK / sailings_per_week
    return headway / 2, headway / 12**0.5


class _Compiler:
    """Builds states and arcs, in the order of their names, so that no answer depends on the order of rows."""

    def __init__(
        self, network: Network, cargo_id: str, price_year: int | None, value_of_time: float | None = None
    ) -> None:
        self.network = network
        self.prices = Prices.of(network, price_year)
        self.cargo = Cargo.of(network, cargo_id, self.prices, value_of_time)
        self.figures = Figures.of(network, self.cargo.unit)
        self.operations: dict[tuple[str, float, bool], list[Part]] = {}
        self.states: dict[tuple[str, str], int] = {}
        self.pending: list[tuple[Any, ...]] = []
        seasons = [season for season in network.rows("season") if season.holds_on(network.day)]
        self.factor = {(s.applies_to, s.target_id): s.hours_factor for s in seasons if s.closed == "no"}
        self.berths = {
            (row.node_id, state)
            for row in network.active("terminal")
            for state in (row.from_state, row.to_state)
            if state.startswith("ferry_")
        }
        self.closed = {(s.applies_to, s.target_id) for s in seasons if s.closed == "yes"}

    def run(self) -> Impedance:
        self._links()
        self._terminals()
        self._services()
        self._charter()
        states = sorted(self.states)
        number = {self.states[state]: place for place, state in enumerate(states)}
        self.pending.sort(key=lambda row: row[0])
        arcs = [Arc(row[0], row[1], number[row[2]], number[row[3]], *row[4:]) for row in self.pending]
        return Impedance(self.network, self.cargo, self.prices, tuple(states), tuple(arcs))

    def state(self, node: str, name: str) -> int:
        return self.states.setdefault((node, name), len(self.states))

    def add(
        self,
        key: str,
        kind: str,
        tail: tuple[str, str],
        head: tuple[str, str],
        mode: str,
        subject: str,
        parts: Sequence[Part],
        km: float = 0.0,
        co2: tuple[float, tuple[str, ...]] = (0.0, ()),
    ) -> None:
        ends = self.state(*tail), self.state(*head)
        self.pending.append((key, kind, *ends, tail[0], head[0], mode, subject, km, co2[0], tuple(parts), co2[1]))

    # money, hours and CO2 of single figures

    def per_km(self, tariff: Any, km: float, length: Any, component: str) -> list[Part]:
        usd = self.prices.usd(tariff.per_km, tariff.currency, tariff.price_year) * km
        if not usd:
            return []
        return [self._tariff_part(tariff, component, usd * (1 + self.cargo.freight_surcharge), length)]

    def fixed(self, tariff: Any, component: str) -> list[Part]:
        usd = self.prices.usd(tariff.fixed, tariff.currency, tariff.price_year)
        if not usd:
            return []
        return [self._tariff_part(tariff, component, usd * (1 + self.cargo.freight_surcharge), None)]

    def _tariff_part(self, tariff: Any, component: str, usd: float, length: Any) -> Part:
        low, high = tariff.range_low or 1.0, tariff.range_high or 1.0
        figures: tuple[str, ...] = (f"tariff:{tariff.tariff_id}",)
        rows = [tariff]
        if length is not None:
            figures, rows = (*figures, length[0]), [tariff, length[1]]
        return Part(component, "cost", usd, usd, usd * (high - low) / TEN_TO_NINETY, figures, *_provenance(rows))

    def travel(self, speed: Any, km: float, component: str, length: tuple[str, Any], factor: float = 1.0) -> Part:
        hours = km / speed.speed_kmh * factor
        slow, fast = speed.speed_kmh_low or speed.speed_kmh, speed.speed_kmh_high or speed.speed_kmh
        spread = (km / slow - km / fast) * factor / TEN_TO_NINETY
        timetable = km / (speed.schedule_kmh or speed.speed_kmh) * factor
        return Part(
            component,
            "hours",
            hours,
            timetable,
            spread,
            (f"speed:{speed.speed_id}", length[0]),
            *_provenance([speed, length[1]]),
        )

    def operation(self, operation_id: str, wanted_by: str, factor: float = 1.0, *, at_end: bool = False) -> list[Part]:
        key = (operation_id, factor, at_end)
        if key not in self.operations:
            self.operations[key] = self._operation(operation_id, wanted_by, factor, at_end=at_end)
        return list(self.operations[key])

    def _operation(self, operation_id: str, wanted_by: str, factor: float, *, at_end: bool) -> list[Part]:
        parts = []
        for row in self.figures.find("operations", operation_id, wanted_by):
            low = row.value if row.value_low is None else row.value_low
            high = row.value if row.value_high is None else row.value_high
            scale = factor if row.quantity == "hours" else self.prices.usd(1.0, row.currency, row.price_year)
            unscheduled = row.quantity == "hours" and (at_end or row.component in NOT_IN_SCHEDULE)
            parts.append(
                Part(
                    row.component,
                    row.quantity,
                    row.value * scale,
                    0.0 if unscheduled else row.value * scale,
                    (high - low) * scale / TEN_TO_NINETY,
                    (f"operation:{row.operation_id}:{row.component}:{row.quantity}",),
                    (row.source_id,),
                    row.grade,
                )
            )
        return parts

    def co2(self, factor_id: str, km: float, wanted_by: str, length: str = "") -> tuple[float, tuple[str, ...]]:
        """Return kg CO2e and the figures they are proportional to; `length` is the key of the distance."""
        factor = self.figures.find("factors", factor_id, wanted_by)
        figures = (f"emission_factor:{factor_id}", *((length,) if length and factor.unit != "kg_per_box" else ()))
        if factor.unit == "kg_per_box":
            return float(factor.value), figures
        loads = {"g_per_tkm": self.cargo.payload_t, "g_per_teukm": self.cargo.teu}
        return float(factor.value * (loads[factor.unit] * km / 1000)), figures

    # arcs, table by table

    def _links(self) -> None:
        crossings = {(c.link_id, c.from_node_id, c.mode): c for c in self.network.active("crossing")}
        borders = {row.link_id for row in self.network.rows("crossing")}
        for link in self.network.active("link"):
            if ("mode", link.mode) in self.closed:
                continue
            ends = [(link.from_node_id, link.to_node_id)]
            if not link.directed:
                ends.append((link.to_node_id, link.from_node_id))
            haul = self._haul(link)
            for here, there in ends:
                crossing = crossings.get((link.link_id, here, link.mode))
                if link.link_id in borders and crossing is None:
                    continue
                for state in link.states:
                    self._link_arcs(link, haul, here, there, state, crossing)

    def _haul(self, link: Any) -> tuple[tuple[Part, ...], tuple[float, tuple[str, ...]]]:
        """Return the parts and the CO2 of a haul along a link, the same for every state and either way."""
        length = (f"link:{link.link_id}:length_km", link)
        speed = self.figures.find("speeds", link.speed_id, f"link {link.link_id}")
        tariff = self.figures.find("tariffs", link.tariff_id, f"link {link.link_id}")
        parts = [self.travel(speed, link.length_km, "haul", length, self.seasonal("mode", link.mode))]
        parts += self.per_km(tariff, link.length_km, length, "haul")
        return tuple(parts), self.co2(link.emission_factor_id, link.length_km, f"link {link.link_id}", length[0])

    def _link_arcs(self, link: Any, haul: Any, here: str, there: str, state: str, crossing: Any) -> None:
        arrival = (there, state + self._at_end(there))
        head = arrival if crossing is None else (there, f"{state}@border:{crossing.crossing_id}")
        self.add(
            f"link:{link.link_id}:{here}:{state}",
            "haul",
            (here, state),
            head,
            link.mode,
            link.link_id,
            haul[0],
            link.length_km,
            haul[1],
        )
        if crossing is None:
            return
        parts = self.operation(crossing.operation_id, f"crossing {crossing.crossing_id}")
        gate = OpeningHours.parse(crossing.opening_hours, of=f"crossing {crossing.crossing_id}")
        if gate.closed_hours:
            parts.append(
                Part(
                    "wait",
                    "hours",
                    gate.wait_mean,
                    0.0,
                    gate.wait_std,
                    (f"crossing:{crossing.crossing_id}:opening_hours",),
                    (crossing.source_id,),
                    crossing.grade,
                )
            )
        self.add(
            f"crossing:{crossing.crossing_id}:{state}",
            "crossing",
            head,
            arrival,
            link.mode,
            crossing.crossing_id,
            parts,
        )

    def _at_end(self, node: str) -> str:
        """Return what is added to the state in which cargo comes to a zone: from there it can only reach its end."""
        return "@end" if self.network.nodes[node].node_type == "zone" else ""

    def _terminals(self) -> None:
        home = self._home_tariffs()
        for terminal in self.network.active("terminal"):
            if terminal.to_state == "charter" and not self.cargo.may_charter:
                continue
            node, wanted_by = terminal.node_id, f"terminal {terminal.terminal_id}"
            ports = PORT_STATES & {terminal.from_state, terminal.to_state}
            if ports and ("node", node) in self.closed:
                continue
            factor = self.seasonal("node", node) if ports else 1.0
            at_end = terminal.from_state == "origin" or terminal.to_state == "destination"
            parts = self.operation(terminal.operation_id, wanted_by, factor, at_end=at_end)
            tariff = home.get((node, terminal.to_state))
            if tariff is not None and terminal.from_state != terminal.to_state:
                parts += self.fixed(tariff, "haul")
            lifted = any(part.component in ("terminal_handling", "lift") for part in parts)
            co2 = self.co2("terminal_handling", 0.0, wanted_by) if lifted else (0.0, ())
            self.add(
                f"terminal:{terminal.terminal_id}",
                "terminal",
                (node, terminal.from_state + (self._at_end(node) if terminal.to_state == "destination" else "")),
                (node, terminal.to_state),
                "terminal",
                terminal.terminal_id,
                parts,
                0.0,
                co2,
            )

    def _home_tariffs(self) -> dict[tuple[str, str], Any]:
        """Tariff whose fixed part is paid when cargo is put on rail or road at a node.

        That of the links of the node's own country, of links that stay in it where there are such; of several, the
        one with the largest fixed part in USD, then by id. The order of rows plays no part.
        """
        found: dict[tuple[str, str], tuple[tuple[bool, float, str], Any]] = {}
        for link, node, state in self._own_links():
            tariff = self.figures.tariffs.get(link.tariff_id)
            if tariff is None:
                continue
            nodes = self.network.nodes
            stays = nodes[link.from_node_id].country == nodes[link.to_node_id].country
            usd = self.prices.usd(tariff.fixed, tariff.currency, tariff.price_year)
            rank = (stays, usd, tariff.tariff_id)
            if (node, state) not in found or rank > found[node, state][0]:
                found[node, state] = rank, tariff
        return {key: tariff for key, (_, tariff) in found.items()}

    def _own_links(self) -> Iterator[tuple[Any, str, str]]:
        """Yield links with each end at which they can be entered in their country, and each state of cargo on them."""
        for link in self.network.active("link"):
            for node in (link.from_node_id, link.to_node_id)[: 1 if link.directed else 2]:
                if self.network.nodes[node].country == link.country:
                    yield from ((link, node, state) for state in link.states)

    def seasonal(self, applies_to: str, target_id: str) -> float:
        """Return the factor on hours of a node, service or mode on the day."""
        return float(self.factor.get((applies_to, target_id), 1.0))

    def _services(self) -> None:
        for service in self.network.active("service"):
            calls = self.network.calls.get(service.service_id, ())
            shut = {("service", service.service_id), ("mode", service.mode)} & self.closed
            if service.carries != "container" or len(calls) < 2 or shut:
                continue
            self._board(service, calls)
            last = len(calls) - 1
            for number in range(last):
                self._sail(service, calls[number], calls[number + 1], self._stays(service, calls, number + 1))

    def _stays(self, service: Any, calls: tuple[Any, ...], number: int) -> Any:
        """Return the call as which a box stays aboard at call `number`; None where it does not.

        It does not after the last call of a line that is no circle, nor where the ship turns back to the port it
        came from: nobody ships a box past its place and back, and the rate of the first leg would pay for both.
        """
        wraps = number == len(calls) - 1
        if wraps and not service.circular:
            return None
        call = calls[0] if wraps else calls[number]
        onward = calls[1] if wraps else calls[number + 1]
        return None if onward.node_id == calls[number - 1].node_id else call

    def _aboard(self, service: Any, call: Any) -> tuple[str, str]:
        return call.node_id, f"aboard:{service.service_id}:{call.call_sequence}"

    def _quay(self, node: str, service: Any, way: str) -> tuple[str, str]:
        """Where a service takes or lands boxes at a node: a ferry at the ferry berth where there is one."""
        berth = (node, f"ferry_{way}")
        return berth if service.vehicle in FERRIES and berth in self.berths else (node, f"port_{way}")

    def _board(self, service: Any, calls: tuple[Any, ...]) -> None:
        mean, spread = headway_wait(service.sailings_per_week)
        wait = Part(
            "wait",
            "hours",
            mean,
            0.0,
            spread,
            (f"service:{service.service_id}:sailings_per_week",),
            (service.source_id,),
            service.grade,
        )
        for call in calls[:-1]:
            tariff = self.figures.find("tariffs", call.tariff_id or service.tariff_id, f"service {service.service_id}")
            freight = self.fixed(tariff, "freight")
            self.add(
                f"board:{service.service_id}:{call.call_sequence}",
                "board",
                self._quay(call.node_id, service, "out"),
                self._aboard(service, call),
                service.mode,
                service.service_id,
                [wait, *freight],
            )

    def _sail(self, service: Any, here: Any, there: Any, stays: Any) -> None:
        lane = self.network.lanes.get((here.node_id, there.node_id))
        if lane is None:
            raise DataFault(
                f"service '{service.service_id}' goes from {here.node_id} to {there.node_id}, and there is no lane",
                hint="add the pair to table sea_lane",
            )
        wanted_by = f"service {service.service_id}"
        factor = self.seasonal("service", service.service_id) * self.seasonal("mode", service.mode)
        length = (f"sea_lane:{lane.lane_id}:length_km", lane)
        if here.departure_hours is not None and there.arrival_hours is not None:
            hours = (there.arrival_hours - here.departure_hours) * factor
            sailing = Part(
                "sailing",
                "hours",
                hours,
                hours,
                0.1 * hours,
                (f"service_call:{there.service_id}:{there.call_sequence}",),
                (there.source_id,),
                there.grade,
            )
        else:
            speed = self.figures.find("speeds", service.speed_id, wanted_by)
            sailing = self.travel(speed, lane.length_km, "sailing", length, factor)
        tariff = self.figures.find("tariffs", service.tariff_id, wanted_by)
        parts = [sailing, *self.per_km(tariff, lane.length_km, length, "freight")]
        co2 = self.co2(service.emission_factor_id, lane.length_km, wanted_by, length[0])
        key = f"sail:{service.service_id}:{here.call_sequence}"
        tail = self._aboard(service, here)
        self.add(
            f"{key}:land",
            "sail",
            tail,
            self._quay(there.node_id, service, "in"),
            service.mode,
            service.service_id,
            parts,
            lane.length_km,
            co2,
        )
        if stays is None:
            return
        if there.arrival_hours is not None and there.departure_hours is not None:
            stay = there.departure_hours - there.arrival_hours
            rests_on = f"service_call:{there.service_id}:{there.call_sequence}"
        else:
            stay, rests_on = service.port_stay_hours, f"service:{service.service_id}:port_stay_hours"
        head = self._aboard(service, stays)
        in_port = Part(
            "sailing",
            "hours",
            stay,
            stay,
            0.1 * stay,
            (rests_on,),
            (there.source_id,),
            there.grade,
        )
        self.add(
            f"{key}:on", "sail", tail, head, service.mode, service.service_id, [*parts, in_port], lane.length_km, co2
        )

    def _charter(self) -> None:
        ports = [terminal.node_id for terminal in self.network.active("terminal") if terminal.to_state == "charter"]
        if not self.cargo.may_charter or ("mode", "sea") in self.closed:
            return
        speed = self.figures.find("speeds", "coaster", "charter")
        tariff = self.figures.find("tariffs", "charter", "charter")
        for here in ports:
            for there in ports:
                lane = self.network.lanes.get((here, there))
                if lane is None or self.network.nodes[here].country == self.network.nodes[there].country:
                    continue
                length = (f"sea_lane:{lane.lane_id}:length_km", lane)
                parts = [self.travel(speed, lane.length_km, "sailing", length, self.seasonal("mode", "sea"))]
                parts += self.fixed(tariff, "freight") + self.per_km(tariff, lane.length_km, length, "freight")
                self.add(
                    f"charter:{here}:{there}",
                    "charter",
                    (here, "charter"),
                    (there, "port_in"),
                    "sea",
                    "charter",
                    parts,
                    lane.length_km,
                    self.co2("sea_coaster", lane.length_km, "charter", length[0]),
                )


def _provenance(rows: list[Any]) -> tuple[tuple[str, ...], str]:
    """Return the sources of a product of figures, and the grade of its weakest."""
    if len(rows) == 2:  # a figure and a length, as all hauls have
        first, second = rows
        ids = (first.source_id,) if first.source_id == second.source_id else (first.source_id, second.source_id)
        return ids, max(first.grade, second.grade)
    return tuple(dict.fromkeys(row.source_id for row in rows)), max(row.grade for row in rows)
