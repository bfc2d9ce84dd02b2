"""Checks of the published figures: that each says what it counts, and can be asked of the network as it says."""

from __future__ import annotations

from collections.abc import Iterator

from corridor_net.errors import BadValue, CorridorError, did_you_mean
from corridor_net.network.network import Network
from corridor_net.network.rows import Published

from .fault import Findings, found

KINDS = {"time": "time", "cost": "money", "cost_saving": "money"}
"""What is claimed, by metric; every other metric is a distance."""
DIFFERENCES = ("cost_saving", "distance_saving")
HOURS_IN = {"d": 24.0, "day": 24.0, "days": 24.0, "h": 1.0, "hours": 1.0}
"""Units of a claimed time."""
UNRATED = "write an ISO 4217 code with a rate, or comparable: no"
SCOPES = {"scope_from": "factory, departure or not_told", "scope_to": "arrival, cleared or not_told"}


def claims(network: Network) -> Findings:
    """A published figure says from where to where it counts, by known places and by modes of links.

    One that is to be compared has a unit of its kind, a range the right way round, and a day within those of the data.
    """
    modes = {row.mode for row in network.rows("link")}
    rates = {(row.currency, row.year) for row in network.rows("exchange_rate")}
    for row in network.rows("published"):
        faults = dict(_faults(network, row, modes))
        if row.comparable != "no" and row.is_input != "yes":
            faults = {**dict(_unmeant(network, row, rates)), **faults}
        yield from (found("published", row, column, error) for column, error in faults.items())
        if not faults:
            yield None


def _faults(network: Network, row: Published, modes: set[str]) -> Iterator[tuple[str, CorridorError]]:
    for column, words in SCOPES.items():
        if not getattr(row, column):
            yield column, BadValue(f"claim '{row.claim_id}' does not say what it counts", hint=words)
    for column in ("via", "versus_via"):
        for name in filter(None, getattr(row, column).split(";")):
            try:
                network.node(name)
            except CorridorError as error:
                yield column, error
    for name in filter(None, row.modes.split(";")):
        if name not in modes:
            yield "modes", BadValue(f"no link is of mode '{name}'", hint=did_you_mean(name, modes))


def _unmeant(network: Network, row: Published, rates: set[tuple[str, int]]) -> Iterator[tuple[str, CorridorError]]:
    """Yield what keeps a claim from being held against the model, by column."""
    claim = row.claim_id
    if KINDS.get(row.metric) == "money":
        year = min(max(row.as_of, network.days[0]), network.days[1]).year
        if (row.unit, year) not in rates:
            yield (
                "unit",
                BadValue(f"claim '{claim}' is in '{row.unit}', which has no exchange rate of {year}", hint=UNRATED),
            )
    elif row.unit not in (known := HOURS_IN if KINDS.get(row.metric) == "time" else ("km",)):
        yield "unit", BadValue(f"claim '{claim}' is in '{row.unit}'", hint=f"units of {row.metric}: {', '.join(known)}")
    if row.value_high is not None and row.value_high < row.value:
        yield (
            "value_high",
            BadValue(f"claim '{claim}' ends at {row.value_high:g}, below {row.value:g}, where it begins"),
        )
    if row.value <= 0 and row.metric not in DIFFERENCES:
        yield "value", BadValue(f"claim '{claim}' is of {row.value:g}: nothing costs, lasts or measures so little")
    if row.as_of > network.days[1]:
        yield "as_of", BadValue(f"claim '{claim}' is of {row.as_of}, after the last day of the data, {network.days[1]}")
    if row.origin == row.destination:
        yield "destination", BadValue(f"claim '{claim}' leads from '{row.origin}' to itself")
