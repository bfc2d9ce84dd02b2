"""A study over a grid of values and scenarios: what cargo costs, how long it takes and where it goes at every point."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.errors import BadValue, NoRoute
from corridor_net.questions import Ask, Progress
from corridor_net.questions._shared import StudyOrigins
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.page import Column, Page, Table, keyed, numbers, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.trade.sectors import Way
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.scenario import Study
    from corridor_net.scenario.sweep import Stop

FRAME = "sweep.csv"
MEANS = ("cost_usd", "days", "generalised_cost_usd")
SHOWN = 60
"""Points shown; files and JSON hold all."""


@dataclass(frozen=True, kw_only=True)
class SweepPoint:
    """One point: its value on each axis, means over the origins that reach the focus at every point, and gateways.

    `gateways` counts the origins that leave by each; `reached` how many of all have a route here.
    """

    at: dict[str, str]
    cost_usd: float = measure("USD", 2)
    days: float = measure("days", 2)
    generalised_cost_usd: float = measure("USD", 2)
    gateways: dict[str, int]
    reached: int


@dataclass(frozen=True, kw_only=True)
class Sweep(Result):
    """A study at every point of its sweep; `counted` are the origins that the means are over."""

    QUESTION: ClassVar[str] = "sweep"

    study: str
    title: str
    baseline: str
    as_of: str
    focus: str
    axes: tuple[str, ...]
    origins: tuple[str, ...]
    counted: tuple[str, ...]
    points: tuple[SweepPoint, ...]
    network: Network = measure(hidden=True)

    def records(self) -> list[dict[str, Any]]:
        """Return a row a point: its values, its means, and how many origins leave by each gateway."""
        names = dict.fromkeys(name for point in self.points for name in point.gateways)
        rows = []
        for point in self.points:
            told = point.at | {name: round(getattr(point, name), 2) for name in MEANS} | {"reached": point.reached}
            rows.append(told | {f"by {name}": point.gateways.get(name, 0) for name in names})
        return rows


def answer(
    model: Model,
    study: Annotated[
        str | None, Ask("Study file with 'sweep:'; the study of the data when none.", names="scenario")
    ] = None,
    *,
    origins: StudyOrigins = (),
    baseline: Annotated[str | None, Ask("Baseline; the study's main one.", metavar="NAME")] = None,
    progress: Progress | None = None,
) -> Sweep:
    """Ask a study at every point of its sweep: every value and scenario of each axis with every one of the others.

    Points stand on one baseline, or the day of the model. What several axes change at a point is applied together.
    Raises BadValue for a study without a sweep or of more than 500 points, NoRoute where no origin reaches the focus at
    every point, and as `run`.

    >>> import pathlib, tempfile
    >>> import corridor_net as cn
    >>> text = "{study: two, title: Two, baselines: [baseline-2019], origins: [hunchun], focus: niigata, "
    >>> text += "sweep: [{name: upgrade, scenarios: [none, primorye-2]}]}"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "two.yaml")
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     found = cn.load().sweep(path)
    >>> [point.gateways for point in found.points]
    [{'dalian': 1}, {'zarubino': 1}]
    """
    from corridor_net.questions.asked.study import study_for
    from corridor_net.scenario.sweep import points_of

    names = [study] if study else []
    asked = study_for(model, names, baselines=[baseline] if baseline else (), origins=origins, main_only=True)
    points = points_of(asked.sweep)
    base = asked.main_baseline.apply(model.base)
    starts = _origins(base, asked)
    goal = base.node(asked.file.focus or next(iter(asked.file.destinations or ()), base.default_pair[1])).node_id
    if starts == (goal,):
        raise BadValue(f"origin and destination are both '{goal}'")
    found: list[dict[str, Way]] = []
    for number, stops in enumerate(points):
        if progress:
            progress(", ".join(stop.label for stop in stops), number, len(points))
        found.append({way.origin: way for way in _ways(model, asked, base, stops, starts, goal)})
    counted = tuple(origin for origin in starts if all(origin in ways for ways in found))
    if not counted:
        raise NoRoute(f"no origin reaches {base.nodes[goal].name} at every point of the sweep")
    axes = tuple(axis.name for axis in asked.sweep)
    return Sweep(
        study=asked.name,
        title=asked.file.title,
        baseline=asked.main_baseline.name,
        as_of=str(base.day),
        focus=goal,
        axes=axes,
        origins=starts,
        counted=counted,
        points=tuple(_point(axes, stops, ways, counted) for stops, ways in zip(points, found, strict=True)),
        network=base,
    )


def _origins(base: Network, study: Study) -> tuple[str, ...]:
    names = study.file.origins or base.places_of("origin")
    return tuple(dict.fromkeys(base.node(name).node_id for name in names))


def _ways(
    model: Model, study: Study, base: Network, stops: Sequence[Stop], origins: Sequence[str], goal: str
) -> list[Way]:
    """Return the best way of each origin at one point."""
    from corridor_net.analysis.router import Router
    from corridor_net.analysis.trade.sectors import ways_to
    from corridor_net.costing import impedance
    from corridor_net.scenario import combine

    scenarios = [replace(stop.scenario, as_of=None) for stop in stops if stop.scenario is not None]
    together = combine(scenarios) if scenarios else None
    network = together.apply(base) if together else base
    options = {key: value for stop in stops for key, value in stop.options.items()}
    file = type(study.file).model_validate({**study.file.model_dump(), **options, "sweep": []})
    compiled = impedance(
        network,
        file.cargo or network.default_cargo,
        price_year=file.price_year,
        value_of_time_usd_per_hour=file.value_of_time_usd_per_hour,
    )
    router = Router(compiled, by=file.by, schedule=model.options.schedule, co2_price_usd_per_t=file.co2_price_usd_per_t)
    return ways_to(router, [origin for origin in origins if origin != goal], goal)


def _point(axes: Sequence[str], stops: Sequence[Stop], ways: Mapping[str, Way], counted: Sequence[str]) -> SweepPoint:
    chosen = [ways[origin] for origin in counted]
    gateways = Counter(way.gateway for way in ways.values())
    return SweepPoint(
        at=dict(zip(axes, (stop.label for stop in stops), strict=True)),
        **{name: sum(getattr(way, name) for way in chosen) / len(chosen) for name in MEANS},
        gateways=dict(sorted(gateways.items(), key=lambda pair: (-pair[1], pair[0]))),
        reached=len(ways),
    )


def view(found: Sweep) -> Page:
    """Show the least and the most of the points, then every point."""
    return page(_first(found), _left_out(found), _points(found))


def _first(found: Sweep) -> Sentence:
    order = sorted(found.points, key=lambda point: point.generalised_cost_usd)
    return say(
        "{title:label}, {baseline:label}, to {focus:name}: over {points:n0|point|points} generalised cost is "
        "{low.generalised_cost_usd:m0} USD a box ({at_low}) to {high.generalised_cost_usd:m0} ({at_high}), mean of "
        "{counted:n0|origin|origins}.",
        found,
        low=order[0],
        at_low=_words(order[0]),
        high=order[-1],
        at_high=_words(order[-1]),
    )


def _words(point: SweepPoint) -> str:
    return ", ".join(f"{name} {value}" for name, value in point.at.items())


def _left_out(found: Sweep) -> Sentence | None:
    names = tuple(origin for origin in found.origins if origin not in found.counted)
    return say("Left out of the means, no route at some point: {names:names}.", names=names) if names else None


def _points(found: Sweep) -> Table:
    least = found.points[0].generalised_cost_usd
    return table_of(
        found.points,
        *(Column(heading=name, of=keyed("at", name)) for name in found.axes),
        *numbers("USD", of="cost_usd"),
        *numbers("days", of="days", digits=1),
        *numbers("generalised", of="generalised_cost_usd", money=True),
        *numbers("change", of=lambda point: point.generalised_cost_usd - least, kind="change", money=True),
        Column(heading="mostly by", kind="name", of=lambda point: next(iter(point.gateways))),
        *numbers("of origins", of=_mostly, kind="share", rank=1),
        title="Every point; change against the first",
        most=SHOWN,
    )


def _mostly(point: SweepPoint) -> float:
    return next(iter(point.gateways.values())) / point.reached


def charts(found: Sweep) -> Mapping[str, Chart]:
    """Draw generalised cost at every point."""
    rows = [(_words(point), point.generalised_cost_usd) for point in found.points[:SHOWN]]
    title = say("{title:label}: generalised cost", found)
    return {"sweep": Bars(title=title, unit="USD a box, mean over origins", rows=rows)}
