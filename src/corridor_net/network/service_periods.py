"""The check of services with several periods: one state at a time, and a probability where it is not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from corridor_net.errors import BadValue, CorridorError

from .network import Network
from .place import cell_place


def service_periods(network: Network) -> Iterator[CorridorError | None]:
    """Periods of a service do not overlap, and those of state unknown, and only these, have a probability."""
    last: dict[str, Any] = {}
    for service in sorted(network.rows("service"), key=lambda row: row.valid_from or date.min):
        before, column = last.get(service.service_id), "valid_from"
        message = hint = None
        if before is not None and (before.valid_to is None or before.valid_to >= (service.valid_from or date.min)):
            message = f"service '{service.service_id}' has two states on {service.valid_from}: also line {before.line}"
            hint = "end one period before the next begins"
        elif (service.state == "unknown") != (service.probability_open is not None):
            column = "probability_open"
            message = f"service '{service.service_id}' is {service.state}, and its probability is '{_shown(service)}'"
            hint = "state unknown needs probability_open, from 0 to 1; open and closed have none"
        last[service.service_id] = service
        place = cell_place(Path(network.folder) / "service.csv", service.line, column)
        yield BadValue(message, place=place, hint=hint) if message else None


def _shown(service: Any) -> str:
    return "" if service.probability_open is None else f"{service.probability_open:g}"
