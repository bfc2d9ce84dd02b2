"""What a network still lacks before a first route can be asked of it. Nothing of prices or search."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .network import Network


def lacks(network: Network) -> list[str]:
    """Return what stands between the network, on its day, and a first route: one sentence a thing, with what to do.

    An empty list says that cargo can begin, move and end somewhere, at prices that are known; that each step has its
    figures, the named checks say.
    """
    return [*_places(network), *_money(network)]


def absent(network: Network) -> Iterator[str]:
    """Yield what datapackage.json names and the package does not hold, and what is taken in its place."""
    for table in network.absent:
        yield f"{network.package.tables[table].path} is described in datapackage.json and is not there: taken as empty"
    named = network.package.basemap
    if named and not (Path(network.folder) / named).is_file():
        yield f"{named} is the basemap of datapackage.json and is not there: maps show the world's"
    for node in sorted(network.package.overseas.nodes - set(network.nodes)):
        yield f"'{node}', overseas in datapackage.json, is no node"


def _places(network: Network) -> Iterator[str]:
    terminals = network.active("terminal")
    charter = network.rows("sea_lane") and any(terminal.to_state == "charter" for terminal in terminals)
    if not network.active("link") and not network.active("service") and not charter:
        yield "nothing moves: link.csv has no row that holds on the day, and service.csv neither"
    if not any(terminal.from_state == "origin" for terminal in terminals):
        yield "cargo can begin nowhere: terminal.csv needs a row from_state origin, to_state a mode such as road"
    if not any(terminal.to_state == "destination" for terminal in terminals):
        yield "cargo can end nowhere: terminal.csv needs a row from_state a mode such as road, to_state destination"


def _money(network: Network) -> Iterator[str]:
    if not network.rows("cargo"):
        yield "there is nothing to ship: cargo.csv needs a row, such as dry_40"
    year = network.day.year
    if year not in {row.year for row in network.rows("deflator")}:
        yield f"prices cannot be brought to {year}: deflator.csv needs a row for it, and for each price year"
