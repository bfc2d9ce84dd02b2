"""The page of a demand by year: what is fullest, goods by direction, loads against capacity, boxes that pile up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from corridor_net.questions._box_words import box_words
from corridor_net.render.page import Cell, Column, Page, Table, numbers, page
from corridor_net.render.words import Sentence, say

if TYPE_CHECKING:
    from corridor_net.questions.boxes import Boxes, Use

SHOWN = 15
KINDS = {"port": "port", "service": "service", "crossing": "crossing", "link": "link"}
COUNTED = {"lorries": "lorries", "TEU": "TEU"}
"""What capacity is counted in."""


def page_of(found: Boxes) -> Page:
    """Return the page."""
    return page(
        _first(found),
        _fullest(found),
        _back(found),
        _years(found),
        _goods(found),
        _against(found),
        *[_loads(found, kind) for kind in ("port", "service", "crossing", "link")],
        _balances(found),
        _moves(found),
        _cases(found),
        *_end(found),
    )


def _first(found: Boxes) -> Sentence:
    first, last = found.years[0], found.years[-1]
    return say(
        "{tonnes:n0} t a year in {first} are {teu:n0} TEU; in {last} {more:n0} TEU.",
        tonnes=first.tonnes,
        first=str(first.year),
        teu=first.teu,
        last=str(last.year),
        more=last.teu,
    )


def _fullest(found: Boxes) -> Sentence:
    top = next((one for one in found.uses if one.use), None)
    last = found.years[-1].year
    if top is None:
        return say("Of nothing that these goods pass the capacity is known.")
    if top.full_from is None:
        return say(
            "Fullest is {key:name}: {use:p0} of its capacity in {last}.", key=top.key, use=top.use[last], last=str(last)
        )
    return say(
        "Fullest is {key:name}: {use:p0} of its capacity in {last}; there is no room from {year} on.",
        key=top.key,
        use=top.use[last],
        last=str(last),
        year=str(top.full_from),
    )


def _back(found: Boxes) -> Sentence:
    last = found.years[-1]
    return say(
        "Of 100 boxes that arrive {back:n0} find a load where they are emptied. {empty:n0} TEU go empty in {year}, for "
        "{usd:m0} USD ({each:m0} USD a laden TEU); hire is {hire:m0} USD, and it takes {fleet:n0} TEU of boxes.",
        back=100 * found.laden_back,
        empty=last.empty_teu,
        year=str(last.year),
        usd=last.reposition_usd,
        each=last.reposition_usd / last.teu if last.teu else 0.0,
        hire=last.hire_usd,
        fleet=last.fleet_teu,
    )


def _years(found: Boxes) -> Table:
    columns = (
        Column(heading="year"),
        *numbers("tonnes", "TEU"),
        *numbers("empty TEU"),
        *numbers("empties, USD", "hire, USD"),
        *numbers("boxes needed, TEU", rank=1),
    )
    rows = tuple(
        (str(one.year), one.tonnes, one.teu, one.empty_teu, one.reposition_usd, one.hire_usd, one.fleet_teu)
        for one in found.years
    )
    return Table(title="By year", columns=columns, rows=rows)


def _goods(found: Boxes) -> Table:
    first, last = str(found.years[0].year), str(found.years[-1].year)
    columns = (
        Column(heading="goods", kind="label"),
        Column(heading="from", kind="label"),
        Column(heading="to", kind="label"),
        *numbers(say("boxes {year}", year=first), say("boxes {year}", year=last)),
        *numbers(say("tonnes {year}", year=last), rank=1),
    )
    rows = tuple(
        (one.name, one.origin_country, one.destination_country, one.first_boxes, one.last_boxes, one.last_tonnes)
        for one in found.goods
    )
    return Table(title="Goods by direction", columns=columns, rows=rows)


def _against(found: Boxes) -> Table | None:
    known = [one for one in found.uses if one.use]
    if not known:
        return None
    first, last = found.years[0].year, found.years[-1].year
    columns = (
        Column(heading="what is used", kind="name"),
        *numbers("capacity a year"),
        Column(heading="unit", kind="label"),
        *numbers(say("use {year}", year=str(first)), say("use {year}", year=str(last)), kind="share"),
        Column(heading="full from"),
        *numbers("queue ×", digits=2, rank=1),
    )
    rows = tuple(
        (
            one.key,
            one.capacity,
            COUNTED.get(str(one.unit), str(one.unit)),
            one.use[first],
            one.use[last],
            str(one.full_from) if one.full_from else "",
            one.queue_factor,
        )
        for one in known[:SHOWN]
    )
    return Table(title="Against capacity", columns=columns, rows=rows)


def _loads(found: Boxes, kind: str) -> Table | None:
    chosen: list[Use] = [one for one in found.uses if one.kind == kind]
    if not chosen:
        return None
    first, last = found.years[0].year, found.years[-1].year
    chosen.sort(key=lambda one: (-one.teu[last], one.key))
    columns = (
        Column(heading=KINDS[kind], kind="name"),
        *numbers(say("TEU {year}", year=str(first)), say("TEU {year}", year=str(last))),
    )
    rows = tuple((one.key, one.teu[first], one.teu[last]) for one in chosen[:SHOWN])
    title = {
        "port": say("Laden boxes through ports, loaded and landed"),
        "service": say("Laden boxes by service boarded"),
        "crossing": say("Laden boxes by crossing"),
        "link": say("Laden boxes by link, both ways"),
    }[kind]
    return Table(title=title, columns=columns, rows=rows)


def _balances(found: Boxes) -> Table:
    columns = (
        Column(heading="box"),
        Column(heading="place", kind="name"),
        *numbers("laden in", "laden out", "empty in", "empty out"),
        *numbers("left over", rank=1),
    )
    rows: list[tuple[Cell, ...]] = [
        (box_words(one.kind), one.node, one.laden_in, one.laden_out, one.empty_in, one.empty_out, one.left)
        for one in sorted(found.balances, key=lambda one: -abs(one.laden_in - one.laden_out))[:SHOWN]
    ]
    year = str(found.years[-1].year)
    return Table(
        title=say("Balance of boxes in {year}, the widest first", year=year), columns=columns, rows=tuple(rows)
    )


def _moves(found: Boxes) -> Table | None:
    if not found.moves:
        return None
    columns = (
        Column(heading="box"),
        Column(heading="from", kind="name"),
        Column(heading="to", kind="name"),
        *numbers("boxes"),
        *numbers("USD each"),
        *numbers("days", digits=1),
    )
    rows = tuple(
        (box_words(one.kind), one.origin, one.destination, one.boxes, one.usd_each, one.days)
        for one in found.moves[:SHOWN]
    )
    return Table(title="Empty boxes brought, at least cost", columns=columns, rows=rows)


def _cases(found: Boxes) -> Table | None:
    if not found.cases:
        return None
    columns = (
        Column(heading="case"),
        *numbers("added to growth", digits=1, kind="rise"),
        *numbers(say("TEU {year}", year=str(found.years[-1].year))),
        Column(heading="fullest", kind="name"),
        *numbers("use", kind="share"),
        Column(heading="full from"),
        *numbers("empties, USD"),
    )
    rows = tuple(
        (
            say("as given") if one is found.cases[0] else one.name,
            one.more_growth,
            one.teu,
            one.fullest[1] if one.fullest else None,
            one.use,
            str(one.full_from) if one.full_from else "",
            one.reposition_usd,
        )
        for one in found.cases
    )
    return Table(title="Cases of growth", columns=columns, rows=rows)


def _end(found: Boxes) -> list[Sentence]:
    lines = []
    if found.demand == "market":
        lines.append(
            say("The demand is all trade of table market in boxes, one way: an upper bound; nothing comes back laden.")
        )
    left = [one for one in found.balances if abs(one.left) > 0.5]
    if left:
        places = tuple(say("{node:name} {boxes:+n0}", node=one.node, boxes=one.left) for one in left)
        lines.append(say("No way for empty boxes, a year: {places:list}.", places=places))
    if found.cut_off:
        pairs: Sequence[Sentence] = tuple(
            say("{origin:name} - {destination:name}", origin=a, destination=b) for a, b, _ in found.cut_off
        )
        lines.append(say("No route, and left out: {pairs:list}.", pairs=pairs))
    return lines


def loads_csv(found: Boxes) -> str:
    """Return what is asked of each asset by year as CSV."""
    from corridor_net.output.csv_text import to_csv

    rows = [
        (one.kind, one.key, year, round(teu, 1), one.unit, one.capacity, round(one.use[year], 4) if one.use else None)
        for one in found.uses
        for year, teu in one.teu.items()
    ]
    return to_csv(("kind", "key", "year", "teu", "unit", "capacity", "use"), rows)


def balances_csv(found: Boxes) -> str:
    """Return the balance of boxes of the last year as CSV."""
    from corridor_net.output.csv_text import to_csv

    names = ("kind", "node", "laden_in", "laden_out", "empty_in", "empty_out", "left")
    rows = [(one.kind, one.node, *(round(getattr(one, name), 3) for name in names[2:])) for one in found.balances]
    return to_csv(names, rows)


def moves_csv(found: Boxes) -> str:
    """Return the empty boxes brought in the last year as CSV."""
    from corridor_net.output.csv_text import to_csv

    names = ("kind", "origin", "destination", "boxes", "usd_each", "days")
    rows = [
        (one.kind, one.origin, one.destination, *(round(getattr(one, name), 3) for name in names[3:]))
        for one in found.moves
    ]
    return to_csv(names, rows)
