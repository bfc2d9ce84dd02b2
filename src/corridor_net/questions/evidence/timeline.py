"""Cost, hours, gateway and chance of one pair year by year, what moved them, and projections beyond the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Annotated

from corridor_net.errors import BadValue, CorridorError, NoRoute, UserError
from corridor_net.questions import Ask
from corridor_net.questions._shared import Destination, Origin
from corridor_net.render.chart import Chart, Curves
from corridor_net.render.not_known import least_chances, likely
from corridor_net.render.page import Column, Page, Table, divided, numbers, page, table_of
from corridor_net.render.words import Sentence, say, semicolons
from corridor_net.results import fields_of

if TYPE_CHECKING:
    from corridor_net.analysis.route import Route
    from corridor_net.analysis.router import Router
    from corridor_net.analysis.years.timeline import YearChange
    from corridor_net.model import Model
    from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair
    from corridor_net.uncertainty.ensembles.searched import Sure
from corridor_net.analysis.years.pair_years import PairYear, Timeline

KINDS = {"figure": "changed", "way": "changed", "beside": "on the new way"}
"""What changes are called in the table."""


def answer(
    model: Model,
    origin: Origin,
    destination: Destination,
    *,
    from_year: Annotated[int | None, Ask("First year; that of the data.", metavar="YEAR")] = None,
    to_year: Annotated[int | None, Ask("Last year; that of the data, or of --as-of.", metavar="YEAR")] = None,
    as_of: Annotated[
        str | None,
        Ask("Day of every year, and the last year: beyond the data it is a projection, so marked.", metavar="DATE"),
    ] = None,
) -> Timeline:
    """Follow one pair through the years: cost in USD of one price year, hours, gateway, chance, and what moved them.

    Each year is asked on the same day of it (1 July, or that of `as_of`). What moved the answer is found by comparing
    the networks and routes of consecutive years. Years beyond the data are projections by table `projection`, grade D.
    Raises BadValue for years that are none, NoRoute where no year has a route.

    >>> import corridor_net as cn
    >>> found = cn.load().timeline("yanji", "niigata", from_year=2018, to_year=2019)
    >>> [one.year for one in found.years], found.price_year
    ([2018, 2019], 2026)
    """
    from corridor_net.questions._at_once import at_once
    from corridor_net.uncertainty.ensembles.ensemble import drawn_alike
    from corridor_net.uncertainty.ensembles.searched import route_uncertainty

    days = list(_days(model, from_year, to_year, as_of))
    price_year = model.options.price_year or _usual_price_year(model)
    priced = model.with_options(price_year=price_year)
    middle = (len(days) + 1) // 2
    sure = partial(route_uncertainty, make=drawn_alike())
    ask = partial(_followed, priced, (origin, destination), sure)
    early = partial(ask, days[:middle], None)
    late = partial(ask, days[middle:], days[middle - 1])
    found = list(chain(*at_once(early, late))) if middle < len(days) else early()
    if found and all(year.no_answer for year, _ in found):
        _asked(priced, days[-1], origin, destination)  # says why
    from corridor_net.render.names import names_of
    from corridor_net.render.projected import rule_words

    known = model.base.node(origin).node_id, model.base.node(destination).node_id
    return Timeline(
        origin=known[0],
        destination=known[1],
        cargo=model.options.cargo or model.base.default_cargo,
        scenario=model.scenario.name if model.scenarios and model.scenario else "baseline",
        by=model.options.by or "generalised",
        price_year=price_year,
        last_day_of_data=str(model.base.days[1]),
        years=tuple(year for year, _ in found),
        changes=tuple(change for _, moved in found for change in moved),
        rule=rule_words(model.base),
        names=names_of(model.base),
    )


def _followed(
    model: Model, pair: Pair, sure: Sure, days: Sequence[date], day_before: date | None
) -> list[tuple[PairYear, tuple[YearChange, ...]]]:
    """Return the answer of every day, and what moved it from the day before, where both have one."""
    from corridor_net.analysis.years.timeline import changes

    found: list[tuple[PairYear, tuple[YearChange, ...]]] = []
    before: tuple[Router, Route] | None = None
    if day_before is not None:
        with suppress(NoRoute, UserError):
            before = _asked(model, day_before, *pair)
    for day in days:
        try:
            after = _asked(model, day, *pair)
        except (NoRoute, UserError) as error:
            found.append((_without(day, error, projected=day > model.base.days[1]), ()))
            before = None
            continue
        moved = changes(day.year, before, after) if before is not None else ()
        found.append((_year(day, *after, sure), moved))
        before = after
    return found


def _usual_price_year(model: Model) -> int:
    """Return the year of the usual day, or the last that has a price index."""
    usual, known = model.base.usual_day.year, [row.year for row in model.base.rows("deflator")]
    return usual if usual in known or not known else max(known)


def _days(model: Model, from_year: int | None, to_year: int | None, as_of: str | None) -> Iterator[date]:
    from corridor_net.analysis.years.timeline import same_day
    from corridor_net.network import parse_day

    first, last = model.base.days
    asked = parse_day(as_of) if as_of else model.day
    day = asked or model.base.usual_day
    start = first.year if from_year is None else from_year
    end = to_year if to_year is not None else max(last.year, asked.year) if asked else last.year
    if not first.year <= start <= end:
        raise BadValue(
            f"years {start} to {end}", hint=f"the data begin in {first.year}; the last comes after the first"
        )
    farthest = model.base.projected_to
    if end > farthest.year:
        raise BadValue(
            f"the year {end} is outside the data", hint=f"they begin with {first}, and can be asked to {farthest}"
        )
    for year in range(start, end + 1):
        wanted = same_day(day, year)
        if wanted >= first and (wanted <= last or year > last.year):
            yield wanted


def _asked(model: Model, day: date, origin: str, destination: str) -> tuple[Router, Route]:
    router = replace(model, day=day).router
    return router, router.route(origin, destination)


def _without(day: date, error: CorridorError, *, projected: bool) -> PairYear:
    grade = "D" if projected else None
    return PairYear(year=day.year, day=str(day), projected=projected, grade=grade, no_answer=error.message)


def _year(day: date, router: Router, route: Route, sure: Sure) -> PairYear:
    from corridor_net.analysis.notes import weak_share
    from corridor_net.analysis.years.timeline import way_of

    projected = router.network.years_beyond > 0
    pair = (route.origin, route.destination)
    uncertainty = sure(router, {pair: route.arcs})[pair]
    shares, ranges = weak_share(route), uncertainty.route
    return PairYear(
        year=day.year,
        day=str(day),
        projected=projected,
        grade="D" if projected else None,
        **fields_of(route, "cost_usd", "hours", "gateway"),
        cost_p10=ranges.cost_usd.p10,
        cost_p90=ranges.cost_usd.p90,
        hours_p10=ranges.hours.p10,
        hours_p90=ranges.hours.p90,
        gateway_wins=uncertainty.gateway_wins,
        way=way_of(router.network, route),
        weak_cost=shares["cost_usd"],
        weak_hours=shares["hours"],
        not_known=_not_known(router, route),
    )


def _not_known(router: Router, route: Route) -> tuple[tuple[str, float], ...]:
    return tuple(least_chances([router.network], route.services).items())


def view(found: Timeline) -> Page:
    """Show the years, then what moved them, year by year."""
    projected = [one for one in found.years if one.projected]
    return page(
        _first(found),
        _years(found),
        _events(found)
        if found.events
        else say("Nothing by itself moved the answer by 2% or more from one year to the next."),
        [say("{year}: no answer: {no_answer}", one) for one in found.years if one.no_answer],
        _in_doubt(found),
        _projection(found, projected) if projected else None,
    )


def _in_doubt(found: Timeline) -> Sentence | None:
    """Say in which years the way hangs on a service of which nobody tells whether it runs."""
    years: dict[tuple[str, float], list[str]] = {}
    for one in found.years:
        for known in one.not_known:
            years.setdefault(known, []).append(str(one.year))
    if not years:
        return None
    told = [
        say("{service} in {years:list}", service=likely(name, share), years=tuple(in_years))
        for (name, share), in_years in years.items()
    ]
    return say("Not known to run, on the ways above: {services}.", services=semicolons(*told))


def _projection(found: Timeline, projected: list[PairYear]) -> Sentence:
    if len(projected) == 1:
        return say("{first.year} is a projection, grade D: {rule}.", found, first=projected[0])
    return say(
        "{first.year}-{last.year} are projections, grade D: {rule}.", found, first=projected[0], last=projected[-1]
    )


def _first(found: Timeline) -> Sentence:
    told = [one for one in found.years if one.cost_usd is not None]
    first, last = told[0], told[-1]
    return say(
        "{origin:name} to {destination:name}, {cargo:name}, {scenario:label}: from {first.cost_usd:m0} USD and "
        "{first.hours:d1} days by {by:name} in {first.year} to {last.cost_usd:m0} USD and {last.hours:d1} days by "
        "{by_last:name} in {year}; USD of {price_year}.",
        found,
        first=first,
        last=last,
        by=first.gateway or "land",
        by_last=last.gateway or "land",
        year=say("{year} (projection)", last) if last.projected else last.year,
    )


def _years(found: Timeline) -> Table:
    range_of_days = (divided("hours_p10", 24), divided("hours_p90", 24))
    return table_of(
        found.years,
        Column(heading="year", of=_called),
        *numbers("USD", of="cost_usd"),
        *numbers("10%", "90%", of=("cost_p10", "cost_p90"), rank=1, money=True),
        *numbers("days", of=divided("hours", 24), digits=1),
        *numbers("days 10%", "days 90%", of=range_of_days, digits=1, rank=1),
        Column(heading="gateway", kind="name", of=_by),
        *numbers("wins", of="gateway_wins", kind="share"),
        *numbers("cost C, D", "hours C, D", of=("weak_cost", "weak_hours"), kind="share", rank=2),
        title=say("Cost in USD of {price_year}, each year on the same day", found),
    )


def _by(one: PairYear) -> str:
    return "no route" if one.no_answer else one.gateway or "by land"


def _called(one: PairYear) -> Sentence | str:
    return say("{year} projected, D", year=one.year) if one.projected else str(one.year)


def _events(found: Timeline) -> Table:
    return table_of(
        found.events,
        Column(heading="year", of=lambda one: str(one.year)),
        Column(heading="", kind="label", of=lambda one: KINDS.get(one.kind, one.kind)),
        Column(heading="what", of="said"),
        *numbers("USD", of="cost_usd", kind="change"),
        *numbers("days", of=divided("hours", 24), kind="change", digits=1),
        title="What moved the answer: each year against the one before",
    )


def charts(found: Timeline) -> Mapping[str, Chart]:
    """Draw cost, days and gateway over the years, with the events below."""
    from corridor_net.output.charts.timeline_chart import timeline_svg

    told = [one for one in found.years if one.cost_usd is not None]
    named = ((say("as it is"), "cost_usd"), (say("10% of draws"), "cost_p10"), (say("90% of draws"), "cost_p90"))
    lines = [(label, [(float(one.year), getattr(one, name)) for one in told]) for label, name in named]
    title = say("{origin:name} to {destination:name}: what a box costs, year by year", found)
    unit = say("USD of {price_year} a box", found)
    return {"timeline": Curves(title=title, unit=unit, x="year", lines=lines, svg=partial(timeline_svg, found))}
