"""An appraisal and its page: the traffic from which it pays, then figures, components, switching values and years."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from corridor_net.output.paying_text import rate_words
from corridor_net.questions.asked.places import goal_words
from corridor_net.render.page import Column, Page, Table, millions, numbers, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure
from corridor_net.rounding import BeforeAfter

if TYPE_CHECKING:
    from corridor_net.analysis.years.accounts import Accounts
    from corridor_net.analysis.years.appraise import Case, Switch
    from corridor_net.analysis.years.receipts import Receipt
    from corridor_net.network import Network
    from corridor_net.questions.pages.appraised import AppraisedYear, ComponentWorth
    from corridor_net.uncertainty.studies.appraised import NpvDraws
    from corridor_net.uncertainty.studies.waiting import Knowing

TOLD = {
    "money": "freight, haul and handling",
    "fees": "fees that users save (transfer)",
    "time": "time",
    "reliability": "reliability",
    "fees collected": "fees that states take (transfer)",
    "CO2e": "CO2e",
}
COSTS = {"investment": "investment", "operation": "operation and maintenance", "residual": "left at the end"}


@dataclass(frozen=True, kw_only=True)
class Appraisal(Result):
    """A project over years; money in USD of `price_year`, present values in `base_year`.

    `rates_of_return` are all there are; `pays_from_teu` the traffic of the opening year from which the net present
    value is 0 or more (None: no traffic would do), `traffic_multiple` the same as a multiple of what there is;
    `pays_below_usd` the investment up to which it is. `best_opening` is the year of opening with the largest net
    present value, up to twenty years later; None where it is below 0 in each. `counted` is what table traffic has of
    the corridor of the project's name, the last before the day: TEU, first day, last day. `investment_source` is what
    the scenario says its investment is from, empty where one is given. `receipts` is what shippers
    pay to whom; `knowing` what it is worth to know more, now and in `wait_years`.
    """

    QUESTION: ClassVar[str] = "appraise"
    ROWS: ClassVar[str] = "years"

    scenario: str
    title: str
    as_of: str
    cargo: str
    price_year: int
    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    traffic: str
    growth: float = measure("share a year", 6)
    elasticity: float = measure("", 4)
    discount: float = measure("share a year", 6)
    carbon: str
    base_year: int
    opening: int
    last: int
    investment_usd: float = measure("USD", 0)
    investment_source: str
    works_factor: float = measure("", 4)
    accounts: Accounts
    npv_usd: float = measure("USD", 0)
    npv_by_carbon: dict[str, float] = measure("USD", 0)
    rates_of_return: tuple[float, ...] = measure("share a year", 6)
    benefit_cost_ratio: float | None = measure("", 4)
    payback_years: int | None = measure("years")
    discounted_payback_years: int | None = measure("years")
    first_year_return: float | None = measure("share", 6)
    best_opening: int | None
    best_opening_npv_usd: float = measure("USD", 0)
    opening_teu: float = measure("TEU", 0)
    counted: tuple[float, str, str] | None
    pays_from_teu: float | None = measure("TEU", 0)
    traffic_multiple: float | None = measure("", 4)
    pays_below_usd: float | None = measure("USD", 0)
    investment_change: float | None = measure("share", 4)
    components: tuple[ComponentWorth, ...]
    costs: dict[str, float] = measure("USD", 0)
    switches: tuple[Switch, ...]
    receipts: tuple[Receipt, ...]
    draws: NpvDraws | None
    networks: tuple[Network, ...] = measure(hidden=True)
    case: Case = measure(hidden=True)
    wait_years: int
    knowing: tuple[Knowing, ...]
    years: tuple[AppraisedYear, ...]

    def cited(self) -> tuple[str, ...]:
        """Return the ids of the sources of the investment, and of the routes without and with the project."""
        ids = {*self.investment_source.replace(",", " ").split()} & self.networks[0].sources.keys()
        for router, ways in zip((self.case.before, self.case.after), self.case.ways, strict=True):
            for pair, way in zip(self.case.pairs, ways, strict=True):
                ids.update(name for leg in router.describe(*pair, way).legs for name in leg.source_ids)
        return tuple(sorted(ids))


def view(found: Appraisal) -> Page:
    """Show from what traffic the project pays against what there is, then what it rests on."""
    return page(
        _first(found),
        _counted(found),
        _second(found),
        _rates(found),
        _in_money(found),
        _timing(found),
        _investment(found),
        _uncertainty(found),
        _carbon(found),
        _components(found),
        _accounts(found),
        _receipts(found),
        _waiting(found),
        _knowing(found),
        _switches(found),
        _years(found),
        _rests_on(found),
    )


def _first(found: Appraisal) -> Sentence:
    if found.pays_from_teu is None:
        return say(
            "{title:label} pays at no traffic: {opening_teu:n0} TEU a year are there when it opens in {opening}, and "
            "together they gain nothing by it.",
            found,
        )
    return say(
        "{title:label} pays from {pays_from_teu:n0} TEU a year on; there are {opening_teu:n0} when it opens in "
        "{opening}, {times} that.",
        found,
        times=say("{x:g3} times", x=1 / found.traffic_multiple)
        if found.traffic_multiple
        else say("any number of times"),
    )


def _counted(found: Appraisal) -> Sentence | None:
    if found.counted is None:
        return None
    return say("Counted on the corridor from {counted[1]} to {counted[2]}: {counted[0]:n0} TEU.", found)


def _second(found: Appraisal) -> Sentence:
    return say(
        "Net present value at {discount:p1}: {npv_usd:M1} million USD of {price_year} in {base_year}, {base_year} to "
        "{last}; benefit-cost ratio (BCR) {ratio}. {origins:n0|origin|origins} to {goal:name}.",
        found,
        ratio="-" if found.benefit_cost_ratio is None else say("{benefit_cost_ratio:g3}", found),
        goal=goal_words(found.destinations),
    )


def _rates(found: Appraisal) -> Sentence:
    rates = found.rates_of_return
    if not rates:
        return say("There is no internal rate of return: at no rate is the net present value 0.")
    if len(rates) > 1:
        told = tuple(say("{rate:p2}", rate=rate) for rate in rates)
        return say(
            "There are {n} internal rates of return: {told:list}; go by the net present value.", n=len(rates), told=told
        )
    return say(
        "Internal rate of return (EIRR): {rate:p2}, the only one: the discount rate up to which it pays.", rate=rates[0]
    )


def _in_money(found: Appraisal) -> Sentence:
    rates = found.accounts.rates
    return say(
        "In money alone, at market prices, without time, certainty and CO2e: {accounts.financial_usd:M1} million USD, "
        "rate of return (FIRR) {rate}. A dollar paid for the project costs the economy {works_factor:n3}.",
        found,
        rate=rate_words(rates[0] if len(rates) == 1 else None),
    )


def _accounts(found: Appraisal) -> Table:
    told = found.accounts
    columns = (Column(heading="present value", kind="label"), *numbers("all", digits=2, kind="change", money=True))
    money = [(step.what, step.usd / 1e6) for step in told.steps if not step.economic]
    worth = [(step.what, step.usd / 1e6) for step in told.steps if step.economic]
    between = ("financial net present value", told.financial_usd / 1e6)
    return Table(
        title="From money to worth: the financial and the economic account, million USD",
        columns=columns,
        rows=(*money, between, *worth),
        totals=(("net present value", found.npv_usd / 1e6),),
    )


def _timing(found: Appraisal) -> Sentence:
    paid, later = found.payback_years, found.discounted_payback_years
    never = say("never")
    return say(
        "Paid back {paid}, with interest {later}; first-year return {first}; best opening: {best}.",
        paid=never if paid is None else say("in year {year}", year=found.base_year + paid),
        later=never if later is None else say("in year {year}", year=found.base_year + later),
        first="-" if found.first_year_return is None else say("{first_year_return:p2}", found),
        best=say("none within twenty years, the value stays below 0")
        if found.best_opening is None
        else say("{best_opening} ({best_opening_npv_usd:M1} million USD)", found),
    )


def _investment(found: Appraisal) -> Sentence:
    if found.pays_below_usd is None:
        return say("No investment is small enough for it to pay.")
    return say(
        "It pays up to an investment of {pays_below_usd:M1} million USD, {change} than the {investment_usd:M1} "
        "assumed.",
        found,
        change=say(
            "{share:p1} more" if found.pays_below_usd >= found.investment_usd else "{share:p1} less",
            share=abs(found.pays_below_usd / found.investment_usd - 1),
        ),
    )


def _uncertainty(found: Appraisal) -> Sentence | None:
    if found.draws is None:
        return None
    return say(
        "Over {draws:n0} draws of all figures, of traffic and of cost: {p10:M1} to {p90:M1} million USD in eight of "
        "ten, above 0 in {above_zero:p1}; rate of return {low} to {high}.",
        found.draws,
        low=rate_words(found.draws.rates.p10),
        high=rate_words(found.draws.rates.p90),
    )


def _carbon(found: Appraisal) -> Sentence:
    return say(
        "With the {carbon:label} price path of CO2e; without a price {none:M1}, low {low:M1}, high {high:M1} million "
        "USD.",
        found,
        **found.npv_by_carbon,
    )


def _components(found: Appraisal) -> Table:
    columns = (
        Column(heading="present value", kind="label"),
        *numbers("normal", "diverted", "generated", digits=2, kind="change", rank=1, money=True),
        *numbers("all", digits=2, kind="change", money=True),
    )
    rows: list[tuple[str | float | None, ...]] = [
        (TOLD[s.component], s.normal / 1e6, s.diverted / 1e6, s.generated / 1e6, s.total / 1e6)
        for s in found.components
    ]
    costs = found.costs
    rows += [
        (COSTS["investment"], None, None, None, -costs["investment"] / 1e6),
        (COSTS["operation"], None, None, None, -costs["operation"] / 1e6),
        (COSTS["residual"], None, None, None, costs["residual"] / 1e6),
    ]
    total = ("net present value", None, None, None, found.npv_usd / 1e6)
    return Table(title="What it is worth, and to whom, million USD", columns=columns, rows=tuple(rows), totals=(total,))


def _more(before: float, after: float) -> BeforeAfter:
    """Return millions whose ends stand beside their change."""
    return BeforeAfter(before / 1e6, after / 1e6)


def _receipts(found: Appraisal) -> Table:
    return table_of(
        found.receipts,
        Column(heading="paid to", kind="label", of="party"),
        Column(heading="where", kind="label", of="country"),
        *millions("without", "with", of=("before_usd", "after_usd"), digits=2, rank=1),
        *numbers("more", of=lambda one: _more(one.before_usd, one.after_usd), digits=2, kind="change", money=True),
        title="What shippers pay to whom, present value, million USD",
    )


OTHERS = ("carriers", "terminals", "states", "at sea")
"""Who is paid, and where."""
WHAT = {
    "traffic": "its traffic",
    "cost": "its cost",
    "network": "figures of the network",
    "all": "all of them",
}
"""What may be known before it is decided on."""


def _waiting(found: Appraisal) -> Sentence | None:
    if not found.knowing:
        return None
    one = max(found.knowing[:-1], key=lambda row: row.wait_usd)
    if one.wait_usd <= 0:
        return say("No figure is worth waiting {wait_years:n0|year|years} for.", found)
    return say(
        "Most worth waiting for: {what:label}; to decide in {wait_years:n0|year|years}, with that known, is worth "
        "{one.wait_usd:M1} million USD more than to decide now.",
        found,
        what=WHAT[one.what],
        one=one,
    )


def _knowing(found: Appraisal) -> Table | None:
    if not found.knowing:
        return None
    waiting = say("by waiting {wait_years:n0|year|years}", found)
    return table_of(
        found.knowing,
        Column(heading="known for sure", kind="label", of=lambda one: WHAT[one.what]),
        *millions("before deciding now", of=("now_usd",), digits=1),
        *millions(waiting, of=("wait_usd",), digits=1, kind="change"),
        title="What a better figure is worth, million USD",
    )


def _switches(found: Appraisal) -> Table | None:
    if not found.switches:
        return None
    return table_of(
        found.switches,
        Column(heading="figure", kind="figure", of="key"),
        Column(heading="unit", kind="label", of="unit"),
        Column(heading="now", of=lambda one: say("{now:g4}", one)),
        Column(heading="pays at", of=_pays_at),
        Column(heading="times", of=_times),
        title="Switching values: alone, the others as they are",
    )


def _pays_at(one: Switch) -> Sentence:
    return say("no value up to ten times") if one.value is None else say("{value:g4}", one)


def _times(one: Switch) -> Sentence | str:
    return "" if one.multiple is None else say("{multiple:g3}{how:label}", one, how=_how(one))


def _how(one: Switch) -> str:
    if one.jump:
        return " (routes change)"
    return "" if one.proved else " (not proved alone)"


def _years(found: Appraisal) -> Table:
    spent = (lambda one: -one.investment / 1e6, lambda one: -one.operation / 1e6)
    return table_of(
        found.years,
        Column(heading="year", of=lambda one: str(one.year)),
        *numbers("normal TEU", of="normal_teu", rank=2),
        *numbers("diverted TEU", "generated TEU", of=("diverted_teu", "generated_teu"), rank=1),
        *numbers("spent", "run", of=spent, digits=2, kind="change", money=True),
        *millions("benefit", "net", of=("benefit", "net"), digits=2, kind="change"),
        title="By year, million USD, not discounted",
    )


def _rests_on(found: Appraisal) -> list[Sentence]:
    traffic = say(
        "Traffic: {traffic:label}; growth {growth:p1} a year; elasticity {elasticity:n2}. Normal traffic keeps its "
        "gateway, diverted traffic leaves it, generated traffic would not go; it counts half.",
        found,
        traffic="all trade of table market, boxed" if found.traffic == "market" else found.traffic,
    )
    left_out = (
        say("Left out, no route without or with the project: {a:name} to {b:name}.", a=a, b=b)
        for a, b in found.left_out
    )
    source = say("The investment is that of {investment_source}.", found)
    return [traffic, *([source] if found.investment_source else []), *left_out]
