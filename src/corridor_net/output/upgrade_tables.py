"""The ledger of an explanation, the nearest limits, shares and changes of upgrades: for pages and the report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from corridor_net.render.page import (
    Column,
    Table,
    dashed,
    divided,
    elsewhere,
    numbers,
    significant,
    table_of,
    with_sums,
)
from corridor_net.render.words import say

if TYPE_CHECKING:
    from corridor_net.analysis.thresholds import Limit, Limits
    from corridor_net.analysis.upgrade_sets.attribution import Attribution, Share
    from corridor_net.analysis.upgrade_sets.explanation import Explanation

WAYS = {"left": "old", "taken": "new", "changed": "both", "same": "same"}
IN_RANGE = {True: "yes", False: "no", None: "none given"}
AMOUNTS = (
    *numbers("USD old", "USD new", of=("cost_usd_before", "cost_usd_after"), adds=True),
    *numbers("hours old", "hours new", of=("hours_before", "hours_after"), digits=1, rank=1, adds=True),
    *numbers("in all, USD", of="generalised_change_usd", kind="change", adds=True),
)
"""What the old and the new way come to."""
CHANGES = (
    *numbers("people there", of="population_switched", rank=2),
    *numbers("mean of", of="compared", rank=3),
    *numbers("USD", of=dashed("cost_change_usd"), kind="change"),
    *numbers("days", of=dashed("days_change"), kind="change", digits=1),
    *numbers("kg CO2e", of=dashed("co2_change_kg"), kind="change", rank=1),
    *numbers("generalised USD", of=dashed("generalised_change_usd"), kind="change"),
)
"""What a scenario changes a box, on average over the origins that have a route before and after."""


def by_component(found: Explanation) -> Table:
    """Return what the old and the new way come to by component."""
    called = Column(heading="component", kind="name", of="called")
    return with_sums(table_of(found.components, called, *AMOUNTS, title="By component, old way and new way"), "total")


def by_step(found: Explanation, *, changed: bool) -> Table:
    """Return what the old and the new way come to by step; with `changed`, only by steps that are not the same."""
    shown = [leg for leg in found.as_shown if leg.status != "same" or not changed]
    table = table_of(
        shown,
        Column(heading="step", kind="label", of="kind"),
        Column(heading="from", kind="name", of="from_node"),
        Column(heading="to", kind="name", of=elsewhere),
        Column(heading="way", kind="label", of=lambda leg: WAYS[leg.status]),
        *AMOUNTS,
        title="By step, where the ways differ" if changed else "By step",
    )
    return with_sums(table, "total" if len(shown) == len(found.as_shown) else "total of these steps")


def nearest_limits(found: Limits, most: int) -> Table:
    """Return how far each figure may move before the answer changes, the nearest first."""
    return table_of(
        found.limits[:most],
        Column(heading="figure", kind="figure", of="key"),
        Column(heading="unit", kind="unit", of="unit"),
        Column(heading="then by", kind="names", of=_then),
        Column(heading="grade", rank=1, of=lambda one: one.grade or "–"),
        Column(heading="in its range", kind="label", rank=2, of=lambda one: IN_RANGE[one.in_range]),
        *numbers("now", of=lambda one: significant(one.now, one.unit), kind="significant"),
        *numbers("may fall to", "may rise to", of=(_or_any("lower"), _or_any("upper")), kind="significant"),
        *numbers("change", of="change", kind="share"),
        title="Nearest limits",
    )


def _then(one: Limit) -> tuple[str, ...]:
    """Return who wins below the lower limit and above the upper one."""
    sides = ((one.lower, one.to_lower), (one.upper, one.to_upper))
    return tuple(dict.fromkeys(to or "land" for value, to in sides if value is not None))


def _or_any(name: str) -> Any:
    return lambda one: say("any") if getattr(one, name) is None else significant(getattr(one, name), one.unit)


def by_upgrade(found: Attribution) -> Table:
    """Return the share of each upgrade in the joint effect."""
    return _shares("By upgrade", "upgrade", found.shares, found)


def by_countries(found: Attribution) -> Table:
    """Return the share of the rows of each country, or of several together, in the joint effect."""
    return _shares("By countries of the changed rows", "countries", found.countries, found)


def ranked(shares: Sequence[Share]) -> list[Share]:
    """Return shares with the largest first."""
    return sorted(shares, key=lambda share: -abs(share.shapley))


def amounts_of(found: Attribution) -> dict[str, Any]:
    """Return how columns of amounts are shown: with digits enough for what is divided, money in the reader's."""
    return {"digits": 3 if found.measure == "market_access" else 1, "money": found.unit == "USD"}


def _shares(title: str, what: str, shares: Sequence[Share], found: Attribution) -> Table:
    """Return shares with their sum; Shapley values as they are shown add up to it."""
    listed, amount = ranked(shares), amounts_of(found)
    columns = [Column(heading=what, kind="label", of="name")]
    if any(one.title not in ("", one.name) for one in listed):
        columns.append(Column(heading="what it is", kind="label", rank=2, of="title"))
    columns += numbers(say("Shapley, {unit:label}", unit=found.unit), of="shapley", kind="change", adds=True, **amount)
    if found.permutations and any(one.error for one in listed):
        columns += numbers("± s.e.", of="error", **amount)
    part = divided("shapley", found.joint) if found.joint else (lambda _: None)
    columns += numbers("of all", of=part, kind="share", rank=1, adds=True)
    columns += numbers("alone", "last", of=("alone", "last"), kind="change", adds=True, **amount)
    return with_sums(table_of(listed, *columns, title=title), "sum")
