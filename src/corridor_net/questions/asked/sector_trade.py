"""What is traded of each kind of goods: from a small table, or from trade statistics with the parties named."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_net.errors import BadFile, BadValue, UnknownName

if TYPE_CHECKING:
    from corridor_net.network import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorTrade:
    """Million USD a year, and revealed comparative advantage where the file tells the trade of the world."""

    musd: float
    advantage: float | None = None


def sector_trade(
    network: Network, path: str | None, seller: str | None, buyer: str | None, flow: str | None
) -> dict[str, SectorTrade]:
    """Return what is traded by cargo profile; with a seller and a buyer `path` is a file of trade statistics.

    Raises BadFile, BadValue and UnknownName with the place.
    """
    if bool(seller) != bool(buyer):
        raise BadValue("one of two parties is named", hint="who sells with --of, and who buys with --with")
    if path is None:
        if seller:
            raise BadValue("parties are named, and no file of their trade", hint="give it with --trade")
        return {}
    return _statistics(network, Path(path), seller, buyer, flow) if seller and buyer else _table(network, Path(path))


def _table(network: Network, path: Path) -> dict[str, SectorTrade]:
    from corridor_net.network.files.user_table import read_user_table

    found: dict[str, SectorTrade] = {}
    for row in read_user_table(path, ("cargo", "musd"), "the table of trade"):
        try:
            name, usd = network.cargo(row.text("cargo")).cargo_id, row.number("musd")
        except UnknownName as error:
            raise error.moved(row.place("cargo")) from None
        if usd is None or usd < 0:
            raise BadValue(
                f"musd is '{row.cells['musd']}'", place=row.place("musd"), hint="million USD a year, 0 or more"
            )
        if name in found:
            raise BadValue(f"'{name}' stands twice", place=row.place("cargo"), hint="one row for each kind of goods")
        found[name] = SectorTrade(musd=usd)
    if not found:
        raise BadFile(f"'{path}' holds no trade", hint="rows of cargo, musd")
    return found


def _statistics(network: Network, path: Path, seller: str, buyer: str, flow: str | None) -> dict[str, SectorTrade]:
    """Return trade between the parties by cargo profile, 0 where there is none."""
    from corridor_net.analysis.trade.advantage import by_group, revealed_advantage
    from corridor_net.analysis.trade.parties import sectors_of
    from corridor_net.analysis.trade.trade_files import read_trade

    table = read_trade(path, network, flow=flow)
    here, there = table.named(seller, "exporter"), table.named(buyer, "importer")
    known, sector = [row.cargo_id for row in network.rows("cargo")], sectors_of(network)
    codes = [table.by_code(*ends).items() for ends in ((here, there), (here,), ())]
    between, own, world = (by_group(amounts, lambda code: sector(code) or "") for amounts in codes)
    if not between:
        raise BadFile(f"'{path.name}' has no trade of {here} with {there}")
    others = table.rows["exporter"].nunique() > 1
    told = revealed_advantage(own, world) if others else {}
    return {name: SectorTrade(musd=between.get(name, 0.0), advantage=told.get(name)) for name in known}
