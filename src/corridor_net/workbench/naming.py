"""Names of places, legs and figures in a reader's words, put into what the page is told."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from corridor_net.analysis.thresholds import Limit
from corridor_net.costing import Arc
from corridor_net.network import Network
from corridor_net.network.vocabulary import Vocabulary
from corridor_net.questions.routes.route import KINDS
from corridor_net.render.words import Words, say

_DEGREES = re.compile(r"-?[\d.]+°[NSEW]")
TEMPLATES = (
    "Lambert conformal conic, standard parallels {a} and {b}",
    "Stereographic about {a}, {b}",
    "Mercator: the scale grows towards the poles",
    "Schematic: places as the data draw them, not to scale",
)
"""What projections are called."""


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
    said = {"projection": projection_words(data["projection"], words), "credit": words.label(data["credit"])}
    return {**data, **said, "nodes": nodes, "lines": lines, "modes": modes, "types": types}


def projection_words(text: str, words: Words) -> str:
    """Return what a projection is called in a reader's words; degrees stay as they are.

    >>> from corridor_net.languages import words_for
    >>> projection_words("Stereographic about 80.0°N, 10.0°E", words_for(language="ru"))
    'Стереографическая проекция, центр 80.0°N, 10.0°E'
    """
    found = _DEGREES.findall(text)
    fields = dict(zip("ab", found, strict=False))
    template = text
    for name, degrees in fields.items():
        template = template.replace(degrees, f"{{{name}}}", 1)
    return words.text(say(template, **fields))


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


def new_names(known: Network, network: Network) -> dict[str, str]:
    """Return what a network calls the links, crossings and services that another does not have, by id."""
    found: dict[str, str] = {}
    for table in ("link", "crossing", "service"):
        key = f"{table}_id"
        ids = {getattr(row, key) for row in known.rows(table)}
        found |= {getattr(row, key): row.name for row in network.rows(table) if getattr(row, key) not in ids}
    return found
