"""Errors as the page shows them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from corridor_net.errors import CorridorError, NoRoute
from corridor_net.languages.errors import translated
from corridor_net.programs.desk import faults_of
from corridor_net.render.words import Words

SHOWN = 6
"""Reasons shown why there is no route."""
MORE = re.compile(r"and (\d+) more")
"""What ends a list of reasons that is cut."""


def errors_of(error: CorridorError, number: int | None = None) -> list[dict[str, Any]]:
    """Return an error as the page shows it: where it stands, what is wrong, what to do."""
    return faults_of(error, "" if number is None or number < 0 else f"scenarios.{number}")


def faults_in_words(faults: list[dict[str, Any]], words: Words) -> list[dict[str, Any]]:
    """Return errors with message and hint in a reader's language."""
    return [
        {**one, **{key: translated(one[key], words) for key in ("message", "hint") if one.get(key)}} for one in faults
    ]


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
    """Return in a reader's words that there is no route, and why: a few reasons, and how many there are besides."""
    if not error.hint:
        return translated(error.message, words)
    *first, last = error.hint.split("; ")
    left_out = MORE.fullmatch(last)
    reasons = first if left_out else [*first, last]
    more = len(reasons[SHOWN:]) + (int(left_out[1]) if left_out else 0)
    said = [translated(one, words) for one in reasons[:SHOWN]] + ([f"… (+{more})"] if more else [])
    return f"{translated(error.message, words)}{words.label(': ')}{words.label('; ').join(said)}"
