"""What an answer rests on: its assumptions in plain sentences, and the share of weak figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from corridor_net.costing.arcs import Arc
from corridor_net.network import Network
from corridor_net.network.checks.lengths import Length, length_faults
from corridor_net.render.names import names_of
from corridor_net.render.words import Sentence, Words, say

from .route import Legs, Route
from .router import Router
from .trips import Trip

OLD_PRICE_YEARS = 4


def assumptions(route: Route, network: Network) -> list[str]:
    """Return what is assumed in a route, in English: see `assumed`."""
    words = Words(names=names_of(network))
    return [words.text(note) for note in assumed(route, network)]


def assumed(route: Route, network: Network) -> list[Sentence]:
    """Return what is assumed in a route: services not known to run or of grade D, prices of distant years.

    `network` is the one the route was found on.
    """
    day = network.day
    notes: list[Sentence] = []
    year = route.price_year if network.years_beyond else day.year  # projections are in constant dollars
    services = {row.service_id: row for row in network.active("service")}
    for service_id in route.services:
        service = services.get(service_id)
        if service is not None and service.chance is not None:
            told = {"service": service_id, "share": service.chance, "basis": service.basis}
            notes.append(say("{service:name}: not known ({share:p0}) whether it runs: {basis:label}", **told))
        elif service is not None and service.grade == "D":
            basis = service.basis or "no basis is given"
            notes.append(say("{service:name}: {basis:label} (grade D)", service=service_id, basis=basis))
    tariffs = {leg_figure for leg in route.legs for leg_figure in leg.figures if leg_figure.startswith("tariff:")}
    for row in network.active("tariff"):
        gap = abs(row.price_year - year)
        if f"tariff:{row.tariff_id}" in tariffs and gap > OLD_PRICE_YEARS:
            told = {"tariff": f"tariff:{row.tariff_id}", "old": str(row.price_year), "year": str(year)}
            note = say("{tariff:name}: rate of {old} taken to {year} with the dollar's price index", **told)
            if note not in notes:
                notes.append(note)
    seasons = [season for season in network.rows("season") if season.holds_on(day)]
    places = {leg.to_node for leg in route.legs} | set(route.services)
    notes += [say("season: {basis:label}", basis=s.basis) for s in seasons if s.target_id in places]
    return [*notes, *_implausible(route, network)]


def _implausible(route: Route, network: Network) -> list[Sentence]:
    """Return the faults of length of the links a route uses: it is found on what the data say, right or wrong."""
    used = [
        Length(link_id=leg.asset_id, from_node_id=leg.from_node, to_node_id=leg.to_node, length_km=leg.distance_km)
        for leg in route.legs
        if leg.kind == "haul"
    ]
    faults = length_faults(network, used)
    return [say("{fault}: {hint}", fault=fault.message, hint=fault.hint) for fault in faults]


def weak_share(*routes: Route) -> dict[str, float]:
    """Return the share of cost and of hours, all routes together, that rests on figures of grade C or D."""
    return _weak_share(routes, [(leg, 1) for route in routes for leg in route.legs])


def weak_share_of_trips(router: Router, trips: Collection[Trip]) -> dict[str, float]:
    """Return the same of trips of one router: each arc is looked at once, however many trips take it."""
    taken = Counter(arc for trip in trips for arc in trip.arcs)
    legs = Legs(router.impedance.arcs, list(taken), by_timetable=router.schedule)
    return _weak_share(trips, list(zip(legs, taken.values(), strict=True)))


def _weak_share(whole: Iterable[Route | Trip], taken: Sequence[tuple[Arc, int]]) -> dict[str, float]:
    totals = {quantity: sum(getattr(one, quantity) for one in whole) for quantity in ("cost_usd", "hours")}
    graded = [(leg.by_grade, count) for leg, count in taken]
    weak = {
        quantity: sum(count * grades[quantity].get(grade, 0.0) for grades, count in graded for grade in "CD")
        for quantity in totals
    }
    return {quantity: weak[quantity] / total if total else 0.0 for quantity, total in totals.items()}
