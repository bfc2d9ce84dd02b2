"""A difference and its page: how much differs, which answers move, why the first does, and the figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from corridor_net.render.page import Column, Page, Table, divided, numbers, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure
from corridor_net.rounding import BeforeAfter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor_net.analysis.differences import Difference
    from corridor_net.analysis.years.timeline import YearChange
    from corridor_net.network import Network

SHOWN = 30
"""Differences shown; files and JSON hold all."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One pair before and after; None where there is no route. `moved`: it costs, takes or goes otherwise."""

    origin: str
    destination: str
    gateway_before: str | None
    gateway_after: str | None
    cost_usd_before: float | None = measure("USD", 2)
    cost_usd_after: float | None = measure("USD", 2)
    hours_before: float | None = measure("h", 2)
    hours_after: float | None = measure("h", 2)
    co2_kg_before: float | None = measure("kg", 2)
    co2_kg_after: float | None = measure("kg", 2)
    generalised_usd_before: float | None = measure("USD", 2)
    generalised_usd_after: float | None = measure("USD", 2)
    moved: bool

    @property
    def change_usd(self) -> float | None:
        """The change of generalised cost; None where there is no route before or after."""
        if self.generalised_usd_before is None or self.generalised_usd_after is None:
            return None
        return self.generalised_usd_after - self.generalised_usd_before


@dataclass(frozen=True, kw_only=True)
class Diff(Result):
    """Two networks held against each other; `why` tells the answer that moves most figure by figure, and adds up to it.

    `evidence_alone` counts rows that say the same of another source, grade or basis.
    """

    QUESTION: ClassVar[str] = "diff"
    ROWS: ClassVar[str] = "differences"

    before: str
    after: str
    day_before: str
    day_after: str
    cargo: str
    price_year: int
    differences: tuple[Difference, ...]
    evidence_alone: int
    answers: tuple[Answer, ...]
    most: tuple[str, str] | None
    why: tuple[YearChange, ...]
    labels: Mapping[str, Sentence] = measure(hidden=True)
    networks: tuple[Network, ...] = measure(hidden=True)

    @property
    def moved(self) -> tuple[Answer, ...]:
        """The answers that move."""
        return tuple(one for one in self.answers if one.moved)


def view(found: Diff) -> Page:
    """Show how many figures and answers differ, the answers, why the first moves, and the figures."""
    return page(
        _first(found),
        _moved(found),
        _answers(found) if found.moved else None,
        _why(found, *found.most) if found.most else None,
        _figures(found) if found.differences else None,
    )


def _first(found: Diff) -> Sentence:
    rows = len({(one.table, one.row) for one in found.differences})
    if not rows:
        return say("{before} and {after} differ in no figure.", found)
    return say(
        "{after} against {before}: {differences:n0|difference|differences} in {rows:n0|row|rows}, {used:n0} of them "
        "under the answers; {moved} of {all} answers move.",
        found,
        rows=rows,
        used=sum(one.used > 0 for one in found.differences),
        moved=len(found.moved),
        all=len(found.answers),
    )


def _moved(found: Diff) -> list[Sentence | None]:
    changes = [one.change_usd for one in found.moved if one.change_usd is not None]
    mean = say(
        "Generalised cost changes by {mean:+m0} USD a box on average of those that move, {least:+m0} to "
        "{most:+m0}; {n} go by another gateway.",
        mean=sum(changes) / max(len(changes), 1),
        least=min(changes, default=0.0),
        most=max(changes, default=0.0),
        n=sum(one.gateway_before != one.gateway_after for one in found.moved),
    )
    lost = tuple(one.origin for one in found.moved if one.gateway_after is None)
    gained = tuple(one.origin for one in found.moved if one.gateway_before is None)
    alike = say("{evidence_alone:n0|row says|rows say} the same of another source, grade or basis.", found)
    return [
        mean if changes else None,
        say("Routes lost: from {names:names}.", names=lost) if lost else None,
        say("Routes gained: from {names:names}.", names=gained) if gained else None,
        alike if found.evidence_alone else None,
    ]


def _answers(found: Diff) -> Table:
    return table_of(
        found.moved,
        Column(heading="from", kind="name", of="origin"),
        Column(heading="to", kind="name", rank=1, of="destination"),
        Column(heading="gateway before", kind="name", of=lambda one: one.gateway_before or "no route"),
        Column(heading="after", kind="name", of=lambda one: one.gateway_after or "no route"),
        *numbers("USD", of="cost_usd_after"),
        *numbers("change", of=lambda one: _less(one.cost_usd_after, one.cost_usd_before), kind="change", money=True),
        *numbers("days", of=divided("hours_after", 24), digits=1, rank=2),
        *numbers(
            "change", of=lambda one: _less(one.hours_after, one.hours_before, 24), digits=1, kind="change", rank=2
        ),
        *numbers("generalised", of="change_usd", kind="change", money=True),
        title=say("Answers that move, as they are then, USD of {year}", year=str(found.price_year)),
    )


def _less(after: float | None, before: float | None, by: float = 1.0) -> BeforeAfter | None:
    return None if after is None or before is None else BeforeAfter(before / by, after / by)


def _why(found: Diff, origin: str, destination: str) -> Table:
    return table_of(
        found.why,
        Column(heading="what", most=60, of="said"),
        Column(heading="how", kind="label", of="kind"),
        *numbers("USD", of="cost_usd", kind="change"),
        *numbers("hours", of="hours", digits=1, kind="change"),
        title=say("Why {a:name} to {b:name} moves most", a=origin, b=destination),
    )


def _figures(found: Diff) -> Table:
    return table_of(
        found.differences,
        Column(heading="what", most=50, of=lambda one: found.labels[f"{one.table}:{one.row}"]),
        Column(heading="column", of=lambda one: one.field or say("{kind:label}", kind=one.kind)),
        Column(heading="before", most=24, of=lambda one: _shown(one.before)),
        Column(heading="after", most=24, of=lambda one: _shown(one.after)),
        *numbers("answers", of="used"),
        Column(heading="grade", rank=1, of="grade"),
        title="What differs, and under how many answers it stands",
        most=SHOWN,
    )


def _shown(value: Any) -> Sentence | str:
    if value is None:
        return ""
    return say("{value:g6}", value=value) if isinstance(value, float) else str(value)
