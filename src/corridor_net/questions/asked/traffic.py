"""The traffic over years that several questions ask for: of table market, or of a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_net.analysis.loads.demand import Freight
from corridor_net.analysis.loads.traffic import market_streams, read_streams

if TYPE_CHECKING:
    from corridor_net.model import Model


def streams_of(model: Model, traffic: str, destinations: Sequence[str], year: int) -> tuple[Freight, ...]:
    """Return the traffic that is asked for: of table market to the destinations, or of a file.

    Raises BadValue for a file that does not say it, or where no destination is named and none is meant.
    """
    if traffic != "market":
        return read_streams(Path(traffic), model.router, year)
    goals = [model.network.node(name).node_id for name in destinations] or [model.network.default_pair[1]]
    return market_streams(model.router, tuple(dict.fromkeys(goals)))
