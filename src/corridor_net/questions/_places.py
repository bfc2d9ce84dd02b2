"""What several questions ask of a network: where cargo goes where no place is named, and what places weigh."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.network import Network


def destination_of(model: Model, name: str | None) -> str:
    """Return the node a question without a destination goes to: the focus of the default study, else the first market.

    The focus counts where the network has it. Raises UnknownName for a place, BadValue where nothing is a market.
    """
    from corridor_net.errors import BadValue, CorridorError
    from corridor_net.questions._study import study_of

    network = model.network
    if name is not None:
        return network.node(name).node_id
    try:
        return network.node(study_of(model, ()).file.focus or "").node_id
    except CorridorError:
        pass  # another network: the study is of places it does not have
    for market in network.markets("market"):
        return market.node_id
    raise BadValue("table market names no market", hint="name a destination")


def weighed_by(network: Network) -> str:
    """Say how origins are weighed."""
    return "by trade" if any(market.trade_musd for market in network.markets("origin")) else "each as one"
