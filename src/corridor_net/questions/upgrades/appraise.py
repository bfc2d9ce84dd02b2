"""Does a project pay over years: present value, rates of return, traffic from which it pays, switching values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf, isnan
from typing import TYPE_CHECKING, Annotated, Any, Literal

from corridor_net.appraisal.benefits import COMPONENTS, ELASTICITY
from corridor_net.appraisal.project import (
    CONSTRUCTION_YEARS,
    DISCOUNT,
    GROWTH,
    LIFE_YEARS,
    OPEN_YEARS,
    OPERATION_SHARE,
)
from corridor_net.errors import BadValue
from corridor_net.questions import Ask
from corridor_net.questions._shared import Destinations, Growth, Seed, Traffic
from corridor_net.questions.asked.values import number_in
from corridor_net.questions.pages.appraisal import COSTS, TOLD, Appraisal
from corridor_net.questions.pages.appraisal import view as view
from corridor_net.questions.pages.appraised import ComponentWorth, years_of
from corridor_net.render.chart import Bars, Chart, Text
from corridor_net.render.words import say
from corridor_net.results import fields_of

if TYPE_CHECKING:
    from corridor_net.analysis.years.appraise import Case, Switch
    from corridor_net.appraisal.project import Project
    from corridor_net.model import Model
    from corridor_net.scenario import Scenario
    from corridor_net.uncertainty.studies.appraised import NpvDraws
    from corridor_net.uncertainty.studies.waiting import Knowing

FRAME = "years.csv"
DELAYS = 20
"""Years by which the opening may be put off."""
KINDS = ("normal", "diverted", "generated")


def answer(  # noqa: PLR0913 (each is an option of the command)
    model: Model,
    *projects: Annotated[
        str, Ask("Scenarios that are the project, together; else those of --scenario.", names="scenario")
    ],
    traffic: Traffic = "market",
    growth: Growth = GROWTH,
    investment: Annotated[float | None, Ask("Investment, in place of the scenario's.", metavar="USD")] = None,
    spend: Annotated[
        tuple[str, ...], Ask("Spending of a year, in place of equal parts; repeatable.", metavar="YEAR=USD")
    ] = (),
    start: Annotated[int | None, Ask("First year of spending; that of the day.", metavar="YEAR")] = None,
    construction: Annotated[int, Ask("Years over which the investment is spent.", metavar="N")] = CONSTRUCTION_YEARS,
    opening: Annotated[
        int | None, Ask("First year with traffic; the year after the last spending.", metavar="YEAR")
    ] = None,
    until: Annotated[int | None, Ask("Last year looked at; 25 years of traffic.", metavar="YEAR")] = None,
    discount: Annotated[float, Ask("Discount rate a year.", metavar="SHARE")] = DISCOUNT,
    operation: Annotated[
        float, Ask("Operation and maintenance a year, of the investment.", metavar="SHARE")
    ] = OPERATION_SHARE,
    life: Annotated[int, Ask("Years that what is built serves.", metavar="N")] = LIFE_YEARS,
    shadow: Annotated[
        tuple[str, ...],
        Ask("Shadow price: taxes, labour, wage, traded or scf; or none for market prices.", metavar="NAME=VALUE"),
    ] = (),
    elasticity: Annotated[float, Ask("Elasticity of traffic to generalised cost.", metavar="E")] = ELASTICITY,
    carbon: Annotated[Literal["low", "high", "none"], Ask("Path of the price of CO2e.")] = "low",
    destinations: Destinations = (),
    figures: Annotated[
        int, Ask("Figures of the network whose switching values are worked out.", metavar="N", minimum=0)
    ] = 6,
    draws: Annotated[int, Ask("Draws of the figures; 0 for none.", metavar="N", minimum=0)] = 1000,
    seed: Seed = 1,
    wait: Annotated[int, Ask("Years of waiting for a better figure.", metavar="N", minimum=1)] = 3,
) -> Appraisal:
    """Appraise a project over years: net present value, all rates of return, the traffic from which it pays.

    Benefits are falls of generalised cost, for existing traffic in full and for generated traffic by half; fees are
    transfers; CO2e has a low and a high price path. Switching values are exact. Raises BadValue for no project, no
    demand, years that are none, growth that explodes, a project that never opens; NoRoute and UnknownName as `route`.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").appraise("primorye-2", draws=0, figures=0)
    >>> found.npv_usd < 0
    True
    """
    using = model.with_scenario(*projects) if projects else model
    if not (projects or model.scenarios):
        raise _nothing(model)
    if model.router.by != "generalised":
        raise BadValue(f"a project is not appraised by {model.router.by} alone", hint="leave --by at generalised")
    without = model.as_of(using.network.day) if projects else using.before
    year, what = using.network.day.year, _project_of(using, projects)
    cost = what.investment_usd if investment is None else investment
    plan = _plan(cost, spend, year if start is None else start, construction, what.name)
    first = max(plan) + 1 if opening is None else opening
    last = first + OPEN_YEARS - 1 if until is None else until
    from corridor_net.appraisal.project import Project
    from corridor_net.appraisal.shadow import shadow_of

    project = Project(
        spending=plan,
        opening=first,
        last=last,
        rate=discount,
        operation_share=operation,
        life_years=life,
        shadow=shadow_of(shadow),
    )
    case = _case(without, using, traffic, destinations, project, growth, elasticity, carbon)
    uncertainty, known = _uncertainty(case, draws, seed, wait) if draws else (None, ())
    if spend or investment is not None:
        what = replace(what, source="")
    found = _appraisal(using, what, case, traffic, case.switches(figures) if figures else (), uncertainty)
    return replace(found, wait_years=wait, knowing=known)


def _uncertainty(case: Case, draws: int, seed: int, wait: int) -> tuple[NpvDraws, tuple[Knowing, ...]]:
    """Return the net present value over draws, and what it is worth to know more."""
    from corridor_net.uncertainty.studies.appraised import carried_both, npv_draws
    from corridor_net.uncertainty.studies.waiting import knowing

    both = carried_both(case, draws, seed)
    return npv_draws(case, both, seed), knowing(case, both, seed, wait)


def _project_of(using: Model, names: Sequence[str]) -> Scenario:
    """Return the project alone: what was named, or all scenarios where nothing was."""
    from corridor_net.scenario import combine

    found = combine(using.scenarios[-len(names) :] if names else using.scenarios)
    if found is None:
        raise _nothing(using)
    return found


def _nothing(model: Model) -> BadValue:
    from corridor_net.questions.asked.examples import a_scenario

    hint = f"name the project, for example: corridor-net appraise {a_scenario(model.base)}"
    return BadValue("nothing to appraise", hint=hint)


def _plan(cost: float | None, spend: Sequence[str], start: int, construction: int, name: str) -> dict[int, float]:
    """Return the spending by year; raise BadValue where none is known."""
    from corridor_net.appraisal.project import spread_evenly

    if spend:
        return dict(_spending(text) for text in spend)
    if cost is None:
        raise BadValue(f"no investment is known of '{name}'", hint="give one, for example --investment 5e7")
    if not 0 < cost < inf:
        raise BadValue(f"the investment is {cost:g}", hint="USD above 0, for example --investment 5e7")
    return spread_evenly(cost, start, construction)


def _spending(text: str) -> tuple[int, float]:
    from corridor_net.appraisal.years import whole_year

    when, usd = (number_in(part) for part in text.partition("=")[::2])
    if isnan(when) or isnan(usd):
        raise BadValue(f"'{text}' is no spending of a year", hint="write it as --spend 2027=1.2e9")
    if not 0 <= usd < inf:
        raise BadValue(f"the spending '{text}' is not 0 or more", hint="write it as --spend 2027=1.2e9")
    return whole_year(when, "a year of spending"), usd


def _case(
    without: Model,
    using: Model,
    traffic: str,
    destinations: Sequence[str],
    project: Project,
    growth: float,
    elasticity: float,
    carbon: Literal["low", "high", "none"],
) -> Case:
    from corridor_net.analysis.years.appraise import Case
    from corridor_net.questions.asked.traffic import streams_of

    streams = streams_of(without, traffic, destinations, using.network.day.year)
    case = Case(
        before=without.router,
        after=using.router,
        streams=streams,
        project=project,
        growth=growth,
        elasticity=elasticity,
        path=carbon,
    )
    if not case.boxes(project).sum() > 0:
        raise BadValue("there is no demand while the project is open", hint="give traffic above 0 with --traffic FILE")
    return case


def _appraisal(
    using: Model, what: Scenario, case: Case, traffic: str, switches: tuple[Switch, ...], uncertainty: NpvDraws | None
) -> Appraisal:
    from corridor_net.analysis.loads.traffic import counted
    from corridor_net.analysis.years.accounts import accounts
    from corridor_net.analysis.years.receipts import receipts
    from corridor_net.appraisal.measures import benefit_cost_ratio, first_year_return, payback_years
    from corridor_net.appraisal.switching import switching_share

    project, benefits, gained = case.project, case.by_year, case.gained_usd
    net, spent = benefits - project.costs, project.cost_usd
    best, best_npv = _best_opening(case)
    per_dollar = spent / project.investment_usd
    return Appraisal(
        scenario=what.name,
        title=what.title,
        as_of=str(using.network.day),
        cargo=case.before.impedance.cargo.cargo_id,
        price_year=case.before.impedance.prices.year,
        origins=tuple(dict.fromkeys(origin for origin, _ in case.pairs)),
        destinations=tuple(dict.fromkeys(goal for _, goal in case.pairs)),
        left_out=tuple(case.left_out),
        traffic=traffic,
        **fields_of(project, "base_year", "opening", "last", "investment_usd"),
        **fields_of(case, "growth", "elasticity", "npv_usd", "rates_of_return", "opening_teu"),
        **fields_of(case, "pays_from_teu", "traffic_multiple"),
        discount=project.rate,
        carbon=case.path,
        investment_source=what.source,
        works_factor=project.shadow.factor,
        accounts=accounts(case),
        npv_by_carbon={path: case.net_present_value(project, path) for path in ("none", "low", "high")},
        benefit_cost_ratio=benefit_cost_ratio(
            (benefits + project.residual).tolist(), (project.spent + project.operation).tolist(), project.rate
        ),
        payback_years=payback_years(net.tolist()),
        discounted_payback_years=payback_years(net.tolist(), project.rate),
        first_year_return=first_year_return(
            (benefits - project.operation).tolist(),
            project.spent.tolist(),
            project.opening - project.base_year,
            project.rate,
        ),
        best_opening=best,
        best_opening_npv_usd=best_npv,
        counted=counted(using.network, what.lineage),
        pays_below_usd=gained / per_dollar if gained > 0 else None,
        investment_change=switching_share(gained - spent, spent),
        components=_components(case),
        costs={
            "investment": float(project.spent @ project.factors),
            "operation": float(project.operation @ project.factors),
            "residual": float(project.residual @ project.factors),
        },
        switches=switches,
        receipts=receipts(case),
        draws=uncertainty,
        networks=(case.before.network, case.after.network),
        case=case,
        wait_years=0,
        knowing=(),
        years=years_of(case),
    )


def _best_opening(case: Case) -> tuple[int | None, float]:
    """Return the opening with the largest net present value, seen from the first year, and that value."""
    found = []
    for later in range(DELAYS + 1):
        moved = case.project.later(later)
        now = case.net_present_value(moved) / (1 + moved.rate) ** later
        found.append((now, -later))
    best, sooner = max(found)
    return (case.project.opening - sooner if best >= 0 else None), best


def _components(case: Case) -> tuple[ComponentWorth, ...]:
    """Return the worth by component and kind of traffic; generated traffic's fees and carbon stand with the rest."""
    gained, to = case.worth(case.project), case.diverted

    def share(name: str, existing: Any, generated: float) -> ComponentWorth:
        return ComponentWorth(
            component=name,
            normal=float(existing[~to].sum()),
            diverted=float(existing[to].sum()),
            generated=generated,
        )

    rows = [share(name, gained.existing[name], float(gained.generated[name].sum())) for name in COMPONENTS]
    rows.append(share("fees collected", gained.collected, 0.0))
    rows.append(share("CO2e", gained.carbon, 0.0))
    return tuple(rows)


def charts(found: Appraisal) -> Mapping[str, Chart]:
    """Draw the parts of the present value."""
    rows: list[tuple[Text, float]] = [(TOLD[one.component], one.total / 1e6) for one in found.components]
    rows += [(COSTS[name], (1 if name == "residual" else -1) * usd / 1e6) for name, usd in found.costs.items()]
    rows.append((say("net present value"), found.npv_usd / 1e6))
    title = say("{title:label}: present values at {discount:p1} in {base_year}", found)
    return {"present-value": Bars(title=title, unit=say("million USD of {price_year}", found), rows=rows)}
