"""What people call the rows of a network, by id, in their language; no figures, no sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from corridor_net.figure_keys import original_id

from .words import NAMED, Sentence, Words, say, spaced

if TYPE_CHECKING:
    from corridor_net.network import Network
    from corridor_net.network.rows import Crossing, Link, Service


def names_of(*networks: Network, language: str = "en", catalogue: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the names of links (with their mode), crossings, services, nodes, cargoes, components and modes by id.

    A node's name comes first. A crossing is known by the id of either direction, and by what both have in common. In
    another language than English a place has its first name of table node_name in it, else its English one, what lies
    between places is called by them, and components and modes by the word of the catalogue for their label; all are
    found by their English names too, as errors have them.
    """
    words = Words(language=language, catalogue=catalogue or {})
    coded: dict[str, str] = {}
    found = {"charter": words.label("ship on demand")}
    for network in reversed(networks):
        coded |= {code: words.label(label) for code, label in network.vocabulary.labels.items()}
        coded |= {row.cargo_id: words.label(row.name) for row in network.rows("cargo")}
        named = _english(network) if language == "en" else _translated(network, words)
        if language != "en":
            found |= {one: named[key] for key, one in _english(network).items() if key in named}
        found |= {**_lanes(network, named), **_operations(network, named), **_figures(network, words, named), **named}
    return {**coded, **found}


def _lanes(network: Network, names: Mapping[str, str]) -> dict[str, str]:
    """Return sea lanes by their ends."""
    return {
        row.lane_id: f"{names.get(row.from_node_id, row.from_node_id)} - {names.get(row.to_node_id, row.to_node_id)}"
        for row in network.rows("sea_lane")
    }


def _operations(network: Network, names: Mapping[str, str]) -> dict[str, str]:
    """Return operations, as `operation:ID`, by the one crossing or place that uses them, else by their id.

    What uses one that a scenario made of another has used the other.
    """
    users: dict[str, set[str]] = {row.operation_id: set() for row in network.rows("operation")}
    for table, column in (("crossing", "crossing_id"), ("terminal", "node_id")):
        for row in network.rows(table):
            for key in (row.operation_id, original_id(row.operation_id)):
                users.setdefault(key, set()).add(names.get(getattr(row, column), getattr(row, column)))
    return {f"operation:{key}": min(of) if len(of) == 1 else spaced(key) for key, of in users.items()}


def _figures(network: Network, words: Words, names: Mapping[str, str]) -> dict[str, str]:
    """Return what table figure_name calls figures, as `tariff:ID`; others but operations by their ids.

    A figure that a scenario made of one has its name.
    """
    places = {row.country: words.label(row.short_name or row.name) for row in network.rows("country")}
    places |= {node: names.get(node, node) for node in network.nodes}
    told = {(row.applies_to, row.figure_id): row for row in network.tables.get("figure_name", ())}
    found = {}
    for table in NAMED:
        for key in dict.fromkeys(getattr(row, f"{table}_id") for row in network.rows(table)):
            row = told.get((table, original_id(key)))
            if row is not None:
                ends = {"place": places.get(row.place, row.place), "to": places.get(row.to_place, row.to_place)}
                found[f"{table}:{key}"] = words.text(say(row.name, **ends))
            elif table != "operation":
                found[f"{table}:{key}"] = spaced(key)
    return found


def _english(network: Network) -> dict[str, str]:
    label = network.vocabulary.mode_label
    links = {link.link_id: f"{link.name} ({label(link.mode)})" for link in network.rows("link")}
    found = dict(links)
    for crossing in network.rows("crossing"):
        both = crossing.crossing_id.rsplit("-", 1)[0]
        found.setdefault(both, links.get(crossing.link_id, both))
    for table, key in (("crossing", "crossing_id"), ("service", "service_id"), ("node", "node_id")):
        found |= {getattr(row, key): row.name for row in network.rows(table) if row.name}
    return found


def _translated(network: Network, words: Words) -> dict[str, str]:
    """Return names made of those of places, in the language of `words`."""
    named: dict[str, str] = {}
    for row in network.rows("node_name"):
        if row.language == words.language:
            named.setdefault(row.node_id, row.name)
    places = {node.node_id: named.get(node.node_id, node.name) for node in network.rows("node")}
    known = Words(language=words.language, catalogue=words.catalogue, names=places)
    label = network.vocabulary.mode_label
    links = {link.link_id: known.text(_between(link, label(link.mode))) for link in network.rows("link")}
    found = dict(links)
    for crossing in network.rows("crossing"):
        both = crossing.crossing_id.rsplit("-", 1)[0]
        found.setdefault(both, links.get(crossing.link_id, both))
        found[crossing.crossing_id] = known.text(_between(crossing, label(crossing.mode)))
    return found | _services(network, places) | places


def _between(row: Link | Crossing, mode: str) -> Sentence:
    ends = {"origin": row.from_node_id, "destination": row.to_node_id, "mode": mode}
    return say("{origin:name} - {destination:name} ({mode:label})", **ends)


def _services(network: Network, places: Mapping[str, str]) -> dict[str, str]:
    """Return services by the places they call at, in order, each once, and what tells two of one name apart."""
    calls: dict[str, list[str]] = {}
    for call in sorted(network.rows("service_call"), key=lambda call: (call.service_id, call.call_sequence)):
        calls.setdefault(call.service_id, []).append(places.get(call.node_id, call.node_id))
    services = {row.service_id: row for row in network.rows("service")}
    found = {key: " - ".join(dict.fromkeys(calls.get(key, ()))) or row.name for key, row in services.items()}
    alike: dict[str, list[Service]] = {}
    for key, name in found.items():
        alike.setdefault(name, []).append(services[key])
    return {row.service_id: _told_apart(name, row, rows) for name, rows in alike.items() for row in rows}


def _told_apart(name: str, row: Service, rows: Sequence[Service]) -> str:
    """Return a name with its operator, or else its name in the data, where the rows of that name differ in it."""
    for column in ("operator", "name"):
        if len({getattr(one, column) for one in rows}) > 1:
            mark = getattr(row, column)
            return f"{name} ({mark})" if mark else name
    return name


def listed(ids: Iterable[str], names: Mapping[str, str]) -> str:
    """Return names one after the other; semicolons between them, as names hold commas."""
    return "; ".join(names.get(key, key) for key in ids)
