"""In which goods has a place an advantage, does its partner buy them, and what is traded of it now?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from corridor_net.errors import BadValue
from corridor_net.questions import Ask
from corridor_net.questions._shared import CustomsFlow
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.page import Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.network import Network

FRAME = "goods.csv"
NONE = "carriage plays no part here: see potential"
WITHOUT = dict.fromkeys(("cargo", "by", "schedule", "value_of_time", "co2_price"), NONE)
SHOWN = 25
OTHERS = ("other goods",)
(OTHER,) = OTHERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Traded:
    """One kind of goods: what the place sells to all, what the partner buys of all, what goes between them, a year.

    `advantage` is revealed comparative advantage, `symmetric` the same from -1 to 1. `common` is what of the shares
    sold and bought is the same: they add up to the complementarity. `room_musd`: the lesser of sold and bought, less
    what goes between them now.
    """

    goods: str
    name: str
    sold_musd: float = measure("million USD a year", 3)
    bought_musd: float = measure("million USD a year", 3)
    between_musd: float = measure("million USD a year", 3)
    advantage: float | None = measure("", 4)
    symmetric: float | None = measure("", 4)
    common: float = measure("share", 4)
    room_musd: float = measure("million USD a year", 3)


@dataclass(frozen=True, kw_only=True)
class Advantage(Result):
    """Indices of trade of a place with a partner; goods with the most room first."""

    QUESTION: ClassVar[str] = "advantage"
    ROWS: ClassVar[str] = "goods"

    file: str
    form: str
    world_file: str
    year: int
    world_year: int
    place: str
    partner: str
    by: str
    sold_musd: float = measure("million USD a year", 3)
    bought_musd: float = measure("million USD a year", 3)
    between_musd: float = measure("million USD a year", 3)
    world_musd: float = measure("million USD a year", 3)
    world_sellers: int
    world_buyers: int
    complementarity: float = measure("", 4)
    intensity: float | None = measure("", 4)
    goods: tuple[Traded, ...]


def answer(
    model: Model,
    trade: Annotated[
        str, Ask("File of trade: BACI, UN Comtrade, Chinese or Japanese customs, in its own form.", names="file")
    ],
    place: Annotated[str, Ask("Who sells: a country or province of the file.")],
    partner: Annotated[str, Ask("Who buys.")],
    *,
    world: Annotated[
        str | None, Ask("File of the trade of the world, where the first has that of one.", metavar="FILE")
    ] = None,
    per: Annotated[
        Literal["cargo", "chapter", "heading", "code"],
        Ask("What goods are told apart by: cargo profiles, or 2, 4 or 6 digits of the code."),
    ] = "chapter",
    flow: CustomsFlow = None,
    year: Annotated[int | None, Ask("Year; the last of the file.", metavar="YEAR")] = None,
) -> Advantage:
    """Say in which goods a place has a revealed advantage, whether its partner buys them, and what room that leaves.

    Raises BadFile and BadValue, with the line, for a file that is not right, and for parties that are not in it.

    >>> import pathlib, tempfile
    >>> import corridor_net as cn
    >>> rows = ["t,i,j,k,v,q", "2019,156,392,070320,5000,4000", "2019,156,410,440710,3000,NA"]
    >>> rows += ["2019,643,392,440710,20000,90000"]  # BACI: 156 is China, 392 Japan, 410 Korea, 643 Russia
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "baci.csv")
    ...     _ = path.write_text("\\n".join(rows), encoding="utf-8")
    ...     found = cn.load(as_of="2019-07-01").advantage(path, "CHN", "JPN")
    >>> round(found.complementarity, 3)
    0.575
    """
    from corridor_net.analysis.trade.advantage import (
        by_group,
        complementarity,
        intensity,
        revealed_advantage,
        symmetric,
    )
    from corridor_net.analysis.trade.trade_files import read_trade

    own = read_trade(Path(trade), model.network, flow=flow, year=year)
    wide = read_trade(Path(world), model.network) if world else own
    seller = own.named(place, "exporter")
    buyer = wide.named(partner, "importer")
    if seller == buyer:
        raise BadValue(f"who sells and who buys are both '{seller}'")
    group = _group(per, model.network)
    sold, between, bought, everything = (
        by_group(table.by_code(*ends).items(), group)
        for table, *ends in ((own, seller), (own, seller, buyer), (wide, None, buyer), (wide,))
    )
    if own.rows["exporter"].nunique() == 1 and wide is own:
        raise BadValue(
            f"'{Path(trade).name}' has the trade of one place alone",
            hint="give that of the world beside it, for example a file of BACI with --world",
        )
    x, m, w = sum(sold.values()), sum(bought.values()), sum(everything.values())
    known = revealed_advantage(sold, everything)
    named = {row.cargo_id: row.name for row in model.network.rows("cargo")}
    goods = [
        Traded(
            goods=name,
            name=named.get(name, name),
            sold_musd=sold.get(name, 0.0),
            bought_musd=bought.get(name, 0.0),
            between_musd=between.get(name, 0.0),
            advantage=known.get(name),
            symmetric=symmetric(known[name]) if name in known else None,
            common=min(sold.get(name, 0.0) / x, bought.get(name, 0.0) / m),
            room_musd=min(sold.get(name, 0.0), bought.get(name, 0.0)) - between.get(name, 0.0),
        )
        for name in sorted({**sold, **bought})
    ]
    return Advantage(
        file=Path(trade).name,
        form=own.form,
        world_file=Path(world or trade).name,
        year=own.year,
        world_year=wide.year,
        place=seller,
        partner=buyer,
        by=per,
        sold_musd=x,
        bought_musd=m,
        between_musd=sum(between.values()),
        world_musd=w,
        world_sellers=wide.rows["exporter"].nunique(),
        world_buyers=wide.rows["importer"].nunique(),
        complementarity=complementarity(sold, bought),
        intensity=intensity(sum(between.values()), x, m, w),
        goods=tuple(sorted(goods, key=lambda one: (-one.room_musd, one.goods))),
    )


DIGITS = {"chapter": 2, "heading": 4, "code": 6}


def _group(per: str, network: Network) -> Callable[[str], str]:
    """Return what gives the group of goods of a code."""
    from corridor_net.analysis.trade.parties import sectors_of

    if per != "cargo":
        return lambda code: code[: DIGITS[per]]
    sector = sectors_of(network)
    return lambda code: sector(code) or OTHER


def view(found: Advantage) -> Page:
    """Show how they fit, then the goods with the most room."""
    return page(_first(found), _whole(found), _table(found), _end(found))


def _first(found: Advantage) -> Sentence:
    top = next((one for one in found.goods if one.goods != OTHER), found.goods[0])
    return say(
        "{place} to {partner}, {year}: most room has {name:label}, {room_musd:m1} million USD a year beyond "
        "{between_musd:m1} now; revealed advantage {advantage:n2}.",
        top,
        place=found.place,
        partner=found.partner,
        year=str(found.year),
    )


def _whole(found: Advantage) -> Sentence:
    return say(
        "Of what it sells ({sold_musd:m0} million USD) {between_musd:m1} go there, {intensity:n2} times what sizes "
        "say; what one sells and the other buys is alike to {complementarity:p0}.",
        found,
    )


def _table(found: Advantage) -> Table:
    trade = ("sold_musd", "bought_musd", "between_musd")
    return table_of(
        found.goods,
        Column(heading="goods", kind="label", of="name"),
        *numbers("sells to all", "other buys of all", "between them", of=trade, digits=1, money=True),
        *numbers("advantage", of="advantage", digits=2),
        *numbers("from -1 to 1", of="symmetric", digits=2, rank=2),
        *numbers("alike", of="common", digits=1, kind="share", rank=1),
        *numbers("room", of="room_musd", digits=1, money=True),
        title="Million USD a year by goods, most room first",
        most=SHOWN,
    )


def _end(found: Advantage) -> Sentence:
    return say(
        "From {file} ({form}); the world by {world_file} of {world_year}: {world_sellers:n0|seller|sellers}, "
        "{world_buyers:n0|buyer|buyers}, {world_musd:m0} million USD. Room is the lesser of sold and bought less "
        "what goes between them: it says what fits, not what carriage allows.",
        found,
    )


def charts(found: Advantage) -> Mapping[str, Chart]:
    """Draw room by goods."""
    title = say("Room for trade of {place} with {partner}", found)
    rows = [(one.name, one.room_musd) for one in found.goods[:SHOWN]]
    return {"room": Bars(title=title, unit="million USD a year", rows=rows)}
