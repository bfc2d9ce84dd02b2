"""Compiling a network: states and arcs of links, borders and terminals. What is not allowed is not there.

Nothing has a large cost in place of being absent. Arcs are in the order of their names, so that no answer depends on
the order of rows. Services are compiled in `sailing`.
"""

from __future__ import annotations

from typing import Any

from .arcs import Impedance, Part
from .draft import Draft, Ends
from .home import home_tariffs
from .opening_hours import OpeningHours
from .parts import Emitted, travel
from .sailing import add_charter, add_services

Haul = tuple[tuple[Part, ...], Emitted]
"""What a haul along a link is made of, and what it emits."""


class Compiler(Draft):
    """Makes the arcs of a network for one cargo, table by table."""

    def run(self) -> Impedance:
        """Return the compiled network. Raises DataFault where a figure is missing."""
        self._links()
        self._terminals()
        add_services(self)
        add_charter(self)
        return Impedance(self.network, self.cargo, self.prices, *self.arcs.sorted())

    # links and borders

    def _links(self) -> None:
        crossings = {(c.link_id, c.from_node_id, c.mode): c for c in self.network.active("crossing")}
        borders = {row.link_id for row in self.network.rows("crossing")}
        for link in self.network.active("link"):
            if ("mode", link.mode) in self.seasons.closed:
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
                    self._arcs_along(link, haul, (here, there), state, crossing)

    def _haul(self, link: Any) -> Haul:
        """Return the parts and the emissions of a haul along a link, the same for every state and either way."""
        wanted_by = f"link {link.link_id}"
        length = (f"link:{link.link_id}:length_km", link)
        speed = self.price.find("speeds", link.speed_id, wanted_by)
        tariff = self.price.find("tariffs", link.tariff_id, wanted_by)
        parts = [travel(speed, link.length_km, "haul", length, self.seasons.factor("mode", link.mode))]
        parts += self.price.per_km(tariff, link.length_km, length, "haul")
        return tuple(parts), self.price.emitted(link.emission_factor_id, link.length_km, wanted_by, length[0])

    def _arcs_along(self, link: Any, haul: Haul, way: tuple[str, str], state: str, crossing: Any) -> None:
        here, there = way
        arrival = (there, state + self._at_end(there))
        head = arrival if crossing is None else (there, f"{state}@border:{crossing.crossing_id}")
        subject = (link.mode, link.link_id)
        key = f"link:{link.link_id}:{here}:{state}"
        self.arcs.add(key, ((here, state), head), subject, haul[0], link.length_km, haul[1])
        if crossing is not None:
            self._crossing(link.mode, state, (head, arrival), crossing)

    def _crossing(self, mode: str, state: str, ends: Ends, crossing: Any) -> None:
        of = f"crossing {crossing.crossing_id}"
        parts = self.price.operation(crossing.operation_id, of)
        gate = OpeningHours.parse(crossing.opening_hours, of=of)
        if gate.closed_hours:
            figures = (f"crossing:{crossing.crossing_id}:opening_hours",)
            sources = (crossing.source_id,)
            parts.append(Part("wait", "hours", gate.wait_mean, 0.0, gate.wait_std, figures, sources, crossing.grade))
        self.arcs.add(f"crossing:{crossing.crossing_id}:{state}", ends, (mode, crossing.crossing_id), parts)

    def _at_end(self, node: str) -> str:
        """Return what is added to the state in which cargo comes to a zone: from there it can only reach its end."""
        return "@end" if self.network.nodes[node].node_type == "zone" else ""

    # terminals

    def _terminals(self) -> None:
        home = home_tariffs(self.network, self.prices, self.price.figures.tariffs)
        for terminal in self.network.active("terminal"):
            if terminal.to_state == "charter" and not self.cargo.may_charter:
                continue
            at_quay = self.network.vocabulary.quays & {terminal.from_state, terminal.to_state}
            if at_quay and ("node", terminal.node_id) in self.seasons.closed:
                continue
            factor = self.seasons.factor("node", terminal.node_id) if at_quay else 1.0
            paid = home.get((terminal.node_id, terminal.to_state))
            self._terminal(terminal, factor, paid[0][1] if paid else None)

    def _terminal(self, terminal: Any, factor: float, tariff: Any) -> None:
        node, wanted_by = terminal.node_id, f"terminal {terminal.terminal_id}"
        to_receiver = terminal.to_state == "destination"
        at_end = terminal.from_state == "origin" or to_receiver
        parts = self.price.operation(terminal.operation_id, wanted_by, factor, at_end=at_end)
        if tariff is not None and terminal.from_state != terminal.to_state:
            parts += self.price.fixed(tariff, "haul")
        lifted = any(part.component in self.price.lifts for part in parts)
        emitted = self.price.emitted("terminal_handling", 0.0, wanted_by) if lifted else (0.0, ())
        tail = (node, terminal.from_state + (self._at_end(node) if to_receiver else ""))
        subject = ("terminal", terminal.terminal_id)
        self.arcs.add(
            f"terminal:{terminal.terminal_id}", (tail, (node, terminal.to_state)), subject, parts, 0.0, emitted
        )
