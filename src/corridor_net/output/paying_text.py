"""Whether the upgrades of a study pay, in a sentence and a table: the same in print and in the report. No computing."""

from __future__ import annotations

from collections.abc import Sequence

from corridor_net.render.page import Column, Table, millions, numbers, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.uncertainty.studies.paying import Paying

TIMES = 100
"""Times the traffic that there is, beyond which no number of what is needed means anything."""


def paying_meaning(found: Sequence[Paying]) -> Sentence:
    """Say what the figures take for granted."""
    return say(
        "All trade of table market is taken as boxed and for this cargo: more than there is. A dollar paid for works "
        "costs the economy {factor:n3}. An EIRR of {rate} is that of a project without any benefit, by what is left at "
        "the end. 10-90%: draws of all figures, of traffic and of cost. More, and switching values: corridor-net "
        "appraise.",
        factor=found[0].works_factor,
        rate=rates_words(found[0].rates_without_benefit),
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
        return say(
            "Of {n:n0|upgrade|upgrades} with a known investment, {count:n0|pays|pay} at {rate:p0} a year, {first} "
            "to {last}, "
            "with {teu:n0} TEU in {year}: {names:list}.",
            **what,
            count=len(paid),
            names=tuple(map(_paid, paid)),
        )
    near = min((one for one in found if one.pays_from_teu is not None), key=_needed, default=None)
    if near is None:
        return say(
            "Of {n:n0|upgrade|upgrades} with a known investment none pays at {rate:p0} a year, {first} to {last}, "
            "at any "
            "traffic.",
            **what,
        )
    return say(
        "Of {n:n0|upgrade|upgrades} with a known investment none pays at {rate:p0} a year, {first} to {last}, with "
        "{teu:n0} TEU in {year}; {name:label} needs least, {needed:n0}.",
        **what,
        name=near.scenario,
        needed=near.pays_from_teu,
    )


def _paid(one: Paying) -> Sentence:
    """Say which upgrade pays, and how often where it does not in all draws."""
    share = one.draws.above_zero
    told = "{scenario:label} (in {share:p0} of draws)" if share < 1 else "{scenario:label}"
    return say(told, scenario=one.scenario, share=share)


def _needed(one: Paying) -> float:
    return one.pays_from_teu or 0.0


def paying_table(found: Sequence[Paying]) -> Table:
    """Return the upgrades: net present value and rate of return with their ranges, traffic needed and traffic there."""
    first = found[0]
    return table_of(
        found,
        Column(heading="upgrade", kind="label", of="scenario"),
        *millions("million USD", of=("npv_usd",), kind="change"),
        Column(heading="10-90%", kind="range", rank=1, of=_between),
        *numbers("EIRR", of=lambda one: rates_words(one.rates_of_return)),
        Column(heading="EIRR 10-90%", kind="range", rank=2, of=_rates_between),
        *numbers("pays from TEU", of=_traffic_needed),
        *numbers(say("trade in {year}", year=first.opening), of="opening_teu"),
        Column(heading="counted", rank=3, of=_counted),
        title=say(
            "Does it pay? Net present value {first} to {last} at {rate:p0}, USD of {price}; TEU a year",
            first=str(first.base_year),
            last=str(first.last),
            rate=first.discount,
            price=str(first.price_year),
        ),
    )


def _between(one: Paying) -> Sentence:
    return say("{low:+m0} to {high:+m0}", low=one.draws.p10 / 1e6, high=one.draws.p90 / 1e6)


def _rates_between(one: Paying) -> Sentence:
    return say("{low} to {high}", low=rate_words(one.draws.rates.p10), high=rate_words(one.draws.rates.p90))


def _traffic_needed(one: Paying) -> Sentence:
    """Say from what traffic it pays: beyond `TIMES` what there is no number means anything."""
    if one.pays_from_teu is None:
        return say("no traffic")
    if one.pays_from_teu > TIMES * one.opening_teu:
        return say(">{times:n0}\u00a0×", times=TIMES)
    return say("{teu:n0}", teu=one.pays_from_teu)


def _counted(one: Paying) -> Sentence | str:
    return "" if one.counted is None else say("{teu:n0} in {year}", teu=one.counted[0], year=one.counted[2][:4])


def rates_words(rates: Sequence[float]) -> Sentence:
    """Say the rates of return: one, none, or that there are several."""
    if len(rates) > 1:
        return say("{count} of them", count=len(rates))
    return rate_words(rates[0] if rates else None)


def rate_words(rate: float | None) -> Sentence:
    """Say a rate of return, or that there is none."""
    return say("none") if rate is None else say("{rate:p1}", rate=rate)
