"""The front door for Python: `load` a network and ask it. Its methods are the questions; no rule of the model here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, fields, replace
from datetime import date
from functools import cached_property
from os import PathLike
from pathlib import Path
from types import MethodType
from typing import TYPE_CHECKING, Any, TypeAlias

from corridor_net import questions
from corridor_net.errors import BadValue, CorridorError, did_you_mean, nearest
from corridor_net.network import Network, parse_day
from corridor_net.network.files.fields import DAY
from corridor_net.network.files.foreign import how_to_load

if TYPE_CHECKING:
    import networkx

    from corridor_net.analysis.router import Router
    from corridor_net.costing import Impedance
    from corridor_net.results import Result
    from corridor_net.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is shipped and what is minimised; None leaves a choice to the study, the cargo or the data package.

    `by`: generalised, money, time or co2. `value_of_time`: USD per hour and box. `co2_price`: USD a tonne. `schedule`:
    hours by the timetable alone.
    """

    cargo: str | None = None
    by: str | None = None
    schedule: bool = False
    value_of_time: float | None = None
    co2_price: float | None = None
    price_year: int | None = None


OPTIONS = tuple(one.name for one in fields(Options))
KINDS: Mapping[str, type] = {
    **dict.fromkeys(("cargo", "by"), str),
    **dict.fromkeys(("value_of_time", "co2_price"), float),
    "price_year": int,
    "schedule": bool,
}
"""What a value of each option is."""
COMPILED = ("cargo", "price_year", "value_of_time")
"""Options that are in a compiled network."""
CACHED = 4
"""Routers of one network that are kept, for questions asked again with other options."""
DOORS = "dir() lists the questions; '.network' holds places and links, its 'to_geodataframes()' has them as layers"
"""What to say of a name that is no question's."""
Given: TypeAlias = "str | Path | Mapping[str, Any] | Scenario"
"""What a scenario is named by."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Seen:
    """What models that differ in their options alone share: the network, and the newest of its routers."""

    base: Network
    day: date | None
    scenarios: tuple[Scenario, ...]
    routers: dict[Options, Router] = field(default_factory=dict)

    @cached_property
    def on_day(self) -> tuple[Network, Scenario | None]:
        """The network as it is on the day, and the scenarios as one as seen then."""
        if not self.scenarios:  # what changes a network is not loaded where nothing does
            return self.base.as_of(self.day) if self.day else self.base, None
        from corridor_net.scenario import combine, on_day

        network, chosen = on_day(self.base, self.scenarios, self.day)
        return network, combine(chosen)

    @cached_property
    def network(self) -> Network:
        """The network of the day with the scenarios applied."""
        network, scenario = self.on_day
        return scenario.apply(network) if scenario else network

    def router(self, chosen: Options) -> Router:
        """Return the router of some options, made once as long as few others are asked for."""
        found = self.routers.get(chosen)
        if found is None:
            found = self._router(chosen)
            for oldest in list(self.routers)[: 1 - CACHED]:
                self.routers.pop(oldest, None)
            self.routers[chosen] = found
        return found

    def _router(self, chosen: Options) -> Router:
        from corridor_net.analysis.router import Router

        compiled, scenario = self._compiled(chosen), self.on_day[1]
        name = scenario.name if scenario else "baseline"
        return Router(
            compiled,
            by=chosen.by or "generalised",
            schedule=chosen.schedule,
            co2_price_usd_per_t=chosen.co2_price or 0.0,
            scenario=name,
        )

    def _compiled(self, chosen: Options) -> Impedance:
        from corridor_net.costing import impedance

        for other, router in list(self.routers.items()):
            if all(getattr(other, name) == getattr(chosen, name) for name in COMPILED):
                return router.impedance
        return impedance(
            self.network,
            chosen.cargo or self.base.default_cargo,
            price_year=chosen.price_year,
            value_of_time_usd_per_hour=chosen.value_of_time,
        )


@dataclass(frozen=True, eq=False)
class Model:
    """A network ready to be asked, with the scenarios that were applied to it.

    Every question is a method (`Model.questions`), and takes the fields of `Options` as keywords too. `day`, where it
    is given, goes before the day of a scenario.

    >>> load(as_of="2016-07-01").route("Harbin", "Niigata", via=["Dalian"]).gateway
    'dalian'
    """

    base: Network
    _: KW_ONLY
    day: date | None = None
    scenarios: tuple[Scenario, ...] = ()
    options: Options = field(default_factory=Options)

    def __post_init__(self) -> None:
        """Raise BadValue for what is no network."""
        if not isinstance(self.base, Network):
            raise BadValue(f"a Network is needed, not {type(self.base).__name__}", hint=how_to_load(self.base))

    @property
    def network(self) -> Network:
        """The network of the day with the scenarios applied."""
        return self._seen.network

    @property
    def scenario(self) -> Scenario | None:
        """The scenarios as one, as seen on the day; None without any."""
        return self._seen.on_day[1]

    @cached_property
    def _seen(self) -> Seen:
        return Seen(base=self.base, day=self.day, scenarios=self.scenarios)

    @property
    def router(self) -> Router:
        """The compiled network, ready to search."""
        return self._seen.router(self.options)

    @property
    def before(self) -> Model:
        """The model without its scenarios, on the same day."""
        return replace(self, day=self._seen.on_day[0].day, scenarios=())

    def with_scenario(self, *given: Given) -> Model:
        """Return a model with scenarios applied, after its own; this one stays as it is.

        A scenario is a shipped name, a path, a mapping with the keys of a scenario file, or a `Scenario`.

        >>> change = {"scale": "crossing", "where": {"crossing_id": "suifenhe-*"}, "component": "queue"}
        >>> faster = {"scenario": "faster", "title": "No queue", "changes": [{**change, "field": "hours", "by": 0}]}
        >>> load(as_of="2019-07-01").with_scenario(faster).route("mudanjiang", "niigata").scenario
        'faster'
        """
        from corridor_net.scenario import scenario_of

        made = replace(self, scenarios=(*self.scenarios, *map(scenario_of, given)))
        _ = made.scenario  # what conflicts, or is for different days, is refused here
        return made

    def with_options(self, **options: Any) -> Model:
        """Return a model with other options; raise BadValue for one that is not there."""
        for name in options:
            if name not in OPTIONS:
                known = f"options are {', '.join(OPTIONS)}"
                raise BadValue(f"there is no option '{name}'", hint=did_you_mean(name, OPTIONS, otherwise=known))
        if not options:
            return self
        chosen = {name: _fitted(name, value) for name, value in options.items()}
        made = replace(self, options=replace(self.options, **chosen))
        made.__dict__["_seen"] = self._seen
        return made

    def as_of(self, day: str | date) -> Model:
        """Return the model on another day."""
        return replace(self, day=parse_day(day))

    def to_networkx(self, *, destinations: Sequence[str] | None = None, **options: Any) -> networkx.MultiDiGraph:
        """Return what a box can do as a networkx MultiDiGraph whose shortest paths are the routes of `route`.

        A journey leads from the id of a place to that of one of `destinations`, the markets when not given. Between
        them a node is a state `(place, what it is on)`, from `(place, "origin")` to `(place, "destination")`. An edge
        is one step (haul, crossing, terminal, board, sail), its key that of the step, with `cost_usd`, `hours`,
        `co2_kg`, `generalised_cost_usd`, `distance_km`, `kind`, `mode`, `asset_id`. For the places and links
        themselves: `model.network.to_networkx()`. Takes the fields of `Options`.

        >>> import networkx as nx
        >>> graph = load(as_of="2016-07-01").to_networkx()
        >>> hours = nx.shortest_path_length(graph, "harbin", "niigata", weight="hours")
        >>> route = load(as_of="2016-07-01").route("harbin", "niigata", by="time")
        >>> round(hours, 6) == round(route.hours, 6)
        True
        """
        from corridor_net.analysis.states import state_graph

        return state_graph(self.with_options(**options).router, destinations)

    def faults(self) -> list[CorridorError]:
        """Return what the named checks find in the network of the day, with the scenarios applied.

        >>> load(as_of="2019-07-01", scenarios=["primorye-2"]).faults()
        []
        """
        from corridor_net.network.checks import faults_of

        return faults_of(self.network)

    def export(
        self, folder: str | Path, kind: str = "geojson", *, destination: str | None = None, language: str = "en"
    ) -> list[str]:
        """Write the network of the day with its scenarios for other programs; return the names of the files.

        `kind`: geojson, csv, gmns, gpkg (QGIS opens it drawn) or geoparquet; xlsx, the study as a workbook in a
        `language`. The routes of the last three lead to `destination`. Raises BadValue for another kind.

        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     load(as_of="2019-07-01").export(folder)
        ['network.geojson', 'nodes.geojson']
        """
        from corridor_net.questions._written import export

        if language != "en" and kind != "xlsx":
            raise BadValue(f"format {kind} is in no language", hint="xlsx takes a language")
        return export(self, Path(folder), kind, destination=destination, language=language)

    def ask(self, name: str, *args: Any, **given: Any) -> Result:
        """Ask a question by its name, its options among the keywords; raise UnknownName for one that is not there."""
        asked = questions.question(name)
        options = {key: given.pop(key) for key in OPTIONS if key in given and key not in _own(asked)}
        model = self.with_options(**options)
        asked.refuse(model.options)
        return asked.ask(model, *args, **given)  # type: ignore[no-any-return]

    @property
    def questions(self) -> tuple[str, ...]:
        """The names of all questions; each is a method."""
        return questions.names()

    def __getattr__(self, name: str) -> Callable[..., Result]:
        if hasattr(type(self), name):
            object.__getattribute__(self, name)  # its own, which could not be worked out, says why
        if name.startswith("_") or name not in questions.names():
            raise AttributeError(f"a Model has no '{name}'; {self._instead_of(name)}")

        from corridor_net.questions._call import signature_of

        asked = questions.question(name)

        def method(self: Model, *args: Any, **given: Any) -> Result:
            return self.ask(name, *args, **given)

        method.__name__, method.__qualname__, method.__doc__ = name, f"Model.{name}", asked.answer.__doc__
        method.__signature__ = signature_of(asked, OPTIONS, bound=True)  # type: ignore[attr-defined]
        return MethodType(method, self)  # bound, so that a pool of processes can be given it

    def _instead_of(self, name: str) -> str:
        """Say where to find what a model has not: a thing of its network, or a question that is spelt alike."""
        if name.startswith("_"):
            return DOORS
        if hasattr(type(self.network), name):
            return f"its '.network' has {name}"
        if name in self.network.tables:
            return f"'.network.rows('{name}')' is that table"
        near = nearest(name, questions.names(), alike=0.75)
        return f"did you mean '{near}'?" if near else DOORS

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *questions.names()})

    def __repr__(self) -> str:
        applied = f", with {self.scenario.name}" if self.scenario else ""
        return f"<Model {self.network!r}{applied}>"

    def _repr_html_(self) -> str:
        from corridor_net.errors import markup

        applied = f"<p>With {markup(self.scenario.name)}: {markup(self.scenario.title)}</p>" if self.scenario else ""
        return f"{applied}{self.network._repr_html_()}"


def _fitted(name: str, value: Any) -> Any:
    """Return the value of an option: of what is false or empty None alone stands for the usual one."""
    from corridor_net.questions._call import fitted

    return None if value is None and name != "schedule" else fitted(name, value, KINDS[name])


def _own(asked: questions.Question) -> set[str]:
    return {parameter.name for parameter in asked.parameters}


def load(
    geodata: str | Path | None = None,
    *,
    as_of: str | date | None = None,
    scenarios: Given | Sequence[Given] = (),
    **options: Any,
) -> Model:
    """Read the shipped network (or that of `geodata`), as of a day, with scenarios applied, and options.

    `as_of`: text, date, datetime, or a day of pandas or numpy. `scenarios`: one, or several, as `Model.with_scenario`.
    Raises BadValue for a date outside the data or an option that is not there, UnknownName for a scenario that is not
    there, DataFault for what is wrong in the data.

    >>> model = load(as_of="2019-07-01", scenarios=["primorye-2"], cargo="reefer_40")
    >>> model.network.day.isoformat(), model.scenario.name
    ('2019-07-01', 'primorye-2')
    """
    for name in options:
        if name not in OPTIONS:
            known = ("as_of", "geodata", "scenarios", *OPTIONS)
            hint = did_you_mean(name, known, otherwise=f"it takes {', '.join(known)}")
            raise BadValue(f"load() knows no '{name}'", hint=hint)
    if isinstance(geodata, str) and DAY.fullmatch(geodata):
        raise BadValue(f"'{geodata}' is a day, and a folder is asked for", hint=f"load(as_of='{geodata}')")
    given = _listed(scenarios)
    day = parse_day(as_of) if as_of is not None else None
    model = Model(base=Network.from_folder(geodata), day=day).with_options(**options)
    return model.with_scenario(*given) if given else model


def _listed(scenarios: Given | Sequence[Given]) -> tuple[Given, ...]:
    """Return scenarios given as one or several; raise BadValue for what is neither."""
    if isinstance(scenarios, (str, PathLike, Mapping)):
        return (scenarios,)
    if isinstance(scenarios, Iterable):
        return tuple(scenarios)
    from corridor_net.scenario import Scenario
    from corridor_net.scenario.values import shown

    if isinstance(scenarios, Scenario):
        return (scenarios,)
    raise BadValue(f"scenarios is {shown(scenarios)}", hint="a name, a path, a mapping, or a list of these")
