"""Every origin to every destination under every scenario, and what changed. No drawing, no printing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from corridor_net.costing import impedance
from corridor_net.costing.money import trade_of_origins
from corridor_net.errors import BadValue
from corridor_net.network import Network
from corridor_net.network.rows import Source
from corridor_net.scenario import Scenario, Study, combine

from .route import TOTALS, Route
from .router import Router
from .trips import BestTrips, Trip


@dataclass(frozen=True, eq=False, kw_only=True)
class Run:
    """One weighting of a study: a baseline, alone or with a scenario, and its trips."""

    baseline: str
    scenario: str | None
    title: str
    router: Router
    trips: dict[tuple[str, str], Trip]
    investment_usd: float | None = None

    @property
    def name(self) -> str:
        """`baseline` or `baseline/scenario`."""
        return self.baseline if self.scenario is None else f"{self.baseline}/{self.scenario}"

    def route(self, origin: str, destination: str) -> Route:
        """Return the route of a pair with all its legs; raise NoRoute when there is none."""
        trip = self.trips.get((origin, destination))
        if trip is None:
            return self.router.route(origin, destination)
        return self.router.describe(origin, destination, trip.arcs)


@dataclass(frozen=True, slots=True)
class TripDifference:
    """A pair before (the baseline) and after (the scenario)."""

    run: Run
    before: Trip | None
    after: Trip | None

    @property
    def changed(self) -> bool:
        """Whether the cargo goes another way."""
        return (self.before.keys if self.before else None) != (self.after.keys if self.after else None)

    @property
    def switched_gateway(self) -> bool:
        """Whether the cargo leaves by another seaport (or turns to or from the land way); not when it is cut off."""
        return bool(self.before and self.after and self.before.gateway != self.after.gateway)

    @property
    def cut_off(self) -> bool:
        """Whether there was a route before and there is none after."""
        return bool(self.before and not self.after)

    @property
    def gained(self) -> bool:
        """Whether there is a route after and there was none before."""
        return bool(self.after and not self.before)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What a scenario does to the origins, seen at the focus of the study.

    Changes are means over the `compared` origins with a route before and after: USD, hours and kg CO2e per box;
    None where there is none to average. `switched` are the origins whose gateway changes, `cut_off` those that had a
    route and have none any more, `gained` those that have one now and had none.
    """

    baseline: str
    scenario: str
    title: str
    origins: int
    switched: tuple[str, ...]
    cut_off: tuple[str, ...]
    gained: tuple[str, ...]
    compared: int
    population_switched: int
    trade_switched_musd: float
    cost_change_usd: float | None
    hours_change: float | None
    co2_change_kg: float | None
    generalised_change_usd: float | None
    investment_usd: float | None

    @property
    def days_change(self) -> float | None:
        """Hours / 24."""
        return None if self.hours_change is None else self.hours_change / 24


@dataclass(frozen=True, eq=False, kw_only=True)
class Comparison:
    """All runs of a study.

    >>> import corridor_net as cn
    >>> asked = {"scenarios": ["primorye-2"], "origins": ["hunchun"], "destinations": ["niigata"]}
    >>> made = cn.load().study(**asked, baselines=["baseline-2019"]).comparison
    >>> [effect.switched for effect in map(made.effect, made.scenario_runs())]
    [('hunchun',)]
    """

    study: Study
    network: Network
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    focus: str
    runs: tuple[Run, ...]

    @property
    def networks(self) -> tuple[Network, ...]:
        """The networks of all runs, the main baseline's first; they have the names of what scenarios add."""
        return tuple(run.router.network for run in self.runs)

    @property
    def sources(self) -> dict[str, Source]:
        """The sources of all its networks by id, what scenarios name as theirs among them."""
        return {key: row for run in self.runs for key, row in run.router.network.sources.items()}

    def written_by(self, source_id: str) -> str:
        """Return the title of the scenario that is the source of what it writes itself; nothing for any other."""
        told, _, name = source_id.partition("~")[0].partition(":")
        return next((run.title for run in self.runs if told == "scenario" and run.scenario == name), "")

    def baseline_of(self, run: Run) -> Run:
        """Return the run of the same baseline without a scenario."""
        return next(other for other in self.runs if other.baseline == run.baseline and other.scenario is None)

    @property
    def main(self) -> Run:
        """The run of the main baseline, without a scenario."""
        return self.runs[0]

    @property
    def baselines(self) -> list[Run]:
        """The runs without a scenario, the main baseline's first."""
        return [run for run in self.runs if run.scenario is None]

    def scenario_runs(self, baseline: str | None = None) -> list[Run]:
        """Return the runs with a scenario, of one baseline or of all."""
        return [r for r in self.runs if r.scenario is not None and baseline in (None, r.baseline)]

    def trips_of(self, run: Run, destination: str | None = None) -> dict[str, Trip]:
        """Return the trips of a run to `destination` (the focus when not given), by origin."""
        goal = destination or self.focus
        return {origin: run.trips[origin, goal] for origin in self.origins if (origin, goal) in run.trips}

    def destination(self, name: str | None) -> str:
        """Return a destination of the study by any of its names, the focus without one; BadValue for another place."""
        goal = self.network.node(name).node_id if name else self.focus
        if goal not in self.destinations:
            raise BadValue(f"the study does not go to '{goal}'", hint=f"destinations: {', '.join(self.destinations)}")
        return goal

    def difference(self, run: Run, origin: str) -> TripDifference:
        """Return an origin's way to the focus before and after."""
        pair = (origin, self.focus)
        return TripDifference(run, self.baseline_of(run).trips.get(pair), run.trips.get(pair))

    def effects(self, base: Run) -> list[Effect]:
        """Return what each scenario does on a baseline, seen at the focus."""
        return [self.effect(run) for run in self.scenario_runs(base.baseline)]

    def effect(self, run: Run) -> Effect:
        """Return what a scenario does, seen at the focus."""
        weights = {market.node_id: market for market in self.network.markets("origin")}
        pairs = [self.difference(run, origin) for origin in self.origins]
        both = [(d.before, d.after) for d in pairs if d.before and d.after]
        trade = trade_of_origins(self.network)
        switched = [o for o, d in zip(self.origins, pairs, strict=True) if d.switched_gateway]

        def mean(value: Callable[[Trip], float]) -> float | None:
            return sum(value(after) - value(before) for before, after in both) / len(both) if both else None

        return Effect(
            baseline=run.baseline,
            scenario=str(run.scenario),
            title=run.title,
            origins=len(pairs),
            switched=tuple(switched),
            cut_off=tuple(o for o, d in zip(self.origins, pairs, strict=True) if d.cut_off),
            gained=tuple(o for o, d in zip(self.origins, pairs, strict=True) if d.gained),
            compared=len(both),
            population_switched=sum(weights[o].population or 0 for o in switched if o in weights),
            trade_switched_musd=sum(trade.get(o, 0.0) for o in switched),
            cost_change_usd=mean(lambda t: t.cost_usd),
            hours_change=mean(lambda t: t.hours),
            co2_change_kg=mean(lambda t: t.co2_kg),
            generalised_change_usd=mean(lambda t: t.generalised_cost_usd),
            investment_usd=run.investment_usd,
        )

    @property
    def frame(self) -> Any:
        """All trips as a pandas DataFrame."""
        import pandas as pd

        names = ("origin", "destination", *TOTALS, "gateway")
        return pd.DataFrame(
            {"baseline": run.baseline, "scenario": run.scenario, **{name: getattr(trip, name) for name in names}}
            for run in self.runs
            for trip in run.trips.values()
        )

    def __repr__(self) -> str:
        return (
            f"<Comparison {self.study.name}: {len(self.runs)} runs, {len(self.origins)} origins, "
            f"{len(self.destinations)} destinations>"
        )

    def _repr_html_(self) -> str:
        from corridor_net.errors import markup

        def shown(change: float | None, digits: int) -> str:
            return "–" if change is None else f"{change:+z,.{digits}f}"

        rows = "".join(
            f"<tr><td>{markup(e.baseline)}</td><td>{markup(e.scenario)}</td><td>{len(e.switched)} of {e.origins}</td>"
            f"<td>{len(e.cut_off)}</td><td>{e.compared}</td><td>{shown(e.cost_change_usd, 0)}</td>"
            f"<td>{shown(e.days_change, 1)}</td><td>{shown(e.co2_change_kg, 0)}</td></tr>"
            for e in (self.effect(run) for run in self.scenario_runs())
        )
        names = ("baseline", "scenario", "gateway switched", "cut off", "mean of", "USD", "days", "kg CO2e")
        heads = "".join(f"<th>{name}</th>" for name in names)
        return f"<p>{markup(self.study.file.title)}</p><table><tr>{heads}</tr>{rows}</table>"


def compare(
    study: Study,
    network: Network,
    *,
    progress: Callable[[str], None] | None = None,
    schedule: bool = False,
    towards: Sequence[str] | None = None,
) -> Comparison:
    """Run every baseline of a study, alone and with every scenario.

    `progress` is told the name of each run as it starts. With `towards` only trips to these places are worked out, to
    the focus where it is empty.
    Raises UnknownName, ScenarioError and DataFault as its parts do.

    >>> import pathlib, tempfile
    >>> import corridor_net as cn
    >>> text = "{study: one, title: One, baselines: [baseline-2019], scenarios: [primorye-2], focus: niigata, "
    >>> text += "origins: [hunchun], destinations: [niigata]}"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "one.yaml")
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     study = cn.load_study(path)
    >>> found = cn.compare(study, cn.load().network)
    >>> [(run.name, run.route("hunchun", "niigata").gateway) for run in found.runs]
    [('baseline-2019', 'dalian'), ('baseline-2019/primorye-2', 'zarubino')]
    """
    file = study.file
    origins = _nodes(network, file.origins, "origin")
    destinations = _nodes(network, file.destinations, "market")
    focus = network.node(file.focus).node_id if file.focus else destinations[0]
    if focus not in destinations:
        destinations = (*destinations, focus)
    ordered = sorted(study.baselines, key=lambda b: b.name != study.main_baseline.name)
    goals = destinations if towards is None else tuple(network.node(name).node_id for name in towards) or (focus,)
    runs, ends = [], (origins, goals)
    for baseline in ordered:
        base = baseline.apply(network)
        like: BestTrips | None = None
        for scenario in (None, *study.scenarios):
            if progress:
                progress(baseline.name if scenario is None else f"{baseline.name}/{scenario.name}")
            run, found = _run(study, (baseline, scenario), base, ends, like, schedule=schedule)
            runs.append(run)
            like = like or found
    return Comparison(
        study=study, network=network, origins=origins, destinations=destinations, focus=focus, runs=tuple(runs)
    )


def _nodes(network: Network, names: Sequence[str] | None, role: str) -> tuple[str, ...]:
    if names is None:
        return network.places_of(role)
    if not names:
        raise BadValue(f"the study names no {role}", hint="leave the list out to take those of table market")
    return tuple(dict.fromkeys(network.node(name).node_id for name in names))


def _run(
    study: Study,
    laid: tuple[Scenario, Scenario | None],
    base: Network,
    ends: tuple[Sequence[str], Sequence[str]],
    like: BestTrips | None,
    *,
    schedule: bool,
) -> tuple[Run, BestTrips]:
    """Return a run and what was searched for it; `like` is what was searched for its baseline, None for that itself."""
    baseline, scenario = laid
    combine([baseline, scenario] if scenario else [baseline])  # what conflicts or lacks something is refused
    changed = base if scenario is None else scenario.apply(base)
    compiled = impedance(
        changed,
        study.file.cargo or base.default_cargo,
        price_year=study.file.price_year,
        value_of_time_usd_per_hour=study.file.value_of_time_usd_per_hour,
        like=like.router.impedance if like else None,
    )
    name = baseline.name if scenario is None else scenario.name
    router = Router(
        compiled,
        by=study.file.by,
        schedule=schedule,
        co2_price_usd_per_t=study.file.co2_price_usd_per_t,
        scenario=name,
    )
    found = BestTrips.of(router, *ends, like)
    run = Run(
        baseline=baseline.name,
        scenario=scenario.name if scenario else None,
        title=(scenario or baseline).title,
        router=router,
        trips=found.trips,
        investment_usd=scenario.investment_usd if scenario else None,
    )
    return run, found
