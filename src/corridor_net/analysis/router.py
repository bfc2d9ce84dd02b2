"""A compiled network that answers: the best route between two places, measured along its arcs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.costing import CostModel, Impedance, Objective
from corridor_net.errors import BadValue, NoRoute
from corridor_net.graph import Graph, Weighted
from corridor_net.network import Network

from .route import Legs, Route, crossings_of, gateway_of, gateways_of, services_of
from .unreached import why_unreached

if TYPE_CHECKING:
    from corridor_net.graph.hierarchy.metric import Metric


MOST_REASONS = 16
"""Reasons told why there is no route."""


@dataclass(frozen=True, eq=False)
class Router:
    """A compiled network ready to answer: one weighting, any number of questions.

    `by` is what is minimised (see `Objective`): generalised cost, or money, time, co2 alone. With `schedule`, hours
    leave out waiting, queues and dwell, and have no spread.

    >>> import corridor_net as cn
    >>> router = cn.load(as_of="2019-07-01").with_options(by="time").router
    >>> router.by, router.route("harbin", "niigata").gateway
    ('time', 'dalian')
    """

    impedance: Impedance
    _: KW_ONLY
    by: str = "generalised"
    schedule: bool = False
    co2_price_usd_per_t: float = 0.0
    scenario: str = "baseline"

    def __post_init__(self) -> None:
        """Check the options."""
        _ = self.objective

    @cached_property
    def objective(self) -> Objective:
        """What is minimised."""
        return Objective.for_cargo(self.impedance.cargo, by=self.by, co2_price_usd_per_t=self.co2_price_usd_per_t)

    @property
    def network(self) -> Network:
        """The network that was compiled."""
        return self.impedance.network

    @cached_property
    def hours(self) -> NDArray[np.float64]:
        """Hours of each arc as counted, shape (n_arcs,)."""
        return self.impedance.total_hours(schedule=self.schedule)

    @cached_property
    def money(self) -> NDArray[np.float64]:
        """USD of each arc, shape (n_arcs,)."""
        return self.impedance.total_money

    @cached_property
    def spread_hours(self) -> NDArray[np.float64]:
        """Hours of spread of each arc, shape (n_arcs,): 0 by the timetable."""
        return np.zeros_like(self.hours) if self.schedule else self.impedance.spread_hours

    @property
    def measures(self) -> tuple[NDArray[np.float64], ...]:
        """USD, hours, hours of spread and kg CO2e of each arc, as `Objective` takes them."""
        return self.money, self.hours, self.spread_hours, self.impedance.co2_kg

    @cached_property
    def timed_hours(self) -> NDArray[np.float64]:
        """Hours of each arc that the value of time is paid for: its hours, and their spread at its ratio."""
        return np.asarray(self.objective.timed(self.hours, self.spread_hours))

    @cached_property
    def cost_model(self) -> CostModel:
        """What the arcs are made of, figure by figure; with `schedule`, hours are those of the timetable."""
        return CostModel.from_impedance(self.impedance, schedule=self.schedule)

    @cached_property
    def generalised(self) -> NDArray[np.float64]:
        """Generalised cost of each arc in USD, shape (n_arcs,)."""
        return np.asarray(self.objective.generalised(*self.measures))

    @cached_property
    def weight(self) -> NDArray[np.float64]:
        """What is minimised, per arc, shape (n_arcs,)."""
        return np.asarray(self.objective.weight(*self.measures))

    @cached_property
    def graph(self) -> Graph:
        """The topology of the arcs."""
        return Graph.from_arcs(len(self.impedance.states), self.impedance.tail, self.impedance.head)

    @cached_property
    def weighted(self) -> Weighted:
        """The topology with its weights."""
        return Weighted.of(self.graph, self.weight)

    @cached_property
    def metric(self) -> Metric:
        """The topology as a hierarchy with its weights, for matrices of a large network. Needs numba."""
        from corridor_net.graph.hierarchy.hierarchy import Hierarchy
        from corridor_net.graph.hierarchy.metric import Metric

        return Metric.of(Hierarchy.build(self.graph), self.weight)

    @cached_property
    def ashore(self) -> tuple[int, ...]:
        """The place of each state as a number, -1 for one aboard a ship."""
        number: dict[str, int] = {}
        return tuple(
            -1 if name == "charter" or name.startswith("aboard:") else number.setdefault(node, len(number))
            for node, name in self.impedance.states
        )

    def end_state(self, node_id: str, name: str) -> int:
        """Return the state in which cargo starts or ends at a node; raise NoRoute when it cannot."""
        state = self.impedance.index.get((node_id, name))
        if state is None:
            node = self.network.nodes[node_id]
            verb = "sent from" if name == "origin" else "received at"
            raise NoRoute(
                f"cargo cannot be {verb} {node.name} on {self.network.day}",
                hint="no terminal of it is open on the day",
            )
        return state

    def route(self, origin: str, destination: str, *, via: Sequence[str] = ()) -> Route:
        """Return the best route from `origin` to `destination`, passing every node of `via` in any order.

        A seaport is passed when the cargo goes through its port, not when a lorry drives by.

        Raises NoRoute with what is closed near the places asked for; UnknownName for a place.
        """
        start, goal, stops = self._places(origin, destination, via)
        try:
            if stops:
                arcs = self._through(start, goal, stops)
            else:
                source, target = self.end_state(start, "origin"), self.end_state(goal, "destination")
                arcs = self.weighted.shortest_path(source, target)[1].tolist()
        except NoRoute as error:
            raise self._no_route(start, goal, stops, error) from None
        return self.describe(start, goal, arcs)

    def _places(self, origin: str, destination: str, via: Sequence[str]) -> tuple[str, str, list[str]]:
        start = self.network.node(origin).node_id
        goal = self.network.node(destination).node_id
        if start == goal:
            raise BadValue(f"origin and destination are both '{start}'")
        stops = list(dict.fromkeys(self.network.node(name).node_id for name in via))
        if len(stops) > 6:
            raise BadValue(f"{len(stops)} via nodes", hint="six at most")
        return start, goal, stops

    def _through(self, start: str, goal: str, stops: list[str]) -> list[int]:
        """Search the product of states and the set of stops already passed."""
        bit = {node: 1 << number for number, node in enumerate(stops)}
        size, layers = self.graph.n_nodes, 1 << len(stops)
        states = self.impedance.states
        passed = (bit.get(state[0], 0) if self._passes(*state) else 0 for state in states)
        tails, heads = self.impedance.tail.astype(np.int64), self.impedance.head.astype(np.int64)
        gains = np.fromiter(passed, np.int64, len(states))[heads]
        layer = np.arange(layers)[:, None]
        product = Graph.from_arcs(
            size * layers, (tails + layer * size).ravel(), (heads + (layer | gains) * size).ravel()
        )
        source = self.end_state(start, "origin") + bit.get(start, 0) * size
        target = self.end_state(goal, "destination") + (layers - 1) * size
        arcs = Weighted.of(product, np.tile(self.weight, layers)).shortest_path(source, target)[1]
        return [int(arc) % self.graph.n_arcs for arc in arcs]

    def _passes(self, node: str, name: str) -> bool:
        """Whether cargo in a state passes its node: at a seaport, only in the port or on a ship."""
        vocabulary = self.network.vocabulary
        at_port = name in vocabulary.quays or name in ("charter", "destination") or name.startswith("aboard:")
        return at_port or not vocabulary.is_port(self.network.nodes[node].node_type)

    def _no_route(self, start: str, goal: str, stops: list[str], error: NoRoute) -> NoRoute:
        network, day = self.network, self.network.day
        places, told = {start, goal, *stops}, set(stops) or {start, goal}
        gone = sorted(place for place in places if not network.nodes[place].holds_on(day))
        reasons = [f"{place} does not hold on the day" for place in gone]
        for table, ends in (
            ("crossing", lambda c: (c.from_node_id, c.to_node_id)),
            ("service", lambda s: tuple(c.node_id for c in network.calls.get(s.service_id, ()))),
        ):
            for row, reason in _stopped(network, table):
                if (places if table == "crossing" else told) & set(ends(row)) or (table == "crossing" and not stops):
                    reasons.append(f"{row.name}: {reason}")
        reasons.sort(key=lambda reason: ": closed by " not in reason)  # what the scenario itself closes comes first
        each = list(dict.fromkeys(reasons))
        if len(each) > MOST_REASONS:
            each = [*each[: MOST_REASONS - 1], f"and {len(each) - MOST_REASONS + 1} more"]
        closed = "; ".join(each)
        why = f"closed or not documented by then: {closed}" if closed else error.hint
        found = NoRoute(
            f"no route from {start} to {goal} via {', '.join(stops)} on {day}"
            if stops
            else f"no route from {start} to {goal} on {day}",
            hint=why or why_unreached(self.impedance, start, goal),
        )
        found.network = network
        return found

    def gateway(self, arcs: Sequence[int]) -> str | None:
        """Return the gateway of the way along `arcs` (`gateway_of`)."""
        ends = [self.impedance.places(arc) for arc in arcs if self.impedance.at_sea[arc]]
        return gateway_of(self.network.overseas, self.impedance.places(arcs[0])[0], ends) if ends else None

    @cached_property
    def _overland(self) -> NDArray[np.bool_]:
        """Which arcs are hauls by land: of some in turn one tells as much of crossings, services and ports as all."""
        found = np.zeros(len(self.impedance.tail), bool)
        found[self.impedance.of_kind("haul")] = True
        return found & ~self.impedance.at_sea

    def describe(self, origin: str, destination: str, arcs: Iterable[int]) -> Route:
        """Return the route along `arcs` with all its measures."""
        numbers = [int(arc) for arc in arcs]
        index = np.array(numbers, np.int64)
        legs = Legs(self.impedance.arcs, numbers, by_timetable=self.schedule)
        overland = self._overland[index]
        overland[1:] &= overland[:-1].copy()
        overland[:1] = False
        steps = [self.impedance.arcs[number] for number in index[~overland].tolist()]
        return Route(
            origin=origin,
            destination=destination,
            cargo=self.impedance.cargo.cargo_id,
            as_of=str(self.network.day),
            scenario=self.scenario,
            minimised=self.by,
            schedule=self.schedule,
            price_year=self.impedance.prices.year,
            cost_usd=float(self.money[index].sum()),
            hours=float(self.hours[index].sum()),
            spread_hours=float(self.spread_hours[index].sum()),
            co2_kg=float(self.impedance.co2_kg[index].sum()),
            generalised_cost_usd=float(self.generalised[index].sum()),
            distance_km=float(self.impedance.distance_km[index].sum()),
            gateway=self.gateway(numbers),
            crossings=crossings_of(steps),
            services=services_of(steps),
            legs=legs,
            arcs=tuple(numbers),
            gateways=gateways_of(self.network.overseas, steps),
            projected_from=str(self.network.days[1]) if self.network.years_beyond else "",
        )


def _stopped(network: Network, table: str) -> Iterator[tuple[Any, str]]:
    """Yield the last period of each crossing or service that is not there on the day, with why not."""
    key = f"{table}_id"
    running = {getattr(row, key) for row in network.active(table)}
    begun = [row for row in network.rows(table) if row.valid_from is None or row.valid_from <= network.day]
    last = {getattr(row, key): row for row in sorted(begun, key=lambda row: row.valid_from or date.min)}
    for name, row in last.items():
        ended = row.valid_to is not None and row.valid_to < network.day
        if name in running:
            continue
        chance = getattr(row, "chance", None)
        if not ended and chance is not None:
            yield row, f"not known ({chance:.0%}) whether it runs"
        elif row.end_reason:
            yield row, row.end_reason
