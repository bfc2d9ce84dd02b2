"""A pair before and after, leg by leg and component by component, and its documented JSON shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from corridor_net.analysis.route import Route
from corridor_net.render.words import Sentence, Words
from corridor_net.results import Result
from corridor_net.rounding import fitted

from .change_sets import ChangeSets

OTHERS = {"reliability": "reliability", "co2_price": "price of CO2"}
"""What is worth something and paid by nobody, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegChange:
    """One step of the old or the new way, with its amounts before and after (None: not part of that way).

    `status` is left (old way alone), taken (new way alone), changed or same (both).
    """

    key: str
    kind: str
    from_node: str
    to_node: str
    asset_id: str
    status: str
    cost_usd_before: float | None
    cost_usd_after: float | None
    hours_before: float | None
    hours_after: float | None
    generalised_change_usd: float


AMOUNTS = ("cost_usd_before", "cost_usd_after", "hours_before", "hours_after", "generalised_change_usd")


def _goes_on(last: LegChange, leg: LegChange) -> bool:
    return (last.kind, last.status, last.to_node) == (leg.kind, leg.status, leg.from_node) and leg.kind == "haul"


def _both(last: LegChange, leg: LegChange, name: str) -> float | None:
    """Return what two steps of one status take together: None where neither is part of that way."""
    amounts = getattr(last, name), getattr(leg, name)
    return None if None in amounts else sum(amounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentChange:
    """One component, totals of the old and of the new way: USD and hours, and the change of generalised cost.

    `reliability` and `co2_price` are worth something and paid by nobody: they change generalised cost alone.
    """

    component: str
    cost_usd_before: float
    cost_usd_after: float
    hours_before: float
    hours_after: float
    generalised_change_usd: float

    @property
    def called(self) -> str:
        """The component, by its id, or what is paid by nobody, in words."""
        return OTHERS.get(self.component, self.component)


@dataclass(frozen=True, kw_only=True)
class Explanation(Result):
    """A pair before and after, and why it differs.

    `old_way_after` is the old way with the amounts after, `new_way_before` the reverse; None where an arc of
    it does not exist. `others` are the best ways by every other gateway, the best first. `gap` is what
    the runner-up lacks, in `unit` of what is minimised; `gap_before` the same before.
    """

    QUESTION: ClassVar[str] = "explain"
    ROWS: ClassVar[str] = "legs"

    before: Route
    after: Route
    old_way_after: Route | None
    new_way_before: Route | None
    legs: tuple[LegChange, ...]
    components: tuple[ComponentChange, ...]
    sets: ChangeSets | None
    others: tuple[Route, ...]
    others_before: tuple[Route, ...]
    gap: float | None
    gap_before: float | None
    unit: str
    value_of_time_usd_per_hour: float
    names: dict[str, str]
    sentences: tuple[Sentence, ...]

    @property
    def as_shown(self) -> tuple[LegChange, ...]:
        """The legs as they are told: hauls in turn of one status that meet at places without a name are one."""
        found: list[LegChange] = []
        for leg in self.legs:
            last = found[-1] if found else None
            if last and _goes_on(last, leg) and self.names.get(leg.from_node, leg.from_node) == leg.from_node:
                both: dict[str, Any] = {name: _both(last, leg, name) for name in AMOUNTS}
                found[-1] = replace(last, to_node=leg.to_node, **both)
            else:
                found.append(leg)
        return tuple(found)

    @property
    def moved(self) -> bool:
        """Whether the cargo goes another way."""
        return [leg.key for leg in self.before.legs] != [leg.key for leg in self.after.legs]

    @property
    def gateway_changed(self) -> bool:
        """Whether it leaves by another seaport."""
        return self.before.gateway != self.after.gateway

    @property
    def runner_up(self) -> Route | None:
        """The best way by another gateway, after."""
        return self.others[0] if self.others else None

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape of `explain --json`."""
        sets = self.sets
        return {
            "origin": self.before.origin,
            "destination": self.before.destination,
            "as_of": self.before.as_of,
            "cargo": self.before.cargo,
            "scenario": self.after.scenario,
            "by": self.before.minimised,
            "moved": self.moved,
            "gateway_changed": self.gateway_changed,
            "before": self.before.as_json(),
            "after": self.after.as_json(),
            "old_way_after": self.old_way_after.as_json() if self.old_way_after else None,
            "new_way_before": self.new_way_before.as_json() if self.new_way_before else None,
            "legs": _ledger(self.legs),
            "components": _ledger(self.components),
            "changes": None
            if sets is None
            else {
                "all": [{"change": name, "what": str(what)} for name, what in sets.changes],
                "relevant": list(sets.relevant),
                "enough": [list(names) for names in sets.enough],
                "without": [list(names) for names in sets.without],
                "complete": sets.complete,
            },
            "runner_up": self.runner_up.as_json() if self.runner_up else None,
            "gap": None if self.gap is None else round(self.gap, 2),
            "gap_before": None if self.gap_before is None else round(self.gap_before, 2),
            "unit": self.unit,
            "sentences": [Words(names=self.names).text(one) for one in self.sentences],
        }


def _ledger(rows: Sequence[LegChange | ComponentChange]) -> list[dict[str, Any]]:
    """Return steps or components in the documented JSON shape; each column adds up to its total."""
    found: list[dict[str, Any]] = [
        {
            name: round(value, 2) if isinstance(value, float) else value
            for name, value in ((name, getattr(row, name)) for name in row.__slots__)
        }
        for row in rows
    ]
    for name in ("cost_usd_before", "cost_usd_after", "hours_before", "hours_after"):
        own = [n for n, row in enumerate(rows) if getattr(row, name) is not None]
        for n, value in zip(own, fitted([getattr(rows[n], name) for n in own], 2), strict=True):
            found[n][name] = value
    return found
