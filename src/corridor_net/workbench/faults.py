"""Errors as the page shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corridor_net.errors import CorridorError, NoRoute
from corridor_net.languages.errors import in_words, told
from corridor_net.programs.desk import faults_of
from corridor_net.render.words import Words

SHOWN = 6
"""Reasons shown why there is no route."""


def errors_of(error: CorridorError, number: int | None = None) -> list[dict[str, Any]]:
    """Return an error as the page shows it: where it stands, what is wrong, what to do."""
    return faults_of(error, "" if number is None or number < 0 else f"scenarios.{number}")


def faults_in_words(faults: list[dict[str, Any]], words: Words) -> list[dict[str, Any]]:
    """Return errors with message and hint in a reader's language."""
    return [{**one, **{key: told(one[key], words) for key in ("message", "hint") if one.get(key)}} for one in faults]


def answered(make: Callable[[], dict[str, Any]], number: int, words: Words) -> dict[str, Any]:
    """Return an answer, or the errors of a scenario beside the answers of others; those of the question are raised."""
    if number < 0:
        return make()
    try:
        return make()
    except NoRoute as error:
        return {"no_route": why_not(error, words), "errors": []}
    except CorridorError as error:
        return {"errors": faults_in_words(errors_of(error, number), words)}


def why_not(error: NoRoute, words: Words) -> str:
    """Return in a reader's words that there is no route, and why."""
    said = in_words(error, words)
    reasons = (said.hint or "").split("; ")
    more = f"; … (+{len(reasons) - SHOWN})" if len(reasons) > SHOWN else ""
    return f"{said.message}: {'; '.join(reasons[:SHOWN])}{more}" if said.hint else said.message
