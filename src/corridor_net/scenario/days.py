"""Scenarios seen on another day than their own: what they are called then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from .load import Scenario, combine


def on_day(scenario: Scenario, day: date) -> Scenario:
    """Return the scenario as of a day; where its own day is another, its name and title say so."""
    if scenario.as_of in (None, day):
        return replace(scenario, as_of=day)
    words = f"as of {day}"
    return replace(scenario, as_of=day, name=f"{scenario.name} {words}", title=f"{scenario.title}, {words}")


def combine_on(scenarios: Sequence[Scenario], day: date | None) -> Scenario | None:
    """Return `combine` as of a day (that of the scenarios when None), named as by `on_day`; None for none.

    Raises ScenarioError as `combine`.
    """
    if day is None:
        return combine(scenarios)
    made = combine([replace(scenario, as_of=day) for scenario in scenarios])
    other = next((s.as_of for s in scenarios if s.as_of not in (None, day)), day)
    return None if made is None else on_day(replace(made, as_of=other), day)
