"""What each scenario changes for one pair: the route without and with each, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.errors import NoRoute
from corridor_net.questions import Ask
from corridor_net.render.page import Cell, Column, Page, Table, numbers, page
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.route import Route
    from corridor_net.analysis.router import Router
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.render.chart import Chart
    from corridor_net.render.words import Words
    from corridor_net.uncertainty.ensemble import Make
    from corridor_net.uncertainty.pair_doubt import PairDoubt

GROUP = "Upgrades"
LAYER = "routes.geojson"
BASELINE = "baseline"
LEAST = {"generalised": "generalised cost", "money": "money", "time": "time", "co2": "CO2e"}
"""What is least, by what is minimised."""


@dataclass(frozen=True, kw_only=True)
class ScenarioRoute(Result):
    """A pair under one scenario (or none, `baseline`): its route and how sure it is, or why there is none."""

    scenario: str
    router: Router = measure(hidden=True)
    route: Route | None = None
    doubt: PairDoubt | None = None
    no_route: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        if self.route is None or self.doubt is None:
            return {"scenario": self.scenario, "no_route": self.no_route}
        return {"scenario": self.scenario, "doubt": self.doubt.to_dict(), **self.route.as_json()}


@dataclass(frozen=True, kw_only=True)
class Compared(Result):
    """One pair without and with each scenario; `results` begins with the baseline."""

    QUESTION: ClassVar[str] = "compare"

    origin: str
    destination: str
    as_of: str
    cargo: str
    results: tuple[ScenarioRoute, ...]
    networks: tuple[Network, ...] = measure(hidden=True)

    @property
    def baseline(self) -> ScenarioRoute:
        """The pair without any scenario."""
        return self.results[0]

    @property
    def best(self) -> ScenarioRoute:
        """The alternative of the least of what is minimised; the baseline where no scenario is better."""
        by = {one.scenario: one.router.by for one in self.results}
        found = [one for one in self.results if one.route is not None]
        return min(found, key=lambda one: (round(_minimised(one, by[one.scenario]), 6), one is not self.baseline))

    @property
    def frame(self) -> Any:
        """One row a scenario as a pandas DataFrame: totals in the units of their names, and what wins how often."""
        import pandas as pd

        kept = ("cost_usd", "hours", "spread_hours", "co2_kg", "generalised_cost_usd", "distance_km", "gateway")
        rows = []
        for one in self.results:
            told = one.to_dict()
            wins = one.doubt.gateway_wins if one.doubt else None
            rows.append({"scenario": one.scenario, **{name: told.get(name) for name in kept}, "gateway_wins": wins})
        return pd.DataFrame(rows)


def answer(
    model: Model,
    origin: Annotated[str, Ask("Where the cargo starts.")],
    destination: Annotated[str, Ask("Where it goes.")],
    *,
    scenarios: Annotated[
        tuple[str, ...],
        Ask(
            "Scenario file or shipped name; repeatable. Those of the default study.",
            "FILE",
            "--scenario",
            letter="-s",
            names="scenario",
        ),
    ] = (),
    via: Annotated[tuple[str, ...], Ask("Node the route must pass, in any order; repeatable.", "NODE")] = (),
) -> Compared:
    """Compare one pair without and with each scenario, each by itself.

    The scenarios are those of the model and the named ones; where there are none, those of the default study. They are
    seen on the model's day, else on their own. Raises NoRoute where there is none under any, UnknownName and BadValue
    as `route`, ScenarioError for a scenario that lacks what it requires or is for another day.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").compare("hunchun", "niigata", scenarios=["primorye-2"])
    >>> [one.scenario for one in found.results]
    ['baseline', 'primorye-2']
    """
    from corridor_net.questions._study import alternatives
    from corridor_net.scenario import default_study, on_day
    from corridor_net.uncertainty.ensemble import drawn_alike

    chosen = alternatives(model, scenarios) or default_study(model.base).scenarios
    network, seen = on_day(model.base, chosen, model.day)
    plain = replace(model, day=network.day, scenarios=())
    asked = [plain, *(replace(plain, scenarios=(one,)) for one in seen)]
    draws = drawn_alike()
    results = tuple(_alternative(one, origin, destination, via, draws) for one in asked)
    if all(one.route is None for one in results):
        raise NoRoute(results[0].no_route)
    start, goal = network.node(origin).node_id, network.node(destination).node_id
    cargo = results[0].router.impedance.cargo.cargo_id
    ends = {"origin": start, "destination": goal, "as_of": str(network.day), "cargo": cargo}
    return Compared(**ends, results=results, networks=tuple(one.router.network for one in results))


def _alternative(model: Model, origin: str, destination: str, via: tuple[str, ...], draws: Make) -> ScenarioRoute:
    from corridor_net.uncertainty.ensemble import route_doubts

    name, router = model.scenario.name if model.scenario else BASELINE, model.router
    try:
        route = router.route(origin, destination, via=via)
    except NoRoute as error:
        return ScenarioRoute(scenario=name, router=router, no_route=error.message)
    ends = (route.origin, route.destination)
    doubt = route_doubts(router, {ends: route.arcs}, make=draws)[ends]
    return ScenarioRoute(scenario=name, router=router, route=route, doubt=doubt)


def _minimised(one: ScenarioRoute, by: str) -> float:
    fields = {"generalised": "generalised_cost_usd", "money": "cost_usd", "time": "hours", "co2": "co2_kg"}
    return float(getattr(one.route, fields[by])) if one.route else float("inf")


def first_sentence(found: Compared) -> Sentence:
    """Say which scenario is the best for the pair, and what it costs and takes then."""
    best, base = found.best, found.baseline
    assert best.route is not None  # noqa: S101 - there is a route under one of them
    ends = {"origin": found.origin, "destination": found.destination, "month": found.as_of}
    totals = {"usd": best.route.cost_usd, "days": best.route.days, "way": _way(best)}
    if best is base:
        said = say("{usd:m0} USD, {days:n1} days, {way}", **totals)
        others = len(found.results) - 1
        if others == 1:
            said = say("no scenario betters it; {said}", said=said)
        elif others:
            said = say("none of {count:n0|scenario|scenarios} betters it; {said}", count=others, said=said)
        return say("{origin:name} to {destination:name}, {month:month}: {said}.", **ends, said=said)
    if base.route is None:
        return say(
            "{origin:name} to {destination:name}, {month:month}: no route today; with {scenario:label} {usd:m0} USD, "
            "{days:n1} days, {way}.",
            **ends,
            scenario=best.scenario,
            **totals,
        )
    return say(
        "{origin:name} to {destination:name}, {month:month}: least {least:label} with {scenario:label}, {usd:m0} USD "
        "({more:+m0}) and {days:n1} days ({longer:+n1}), {way}; without it {before:m0} USD, {took:n1} days, {by}.",
        **ends,
        least=LEAST[best.router.by],
        scenario=best.scenario,
        more=best.route.cost_usd - base.route.cost_usd,
        longer=best.route.days - base.route.days,
        before=base.route.cost_usd,
        took=base.route.days,
        by=_way(base),
        **totals,
    )


def _way(one: ScenarioRoute) -> Sentence:
    from corridor_net.output.chances import sure_words

    assert one.route is not None  # noqa: S101 - asked of a route only
    if one.route.gateway is None or one.doubt is None:
        return say("by land")
    return say("by {way}", way=sure_words(one.doubt))


def view(found: Compared) -> Page:
    """Show the best in a sentence, then every scenario with what it changes and how sure it is."""
    from corridor_net.output.chances import MEANING

    columns = (
        Column(heading="scenario", kind="label"),
        Column(heading="gateway, wins", kind="label", most=22),
        *numbers("province", kind="share", rank=1),
        *numbers("USD"),
        *numbers("USD", kind="change"),
        Column(heading="USD 10-90 %", kind="range", rank=3),
        *numbers("days", digits=1),
        *numbers("days", kind="change", digits=1),
        Column(heading="days 10-90 %", kind="range", digits=1, rank=3),
        *numbers("kg CO2e", rank=5),
        *numbers("generalised USD", rank=4),
        Column(heading="what changed", kind="label", rank=2),
    )
    rows = tuple(_row(one, found) for one in found.results)
    return page(first_sentence(found), _why_dearer(found), Table(columns=columns, rows=rows), MEANING)


def _why_dearer(found: Compared) -> Sentence | None:
    """Say what the best is dearer for, where it is the best by more than money and others are cheaper."""
    best, base = found.best.route, found.baseline.route
    if best is None or base is None or found.best.router.by != "generalised" or best.cost_usd <= base.cost_usd:
        return None
    more, gain = best.cost_usd - base.cost_usd, base.generalised_cost_usd - best.generalised_cost_usd
    return say(
        "It costs {more:m0} USD more, and the hours, spread and CO2e that it saves are worth {worth:m0} USD: it gains "
        "{gain:m0} USD of generalised cost.",
        more=more,
        worth=more + gain,
        gain=gain,
    )


def _row(one: ScenarioRoute, found: Compared) -> tuple[Cell, ...]:
    from corridor_net.output.chances import gateway_words

    if one.route is None or one.doubt is None:
        return (one.scenario, "no route", *[None] * 10)
    base, usd, hours = found.baseline.route, one.doubt.route.cost_usd, one.doubt.route.hours
    differs = base is not None and one is not found.baseline
    return (
        one.scenario,
        gateway_words(one.doubt),
        one.doubt.region_wins,
        one.route.cost_usd,
        one.route.cost_usd - base.cost_usd if base is not None and differs else None,
        (usd.p10, usd.p90),
        one.route.days,
        one.route.days - base.days if base is not None and differs else None,
        (hours.p10 / 24, hours.p90 / 24),
        one.route.co2_kg,
        one.route.generalised_cost_usd,
        _what(base, one.route) if base is not None and differs else "",
    )


def _what(base: Route, route: Route) -> str:
    if [leg.key for leg in base.legs] != [leg.key for leg in route.legs]:
        return "another gateway" if base.gateway != route.gateway else "another way to the same gateway"
    return "same way" if base.hours != route.hours or base.cost_usd != route.cost_usd else "nothing"


def charts(found: Compared, words: Words) -> Mapping[str, Chart]:
    """Draw money by component, a bar a scenario."""
    from corridor_net.render.chart import Stacks

    rows = [(words.label(one.scenario), one.route.component("cost_usd")) for one in found.results if one.route]
    title = say(
        "{origin:name} to {destination:name}, {day}: money by scenario",
        origin=found.origin,
        destination=found.destination,
        day=found.as_of,
    )
    labels = found.networks[0].vocabulary.labels
    called = {name: words.label(labels.get(name, name)) for _, parts in rows for name in parts}
    unit = words.label("USD a box")
    return {"compare": Stacks(title=words.text(title), unit=unit, rows=rows, labels=called)}


def layer(found: Compared) -> dict[str, Any]:
    """Give the routes of all scenarios as lines."""
    from corridor_net.output.maps.geojson import single_routes_geojson

    return single_routes_geojson(((one.router.network, one.route) for one in found.results if one.route), named=True)
