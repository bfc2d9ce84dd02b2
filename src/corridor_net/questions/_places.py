"""What several questions ask of a network: where cargo goes where no place is named, and what places weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.network import Network


def destination_of(model: Model, name: str | None) -> str:
    """Return the node a question without a destination goes to: that of the pair that is meant.

    Raises UnknownName for a place, BadValue where no pair is meant.
    """
    network = model.network
    return network.node(name if name is not None else network.default_pair[1]).node_id


def weighed_by(network: Network) -> str:
    """Say how origins are weighed."""
    return "by trade" if any(market.trade_musd for market in network.markets("origin")) else "each as one"
