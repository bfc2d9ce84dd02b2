"""Work in terminals, side by side: terminals that do the same under the same terms share their parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net.network.columns import coded, joint, texts
from corridor_net.network.rows import Tariff, Terminal

from .arcs import ArcAmounts, State, Work
from .draft import ArcDraft
from .pieces import ArcPiece

Ints = NDArray[np.int64]
HANDLING = "terminal_handling"
"""The factor by which lifting boxes emits."""


class Terminals(ArcPiece):
    """The work of all terminals; `row` is the terminal of each."""

    row: Ints

    @classmethod
    def of(cls, draft: ArcDraft) -> Terminals:
        """Return the work of all terminals: that of a draft like it, where it rests on the same rows."""
        known = draft.like.arcs.pieces.get("terminal") if draft.like else None
        if isinstance(known, cls) and draft.shares("terminal") and known.rests_on == known.figures(draft):
            return known
        return cls(draft)

    def figures(self, draft: ArcDraft) -> tuple[Any, ...]:
        """Return the figures of a draft that work in these terminals rests on."""
        found = draft.price.figures
        operations = [found.operations.get(name) for name in coded(self.terminals, "operation_id")[0]]
        return operations, draft.links.rows, draft.home.tariffs, found.factors.get(HANDLING)

    def __init__(self, draft: ArcDraft) -> None:
        """Make the work of all terminals. Raises DataFault where a figure is missing."""
        super().__init__(draft.network.vocabulary)
        self.draft, self.network, self.price = draft, draft.network, draft.price
        self.terminals: Sequence[Terminal] = draft.network.active("terminal")
        self.rests_on = self.figures(draft)
        self._make()
        self.modes = [("terminal", "terminal")], np.zeros(len(self.row), np.int64)
        self.amounts = ArcAmounts.of(self.works, [0.0] * len(self.works), self.vocabulary.components).taken(self.work)

    def keys(self) -> Iterator[str]:
        """Yield their keys."""
        return (f"terminal:{name}" for name in self.asset_ids())

    def asset_ids(self) -> list[str]:
        """Return their ids."""
        ids = texts(self.terminals, "terminal_id")
        return [ids[row] for row in self.row.tolist()]

    def identified(self, number: int, start: State) -> tuple[str, str, float]:  # noqa: ARG002 - one terminal, one arc
        """Return key, terminal and kilometres of one arc."""
        name = self.terminals[int(self.row[number])].terminal_id
        return f"terminal:{name}", name, 0.0

    def _make(self) -> None:
        rows, places, name = self.terminals, self.draft.places, self.draft.arcs.name
        node = places.numbers(rows, "node_id")
        befores, before = coded(rows, "from_state")
        afters, after = coded(rows, "to_state")
        operations, operation = coded(rows, "operation_id")
        factors, season, closed = self._seasons(node, (befores, before), (afters, after))
        tariffs, home = self.draft.home.tariffs, self.draft.home.paid(node, afters, after)
        ends_here = places.is_zone[node] & np.array([one == "destination" for one in afters], bool)[after]
        kept = ~closed
        if not self.draft.cargo.may_charter:
            kept &= ~np.array([one == "charter" for one in afters], bool)[after]
        columns = [before, after, operation, season, home, ends_here.astype(np.int64)]
        sizes = [len(befores), len(afters), len(operations), len(factors), len(tariffs), 2]
        chosen = np.flatnonzero(kept)
        firsts, group = joint([one[chosen] for one in columns], sizes) if len(chosen) else ([], chosen)
        works: list[Work] = []
        tails, heads = [], []
        for first in chosen[firsts].tolist():
            row, zone = rows[first], "@end" if ends_here[first] else ""
            works.append(self._work(row, factors[season[first]], tariffs[home[first]]))
            tails.append(name(row.from_state + zone))
            heads.append(name(row.to_state))
        ids = texts(rows, "terminal_id")
        turn = np.empty(len(ids), np.int64)
        turn[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        order = np.argsort(turn[chosen])
        self.row, self.work, self.works = chosen[order], group[order], works
        leaving, arriving = (np.array(one, np.int64)[self.work] for one in (tails, heads))
        self.ends = node[self.row], leaving, node[self.row], arriving

    def _work(self, terminal: Terminal, factor: float, tariff: Tariff | None) -> Work:
        """Return the parts and the emissions of the work in a terminal."""
        wanted_by = f"terminal {terminal.terminal_id}"
        at_end = terminal.from_state == "origin" or terminal.to_state == "destination"
        parts = self.price.operation(terminal.operation_id, wanted_by, factor, at_end=at_end)
        if tariff is not None and terminal.from_state != terminal.to_state:
            parts += self.price.fixed(tariff, "haul")
        lifted = self.price.lifted(parts)
        emitted = self.price.emitted(HANDLING, 0.0, wanted_by) if lifted else (0.0, ())
        return Work.of(parts, emitted)

    def _seasons(
        self, node: Ints, before: tuple[list[str], Ints], after: tuple[list[str], Ints]
    ) -> tuple[list[float], Ints, NDArray[np.bool_]]:
        """Return factors on hours on a quay, which of them each terminal has, and which terminals are closed."""
        places, quays, seasons = self.draft.places, self.network.vocabulary.quays, self.draft.seasons
        at_quay = np.zeros(len(node), bool)
        for names, codes in (before, after):
            at_quay |= np.array([one in quays for one in names], bool)[codes]
        factors, season = [1.0], np.zeros(len(places.ids), np.int64)
        shut = np.zeros(len(places.ids), bool)
        for (kind, name), factor in seasons.factors.items():
            if kind == "node" and name in places.number:
                season[places.number[name]] = len(factors)
                factors.append(float(factor))
        for kind, name in seasons.closed:
            if kind == "node" and name in places.number:
                shut[places.number[name]] = True
        return factors, np.where(at_quay, season[node], 0), at_quay & shut[node]
