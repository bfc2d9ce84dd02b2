"""A demand by year and its page: what is fullest, goods by direction, loads against capacity, boxes that pile up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from corridor_net.network.files.csv_cells import to_csv
from corridor_net.questions.pages.box_words import box_words
from corridor_net.render.page import Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import Sentence, pairs_words, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.loads.empties import Balance, Move

SHOWN = 15
LABELS = {
    "port": "Laden boxes through ports, loaded and landed",
    "service": "Laden boxes by service boarded",
    "crossing": "Laden boxes by crossing",
    "link": "Laden boxes by link, both ways",
}
"""What the table of the loads of each kind of asset is called."""
COUNTED = {"lorries": "lorries", "TEU": "TEU"}
"""What capacity is counted in."""


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
class GoodsFlow:
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
class GrowthCase:
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
    goods: tuple[GoodsFlow, ...]
    uses: tuple[Use, ...]
    balances: tuple[Balance, ...]
    moves: tuple[Move, ...]
    cases: tuple[GrowthCase, ...]
    cut_off: tuple[tuple[str, str, str], ...]

    @property
    def laden_back(self) -> float:
        """Boxes that find a load where they were emptied, a share of all that arrive, in the last year."""
        come = sum(one.laden_in for one in self.balances)
        return sum(min(one.laden_in, one.laden_out) for one in self.balances) / come if come else 0.0


def view(found: Boxes) -> Page:
    """Show what is fullest, what is carried each way, loads against capacity, and where boxes pile up."""
    return page(
        _first(found),
        _fullest(found),
        _back(found),
        _years(found),
        _goods(found),
        _against(found),
        *[_loads(found, kind) for kind in LABELS],
        _balances(found),
        _moves(found),
        _cases(found),
        *_end(found),
    )


def _first(found: Boxes) -> Sentence:
    first, last = found.years[0], found.years[-1]
    return say(
        "{tonnes:n0} t a year in {year} are {teu:n0} TEU; in {last} {more:n0} TEU.",
        first,
        last=str(last.year),
        more=last.teu,
    )


def _fullest(found: Boxes) -> Sentence:
    top, last = next((one for one in found.uses if one.use), None), found.years[-1].year
    if top is None:
        return say("Of nothing that these goods pass the capacity is known.")
    return say(
        "Fullest is {key:name}: {share:p0} of its capacity in {last}."
        if top.full_from is None
        else "Fullest is {key:name}: {share:p0} of its capacity in {last}; there is no room from {full_from} on.",
        top,
        share=top.use[last],
        last=last,
    )


def _back(found: Boxes) -> Sentence:
    last = found.years[-1]
    return say(
        "Of 100 boxes that arrive {back:n0} find a load where they are emptied. {empty_teu:n0} TEU go empty in "
        "{year}, for {reposition_usd:m0} USD ({each:m0} USD a laden TEU); hire is {hire_usd:m0} USD, and it takes "
        "{fleet_teu:n0} TEU of boxes.",
        last,
        back=100 * found.laden_back,
        each=last.reposition_usd / last.teu if last.teu else 0.0,
    )


def _years(found: Boxes) -> Table:
    return table_of(
        found.years,
        Column(heading="year", of=lambda one: str(one.year)),
        *numbers("tonnes", "TEU", of=("tonnes", "teu")),
        *numbers("empty TEU", of="empty_teu"),
        *numbers("empties, USD", "hire, USD", of=("reposition_usd", "hire_usd")),
        *numbers("boxes needed, TEU", of="fleet_teu", rank=1),
        title="By year",
    )


def _goods(found: Boxes) -> Table:
    first, last = (say("boxes {year}", year=str(found.years[end].year)) for end in (0, -1))
    return table_of(
        found.goods,
        Column(heading="goods", kind="label", of="name"),
        Column(heading="from", kind="label", of="origin_country"),
        Column(heading="to", kind="label", of="destination_country"),
        *numbers(first, last, of=("first_boxes", "last_boxes")),
        *numbers(say("tonnes {year}", year=str(found.years[-1].year)), of="last_tonnes", rank=1),
        title="Goods by direction",
    )


def _against(found: Boxes) -> Table | None:
    known = [one for one in found.uses if one.use]
    if not known:
        return None
    first, last = found.years[0].year, found.years[-1].year
    uses = (lambda one: one.use[first], lambda one: one.use[last])
    return table_of(
        known[:SHOWN],
        Column(heading="what is used", kind="name", of="key"),
        *numbers("capacity a year", of="capacity"),
        Column(heading="unit", kind="label", of=lambda one: COUNTED.get(str(one.unit), str(one.unit))),
        *numbers(*(say("use {year}", year=year) for year in (first, last)), of=uses, kind="share"),
        Column(heading="full from", of=_full_from),
        *numbers("queue ×", of="queue_factor", digits=2, rank=1),
        title="Against capacity",
    )


def _full_from(one: Use | GrowthCase) -> str:
    return str(one.full_from) if one.full_from else ""


def _loads(found: Boxes, kind: str) -> Table | None:
    chosen: list[Use] = [one for one in found.uses if one.kind == kind]
    if not chosen:
        return None
    first, last = found.years[0].year, found.years[-1].year
    chosen.sort(key=lambda one: (-one.teu[last], one.key))
    loads = (lambda one: one.teu[first], lambda one: one.teu[last])
    return table_of(
        chosen[:SHOWN],
        Column(heading=kind, kind="name", of="key"),
        *numbers(*(say("TEU {year}", year=year) for year in (first, last)), of=loads),
        title=LABELS[kind],
    )


def _balances(found: Boxes) -> Table:
    moved = ("laden_in", "laden_out", "empty_in", "empty_out")
    return table_of(
        sorted(found.balances, key=lambda one: -abs(one.laden_in - one.laden_out))[:SHOWN],
        Column(heading="box", of=lambda one: box_words(one.kind)),
        Column(heading="place", kind="name", of="node"),
        *numbers("laden in", "laden out", "empty in", "empty out", of=moved),
        *numbers("left over", of="left", rank=1),
        title=say("Balance of boxes in {year}, the widest first", year=str(found.years[-1].year)),
    )


def _moves(found: Boxes) -> Table | None:
    if not found.moves:
        return None
    return table_of(
        found.moves[:SHOWN],
        Column(heading="box", of=lambda one: box_words(one.kind)),
        Column(heading="from", kind="name", of="origin"),
        Column(heading="to", kind="name", of="destination"),
        *numbers("boxes", of="boxes"),
        *numbers("USD each", of="usd_each"),
        *numbers("days", of="days", digits=1),
        title="Empty boxes brought, at least cost",
    )


def _cases(found: Boxes) -> Table | None:
    if not found.cases:
        return None
    return table_of(
        found.cases,
        Column(heading="case", of=lambda one: say("as given") if one is found.cases[0] else one.name),
        *numbers("added to growth", of="more_growth", digits=1, kind="rise"),
        *numbers(say("TEU {year}", year=str(found.years[-1].year)), of="teu"),
        Column(heading="fullest", kind="name", of=lambda one: one.fullest[1] if one.fullest else None),
        *numbers("use", of="use", kind="share"),
        Column(heading="full from", of=_full_from),
        *numbers("empties, USD", of="reposition_usd"),
        title="Cases of growth",
    )


def _end(found: Boxes) -> list[Sentence | None]:
    market = say("The demand is all trade of table market in boxes, one way: an upper bound; nothing comes back laden.")
    places = tuple(say("{node:name} {left:+n0}", one) for one in found.balances if abs(one.left) > 0.5)
    pairs = pairs_words((a, b) for a, b, _ in found.cut_off)
    return [
        market if found.demand == "market" else None,
        say("No way for empty boxes, a year: {places:list}.", places=places) if places else None,
        say("No route, and left out: {pairs:list}.", pairs=pairs) if pairs else None,
    ]


def loads_csv(found: Boxes) -> str:
    """Return what is asked of each asset by year as CSV."""
    rows = [
        (one.kind, one.key, year, round(teu, 1), one.unit, one.capacity, round(one.use[year], 4) if one.use else None)
        for one in found.uses
        for year, teu in one.teu.items()
    ]
    return to_csv(("kind", "key", "year", "teu", "unit", "capacity", "use"), rows)


def balances_csv(found: Boxes) -> str:
    """Return the balance of boxes of the last year as CSV."""
    return _csv(found.balances, ("kind", "node", "laden_in", "laden_out", "empty_in", "empty_out", "left"))


def moves_csv(found: Boxes) -> str:
    """Return the empty boxes brought in the last year as CSV."""
    return _csv(found.moves, ("kind", "origin", "destination", "boxes", "usd_each", "days"))


def _csv(items: Sequence[Any], names: Sequence[str]) -> str:
    rows = [[getattr(one, name) for name in names] for one in items]
    return to_csv(names, [[round(cell, 3) if isinstance(cell, float) else cell for cell in row] for row in rows])
