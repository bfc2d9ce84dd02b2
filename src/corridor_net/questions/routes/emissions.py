"""What a route emits, element by element, in the form of ISO 14083."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from corridor_net.questions import Ask, networks_of
from corridor_net.questions._shared import Destination
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.page import Column, Page, elsewhere, numbers, page, table_of
from corridor_net.render.words import Sentence, named, say
from corridor_net.rounding import fitted

if TYPE_CHECKING:
    from corridor_net.analysis.emissions import Element, Emissions
    from corridor_net.model import Model

LAYER = "emissions.geojson"
UNITS = {"g_per_tkm": "g/t·km", "g_per_teukm": "g/TEU·km", "kg_per_box": "kg a box"}


def answer(
    model: Model,
    origin: Annotated[str, Ask("Where the cargo starts: id, UN/LOCODE or name.")],
    destination: Destination,
    *,
    via: Annotated[tuple[str, ...], Ask("Node the route must pass; repeatable.", metavar="NODE")] = (),
) -> Emissions:
    """Report a route's emissions element by element: factor, source, provision and operation, hubs apart.

    kg of an element = factor x activity: g/t·km x payload x km, g/TEU·km x TEU x km, or kg a box for hubs
    (ISO 14083:2023; factors of the GLEC Framework). Raises NoRoute, UnknownName; DataFault for a missing factor.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").emissions("harbin", "niigata")
    >>> found.gateway, round(sum(e.wtw_kg for e in found.elements) - found.wtw_kg, 6)
    ('dalian', 0.0)
    """
    from corridor_net.analysis.emissions import emissions

    return emissions(model.router, model.router.route(origin, destination, via=via))


def view(found: Emissions) -> Page:
    """Show the elements of the transport chain and the totals."""
    first = say(
        "{origin:name} to {destination:name} by {gateway:name}, {as_of}: {wtw_kg:n0} kg CO2e a box, well to wheel.",
        found,
        gateway=found.gateway or "land",
    )
    km = fitted([one.distance_km for one in found.elements])
    table = table_of(
        found.elements,
        Column(heading="", of=lambda one: str(one.number)),
        Column(heading="mode", kind="name", of=lambda one: "hub" if one.category == "hub" else one.mode),
        Column(heading="from", kind="name", of="from_node"),
        Column(heading="to", kind="name", of=elsewhere),
        *numbers("km", of=lambda one: km[one.number - 1] or None, rank=1),
        *numbers("t·km", of=lambda one: one.transport_activity_tkm or None, rank=4),
        *numbers("kg CO2e", of="wtw_kg", digits=1),
        *numbers("provision", "operation", of=("wtt_kg", "ttw_kg"), digits=1, rank=3),
        Column(heading="factor", rank=2, of=_factor),
        Column(heading="data", kind="label", rank=5, of="data_type"),
        Column(heading="source", rank=6, of="source_id"),
        Column(heading="grade", rank=2, of="grade"),
        title=say("One box of {cargo:name}, {payload_t:n1} t", found),
    )
    shares = say(
        "{intensity_g_per_tkm:n1} g/t·km over the distance travelled, {intensity_gcd_g_per_tkm:n1} over the great "
        "circle. Provision and operation of energy are told apart for {split_share:p0}: {wtt_kg:n0} and {ttw_kg:n0} "
        "kg.",
        found,
    )
    charge = say("The CO2 price adds {usd:m0} USD.", usd=found.charge_usd) if found.charge_usd else None
    return page(first, table, shares, charge)


def _factor(one: Element) -> Sentence:
    return say("{factor:g} {unit:label}", one, unit=UNITS.get(one.factor_unit, one.factor_unit))


def charts(found: Emissions) -> Mapping[str, Chart]:
    """Draw the elements as bars."""
    rows = []
    for one in found.elements:
        ends = tuple(map(named, dict.fromkeys((one.from_node, one.to_node))))
        at = say("{origin} - {destination}" if len(ends) > 1 else "{origin}", origin=ends[0], destination=ends[-1])
        rows.append((say("{number} {mode:name} {at}", one, at=at), one.wtw_kg))
    title = say(
        "{origin:name} to {destination:name} by {way:name}: {wtw_kg:n0} kg CO2e a box",
        found,
        way=found.gateway or "land",
    )
    return {"emissions": Bars(title=title, unit="kg CO2e, well to wheel", rows=rows)}


def layer(found: Emissions) -> dict[str, Any]:
    """Give the elements: carriage as lines, work in terminals as points."""
    from corridor_net.output.maps.layers import steps_layer

    return steps_layer(networks_of(found)[0], f"{found.wtw_kg:,.0f} kg CO2e a box", found.elements)
