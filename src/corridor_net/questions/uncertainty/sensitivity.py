"""Which figures an answer depends on, and which to look up next: of a pair, or of a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from corridor_net.errors import BadValue
from corridor_net.questions import Ask, Progress
from corridor_net.questions.asked.values import run_of
from corridor_net.questions.pages.uncertainty_words import graded, look_up_next, study_sentences, what_is_searched
from corridor_net.render.chart import Bars, Chart, Whiskers
from corridor_net.render.page import Column, Of, Page, numbers, page, table_of
from corridor_net.render.words import Sentence, figure_words, say
from corridor_net.results import Opened, Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.router import Router
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.uncertainty.sensitivity.screening import Screened
    from corridor_net.uncertainty.sensitivity.sensitivity import Sensitivity
    from corridor_net.uncertainty.sensitivity.study_sensitivity import StudySensitivity

SHOWN_CHOICES = 8
ENDS = ("low", "high")


@dataclass(frozen=True, kw_only=True)
class PairSensitivity(Opened):
    """What the answer of a pair depends on; what is not here is looked up in `found`: `inputs`, `leader`, `leads`, …"""

    QUESTION: ClassVar[str] = "sensitivity"
    OF: ClassVar[str] = "found"

    as_of: str
    cargo: str
    scenario: str
    found: Sensitivity
    router: Router = measure(hidden=True)
    show: int = measure(hidden=True, default=12)

    def records(self) -> list[dict[str, Any]]:
        """Return the figures, the largest share first."""
        return _rows(self.to_dict()["inputs"])


@dataclass(frozen=True, kw_only=True)
class PairScreening(Result):
    """The figures of a pair by Morris' elementary effects, the largest first."""

    QUESTION: ClassVar[str] = "sensitivity"

    as_of: str
    cargo: str
    scenario: str
    answer: str
    searched: int
    inputs: tuple[Screened, ...]
    ends: tuple[str, str] = measure(hidden=True)
    show: int = measure(hidden=True, default=12)

    def records(self) -> list[dict[str, Any]]:
        """Return the figures, the largest effect first."""
        return _rows(self.to_dict()["inputs"])


@dataclass(frozen=True, kw_only=True)
class StudyFigures(Opened):
    """What the choices of a study hang on; what is not here is looked up in `found`: `figures`, `choices`, …"""

    QUESTION: ClassVar[str] = "sensitivity"
    OF: ClassVar[str] = "found"

    found: StudySensitivity
    network: Network = measure(hidden=True)

    def records(self) -> list[dict[str, Any]]:
        """Return the figures, the largest share first."""
        return _rows(self.to_dict()["figures"])


def _rows(figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return figures with the two ends of an interval as two columns."""
    rows = []
    for one in figures:
        row = {name: value for name, value in one.items() if not isinstance(value, list)}
        intervals = {name: both for name, both in one.items() if isinstance(both, list)}
        rows.append(row | {f"{name}_{end}": both[n] for name, both in intervals.items() for n, end in enumerate(ENDS)})
    return rows


def answer(  # noqa: PLR0913 (each is an option of the command)
    model: Model,
    origin: Annotated[str | None, Ask("Where the cargo starts; alone, a study.", metavar="[ORIGIN|STUDY]")] = None,
    destination: Annotated[str | None, Ask("Where it goes.")] = None,
    *,
    answer: Annotated[
        Literal["gap", "generalised", "usd", "hours"], Ask("Of a pair: gap between two gateways, or a measure.")
    ] = "gap",
    against: Annotated[str | None, Ask("Gateway to set against the best; else the next.", metavar="NODE")] = None,
    morris: Annotated[bool, Ask("Screen by elementary effects: fewer answers, no shares.")] = False,
    grouped: Annotated[bool, Ask("Take figures of one kind together.")] = False,
    samples: Annotated[int, Ask("A power of two; with Morris, walks.", metavar="N", minimum=0)] = 0,
    precision: Annotated[
        float | None, Ask("Double the samples until intervals are this narrow.", metavar="SHARE")
    ] = None,
    sampler: Annotated[Literal["sobol", "latin"], Ask("Points of the design.")] = "sobol",
    seed: Annotated[int, Ask("Another seed, other points.", metavar="N")] = 1,
    show: Annotated[
        int, Ask("Figures to print; of a study, those with shares of their own.", metavar="N", minimum=1)
    ] = 12,
    progress: Progress | None = None,
) -> PairSensitivity | PairScreening | StudyFigures:
    """Rank the figures an answer depends on (Sobol indices), and say which to look up next.

    Of one pair, or of a study: all its origins to its focus together, on its main baseline, under one scenario at most.
    Raises BadValue for options of pairs with a study and for numbers that are none; NoRoute and UnknownName as `route`.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").sensitivity("harbin", "niigata", samples=64)
    >>> found.leader, len(found.frame) == len(found.inputs)
    ('dalian', True)
    """
    if destination is None:
        if (against, precision) != (None, None) or morris or grouped or (answer, sampler) != ("gap", "sobol"):
            raise BadValue(
                "--answer, --against, --morris, --grouped, --precision and --sampler are of one pair, not of a study",
                hint="give ORIGIN and DESTINATION for them",
            )
        return _of_study(model, origin, samples, seed, show)
    if origin is None:
        raise BadValue("a destination without an origin", hint="give ORIGIN and DESTINATION, or a study alone")
    router = model.router
    head = run_of(router, "as_of", "cargo", "scenario")
    if morris:
        from corridor_net.uncertainty.sensitivity.screening import screening

        searched, rows = screening(router, origin, destination, answer=answer, trajectories=samples or 20, seed=seed)
        ends = (router.network.node(origin).node_id, router.network.node(destination).node_id)
        return PairScreening(**head, answer=answer, searched=searched, inputs=rows, ends=ends, show=show)
    from corridor_net.uncertainty.sensitivity.sensitivity import sensitivity

    def tell(n: int, width: float) -> None:
        if progress and precision is not None:
            progress(f"{n:,} samples, widest interval ±{width:.3f}", 0, None)

    found = sensitivity(
        router,
        origin,
        destination,
        answer=answer,
        samples=samples or 1024,
        sampler=sampler,
        seed=seed,
        precision=precision,
        grouped=grouped,
        against=against,
        progress=tell,
    )
    return PairSensitivity(**head, found=found, router=router, show=show)


def _of_study(model: Model, name: str | None, samples: int, seed: int, show: int) -> StudyFigures:
    """Rank the figures that the choices of a study hang on."""
    from corridor_net.analysis.compare import compare
    from corridor_net.questions.asked.study import study_for
    from corridor_net.uncertainty.sensitivity.study_sensitivity import SAMPLES, study_sensitivity

    if len(model.scenarios) > 1:
        raise BadValue("one --scenario of a study at a time", hint="each has an answer of its own")
    study = study_for(model, [name] if name else [], main_only=True)
    comparison = compare(study, model.base, schedule=model.options.schedule)
    chosen = study.scenarios[0].name if model.scenarios else None
    found = study_sensitivity(comparison, scenario=chosen, samples=samples or SAMPLES, seed=seed, shown=show)
    run = next(run for run in comparison.runs if run.scenario == chosen)
    return StudyFigures(found=found, network=run.router.network)


def view(found: PairSensitivity | PairScreening | StudyFigures) -> Page:
    """Show what to look up next in a sentence, then the figures, and of a study the choices most in doubt."""
    if isinstance(found, PairScreening):
        return _screening_page(found)
    return _study_page(found.found) if isinstance(found, StudyFigures) else _pair_page(found)


def _interval(name: str) -> Of:
    """Return what gives an interval of shares in words."""

    def cell(one: Any) -> Sentence:
        low, high = getattr(one, name)
        return say("{low:p0} to {high:p0}", low=low, high=high)

    return cell


def _alone(one: Any) -> float:
    return max(float(one.first), 0.0)


def _pair_page(asked: PairSensitivity) -> Page:
    found = asked.found
    figures = table_of(
        found.inputs[: asked.show],
        Column(heading="figure", kind="figure", of="name"),
        Column(heading="grade", of="grade"),
        *numbers("alone", of=_alone, kind="share"),
        Column(heading="alone, 95%", rank=2, of=_interval("first_interval")),
        *numbers("with others", of="total", kind="share"),
        Column(heading="with others, 95%", rank=1, of=_interval("total_interval")),
        *numbers("saves, USD", of="saves_usd", digits=1),
        title=_title(found),
    )
    steps = tuple(say("{n:n0} samples ±{width:n3}", n=n, width=width) for n, width in found.steps)
    method = say(
        "{inputs:n0|input|inputs}, {evaluations:n0|answer|answers} at {sampler} points; {steps:list}; alone they "
        "explain {known:p0}.",
        found,
        steps=steps,
        known=min(sum(map(_alone, found.inputs)), 1.0),
    )
    searched = what_is_searched(found.searched, found.draws)
    return page(look_up_next(found), figures, method, searched, MEANING)


MEANING = (
    "alone, with others: shares of the doubt about the answer; saves: what knowing the figure before the gateway is "
    "chosen saves a box on average."
)


def _title(found: Sensitivity) -> Sentence:
    if found.answer != "gap":
        return say("{origin:name} to {destination:name}: what {answer:label} depends on", found)
    if found.second is None:
        return say("{origin:name} to {destination:name}: what generalised cost depends on", found)
    return say(
        "{origin:name} to {destination:name}: what generalised cost by {second:name} less {leader:name} depends on",
        found,
    )


def _screening_page(found: PairScreening) -> Page:
    unit = "hours" if found.answer == "hours" else "generalised USD"
    first = say("No figure has an effect.")
    if found.inputs:
        first = say(
            "{origin:name} to {destination:name}: what moves the answer most is {name:figure}{graded}, {mu_star:n1} "
            "{unit:label} from its 5% to its 95% value.",
            found.inputs[0],
            origin=found.ends[0],
            destination=found.ends[1],
            graded=graded(found.inputs[0]),
            unit=unit,
        )
    effects = table_of(
        found.inputs[: found.show],
        Column(heading="figure", kind="figure", of="name"),
        Column(heading="grade", of="grade"),
        *numbers("mu*", "sigma", of=("mu_star", "sigma"), digits=1),
        title=say("Elementary effects from the 5% to the 95% value, {unit:label}", unit=unit),
    )
    idle = sum(row.mu_star < 0.005 for row in found.inputs)
    count = say("{inputs:n0|input|inputs}, {idle} of them without effect.", found, idle=idle)
    return page(first, effects, count, what_is_searched(found.searched))


def _study_page(found: StudySensitivity) -> Page:
    figures = table_of(
        found.figures,
        Column(heading="figure", kind="figure", of="name"),
        Column(heading="grade", of="grade"),
        *numbers("alone", "with others", of=(_alone, "total"), kind="share"),
        Column(heading="with others, 95%", rank=1, of=_interval("total_interval")),
        *numbers("saves, USD", of="saves_usd", digits=1),
        title=say("{run:label}: what the choice of a gateway to {destination:name} hangs on", found),
    )
    others = say("the other {count} together", count=found.screened - len(found.figures))
    rest = (others, "", None, found.rest_total, "", None)
    choices = table_of(
        [choice for choice in found.choices if choice.second is not None][:SHOWN_CHOICES],
        Column(heading="from", kind="name", of="origin"),
        Column(heading="leader", kind="name", of="leader"),
        Column(heading="next", kind="name", of="second"),
        *numbers("leader cheaper in", of="leads", kind="share"),
        Column(heading="look up next", kind="figure", of="next_figure.name"),
        title="Choices, the most in doubt first",
    )
    method = say(
        "{draws:n0} draws; {screened:n0|input|inputs} screened, total indices by {evaluations:n0} answers.", found
    )
    searched = what_is_searched(found.searched, found.draws)
    return page(
        study_sentences(found), replace(figures, rows=(*figures.rows, rest)), MEANING, choices, method, searched
    )


def charts(found: PairSensitivity | PairScreening | StudyFigures) -> Mapping[str, Chart]:
    """Draw the widest swings of a pair (tornado), or the figures of a study or a screening as bars."""
    if isinstance(found, PairScreening):
        rows = [(figure_words(row.name), row.mu_star) for row in found.inputs[: found.show]]
        unit = "h" if found.answer == "hours" else say("USD a box")
        return {"effects": Bars(title="Elementary effects, mu*", unit=unit, rows=rows)}
    if isinstance(found, StudyFigures):
        rows = [(figure_words(one.name), 100 * one.total) for one in found.found.figures]
        title = say("{run:label}: what the choices hang on", found.found)
        return {"figures": Bars(title=title, unit="% of the doubt", rows=rows)}
    from corridor_net.output.charts.uncertainty_charts import tornado_svg
    from corridor_net.uncertainty.sensitivity.one_at_a_time import one_at_a_time

    title = say("{origin:name} to {destination:name}, {as_of}: what moves the answer", found)
    moved = one_at_a_time(found.router, found.found.origin, found.found.destination)
    spans = [(one.figure, min(one.low_usd, one.high_usd), max(one.low_usd, one.high_usd)) for one in moved]
    tornado = Whiskers(
        title=title,
        unit="USD of generalised cost a box, change",
        rows=[(figure_words(name), low, 0.0, high) for name, low, high in spans],
        svg=partial(tornado_svg, moved, title),
    )
    return {"tornado": tornado}
