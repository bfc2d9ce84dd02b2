"""What each scenario changes for one pair: the route without and with each, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.errors import NoRoute
from corridor_net.questions import Ask
from corridor_net.questions._shared import Destination, Origin, Via
from corridor_net.questions.asked.values import run_of
from corridor_net.questions.pages.uncertainty_words import among_rivals
from corridor_net.render.chart import Chart, Stacks
from corridor_net.render.page import Column, Of, Page, numbers, p10_p90, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure
from corridor_net.rounding import BeforeAfter

if TYPE_CHECKING:
    from corridor_net.analysis.route import Route
    from corridor_net.analysis.router import Router
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair, PairUncertainty
    from corridor_net.uncertainty.ensembles.searched import Sure

LAYER = "routes.geojson"
BASELINE = "baseline"
LEAST = {"generalised": "generalised cost", "money": "money", "time": "time", "co2": "CO2e"}
"""What is least, by what is minimised."""


@dataclass(frozen=True, kw_only=True)
class ScenarioRoute(Result):
    """A pair under one scenario (or none, `baseline`): its route and how sure it is, or why there is none."""

    scenario: str
    model: Model = measure(hidden=True)
    route: Route | None = None
    uncertainty: PairUncertainty | None = None
    no_route: str = ""

    @property
    def router(self) -> Router:
        """The compiled network of the scenario."""
        return self.model.router

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        if self.route is None or self.uncertainty is None:
            return {"scenario": self.scenario, "no_route": self.no_route}
        return {"scenario": self.scenario, "uncertainty": self.uncertainty.to_dict(), **self.route.as_json()}


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
        found = [(round(one.route.minimised_amount, 6), number) for number, one in enumerate(self.results) if one.route]
        return self.results[min(found)[1]]

    def records(self) -> list[dict[str, Any]]:
        """Return a row a scenario: totals in the units of their names, and how often its gateway wins."""
        kept = ("cost_usd", "hours", "spread_hours", "co2_kg", "generalised_cost_usd", "distance_km", "gateway")
        rows = []
        for one in self.results:
            told, wins = one.to_dict(), one.uncertainty.gateway_wins if one.uncertainty else None
            rows.append({"scenario": one.scenario, **{name: told.get(name) for name in kept}, "gateway_wins": wins})
        return rows


def answer(
    model: Model,
    origin: Origin,
    destination: Destination,
    *,
    scenarios: Annotated[
        tuple[str, ...],
        Ask(
            "Scenario file or shipped name; repeatable. Those of the default study.",
            metavar="FILE",
            option="--scenario",
            letter="-s",
            names="scenario",
        ),
    ] = (),
    via: Via = (),
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
    from corridor_net.questions._at_once import each_at_once
    from corridor_net.questions.asked.study import alternatives
    from corridor_net.scenario import default_study, on_day
    from corridor_net.uncertainty.ensembles.ensemble import drawn_alike
    from corridor_net.uncertainty.ensembles.searched import route_uncertainty

    chosen = alternatives(model, scenarios) or default_study(model.base).scenarios
    network, seen = on_day(model.base, chosen, model.day)
    plain = replace(model, day=network.day, scenarios=())
    asked = [plain, *(replace(plain, scenarios=(one,)) for one in seen)]
    networks = tuple(one.network for one in asked)
    sure = partial(route_uncertainty, make=drawn_alike())
    found = each_at_once([partial(_route, one, (origin, destination), via, sure) for one in asked])
    results = tuple(
        ScenarioRoute(scenario=one.scenario.name if one.scenario else BASELINE, model=one, **made)
        for one, made in zip(asked, found, strict=True)
    )
    if all(one.route is None for one in results):
        raise NoRoute(results[0].no_route)
    return Compared(
        origin=network.node(origin).node_id,
        destination=network.node(destination).node_id,
        **run_of(plain.router, "as_of", "cargo"),
        results=results,
        networks=networks,
    )


def _route(model: Model, ends: Pair, via: tuple[str, ...], sure: Sure) -> dict[str, Any]:
    """Return a scenario's route and how sure it is, or why there is none."""
    router = model.router
    try:
        route = router.route(*ends, via=via)
    except NoRoute as error:
        return {"no_route": error.message}
    pair = route.origin, route.destination
    return {"route": route, "uncertainty": sure(router, {pair: route.arcs})[pair]}


def first_sentence(found: Compared) -> Sentence:
    """Say which scenario is the best for the pair, and what it costs and takes then."""
    best, base = found.best, found.baseline
    told = {"origin": found.origin, "destination": found.destination, "month": found.as_of, "way": _way(best)}
    if best is base:
        said = say("{route.cost_usd:m0} USD, {route.days:n1} days, {way}", best, **told)
        others = len(found.results) - 1
        if others == 1:
            said = say("no scenario betters it; {said}", said=said)
        elif others:
            said = say("none of {count:n0|scenario|scenarios} betters it; {said}", count=others, said=said)
        return say("{origin:name} to {destination:name}, {month:month}: {said}.", **told, said=said)
    if base.route is None or best.route is None:
        return say(
            "{origin:name} to {destination:name}, {month:month}: no route today; with {scenario:label} "
            "{route.cost_usd:m0} USD, {route.days:n1} days, {way}.",
            best,
            **told,
        )
    return say(
        "{origin:name} to {destination:name}, {month:month}: least {least:label} with {scenario:label}, "
        "{route.cost_usd:m0} USD ({more:+m0}) and {route.days:n1} days ({longer:+n1}), {way}; without it "
        "{before.cost_usd:m0} USD, {before.days:n1} days, {by}.",
        best,
        **told,
        least=LEAST[base.router.by],
        before=base.route,
        more=BeforeAfter(base.route.cost_usd, best.route.cost_usd),
        longer=BeforeAfter(base.route.days, best.route.days),
        by=_way(base),
    )


def _way(one: ScenarioRoute) -> Sentence:
    from corridor_net.output.chances import sure_words

    if one.route is None or one.route.gateway is None or one.uncertainty is None:
        return say("by land")
    return say("by {way}", way=sure_words(one.uncertainty))


def view(found: Compared) -> Page:
    """Show the best in a sentence, then every scenario with what it changes and how sure it is."""
    from corridor_net.output.chances import MEANING, gateway_words

    base = found.baseline

    def change(name: str) -> Of:
        def cell(one: ScenarioRoute) -> BeforeAfter | None:
            differs = one is not base and base.route is not None and one.route is not None
            return BeforeAfter(getattr(base.route, name), getattr(one.route, name)) if differs else None

        return cell

    table = table_of(
        found.results,
        Column(heading="scenario", kind="label", of="scenario"),
        Column(
            heading="gateway, wins",
            kind="label",
            most=22,
            of=lambda one: gateway_words(one.uncertainty) if one.uncertainty else "no route",
        ),
        *numbers("province", of="uncertainty.region_wins", kind="share", rank=1),
        *numbers("USD", of="route.cost_usd"),
        *numbers("USD", of=change("cost_usd"), kind="change"),
        Column(heading="USD 10-90%", kind="range", rank=3, of=p10_p90("uncertainty.route.cost_usd")),
        *numbers("days", of="route.days", digits=1),
        *numbers("days", of=change("days"), kind="change", digits=1),
        Column(heading="days 10-90%", kind="range", digits=1, rank=3, of=p10_p90("uncertainty.route.hours", 24)),
        *numbers("kg CO2e", of="route.co2_kg", rank=5),
        *numbers("generalised USD", of="route.generalised_cost_usd", rank=4),
        Column(heading="what changed", kind="label", rank=2, of=lambda one: _what(base.route, one)),
    )
    return page(first_sentence(found), _why_dearer(found), table, MEANING, among_rivals(found.best.router))


def _why_dearer(found: Compared) -> Sentence | None:
    """Say what the best is dearer for, where it is the best by more than money and others are cheaper."""
    best, base = found.best.route, found.baseline.route
    if best is None or base is None or found.baseline.router.by != "generalised" or best.cost_usd <= base.cost_usd:
        return None
    more, gain = best.cost_usd - base.cost_usd, base.generalised_cost_usd - best.generalised_cost_usd
    return say(
        "It costs {more:m0} USD more, and the hours, spread and CO2e that it saves are worth {worth:m0} USD: it gains "
        "{gain:m0} USD of generalised cost.",
        more=more,
        worth=more + gain,
        gain=gain,
    )


def _what(base: Route | None, one: ScenarioRoute) -> str:
    route = one.route
    if base is None or route is None or route is base:
        return ""
    if [leg.key for leg in base.legs] != [leg.key for leg in route.legs]:
        return "another gateway" if base.gateway != route.gateway else "another way to the same gateway"
    return "same way" if base.hours != route.hours or base.cost_usd != route.cost_usd else "nothing"


def charts(found: Compared) -> Mapping[str, Chart]:
    """Draw money by component, a bar a scenario."""
    rows = [(one.scenario, one.route.component("cost_usd")) for one in found.results if one.route]
    title = say("{origin:name} to {destination:name}, {as_of}: money by scenario", found)
    labels = found.networks[0].vocabulary.labels
    called = {name: labels.get(name, name) for _, parts in rows for name in parts}
    return {"compare": Stacks(title=title, unit="USD a box", rows=rows, labels=called)}


def layer(found: Compared) -> dict[str, Any]:
    """Give the routes of all scenarios as lines."""
    from corridor_net.output.maps.geojson import single_routes_geojson

    return single_routes_geojson(((one.model.network, one.route) for one in found.results if one.route), named=True)
