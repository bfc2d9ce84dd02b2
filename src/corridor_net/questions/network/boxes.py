"""What does a demand ask of links, crossings, ports and ships by year, and where do empty boxes go?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from corridor_net.analysis.loads.empties import EMPTY_SHARE, HIRE_USD_PER_TEU_DAY, TURN_DAYS
from corridor_net.appraisal.project import GROWTH
from corridor_net.errors import BadValue
from corridor_net.questions import Ask
from corridor_net.questions.asked.values import number_in, run_of
from corridor_net.questions.pages.boxes import (
    Boxes,
    BoxYear,
    GoodsFlow,
    GrowthCase,
    Use,
    balances_csv,
    loads_csv,
    moves_csv,
)
from corridor_net.questions.pages.boxes import view as view
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.words import named, say

if TYPE_CHECKING:
    from corridor_net.analysis.loads.boxes import LaidDemand, Load
    from corridor_net.analysis.loads.demand import Freight
    from corridor_net.analysis.loads.empties import EmptyTerms, Kind, Turned
    from corridor_net.model import Model

FRAME = "years.csv"
WITHOUT = {
    "by": "cargo divides over routes by their generalised cost",
    "value_of_time": "each kind of goods has its own, in table cargo",
}
MOST_YEARS = 60
AS_GIVEN = "as given"
"""The case without anything added."""


def answer(  # noqa: PLR0913 (each is an option of the command)
    model: Model,
    demand: Annotated[
        str,
        Ask(
            "'market' (trade of table market), or CSV or Excel: origin, destination, tonnes, boxes or teu; cargo, year."
        ),
    ] = "market",
    *,
    growth: Annotated[float, Ask("Growth a year, where the table says none.", metavar="SHARE")] = GROWTH,
    until: Annotated[int | None, Ask("Last year; ten years after the first.", metavar="YEAR")] = None,
    cases: Annotated[
        tuple[str, ...], Ask("What a case adds to growth; repeatable.", metavar="NAME=SHARE", option="--case")
    ] = (),
    rooms: Annotated[
        tuple[str, ...], Ask("TEU a ship of a service holds; repeatable.", metavar="SERVICE=TEU", option="--room")
    ] = (),
    empty: Annotated[
        float, Ask("Money of an empty box to that of a laden one.", metavar="SHARE", minimum=0)
    ] = EMPTY_SHARE,
    hire: Annotated[float, Ask("Hire of a TEU a day.", metavar="USD", minimum=0)] = HIRE_USD_PER_TEU_DAY,
    turn: Annotated[float, Ask("Days a box spends at both ends of a trip.", metavar="DAYS", minimum=0)] = TURN_DAYS,
    destinations: Annotated[
        tuple[str, ...], Ask("Where 'market' trade goes; the focus.", metavar="NODE", option="--to")
    ] = (),
    scale: Annotated[float, Ask("Scale of the logit of routes, per USD.", metavar="S")] = 0.002,
) -> Boxes:
    """Lay a demand on the network by year: loads against capacity, return loads, empty boxes, their cost and number.

    Goods of each kind divide over routes by the logit of `gateways`; boxes that pile up go empty to where they lack, at
    least cost. Raises BadFile, BadValue and UnknownName for a table that is not right.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").boxes(until=2019)
    >>> found.laden_back
    0.0
    """
    from corridor_net.analysis.loads.boxes import lay
    from corridor_net.analysis.loads.empties import EmptyTerms, kinds_of

    freight = _freight(model, demand, destinations)
    years = _years(freight, until)
    laid = lay(freight, lambda name: model.with_options(cargo=name).router, scale)
    terms = EmptyTerms(empty_share=empty, hire_usd_per_teu_day=hire, turn_days=turn)
    kinds, held = kinds_of(laid, terms), {name: _amount(text) for name, text in map(_parted, rooms)}
    told = {AS_GIVEN: 0.0, **{name: _amount(text, least=-1.0) for name, text in map(_parted, cases)}}
    run = {name: _Run.of(laid, kinds, years, growth, more, held, terms) for name, more in told.items()}
    first = run[AS_GIVEN]
    return Boxes(
        demand=demand,
        **run_of(next(iter(laid.routers.values())), "as_of", "scenario", "price_year"),
        growth=growth,
        years=first.by_year(laid),
        goods=_goods(laid, first),
        uses=first.uses(),
        balances=first.turned[-1].balances,
        moves=first.turned[-1].moves,
        cases=tuple(one.case(name, told[name]) for name, one in run.items()) if cases else (),
        cut_off=laid.cut_off,
    )


def _freight(model: Model, demand: str, destinations: Sequence[str]) -> tuple[Freight, ...]:
    from pathlib import Path

    from corridor_net.analysis.loads.demand import read_freight
    from corridor_net.questions.asked.traffic import streams_of

    usual = model.options.cargo or model.network.default_cargo
    if demand != "market":
        return read_freight(Path(demand), model.network, usual, model.network.day.year)
    return streams_of(model, demand, destinations, model.network.day.year)


def _years(freight: Sequence[Freight], until: int | None) -> tuple[int, ...]:
    from corridor_net.appraisal.years import whole_year

    first = min(year for one in freight for year in one.boxes)
    last = first + 10 if until is None else whole_year(until, "the last year")
    if not first <= last < first + MOST_YEARS:
        raise BadValue(f"the last year is {last}, the first {first}", hint=f"0 to {MOST_YEARS - 1} years later")
    return tuple(range(first, last + 1))


def _parted(text: str) -> tuple[str, str]:
    name, separator, value = text.rpartition("=")
    if not (name and separator):
        raise BadValue(f"'{text}' names no value", hint="write it as NAME=VALUE")
    return name, value


def _amount(text: str, least: float = 0.0) -> float:
    value = number_in(text)
    if not least <= value < 1e9:
        raise BadValue(f"'{text}' is no amount", hint=f"a number of {least:g} or more")
    return value


@dataclass(frozen=True, eq=False, kw_only=True)
class _Run:
    """One case worked out."""

    years: tuple[int, ...]
    boxes: tuple[Any, ...]
    loads: Mapping[tuple[str, str], Load]
    turned: tuple[Turned, ...]
    teu: Any

    @classmethod
    def of(
        cls,
        laid: LaidDemand,
        kinds: Sequence[Kind],
        years: tuple[int, ...],
        growth: float,
        more: float,
        rooms: Mapping[str, float],
        terms: EmptyTerms,
    ) -> _Run:
        from corridor_net.analysis.loads.boxes import loads
        from corridor_net.analysis.loads.empties import turned

        boxes = tuple(one.by_year(years, growth, more) for one in laid.freight)
        each = [laid.routers[one.cargo].impedance.cargo.teu for one in laid.freight]
        return cls(
            years=years,
            boxes=boxes,
            loads=loads(laid, boxes, rooms),
            turned=tuple(turned(laid, kinds, boxes, number, terms) for number in range(len(years))),
            teu=sum(teu * count for teu, count in zip(each, boxes, strict=True)),
        )

    def uses(self) -> tuple[Use, ...]:
        """Return what is asked of each asset, those with a capacity and the fullest first."""
        found = [self._use(kind, key, *load) for (kind, key), load in self.loads.items()]
        return tuple(
            sorted(found, key=lambda one: (-one.use.get(self.years[-1], -1.0), -one.teu[self.years[-1]], one.key))
        )

    def _use(self, kind: str, key: str, teu: Any, counted: Any, capacity: Any) -> Use:
        from corridor_net.analysis.loads.boxes import queue_factor

        share = dict(zip(self.years, (counted / capacity.amount).tolist(), strict=True)) if capacity else {}
        last = share.get(self.years[-1])
        return Use(
            kind=kind,
            key=key,
            teu=dict(zip(self.years, teu.tolist(), strict=True)),
            unit=capacity.unit if capacity else None,
            capacity=capacity.amount if capacity else None,
            use=share,
            full_from=next((year for year, use in share.items() if use > 1), None),
            queue_factor=queue_factor(last) if last is not None and kind == "crossing" else None,
        )

    def by_year(self, laid: LaidDemand) -> tuple[BoxYear, ...]:
        """Return the years."""
        payload = [laid.routers[one.cargo].impedance.cargo.payload_t for one in laid.freight]
        teu = {kind: laid.routers[one.cargo].impedance.cargo.teu for kind, one in self._kinds(laid)}
        return tuple(
            BoxYear(
                year=year,
                tonnes=sum(t * float(count[n]) for t, count in zip(payload, self.boxes, strict=True)),
                boxes=sum(float(count[n]) for count in self.boxes),
                teu=float(self.teu[n]),
                empty_teu=sum(move.boxes * teu[move.kind.split()[0]] for move in self.turned[n].moves),
                reposition_usd=self.turned[n].reposition_usd,
                hire_usd=self.turned[n].hire_usd,
                fleet_teu=self.turned[n].fleet_teu,
            )
            for n, year in enumerate(self.years)
        )

    def _kinds(self, laid: LaidDemand) -> list[tuple[str, Freight]]:
        return [(laid.routers[one.cargo].impedance.cargo.unit, one) for one in laid.freight]

    def case(self, name: str, more: float) -> GrowthCase:
        """Return what a case comes to in its last year."""
        top = self.uses()[0]
        return GrowthCase(
            name=name,
            more_growth=more,
            teu=float(self.teu[-1]),
            fullest=(top.kind, top.key) if top.use else (),
            use=top.use.get(self.years[-1]),
            full_from=top.full_from,
            reposition_usd=self.turned[-1].reposition_usd,
        )


def _goods(laid: LaidDemand, run: _Run) -> tuple[GoodsFlow, ...]:
    network = next(iter(laid.routers.values())).network
    countries = {row.country: row.name for row in network.rows("country")}
    found: dict[tuple[str, str, str], list[float]] = {}
    for one, count in zip(laid.freight, run.boxes, strict=True):
        here, there = (countries[network.nodes[end].country] for end in (one.origin, one.destination))
        key = one.cargo, here, there
        sums = found.setdefault(key, [0.0, 0.0])
        sums[0] += float(count[0])
        sums[1] += float(count[-1])
    return tuple(
        GoodsFlow(
            cargo=cargo,
            name=network.cargo(cargo).name,
            origin_country=here,
            destination_country=there,
            first_boxes=first,
            last_boxes=last,
            last_tonnes=last * network.cargo(cargo).payload_t,
        )
        for (cargo, here, there), (first, last) in sorted(found.items(), key=lambda row: (-row[1][1], row[0]))
    )


def charts(found: Boxes) -> Mapping[str, Chart]:
    """Draw how full things are."""
    last = found.years[-1].year
    rows = [(named(one.key), 100 * one.use[last]) for one in found.uses if one.use][:25]
    title = say("Use of what has a known capacity, {year}", year=last)
    return {"use": Bars(title=title, unit="% of capacity", rows=rows)} if rows else {}


def files(found: Boxes) -> Mapping[str, str | bytes]:
    """Give loads, balances and moves as tables."""
    return {"loads.csv": loads_csv(found), "balances.csv": balances_csv(found), "moves.csv": moves_csv(found)}
