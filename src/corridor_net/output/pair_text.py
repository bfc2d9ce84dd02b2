"""The answer for one pair in a sentence, the same in every face: what it costs, how long it takes, and by where."""

from __future__ import annotations

from corridor_net.analysis.route import Route
from corridor_net.render.words import Sentence, say
from corridor_net.uncertainty.ensembles.pair_uncertainty import PairUncertainty

BY_LAND = say("by land")


def way_words(route: Route) -> Sentence:
    """Say by where a route goes: its gateway and the ports where the cargo goes on board."""
    ports = (route.gateway, *route.ports)
    named = tuple(dict.fromkeys(port for port in ports if port))
    return say("by {ports:both}", ports=named) if named else BY_LAND


def pair_sentence(route: Route, uncertainty: PairUncertainty | None = None) -> Sentence:
    """Say what a route costs, how long it takes and by where, with the 10-90% ranges where these are known."""
    told = {
        "origin": route.origin,
        "destination": route.destination,
        "month": route.as_of,
        "usd": route.cost_usd,
        "days": route.days,
        "kg": route.co2_kg,
        "way": way_words(route),
    }
    if uncertainty is None:
        return _marked(
            route,
            say(
                "{origin:name} to {destination:name}, {month:month}: {usd:m0} USD, {days:n1} days, {kg:n0} kg CO2e, "
                "{way}.",
                **told,
            ),
        )
    usd, hours = uncertainty.route.cost_usd, uncertainty.route.hours
    said = say(
        "{origin:name} to {destination:name}, {month:month}: {usd:m0} USD ({usd10:m0}-{usd90:m0}), {days:n1} days "
        "({days10:n1}-{days90:n1}), {kg:n0} kg CO2e, {way}.",
        **told,
        usd10=usd.p10,
        usd90=usd.p90,
        days10=hours.p10 / 24,
        days90=hours.p90 / 24,
    )
    return _marked(route, said)


def _marked(route: Route, said: Sentence) -> Sentence:
    """Add to an answer beyond the data that it is a projection."""
    return say("{said} A projection, grade D.", said=said) if route.projected_from else said


def other_day_sentence(route: Route) -> Sentence:
    """Say the same of another day, short."""
    said = say(
        "{month:month}: {usd:m0} USD, {days:n1} days, {way}.",
        month=route.as_of,
        usd=route.cost_usd,
        days=route.days,
        way=way_words(route),
    )
    return _marked(route, said)
