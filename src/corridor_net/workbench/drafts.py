"""Scenarios that come with a request: as scenarios of the model, and as the YAML that `run` reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from corridor_net.errors import BadValue, Place, UnknownName, did_you_mean
from corridor_net.scenario import Scenario, combine, load_scenario, shipped_scenarios
from corridor_net.scenario.compose import scenario_from
from corridor_net.scenario.model import ScenarioFile

from .questions import MOST_CHANGES


def scenario_of(file: ScenarioFile, where: str, place: Callable[..., Place] | None = None) -> Scenario:
    """Return the scenario of a request. It may extend shipped scenarios by name; it never opens a path.

    `where` goes before the keys in the places of errors, unless `place` tells them. The day is the question's.
    """

    def at(*keys: str | int, **_: Any) -> Place:
        return Place(".".join(str(key) for key in (where, *keys) if key != ""))

    tell = place or at
    if len(file.changes) > MOST_CHANGES:
        raise BadValue(f"{len(file.changes)} changes", place=tell("changes"), hint=f"at most {MOST_CHANGES} here")
    known, bases = shipped_scenarios(), []
    for number, name in enumerate(file.extends):
        if name not in known:
            hint = did_you_mean(name, known, otherwise="only shipped scenarios can be extended here")
            raise UnknownName(f"unknown scenario '{name}'", place=tell("extends", number), hint=hint)
        bases.append(load_scenario(name))
    made = scenario_from(file, tell, bases)
    combine([made])
    return replace(made, as_of=None)


def yaml_of(file: ScenarioFile) -> str:
    """Return a scenario as YAML, its schema named on the first line."""
    writer = YAML()
    writer.default_flow_style = False
    writer.width = 100
    out = StringIO()
    writer.dump(file.model_dump(mode="json", exclude_defaults=True, exclude_none=True), out)
    return f"# yaml-language-server: $schema=scenario.schema.json\n{out.getvalue()}"
