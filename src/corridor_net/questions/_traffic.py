"""The traffic over years that several questions ask for: of table market, or of a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_net.analysis.traffic import Stream, market_streams, read_streams
from corridor_net.errors import BadValue, CorridorError
from corridor_net.scenario import load_study

if TYPE_CHECKING:
    from corridor_net.model import Model


def streams_of(model: Model, traffic: str, destinations: Sequence[str], year: int) -> tuple[Stream, ...]:
    """Return the traffic that is asked for: of table market to the destinations, or of a file."""
    if traffic != "market":
        return read_streams(Path(traffic), model.router, year)
    goals = [model.network.node(name).node_id for name in destinations] or [_focus(model)]
    return market_streams(model.router, tuple(dict.fromkeys(goals)))


def _focus(model: Model) -> str:
    try:
        focus = load_study(model.base.default_study).file.focus
        return model.network.node(focus).node_id if focus else model.network.markets("market")[0].node_id
    except (CorridorError, IndexError):
        raise BadValue("no destination is known", hint="name one with --to, or give --traffic FILE") from None
