"""A way as a forwarder tells it: links in turn of one road or line are one leg. Files keep each link."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from corridor_net.costing import Arc
from corridor_net.network import Network
from corridor_net.network.columns import by_id

from .route import Route

SHORT_KM = 0.5
"""What is shorter is told with the leg before it, whatever its name: it would be one of 0 km."""
MOST = 0.8
"""The share of a leg along one name from which that alone is told."""
MANY = 3
"""Names told of a leg that has several."""


@dataclass(frozen=True, kw_only=True)
class Joined:
    """A route of legs as they are told, and what the road or line of each is called, '' where nothing says."""

    route: Route
    called: tuple[str, ...]

    @property
    def named(self) -> bool:
        """Whether a leg is of several links, or its road or line has a name."""
        return any(self.called)


def joined(route: Route, network: Network) -> Joined:
    """Return a route with hauls that meet at places without a name as one leg, by one mode and one road or line.

    >>> import corridor_net as cn
    >>> model = cn.load(as_of="2019-07-01")
    >>> whole = model.router.route("harbin", "niigata")
    >>> joined(whole, model.router.network).route.legs == tuple(whole.legs)
    True
    """
    passed = {leg.from_node for leg in route.legs[1:] if leg.kind == "haul" and _nameless(network, leg.from_node)}
    if not passed:
        return Joined(route=route, called=("",) * len(route.legs))
    names = _names(network, {leg.asset_id for leg in route.legs if leg.kind == "haul"})
    runs = _runs(route, passed, names)
    legs = tuple(_one(run) for run in runs)
    return Joined(route=replace(route, legs=legs), called=tuple(_called(run, names) for run in runs))


def _nameless(network: Network, node: str) -> bool:
    """Whether a place has no name but its id."""
    return network.nodes[node].name in ("", node)


def _names(network: Network, wanted: set[str]) -> dict[str, str]:
    """Return the names of some links that are more than the ids of their ends."""
    held = by_id(network.rows("link"), "link_id")
    found = (held[name] for name in wanted if name in held)
    return {row.link_id: "" if row.name == f"{row.from_node_id} - {row.to_node_id}" else row.name for row in found}


def _runs(route: Route, passed: set[str], names: Mapping[str, str]) -> list[list[Arc]]:
    """Return the legs in runs: first by one name, then short ones with the run before."""
    links = [[leg] for leg in route.legs]
    named = _merged(links, passed, lambda run, more: len({*_km(run, names), *_km(more, names)}) < 2)
    return _merged(named, passed, lambda run, more: min(_length(run), _length(more)) < SHORT_KM)


def _merged(
    runs: Iterable[list[Arc]], passed: set[str], together: Callable[[list[Arc], list[Arc]], bool]
) -> list[list[Arc]]:
    """Return runs of which those that go on from one another, and belong together, are one."""
    found: list[list[Arc]] = []
    for more in runs:
        if found and _goes_on(found[-1][-1], more[0], passed) and together(found[-1], more):
            found[-1] += more
        else:
            found.append(list(more))
    return found


def _goes_on(before: Arc, leg: Arc, passed: set[str]) -> bool:
    return leg.kind == before.kind == "haul" and leg.mode == before.mode and leg.from_node in passed


def _length(run: list[Arc]) -> float:
    return sum(leg.distance_km for leg in run)


def _km(run: list[Arc], names: Mapping[str, str]) -> dict[str, float]:
    """Return how long a run goes along each name."""
    km: dict[str, float] = {}
    for leg in run:
        if name := names.get(leg.asset_id, ""):
            km[name] = km.get(name, 0.0) + leg.distance_km
    return km


def _called(run: list[Arc], names: Mapping[str, str]) -> str:
    """Return the names along which most of a run goes, the longest first; dots stand for what else it goes along."""
    km, most = _km(run, names), MOST * _length(run)
    km = {name: own for name, own in km.items() if own >= SHORT_KM} or km
    told: list[str] = []
    while len(told) < min(MANY, len(km)) and sum(km[name] for name in told) < most:
        told.append(max((name for name in km if name not in told), key=lambda name: km[name]))
    return ", ".join(told) + (" …" if told and sum(km[name] for name in told) < most else "")


def _one(run: list[Arc]) -> Arc:
    """Return some arcs in turn as one: its measures are the sums of theirs."""
    if len(run) == 1:
        return run[0]
    return replace(
        run[0],
        head=run[-1].head,
        to_node=run[-1].to_node,
        distance_km=sum(leg.distance_km for leg in run),
        co2_kg=sum(leg.co2_kg for leg in run),
        parts=tuple(part for leg in run for part in leg.parts),
        co2_figures=tuple(dict.fromkeys(figure for leg in run for figure in leg.co2_figures)),
    )
