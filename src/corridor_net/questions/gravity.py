"""How much trade does carriage hold back: gravity by door-to-door cost, potential over actual, what upgrades add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.errors import BadFile, BadValue, CorridorError, raise_all
from corridor_net.questions import Ask, networks_of
from corridor_net.render.page import Cell, Column, Page, Table, numbers, page
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.gravity import Fit, Pairs
    from corridor_net.analysis.router import Router
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.render.chart import Chart
    from corridor_net.render.words import Words

GROUP = "Upgrades"
LAYER = "flows.geojson"
WITHOUT = {"by": "trade is explained by generalised cost"}
SHOWN = 25


@dataclass(frozen=True, kw_only=True)
class Flow:
    """Trade of one pair, million USD a year, and what the estimate expects, with its 10 and 90 % points.

    `over` is potential over actual; None where nothing is traded. `rises` is what each upgrade would add, a share.
    """

    origin: str
    destination: str
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
    out of the estimate (None: too few pairs). `added_musd` is what each upgrade would add to all trade.
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
    flows: tuple[Flow, ...]
    left_out: tuple[tuple[str, str, str], ...]


def answer(
    model: Model,
    trade: Annotated[str, Ask("CSV: origin, destination, musd; trade of each pair a year, 0 where there is none.")],
    *upgrades: Annotated[str, Ask("Scenarios whose effect on trade is told, each by itself.")],
) -> Gravity:
    """Estimate trade by pair from what carriage costs door to door, and tell potential over actual.

    Poisson pseudo maximum likelihood with a term for each origin and each destination; the same by distance beside it.
    Pairs without a route, and places that trade nothing, are left out and named. Raises BadFile, BadValue and
    UnknownName for a table that is not right, BadValue for one that tells too little.

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
    from corridor_net.analysis.gravity import fit, out_of_sample

    router = model.router
    rows = _rows(Path(trade), model.network)
    kept, left_out = _kept(rows, router)
    pairs, value = _pairs(kept), router.impedance.cargo.value_usd
    cost = _array([1 + usd / value for *_, usd in kept])
    length = _array([_km(model.network, a, b) for a, b, *_ in kept])
    by_cost, by_length = fit(pairs, cost), fit(pairs, length)
    out = out_of_sample(pairs, (cost, length))
    rises = {name: _rises(model, name, kept, by_cost.beta, value) for name in upgrades}
    return Gravity(
        file=Path(trade).name,
        as_of=str(model.network.day),
        cargo=router.impedance.cargo.cargo_id,
        theta=-by_cost.beta,
        theta_error=by_cost.standard_error,
        beta_distance=by_length.beta,
        beta_distance_error=by_length.standard_error,
        told_by_cost=by_cost.explained,
        told_by_distance=by_length.explained,
        told_by_cost_out=out[0],
        told_by_distance_out=out[1],
        added_musd={name: float(by_cost.expected @ _array(shares)) for name, shares in rises.items()},
        flows=_flows(kept, by_cost, length, rises),
        left_out=tuple(left_out),
    )


Kept = tuple[str, str, float, float]
"""Origin, destination, million USD, USD a box."""


def _array(values: Sequence[float]) -> Any:
    import numpy as np

    return np.array(values, float)


def _rows(path: Path, network: Network) -> list[tuple[str, str, float]]:
    """Read the table; raise every fault at once, each with its place."""
    from corridor_net.network.user_table import read_user_table

    found: dict[tuple[str, str], float] = {}
    faults: list[CorridorError] = []
    for row in read_user_table(path, ("origin", "destination", "musd"), "the table of trade"):
        try:
            ends = tuple(network.node(row.cells[name]).node_id for name in ("origin", "destination"))
        except CorridorError as error:
            faults.append(type(error)(error.message, place=row.place("origin"), hint=error.hint))
            continue
        usd = row.number("musd")
        if usd is None or usd < 0:
            hint = "million USD a year, 0 or more"
            faults.append(BadValue(f"musd is '{row.cells['musd']}'", place=row.place("musd"), hint=hint))
        elif ends[0] == ends[1] or ends in found:
            what = "origin and destination are one" if ends[0] == ends[1] else "the pair stands twice"
            faults.append(BadValue(what, place=row.place("origin"), hint="one row for each pair of places"))
        else:
            found[ends[0], ends[1]] = usd
    raise_all(faults)
    if not found:
        raise BadFile(f"'{path}' holds no trade", hint="rows of origin, destination, musd")
    return [(a, b, usd) for (a, b), usd in found.items()]


def _kept(rows: Sequence[tuple[str, str, float]], router: Router) -> tuple[list[Kept], list[tuple[str, str, str]]]:
    """Return the pairs that can be looked at with what a box costs, and those left out with why."""
    from corridor_net.analysis.gravity import traders

    costs = _costs(router, [(a, b) for a, b, _ in rows])
    reached = [(a, b, usd, costs[a, b]) for a, b, usd in rows if (a, b) in costs]
    out = [(a, b, "no route") for a, b, _ in rows if (a, b) not in costs]
    if not reached:
        raise BadValue("no pair of the table has a route", hint="name places that cargo reaches on the day")
    trading = traders(_pairs(reached)).tolist()
    out += [(a, b, "trades nothing") for (a, b, *_), there in zip(reached, trading, strict=True) if not there]
    return [row for row, there in zip(reached, trading, strict=True) if there], out


def _costs(router: Router, pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """Return generalised cost by pair, of those with a route: one search back from each destination."""
    from corridor_net.analysis.sectors import ways_to

    found: dict[tuple[str, str], float] = {}
    for goal in dict.fromkeys(b for _, b in pairs):
        starts = [a for a, b in pairs if b == goal]
        found |= {(way.origin, goal): way.generalised_cost_usd for way in ways_to(router, starts, goal)}
    return found


def _pairs(rows: Sequence[Kept]) -> Pairs:
    import numpy as np

    from corridor_net.analysis.gravity import Pairs

    starts, goals = ({name: n for n, name in enumerate(dict.fromkeys(row[end] for row in rows))} for end in (0, 1))
    return Pairs(
        origin=np.array([starts[row[0]] for row in rows]),
        destination=np.array([goals[row[1]] for row in rows]),
        trade=_array([row[2] for row in rows]),
    )


def _km(network: Network, a: str, b: str) -> float:
    from corridor_net.network.earth import geodesic_km

    here, there = network.nodes[a], network.nodes[b]
    return geodesic_km(here.x_coord, here.y_coord, there.x_coord, there.y_coord)


def _rises(model: Model, name: str, kept: Sequence[Kept], beta: float, value: float) -> list[float]:
    """Return what a scenario adds to the trade of each pair, a share; one that is cut off loses all."""
    after = _costs(model.with_scenario(name).router, [(a, b) for a, b, *_ in kept])
    return [
        exp(beta * (log(1 + after[a, b] / value) - log(1 + usd / value))) - 1 if (a, b) in after else -1.0
        for a, b, _, usd in kept
    ]


def _flows(kept: Sequence[Kept], made: Fit, length: Any, rises: Mapping[str, Sequence[float]]) -> tuple[Flow, ...]:
    found = [
        Flow(
            origin=a,
            destination=b,
            trade_musd=musd,
            cost_usd=usd,
            distance_km=float(length[number]),
            expected_musd=float(made.expected[number]),
            low_musd=float(made.low[number]),
            high_musd=float(made.high[number]),
            over=float(made.expected[number]) / musd if musd else None,
            rises={name: shares[number] for name, shares in rises.items()},
        )
        for number, (a, b, musd, usd) in enumerate(kept)
    ]
    return tuple(sorted(found, key=lambda one: (one.trade_musd - one.expected_musd, one.origin, one.destination)))


def view(found: Gravity) -> Page:
    """Show what cost explains against distance, what upgrades would add, and the pairs with the most left to trade."""
    return page(_first(found), _against(found), _added(found), _pairs_table(found), _left(found))


def _first(found: Gravity) -> Sentence:
    one = found.flows[0]
    return say(
        "Trade falls by {theta:n2} % (standard error {error:n2}) for each per cent that carriage adds to the price of "
        "goods; {a:name} to {b:name} has most left to trade: {expected:m1} million USD a year expected ({low:m1} to "
        "{high:m1}), {actual:m1} traded.",
        theta=found.theta,
        error=found.theta_error,
        a=one.origin,
        b=one.destination,
        expected=one.expected_musd,
        low=one.low_musd,
        high=one.high_musd,
        actual=one.trade_musd,
    )


def _against(found: Gravity) -> list[Sentence]:
    lines = [
        say(
            "Of what origins and destinations leave, cost explains {cost:p0} and distance {distance:p0} (elasticity "
            "{beta:n2}).",
            cost=found.told_by_cost,
            distance=found.told_by_distance,
            beta=found.beta_distance,
        )
    ]
    if found.told_by_cost_out is None or found.told_by_distance_out is None:
        lines.append(say("Too few pairs to test it on pairs left out of the estimate."))
    else:
        better = found.told_by_cost_out > found.told_by_distance_out
        lines.append(
            say(
                "In pairs left out of the estimate: {cost:p0} and {distance:p0}; cost tells better."
                if better
                else "In pairs left out of the estimate: {cost:p0} and {distance:p0}; distance tells better.",
                cost=found.told_by_cost_out,
                distance=found.told_by_distance_out,
            )
        )
    if not found.theta - 1.96 * found.theta_error > 0:
        lines.append(say("The estimate does not tell the elasticity from 0: go by nothing below."))
    return lines


def _added(found: Gravity) -> list[Sentence]:
    return [
        say("{name} would add {musd:m1} million USD a year, sizes and all else as they are.", name=name, musd=musd)
        for name, musd in found.added_musd.items()
    ]


def _pairs_table(found: Gravity) -> Table:
    columns = (
        Column(heading="from", kind="name"),
        Column(heading="to", kind="name"),
        *numbers("traded", "expected", "10 %", "90 %", digits=2, money=True),
        *numbers("over actual", digits=2),
        *numbers("cost, USD", "km", rank=1),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            one.origin,
            one.destination,
            one.trade_musd,
            one.expected_musd,
            one.low_musd,
            one.high_musd,
            one.over,
            one.cost_usd,
            one.distance_km,
        )
        for one in found.flows[:SHOWN]
    ]
    title = say("Million USD a year, most left to trade first")
    if len(found.flows) > SHOWN:
        title = say("{title} (the first {count} of {all})", title=title, count=SHOWN, all=len(found.flows))
    return Table(title=title, columns=columns, rows=tuple(rows))


def _left(found: Gravity) -> list[Sentence]:
    lines = []
    for why in dict.fromkeys(why for *_, why in found.left_out):
        pairs = tuple(
            say("{origin:name} - {destination:name}", origin=a, destination=b)
            for a, b, said in found.left_out
            if said == why
        )
        lines.append(say("Left out, {why:label}: {pairs:list}.", why=why, pairs=pairs))
    return lines


def charts(found: Gravity, words: Words) -> Mapping[str, Chart]:
    """Draw potential less actual."""
    from corridor_net.render.chart import Bars

    name = words.name
    rows = [
        (f"{name(one.origin)} - {name(one.destination)}", one.expected_musd - one.trade_musd)
        for one in found.flows[:SHOWN]
    ]
    title = "Trade that is expected beyond what there is"
    return {"left": Bars(title=title, unit="million USD a year", rows=rows)}


def layer(found: Gravity) -> dict[str, Any]:
    """Give the pairs as straight lines, with their trade and what is expected."""
    from corridor_net.output.layers import pairs_layer

    return pairs_layer(networks_of(found)[0], found.flows)


def files(found: Gravity) -> Mapping[str, str | bytes]:
    """Give every pair as a table."""
    return {"flows.csv": found.frame.to_csv(index=False, lineterminator="\n")}
