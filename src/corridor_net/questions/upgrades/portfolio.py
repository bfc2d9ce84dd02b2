"""Which upgrades under a budget: the best set with its proof, near-best sets, the frontier, a schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf, isfinite
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from corridor_net.errors import BadValue
from corridor_net.questions import Ask
from corridor_net.questions._shared import Destinations, Origins
from corridor_net.questions.asked.study import COUNTED, space_of
from corridor_net.questions.asked.values import number_in
from corridor_net.questions.pages.futures import futures_of, futures_view, subsets_of_futures, together
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.page import Column, Page, Table, divided, numbers, page, table_of
from corridor_net.render.words import Sentence, say, semicolons
from corridor_net.results import Opened, measure

if TYPE_CHECKING:
    from corridor_net.analysis.upgrade_sets.futures import Futures
    from corridor_net.analysis.upgrade_sets.portfolio import Portfolio
    from corridor_net.analysis.upgrade_sets.purchases import UpgradeSet
    from corridor_net.analysis.upgrade_sets.schedule import Schedule
    from corridor_net.analysis.upgrade_sets.subsets import UpgradeSubsets
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.scenario import Scenario

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
    networks: tuple[Network, ...] = measure(hidden=True)
    futures: Futures | None = None

    def records(self) -> list[dict[str, Any]]:
        """Return the frontier."""
        return [choice.to_dict() for choice in self.portfolio.frontier]


def answer(  # noqa: PLR0913 (each is an option of the command)
    model: Model,
    *upgrades: Annotated[
        str, Ask("Scenarios, or one study; the default study when none. Packages are opened.", names="scenario")
    ],
    budget: Annotated[float | None, Ask("What may be spent in all.", metavar="USD")] = None,
    costs: Annotated[
        tuple[str, ...],
        Ask("Cost of an upgrade, in place of its own; repeatable.", metavar="NAME=USD", option="--cost"),
    ] = (),
    within: Annotated[float, Ask("Sets this near to the best.", metavar="SHARE")] = 0.05,
    boxes: Annotated[float | None, Ask("Boxes a year, to give gains a year.", metavar="N")] = None,
    yearly_budget: Annotated[float | None, Ask("Also a schedule with so much a year.", metavar="USD")] = None,
    years: Annotated[int, Ask("Years of the schedule.", metavar="N")] = YEARS,
    discount: Annotated[float, Ask("Discount a year, for example 0.05.", metavar="SHARE")] = 0.0,
    growth: Annotated[float, Ask("Growth of traffic a year, in the schedule.", metavar="SHARE")] = 0.0,
    upkeep: Annotated[float, Ask("Upkeep a year, of the cost, in the schedule; needs --boxes.", metavar="SHARE")] = 0.0,
    destinations: Destinations = (),
    origins: Origins = (),
    weights: Annotated[Literal["equal", "trade", "people"], Ask("How origins count.", option="--weight")] = "trade",
    futures: Annotated[
        tuple[str, ...],
        Ask("Scenario or day that may come; repeatable.", metavar="NAME=WEIGHT", option="--future"),
    ] = (),
    worst: Annotated[
        float, Ask("Share of the weight of futures that counts as the worst cases.", metavar="SHARE")
    ] = WORST,
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

    subsets, starts, goals = space_of(model, upgrades, origins, destinations, choose=choose)
    found = portfolio(subsets, known, budget, starts, goals, weights=weights, within=within, boxes_per_year=boxes)
    planned = None
    if yearly_budget is not None:
        planned = schedule(
            subsets,
            known,
            yearly_budget,
            years,
            starts,
            goals,
            weights=weights,
            course=Course(discount=discount, growth=growth, upkeep_a_box=_upkeep_a_box(upkeep, boxes)),
        )
    under, networks = None, [subsets.router.network]
    if futures:
        from corridor_net.analysis.upgrade_sets.futures import under_futures

        shares = futures_of(futures)

        def build(one: Model) -> UpgradeSubsets:
            return space_of(one, upgrades, origins, destinations, choose=lambda all_: priced(tuple(all_), given)[0])[0]

        by_future = subsets_of_futures(model, tuple(shares), build)
        networks += [one.router.network for one in by_future.values()]
        under = under_futures(by_future, shares, known, budget, starts, goals, counted=weights, worst_share=worst)
    return PortfolioAnswer(
        portfolio=replace(found, left_out=tuple(left_out)), schedule=planned, networks=tuple(networks), futures=under
    )


def _refuse_unasked(**told: float) -> None:
    """Raise BadValue for what is said of a schedule where none is asked for."""
    name = next((name for name, value in told.items() if value), None)
    if name is not None:
        raise BadValue(f"'{name}' is of the schedule, and none is asked for", hint="ask for one with --yearly-budget")


def _upkeep_a_box(upkeep: float, boxes: float | None) -> float:
    """Return upkeep as a share of the cost a year and a box; raise BadValue below 0, and without boxes."""
    from corridor_net.appraisal.years import checked_share

    if not 0 <= checked_share(upkeep, "the upkeep") < inf:
        raise BadValue(f"the upkeep is {upkeep:g}", hint="a share of the cost a year, 0 or more")
    if not upkeep:
        return 0.0
    if not boxes:
        raise BadValue("upkeep is divided among boxes, and none are given", hint="give boxes a year with --boxes")
    return upkeep / boxes


def _cost(text: str) -> tuple[str, float]:
    name, separator, figure = text.partition("=")
    value = number_in(figure)
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


def _head(found: Portfolio) -> list[Sentence | None]:
    goals = say("{destinations:both}", found)
    if len(found.destinations) > 3:
        goals = say("{destinations:n0|market|markets}", found)
    gain = say(
        "{origins:n0|origin|origins}, {counted:label}, to {goals}; {as_of}; gain: fall of generalised cost a box.",
        found,
        counted=COUNTED[found.weights],
        goals=goals,
    )
    unpriced = say("Left out, no cost is known (--cost name=USD): {left_out:list}.", found)
    return [gain, unpriced if found.left_out else None]


def _best(found: Portfolio) -> list[Sentence | None]:
    best, budget = found.best, dollars(found.budget_usd)
    said = say("Under {budget} nothing that can be bought gains anything.", budget=budget)
    if best.upgrades:
        said = say(
            "Best under {budget}: {what} for {cost}, {gain_usd_per_box:m2} USD a box.",
            best,
            budget=budget,
            what=_set(best),
            cost=dollars(best.cost_usd),
        )
    looked = say(
        "{looked_at:n0|feasible set|feasible sets} valued"
        if found.method == "exhaustive"
        else "{looked_at:n0|node|nodes}",
        found,
    )
    proof = say("Not proved: no set exceeds {bound_usd_per_box:m2} USD ({looked}).", found, looked=looked)
    if found.proved:
        proof = say("Proved best: {looked}.", looked=looked)
    return [said, proof, _repaid(found, best)]


def _repaid(found: Portfolio, best: UpgradeSet) -> Sentence | None:
    if found.boxes_per_year is None or not best.upgrades:
        return None
    yearly = found.boxes_per_year * best.gain_usd_per_box
    repaid = say("never repaid")
    if yearly > 0:
        repaid = say("{years:n0|year|years} to repay, without interest", years=best.cost_usd / yearly)
    return say(
        "At {boxes_per_year:n0|box|boxes} a year: {sum} a year, {repaid}.", found, sum=dollars(yearly), repaid=repaid
    )


def _near(found: Portfolio) -> list[Sentence | Table | None]:
    plain = [choice for choice in found.near if not choice.dominated]
    idle = [choice for choice in found.near if choice.dominated]
    also = say(
        "Also within {within:p0}, for no less money and no more gain: {sets}{more}.",
        found,
        sets=semicolons(*(together(choice.upgrades) for choice in idle[:SHOWN])) if idle else "",
        more=say("; {n} more in JSON", n=len(idle) - SHOWN) if len(idle) > SHOWN else "",
    )
    near = _choices(say("Within {within:p0} of the best", found), plain[:SHOWN])
    return [near if plain else None, also if idle else None]


def _choices(title: Sentence, choices: Sequence[UpgradeSet]) -> Table:
    return table_of(
        choices,
        Column(heading="upgrades", of=lambda choice: _set(choice) if choice.upgrades else say("none")),
        *numbers("million USD", of=divided("cost_usd", 1e6), digits=1),
        *numbers("gain, USD a box", of="gain_usd_per_box", digits=2),
        *numbers("boxes to repay", of=lambda choice: choice.boxes_to_repay if choice.cost_usd else None),
        title=title,
    )


def _course(found: PortfolioAnswer) -> list[Sentence]:
    plan = found.schedule
    if plan is None:
        return []
    free = say("The schedule looks for the largest sum of gains: what its budget pays for is not counted against them.")
    if not (plan.growth or plan.upkeep_a_box):
        return [free]
    course = say(
        "In the schedule traffic grows by {growth:p1} a year, and upkeep is {upkeep:p1} of the cost a year.",
        plan,
        upkeep=plan.upkeep_a_box * (found.portfolio.boxes_per_year or 0.0),
    )
    return [course, free]


def _schedule(found: Schedule | None) -> Table | None:
    if found is None:
        return None
    title = say(
        "Schedule: {budget} a year, gains from the year after, discount {discount:p1}; sum {total:m1} USD a box",
        found,
        budget=dollars(found.yearly_budget_usd),
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
    return say("{names} (with {included:list})", choice, names=said) if choice.included else said


def dollars(value: float) -> Sentence:
    """Return money in words: millions from 100,000 on."""
    if abs(value) >= 1e5:
        return say("{usd:m1} million USD", usd=value / 1e6)
    return say("{usd:m0} USD", usd=value)


def charts(found: PortfolioAnswer) -> Mapping[str, Chart]:
    """Draw the frontier."""
    rows = [
        (say("{cost}: {upgrades}", cost=dollars(one.cost_usd), upgrades=_set(one)), one.gain_usd_per_box)
        for one in found.portfolio.frontier
    ]
    title = say("The most that can be gained for each budget")
    return {"frontier": Bars(title=title, unit="USD of generalised cost a box", rows=rows)}
