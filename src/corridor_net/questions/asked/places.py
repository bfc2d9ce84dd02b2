"""What several questions ask of places: where cargo goes where none is named, what they weigh, how often each comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from corridor_net.render.words import Sentence, named, say

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.network import Network


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
