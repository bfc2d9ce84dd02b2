"""The front door for Python: `load` a network and ask it. It only joins the packages; no rule of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_net.analysis.route import Route, Router
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, did_you_mean
from corridor_net.network import Network
from corridor_net.scenario import Scenario, combine, load_scenario
from corridor_net.scenario.days import combine_on

if TYPE_CHECKING:
    import networkx


@dataclass(frozen=True, eq=False)
class Model:
    """A network ready to be asked, with the scenarios that were applied to it.

    >>> load(as_of="2016-07-01").route("Harbin", "Niigata", via=["Dalian"]).gateway
    'dalian'
    """

    network: Network
    scenario: Scenario | None = None
    _base: Network | None = field(default=None, repr=False)
    _routers: dict[tuple[Any, ...], Router] = field(default_factory=dict, repr=False)

    def route(
        self,
        origin: str,
        destination: str,
        *,
        cargo: str = "dry_40",
        by: str = "generalised",
        via: Sequence[str] = (),
        schedule: bool = False,
    ) -> Route:
        """Return the best route; `by` is generalised, money, time or co2. Raises NoRoute and UnknownName."""
        return self._router(cargo, by, schedule=schedule).route(origin, destination, via=via)

    def _router(self, cargo: str, by: str, *, schedule: bool) -> Router:
        key = (cargo, by, schedule)
        if key not in self._routers:
            name = self.scenario.name if self.scenario else "baseline"
            self._routers[key] = Router(impedance(self.network, cargo), by, schedule, scenario=name)
        return self._routers[key]

    def to_networkx(self, *, cargo: str = "dry_40", schedule: bool = False) -> networkx.MultiDiGraph:
        """Return what a box can do as a networkx MultiDiGraph whose shortest paths are the routes of `route`.

        A node is a state `(place, what it is on)`: a journey starts in `(place, "origin")` and ends in
        `(place, "destination")`. An edge is one step (haul, crossing, terminal, board, sail), its key that of the
        step, with `cost_usd`, `hours`, `co2_kg`, `generalised_cost_usd`, `distance_km`, `kind`, `mode`, `subject`.
        For the places and links themselves: `model.network.to_networkx()`.

        >>> import networkx as nx
        >>> graph = load(as_of="2016-07-01").to_networkx()
        >>> ends = ("harbin", "origin"), ("niigata", "destination")
        >>> hours = nx.shortest_path_length(graph, *ends, weight="hours")
        >>> route = load(as_of="2016-07-01").route("harbin", "niigata", by="time")
        >>> round(hours, 6) == round(route.hours, 6)
        True
        """
        from corridor_net.analysis.states import state_graph

        return state_graph(self._router(cargo, "generalised", schedule=schedule))

    def with_scenario(self, *names: str | Path) -> Model:
        """Return a model with scenarios applied, by name or path, after its own; this one stays as it is."""
        base = self._base or self.network
        own = [self.scenario] if self.scenario else []
        scenario = combine([*own, *(load_scenario(name) for name in names)])
        return Model(scenario.apply(base) if scenario else base, scenario, base)

    def __repr__(self) -> str:
        applied = f", with {self.scenario.name}" if self.scenario else ""
        return f"<Model {self.network!r}{applied}>"

    def _repr_html_(self) -> str:
        from html import escape

        applied = f"<p>With {escape(self.scenario.name)}: {escape(self.scenario.title)}</p>" if self.scenario else ""
        return f"{applied}{self.network._repr_html_()}"


def load(
    *,
    as_of: str | date | None = None,
    geodata: str | Path | None = None,
    scenarios: Sequence[str | Path] = (),
    **unknown: Any,
) -> Model:
    """Read the shipped network (or that of `geodata`), as of a day, with scenarios applied.

    A day given here comes before the scenarios' own, and the name of the scenario then says so. Raises BadValue for a
    date outside the data, UnknownName for a scenario that is not there, DataFault.
    """
    if unknown:
        name = next(iter(unknown))
        raise BadValue(f"load() knows no '{name}'", hint=did_you_mean(name, ("as_of", "geodata", "scenarios")))
    network = Network.from_folder(geodata)
    if as_of is None:
        model = Model(network)
        return model.with_scenario(*scenarios) if scenarios else model
    base = network.as_of(as_of)
    scenario = combine_on([load_scenario(name) for name in scenarios], base.day)
    return Model(scenario.apply(base) if scenario else base, scenario, base)
