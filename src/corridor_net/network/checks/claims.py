"""Checks of the published figures: that each says what it counts, and names places and modes that there are."""

from __future__ import annotations

from collections.abc import Iterator

from corridor_net.errors import BadValue, CorridorError, did_you_mean
from corridor_net.network.network import Network
from corridor_net.network.rows import Published

from .fault import Findings, found

SCOPES = {"scope_from": "factory, departure or not_told", "scope_to": "arrival, cleared or not_told"}


def claims(network: Network) -> Findings:
    """A published figure says from where to where it counts, by known places and by modes of links."""
    modes = {row.mode for row in network.rows("link")}
    for row in network.rows("published"):
        faults = dict(_faults(network, row, modes))
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
