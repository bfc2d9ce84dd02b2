"""What does a demand ask of links, crossings, ports and ships by year, and where do empty boxes go?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.analysis.loads.empties import EMPTY_SHARE, HIRE_USD_PER_TEU_DAY, TURN_DAYS, Balance, Move
from corridor_net.appraisal.project import GROWTH
from corridor_net.errors import BadValue
from corridor_net.network.files.csv_cells import frame_csv
from corridor_net.questions import Ask
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.loads.boxes import Freight, Laid, Load
    from corridor_net.analysis.loads.empties import Kind, Terms, Turned
    from corridor_net.model import Model
    from corridor_net.render.page import Page
    from corridor_net.render.words import Words

GROUP = "Network"
WITHOUT = {
    "by": "cargo divides over routes by their generalised cost",
    "value_of_time": "each kind of goods has its own, in table cargo",
}
MOST_YEARS = 60
AS_GIVEN = "as given"
"""The case without anything added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxYear:
    """One year: what is carried, and what its boxes cost besides: empties brought, hire; `fleet_teu` boxes needed."""

    year: int
    tonnes: float = measure("t", 0)
    boxes: float = measure("boxes", 1)
    teu: float = measure("TEU", 1)
    empty_teu: float = measure("TEU", 1)
    reposition_usd: float = measure("USD", 0)
    hire_usd: float = measure("USD", 0)
    fleet_teu: float = measure("TEU", 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One kind of goods in one direction, from a country to a country, in the first and the last year."""

    cargo: str
    name: str
    origin_country: str
    destination_country: str
    first_boxes: float = measure("boxes", 1)
    last_boxes: float = measure("boxes", 1)
    last_tonnes: float = measure("t", 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What is asked of one link, crossing, port or service: TEU by year, and its share of what it can do.

    `unit` and `capacity` are those of a year, None where none is known; `full_from` is the first year above it.
    `queue_factor` is what the queue of a crossing is multiplied by in the last year.
    """

    kind: str
    key: str
    teu: dict[int, float] = measure("TEU", 1)
    unit: str | None
    capacity: float | None = measure("", 0)
    use: dict[int, float] = measure("share", 4)
    full_from: int | None
    queue_factor: float | None = measure("", 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case of growth: the last year, the thing that is fullest then, and what empties cost."""

    name: str
    more_growth: float = measure("share a year", 4)
    teu: float = measure("TEU", 1)
    fullest: tuple[str, ...]
    use: float | None = measure("share", 4)
    full_from: int | None
    reposition_usd: float = measure("USD", 0)


@dataclass(frozen=True, kw_only=True)
class Boxes(Result):
    """A demand over years on the network of one day; money in USD of `price_year`.

    `balances` and `moves` are those of the last year. `cut_off` has origin, destination and cargo.
    """

    QUESTION: ClassVar[str] = "boxes"
    ROWS: ClassVar[str] = "years"

    demand: str
    as_of: str
    scenario: str
    price_year: int
    growth: float = measure("share a year", 4)
    years: tuple[BoxYear, ...]
    goods: tuple[Goods, ...]
    uses: tuple[Use, ...]
    balances: tuple[Balance, ...]
    moves: tuple[Move, ...]
    cases: tuple[Case, ...]
    cut_off: tuple[tuple[str, str, str], ...]

    @property
    def laden_back(self) -> float:
        """Boxes that find a load where they were emptied, a share of all that arrive, in the last year."""
        come = sum(one.laden_in for one in self.balances)
        return sum(min(one.laden_in, one.laden_out) for one in self.balances) / come if come else 0.0


def answer(  # noqa: PLR0913 (each is an option of the command)
    model: Model,
    demand: Annotated[
        str,
        Ask(
            "'market' (trade of table market), or CSV or Excel: origin, destination, tonnes, boxes or teu; cargo, year."
        ),
    ] = "market",
    *,
    growth: Annotated[float, Ask("Growth a year, where the table says none.", "SHARE")] = GROWTH,
    until: Annotated[int | None, Ask("Last year; ten years after the first.", "YEAR")] = None,
    cases: Annotated[tuple[str, ...], Ask("What a case adds to growth; repeatable.", "NAME=SHARE", "--case")] = (),
    rooms: Annotated[tuple[str, ...], Ask("TEU a ship of a service holds; repeatable.", "SERVICE=TEU", "--room")] = (),
    empty: Annotated[float, Ask("Money of an empty box to that of a laden one.", "SHARE", minimum=0)] = EMPTY_SHARE,
    hire: Annotated[float, Ask("Hire of a TEU a day.", "USD", minimum=0)] = HIRE_USD_PER_TEU_DAY,
    turn: Annotated[float, Ask("Days a box spends at both ends of a trip.", "DAYS", minimum=0)] = TURN_DAYS,
    destinations: Annotated[tuple[str, ...], Ask("Where 'market' trade goes; the focus.", "NODE", "--to")] = (),
    scale: Annotated[float, Ask("Scale of the logit of routes, per USD.", "S")] = 0.002,
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
    from corridor_net.analysis.loads.empties import Terms, kinds_of

    freight = _freight(model, demand, destinations)
    years = _years(freight, until)
    laid = lay(freight, lambda name: model.with_options(cargo=name).router, scale)
    terms = Terms(empty_share=empty, hire_usd_per_teu_day=hire, turn_days=turn)
    kinds, held = kinds_of(laid, terms), {name: _amount(text) for name, text in map(_parted, rooms)}
    told = {AS_GIVEN: 0.0, **{name: _amount(text, least=-1.0) for name, text in map(_parted, cases)}}
    run = {name: _Run.of(laid, kinds, years, growth, more, held, terms) for name, more in told.items()}
    first = run[AS_GIVEN]
    network = model.network
    return Boxes(
        demand=demand,
        as_of=str(network.day),
        scenario=model.scenario.name if model.scenario else "baseline",
        price_year=next(iter(laid.routers.values())).impedance.prices.year,
        growth=growth,
        years=first.told(laid),
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
    from corridor_net.questions._traffic import streams_of

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
    name, separator, value = text.partition("=")
    if not (name and separator):
        raise BadValue(f"'{text}' names no value", hint="write it as NAME=VALUE")
    return name, value


def _amount(text: str, least: float = 0.0) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
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
        laid: Laid,
        kinds: Sequence[Kind],
        years: tuple[int, ...],
        growth: float,
        more: float,
        rooms: Mapping[str, float],
        terms: Terms,
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

    def told(self, laid: Laid) -> tuple[BoxYear, ...]:
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

    def _kinds(self, laid: Laid) -> list[tuple[str, Freight]]:
        return [(laid.routers[one.cargo].impedance.cargo.unit, one) for one in laid.freight]

    def case(self, name: str, more: float) -> Case:
        """Return what a case comes to in its last year."""
        top = self.uses()[0]
        return Case(
            name=name,
            more_growth=more,
            teu=float(self.teu[-1]),
            fullest=(top.kind, top.key) if top.use else (),
            use=top.use.get(self.years[-1]),
            full_from=top.full_from,
            reposition_usd=self.turned[-1].reposition_usd,
        )


def _goods(laid: Laid, run: _Run) -> tuple[Goods, ...]:
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
        Goods(
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


def view(found: Boxes) -> Page:
    """Show what is fullest, what is carried each way, loads against capacity, and where boxes pile up."""
    from corridor_net.questions._boxes_page import page_of

    return page_of(found)


def files(found: Boxes, words: Words) -> Mapping[str, str | bytes]:
    """Draw how full things are, and give years, loads, balances and moves as tables."""
    from corridor_net.output.charts.charts import bars_svg
    from corridor_net.questions._boxes_page import balances_csv, loads_csv, moves_csv
    from corridor_net.render.words import say

    last = found.years[-1].year
    rows = [(words.name(one.key), 100 * one.use[last]) for one in found.uses if one.use][:25]
    drawn: dict[str, str | bytes] = {
        "years.csv": frame_csv(found.frame),
        "loads.csv": loads_csv(found),
        "balances.csv": balances_csv(found),
        "moves.csv": moves_csv(found),
    }
    if rows:
        title = words.text(say("Use of what has a known capacity, {year}", year=str(last)))
        drawn["use.svg"] = bars_svg(rows, title, words.label("% of capacity"), words)
    return drawn
