"""What a study tells without being asked: why the gateway changed, the thresholds, the split of the joint gain."""

from __future__ import annotations

from corridor_net.errors import BadValue, NoRoute, ScenarioError

from .attribution import attribution_summary
from .breakeven import threshold_summary
from .compare import Comparison
from .explain import explain_summary
from .telling import Finding


def findings(comparison: Comparison) -> tuple[Finding, ...]:
    """Return the findings that a study has: none without scenarios, no split of a single one.

    A question that a study cannot be asked (upgrades that conflict, a focus out of reach) is left out.
    """
    scenarios = {run.scenario for run in comparison.scenario_runs()}
    asked = [explain_summary, threshold_summary] if scenarios else []
    if len(scenarios) > 1:
        asked.append(attribution_summary)
    found = []
    for question in asked:
        try:
            found.append(question(comparison))
        except (BadValue, NoRoute, ScenarioError):
            continue
    return tuple(found)
