"""The figures an answer rests on, by weight, each with value, range, source and grade; and a whole study by grade."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from corridor_net.errors import BadValue
from corridor_net.questions import Ask
from corridor_net.questions.asked.values import run_of
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.page import Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import Sentence, figure_words, say
from corridor_net.results import Result, fields_of, measure
from corridor_net.rounding import fitted

if TYPE_CHECKING:
    from corridor_net.analysis.compare import Comparison
    from corridor_net.analysis.sources import RestedOn, Weights
    from corridor_net.model import Model
    from corridor_net.network import Network

GRADES = ("A", "B", "C", "D")
TOLD = "answer"
"""What the one run is called that a pair was asked of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWeights(Result):
    """One run of a study: its pairs with a route, and the shares of their cost and hours by grade."""

    baseline: str
    scenario: str | None
    pairs: int
    weights: Weights


@dataclass(frozen=True, kw_only=True)
class Sources(Result):
    """What one answer rests on, or all answers of a study's main baseline; `runs` has every run of the study."""

    QUESTION: ClassVar[str] = "sources"
    ROWS: ClassVar[str] = "figures"

    origin: str | None = None
    destination: str | None = None
    as_of: str
    cargo: str
    scenario: str
    price_year: int
    gateway: str | None = None
    study: str | None = None
    weights: Weights
    runs: tuple[RunWeights, ...] = ()
    networks: tuple[Network, ...] = measure(hidden=True)
    show: int = measure(hidden=True, default=25)

    @property
    def figures(self) -> tuple[RestedOn, ...]:
        """The figures, the heaviest first."""
        return self.weights.figures


def answer(
    model: Model,
    origin: Annotated[str | None, Ask("Where the cargo starts; without it, the whole study.")] = None,
    destination: Annotated[str | None, Ask("Where it goes.")] = None,
    *,
    study: Annotated[str | None, Ask("Study in place of the default one.", metavar="FILE", names="scenario")] = None,
    show: Annotated[int, Ask("Figures to print.", metavar="N", minimum=1)] = 25,
) -> Sources:
    """List the figures that the cost and the hours of an answer rest on, by weight, with their sources.

    A figure's share is the part of the cost, or of the hours, that is proportional to it; an amount that is a product
    of figures counts for each. By grade every amount counts once, under its weakest figure. Without a pair: all pairs
    and runs of the study. Raises NoRoute and UnknownName as `route`; BadValue for an origin without a destination.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").sources("harbin", "niigata")
    >>> round(sum(found.weights.cost_by_grade.values()), 9)
    1.0
    """
    if origin is None:
        return _of_study(model, study, show)
    if destination is None:
        raise BadValue("sources of a pair need a destination", hint="name both, or neither for the whole study")
    from corridor_net.analysis.sources import weights

    router = model.router
    route = router.route(origin, destination)
    return Sources(
        **fields_of(route, "origin", "destination", "as_of", "cargo", "scenario", "price_year", "gateway"),
        weights=weights(router.impedance, _counted(route.arcs), schedule=route.schedule),
        networks=(router.network,),
        show=show,
    )


def _counted(arcs: Iterable[int]) -> dict[int, float]:
    """Return how often each arc is passed."""
    return {arc: float(count) for arc, count in Counter(arcs).items()}


def _of_study(model: Model, name: str | None, show: int) -> Sources:
    from corridor_net.analysis.compare import compare
    from corridor_net.questions.asked.study import as_asked, study_of

    if model.day or model.scenarios:
        raise BadValue(
            "a whole study has its own days and scenarios",
            hint="name an origin and a destination, or leave out the day and the scenarios",
        )
    study = as_asked(model, study_of(model, [name] if name else []))
    return _of_comparison(compare(study, model.base, schedule=model.options.schedule), show)


def _of_comparison(comparison: Comparison, show: int) -> Sources:
    from corridor_net.analysis.sources import weights

    runs = []
    for run in comparison.runs:
        counts = _counted(arc for trip in run.trips.values() for arc in trip.arcs)
        found = weights(run.router.impedance, counts, schedule=run.router.schedule)
        runs.append(RunWeights(baseline=run.baseline, scenario=run.scenario, pairs=len(run.trips), weights=found))
    return Sources(
        **run_of(comparison.main.router, "as_of", "cargo", "price_year"),
        scenario=comparison.main.baseline,
        study=comparison.study.name,
        weights=runs[0].weights,
        runs=tuple(runs),
        networks=comparison.networks,
        show=show,
    )


def view(found: Sources) -> Page:
    """Show what it rests on by grade, then the figures, the heaviest first; of a study also every run."""
    first = say(
        "{weights.cost_usd:m0} USD of {price_year} and {weights.hours:d1} days, {where}, {as_of}, {scenario:label}.",
        found,
        where=_where(found),
    )
    if found.origin:
        first = say(
            "{origin:name} to {destination:name} by {by:name}, {as_of}, {scenario:label}: {weights.cost_usd:m0} USD of "
            "{price_year} and {weights.hours:d1} days.",
            found,
            by=found.gateway or "land",
        )
    more = len(found.figures) - found.show
    return page(
        first,
        _by_grade(found),
        _figures(found),
        say("{n} more in JSON.", n=more) if more > 0 else None,
        say(
            "A share is the part that is proportional to the figure; a product of figures counts for each, so shares "
            "of figures add up to more than 100%. By grade every amount counts once, under its weakest figure."
        ),
    )


def _where(found: Sources) -> Sentence:
    pairs = found.runs[0].pairs if found.runs else 1
    return say("the sum of {count:n0|pair|pairs} of {study}", found, count=pairs)


def _by_grade(found: Sources) -> Table:
    rows = [(TOLD if found.origin else found.scenario, found.weights)]
    rows += [(f"{one.baseline}, {one.scenario or 'baseline'}", one.weights) for one in found.runs[1:]]
    return Table(
        title="By grade: A measured or tariff, B published estimate, C derived by a formula, D our own estimate",
        columns=(
            Column(heading="run", kind="label"),
            *numbers(*(say("money {grade}", grade=grade) for grade in GRADES), kind="share"),
            *numbers(*(say("hours {grade}", grade=grade) for grade in GRADES), kind="share"),
        ),
        rows=tuple((name, *_shares(one.cost_by_grade), *_shares(one.hours_by_grade)) for name, one in rows),
    )


def _shares(by_grade: Mapping[str, float]) -> list[float]:
    """Return the shares of the grades in whole per cent, which add up to all."""
    return fitted([by_grade[grade] for grade in GRADES], 2)


def _figures(found: Sources) -> Table:
    shares = (lambda one: one.cost_share or None, lambda one: one.hours_share or None)
    return table_of(
        found.figures[: found.show],
        Column(heading="figure", kind="figure", most=40, of="key"),
        *numbers("of the money", "of the hours", of=shares, kind="share", digits=1),
        Column(heading="value", most=20, of="told"),
        Column(heading="range", rank=1, most=20, of="span"),
        Column(heading="grade", of="grade"),
        Column(heading="source", rank=2, most=44, of="title"),
        Column(heading="publisher", rank=4, most=24, of="publisher"),
        Column(heading="year", rank=3, of="year"),
        title="Figures, the heaviest first",
    )


def charts(found: Sources) -> Mapping[str, Chart]:
    """Draw the share of the cost and of the hours that rests on each of the heaviest figures."""
    figures = found.figures[: found.show]
    rows = [(figure_words(one.key), 100 * max(one.cost_share, one.hours_share)) for one in figures]
    title = say("What the answer rests on, {as_of}: the larger of the shares of cost and of hours", found)
    return {"sources": Bars(title=title, unit="%", rows=rows)}
