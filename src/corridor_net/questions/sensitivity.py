"""Which figures an answer depends on, and which to look up next: of a pair, or of a study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from corridor_net.errors import BadValue
from corridor_net.questions import Ask, Progress
from corridor_net.render.page import Cell, Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Opened, Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.router import Router
    from corridor_net.model import Model
    from corridor_net.render.chart import Chart
    from corridor_net.render.words import Words
    from corridor_net.uncertainty.screening import Screened
    from corridor_net.uncertainty.sensitivity import Sensitivity
    from corridor_net.uncertainty.study_sensitivity import StudySensitivity

GROUP = "Uncertainty"
SHOWN_CHOICES = 8
UNITS = {"hours": "h"}


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

    @property
    def frame(self) -> Any:
        """The figures as a pandas DataFrame, the largest share first."""
        return _frame(self.to_dict()["inputs"])


@dataclass(frozen=True, kw_only=True)
class PairScreening(Result):
    """The figures of a pair by Morris' elementary effects, the largest first."""

    QUESTION: ClassVar[str] = "sensitivity"

    as_of: str
    cargo: str
    scenario: str
    answer: str
    inputs: tuple[Screened, ...]
    ends: tuple[str, str] = measure(hidden=True)
    show: int = measure(hidden=True, default=12)

    @property
    def frame(self) -> Any:
        """The figures as a pandas DataFrame, the largest effect first."""
        return _frame(self.to_dict()["inputs"])


@dataclass(frozen=True, kw_only=True)
class StudyFigures(Opened):
    """What the choices of a study hang on; what is not here is looked up in `found`: `figures`, `choices`, …"""

    QUESTION: ClassVar[str] = "sensitivity"
    OF: ClassVar[str] = "found"

    found: StudySensitivity

    @property
    def frame(self) -> Any:
        """The figures as a pandas DataFrame, the largest share first."""
        return _frame(self.to_dict()["figures"])


def _frame(rows: list[dict[str, Any]]) -> Any:
    """Return figures as a DataFrame, the two ends of an interval as two columns."""
    import pandas as pd

    flat = []
    for row in rows:
        ends = {f"{name}_{end}": value for name, both in row.items() if isinstance(both, list) for end, value in
                zip(("low", "high"), both, strict=True)}  # fmt: skip
        flat.append({name: value for name, value in row.items() if not isinstance(value, list)} | ends)
    return pd.DataFrame(flat)


def answer(  # noqa: PLR0913 (each is an option of the command)
    model: Model,
    origin: Annotated[str | None, Ask("Where the cargo starts; alone, a study.", "[ORIGIN|STUDY]")] = None,
    destination: Annotated[str | None, Ask("Where it goes.")] = None,
    *,
    answer: Annotated[
        Literal["gap", "generalised", "usd", "hours"], Ask("Of a pair: gap between two gateways, or a measure.")
    ] = "gap",
    against: Annotated[str | None, Ask("Gateway to set against the best; else the next.", "NODE")] = None,
    morris: Annotated[bool, Ask("Screen by elementary effects: fewer answers, no shares.")] = False,
    grouped: Annotated[bool, Ask("Take figures of one kind together.")] = False,
    samples: Annotated[int, Ask("A power of two; with Morris, walks.", "N", minimum=0)] = 0,
    precision: Annotated[float | None, Ask("Double the samples until intervals are this narrow.", "SHARE")] = None,
    sampler: Annotated[Literal["sobol", "latin"], Ask("Points of the design.")] = "sobol",
    seed: Annotated[int, Ask("Another seed, other points.", "N")] = 1,
    show: Annotated[int, Ask("Figures to print; of a study, those with shares of their own.", "N", minimum=1)] = 12,
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
    head = {"as_of": str(router.network.day), "cargo": router.impedance.cargo.cargo_id, "scenario": router.scenario}
    if morris:
        from corridor_net.uncertainty.screening import screening

        rows = screening(router, origin, destination, answer=answer, trajectories=samples or 20, seed=seed)
        ends = (router.network.node(origin).node_id, router.network.node(destination).node_id)
        return PairScreening(**head, answer=answer, inputs=rows, ends=ends, show=show)
    from corridor_net.uncertainty.sensitivity import sensitivity

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
    from corridor_net.questions._study import study_for
    from corridor_net.uncertainty.study_sensitivity import SAMPLES, study_sensitivity

    if len(model.scenarios) > 1:
        raise BadValue("one --scenario of a study at a time", hint="each has an answer of its own")
    study = study_for(model, [name] if name else [], main_only=True)
    comparison = compare(study, model.base, schedule=model.options.schedule)
    chosen = study.scenarios[0].name if model.scenarios else None
    found = study_sensitivity(comparison, scenario=chosen, samples=samples or SAMPLES, seed=seed, shown=show)
    return StudyFigures(found=found)


def view(found: PairSensitivity | PairScreening | StudyFigures) -> Page:
    """Show what to look up next in a sentence, then the figures, and of a study the choices most in doubt."""
    if isinstance(found, PairScreening):
        return _screening_page(found)
    return _study_page(found.found) if isinstance(found, StudyFigures) else _pair_page(found)


def _interval(both: tuple[float, float]) -> Sentence:
    return say("{low:p0} to {high:p0}", low=both[0], high=both[1])


def _pair_page(asked: PairSensitivity) -> Page:
    from corridor_net.questions._doubt_words import look_up_next

    found = asked.found
    figures = table_of(
        found.inputs[: asked.show],
        Column(heading="figure", kind="figure", of="name"),
        Column(heading="grade", of="grade"),
        *numbers("alone", of=lambda one: max(one.first, 0.0), kind="share"),
        Column(heading="alone, 95 %", rank=2, of=lambda one: _interval(one.first_interval)),
        *numbers("with others", of="total", kind="share"),
        Column(heading="with others, 95 %", rank=1, of=lambda one: _interval(one.total_interval)),
        *numbers("saves, USD", of="saves_usd", digits=1),
        title=_title(found),
    )
    known = min(sum(max(one.first, 0.0) for one in found.inputs), 1.0)
    method = say(
        "{count:n0|input|inputs}, {evaluations:n0|answer|answers} at {sampler} points; {steps}; alone they explain "
        "{known:p0}.",
        count=len(found.inputs),
        evaluations=found.evaluations,
        sampler=found.sampler,
        steps=say(
            "{steps:list}",
            steps=tuple(say("{n:n0} samples ±{width:n3}", n=n, width=width) for n, width in found.steps),
        ),
        known=known,
    )
    return page(look_up_next(found), figures, method, MEANING)


MEANING = (
    "alone, with others: shares of the doubt about the answer; saves: what knowing the figure before the gateway is "
    "chosen saves a box on average."
)


def _title(found: Sensitivity) -> Sentence:
    ends = {"origin": found.origin, "destination": found.destination}
    if found.answer != "gap":
        return say("{origin:name} to {destination:name}: what {answer:label} depends on", **ends, answer=found.answer)
    if found.second is None:
        return say("{origin:name} to {destination:name}: what generalised cost depends on", **ends)
    return say(
        "{origin:name} to {destination:name}: what generalised cost by {second:name} less {leader:name} depends on",
        **ends,
        second=found.second,
        leader=found.leader,
    )


def _screening_page(found: PairScreening) -> Page:
    unit = "hours" if found.answer == "hours" else "generalised USD"
    first = say("No figure has an effect.")
    if found.inputs:
        first = say(
            "{origin:name} to {destination:name}: what moves the answer most is {what:figure}{graded}, {effect:n1} "
            "{unit:label} "
            "from its 5 % to its 95 % value.",
            origin=found.ends[0],
            destination=found.ends[1],
            what=found.inputs[0].name,
            graded=say(" (grade {grade})", grade=found.inputs[0].grade) if found.inputs[0].grade else "",
            effect=found.inputs[0].mu_star,
            unit=unit,
        )
    effects = table_of(
        found.inputs[: found.show],
        Column(heading="figure", kind="figure", of="name"),
        Column(heading="grade", of="grade"),
        *numbers("mu*", "sigma", of=("mu_star", "sigma"), digits=1),
        title=say("Elementary effects from the 5 % to the 95 % value, {unit:label}", unit=unit),
    )
    idle = sum(row.mu_star < 0.005 for row in found.inputs)
    return page(
        first,
        effects,
        say("{count:n0|input|inputs}, {idle} of them without effect.", count=len(found.inputs), idle=idle),
    )


def _study_page(found: StudySensitivity) -> Page:
    from corridor_net.questions._doubt_words import study_sentences

    rows: list[tuple[Cell, ...]] = [
        (one.name, one.grade, max(one.first, 0.0), one.total, _interval(one.total_interval), one.saves_usd)
        for one in found.figures
    ]
    rest = (
        say("the other {count} together", count=found.screened - len(found.figures)),
        "",
        None,
        found.rest_total,
        "",
        None,
    )
    columns = (
        Column(heading="figure", kind="figure"),
        Column(heading="grade"),
        *numbers("alone", "with others", kind="share"),
        Column(heading="with others, 95 %", rank=1),
        *numbers("saves, USD", digits=1),
    )
    title = say(
        "{run:label}: what the choice of a gateway to {goal:name} hangs on", run=found.run, goal=found.destination
    )
    choices = table_of(
        [choice for choice in found.choices if choice.second is not None][:SHOWN_CHOICES],
        Column(heading="from", kind="name", of="origin"),
        Column(heading="leader", kind="name", of="leader"),
        Column(heading="next", kind="name", of="second"),
        *numbers("leader cheaper in", of="leads", kind="share"),
        Column(heading="look up next", kind="figure", of=lambda one: one.next_figure.name if one.next_figure else ""),
        title="Choices, the most in doubt first",
    )
    method = say(
        "{draws:n0} draws; {screened:n0|input|inputs} screened, total indices by {evaluations:n0} answers.",
        draws=found.draws,
        screened=found.screened,
        evaluations=found.evaluations,
    )
    return page(
        study_sentences(found), Table(title=title, columns=columns, rows=(*rows, rest)), MEANING, choices, method
    )


def charts(found: PairSensitivity | PairScreening | StudyFigures, words: Words) -> Mapping[str, Chart]:
    """Draw the widest swings of a pair (tornado), or the figures of a study or a screening as bars."""
    from corridor_net.render.chart import Bars, Spans

    if isinstance(found, PairScreening):
        rows = [(words.figure(row.name), row.mu_star) for row in found.inputs[: found.show]]
        unit = words.label("h") if found.answer == "hours" else words.label("USD a box")
        return {"effects": Bars(title=words.label("Elementary effects, mu*"), unit=unit, rows=rows)}
    if isinstance(found, StudyFigures):
        rows = [(words.figure(one.name), 100 * one.total) for one in found.found.figures]
        title = words.text(say("{run:label}: what the choices hang on", run=found.found.run))
        return {"figures": Bars(title=title, unit=words.label("% of the doubt"), rows=rows)}
    from corridor_net.output.charts.doubt_charts import tornado_svg
    from corridor_net.uncertainty.swings import swings

    origin, destination = found.found.origin, found.found.destination
    told = say(
        "{origin:name} to {destination:name}, {run}: what moves the answer",
        origin=origin,
        destination=destination,
        run=str(found.as_of),
    )
    moved, unit = swings(found.router, origin, destination), words.label("USD of generalised cost a box, change")
    spans = [
        (words.figure(one.figure), min(one.low_usd, one.high_usd), 0.0, max(one.low_usd, one.high_usd)) for one in moved
    ]
    drawn = partial(tornado_svg, moved, told, words)
    return {"tornado": Spans(title=words.text(told), unit=unit, rows=spans, svg=drawn)}
