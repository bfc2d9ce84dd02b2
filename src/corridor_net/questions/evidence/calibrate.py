"""What the published figures say about the ranges of the figures, and whether that predicts claims not yet seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.figure_keys import original_key, scenarios_of
from corridor_net.questions import Ask, networks_of
from corridor_net.questions._shared import Seed
from corridor_net.questions.pages.claims import NONE_PUBLISHED, published_text, refuse_options
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.page import Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import Sentence, figure_words, say
from corridor_net.results import Result, fields_of, measure
from corridor_net.rounding import BeforeAfter

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.uncertainty.calibration.calibrate import ClaimPrediction, Moved

LAYER = "claims.geojson"
PRIOR, POINTS = ("prior_p10", "prior_p50", "prior_p90"), ("p10", "p50", "p90")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterRange(Result):
    """A figure that the claims move: its 10, 50 and 90% points before and after, in its unit, on a day."""

    key: str
    label: str
    unit: str
    day: str
    value: float = measure(digits=6)
    prior_p10: float = measure(digits=6)
    prior_p50: float = measure(digits=6)
    prior_p90: float = measure(digits=6)
    p10: float = measure(digits=6)
    p50: float = measure(digits=6)
    p90: float = measure(digits=6)
    shift: float = measure("sd", 3)
    narrowing: float = measure("1", 3)
    grade: str
    source_id: str


@dataclass(frozen=True, kw_only=True)
class Calibration(Result):
    """The weighted ensemble in numbers: `evidence` is what the leave-one-out score decides for studies.

    What the claims say is nothing by default, as of a package without comparable ones.
    """

    QUESTION: ClassVar[str] = "calibrate"
    ROWS: ClassVar[str] = "claims"

    draws: int
    seed: int
    discrepancy: float
    effective: float = measure("draws", 1)
    evidence: str
    prior_score: float = measure(digits=4, default=0.0)
    loo_score: float = measure(digits=4, default=0.0)
    gain: float = measure(digits=4, default=0.0)
    gain_error: float | None = measure(digits=4, default=None)
    gain_by_source: float = measure(digits=4, default=0.0)
    prior_covered: int = 0
    loo_covered: int = 0
    no_draw_meets: tuple[str, ...] = ()
    claims: tuple[ClaimPrediction, ...] = ()
    parameters: tuple[ParameterRange, ...] = ()


def answer(
    model: Model,
    *,
    draws: Annotated[int | None, Ask("Draws of the ensemble; 20,000.", metavar="N", minimum=100)] = None,
    seed: Seed = 1,
    discrepancy: Annotated[
        float | None,
        Ask("Standard deviation of ln(published / model) that is the model's; 0.15.", metavar="X", minimum=0),
    ] = None,
) -> Calibration:
    """Weigh draws of all figures by how well they meet the published claims, and predict each claim from the others.

    Gives the effective sample size, the 10-50-90% ranges of the figures that moved, the claims that no draw meets, and
    each claim predicted from all the others with its interval and log score. Nothing in the data is changed. Raises
    BadValue for a day, scenario or option; for a package without comparable claims the answer is empty.

    >>> import corridor_net as cn
    >>> cn.load().calibrate(draws=2000).evidence
    'none'
    """
    from corridor_net.analysis.validate import validate
    from corridor_net.uncertainty.calibration import calibrate as room

    refuse_options(model, "calibrate")
    count = room.DRAWS if draws is None else draws
    spread = room.DISCREPANCY if discrepancy is None else discrepancy
    asked: dict[str, Any] = {"draws": count, "seed": seed, "discrepancy": spread}
    checks = [check for check in validate(model.base) if check.error is not None]
    if not checks:
        return Calibration(**asked, effective=float(count), evidence="none")
    posterior = room.calibrate(checks, **asked)
    predicted = posterior.predicted()
    verdict = room.verdict(posterior, predicted)
    return Calibration(
        **asked,
        effective=posterior.effective,
        evidence=verdict.evidence,
        prior_score=sum(one.prior_score for one in predicted),
        loo_score=sum(one.loo_score for one in predicted),
        **fields_of(verdict, "gain", "gain_by_source"),
        gain_error=verdict.error if len(predicted) > 1 else None,
        prior_covered=sum(one.prior_covered for one in predicted),
        loo_covered=sum(one.loo_covered for one in predicted),
        no_draw_meets=tuple(one.claim for one in predicted if not one.meets_prior),
        claims=predicted,
        parameters=_parameters(room.moved(posterior)),
    )


def _parameters(found: tuple[Moved, ...]) -> tuple[ParameterRange, ...]:
    from corridor_net.analysis.labels import Labels

    listed = []
    for one in found:
        points: dict[str, Any] = dict(zip(PRIOR, one.prior, strict=True)) | dict(
            zip(POINTS, one.posterior, strict=True)
        )
        compiled = one.check.compiled
        if compiled is None:
            continue
        known = compiled.parameters[one.key]
        listed.append(
            ParameterRange(
                **fields_of(one, "key", "value", "shift", "narrowing"),
                **fields_of(known, "unit", "grade", "source_id"),
                **points,
                label=Labels(compiled.network).of(one.key),
                day=str(compiled.network.day),
            )
        )
    return tuple(listed)


def view(found: Calibration) -> Page:
    """Show the verdict, the figures that moved, and each claim predicted from the others."""
    if not found.claims:
        return page(NONE_PUBLISHED)
    count = len(found.claims)
    unmet = [f"{one.claim} ({published_text(one.row)})" for one in found.claims if one.claim in found.no_draw_meets]
    return page(
        _verdict(found),
        say(
            "{draws:n0} draws weighted by {count:n0|claim|claims} count as {effective:n0}. The 10-90% interval of a "
            "claim predicted from the others holds {loo_covered} of {count}; without evidence {prior_covered}.",
            found,
            count=count,
        ),
        say("No draw meets {claims} within 25%.", claims=", ".join(unmet))
        if unmet
        else say("Every claim is met within 25% by some draw."),
        _moved(found) if found.parameters else say("The claims move no figure."),
        _claims(found),
        say("Scores are ln of the predictive density of the claim; 'effective' the draws a prediction rests on."),
    )


def _verdict(found: Calibration) -> Sentence:
    from corridor_net.uncertainty.calibration.calibrate import FEWEST_EFFECTIVE

    told = {
        "published": "better than without, by more than two standard errors: studies take evidence: published",
        "none": "not better than without by two standard errors: studies keep evidence: none, the figures' own ranges",
        "few": "not known, for too few draws count: studies keep evidence: none, the figures' own ranges",
    }
    few = found.evidence == "none" and found.effective < FEWEST_EFFECTIVE
    return say(
        "Each claim predicted from all the others: log score {loo_score:n2}, without evidence {prior_score:n2}, gain "
        "{gain:+n2} (standard error {gain_error:n2}; {gain_by_source:+n2} with all claims of a source left out "
        "together). That is {told:label}.",
        found,
        gain=BeforeAfter(found.prior_score, found.loo_score),
        told=told["few" if few else found.evidence],
    )


def _moved(found: Calibration) -> Table:
    return table_of(
        found.parameters,
        Column(heading="figure", of=lambda one: _called(one.key)),
        Column(heading="unit", kind="label", of="unit"),
        Column(heading="before", of=lambda one: _points(one.prior_p10, one.prior_p50, one.prior_p90)),
        Column(heading="after", of=lambda one: _points(one.p10, one.p50, one.p90)),
        *numbers("shift, sd", of="shift", kind="change", digits=2),
        *numbers("narrower", of="narrowing", kind="share"),
        Column(heading="grade", rank=1, of="grade"),
        Column(heading="day", rank=2, of="day"),
        title="Figures that the claims move: 10, 50 and 90% points before and after",
    )


def _called(key: str) -> Sentence:
    """Return what a figure is called; of a copy that a scenario made for some of its users, with the scenario."""
    said, scenarios = figure_words(original_key(key)), scenarios_of(key)
    return say("{what}, under {scenario:name}", what=said, scenario=scenarios[-1]) if scenarios else said


def _points(low: float, middle: float, high: float) -> Sentence:
    return say("{low:g3} / {middle:g3} / {high:g3}", low=low, middle=middle, high=high)


def _claims(found: Calibration) -> Table:
    return table_of(
        found.claims,
        Column(heading="claim", of="claim"),
        Column(heading="from", kind="name", rank=1, of="origin"),
        Column(heading="to", kind="name", rank=1, of="destination"),
        Column(heading="published", of=lambda one: published_text(one.row)),
        *numbers("10%", "90%", of=("loo_p10", "loo_p90"), digits=1),
        Column(heading="holds it", kind="label", of=lambda one: "yes" if one.loo_covered else "no"),
        *numbers("score", of="loo_score", digits=2),
        *numbers("prior 10%", "prior 90%", of=("prior_p10", "prior_p90"), digits=1, rank=2),
        *numbers("prior score", of="prior_score", digits=2, rank=1),
        *numbers("effective", of="effective", rank=3),
        *numbers("draws that meet it", "weighted", of=("meets_prior", "meets_posterior"), kind="share", rank=2),
        title="Each claim predicted from all the others",
    )


def charts(found: Calibration) -> Mapping[str, Chart]:
    """Draw how far each figure that moved is shifted, in standard deviations of its own range."""
    rows = [(_called(one.key), one.shift) for one in found.parameters]
    bars = Bars(title="Figures that published claims move", unit="standard deviations", rows=rows)
    return {"calibration": bars} if rows else {}


def layer(found: Calibration) -> dict[str, Any]:
    """Give the pairs that claims are about as straight lines."""
    from corridor_net.output.maps.layers import pairs_layer

    return pairs_layer(networks_of(found)[0], found.claims, by="unit")
