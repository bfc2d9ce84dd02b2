"""How much trade does carriage hold back: gravity by door-to-door cost, potential over actual, what upgrades add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np

from corridor_net.errors import BadValue
from corridor_net.questions import Ask, networks_of
from corridor_net.questions._shared import CustomsFlow
from corridor_net.questions.asked.trade_rows import CountedTrade, PairRow, kept_rows, pairs_of, read_pairs, rises_of
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.page import Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import Sentence, pairs_words, say
from corridor_net.results import Result, fields_of, measure

if TYPE_CHECKING:
    from corridor_net.analysis.trade.gravity import Fit
    from corridor_net.model import Model
    from corridor_net.network import Network

LAYER = "flows.geojson"
FRAME = "flows.csv"
WITHOUT = {"by": "trade is explained by generalised cost"}
SHOWN = 25


@dataclass(frozen=True, kw_only=True)
class Elasticity:
    """What the trade of one kind of goods alone says; None where it tells too little, `why` says what."""

    cargo: str
    name: str
    pairs: int
    theta: float | None = measure("", 4)
    theta_error: float | None = measure("", 4)
    told_by_cost: float | None = measure("share", 4)
    why: str


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Trade of one pair in one kind of goods, million USD a year, and what is expected, with its 10 and 90% points.

    `over` is potential over actual; None where nothing is traded. `rises` is what each upgrade would add, a share.
    """

    origin: str
    destination: str
    cargo: str
    trade_musd: float = measure("million USD a year", 3)
    cost_usd: float = measure("USD", 2)
    distance_km: float = measure("km", 1)
    expected_musd: float = measure("million USD a year", 3)
    low_musd: float = measure("million USD a year", 3)
    high_musd: float = measure("million USD a year", 3)
    over: float | None = measure("", 4)
    rises: dict[str, float] = measure("share", 4)


@dataclass(frozen=True, kw_only=True)
class Gravity(Result):
    """The estimate by cost of carriage and by distance, in sample and out of it, and every pair.

    `theta` is the elasticity of trade to one plus the cost of carriage over the value, `beta_distance` to distance.
    `told_*` are shares of the deviance that origins and destinations alone leave: within the sample, and of pairs left
    out of the estimate (None: too few pairs). `added_musd` is what each upgrade would add to all trade. `by_cargo` has
    each kind of goods by itself, where there are several. `counted` is what of trade statistics counts. `left_out` has
    origin, destination and why.
    """

    QUESTION: ClassVar[str] = "gravity"
    ROWS: ClassVar[str] = "flows"

    file: str
    as_of: str
    cargo: str
    theta: float = measure("", 4)
    theta_error: float = measure("", 4)
    beta_distance: float = measure("", 4)
    beta_distance_error: float = measure("", 4)
    told_by_cost: float = measure("share", 4)
    told_by_distance: float = measure("share", 4)
    told_by_cost_out: float | None = measure("share", 4)
    told_by_distance_out: float | None = measure("share", 4)
    added_musd: dict[str, float] = measure("million USD a year", 3)
    by_cargo: tuple[Elasticity, ...]
    flows: tuple[Flow, ...]
    counted: CountedTrade | None
    left_out: tuple[tuple[str, str, str], ...]


def answer(
    model: Model,
    trade: Annotated[
        str, Ask("CSV or Excel: origin, destination, musd, cargo; or a file of trade statistics.", names="file")
    ],
    *upgrades: Annotated[str, Ask("Scenarios whose effect on trade is told, each by itself.", names="scenario")],
    places: Annotated[
        str | None, Ask("CSV: party, node; which place stands for a party of trade statistics.", metavar="FILE")
    ] = None,
    flow: CustomsFlow = None,
    year: Annotated[int | None, Ask("Year of trade statistics; the last of the file.", metavar="YEAR")] = None,
) -> Gravity:
    """Estimate trade by pair from what carriage costs door to door, and tell potential over actual.

    Poisson pseudo maximum likelihood with a term for each origin and each destination, of each kind of goods; the same
    by distance beside it. Pairs without a route, and places that trade nothing, are left out and named. Raises BadFile,
    BadValue and UnknownName for a table that is not right, BadValue for one that tells too little.

    >>> import pathlib, tempfile
    >>> import corridor_net as cn
    >>> pairs = [(a, b, n + 1) for n, a in enumerate(("harbin", "hunchun", "yanji")) for b in ("niigata", "tokyo")]
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "trade.csv")
    ...     lines = ["origin,destination,musd", *(f"{a},{b},{musd}" for a, b, musd in pairs)]
    ...     _ = path.write_text("\\n".join(lines), encoding="utf-8")
    ...     found = cn.load(as_of="2019-07-01").gravity(path)
    >>> len(found.flows)
    6
    """
    from corridor_net.analysis.trade.gravity import fit, out_of_sample

    rows, counted = read_pairs(model, trade, places=places, flow=flow, year=year)
    kept, left_out = kept_rows(model, rows)
    pairs = pairs_of(kept)
    cost = np.array([row.burden for row in kept])
    length = np.array([_km(model.network, row.origin, row.destination) for row in kept])
    by_cost, by_length = fit(pairs, cost), fit(pairs, length)
    out = out_of_sample(pairs, (cost, length))
    rises = {name: rises_of(model, name, kept, by_cost.beta) for name in upgrades}
    goods = tuple(dict.fromkeys(row.cargo for row in kept))
    return Gravity(
        file=Path(trade).name,
        as_of=str(model.network.day),
        cargo=", ".join(goods),
        theta=-by_cost.beta,
        theta_error=by_cost.standard_error,
        beta_distance=by_length.beta,
        beta_distance_error=by_length.standard_error,
        told_by_cost=by_cost.explained,
        told_by_distance=by_length.explained,
        **dict(zip(("told_by_cost_out", "told_by_distance_out"), out, strict=True)),
        added_musd={name: float(by_cost.expected @ np.array(shares)) for name, shares in rises.items()},
        by_cargo=tuple(_alone(model, name, kept) for name in goods) if len(goods) > 1 else (),
        flows=_flows(kept, by_cost, length, rises),
        counted=counted,
        left_out=tuple(left_out),
    )


def _alone(model: Model, cargo: str, kept: Sequence[PairRow]) -> Elasticity:
    """Return what one kind of goods says by itself."""
    from corridor_net.analysis.trade.gravity import fit

    own = [row for row in kept if row.cargo == cargo]
    told: dict[str, Any] = {"cargo": cargo, "name": model.network.cargo(cargo).name, "pairs": len(own)}
    try:
        found = fit(pairs_of(own), np.array([row.burden for row in own]))
    except BadValue as error:
        return Elasticity(**told, theta=None, theta_error=None, told_by_cost=None, why=error.message)
    return Elasticity(**told, theta=-found.beta, theta_error=found.standard_error, told_by_cost=found.explained, why="")


def _km(network: Network, a: str, b: str) -> float:
    from corridor_net.network.earth import geodesic_km

    here, there = network.nodes[a], network.nodes[b]
    return geodesic_km(here.x_coord, here.y_coord, there.x_coord, there.y_coord)


def _flows(kept: Sequence[PairRow], made: Fit, length: Any, rises: Mapping[str, Sequence[float]]) -> tuple[Flow, ...]:
    found = [
        Flow(
            **fields_of(row, "origin", "destination", "cargo"),
            trade_musd=row.musd,
            cost_usd=row.usd,
            distance_km=float(length[number]),
            expected_musd=float(made.expected[number]),
            low_musd=float(made.low[number]),
            high_musd=float(made.high[number]),
            over=float(made.expected[number]) / row.musd if row.musd else None,
            rises={name: shares[number] for name, shares in rises.items()},
        )
        for number, row in enumerate(kept)
    ]
    return tuple(sorted(found, key=lambda one: (one.trade_musd - one.expected_musd, one.origin, one.destination)))


def view(found: Gravity) -> Page:
    """Show what cost explains against distance, what upgrades would add, and the pairs with the most left to trade."""
    goods = _goods_table(found) if found.by_cargo else None
    return page(
        _first(found), _against(found), _added(found), goods, _pairs_table(found), _counted(found), _left(found)
    )


def _first(found: Gravity) -> Sentence:
    one = found.flows[0]
    return say(
        "Trade falls by {theta:n2}% (standard error {error:n2}) for each per cent that carriage adds to the price of "
        "goods; {origin:name} to {destination:name} has most left to trade: {expected_musd:m1} million USD a year "
        "expected ({low_musd:m1} to {high_musd:m1}), {trade_musd:m1} traded."
        if found.theta >= 0
        else "Trade rises by {theta:n2}% (standard error {error:n2}) for each per cent that carriage adds to the "
        "price of goods; {origin:name} to {destination:name} has most left to trade: {expected_musd:m1} million USD a "
        "year expected ({low_musd:m1} to {high_musd:m1}), {trade_musd:m1} traded.",
        one,
        theta=abs(found.theta),
        error=found.theta_error,
    )


def _against(found: Gravity) -> list[Sentence | None]:
    explained = say(
        "Of what origins and destinations leave, cost explains {told_by_cost:p0} and distance {told_by_distance:p0} "
        "(elasticity {beta_distance:n2}).",
        found,
    )
    tested = say("Too few pairs to test it on pairs left out of the estimate.")
    if found.told_by_cost_out is not None and found.told_by_distance_out is not None:
        tested = say(
            "In pairs left out of the estimate: {told_by_cost_out:p0} and {told_by_distance_out:p0}; cost tells better."
            if found.told_by_cost_out > found.told_by_distance_out
            else "In pairs left out of the estimate: {told_by_cost_out:p0} and {told_by_distance_out:p0}; distance "
            "tells better.",
            found,
        )
    unsure = say("The estimate does not tell the elasticity from 0: go by nothing below.")
    return [explained, tested, None if found.theta - 1.96 * found.theta_error > 0 else unsure]


def _added(found: Gravity) -> list[Sentence]:
    return [
        say(
            "{name:label} would add {musd:m1} million USD a year, sizes and all else as they are.", name=name, musd=musd
        )
        for name, musd in found.added_musd.items()
    ]


def _goods_table(found: Gravity) -> Table:
    return table_of(
        found.by_cargo,
        Column(heading="goods", kind="label", of="name"),
        *numbers("pairs", of="pairs"),
        *numbers("elasticity", "standard error", of=("theta", "theta_error"), digits=2),
        *numbers("told by cost", of="told_by_cost", kind="share"),
        Column(heading="why none", rank=1, of="why"),
        title="Each kind of goods by itself",
    )


def _pairs_table(found: Gravity) -> Table:
    goods = (Column(heading="goods", rank=2, of="cargo"),) if found.by_cargo else ()
    trade = ("trade_musd", "expected_musd", "low_musd", "high_musd")
    return table_of(
        found.flows,
        Column(heading="from", kind="name", of="origin"),
        Column(heading="to", kind="name", of="destination"),
        *goods,
        *numbers("traded", "expected", "10%", "90%", of=trade, digits=2, money=True),
        *numbers("over actual", of="over", digits=2),
        *numbers("cost, USD", "km", of=("cost_usd", "distance_km"), rank=1),
        title="Million USD a year, most left to trade first",
        most=SHOWN,
    )


def _counted(found: Gravity) -> Sentence | None:
    if found.counted is None:
        return None
    return say(
        "Of {of_musd:m0} million USD in {file} {musd:m0} count ({share:p1}): {parties} of {of_parties} parties have a "
        "place, trade {between_musd:m0} with each other, and the rest of that is goods without a cargo profile.",
        found.counted,
        file=found.file,
        share=found.counted.musd / found.counted.of_musd,
    )


def _left(found: Gravity) -> list[Sentence]:
    lines = []
    for why in dict.fromkeys(why for *_, why in found.left_out):
        pairs = pairs_words((a, b) for a, b, said in found.left_out if said == why)
        lines.append(say("Left out, {why:label}: {pairs:list}.", why=why, pairs=pairs))
    return lines


def charts(found: Gravity) -> Mapping[str, Chart]:
    """Draw potential less actual."""
    flows = found.flows[:SHOWN]
    rows = [(say("{origin:name} - {destination:name}", one), one.expected_musd - one.trade_musd) for one in flows]
    bars = Bars(title="Trade that is expected beyond what there is", unit="million USD a year", rows=rows)
    return {"left": bars}


def layer(found: Gravity) -> dict[str, Any]:
    """Give the pairs as straight lines, with their trade and what is expected."""
    from corridor_net.output.maps.layers import pairs_layer

    return pairs_layer(networks_of(found)[0], found.flows)
