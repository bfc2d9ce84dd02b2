"""Errors as the page shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corridor_net.errors import CorridorError, NoRoute
from corridor_net.programs.desk import faults_of


def errors_of(error: CorridorError, number: int | None = None) -> list[dict[str, Any]]:
    """Return an error as the page shows it: where it stands, what is wrong, what to do."""
    return faults_of(error, "" if number is None or number < 0 else f"scenarios.{number}")


def told(make: Callable[[], dict[str, Any]], number: int) -> dict[str, Any]:
    """Return an answer, or the errors of a scenario beside the answers of others; those of the question are raised."""
    if number < 0:
        return make()
    try:
        return make()
    except NoRoute as error:
        return {"no_route": str(error), "errors": []}
    except CorridorError as error:
        return {"errors": errors_of(error, number)}
