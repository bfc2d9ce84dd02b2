"""Whether the upgrades of a study pay, in a sentence and a table: the same in print and in the report. No computing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corridor_net.errors import markup
from corridor_net.render.page import Cell, Column, Table, numbers
from corridor_net.render.words import Sentence, Words, say
from corridor_net.uncertainty.paying import Paying

MEANING = (
    "All trade of table market is taken as boxed and for this cargo: more than there is. 10-90 %: draws of all "
    "figures, of traffic and of cost. More, and switching values: corridor-net appraise."
)


def paying_words(found: Sequence[Paying]) -> Sentence:
    """Say how many upgrades pay, and which comes nearest to the traffic that it needs where none does."""
    first, paid = found[0], [one for one in found if one.npv_usd >= 0]
    what = {
        "n": len(found),
        "rate": first.discount,
        "first": str(first.base_year),
        "last": str(first.last),
        "teu": first.opening_teu,
        "year": str(first.opening),
    }
    if paid:
        told = [
            f"{one.scenario}{f' (in {one.draws.above_zero:.0%} of draws)' if one.draws.above_zero < 1 else ''}"
            for one in paid
        ]
        return say(
            "Of {n} upgrades with a known investment, {count} pays at {rate:p0} a year, {first} to {last}, with "
            "{teu:n0} TEU in {year}: {names}."
            if len(paid) == 1
            else "Of {n} upgrades with a known investment, {count} pay at {rate:p0} a year, {first} to {last}, with "
            "{teu:n0} TEU in {year}: {names}.",
            **what,
            count=len(paid),
            names=", ".join(told),
        )
    near = min((one for one in found if one.pays_from_teu is not None), key=_needed, default=None)
    if near is None:
        return say(
            "Of {n} upgrades with a known investment none pays at {rate:p0} a year, {first} to {last}, at any traffic.",
            **what,
        )
    return say(
        "Of {n} upgrades with a known investment none pays at {rate:p0} a year, {first} to {last}, with {teu:n0} TEU "
        "in {year}; {name} needs least, {needed:n0}.",
        **what,
        name=near.scenario,
        needed=near.pays_from_teu,
    )


def _needed(one: Paying) -> float:
    return one.pays_from_teu or 0.0


def paying_table(found: Sequence[Paying]) -> Table:
    """Return the upgrades: net present value and rate of return with their ranges, traffic needed and traffic there."""
    first = found[0]
    columns = (
        Column(heading="upgrade"),
        *numbers("million USD", kind="change"),
        Column(heading="10-90 %", rank=1),
        Column(heading="EIRR"),
        Column(heading="EIRR 10-90 %", rank=2),
        Column(heading="pays from TEU"),
        *numbers(f"trade in {first.opening}"),
        Column(heading="counted", rank=3),
    )
    return Table(
        title=say(
            "Does it pay? Net present value {first} to {last} at {rate:p0}, USD of {price}; TEU a year",
            first=str(first.base_year),
            last=str(first.last),
            rate=first.discount,
            price=str(first.price_year),
        ),
        columns=columns,
        rows=tuple(_row(one) for one in found),
    )


def _row(one: Paying) -> tuple[Cell, ...]:
    draws, rates = one.draws, one.draws.rates
    return (
        one.scenario,
        one.npv_usd / 1e6,
        f"{draws.p10 / 1e6:+,.0f} to {draws.p90 / 1e6:+,.0f}",
        rates_words(one.rates_of_return),
        f"{_rate(rates.p10)} to {_rate(rates.p90)}",
        "no traffic" if one.pays_from_teu is None else f"{one.pays_from_teu:,.0f}",
        one.opening_teu,
        "" if one.counted is None else f"{one.counted[0]:,.0f} in {one.counted[2][:4]}",
    )


def rates_words(rates: Sequence[float]) -> str:
    """Say the rates of return: one, none, or that there are several."""
    if not rates:
        return "none"
    return _rate(rates[0]) if len(rates) == 1 else f"{len(rates)} of them"


def _rate(rate: float | None) -> str:
    return "none" if rate is None else f"{rate:.1%}"


def paying_section(found: Sequence[Paying], table: Callable[..., str]) -> str:
    """Return the section of the report; `table` makes HTML of a caption, headings and rows."""
    told, words = paying_table(found), Words()
    rows = [
        [
            (column.shown(cell, words), cell) if column.is_number else column.shown(cell, words)
            for column, cell in zip(told.columns, row, strict=True)
        ]
        for row in told.rows
    ]
    made = table(words.text(told.title), [column.heading for column in told.columns], rows)
    return f'<section id="paying"><h2>Does it pay</h2><p class="note">{markup(MEANING)}</p>{made}</section>'
