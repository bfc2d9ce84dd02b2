"""Trade by pair of places and kind of goods: read from a table or from trade statistics, with what carriage costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_net.errors import BadFile, BadValue, CorridorError, Place, UnknownName, did_you_mean, raise_all
from corridor_net.results import measure

if TYPE_CHECKING:
    from corridor_net.analysis.router import Router
    from corridor_net.analysis.trade.gravity import Pairs
    from corridor_net.analysis.trade.parties import Parties
    from corridor_net.model import Model
    from corridor_net.network import Network

PLACES = "say which place stands for each party with --places FILE, a table of party,node"
Left = tuple[str, str, str]
"""Origin, destination, and why they were left out."""


MOST_GROWN = 20.0
"""Growth of trade, as a natural logarithm, beyond which an elasticity is no estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairRow:
    """Trade of a pair in one kind of goods; `usd` what a box costs door to door, `value` what it is worth."""

    origin: str
    destination: str
    cargo: str
    musd: float
    usd: float = 0.0
    value: float = 1.0

    @property
    def burden(self) -> float:
        """One plus the cost of carriage over the value."""
        return 1 + self.usd / self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedTrade:
    """What of a file of trade statistics counts: trade from place to place, in goods of a profile.

    `between_musd` is that of parties at two places, whatever the goods.
    """

    parties: int
    of_parties: int
    musd: float = measure("million USD a year", 3)
    between_musd: float = measure("million USD a year", 3)
    of_musd: float = measure("million USD a year", 3)


def read_pairs(
    model: Model, trade: str, *, places: str | None = None, flow: str | None = None, year: int | None = None
) -> tuple[list[PairRow], CountedTrade | None]:
    """Return the trade of a table of places; with `places`, of a file of trade statistics, and what of it counts.

    Raises every fault of the table at once, each with its place.
    """
    if places is not None:
        return _statistics(model, Path(trade), Path(places), flow, year)
    if flow is not None or year is not None:
        raise BadValue("a table of places has no flow and no year", hint=PLACES)
    return _table(model, Path(trade)), None


def _table(model: Model, path: Path) -> list[PairRow]:
    from corridor_net.analysis.loads.demand import read_cells
    from corridor_net.analysis.trade.trade_files import form_of
    from corridor_net.network.files.user_table import read_user_table

    form = form_of(path) if path.exists() else None
    if form is not None:
        raise BadFile(
            f"'{path.name}' is a file of trade statistics ({form})", place=Place(str(path), line=1), hint=PLACES
        )
    rows = read_user_table(path, ("origin", "destination", "musd"), "the table of trade", ("cargo",))
    found: dict[tuple[str, str, str], PairRow] = {}
    faults: list[CorridorError] = []
    usual = model.options.cargo or model.network.default_cargo
    for row, cells in zip(rows, read_cells(rows, model.network, "musd", {}), strict=True):
        one = PairRow(**{"cargo": usual, **cells})
        key = one.origin, one.destination, one.cargo
        if key in found:
            hint = "one row for each pair of places"
            faults.append(BadValue("the pair stands twice", place=row.place("origin"), hint=hint))
        found[key] = one
    raise_all(faults)
    if not found:
        raise BadFile(f"'{path}' holds no trade", hint="rows of origin, destination, musd")
    return list(found.values())


def _statistics(
    model: Model, trade: Path, places: Path, flow: str | None, year: int | None
) -> tuple[list[PairRow], CountedTrade]:
    """Return trade of the parties that have a place, by cargo profile; 0 where the file has none."""
    from corridor_net.analysis.trade.parties import sectors_of
    from corridor_net.analysis.trade.trade_files import read_trade

    table = read_trade(trade, model.network, flow=flow, year=year)
    sector, rows = sectors_of(model.network), table.rows
    parties = {*rows["exporter"].unique(), *rows["importer"].unique()}
    at = _places(model.network, places, table.parties, parties)
    ends = (rows[column].astype(str).map(at) for column in ("exporter", "importer"))
    here, there = (end.fillna("") for end in ends)
    between = rows[(here != "") & (there != "") & (here != there)]
    sums: dict[tuple[str, str, str], float] = {}
    for row in between.itertuples():
        cargo = sector(str(row.code))
        if cargo is not None:
            key = at[str(row.exporter)], at[str(row.importer)], cargo
            sums[key] = sums.get(key, 0.0) + float(row.musd)
    if not sums:
        raise BadFile(f"no two parties of '{trade.name}' have places and trade", hint=f"see {places.name}")
    counted = CountedTrade(
        parties=len(at),
        of_parties=len(parties),
        musd=sum(sums.values()),
        between_musd=float(between["musd"].sum()),
        of_musd=float(rows["musd"].sum()),
    )
    origins, goals, goods = (dict.fromkeys(key[end] for key in sums) for end in range(3))
    made = [
        PairRow(origin=a, destination=b, cargo=cargo, musd=sums.get((a, b, cargo), 0.0))
        for cargo in goods
        for a in origins
        for b in goals
        if a != b
    ]
    return made, counted


def _places(network: Network, path: Path, parties: Parties, known: set[str]) -> dict[str, str]:
    """Return the place of each party; raise every party that is not in the file, and every place that is none."""
    from corridor_net.network.files.user_table import read_user_table

    found: dict[str, str] = {}
    faults: list[CorridorError] = []
    for row in read_user_table(path, ("party", "node"), "the table of places"):
        try:
            party = parties.party(row.text("party"))
            if party not in known:
                hint = did_you_mean(party, known, otherwise=f"for example {', '.join(sorted(known)[:5])}")
                faults.append(UnknownName(f"no trade of '{party}' is in the file", place=row.place("party"), hint=hint))
            found[party] = network.node(row.text("node")).node_id
        except CorridorError as error:
            faults.append(error if error.place else error.moved(row.place("node")))
    raise_all(faults)
    return found


def kept_rows(model: Model, rows: Sequence[PairRow]) -> tuple[list[PairRow], list[Left]]:
    """Return the rows that can be looked at with what a box costs, and those left out with why."""
    from corridor_net.analysis.trade.gravity import traders

    costs = _costs(model, rows)
    reached = [replace(row, usd=costs[row][0], value=costs[row][1]) for row in rows if row in costs]
    out = [(row.origin, row.destination, "no route") for row in rows if row not in costs]
    if not reached:
        raise BadValue("no pair of the table has a route", hint="name places that cargo reaches on the day")
    trading = traders(pairs_of(reached)).tolist()
    out += [
        (row.origin, row.destination, "trades nothing")
        for row, there in zip(reached, trading, strict=True)
        if not there
    ]
    return [row for row, there in zip(reached, trading, strict=True) if there], list(dict.fromkeys(out))


def _costs(model: Model, rows: Sequence[PairRow]) -> dict[PairRow, tuple[float, float]]:
    """Return generalised cost and the value of a box by row, of those with a route: a search back a destination."""
    found: dict[PairRow, tuple[float, float]] = {}
    for cargo in dict.fromkeys(row.cargo for row in rows):
        router = model.with_options(cargo=cargo).router
        own = [row for row in rows if row.cargo == cargo]
        reached = _ways(router, own)
        value = router.impedance.cargo.value_usd
        found |= {row: (reached[row.origin, row.destination], value) for row in own if _ends(row) in reached}
    return found


def _ends(row: PairRow) -> tuple[str, str]:
    return row.origin, row.destination


def _ways(router: Router, rows: Sequence[PairRow]) -> Mapping[tuple[str, str], float]:
    from corridor_net.analysis.trade.sectors import ways_to

    found: dict[tuple[str, str], float] = {}
    for goal in dict.fromkeys(row.destination for row in rows):
        starts = [row.origin for row in rows if row.destination == goal]
        found |= {(way.origin, goal): way.generalised_cost_usd for way in ways_to(router, starts, goal)}
    return found


def pairs_of(rows: Sequence[PairRow]) -> Pairs:
    """Return rows as arrays: origins and destinations of each kind of goods have numbers of their own."""
    import numpy as np

    from corridor_net.analysis.trade.gravity import Pairs

    ends = [[(getattr(row, end), row.cargo) for row in rows] for end in ("origin", "destination")]
    number = [{name: n for n, name in enumerate(dict.fromkeys(names))} for names in ends]
    return Pairs(
        origin=np.array([number[0][name] for name in ends[0]]),
        destination=np.array([number[1][name] for name in ends[1]]),
        trade=np.array([row.musd for row in rows], float),
    )


def rises_of(model: Model, name: str, kept: Sequence[PairRow], beta: float) -> list[float]:
    """Return what a scenario adds to the trade of each row, a share; one that is cut off loses all.

    Raises BadValue for an elasticity under which trade would grow beyond all numbers.
    """
    after = _costs(model.with_scenario(name), kept)
    return [_rise(beta, row, 1 + after[row][0] / row.value) if row in after else -1.0 for row in kept]


def _rise(beta: float, row: PairRow, burden: float) -> float:
    grown = beta * (log(burden) - log(row.burden))
    if grown > MOST_GROWN:
        raise BadValue(
            f"the elasticity that the table gives, {beta:,.4g}, would make the trade of {row.origin} with "
            f"{row.destination} grow more than e^{MOST_GROWN:g} times",
            hint="the table tells too little of what carriage does: give more pairs, or ask without scenarios",
        )
    return exp(grown) - 1
