"""Graphs of networkx whose edges say so when they are asked for a weight that they have not."""

from __future__ import annotations

from typing import Any

import networkx as nx

from corridor_net.errors import BadValue

OF_STEPS = ("hours", "cost_usd", "co2_kg", "generalised_cost_usd")
"""What is paid for most in terminals, at borders and in waiting: of a step of cargo, not of a link."""


class _Edge(dict[str, Any]):
    """The attributes of an edge. networkx takes 1 for a weight that an edge lacks, and would count edges."""

    def get(self, name: Any, default: Any = None) -> Any:
        if name not in self and (name in OF_STEPS or (type(default) is int and default == 1)):
            measures = ", ".join(one for one, value in self.items() if isinstance(value, float))
            raise BadValue(
                f"edges carry no '{name}', and counting them is no answer",
                hint=f"links have {measures}; Model.to_networkx() has hours and money"
                if "length_km" in self
                else f"they have {measures}; weight=None counts them",
            )
        return super().get(name, default)


class MeasuredGraph(nx.MultiDiGraph):  # type: ignore[misc]
    """A MultiDiGraph whose edges refuse weights that they have not."""

    edge_attr_dict_factory = _Edge
