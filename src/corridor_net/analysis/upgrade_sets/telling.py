"""What a run tells by itself: a finding, and the pair of a study that is most telling."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corridor_net.analysis.compare import Comparison, Run
from corridor_net.costing.money import trade_of_origins
from corridor_net.errors import BadValue
from corridor_net.render.words import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding of a study: a title, lines of text, the same as data for files, and the answer itself.

    `data` is rounded for files; what shows figures to people takes them from `result`, so that they are rounded once.
    """

    title: Sentence
    lines: tuple[Sentence, ...]
    data: dict[str, Any]
    result: Any = None


def most_moved_pair(comparison: Comparison) -> tuple[Run, str]:
    """Return the run of the main baseline with the largest mean gain at the focus, and the origin to tell of.

    That is, among the origins whose gateway changes (all, where none does), the one with the largest gain times
    trade. Raises BadValue for a study without scenarios, or whose scenarios cut every origin off.
    """
    runs = comparison.scenario_runs(comparison.main.baseline)
    if not runs:
        raise BadValue("the study has no scenarios to explain")
    gains = [(change, run) for run in runs if (change := comparison.effect(run).generalised_change_usd) is not None]
    if not gains:
        raise BadValue("no scenario leaves an origin with a route to compare")
    run = min(gains, key=lambda pair: pair[0])[1]
    trade = trade_of_origins(comparison.network)

    def worth(origin: str) -> float:
        pair = comparison.difference(run, origin)
        if not pair.before or not pair.after:
            return -1.0
        return (pair.before.generalised_cost_usd - pair.after.generalised_cost_usd) * trade.get(origin, 1.0)

    return run, max(comparison.effect(run).switched or comparison.origins, key=worth)
