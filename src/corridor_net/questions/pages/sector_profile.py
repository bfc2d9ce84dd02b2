"""A page for each sector: what it is, what carriage asks of it now and after each upgrade, and city by city."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor_net.analysis.access import left_share
from corridor_net.analysis.trade.sectors import raised_most
from corridor_net.errors import markup
from corridor_net.questions.pages.box_words import box_words
from corridor_net.render.html import page_html
from corridor_net.render.page import Cell, Column, Page, Table, keyed, numbers, page, table_of
from corridor_net.render.words import Sentence, say

if TYPE_CHECKING:
    from corridor_net.analysis.trade.sectors import Way
    from corridor_net.questions.pages.sectors import Sector, Sectors
    from corridor_net.render.words import Words

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;margin:1.5rem 0;font-size:.9rem}caption{text-align:left;font-weight:600}"
    "th,td{text-align:left;padding:.2rem .6rem;border-bottom:1px solid #ccc}.number{text-align:right}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}th,td{border-color:#444}}"
)


def profiles(found: Sectors, words: Words) -> dict[str, str]:
    """Return a whole page of HTML for each sector by file name."""
    return {f"sectors/{one.cargo}.html": _document(found, one, words) for one in found.sectors}


def _document(found: Sectors, one: Sector, words: Words) -> str:
    title = markup(words.label(one.name))
    return (
        f'<!doctype html>\n<html lang="{words.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{STYLE}</style></head>'
        f"<body><h1>{title}</h1>{page_html(profile_of(found, one), words)}</body></html>\n"
    )


def profile_of(found: Sectors, one: Sector) -> Page:
    """Return the page of one sector."""
    return page(
        _what(found, one), _asks(found, one), _keeps(one), _trade(one), _under(one), _cities(found, one), _basis(one)
    )


def _what(found: Sectors, one: Sector) -> Sentence:
    return say(
        "{unit} with {one.payload_t:n1} t, worth {one.value_usd:m0} USD of {price_year} (grade {one.grade}){packed}; "
        "to {destination:name}, {as_of}.",
        found,
        one=one,
        unit=box_words(one.unit),
        packed=say(", in {packing:label}", one) if one.packing else "",
    )


def _asks(found: Sectors, one: Sector) -> Sentence:
    return say(
        "Carriage asks {of_value:p1} of the value and leaves {left:p0} of the trade, place {place} of {all}; most of "
        "it is {keeper:label}.",
        one.now,
        place=1 + found.sectors.index(one),
        all=len(found.sectors),
    )


def _keeps(one: Sector) -> Sentence | None:
    if one.keeps_days is None:
        return None
    return say(
        "It keeps {keeps_days[0]:n0} to {keeps_days[1]:n0} days, is {now.days:n1} on the way as a rule and "
        "{now.late_days:n1} once in 50 times: it may spoil."
        if one.spoils
        else "It keeps {keeps_days[0]:n0} to {keeps_days[1]:n0} days, is {now.days:n1} on the way as a rule and "
        "{now.late_days:n1} once in 50 times.",
        one,
    )


def _trade(one: Sector) -> list[Sentence | None]:
    traded = say("Traded: {trade_musd:m1} million USD a year; the best upgrade would add {more_musd:m1}.", one)
    advantage = say("Revealed comparative advantage: {advantage:n2}; above 1 there is one.", one)
    return [None if one.trade_musd is None else traded, None if one.advantage is None else advantage]


def _under(one: Sector) -> Table:
    keepers = list(one.now.parts)
    return table_of(
        (one.now, *one.after),
        Column(heading="under", kind="label", of=lambda after: "now" if after is one.now else after.scenario),
        *numbers(*keepers, of=[keyed("parts", keeper, 0.0) for keeper in keepers], digits=1, kind="share"),
        *numbers("of value", of="of_value", digits=1, kind="share"),
        *numbers("days", "once in 50", of=("days", "late_days"), digits=1),
        *numbers("left of trade", of="left", kind="share"),
        *numbers("rise", of=one.rise_by, digits=1, kind="rise"),
        title="What carriage asks, now and after each upgrade by itself",
    )


def _cities(found: Sectors, one: Sector) -> Table:
    def left(way: Way) -> float:
        return left_share(way.generalised_cost_usd, one.value_usd, found.theta)

    def raised(way: Way) -> tuple[Cell, float]:
        then = {
            carried.scenario: left(other) / left(way) - 1
            for carried in one.after
            for other in carried.ways
            if other.origin == way.origin and carried.scenario not in found.packages
        }
        best, rise = raised_most(then)
        return best or say("nothing"), rise

    return table_of(
        sorted(one.now.ways, key=lambda way: way.generalised_cost_usd),
        Column(heading="city", kind="name", of="origin"),
        Column(heading="by", kind="name", of="gateway"),
        *numbers("USD", of="cost_usd"),
        *numbers("days", "once in 50", of=("days", "late_days"), digits=1),
        *numbers("of value", of=lambda way: way.generalised_cost_usd / one.value_usd, digits=1, kind="share"),
        *numbers("left of trade", of=left, kind="share"),
        Column(heading="raised by", of=lambda way: raised(way)[0]),
        *numbers("rise", of=lambda way: raised(way)[1], digits=1, kind="rise"),
        title="City by city, the nearest first",
    )


def _basis(one: Sector) -> Sentence:
    return say("What the figures of these goods rest on: {basis}.", basis=one.basis.rstrip("."))
