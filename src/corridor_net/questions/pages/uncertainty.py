"""The pages of uncertainty: a study under draws, and a long ensemble."""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from corridor_net.output.chances import MEANING, gateway_words
from corridor_net.questions.pages.uncertainty_words import (
    choice_sentence,
    how_priced,
    method,
    paragraph,
    reliability_sentence,
)
from corridor_net.render.page import Column, Page, Table, divided, numbers, p10_p90, page, table_of
from corridor_net.render.words import Sentence, after_by, say

if TYPE_CHECKING:
    from corridor_net.questions.uncertainty.uncertainty import BatchAnswer, UncertaintyAnswer
    from corridor_net.uncertainty.studies.study import RunUncertainty

OTHERS = 2
POINTS = ("p10", "p50", "p90")


def uncertainty_page(found: UncertaintyAnswer) -> Page:
    """Return the page of a study under draws."""
    uncertainty = found.uncertainty
    first, *more = paragraph(uncertainty, found.origin)
    tables: list[Any] = []
    for run in uncertainty.runs:
        if run.run.scenario is not None:
            continue
        tables.append(_pairs(run, uncertainty.destination, uncertainty.draws))
        paired = [r for r in uncertainty.runs if r.run.baseline == run.run.baseline and r.gain_usd]
        tables += [_gains(paired)] if paired else []
    return page(
        first,
        more,
        "Draws weighted by the published claims (evidence: published; corridor-net calibrate)."
        if found.evidence == "published"
        else None,
        choice_sentence(uncertainty.choice) if uncertainty.choice is not None else None,
        reliability_sentence(found.origin, uncertainty.destination, found.reliability),
        tables,
        "Money, days: median and 10-90% of the answer's route.",
        MEANING,
        method(uncertainty),
    )


def _pairs(run: RunUncertainty, goal: str, draws: int) -> Table:
    return table_of(
        run.pairs,
        Column(heading="from", kind="name", of="origin"),
        Column(heading="gateway, wins", kind="label", of=lambda pair: gateway_words(pair, OTHERS)),
        *numbers("province", of="region_wins", kind="share"),
        *numbers("USD", of="route.cost_usd.p50"),
        Column(heading="USD 10-90%", kind="range", of=p10_p90("route.cost_usd")),
        *numbers("days", of=divided("route.hours.p50", 24), digits=1),
        Column(heading="days 10-90%", kind="range", digits=1, of=p10_p90("route.hours", 24)),
        Column(heading="kg CO2e 10-90%", kind="range", rank=1, of=p10_p90("route.co2_kg")),
        title=say("{title:label}: to {goal:name}, {draws:n0} draws", title=run.run.title, goal=goal, draws=draws),
    )


def _gains(paired: list[RunUncertainty]) -> Table:
    shares = ("on_the_whole.better", "on_the_whole.equal", "on_the_whole.worse")
    return table_of(
        [one for one in paired if one.gain_usd is not None and one.on_the_whole is not None],
        Column(heading="scenario", kind="label", of=lambda one: str(one.run.scenario)),
        *numbers("gain USD 10%", "50%", "90%", of=[f"gain_usd.{point}" for point in POINTS], kind="change"),
        *numbers("better", "equal", "worse", of=shares, kind="share"),
        title="Each scenario against it, by the same draws",
    )


def batch_page(found: BatchAnswer) -> Page:
    """Return the page of a long ensemble: each pair's best way in each draw, its chances, how often it is better."""
    told = found.summary
    goals = told["destinations"]
    run = told["runs"][0]
    pair = run["pairs"][0]
    gate, share = next(iter(pair["gateways"].items()))
    first = say(
        "{origin:name} to {destination:name}, {draws:n0} draws: most often by {gate:name}, in {share:p0}{rest}; a box "
        "costs {low:m0} to {high:m0} USD by the way that is best in each draw (10 to 90%).",
        origin=pair["origin"],
        destination=pair["destination"],
        draws=told["draws"],
        gate=after_by(gate),
        share=share,
        rest=_rest(pair["gateways"]),
        low=pair["best"]["cost_usd"]["p10"],
        high=pair["best"]["cost_usd"]["p90"],
    )
    return page(
        first,
        [_batch_table(one, goals, told["draws"]) for one in told["runs"]],
        say(
            "Seed {seed}; {how:label}; every mean generalised cost known to ± {width:p2} (95%) or better.",
            seed=told["seed"],
            how=how_priced(exact=told["exact"]),
            width=told["half_width"],
        ),
    )


def _rest(gateways: Mapping[str, float]) -> Sentence | str:
    listed = list(gateways.items())[1:3]
    rest = tuple(say("{gateway:name} {share:p0}", gateway=gate, share=share) for gate, share in listed)
    return say(" (else {rest:list})", rest=rest) if rest else ""


def _batch_table(run: Mapping[str, Any], goals: list[str], draws: int) -> Table:
    better = ("better", "equal", "worse") if run["scenario"] else ()
    several = len(goals) > 1
    name = run["baseline"] if run["scenario"] is None else f"{run['baseline']}/{run['scenario']}"
    where = (
        say("{count:n0|destination|destinations}", count=len(goals)) if several else say("{goal:name}", goal=goals[0])
    )
    return table_of(
        run["pairs"],
        Column(heading="from", kind="name", of=itemgetter("origin")),
        *((Column(heading="to", kind="name", of=itemgetter("destination")),) if several else ()),
        Column(heading="gateway, wins", kind="label", of=_best_gateway),
        *numbers("USD", of=lambda pair: pair["best"]["cost_usd"]["p50"]),
        Column(heading="USD 10-90%", kind="range", of=lambda pair: _ends(pair["best"]["cost_usd"])),
        *numbers("days", of=lambda pair: pair["best"]["hours"]["p50"] / 24, digits=1),
        Column(heading="days 10-90%", kind="range", digits=1, rank=1, of=lambda pair: _ends(pair["best"]["hours"], 24)),
        *numbers(*better, of=tuple(map(itemgetter, better)), kind="share", digits=1),
        title=say("{name}: to {where}, {draws:n0} draws", name=name, where=where, draws=draws),
    )


def _best_gateway(pair: Mapping[str, Any]) -> Sentence:
    gate, share = next(iter(pair["gateways"].items()))
    return say("{gateway:name} {share:p0}{rest}", gateway=gate, share=share, rest=_rest(pair["gateways"]))


def _ends(points: Mapping[str, float], by: float = 1.0) -> tuple[float, float]:
    return points["p10"] / by, points["p90"] / by
