"""Which services would run some years later, told only what was known each January, against what did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, ClassVar

from corridor_net.analysis.years.backcast import RUNS, STANDS, Asked, Score
from corridor_net.errors import BadValue
from corridor_net.questions import Ask
from corridor_net.render.page import Column, Page, numbers, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure
from corridor_net.rounding import BeforeAfter

if TYPE_CHECKING:
    from corridor_net.analysis.router import Router
    from corridor_net.model import Model
    from corridor_net.network import Network

WHAT = {RUNS: "running in January: still so later?", STANDS: "not running in January: running later?"}
"""What is asked of each kind, in words."""
SURE = 2.0
"""Standard errors by which one score must be better than the other to be called so."""


@dataclass(frozen=True, kw_only=True)
class Backcast(Result):
    """Every service of every January, and how the answers did for those that ran and those that did not."""

    QUESTION: ClassVar[str] = "backcast"
    ROWS: ClassVar[str] = "services"

    years: int
    first: int
    last: int
    scores: tuple[Score, ...]
    services: tuple[Asked, ...]
    network: Network = measure(hidden=True)


def answer(
    model: Model, *, years: Annotated[int, Ask("Years from each January to the outcome.", metavar="N", minimum=1)] = 2
) -> Backcast:
    """Ask each January which services run two years later, told only what was known, and hold it against what did.

    A service is foretold to run where a best way of table market goes by it. The score is Brier's, against the shares
    of the past alone. Raises BadValue for a day or scenario, and for data with too few years.

    >>> import corridor_net as cn
    >>> found = cn.load().backcast()
    >>> [one.now for one in found.scores]
    ['runs', 'stands still']
    """
    from corridor_net.analysis.years.backcast import backcast, score

    if model.day or model.scenarios:
        given = "as_of" if model.day else "scenario"
        raise BadValue(
            f"backcast takes no {given}", hint="it asks on the last day of each year, of the data as they are"
        )

    def router_of(network: Network) -> Router:
        return replace(model, base=network, day=network.day).router

    asked = backcast(model.base, router_of, years)
    scores = tuple(found for now in (RUNS, STANDS) if (found := score(asked, now)) is not None)
    if not scores:
        first, last = model.base.days
        raise BadValue(
            f"no January has both a past and an outcome {years} years later",
            hint=f"the data cover {first} to {last}: ask for fewer years",
        )
    told = [one.year for one in asked if one.chance is not None]
    return Backcast(years=years, first=min(told), last=max(told), scores=scores, services=asked, network=model.base)


def view(found: Backcast) -> Page:
    """Show how the answers did, in a table a row each kind."""
    counted = ("hits", "misses", "false_alarms", "rightly_none")
    return page(
        *(_said(found, one) for one in found.scores),
        table_of(
            found.scores,
            Column(heading="services", kind="label", of=lambda one: WHAT[one.now]),
            *numbers("asked", of="asked"),
            *numbers("hit", "miss", "false alarm", "rightly none", of=counted),
            *numbers("not known", of="not_known", rank=1),
            *numbers("Brier", "by shares alone", of=("brier", "brier_base"), digits=4),
            *numbers("difference", of=lambda one: BeforeAfter(one.brier_base, one.brier), kind="change", digits=4),
            *numbers("standard error", of="difference_error", digits=4, rank=1),
            title=say("A best way goes by it, against: it runs {years:n0|year|years} later", years=found.years),
        ),
        say(
            "Hit: foretold and so; miss: not foretold, yet so; false alarm: foretold, not so. Brier score: 0 is right "
            "every time, and smaller is better; by shares alone: the same chance for every service."
        ),
    )


def _said(found: Backcast, one: Score) -> Sentence:
    """Say whether the answer told more than the shares of the past."""
    uncertainty = SURE * one.difference_error
    return say(
        "{what:label} Januaries {first}-{last}: the network tells more than the shares of the past (Brier {brier:n4} "
        "against {brier_base:n4})."
        if one.difference < -uncertainty
        else "{what:label} Januaries {first}-{last}: the network misleads against the shares of the past (Brier "
        "{brier:n4} against {brier_base:n4})."
        if one.difference > uncertainty
        else "{what:label} Januaries {first}-{last}: the network tells no more than the shares of the past (Brier "
        "{brier:n4} against {brier_base:n4}).",
        one,
        what=WHAT[one.now],
        first=found.first,
        last=found.last,
    )
