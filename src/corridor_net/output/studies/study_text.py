"""A study in sentences: its main pair, gateways, what each scenario changes, how far to trust it. No computing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from corridor_net.analysis.compare import Comparison, Effect, Run
from corridor_net.analysis.notes import weak_share, weak_share_of_trips
from corridor_net.output.chances import SURE
from corridor_net.output.pair_text import other_day_sentence, pair_sentence
from corridor_net.render.not_known import least_chances, named_services
from corridor_net.render.words import Sentence, say, sentence_of
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair, PairUncertainty

LEAST_GAIN = 0.5
"""USD of generalised cost a box, on average, below which a scenario changes nothing."""


def prices_words(comparison: Comparison) -> tuple[Sentence, Sentence]:
    """Say of which years amounts are: in USD, and in another currency, whose rate is that of one year for all."""
    year = comparison.main.router.impedance.prices.year
    return (
        say("USD of the year of each baseline ({year} first)", year=year),
        say(
            "USD of the year of each baseline ({year} first) in {currency.code} at the rate of {currency.year}",
            year=year,
        ),
    )


def main_pair_words(comparison: Comparison, uncertainties: Mapping[Pair, PairUncertainty]) -> list[Sentence]:
    """Say the answer for the study's first origin and focus on its main baseline, and in short on the others."""
    pair = (comparison.origins[0], comparison.focus)
    bases = comparison.baselines
    said: list[Sentence] = []
    main, *rest = bases
    if pair in main.trips:
        said.append(pair_sentence(main.route(*pair), uncertainties.get(pair)))
    told = [other_day_sentence(run.route(*pair)) for run in rest if pair in run.trips]
    return [*said, *([say("{days:joined}", days=tuple(told))] if said and told else told)]


def answer_words(comparison: Comparison, uncertainties: Mapping[Pair, PairUncertainty]) -> Sentence:
    """Say the answer of a study in a sentence: who serves how many origins, how sure, and which scenario gains most."""
    main = comparison.main
    parts = [say("{title:label}, to {focus:name}: of {count} {what:label}, {told:list}", **_served(comparison, main))]
    unsure = sum(uncertainty.gateway_wins < SURE for uncertainty in uncertainties.values())
    if unsure:
        parts[0] = say("{said} (for {count} of them less than half of the draws agree)", said=parts[0], count=unsure)
    effects = comparison.effects(main)
    if best := _gains_most(effects):
        parts.append(_most(*best))
    elif effects:
        parts.append(say("no scenario gains anything on average"))
    return sentence_of(*parts)


def _gains_most(effects: Sequence[Effect]) -> tuple[Effect, float] | None:
    """Return the scenario that gains most on average and its gain, USD a box; None where none gains anything."""
    gains = [(e, -e.generalised_change_usd) for e in effects if e.generalised_change_usd is not None]
    best = max(gains, key=lambda pair: pair[1], default=None)
    return best if best is not None and best[1] > LEAST_GAIN else None


def _most(best: Effect, gain: float) -> Sentence:
    """Say which scenario gains most, and how many origins leave by another gateway with it."""
    told = {"scenario": best.scenario, "gain": gain}
    if not best.switched:
        return say("{scenario:label} gains most, {gain:m0} USD of generalised cost a box, and moves no origin", **told)
    return say(
        "{scenario:label} gains most, {gain:m0} USD of generalised cost a box, and moves {count} to another gateway",
        **told,
        count=len(best.switched),
    )


def _served(comparison: Comparison, run: Run) -> dict[str, Any]:
    """Return the fields of a sentence on who serves how many origins in a run."""
    count = len(comparison.origins)
    return {
        "focus": comparison.focus,
        "title": run.title,
        "count": count,
        "what": "origins" if count > 1 else "origin",
        "told": _gateways(comparison, run),
    }


def _gateways(comparison: Comparison, run: Run) -> tuple[Sentence, ...]:
    """Say how many origins leave by each gateway on the way to the focus, the most used first, and how many cannot."""
    trips = comparison.trips_of(run)
    counted = Counter(trip.gateway or "land" for trip in trips.values())
    told = [say("{count} by {gateway:name}", count=n, gateway=by) for by, n in counted.most_common()]
    without = len(comparison.origins) - len(trips)
    return (*told, *([say("{count} without a route", count=without)] if without else []))


def switched_words(effect: Effect) -> Sentence:
    """Say how many origins switch gateway, are cut off, or are reached for the first time."""
    words = [say("{count} of {all}", count=len(effect.switched), all=effect.origins)]
    words += [say("{count} cut off", count=len(effect.cut_off))] if effect.cut_off else []
    words += [say("{count} newly reached", count=len(effect.gained))] if effect.gained else []
    return say("{words:list}", words=tuple(words))


def summary(comparison: Comparison) -> list[Sentence]:
    """Say in a few sentences what the tables say, and how far the main pair of each baseline rests on weak figures.

    Of the main baseline `answer_words` has said the rest. What scenarios do not gain is said at the end.
    """
    bases = comparison.baselines
    lines = []
    for run in bases:
        served = [] if run is bases[0] else _baseline_words(comparison, run, comparison.effects(run))
        said = [*served, *weak_words(comparison, run)]
        lines += [say("{lines:joined}", lines=tuple(said))] if said else []
    return [*lines, *without_gain(comparison)]


def not_known_words(comparison: Comparison) -> list[Sentence]:
    """Name, of each baseline and its scenarios, the services on ways to the focus that nobody knows to run."""
    lines = []
    for base in comparison.baselines:
        runs = [run for run in comparison.runs if run.baseline == base.baseline]
        used = {service for run in runs for trip in comparison.trips_of(run).values() for service in trip.services}
        if found := least_chances([run.router.network for run in runs], used):
            told = {"title": base.title, "focus": comparison.focus, "services": named_services(found)}
            lines.append(say("{title:label}, not known to run on the ways to {focus:name}: {services}.", **told))
    return lines


def weak_words(comparison: Comparison, run: Run) -> list[Sentence]:
    """Say how much of the main pair's answer, and of all pairs together, rests on figures of grade C or D."""
    trip = run.trips.get((comparison.origins[0], comparison.focus))
    if trip is None:
        return []
    weak = weak_share(run.route(trip.origin, trip.destination))
    lines = [
        say(
            "{origin:name} to {destination:name} rests on figures of grade C or D for {usd:p0} of its cost and "
            "{hours:p0} of its hours.",
            origin=trip.origin,
            destination=trip.destination,
            usd=weak["cost_usd"],
            hours=weak["hours"],
        )
    ]
    if len(run.trips) > 1:
        every = weak_share_of_trips(run.router, run.trips.values())
        lines.append(
            say(
                "All {count} pairs together rest on them for {usd:p0} of their cost and {hours:p0} of their hours.",
                count=len(run.trips),
                usd=every["cost_usd"],
                hours=every["hours"],
            )
        )
    return lines


def _baseline_words(comparison: Comparison, run: Run, effects: Sequence[Effect]) -> list[Sentence]:
    """Say of a baseline who serves how many origins, and which scenario gains most."""
    lines = [say("{title:label}: of {count} {what:label}, {told:list}.", **_served(comparison, run))]
    if best := _gains_most(effects):
        effect, gain = best
        lines.append(
            say(
                "Largest gain: {scenario:label}, {gain:m0} USD of generalised cost a box, {count:n0|origin "
                "switches|origins switch} gateway.",
                scenario=effect.scenario,
                gain=gain,
                count=len(effect.switched),
            )
        )
    return lines


def idle(effects: Sequence[Effect]) -> list[str]:
    """Return the scenarios that change nothing on average, and neither cut off nor reach anybody."""
    return [
        e.scenario
        for e in effects
        if e.generalised_change_usd is not None
        and abs(e.generalised_change_usd) <= LEAST_GAIN
        and not e.cut_off
        and not e.gained
    ]


def without_gain(comparison: Comparison) -> list[Sentence]:
    """Say which scenarios cut origins off, and which change nothing: once of all baselines on which it is the same."""
    alike: dict[tuple[str, ...], list[Run]] = {}
    for run in comparison.baselines:
        alike.setdefault(tuple(map(str, _no_gain(comparison, run))), []).append(run)
    told = []
    for runs in alike.values():
        every = len(runs) == len(comparison.baselines)
        told += _no_gain(comparison, runs[0], () if every else tuple(run.title for run in runs))
    return told


def _no_gain(comparison: Comparison, run: Run, titles: Sequence[str] = ()) -> list[Sentence]:
    """Say it of a baseline, or of those with these titles, all alike."""
    effects = comparison.effects(run)
    cut = tuple(
        say("{scenario:label} ({count} of {all} origins)", scenario=e.scenario, count=len(e.cut_off), all=e.origins)
        for e in effects
        if e.cut_off
    )
    lines = []
    told: dict[str, Any] = {"titles": titles, "focus": comparison.focus, "cut": cut, "names": idle(effects)}
    if cut and titles:
        lines.append(say("{titles:both}: cut off from {focus:name} by: {cut:list}.", **told))
    elif cut:
        lines.append(say("Cut off from {focus:name} by: {cut:list}.", **told))
    if told["names"] and titles:
        lines.append(
            say("{titles:both}: alone, these change nothing on the way to {focus:name}: {names:list}.", **told)
        )
    elif told["names"]:
        lines.append(say("Alone, these change nothing on the way to {focus:name}: {names:list}.", **told))
    return lines
