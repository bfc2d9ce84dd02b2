"""Names of places, legs and figures in a reader's words, put into what the page is told."""

from __future__ import annotations

from typing import Any

from corridor_net.analysis.route import Leg
from corridor_net.analysis.thresholds import Limit
from corridor_net.network import Network
from corridor_net.network.vocabulary import Vocabulary
from corridor_net.questions.route import KINDS
from corridor_net.render.words import Words, say


def named_map(data: dict[str, Any], words: Words) -> dict[str, Any]:
    """Return a map with places, lines, modes and kinds of places in a reader's words; English names are found too."""
    nodes = [
        {**node, "name": words.name(node["id"]), "names": list(dict.fromkeys([*node["names"], node["name"]]))}
        for node in data["nodes"]
    ]
    lines = [{**line, "name": words.names.get(line["id"], line["name"])} for line in data["lines"]]
    modes = {
        code: {**mode, **{key: words.label(mode[key]) for key in ("label", "way", "vehicle")}}
        for code, mode in data["modes"].items()
    }
    types = {code: {**kind, "label": words.label(kind["label"])} for code, kind in data["types"].items()}
    return {**data, "nodes": nodes, "lines": lines, "modes": modes, "types": types}


def leg_words(leg: Leg, vocabulary: Vocabulary, words: Words) -> str:
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


def new_names(known: Network, network: Network) -> dict[str, str]:
    """Return what a network calls the links, crossings and services that another does not have, by id."""
    found: dict[str, str] = {}
    for table in ("link", "crossing", "service"):
        key = f"{table}_id"
        ids = {getattr(row, key) for row in known.rows(table)}
        found |= {getattr(row, key): row.name for row in network.rows(table) if getattr(row, key) not in ids}
    return found
