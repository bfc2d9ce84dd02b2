"""What several questions ask of a network: where cargo goes where no place is named, and what places weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor_net.errors import BadValue
from corridor_net.questions import Ask

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.network import Network

ORIGINS = Ask("Origin; repeatable. Those of table market.", "NODE", "--from")
DESTINATIONS = Ask("Destination; repeatable. Those of table market.", "NODE", "--to")
PAIRS = Ask("Pair, in place of origins and destinations; repeatable.", "ORIGIN:DESTINATION", "--pair")


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
    ends = pair.split(":") if isinstance(pair, str) else pair
    try:
        origin, destination = ends
    except (TypeError, ValueError):
        from corridor_net.questions._examples import a_pair

        hint = f"ORIGIN:DESTINATION, for example {a_pair(model.network)}"
        raise BadValue(f"{pair!r} is no pair", hint=hint) from None
    return model.network.node(origin).node_id, model.network.node(destination).node_id


def destination_of(model: Model, name: str | None) -> str:
    """Return the node a question without a destination goes to: that of the pair that is meant.

    Raises UnknownName for a place, BadValue where no pair is meant.
    """
    network = model.network
    return network.node(name if name is not None else network.default_pair[1]).node_id


def weighed_by(network: Network) -> str:
    """Say how origins are weighed."""
    return "by trade" if any(market.trade_musd for market in network.markets("origin")) else "each as one"
