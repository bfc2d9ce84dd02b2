"""What the questions about published figures share: they have their own days and cargoes, and a claim in words."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from corridor_net.errors import BadValue
from corridor_net.render.words import Sentence, say, spaced

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.network.rows import Published

NONE_PUBLISHED = "There are no published figures to hold the model against: table published has no rows."


def refuse_options(model: Model, asked: str) -> None:
    """Raise BadValue where a day, scenario or option is given that every claim says itself."""
    given = [one.name for one in fields(model.options) if getattr(model.options, one.name) != one.default]
    given += ["as_of"] if model.day else []
    given += ["scenario"] if model.scenarios else []
    if given:
        raise BadValue(
            f"{asked} takes no {given[0]}", hint="every published figure says its own day, cargo and basis of time"
        )


def published_text(claim: Published) -> Sentence:
    """Return what was published, with its unit."""
    told = "{value:g} {unit}" if claim.value_high is None else "{value:g}-{value_high:g} {unit}"
    said = say(told, claim)
    return say("> {said}", said=said) if claim.bound else said


def what_said(claim: Published) -> Sentence:
    """Return what is claimed: the metric, of a time its basis, and by which modes and scenario if it says so."""
    what = f"time, {claim.basis_of_time}" if claim.metric == "time" else spaced(claim.metric)
    modes = [name for name in claim.modes.split(";") if name]
    said = say("{what:label}, by {modes:both}", what=what, modes=modes) if modes else say("{what:label}", what=what)
    return say("{what}, under {scenario:name}", what=said, scenario=claim.scenario) if claim.scenario else said
