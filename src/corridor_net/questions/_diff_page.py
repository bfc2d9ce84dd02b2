"""The page of a difference: how much differs, which answers move, why the first does, and the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor_net.render.page import Column, Page, Table, numbers, page
from corridor_net.render.words import Sentence, say

if TYPE_CHECKING:
    from corridor_net.questions.diff import Diff

SHOWN = 30
"""Differences shown; files and JSON hold all."""


def page_of(found: Diff) -> Page:
    """Show how many figures and answers differ, the answers, why the first moves, and the figures."""
    return page(_first(found), _moved(found), _answers(found), _why(found), _figures(found))


def _first(found: Diff) -> Sentence:
    rows = len({(one.table, one.row) for one in found.differences})
    if not rows:
        return say("{a} and {b} differ in no figure.", a=found.before, b=found.after)
    return say(
        "{b} against {a}: {n:n0|difference|differences} in {rows:n0|row|rows}, {used:n0} of them under the answers; "
        "{moved} of {all} "
        "answers move.",
        a=found.before,
        b=found.after,
        n=len(found.differences),
        rows=rows,
        used=sum(one.used > 0 for one in found.differences),
        moved=len(found.moved),
        all=len(found.answers),
    )


def _moved(found: Diff) -> list[Sentence]:
    lines = []
    changes = [one.change_usd for one in found.moved if one.change_usd is not None]
    if changes:
        switched = sum(one.gateway_before != one.gateway_after for one in found.moved)
        lines.append(
            say(
                "Generalised cost changes by {mean:+m0} USD a box on average of those that move, {least:+m0} to "
                "{most:+m0}; {n} go by another gateway.",
                mean=sum(changes) / len(changes),
                least=min(changes),
                most=max(changes),
                n=switched,
            )
        )
    lost = tuple(one.origin for one in found.moved if one.gateway_after is None)
    if lost:
        lines.append(say("Routes lost: from {names:names}.", names=lost))
    gained = tuple(one.origin for one in found.moved if one.gateway_before is None)
    if gained:
        lines.append(say("Routes gained: from {names:names}.", names=gained))
    if found.evidence_alone:
        lines.append(
            say("{n:n0|row says|rows say} the same of another source, grade or basis.", n=found.evidence_alone)
        )
    return lines


def _answers(found: Diff) -> Table | None:
    if not found.moved:
        return None
    columns = (
        Column(heading="from", kind="name"),
        Column(heading="to", kind="name", rank=1),
        Column(heading="gateway before", kind="name"),
        Column(heading="after", kind="name"),
        *numbers("USD"),
        *numbers("change", kind="change", money=True),
        *numbers("days", digits=1),
        *numbers("change", digits=1, kind="change"),
        *numbers("generalised", kind="change", money=True),
    )
    rows = tuple(
        (
            one.origin,
            one.destination,
            one.gateway_before or "no route",
            one.gateway_after or "no route",
            one.cost_usd_after,
            _less(one.cost_usd_after, one.cost_usd_before),
            one.hours_after / 24 if one.hours_after is not None else None,
            _less(one.hours_after, one.hours_before, 24),
            one.change_usd,
        )
        for one in found.moved
    )
    title = say("Answers that move, as they are then, USD of {year}", year=str(found.price_year))
    return Table(title=title, columns=columns, rows=rows)


def _less(after: float | None, before: float | None, by: float = 1.0) -> float | None:
    return None if after is None or before is None else (after - before) / by


def _why(found: Diff) -> Table | None:
    if found.most is None:
        return None
    columns = (
        Column(heading="what", most=60),
        Column(heading="how", kind="label"),
        *numbers("USD", kind="change"),
        *numbers("hours", digits=1, kind="change"),
    )
    rows = tuple((one.said, one.kind, one.cost_usd, one.hours) for one in found.why)
    title = say("Why {a:name} to {b:name} moves most", a=found.most[0], b=found.most[1])
    return Table(title=title, columns=columns, rows=rows)


def _figures(found: Diff) -> Table | None:
    if not found.differences:
        return None
    columns = (
        Column(heading="what", most=50),
        Column(heading="column"),
        Column(heading="before", most=24),
        Column(heading="after", most=24),
        *numbers("answers"),
        Column(heading="grade", rank=1),
    )
    rows = tuple(
        (
            found.labels[f"{one.table}:{one.row}"],
            one.field or say("{kind:label}", kind=one.kind),
            _shown(one.before),
            _shown(one.after),
            one.used,
            one.grade,
        )
        for one in found.differences[:SHOWN]
    )
    title = say("What differs, and under how many answers it stands")
    if len(found.differences) > SHOWN:
        title = say("{title} (the first {count} of {all})", title=title, count=SHOWN, all=len(found.differences))
    return Table(title=title, columns=columns, rows=rows)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.6g}" if isinstance(value, float) else str(value)
