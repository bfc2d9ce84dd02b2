"""What several questions ask of places: where cargo goes where none is named, what they weigh, how often each comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corridor_net.errors import BadValue
from corridor_net.questions import Ask
from corridor_net.render.words import Sentence, named, say

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.network import Network


ORIGINS = Ask("Origin; repeatable. Those of table market.", metavar="NODE", option="--from")
DESTINATIONS = Ask("Destination; repeatable. Those of table market.", metavar="NODE", option="--to")
PAIRS = Ask("Pair, in place of origins and destinations; repeatable.", metavar="ORIGIN:DESTINATION", option="--pair")


def asked_ends(
    model: Model, origins: tuple[str, ...], destinations: tuple[str, ...], pairs: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], list[tuple[str, str]]]:
    """Return ids of origins and destinations, each once, and the pairs where these were named: else all are meant.

    Raises UnknownName for a place, BadValue for what is no pair, and for pairs beside origins or destinations.
    """
    if not pairs:
        return _ids(model, origins, "origin"), _ids(model, destinations, "market"), []
    if origins or destinations:
        raise BadValue("pairs have their own origins and destinations", hint="leave out those, or the pairs")
    asked = list(dict.fromkeys(_pair_of(model, pair) for pair in pairs))
    starts, goals = (tuple(dict.fromkeys(ends)) for ends in zip(*asked, strict=True))
    return starts, goals, asked


def _ids(model: Model, names: tuple[str, ...], role: str) -> tuple[str, ...]:
    nodes = [model.network.node(name).node_id for name in names] or model.network.places_of(role)
    return tuple(dict.fromkeys(nodes))


def _pair_of(model: Model, pair: Any) -> tuple[str, str]:
    """Return the ids of a pair: of ORIGIN:DESTINATION, or of two places; raise BadValue for what is neither."""
    ends = _ends_of(model.network, pair) if isinstance(pair, str) else pair
    try:
        origin, destination = (ends["origin"], ends["destination"]) if isinstance(ends, Mapping) else ends
    except (TypeError, ValueError, KeyError):
        from corridor_net.questions.asked.examples import a_pair

        hint = f"ORIGIN:DESTINATION, for example {a_pair(model.network)}"
        raise BadValue(f"{pair!r} is no pair", hint=hint) from None
    ids = model.network.node(origin).node_id, model.network.node(destination).node_id
    if ids[0] == ids[1]:
        raise BadValue(f"origin and destination are both '{ids[0]}'", hint="leave that pair out")
    return ids


def _ends_of(network: Network, pair: str) -> Sequence[str]:
    """Return the two names of ORIGIN:DESTINATION, each of which may have colons of its own."""
    parts = pair.split(":")
    if len(parts) <= 2:
        return parts
    halves = [(":".join(parts[:n]), ":".join(parts[n:])) for n in range(1, len(parts))]
    known = [ends for ends in halves if all(n in network.nodes or network.names.find(n) for n in ends)]
    return known[0] if len(known) == 1 else parts


def destination_of(model: Model, name: str | None) -> str:
    """Return the node a question without a destination goes to: that of the pair that is meant.

    Raises UnknownName for a place, BadValue where no pair is meant.
    """
    network = model.network
    return network.node(name if name is not None else network.default_pair[1]).node_id


def goal_words(destinations: Sequence[str]) -> str | Sentence:
    """Return the destination where it is one, to be named; how many markets there are of several."""
    return destinations[0] if len(destinations) == 1 else say("{count:n0|market|markets}", count=len(destinations))


def most_often(names: Iterable[str]) -> tuple[str, int]:
    """Return the name that comes most often, the last by the alphabet of several, and how often."""
    counts = Counter(names)
    return max(counts.items(), key=lambda one: (one[1], one[0]))


def by_gateway(items: Sequence[Any], point: Callable[[Any], tuple[float, float]]) -> list[tuple[Sentence, list[Any]]]:
    """Return what lines of a chart there are: the points of items by their gateway, in the order in which they come."""
    gates = dict.fromkeys(item.gateway for item in items)
    return [(named(gate or "by land"), [point(item) for item in items if item.gateway == gate]) for gate in gates]


def weighed_by(network: Network) -> str:
    """Say how origins are weighed."""
    return "by trade" if any(market.trade_musd for market in network.markets("origin")) else "each as one"
