"""A line and its page: whether it lives, its ship's account, what would tip it, and where sailings pay."""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, ClassVar

from corridor_net.render.page import Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.appraisal.filling import Filled
    from corridor_net.appraisal.liner import Equilibrium


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What a service was counted to carry: TEU in all, and boxes a sailing at the sailings it ran.

    `unexplained_usd`: how much dearer a box the line must have seemed than it is modelled, for so many to come
    (negative: cheaper; None: no number explains it). `lives`: whether it would keep itself up so.
    """

    first: str
    last: str
    teu: float = measure("TEU", 0)
    boxes_per_sailing: float = measure("boxes", 3)
    unexplained_usd: float | None = measure("USD a box", 0)
    lives: bool


@dataclass(frozen=True, kw_only=True)
class LineAnswer(Result):
    """A line and its life; money in USD of `price_year`, boxes of the cargo.

    A sailing is a round of the ship. `boxes_wanted` come to each at the present frequency, `boxes_needed` pay for it.
    `subsidy_needed_usd` (None: none would do) is what a box must get on top for the present frequency to be kept, the
    least from which it grows where it is below the tipping point; `least_subsidy_usd` the least at which any frequency
    pays, `least_subsidy_at` which; `guarantee_needed` boxes a sailing besides those that come. `filled` is how it lives
    where the freight follows the filling; None where it does at no freight, `most_covered` is the nearest to it then.
    `ran` are the first and the last day on which the data have it (last None: open; None: it is proposed);
    `lacking_usd` is what a sailing lacks on the boxes that were counted, or else on those that come, `lacking_boxes`
    the boxes that would pay for that.
    """

    QUESTION: ClassVar[str] = "line"
    ROWS: ClassVar[str] = "equilibria"

    service: str
    name: str
    as_of: str
    cargo: str
    scenario: str
    price_year: int
    sailings_per_week: float = measure("a week", 4)
    most_sailings: float = measure("a week", 4)
    room_boxes: float = measure("boxes", 2)
    boxes_per_week: float = measure("boxes a week", 3)
    boxes_wanted: float = measure("boxes", 3)
    boxes_needed: float | None = measure("boxes", 3)
    freight_usd: float = measure("USD a box", 2)
    sailing_usd: float = measure("USD", 0)
    parts: dict[str, float] = measure("USD", 0)
    days: float = measure("days", 2)
    other_income_usd: float = measure("USD a sailing", 0)
    subsidy_usd: float = measure("USD a box", 2)
    lives: bool
    tipping_point: float | None = measure("a week", 4)
    equilibria: tuple[Equilibrium, ...]
    subsidy_needed_usd: float | None = measure("USD a box", 2)
    least_subsidy_usd: float | None = measure("USD a box", 2)
    least_subsidy_at: float | None = measure("a week", 4)
    guarantee_needed: float | None = measure("boxes a sailing", 3)
    income_needed_usd: float = measure("USD a sailing", 0)
    filled: Filled | None
    most_covered: Filled | None
    counted: Counted | None
    ran: tuple[str, str | None] | None
    lacking_usd: float = measure("USD a sailing", 0)
    lacking_boxes: float | None = measure("boxes a sailing", 3)
    left_out: tuple[tuple[str, str], ...]
    curve: tuple[tuple[float, float], ...] = measure("a week", 5, hidden=True)


def view(found: LineAnswer) -> Page:
    """Show whether it lives, then the ship's account, the equilibria and what would tip it."""
    return page(
        _first(found),
        _second(found),
        _count(found),
        _ran(found),
        _aid(found),
        _filled(found),
        _account(found),
        _equilibria(found),
    )


def _first(found: LineAnswer) -> Sentence:
    if found.lives and found.counted and not found.counted.lives:
        verdict = say("would keep itself up if cargo chose by cost alone, and cannot on what was counted")
    elif found.lives:
        verdict = say("keeps itself up")
    elif any(one.kind in ("stable", "all ships") for one in found.equilibria):
        verdict = say("starves, though it would live from {now:n2} sailings a week on", now=found.tipping_point)
    else:
        verdict = say("cannot live: at no frequency do its boxes pay for its sailings")
    return say(
        "{service:name}, {as_of}: {verdict}. At {sailings_per_week:n2} sailings a week {boxes_wanted:n1} boxes come "
        "to each, {needed} pay for it.",
        found,
        verdict=verdict,
        needed=say("no number") if found.boxes_needed is None else say("{n:n1}", n=found.boxes_needed),
    )


def _second(found: LineAnswer) -> Sentence:
    return say(
        "A sailing of {days:n1} days costs {sailing_usd:m0} USD of {price_year} and earns {freight_usd:m0} a "
        "box{aid}{other}; room for {room_boxes:n0|box|boxes}, {most_sailings:n1} sailings a week at most; "
        "{boxes_per_week:n0|box is|boxes are} shipped a week by all ways.",
        found,
        aid=say(", {usd:m0} USD of aid", usd=found.subsidy_usd) if found.subsidy_usd else "",
        other=say(", and {usd:m0} USD besides boxes", usd=found.other_income_usd) if found.other_income_usd else "",
    )


def _count(found: LineAnswer) -> Sentence | None:
    counted = found.counted
    if counted is None:
        return None
    seemed = counted.unexplained_usd
    why = say("no cost explains that")
    if seemed is not None:
        dearer = "as if it were {usd:m0} USD a box dearer than modelled"
        why = say(dearer if seemed > 0 else "as if it were {usd:m0} USD a box cheaper than modelled", usd=abs(seemed))
        then = say("so it would live") if counted.lives else say("so it cannot live")
        why = say("{first}; {then}", first=why, then=then)
    return say(
        "Counted from {first} to {last}: {teu:n0} TEU, {boxes_per_sailing:n2} boxes a sailing: {why}.", counted, why=why
    )


WEEKS = 365 / 7


def _ran(found: LineAnswer) -> Sentence | None:
    """Say what a line that runs although its boxes do not pay for it must live on, and what it would have taken."""
    if found.ran is None or found.lacking_usd <= 0 or (found.counted is None and found.lives):
        return None
    ran = say("It ran all the same, from {ran[0]} to {ran[1]}", found)
    if found.ran[1] is None:
        ran = say("It runs all the same, since {ran[0]}", found)
    room = found.room_boxes - (found.counted.boxes_per_sailing if found.counted else found.boxes_wanted)
    more = say("more boxes than it has room for would have had to come")
    if found.lacking_boxes is not None and found.lacking_boxes <= room:
        more = say("or {lacking_boxes:n1} boxes more would have had to come to each", found)
    return say(
        "{told}: {lacking_usd:m0} USD a sailing, {million:m1} million USD a year, came from elsewhere (passengers, "
        "cars, other cargo, a public purse) or was lost; {more}.",
        found,
        told=ran,
        million=found.lacking_usd * found.sailings_per_week * WEEKS / 1e6,
        more=more,
    )


def _aid(found: LineAnswer) -> list[Sentence]:
    lines = []
    if found.subsidy_needed_usd is None or found.least_subsidy_usd is None:
        lines.append(say("No subsidy a box would tip it: no box comes."))
    elif found.subsidy_needed_usd > 0:
        lines.append(
            say(
                "Least aid a box that keeps it at {sailings_per_week:n2} sailings a week: {subsidy_needed_usd:m0} "
                "USD; at the best frequency, {least_subsidy_at:n2} a week: {least}.",
                found,
                least=say("{usd:m0} USD", usd=found.least_subsidy_usd) if found.least_subsidy_usd > 0 else say("none"),
            )
        )
    if found.guarantee_needed is None:
        lines.append(say("No number of guaranteed boxes would: the ship has no room for them."))
    elif found.guarantee_needed > 0:
        lines.append(say("Or {boxes:n1} boxes a sailing guaranteed besides.", boxes=found.guarantee_needed))
    if found.income_needed_usd > found.other_income_usd:
        usd = found.income_needed_usd
        lines.append(say("Or {usd:m0} USD a sailing of other income: passengers, cars, a public purse.", usd=usd))
    return lines


def _account(found: LineAnswer) -> Table:
    return table_of(
        [part for part in found.parts.items() if part[1]],
        Column(heading="for", kind="label", of=itemgetter(0)),
        *numbers("USD", of=itemgetter(1)),
        title="A sailing",
        totals=[("in all", found.sailing_usd)],
    )


def _equilibria(found: LineAnswer) -> Table:
    told = {
        "none": "no line: stable",
        "stable": "stable",
        "tipping": "tipping point: below it starves, above it grows",
        "all ships": "all ships full time: stable",
    }
    return table_of(
        found.equilibria,
        Column(heading="equilibrium", kind="label", of=lambda one: told[one.kind]),
        *numbers("sailings a week", of="sailings_per_week", digits=3),
        *numbers("boxes a sailing", of="boxes_per_sailing", digits=1),
        *numbers("slope", of="slope", digits=2, rank=1),
        title="Where sailings pay for themselves",
    )


def _filled(found: LineAnswer) -> Sentence | None:
    one, nearest = found.filled, found.most_covered
    if one is not None:
        return say(
            "If the freight follows the filling it lives best on {freight_usd:m0} USD a box and "
            "{sailings_per_week:n2} sailings a week with {boxes_per_sailing:n1} boxes each; from {empties_usd:m0} USD "
            "on it empties.",
            one,
        )
    if nearest is None:
        return None
    return say(
        "At no freight and no frequency do its boxes pay for it: {covered:p0} of a sailing at most, at "
        "{freight_usd:m0} USD a box, {sailings_per_week:n2} sailings a week and {boxes_per_sailing:n1} boxes each.",
        nearest,
    )
