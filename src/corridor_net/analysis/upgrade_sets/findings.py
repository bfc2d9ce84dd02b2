"""What a study tells without being asked: why the gateway changed, the thresholds, the split of the joint gain."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from corridor_net.analysis.breakeven import Breakeven
from corridor_net.analysis.compare import Comparison
from corridor_net.analysis.thresholds import sentence
from corridor_net.analysis.varied import VALUE_OF_TIME
from corridor_net.errors import BadValue, NoRoute, ScenarioError
from corridor_net.render.words import say

from .attribution import attribution_summary
from .explain import explain_summary
from .subset_builder import TooMany
from .subsets import UpgradeSubsets
from .telling import Finding, most_moved_pair
from .upgrades import UNASKED_ARCS, study_subsets


def findings(comparison: Comparison) -> tuple[Finding, ...]:
    """Return the findings that a study has: none without scenarios, no split of a single one.

    A question that a study cannot be asked (upgrades that conflict, a focus out of reach) is left out. One that would
    take long on a large network is left out too, and named.
    """
    scenarios = {run.scenario for run in comparison.scenario_runs()}
    subsets = cache(lambda: study_subsets(comparison, most_arcs=UNASKED_ARCS))  # of both, compiled once
    asked: list[Callable[[Comparison], Finding]] = []
    if scenarios:
        asked = [partial(explain_summary, subsets=subsets), threshold_summary]
    if len(scenarios) > 1:
        asked.append(partial(_split, subsets=subsets))
    found = []
    for question in asked:
        try:
            found.append(question(comparison))
        except (BadValue, NoRoute, ScenarioError):
            continue
    return tuple(found)


def _split(comparison: Comparison, subsets: Callable[[], UpgradeSubsets]) -> Finding:
    try:
        return attribution_summary(comparison, subsets=subsets())
    except TooMany as error:
        line = say(
            "On a network of this size the combinations of upgrades are not worked out by default; corridor-net "
            "attribution, given the study, works them out."
        )
        return Finding(title=say("The joint gain, split"), lines=(line,), data={"left_out": error.message})


def threshold_summary(comparison: Comparison) -> Finding:
    """Return the nearest limits of the most telling pair of a study: value of time first, then three figures."""
    run, origin = most_moved_pair(comparison)
    pair = Breakeven(run.router, origin, comparison.focus)
    limits = pair.limits()
    prices = [limit for limit in limits.limits if limit.key == VALUE_OF_TIME]
    others = [limit for limit in limits.limits if limit.key != VALUE_OF_TIME][:3]
    lines = [sentence(limit, pair.route) for limit in (*prices, *others)]
    if not lines:
        lines = [say("No single figure of {tested} flips the gateway.", tested=limits.tested)]
    else:
        lines.append(
            say(
                "{count} of {tested} figures can flip the gateway alone.",
                count=len(limits.limits),
                tested=limits.tested,
            )
        )
    title = say(
        "Thresholds: {origin:name} to {destination:name}, {scenario:label}",
        origin=origin,
        destination=comparison.focus,
        scenario=run.scenario,
    )
    data = {"origin": origin, "destination": comparison.focus, **limits.to_dict()}
    return Finding(title=title, lines=tuple(lines), data=data, result=limits)
