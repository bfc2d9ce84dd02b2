"""The front door for Python: `load` a network and ask it. It only joins the packages; no rule of the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from corridor_net.analysis.route import Route, Router
from corridor_net.costing import impedance
from corridor_net.errors import BadValue, did_you_mean
from corridor_net.network import Network
from corridor_net.scenario import Scenario, combine, load_scenario, on_day


@dataclass(frozen=True, eq=False)
class Model:
    """A network ready to be asked, with the scenarios that were applied to it.

    >>> load(as_of="2016-07-01").route("Harbin", "Niigata", via=["Dalian"]).gateway
    'dalian'
    """

    network: Network
    scenario: Scenario | None = None
    _base: Network | None = field(default=None, repr=False)
    _day: date | None = field(default=None, repr=False)
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
        key = (cargo, by, schedule)
        if key not in self._routers:
            name = self.scenario.name if self.scenario else "baseline"
            self._routers[key] = Router(impedance(self.network, cargo), by, schedule, scenario=name)
        return self._routers[key].route(origin, destination, via=via)

    def with_scenario(self, *names: str | Path) -> Model:
        """Return a model with scenarios applied, by name or path, after its own; this one stays as it is.

        A day given to `load` comes before the scenarios' own, and their names then say so.
        """
        base = self._base or self.network
        own = [self.scenario] if self.scenario else []
        base, chosen = on_day(base, [*own, *(load_scenario(name) for name in names)], self._day)
        scenario = combine(chosen)
        return Model(scenario.apply(base) if scenario else base, scenario, base, self._day)

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

    Raises BadValue for a date outside the data, UnknownName for a scenario that is not there, DataFault.
    """
    if unknown:
        name = next(iter(unknown))
        raise BadValue(f"load() knows no '{name}'", hint=did_you_mean(name, ("as_of", "geodata", "scenarios")))
    network = Network.from_folder(geodata)
    seen = network.as_of(as_of) if as_of else network
    model = Model(seen, _day=seen.day if as_of else None)
    return model.with_scenario(*scenarios) if scenarios else model
