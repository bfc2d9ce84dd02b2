"""An explanation in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce

from corridor_net.analysis.route import Route
from corridor_net.render.words import Sentence, say, semicolons
from corridor_net.rounding import BeforeAfter

from .change_sets import MOST_SETS
from .explanation import ComponentChange, Explanation

LEAST_TOLD_USD = 0.5
"""USD no more than this would be printed as 0: they are not said as more or less."""


def explained(e: Explanation) -> Iterator[Sentence]:
    """Yield what an explanation says, sentence by sentence."""
    old, new = e.before, e.after
    ends = {"origin": old.origin, "destination": old.destination}
    if e.gateway_changed:
        yield say(
            "{origin:name} to {destination:name}: the cargo moves from {old:name} to {new:name}.",
            **ends,
            old=_by(old),
            new=_by(new),
        )
    elif e.moved:
        yield say(
            "{origin:name} to {destination:name}: the cargo still goes by {new:name}, but another way there or on "
            "from there.",
            **ends,
            new=_by(new),
        )
    else:
        yield say(
            "{origin:name} to {destination:name}: the cargo goes the same way as before, by {new:name}.",
            **ends,
            new=_by(new),
        )
        if e.gap_before is not None:
            yield say(
                "Before, {next:name} came next, {gap} behind.",
                next=_by(e.others_before[0]),
                gap=_amount(e.gap_before, e),
            )
    if e.moved or abs(new.generalised_cost_usd - old.generalised_cost_usd) > 5e-3:
        yield _balance(e)
    else:
        yield say("Nothing on that way changes: it costs and takes what it did.")
    yield from _ways(e)
    yield from _set_sentences(e)
    if e.runner_up is not None and e.gap is not None:
        yield say(
            "Next best is {next:name}, {gap} behind ({share:p1} of {all}).",
            next=_by(e.runner_up),
            gap=_amount(e.gap, e),
            share=e.gap / new.minimised_amount,
            all=_amount(new.minimised_amount, e),
        )
    else:
        yield say("There is no other gateway.")


def _ways(e: Explanation) -> Iterator[Sentence]:
    """Say what the old way and the new one would cost on the other side, and what differs most."""
    if not e.moved:
        return
    if e.new_way_before is None:
        yield say("The new way did not exist before; {old}.", old=_old_now(e))
    else:
        behind = e.new_way_before.minimised_amount - e.before.minimised_amount
        yield say("Before, the new way was {gap} behind; {old}.", gap=_amount(behind, e), old=_old_now(e))
    telling = [c for c in e.components[:4] if abs(c.generalised_change_usd) > LEAST_TOLD_USD] or e.components[:1]
    yield say("What differs most: {parts:list}.", parts=tuple(_component(c) for c in telling))


def _set_sentences(e: Explanation) -> Iterator[Sentence]:
    if e.sets is None or not e.moved:
        return
    what = dict(e.sets.changes)
    if e.sets.enough:
        size = len(e.sets.enough[0])
        shown = _either([_together(what, names) for names in e.sets.enough[:3]])
        if size == 1:
            yield say("One change is enough for the move: {shown}.", shown=shown)
        else:
            yield say("{size} changes together are enough for the move: {shown}.", size=size, shown=shown)
    kept = [_together(what, names) for names in e.sets.without[:5]]
    if e.sets.without == e.sets.enough:
        yield say("Without it the cargo would have stayed.")
    elif len(e.sets.without) > 1:
        yield say("Without any of these it would have stayed: {shown}.", shown=semicolons(*kept))
    elif e.sets.without:
        yield say("Without {shown} it would have stayed.", shown=kept[0])
    if not e.sets.complete:
        yield say("The search for such sets was stopped after {count:n0} sets.", count=MOST_SETS)


def _together(what: Mapping[str, Sentence], names: Sequence[str]) -> Sentence:
    """Say the changes of a set, one after the other."""
    return reduce(lambda said, more: say("{said} + {more}", said=said, more=more), [what[name] for name in names])


def _either(sets: Sequence[Sentence]) -> Sentence:
    """Say sets of which each is enough."""
    return reduce(lambda said, other: say("{said} / {other}", said=said, other=other), sets)


def _by(route: Route) -> str:
    return route.gateway or "land alone"


def _amount(value: float, e: Explanation) -> Sentence:
    """Return an amount of what is minimised, with its unit."""
    if e.unit == "USD":
        return say("{value:m0} USD", value=value)
    return say("{value:n0} {unit:label}", value=value, unit=e.unit)


def _balance(e: Explanation) -> Sentence:
    old, new = e.before, e.after
    money, days = new.cost_usd - old.cost_usd, new.days - old.days
    total = new.generalised_cost_usd - old.generalised_cost_usd
    return say(
        "A box pays {money} ({usd:m0} to {usd2:m0} USD) and takes {time} ({days:n1} to {days2:n1} days); with an hour "
        "worth {worth:m2} USD it {total} in all.",
        money=_money(money, BeforeAfter(*sorted((old.cost_usd, new.cost_usd)))),
        usd=old.cost_usd,
        usd2=new.cost_usd,
        time=_time(days, BeforeAfter(*sorted((old.days, new.days)))),
        days=old.days,
        days2=new.days,
        worth=e.value_of_time_usd_per_hour,
        total=say("gains {value:m0} USD" if total < 0 else "loses {value:m0} USD", value=abs(total)),
    )


def _money(usd: float, ends: BeforeAfter) -> Sentence:
    if not ends.change(0):
        return say("as much")
    return say("{value:m0} USD more" if usd > 0 else "{value:m0} USD less", value=ends)


def _time(days: float, ends: BeforeAfter) -> Sentence:
    if not ends.change(1):
        return say("as long")
    return say("{value:n1} days more" if days > 0 else "{value:n1} days less", value=ends)


def _old_now(e: Explanation) -> Sentence:
    if e.old_way_after is None:
        return say("the old one is closed now")
    now, before = e.old_way_after.minimised_amount, e.before.minimised_amount
    told = {"now": _amount(now, e), "new": _amount(e.after.minimised_amount, e)}
    if abs(now - before) < 5e-3:
        return say("the old one would now cost {now} (as before), the new one {new}", **told)
    return say(
        "the old one would now cost {now} ({before} before), the new one {new}", before=_amount(before, e), **told
    )


def _component(c: ComponentChange) -> Sentence:
    parts = []
    if abs(c.cost_usd_after - c.cost_usd_before) > LEAST_TOLD_USD:
        parts.append(say("{value:+m0} USD", value=c.cost_usd_after - c.cost_usd_before))
    if abs(c.hours_after - c.hours_before) >= 0.05:
        parts.append(say("{value:+n1} h", value=c.hours_after - c.hours_before))
    if not parts:
        parts.append(say("worth {value:+m0} USD", value=c.generalised_change_usd))
    return say("{component:name} {parts:both}", component=c.called, parts=tuple(parts))
