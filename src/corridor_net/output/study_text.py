"""A study in sentences: which gateways, what each scenario changes, how far to trust it. No computing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from corridor_net.analysis.compare import Comparison, Effect, Run
from corridor_net.analysis.notes import weak_share
from corridor_net.render.words import Sentence, say
from corridor_net.uncertainty.ensemble import Pair, PairDoubt

from .chances import SURE

LEAST_GAIN = 0.5
"""USD of generalised cost a box, on average, below which a scenario changes nothing."""


def answer_words(comparison: Comparison, doubts: Mapping[Pair, PairDoubt]) -> Sentence:
    """Say the answer of a study in a sentence: who serves how many origins, how sure, and which scenario gains most."""
    main = comparison.runs[0]
    gateways = _gateways(comparison, main)
    told = [f"{count} by {by}" for by, count in gateways]
    without = len(comparison.origins) - sum(count for _, count in gateways)
    told += [f"{without} without a route"] if without else []
    unsure = sum(doubt.gateway_wins < SURE for doubt in doubts.values())
    sure = f" (for {unsure} of them less than half of the draws agree)" if unsure else ""
    effects = [comparison.effect(run) for run in comparison.scenario_runs(main.baseline)]
    gains = [(-e.generalised_change_usd, e) for e in effects if e.generalised_change_usd is not None]
    gain, best = max(gains, key=lambda pair: pair[0], default=(0.0, None))
    more = ""
    if best is not None and gain > LEAST_GAIN:
        more = (
            f"; {best.scenario} gains most, {gain:,.0f} USD of generalised cost a box, and moves {len(best.switched)} "
            "to another gateway"
        )
    elif effects:
        more = "; no scenario gains anything on average"
    return say(
        "To {focus:name}, {title}: of {count} {what}, {told}{sure}{more}.",
        focus=comparison.focus,
        title=main.title,
        count=len(comparison.origins),
        what="origins" if len(comparison.origins) > 1 else "origin",
        told=", ".join(told),
        sure=sure,
        more=more,
    )


def _gateways(comparison: Comparison, run: Run) -> list[tuple[str, int]]:
    """Return how many origins leave by each gateway on the way to the focus, the most used first."""
    trips = [run.trips.get((origin, comparison.focus)) for origin in comparison.origins]
    names = [_name(comparison, trip.gateway) or "land" for trip in trips if trip]
    return sorted(Counter(names).items(), key=lambda pair: -pair[1])


def switched_words(effect: Effect) -> str:
    """Say how many origins switch gateway, are cut off, or are reached for the first time."""
    words = [f"{len(effect.switched)} of {effect.origins}"]
    words += [f"{len(effect.cut_off)} cut off"] if effect.cut_off else []
    words += [f"{len(effect.gained)} newly reached"] if effect.gained else []
    return ", ".join(words)


def summary(comparison: Comparison) -> list[str]:
    """Say in a few sentences what the tables say; indented ones tell how far to trust the one above."""
    lines = []
    for run in comparison.runs:
        if run.scenario is not None:
            continue
        effects = [comparison.effect(r) for r in comparison.scenario_runs(run.baseline)]
        lines.append(_sentence(comparison, run, effects))
        trip = run.trips.get((comparison.origins[0], comparison.focus))
        if trip is not None:
            weak = weak_share(run.route(trip.origin, trip.destination))
            lines.append(
                f"  {_name(comparison, trip.origin)} to {_name(comparison, trip.destination)} rests on "
                f"figures of grade C or D for {weak['cost_usd']:.0%} of its cost and {weak['hours']:.0%} of its hours."
            )
    return lines


def _sentence(comparison: Comparison, run: Run, effects: Sequence[Effect]) -> str:
    gateways = _gateways(comparison, run)
    told = [f"{count} by {by}" for by, count in gateways]
    without = len(comparison.origins) - sum(count for _, count in gateways)
    told += [f"{without} without a route"] if without else []
    text = f"{run.title}: of {len(comparison.origins)} origins, {', '.join(told)}."
    changes = [(e, e.generalised_change_usd) for e in effects if e.generalised_change_usd is not None]
    helpful = [(change, e) for e, change in changes if change < -LEAST_GAIN]
    idle = [e.scenario for e, change in changes if abs(change) <= LEAST_GAIN and not e.cut_off and not e.gained]
    if helpful:
        change, best = min(helpful, key=lambda pair: pair[0])
        text += (
            f" Largest gain: {best.scenario}, {-change:,.0f} USD of generalised cost a box, "
            f"{len(best.switched)} origins switch gateway."
        )
    cut = [f"{e.scenario} ({len(e.cut_off)} of {e.origins} origins)" for e in effects if e.cut_off]
    if cut:
        text += f" Cut off from {_name(comparison, comparison.focus)} by: {', '.join(cut)}."
    if idle:
        text += f" Alone, these change nothing on the way to {_name(comparison, comparison.focus)}: {', '.join(idle)}."
    return text


def _name(comparison: Comparison, node_id: str | None) -> str:
    return comparison.network.nodes[node_id].name if node_id else ""
