"""The networkx graph of places and links: asked for hours or money, which it has not, it says so."""

from __future__ import annotations

from typing import Any

import networkx as nx

from corridor_net.errors import BadValue

NOT_HERE = ("hours", "cost_usd", "co2_kg", "generalised_cost_usd")
"""What is paid for most in terminals, at borders and in waiting: of a step of cargo, not of a link."""


class _Edge(dict[str, Any]):
    """The attributes of an edge. networkx takes 1 for a weight that an edge lacks, and would count edges."""

    def get(self, name: Any, default: Any = None) -> Any:
        if name in NOT_HERE and name not in self:
            raise BadValue(
                f"links carry no '{name}', and counting them is no answer",
                hint=f"shortest paths of Model.to_networkx() by '{name}' are the model's routes; links have length_km",
            )
        return super().get(name, default)


class PlacesGraph(nx.MultiDiGraph):  # type: ignore[misc]
    """A MultiDiGraph whose edges refuse weights that only steps of cargo have."""

    edge_attr_dict_factory = _Edge
