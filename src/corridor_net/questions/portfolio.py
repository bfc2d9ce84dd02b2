"""Which upgrades under a budget: the best set with its proof, near-best sets, the frontier, a schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from corridor_net.errors import BadValue
from corridor_net.questions import Ask
from corridor_net.questions._futures import futures_of, futures_view, spaces_of, together
from corridor_net.questions._study import COUNTED, space_of
from corridor_net.render.page import Column, Page, Table, divided, numbers, page, table_of
from corridor_net.render.words import Sentence, say, semicolons
from corridor_net.results import Opened

if TYPE_CHECKING:
    from corridor_net.analysis.upgrade_sets.futures import Futures
    from corridor_net.analysis.upgrade_sets.portfolio import Portfolio
    from corridor_net.analysis.upgrade_sets.purchases import UpgradeSet
    from corridor_net.analysis.upgrade_sets.schedule import Schedule
    from corridor_net.analysis.upgrade_sets.subsets import Space
    from corridor_net.model import Model
    from corridor_net.render.chart import Chart
    from corridor_net.render.words import Words
    from corridor_net.scenario import Scenario

GROUP = "Upgrades"
SHOWN = 12
YEARS = 10
"""Years of a schedule."""
WORST = 0.2
"""Share of the weight of futures that counts as the worst cases."""


@dataclass(frozen=True, kw_only=True)
class PortfolioAnswer(Opened):
    """The best sets, and the schedule and the futures where these were asked for.

    What is not here is looked up in `portfolio`.
    """

    QUESTION: ClassVar[str] = "portfolio"
    OF: ClassVar[str] = "portfolio"

    portfolio: Portfolio
    schedule: Schedule | None
    futures: Futures | None = None

    @property
    def frame(self) -> Any:
        """The frontier as a pandas DataFrame."""
        import pandas as pd

        return pd.DataFrame([choice.to_dict() for choice in self.portfolio.frontier])


def answer(  # noqa: PLR0913 (each is an option of the command)
    model: Model,
    *upgrades: Annotated[
        str, Ask("Scenarios, or one study; the default study when none. Packages are opened.", names="scenario")
    ],
    budget: Annotated[float | None, Ask("What may be spent in all.", "USD")] = None,
    costs: Annotated[
        tuple[str, ...], Ask("Cost of an upgrade, in place of its own; repeatable.", "NAME=USD", "--cost")
    ] = (),
    within: Annotated[float, Ask("Sets this near to the best.", "SHARE")] = 0.05,
    boxes: Annotated[float | None, Ask("Boxes a year, to give gains a year.", "N")] = None,
    yearly_budget: Annotated[float | None, Ask("Also a schedule with so much a year.", "USD")] = None,
    years: Annotated[int, Ask("Years of the schedule.", "N")] = YEARS,
    discount: Annotated[float, Ask("Discount a year, for example 0.05.", "SHARE")] = 0.0,
    growth: Annotated[float, Ask("Growth of traffic a year, in the schedule.", "SHARE")] = 0.0,
    upkeep: Annotated[float, Ask("Upkeep a year, of the cost, in the schedule; needs --boxes.", "SHARE")] = 0.0,
    destinations: Annotated[tuple[str, ...], Ask("Destination; repeatable. The study's focus.", "NODE", "--to")] = (),
    origins: Annotated[tuple[str, ...], Ask("Origin; repeatable. All of the study, or data.", "NODE", "--from")] = (),
    weights: Annotated[Literal["equal", "trade", "people"], Ask("How origins count.", option="--weight")] = "trade",
    futures: Annotated[
        tuple[str, ...],
        Ask("Scenario or day that may come; repeatable.", "NAME=WEIGHT", "--future"),
    ] = (),
    worst: Annotated[float, Ask("Share of the weight of futures that counts as the worst cases.", "SHARE")] = WORST,
) -> PortfolioAnswer:
    """Find the best set of upgrades under a budget, with its proof; near-best sets; the frontier; a schedule.

    Exhaustive over the sets that can be bought, or by branch and bound with a bound on the gain of supersets. With
    futures, each set also under every one: expected gain, mean of the worst cases (CVaR), largest regret. Raises
    BadValue without a budget, for costs that are none, and as `attribution`.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").portfolio("primorye-2", "vanino", budget=4e9, origins=["yanji"])
    >>> found.portfolio.frontier[-1].upgrades
    ('primorye-2',)
    """
    from corridor_net.analysis.upgrade_sets.portfolio import portfolio
    from corridor_net.analysis.upgrade_sets.purchases import priced
    from corridor_net.analysis.upgrade_sets.schedule import Course, schedule

    if budget is None:
        raise BadValue("portfolio needs a budget", hint="for example --budget 4e9")
    if yearly_budget is None:
        _refuse_unasked(years=years != YEARS, discount=discount, growth=growth, upkeep=upkeep)
    if worst != WORST and not futures:
        raise BadValue("the worst cases are those of futures, and none is named", hint="name futures with --future")
    given = dict(_cost(text) for text in costs)
    known: dict[str, float] = {}
    left_out: list[str] = []

    def choose(found: Sequence[Scenario]) -> tuple[Scenario, ...]:
        kept, figures, without = priced(tuple(found), given)
        known.update(figures)
        left_out.extend(without)
        return kept

    space, starts, goals = space_of(model, upgrades, origins, destinations, choose=choose)
    found = portfolio(space, known, budget, starts, goals, weights=weights, within=within, boxes_per_year=boxes)
    planned = None
    if yearly_budget is not None:
        planned = schedule(
            space,
            known,
            yearly_budget,
            years,
            starts,
            goals,
            weights=weights,
            course=Course(discount=discount, growth=growth, upkeep_a_box=_upkeep_a_box(upkeep, boxes)),
        )
    under = None
    if futures:
        from corridor_net.analysis.upgrade_sets.futures import under_futures

        shares = futures_of(futures)

        def build(one: Model) -> Space:
            return space_of(one, upgrades, origins, destinations, choose=lambda all_: priced(tuple(all_), given)[0])[0]

        spaces = spaces_of(model, tuple(shares), build)
        under = under_futures(spaces, shares, known, budget, starts, goals, counted=weights, worst_share=worst)
    return PortfolioAnswer(portfolio=replace(found, left_out=tuple(left_out)), schedule=planned, futures=under)


def _refuse_unasked(**told: float) -> None:
    """Raise BadValue for what is said of a schedule where none is asked for."""
    name = next((name for name, value in told.items() if value), None)
    if name is not None:
        raise BadValue(f"'{name}' is of the schedule, and none is asked for", hint="ask for one with --yearly-budget")


def _upkeep_a_box(upkeep: float, boxes: float | None) -> float:
    """Return upkeep as a share of the cost a year and a box; raise BadValue where no boxes are given."""
    if not upkeep:
        return 0.0
    if not boxes:
        raise BadValue("upkeep is divided among boxes, and none are given", hint="give boxes a year with --boxes")
    return upkeep / boxes


def _cost(text: str) -> tuple[str, float]:
    name, separator, figure = text.partition("=")
    try:
        value = float(figure)
    except ValueError:
        value = float("nan")
    if not isfinite(value):
        what = f"the cost '{figure}' of '{name}' is not a number" if separator else f"'{text}' is not a cost"
        raise BadValue(what, hint=f"write it as --cost {name.strip() or 'UPGRADE'}=1.2e9")
    return name.strip(), value


def view(found: PortfolioAnswer) -> Page:
    """Show the best set and its proof, the sets that come near it, the frontier, and the schedule."""
    sets = found.portfolio
    title = say("Frontier: the least cost of every gain, whatever the budget")
    if not sets.frontier_complete:
        title = say("{title} (of the sets met; not complete)", title=title)
    return page(
        _head(sets),
        _best(sets),
        futures_view(found.futures),
        _near(sets),
        _choices(title, sets.frontier),
        _course(found),
        _schedule(found.schedule),
    )


def _head(found: Portfolio) -> list[Sentence]:
    goals = say("{goals:both}", goals=found.destinations)
    if len(found.destinations) > 3:
        goals = say("{count:n0|market|markets}", count=len(found.destinations))
    lines = [
        say(
            "{count:n0|origin|origins}, {counted:label}, to {goals}; {day}; gain: fall of generalised cost, USD a box.",
            count=len(found.origins),
            counted=COUNTED[found.weights],
            goals=goals,
            day=found.as_of,
        )
    ]
    if found.left_out:
        lines.append(say("Left out, no cost is known (--cost name=USD): {names:list}.", names=found.left_out))
    return lines


def _best(found: Portfolio) -> list[Sentence]:
    best, budget = found.best, dollars(found.budget_usd)
    lines = [say("Under {budget} nothing that can be bought gains anything.", budget=budget)]
    if best.upgrades:
        lines = [
            say(
                "Best under {budget}: {what} for {cost}, {gain:m2} USD a box.",
                budget=budget,
                what=_set(best),
                cost=dollars(best.cost_usd),
                gain=best.gain_usd_per_box,
            )
        ]
    looked = say(
        "{count:n0|feasible set|feasible sets} valued" if found.method == "exhaustive" else "{count:n0|node|nodes}",
        count=found.looked_at,
    )
    if found.proved:
        lines.append(say("Proved best: {looked}.", looked=looked))
    else:
        bound = found.bound_usd_per_box
        lines.append(say("Not proved: no set exceeds {bound:m2} USD ({looked}).", bound=bound, looked=looked))
    if found.boxes_per_year is not None and best.upgrades:
        yearly = found.boxes_per_year * best.gain_usd_per_box
        repaid = say("never repaid")
        if yearly > 0:
            repaid = say("{years:n0|year|years} to repay, without interest", years=best.cost_usd / yearly)
        lines.append(
            say(
                "At {n:n0|box|boxes} a year: {sum} a year, {repaid}.",
                n=found.boxes_per_year,
                sum=dollars(yearly),
                repaid=repaid,
            )
        )
    return lines


def _near(found: Portfolio) -> list[Sentence | Table]:
    plain = [choice for choice in found.near if not choice.dominated]
    idle = [choice for choice in found.near if choice.dominated]
    blocks: list[Sentence | Table] = []
    if plain:
        blocks.append(_choices(say("Within {share:p0} of the best", share=found.within), plain[:SHOWN]))
    if idle:
        sets = semicolons(*(together(choice.upgrades) for choice in idle[:SHOWN]))
        more = say("; {n} more in JSON", n=len(idle) - SHOWN) if len(idle) > SHOWN else ""
        blocks.append(
            say(
                "Also within {share:p0}, for no less money and no more gain: {sets}{more}.",
                share=found.within,
                sets=sets,
                more=more,
            )
        )
    return blocks


def _choices(title: Sentence, choices: Sequence[UpgradeSet]) -> Table:
    return table_of(
        choices,
        Column(heading="upgrades", of=lambda choice: _set(choice) if choice.upgrades else say("none")),
        *numbers("million USD", of=divided("cost_usd", 1e6), digits=1),
        *numbers("gain, USD a box", of="gain_usd_per_box", digits=2),
        *numbers("boxes to repay", of=lambda choice: choice.boxes_to_repay if choice.cost_usd else None),
        title=title,
    )


def _course(found: PortfolioAnswer) -> Sentence | None:
    plan = found.schedule
    if plan is None or not (plan.growth or plan.upkeep_a_box):
        return None
    return say(
        "In the schedule traffic grows by {growth:p1} a year, and upkeep is {upkeep:p1} of the cost a year.",
        growth=plan.growth,
        upkeep=plan.upkeep_a_box * (found.portfolio.boxes_per_year or 0.0),
    )


def _schedule(found: Schedule | None) -> Table | None:
    if found is None:
        return None
    title = say(
        "Schedule: {budget} a year, gains from the year after, discount {discount:p1}; sum {total:m1} USD a box",
        budget=dollars(found.yearly_budget_usd),
        discount=found.discount,
        total=found.total,
    )
    return table_of(
        found.years,
        Column(heading="finished", of=lambda one: say("{names:list}", names=one.finished)),
        *numbers("year", of="year"),
        *numbers("spent, million USD", of=lambda one: one.spent_usd / 1e6 or None, digits=1),
        *numbers("gain in the year, USD a box", of="gain_usd_per_box", digits=2),
        title=title,
    )


def _set(choice: UpgradeSet) -> Sentence:
    said = together(choice.upgrades)
    if choice.included:
        return say("{names} (with {included:list})", names=said, included=choice.included)
    return said


def dollars(value: float) -> Sentence:
    """Return money in words: millions from 100,000 on."""
    if abs(value) >= 1e5:
        return say("{usd:m1} million USD", usd=value / 1e6)
    return say("{usd:m0} USD", usd=value)


def charts(found: PortfolioAnswer, words: Words) -> Mapping[str, Chart]:
    """Draw the frontier."""
    from corridor_net.render.chart import Bars

    rows = [
        (
            words.text(say("{cost}: {upgrades}", cost=dollars(c.cost_usd), upgrades=_set(c))),
            c.gain_usd_per_box,
        )
        for c in found.portfolio.frontier
    ]
    title, unit = words.label("The most that can be gained for each budget"), "USD of generalised cost a box"
    return {"frontier": Bars(title=title, unit=words.label(unit), rows=rows)}
