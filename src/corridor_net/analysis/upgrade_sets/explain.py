"""Why did the route change? The ledger old against new, the changes that did it, and the runner-up. No printing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from corridor_net.analysis.compare import Comparison
from corridor_net.analysis.route import Route
from corridor_net.analysis.router import Router
from corridor_net.costing import Arc
from corridor_net.errors import BadValue
from corridor_net.render.words import say
from corridor_net.scenario import Scenario

from .change_sets import change_sets
from .explain_words import explained
from .explanation import ComponentChange, Explanation, LegChange
from .gateway_routes import gateway_routes
from .subset_builder import TooMany
from .subsets import UpgradeSubsets
from .telling import Finding, most_moved_pair
from .upgrades import UNASKED_ARCS, build, single_changes, study_subsets, study_upgrades

UNITS = {"generalised": "USD", "money": "USD", "time": "h", "co2": "kg"}
"""Unit of what is minimised."""


def explain(
    before: Router,
    after: Router,
    origin: str,
    destination: str,
    *,
    scenario: Scenario | None = None,
    subsets: UpgradeSubsets | None = None,
) -> Explanation:
    """Explain a pair: `before` and `after` are the routers without and with `scenario`.

    With the scenario its single changes are searched for those that did it; with `subsets` its upgrades are.

    Raises
    ------
    NoRoute
        No route before, or none after.
    BadValue
        Routers that minimise different things, or for different cargoes.
    """
    if (before.by, before.schedule, before.impedance.cargo) != (after.by, after.schedule, after.impedance.cargo):
        raise BadValue("the two routers must minimise the same thing for the same cargo and price year")
    old, new = before.route(origin, destination), after.route(origin, destination)
    pair = (old.origin, old.destination)
    if subsets is None and scenario is not None and scenario.steps:
        subsets = build(before, single_changes(scenario), lenient=True)
    sets = change_sets(subsets, pair, old, new) if subsets is not None else None
    others = tuple(r for r in gateway_routes(after, *pair) if r.gateway != new.gateway)
    others_before = tuple(r for r in gateway_routes(before, *pair) if r.gateway != old.gateway)
    found = Explanation(
        before=old,
        after=new,
        old_way_after=_along(after, old),
        new_way_before=_along(before, new),
        legs=_legs(after, old, new),
        components=_components(after, old, new),
        sets=sets,
        others=others,
        others_before=others_before,
        gap=others[0].minimised_amount - new.minimised_amount if others else None,
        gap_before=others_before[0].minimised_amount - old.minimised_amount if others_before else None,
        unit=UNITS[before.by],
        value_of_time_usd_per_hour=before.impedance.cargo.value_of_time,
        names={**before.network.vocabulary.labels, **{n.node_id: n.name for n in before.network.rows("node")}},
        sentences=(),
    )
    return replace(found, sentences=tuple(explained(found)))


def _along(router: Router, route: Route) -> Route | None:
    """Return the same way with the amounts of another router, or None where a step of it does not exist there."""
    arcs = [router.impedance.numbers.get(leg.key) for leg in route.legs]
    if None in arcs:
        return None
    return router.describe(route.origin, route.destination, [arc for arc in arcs if arc is not None])


def _worth(router: Router, leg: Arc) -> float:
    return float(router.objective.generalised(leg.cost_usd, leg.hours, leg.spread_hours, leg.co2_kg))


def _legs(router: Router, old: Route, new: Route) -> tuple[LegChange, ...]:
    was, now = {leg.key: leg for leg in old.legs}, {leg.key: leg for leg in new.legs}
    found = []
    for key in (*was, *(key for key in now if key not in was)):
        one, other = was.get(key), now.get(key)
        leg = other or one
        assert leg is not None  # noqa: S101 (a key of one of the two)
        change = (_worth(router, other) if other else 0.0) - (_worth(router, one) if one else 0.0)
        both = "same" if one and other and abs(change) < 5e-7 and abs(one.hours - other.hours) < 5e-7 else "changed"
        found.append(
            LegChange(
                key=key,
                kind=leg.kind,
                from_node=leg.from_node,
                to_node=leg.to_node,
                asset_id=leg.asset_id,
                status=both if one and other else "left" if one else "taken",
                cost_usd_before=one.cost_usd if one else None,
                cost_usd_after=other.cost_usd if other else None,
                hours_before=one.hours if one else None,
                hours_after=other.hours if other else None,
                generalised_change_usd=change,
            )
        )
    return tuple(found)


def _components(router: Router, old: Route, new: Route) -> tuple[ComponentChange, ...]:
    usd = old.component("cost_usd"), new.component("cost_usd")
    hours = old.component("hours"), new.component("hours")
    _, hour, deviation, carbon = router.objective.prices
    found = []
    for name in router.impedance.components:
        if any(name in totals for totals in (*usd, *hours)):
            u0, u1, h0, h1 = (totals.get(name, 0.0) for totals in (*usd, *hours))
            change = u1 - u0 + hour * (h1 - h0)
            found.append(
                ComponentChange(
                    component=name,
                    cost_usd_before=u0,
                    cost_usd_after=u1,
                    hours_before=h0,
                    hours_after=h1,
                    generalised_change_usd=change,
                )
            )
    for name, price, before, after in (
        ("reliability", deviation, old.spread_hours, new.spread_hours),
        ("co2_price", carbon, old.co2_kg, new.co2_kg),
    ):
        if price and (before or after):
            found.append(
                ComponentChange(
                    component=name,
                    cost_usd_before=0.0,
                    cost_usd_after=0.0,
                    hours_before=0.0,
                    hours_after=0.0,
                    generalised_change_usd=price * (after - before),
                )
            )
    return tuple(sorted(found, key=lambda c: -abs(c.generalised_change_usd)))


def explain_summary(comparison: Comparison, *, subsets: Callable[[], UpgradeSubsets] | None = None) -> Finding:
    """Return why the route of the most telling origin changes, by upgrade, for the main baseline.

    `subsets` gives that of `study_subsets`, where others ask for it too. Raises as `explain` does.
    """
    run, origin = most_moved_pair(comparison)
    base = comparison.baseline_of(run)
    mine = next(s for s in comparison.study.scenarios if s.name == run.scenario)
    whole = {upgrade.name for upgrade in study_upgrades(comparison)} <= set(mine.lineage)
    pair = base.router, run.router, origin, comparison.focus
    try:
        known = None
        if whole:
            known = subsets() if subsets else study_subsets(comparison, most_arcs=UNASKED_ARCS)
        elif mine.steps:
            known = build(base.router, single_changes(mine), lenient=True, most_arcs=UNASKED_ARCS)
        found = explain(*pair, scenario=mine, subsets=known)
    except TooMany:  # told without what would have been enough
        found = explain(*pair)
    title = say("Why the route changes: {scenario:label}", scenario=run.scenario)
    return Finding(title=title, lines=found.sentences, data=found.to_dict(), result=found)
