"""Why did the route change? The ledger old against new, the changes that did it, and the runner-up. No printing."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from corridor_net.costing import COMPONENTS
from corridor_net.errors import BadValue
from corridor_net.graph import Weighted
from corridor_net.render.words import Sentence, Words, say
from corridor_net.results import Result
from corridor_net.rounding import fitted
from corridor_net.scenario import Scenario

from .compare import Comparison, Run
from .route import Leg, Route, Router, gateway_of
from .upgrades import Space, build, single_changes, study_space

UNITS = {"generalised": "USD", "money": "USD", "time": "h", "co2": "kg"}
"""Unit of what is minimised."""

MOST_SETS = 4096
"""Sets of changes looked at, at most, in each of the two searches."""


@dataclass(frozen=True, slots=True)
class LegChange:
    """One step of the old or the new way, with its amounts before and after (None: not part of that way).

    `status` is left (old way alone), taken (new way alone), changed or same (both).
    """

    key: str
    kind: str
    from_node: str
    to_node: str
    subject: str
    status: str
    cost_usd_before: float | None
    cost_usd_after: float | None
    hours_before: float | None
    hours_after: float | None
    generalised_change_usd: float


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """One component, totals of the old and of the new way: USD and hours, and the change of generalised cost."""

    component: str
    cost_usd_before: float
    cost_usd_after: float
    hours_before: float
    hours_after: float
    generalised_change_usd: float


@dataclass(frozen=True, slots=True)
class ChangeSets:
    """Which changes did it: names of all, of those that can matter to the pair, and the two kinds of sets.

    `enough` are all smallest sets of changes that by themselves move the cargo to the new way, `without` all
    smallest sets whose absence alone would have kept it from it. `complete` is False when the search was
    stopped after 4,096 sets.
    """

    changes: tuple[tuple[str, str], ...]
    relevant: tuple[str, ...]
    enough: tuple[tuple[str, ...], ...]
    without: tuple[tuple[str, ...], ...]
    complete: bool


@dataclass(frozen=True)
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
                "all": [{"change": name, "what": what} for name, what in sets.changes],
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


def explain(
    before: Router,
    after: Router,
    origin: str,
    destination: str,
    *,
    scenario: Scenario | None = None,
    space: Space | None = None,
) -> Explanation:
    """Explain a pair: `before` and `after` are the routers without and with `scenario`.

    With the scenario its single changes are searched for those that did it; with `space` its upgrades are.

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
    if space is None and scenario is not None and scenario.steps:
        space = build(before, single_changes(scenario), lenient=True)
    sets = _change_sets(space, pair, old, new) if space is not None else None
    others = tuple(r for r in gateway_routes(after, *pair) if r.gateway != new.gateway)
    others_before = tuple(r for r in gateway_routes(before, *pair) if r.gateway != old.gateway)
    found = Explanation(
        old,
        new,
        _along(after, old),
        _along(before, new),
        _legs(after, old, new),
        _components(after, old, new),
        sets,
        others,
        others_before,
        _measure(others[0]) - _measure(new) if others else None,
        _measure(others_before[0]) - _measure(old) if others_before else None,
        UNITS[before.by],
        before.impedance.cargo.value_of_time,
        {node_id: node.name for node_id, node in before.network.nodes.items()},
        (),
    )
    return _with_sentences(found)


def gateway_routes(router: Router, origin: str, destination: str) -> list[Route]:
    """Return the best route by every gateway, the best first; the way by land, if any, has gateway None.

    Exact, by two searches: the least weight `d` to each port without any sea leg, the least weight `D` from
    each state to the destination, and `min over boardings a at port g of d(tail a) + w(a) + D(head a)`. From
    across the sea the same is done backwards from the port of landing. Raises NoRoute where nothing connects the two.

    >>> import corridor_net as cn
    >>> from corridor_net.costing import impedance
    >>> router = Router(impedance(cn.load(as_of="2019-07-01").network))
    >>> [route.gateway for route in gateway_routes(router, "tongjiang", "niigata")][:2]
    ['dalian', 'vladivostok']
    """
    start, goal = router.network.node(origin).node_id, router.network.node(destination).node_id
    source, target = router.end_state(start, "origin"), router.end_state(goal, "destination")
    kinds = np.array([arc.kind if arc.mode == "sea" else "" for arc in router.impedance.arcs])
    overseas = router.network.overseas
    sea = np.isin(kinds, ("board", "sail", "charter"))
    by_land = np.where(sea, np.inf, router.weight)
    leaving = start not in overseas
    back = router.graph.reversed()
    if leaving:
        to_sea = Weighted.of(router.graph, by_land).one_to_all(source)
        from_sea = Weighted.of(back, router.weight).one_to_all(target)
        gates = np.isin(kinds, ("board", "charter"))
    else:
        to_sea = router.weighted.one_to_all(source)
        from_sea = Weighted.of(back, by_land).one_to_all(target)
        gates = np.isin(kinds, ("sail", "charter"))
    best: dict[str | None, tuple[float, int]] = {}
    for arc in np.flatnonzero(gates).tolist():
        step = router.impedance.arcs[arc]
        gate = step.from_node if leaving else step.to_node
        cost = to_sea.distance[step.tail] + router.weight[arc] + from_sea.distance[step.head]
        if cost < np.inf and (leaving or gate not in overseas) and cost < best.get(gate, (np.inf, 0))[0]:
            best[gate] = (cost, arc)
    routes = []
    for _, arc in best.values():
        step = router.impedance.arcs[arc]
        path = [*to_sea.path(step.tail).tolist(), arc, *from_sea.path(step.head).tolist()[::-1]]
        routes.append(router.describe(start, goal, path))
    by_land_alone = Weighted.of(router.graph, by_land).one_to_all(source)
    if by_land_alone.distance[target] < np.inf:
        routes.append(router.describe(start, goal, by_land_alone.path(target)))
    if not routes:
        return [router.route(start, goal)]
    return sorted(routes, key=lambda route: (_measure(route), route.gateway or ""))


def _measure(route: Route) -> float:
    return {
        "generalised": route.generalised_cost_usd,
        "money": route.cost_usd,
        "time": route.hours,
        "co2": route.co2_kg,
    }[route.minimised]


def _along(router: Router, route: Route) -> Route | None:
    """Return the same way with the amounts of another router, or None where a step of it does not exist there."""
    number = {arc.key: n for n, arc in enumerate(router.impedance.arcs)}
    keys = [leg.key for leg in route.legs]
    if any(key not in number for key in keys):
        return None
    return router.describe(route.origin, route.destination, [number[key] for key in keys])


# the ledger


def _worth(router: Router, leg: Leg) -> float:
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
                key,
                leg.kind,
                leg.from_node,
                leg.to_node,
                leg.subject,
                both if one and other else "left" if one else "taken",
                one.cost_usd if one else None,
                other.cost_usd if other else None,
                one.hours if one else None,
                other.hours if other else None,
                change,
            )
        )
    return tuple(found)


def _components(router: Router, old: Route, new: Route) -> tuple[ComponentChange, ...]:
    usd = old.component("cost_usd"), new.component("cost_usd")
    hours = old.component("hours"), new.component("hours")
    _, hour, deviation, carbon = router.objective.prices
    found = []
    for name in COMPONENTS:
        if any(name in totals for totals in (*usd, *hours)):
            u0, u1, h0, h1 = (totals.get(name, 0.0) for totals in (*usd, *hours))
            change = u1 - u0 + hour * (h1 - h0)
            found.append(ComponentChange(name, u0, u1, h0, h1, change))
    for name, price, before, after in (
        ("reliability", deviation, old.spread_hours, new.spread_hours),
        ("co2_price", carbon, old.co2_kg, new.co2_kg),
    ):
        if price and (before or after):
            found.append(ComponentChange(name, price * before, price * after, 0.0, 0.0, price * (after - before)))
    return tuple(sorted(found, key=lambda c: -abs(c.generalised_change_usd)))


# which changes did it


def _change_sets(space: Space, pair: tuple[str, str], old: Route, new: Route) -> ChangeSets:
    changes = tuple((upgrade.name, describe(upgrade)) for upgrade in space.upgrades)
    relevant = relevant_upgrades(space, [pair[0]], [pair[1]])
    names = tuple(space.upgrades[number].name for number in relevant)
    keys_old, keys_new = [[leg.key for leg in route.legs] for route in (old, new)]
    if keys_old == keys_new:
        return ChangeSets(changes, names, (), (), complete=True)
    by_gateway = old.gateway != new.gateway

    def moved(masks: Sequence[int]) -> list[bool]:
        values = space.solve(masks, [pair[0]], [pair[1]])
        verdict = {}
        for (_, _, number), arcs in values.arcs.items():
            steps = space.steps(arcs.tolist())
            if by_gateway:
                verdict[number] = gateway_of(space.router.network.overseas, steps) == new.gateway
            else:
                verdict[number] = [step.key for step in steps] == keys_new
        return [verdict.get(int(number), False) for number in values.route[:, 0, 0]]

    def smallest(wanted: bool, full: int) -> tuple[tuple[tuple[str, ...], ...], bool]:
        looked = 0
        for masks in _by_size(relevant):
            allowed = [mask for mask in masks if wanted or mask][: MOST_SETS - looked]
            looked += len(allowed)
            results = moved([mask if wanted else full & ~mask for mask in allowed])
            hits = [mask for mask, result in zip(allowed, results, strict=True) if result is wanted]
            if hits:
                return tuple(space.names(mask) for mask in hits), True
            if looked >= MOST_SETS:
                return (), False
        return (), True

    if not moved([space.full])[0]:
        return ChangeSets(changes, names, (), (), complete=True)
    enough, one = smallest(True, space.full)
    without, other = smallest(False, space.full)
    return ChangeSets(changes, names, enough, without, one and other)


def _by_size(members: Sequence[int]) -> Iterator[list[int]]:
    for size in range(len(members) + 1):
        yield [sum(1 << number for number in chosen) for chosen in itertools.combinations(members, size)]


def relevant_upgrades(space: Space, origins: Sequence[str], destinations: Sequence[str]) -> tuple[int, ...]:
    """Return the upgrades that can matter to some pair in some subset; the others never touch a best route.

    With `w-` and `w+` the least and largest weight of each arc over all subsets: no best route costs more than
    the shortest by `w+`, and none through arc a costs less than `d-(origin, tail) + w-(a) + d-(head,
    destination)`. Arcs above that bound are left out, and upgrades that touch no other arc with them.
    """
    low, high = space.base[0].copy(), space.base[0].copy()
    for group in space.groups:
        options = np.array([table[0] for table in group.tables.values()])
        low[group.arcs], high[group.arcs] = options.min(axis=0), options.max(axis=0)
    starts = [space.state(origin, "origin") for origin in origins]
    ends = [space.state(destination, "destination") for destination in destinations]
    best, worst = Weighted.of(space.graph, low), Weighted.of(space.graph, high)
    backwards = Weighted.of(space.graph.reversed(), low)
    back = {end: backwards.one_to_all(end).distance[space.graph.head] for end in ends if end is not None}
    near = np.zeros(space.graph.n_arcs, bool)
    for start in starts:
        if start is None:
            continue
        reach = best.one_to_all(start).distance[space.graph.tail] + low
        bounds = worst.one_to_all(start).distance
        for end, rest in back.items():
            near |= (reach + rest <= bounds[end] * (1 + 1e-12)) & (reach + rest < np.inf)
    found = []
    for group in space.groups:
        mine = near[group.arcs]
        for member in group.members:
            bit = 1 << member
            pairs = [(mask, mask & ~bit) for mask in group.tables if mask & bit]
            if any(
                other not in group.tables or (group.tables[mask][0, mine] != group.tables[other][0, mine]).any()
                for mask, other in pairs
            ):
                found.append(member)
    return tuple(sorted(found))


def describe(upgrade: Scenario) -> str:
    """Return a change in words; an upgrade of several changes is named by its title."""
    if len(upgrade.steps) != 1:
        return upgrade.title
    change = upgrade.steps[0][0]
    if change.verb == "add":
        row = change.row or {}
        return f"add {change.table} {row.get('name') or row.get(f'{change.table}_id')}"
    where = ", ".join("/".join(values) for values in (change.where or {}).values())
    if change.verb in ("open", "close"):
        return f"{change.verb} {change.table} {where}"
    field = f"{change.component} {change.field}" if change.component else str(change.field)
    amount = {"set": f"to {change.value}", "scale": f"by {change.by}", "shift": f"by {change.by}"}[change.verb]
    return f"{change.verb} {field} of {change.table} {where} {amount}"


# in words


def _with_sentences(found: Explanation) -> Explanation:
    from dataclasses import replace

    return replace(found, sentences=tuple(_sentences(found)))


def _sentences(e: Explanation) -> Iterator[Sentence]:
    old, new = e.before, e.after
    ends = {"origin": old.origin, "destination": old.destination}
    if e.gateway_changed:
        yield say(
            "{origin:name} to {destination:name}: the cargo moves from {old:name} to {new:name}.",
            **ends,
            old=_by(old),
            new=_by(new),
        )
    elif e.moved:
        yield say(
            "{origin:name} to {destination:name}: the cargo still goes by {new:name}, but another way there or on "
            "from there.",
            **ends,
            new=_by(new),
        )
    else:
        yield say(
            "{origin:name} to {destination:name}: the cargo goes the same way as before, by {new:name}.",
            **ends,
            new=_by(new),
        )
        if e.gap_before is not None:
            yield say(
                "Before, {next:name} came next, {gap} behind.",
                next=_by(e.others_before[0]),
                gap=_amount(e.gap_before, e),
            )
    if e.moved or abs(new.generalised_cost_usd - old.generalised_cost_usd) > 5e-3:
        yield _balance(e)
    else:
        yield say("Nothing on that way changes: it costs and takes what it did.")
    yield from _ways(e)
    yield from _set_sentences(e)
    if e.runner_up is not None and e.gap is not None:
        yield say(
            "Next best is {next:name}, {gap} behind ({share:p1} of {all}).",
            next=_by(e.runner_up),
            gap=_amount(e.gap, e),
            share=e.gap / _measure(new),
            all=_amount(_measure(new), e),
        )
    else:
        yield say("There is no other gateway.")


def _ways(e: Explanation) -> Iterator[Sentence]:
    """Say what the old way and the new one would cost on the other side, and what differs most."""
    if not e.moved:
        return
    if e.new_way_before is None:
        yield say("The new way did not exist before; {old}.", old=_old_now(e))
    else:
        behind = _measure(e.new_way_before) - _measure(e.before)
        yield say("Before, the new way was {gap} behind; {old}.", gap=_amount(behind, e), old=_old_now(e))
    yield say("What differs most: {parts:list}.", parts=tuple(_component(c) for c in e.components[:4]))


def _set_sentences(e: Explanation) -> Iterator[Sentence]:
    if e.sets is None or not e.moved:
        return
    what = dict(e.sets.changes)
    if e.sets.enough:
        size = len(e.sets.enough[0])
        shown = " / ".join(" + ".join(f"{name} ({what[name]})" for name in names) for names in e.sets.enough[:3])
        if size == 1:
            yield say("One change is enough for the move: {shown}.", shown=shown)
        else:
            yield say("{size} changes together are enough for the move: {shown}.", size=size, shown=shown)
    shown = "; ".join(" + ".join(names) for names in e.sets.without[:5])
    if e.sets.without == e.sets.enough:
        yield say("Without it the cargo would have stayed.")
    elif len(e.sets.without) > 1:
        yield say("Without any of these it would have stayed: {shown}.", shown=shown)
    elif e.sets.without:
        yield say("Without {shown} it would have stayed.", shown=shown)
    if not e.sets.complete:
        yield say("The search for such sets was stopped after {count:n0} sets.", count=MOST_SETS)


def _by(route: Route) -> str:
    return route.gateway or "land alone"


def _amount(value: float, e: Explanation) -> Sentence:
    """Return an amount of what is minimised, with its unit."""
    if e.unit == "USD":
        return say("{value:m0} USD", value=value)
    return say("{value:n0} {unit:label}", value=value, unit=e.unit)


def _balance(e: Explanation) -> Sentence:
    old, new = e.before, e.after
    money, days = new.cost_usd - old.cost_usd, new.days - old.days
    total = new.generalised_cost_usd - old.generalised_cost_usd
    return say(
        "A box pays {money} ({usd:m0} to {usd2:m0} USD) and takes {time} ({days:n1} to {days2:n1} days); with an hour "
        "worth {worth:m2} USD it {total} in all.",
        money=say("{value:m0} USD more" if money > 0 else "{value:m0} USD less", value=abs(money)),
        usd=old.cost_usd,
        usd2=new.cost_usd,
        time=say("{value:n1} days more" if days > 0 else "{value:n1} days less", value=abs(days)),
        days=old.days,
        days2=new.days,
        worth=e.value_of_time_usd_per_hour,
        total=say("gains {value:m0} USD" if total < 0 else "loses {value:m0} USD", value=abs(total)),
    )


def _old_now(e: Explanation) -> Sentence:
    if e.old_way_after is None:
        return say("the old one is closed now")
    now, before = _measure(e.old_way_after), _measure(e.before)
    told = {"now": _amount(now, e), "new": _amount(_measure(e.after), e)}
    if abs(now - before) < 5e-3:
        return say("the old one would now cost {now} (as before), the new one {new}", **told)
    return say(
        "the old one would now cost {now} ({before} before), the new one {new}", before=_amount(before, e), **told
    )


def _component(c: ComponentChange) -> Sentence:
    parts = []
    if abs(c.cost_usd_after - c.cost_usd_before) >= 0.5:
        parts.append(say("{value:+m0} USD", value=c.cost_usd_after - c.cost_usd_before))
    if abs(c.hours_after - c.hours_before) >= 0.05:
        parts.append(say("{value:+n1} h", value=c.hours_after - c.hours_before))
    component = c.component.replace("_", " ")
    return say("{component:label} {parts:both}", component=component, parts=tuple(parts) or ("+0",))


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


# for `run`


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding of a study: a title, lines of text, the same as data for files, and the answer itself.

    `data` is rounded for files; what shows figures to people takes them from `result`, so that they are rounded once.
    """

    title: Sentence
    lines: tuple[Sentence, ...]
    data: dict[str, Any]
    result: Any = None


def telling_pair(comparison: Comparison) -> tuple[Run, str]:
    """Return the run of the main baseline with the largest mean gain at the focus, and the origin to tell of.

    That is, among the origins whose gateway changes (all, where none does), the one with the largest gain times
    trade. Raises BadValue for a study without scenarios, or whose scenarios cut every origin off.
    """
    runs = comparison.scenario_runs(comparison.runs[0].baseline)
    if not runs:
        raise BadValue("the study has no scenarios to explain")
    gains = [(change, run) for run in runs if (change := comparison.effect(run).generalised_change_usd) is not None]
    if not gains:
        raise BadValue("no scenario leaves an origin with a route to compare")
    run = min(gains, key=lambda pair: pair[0])[1]
    trade = {market.node_id: market.trade_musd or 0.0 for market in comparison.network.markets("origin")}

    def worth(origin: str) -> float:
        pair = comparison.difference(run, origin, comparison.focus)
        if not pair.before or not pair.after:
            return -1.0
        return (pair.before.generalised_cost_usd - pair.after.generalised_cost_usd) * trade.get(origin, 1.0)

    return run, max(comparison.effect(run).switched or comparison.origins, key=worth)


def explain_summary(comparison: Comparison, *, space: Space | None = None) -> Finding:
    """Return why the route of the most telling origin changes, by upgrade, for the main baseline.

    `space` is that of `study_space`, when it is there already. Raises as `explain` does.
    """
    run, origin = telling_pair(comparison)
    base = comparison.baseline_of(run)
    space = space or study_space(comparison)
    mine = next(s for s in comparison.study.scenarios if s.name == run.scenario)
    whole = {u.name for u in space.upgrades} <= set(mine.lineage)
    found = explain(base.router, run.router, origin, comparison.focus, scenario=mine, space=space if whole else None)
    title = say("Why the route changes: {scenario}", scenario=run.scenario)
    return Finding(title, found.sentences, found.to_dict(), found)
