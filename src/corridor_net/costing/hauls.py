"""Hauls along links, side by side: which ways cargo can take, and what each takes. Borders are crossed one by one.

The arcs themselves are made when they are looked at, by the same formulas (`parts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.network.columns import coded, distinct, first_met, floats, texts
from corridor_net.network.rows import Crossing, EmissionFactor, Link, Speed, Tariff

from .arcs import ArcAmounts, Floats, State, Work
from .draft import ArcDraft
from .opening_hours import OpeningHours
from .parts import carbon, in_hours, speeds_of, travel, travelled
from .pieces import ArcPiece
from .terms import Products, Terms

Ints = NDArray[np.int64]


class Hauls(ArcPiece):
    """The hauls of a network; `row` is the link of each."""

    row: Ints

    def __init__(self, draft: ArcDraft) -> None:
        """Make the hauls of all links, and the arcs over borders. Raises DataFault where a figure is missing."""
        super().__init__(draft.network.vocabulary)
        self.draft, self.network, self.price = draft, draft.network, draft.price
        self.links = draft.links.rows
        self.seen: tuple[int, Link] | None = None
        self.last: tuple[int, Work] | None = None
        self.row, *ends = self._ways()
        self.ends = tuple(ends)  # type: ignore[assignment]
        modes, mode = coded(self.links, "mode")
        self.modes = [("haul", one) for one in modes], mode[self.row]
        self.amounts = self._priced().taken(self.row)

    def keys(self) -> Iterator[str]:
        """Yield their keys."""
        places, names = self.draft.places.ids, list(self.draft.arcs.names)
        for link, here, name in zip(self.asset_ids(), self.ends[0].tolist(), self.ends[1].tolist(), strict=True):
            yield f"link:{link}:{places[here]}:{names[name]}"

    def asset_ids(self) -> list[str]:
        """Return the ids of their links."""
        ids = texts(self.links, "link_id")
        return [ids[row] for row in self.row.tolist()]

    def identified(self, number: int, start: State) -> tuple[str, str, float]:
        """Return key, link and kilometres of one haul."""
        link = self._link(int(self.row[number]))
        return f"link:{link.link_id}:{start[0]}:{start[1]}", link.link_id, link.length_km

    def worked(self, number: int) -> Work:
        """Return what one haul is made of: the same for every state and either way."""
        row = int(self.row[number])
        if self.last is None or self.last[0] != row:
            self.last = row, self._work(self._link(row))
        return self.last[1]

    def by_component(self, components: Sequence[str]) -> dict[str, Floats]:
        """Return what each haul takes: all of it is of one component."""
        tables = {name: np.zeros((len(self), len(components))) for name in ("cost", "hours")}
        for name, amount in (("cost", self.amounts.money), ("hours", self.amounts.hours)):
            tables[name][:, components.index("haul")] = amount
        return tables

    def _link(self, row: int) -> Link:
        """Return a link, made once for all that is asked of it in turn."""
        if self.seen is None or self.seen[0] != row:
            self.seen = row, self.links[row]
        return self.seen[1]

    def _work(self, link: Link) -> Work:
        wanted_by = f"link {link.link_id}"
        length = (f"link:{link.link_id}:length_km", link)
        speed = self.price.find("speeds", link.speed_id, wanted_by)
        tariff = self.price.find("tariffs", link.tariff_id, wanted_by)
        parts = [travel(speed, link.length_km, "haul", length, self.draft.seasons.factor("mode", link.mode))]
        parts += self.price.per_km(tariff, link.length_km, length, "haul")
        emitted = self.price.emitted(link.emission_factor_id, link.length_km, wanted_by, length[0])
        return Work.of(parts, emitted)

    def terms(self, products: Products, *, schedule: bool) -> list[Terms]:
        """Return the terms of each of `QUANTITIES`, haul by haul: figure by figure as `worked` has them."""
        used, first, back = np.unique(self.row, return_index=True, return_inverse=True)
        own, ids = self.amounts.taken(first), texts(self.links, "link_id")
        length = np.array([products.figure(f"link:{ids[row]}:length_km") for row in used.tolist()], np.int64)

        def rests_on(column: str, table: str) -> Ints:
            names, code = coded(self.links, column)
            met = distinct(code[used])
            number = np.zeros(len(names), np.int64)
            number[met] = [products.figure(f"{table}:{names[one]}") for one in met.tolist()]
            return products.fresh(number[code[used]], length)

        time, rate = rests_on("speed_id", "speed"), rests_on("tariff_id", "tariff")
        emitted = rests_on("emission_factor_id", "emission_factor")
        names, code = coded(self.links, "emission_factor_id")
        for one in distinct(code[used]).tolist():
            if self.price.figures.factors[names[one]].unit == "kg_per_box":  # its length plays no part
                emitted[code[used] == one] = products.number((f"emission_factor:{names[one]}",))
        hours, spread = (own.scheduled, np.zeros(len(used))) if schedule else (own.hours, own.spread)
        none = np.full(len(used), "", "U1")
        quick, dear = self._weaker("speeds", "speed_id", used), self._weaker("tariffs", "tariff_id", used)
        columns = (rate, own.money, dear), (time, hours, quick), (time, spread, quick), (emitted, own.co2_kg, none)
        return [Terms.single(*column).taken(back) for column in columns]

    def _weaker(self, table: str, column: str, used: Ints) -> NDArray[np.str_]:
        """Return the grade of a figure of each link or of the link itself, whichever is the weaker."""
        (names, code), (grades, grade) = coded(self.links, column), coded(self.links, "grade")
        known = getattr(self.price.figures, table)
        own = np.array([known[name].grade if name in known else "" for name in names], "U1")[code[used]]
        length = np.array(grades, "U1")[grade[used]]
        return np.where(own > length, own, length)

    # what they take

    def _priced(self) -> ArcAmounts:
        """Return what a haul along each link takes; along one that no cargo can take, whatever it would."""
        km = floats(self.links, "length_km")
        modes, mode = coded(self.links, "mode")
        factor = np.array([self.draft.seasons.factor("mode", name) for name in modes], float)[mode]
        found = self._figures()
        speeds, rate, grams, load, fixed = (found[name] for name in ("speeds", "rate", "grams", "load", "fixed"))
        hours, timetable, spread = travelled(km, speeds, factor)
        return ArcAmounts(
            money=self.price.charged(rate * km),
            hours=hours,
            spread=spread,
            scheduled=timetable,
            co2_kg=np.where(fixed, grams, carbon(grams, load, km)),
            distance_km=km,
        )

    def _figures(self) -> dict[str, Any]:
        """Look up the figures of all links, those of the first link first."""
        made: dict[str, Any] = {}
        wanted = []
        kinds = (("speeds", "speed_id"), ("tariffs", "tariff_id"), ("factors", "emission_factor_id"))
        for turn, (kind, column) in enumerate(kinds):
            names, code = coded(self.links, column)
            made[kind] = code, np.ones((4 if kind == "speeds" else 3, len(names)))
            firsts = first_met(code[self.used]) if len(self.used) else {}
            wanted += [(int(self.used[first]), turn, kind, number, names[number]) for number, first in firsts.items()]
        for row, _, kind, number, name in sorted(wanted):
            found = self.price.find(kind, name, f"link {self.links[row].link_id}")
            value = self._numbers(found)
            made[kind][1][: len(value), number] = value
        (speed, speeds), (tariff, rates), (emission, factors) = (made[kind] for kind, _ in kinds)
        return {
            "speeds": speeds[:, speed],
            "rate": rates[0][tariff],
            "grams": factors[0][emission],
            "load": factors[1][emission],
            "fixed": factors[2][emission] == 0,
        }

    def _numbers(self, row: Speed | Tariff | EmissionFactor) -> tuple[float, ...]:
        if isinstance(row, Speed):
            return speeds_of(row)
        if isinstance(row, Tariff):
            return (self.draft.prices.usd(row.per_km, row.currency, row.price_year),)
        return (row.value, 0.0, 0.0) if row.unit == "kg_per_box" else (row.value, self.price.load(row), 1.0)

    # where they lead

    def _ways(self) -> list[Ints]:
        """Return row, place and name of both ends of every haul, in the order of their keys."""
        places, name = self.draft.places, self.draft.arcs.name
        known, closed = self.draft.links, self.draft.seasons.closed
        start, end = known.start, known.end
        modes, mode = coded(self.links, "mode")
        open_ = ~np.array([("mode", one) in closed for one in modes], bool)[mode]
        at_border = self._borders()
        plain = open_ & ~at_border
        found: list[tuple[Ints, ...]] = []
        for kind, states in enumerate(known.states):
            rows = np.flatnonzero(plain & (known.kind == kind))
            for state in states:
                leaving = np.full(len(places.ids), name(state))
                arriving = np.where(places.is_zone, name(f"{state}@end"), leaving) if places.is_zone.any() else leaving
                for some, here, there in ((rows, start, end), (rows[known.both[rows]], end, start)):
                    tail, head = here[some], there[some]
                    found.append((some, tail, leaving[tail], head, arriving[head]))
        over = [*self._over_borders(np.flatnonzero(open_ & at_border))]
        found.append(tuple(np.array(over, np.int64).reshape(len(over), 5).T))
        whole = tuple(np.concatenate(columns) for columns in zip(*found, strict=True))
        self.used = distinct(whole[0])
        order = self._order(*whole[:4])
        return [column[order] for column in whole]

    def _order(self, row: Ints, tail: Ints, tail_name: Ints, head: Ints) -> Ints:
        """Return the hauls in the order of their keys: link, colon, node, colon, state."""
        ids, places = texts(self.links, "link_id"), self.draft.places
        names = sorted(self.draft.arcs.names)
        rank = np.argsort([self.draft.arcs.names[name] for name in names])
        if ":" in "".join(ids) or ":" in "".join(places.ids):
            of = {number: name for name, number in self.draft.arcs.names.items()}
            whole = zip(row.tolist(), tail.tolist(), tail_name.tolist(), strict=True)
            keys = [f"link:{ids[r]}:{places.ids[here]}:{of[state]}" for r, here, state in whole]
            return np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int64)
        turn = np.empty(len(ids), np.int64)
        turn[sorted(range(len(ids)), key=[f"{one}:" for one in ids].__getitem__)] = np.arange(len(ids))
        second = places.turn[tail] > places.turn[head]
        return np.argsort((turn[row] * 2 + second) * len(names) + rank[tail_name], kind="stable")

    # borders

    def _borders(self) -> NDArray[np.bool_]:
        """Return which links cross a border: they can be passed by their crossings alone."""
        borders = {row.link_id for row in self.network.rows("crossing")}
        if not borders:
            return np.zeros(len(self.links), bool)
        return np.fromiter((one in borders for one in texts(self.links, "link_id")), bool, len(self.links))

    def _over_borders(self, rows: Ints) -> Iterator[tuple[int, ...]]:
        """Yield the hauls of links over borders up to the border, and add the arcs over it."""
        crossings = {(c.link_id, c.from_node_id, c.mode): c for c in self.network.active("crossing")}
        place, name = self.draft.places.number, self.draft.arcs.name
        for row in rows.tolist():
            link = self.links[row]
            ends = [(link.from_node_id, link.to_node_id), (link.to_node_id, link.from_node_id)]
            for here, there in ends[: 1 if link.directed else 2]:
                crossing = crossings.get((link.link_id, here, link.mode))
                if crossing is None:
                    continue
                for state in link.states:
                    border = f"{state}@border:{crossing.crossing_id}"
                    yield row, place[here], name(state), place[there], name(border)
                    self._crossing(link.mode, state, ((there, border), (there, state + self._at_end(there))), crossing)

    def _crossing(self, mode: str, state: str, ends: tuple[State, State], crossing: Crossing) -> None:
        of = f"crossing {crossing.crossing_id}"
        parts = self.price.operation(crossing.operation_id, of)
        gate = OpeningHours.parse(crossing.opening_hours, of=of)
        if gate.closed_hours:
            figures = (f"crossing:{crossing.crossing_id}:opening_hours",)
            parts.append(in_hours("wait", (gate.wait_mean, 0.0, gate.wait_std), figures, crossing))
        if self.price.lifted(parts) and (tariff := self.draft.home.at(ends[0][0], state)) is not None:
            parts += self.price.fixed(tariff, "haul")
        self.draft.arcs.add(f"crossing:{crossing.crossing_id}:{state}", ends, (mode, crossing.crossing_id), parts)

    def _at_end(self, node: str) -> str:
        """Return what is added to the state in which cargo comes to a zone: from there it can only reach its end."""
        return "@end" if self.network.nodes[node].node_type == "zone" else ""
