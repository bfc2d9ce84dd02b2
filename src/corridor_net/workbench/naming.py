"""Names of legs and figures in a reader's words, put into what the page is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from corridor_net.analysis.thresholds import Limit
from corridor_net.costing import Arc
from corridor_net.network import Network
from corridor_net.network.vocabulary import Vocabulary
from corridor_net.questions.routes.route import KINDS
from corridor_net.render.words import Words, say
from corridor_net.scenario.model import Change


def leg_words(leg: Arc, vocabulary: Vocabulary, words: Words) -> str:
    """Return what a leg is and where: `border, Suifenhe to Grodekovo`."""
    mode = vocabulary.modes.get(leg.mode)
    carried = (mode.vehicle_label if leg.kind in ("sail", "charter") else mode.label) if mode else leg.mode
    what = KINDS.get(leg.kind, carried)
    if leg.to_node == leg.from_node:
        return words.text(say("{what:label}, {origin:name}", what=what, origin=leg.from_node))
    ends = {"origin": leg.from_node, "destination": leg.to_node}
    return words.text(say("{what:label}, {origin:name} to {destination:name}", what=what, **ends))


def limit_json(limit: Limit, words: Words) -> dict[str, Any]:
    """Return a limit with its figure and unit in a reader's words."""
    return {**limit.to_dict(), "what": words.figure(limit.key), "unit": words.label(limit.unit)}


def heard(network: Network, words: Words) -> Words:
    """Return words that know places and assets by their English names too, as errors call them."""
    tables = ("node", "link", "crossing", "service")
    rows = ((getattr(row, f"{table}_id"), row.name) for table in tables for row in network.rows(table))
    english = {name: words.names[key] for key, name in rows if key in words.names}
    return replace(words, names={**english, **words.names})


def names_given(changes: Iterable[Change]) -> dict[str, str]:
    """Return what changes call the rows that they add, by id."""
    rows = [(f"{change.add}_id", change.row) for change in changes if change.add and change.row]
    return {str(row[key]): str(row["name"]) for key, row in rows if row.get(key) and row.get("name")}
