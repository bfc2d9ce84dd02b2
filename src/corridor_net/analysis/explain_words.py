"""An explanation in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .change_sets import MOST_SETS
from .explanation import ComponentChange, Explanation
from .gateway_routes import minimised_amount
from .labels import spaced
from .route import Route


def explained(e: Explanation) -> Iterator[str]:
    """Yield what an explanation says, sentence by sentence."""
    old, new = e.before, e.after
    where = f"{e.names[old.origin]} to {e.names[old.destination]}"
    if e.gateway_changed:
        yield f"{where}: the cargo moves from {_by(e, old)} to {_by(e, new)}."
    elif e.moved:
        yield f"{where}: the cargo still goes by {_by(e, new)}, but another way there or on from there."
    else:
        yield f"{where}: the cargo goes the same way as before, by {_by(e, new)}."
        if e.gap_before is not None:
            yield f"Before, {_by(e, e.others_before[0])} came next, {e.gap_before:,.0f} {e.unit} behind."
    if e.moved or abs(new.generalised_cost_usd - old.generalised_cost_usd) > 5e-3:
        yield _balance(e)
    else:
        yield "Nothing on that way changes: it costs and takes what it did."
    if e.moved and e.new_way_before is None:
        yield f"The new way did not exist before; the old one would now cost {_old_now(e)}."
    elif e.moved and e.new_way_before is not None:
        behind = minimised_amount(e.new_way_before) - minimised_amount(old)
        yield f"Before, the new way was {behind:,.0f} {e.unit} behind; the old one would now cost {_old_now(e)}."
    if e.moved:
        yield "What differs most: " + "; ".join(_component(c, e.names) for c in e.components[:4]) + "."
    yield from _set_sentences(e)
    if e.runner_up is not None and e.gap is not None:
        yield (
            f"Next best is {_by(e, e.runner_up)}, {e.gap:,.0f} {e.unit} behind "
            f"({e.gap / minimised_amount(new):.1%} of {minimised_amount(new):,.0f})."
        )
    else:
        yield "There is no other gateway."


def _set_sentences(e: Explanation) -> Iterator[str]:
    if e.sets is None or not e.moved:
        return
    what = dict(e.sets.changes)
    if e.sets.enough:
        size = len(e.sets.enough[0])
        shown = " or ".join(" with ".join(f"{name} ({what[name]})" for name in names) for names in e.sets.enough[:3])
        yield f"{'One change is' if size == 1 else f'{size} changes together are'} enough for the move: {shown}."
    if e.sets.without == e.sets.enough:
        yield "Without it the cargo would have stayed."
    elif e.sets.without:
        shown = "; ".join(" and ".join(names) for names in e.sets.without[:5])
        one_each = len(e.sets.without) > 1
        yield f"Without {'any of these' if one_each else shown} it would have stayed{f': {shown}' if one_each else ''}."
    if not e.sets.complete:
        yield f"The search for such sets was stopped after {MOST_SETS:,} sets."


def _by(e: Explanation, route: Route) -> str:
    return e.names[route.gateway] if route.gateway else "land alone"


def _balance(e: Explanation) -> str:
    old, new = e.before, e.after
    money, days = new.cost_usd - old.cost_usd, new.days - old.days
    total = new.generalised_cost_usd - old.generalised_cost_usd
    return (
        f"A box pays {abs(money):,.0f} USD {'more' if money > 0 else 'less'} ({old.cost_usd:,.0f} to "
        f"{new.cost_usd:,.0f}) and takes {abs(days):.1f} days {'more' if days > 0 else 'less'} ({old.days:.1f} to "
        f"{new.days:.1f}); with an hour worth {e.value_of_time_usd_per_hour:.2f} USD it "
        f"{'gains' if total < 0 else 'loses'} {abs(total):,.0f} USD in all."
    )


def _old_now(e: Explanation) -> str:
    if e.old_way_after is None:
        return "nothing, for it is closed"
    now, before = minimised_amount(e.old_way_after), minimised_amount(e.before)
    change = "as before" if abs(now - before) < 5e-3 else f"{before:,.0f} before"
    return f"{now:,.0f} {e.unit} ({change}), the new one {minimised_amount(e.after):,.0f}"


def _component(c: ComponentChange, names: Mapping[str, str]) -> str:
    parts = []
    if abs(c.cost_usd_after - c.cost_usd_before) >= 0.5:
        parts.append(f"{c.cost_usd_after - c.cost_usd_before:+z,.0f} USD")
    if abs(c.hours_after - c.hours_before) >= 0.05:
        parts.append(f"{c.hours_after - c.hours_before:+z,.1f} h")
    name = names.get(c.component, spaced(c.component))
    return f"{name} {' and '.join(parts) or f'worth {c.generalised_change_usd:+z,.0f} USD'}"
