"""A route's greenhouse gases as ISO 14083 and the GLEC Framework report them: element by element, with its factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from corridor_net.costing import Impedance
from corridor_net.errors import DataFault
from corridor_net.network.earth import geodesic_km
from corridor_net.network.rows import EmissionFactor
from corridor_net.results import Result, measure
from corridor_net.rounding import fitted

from .route import Route
from .router import Router

ELECTRIC = "rail_electric"
"""Factors of electric traction: nothing is emitted by the train, everything by the provision of its energy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """One transport chain element: a carriage (`transport`) or work in a terminal (`hub`).

    kg CO2e of the box: `wtw_kg` well to wheel, `wtt_kg` energy provision, `ttw_kg` operation; the two are None
    where the factor's source does not split them. `data_type` is `default` (published average) or `modelled`
    (derived from consumption); none is primary data of a carrier.
    """

    number: int
    category: str
    mode: str
    from_node: str
    to_node: str
    distance_km: float = measure("km", 4)
    transport_activity_tkm: float = measure("t·km", 4)
    wtw_kg: float = measure("kg CO2e", 4)
    wtt_kg: float | None = measure("kg CO2e", 4)
    ttw_kg: float | None = measure("kg CO2e", 4)
    factor_id: str
    factor: float = measure(digits=4)
    factor_unit: str
    data_type: str
    source_id: str
    grade: str
    kind: str = measure(hidden=True)
    asset_id: str = measure(hidden=True)


@dataclass(frozen=True, kw_only=True)
class Emissions(Result):
    """All elements of a route and their totals, for one box of `payload_t` tonnes.

    `intensity_g_per_tkm` is over the distance travelled, `intensity_gcd_g_per_tkm` over the great circle between
    origin and destination, the two denominators ISO 14083 allows beside the shortest feasible distance.
    `split_share`: share of `wtw_kg` whose factors are split into provision and operation. `charge_usd`: what the CO2
    price of the question adds.
    """

    ROWS: ClassVar[str] = "elements"
    QUESTION: ClassVar[str] = "emissions"

    origin: str
    destination: str
    cargo: str
    as_of: str
    payload_t: float = measure("t", 4)
    elements: tuple[Element, ...]
    wtw_kg: float = measure("kg CO2e", 4)
    wtt_kg: float = measure("kg CO2e", 4)
    ttw_kg: float = measure("kg CO2e", 4)
    split_share: float = measure(digits=4)
    transport_activity_tkm: float = measure("t·km", 4)
    intensity_g_per_tkm: float = measure("g CO2e/t·km", 4)
    intensity_gcd_g_per_tkm: float = measure("g CO2e/t·km", 4)
    by_mode_kg: dict[str, float] = measure("kg CO2e", 4)
    gateway: str | None
    co2_price_usd_per_t: float = measure("USD/t", 2)
    charge_usd: float = measure("USD", 2)
    services: tuple[str, ...] = measure(hidden=True)

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape; elements and modes add up to the total."""
        shown = Result.to_dict(self)  # a class with slots has no super() of its own
        for element, kg in zip(
            shown["elements"], fitted([e.wtw_kg for e in self.elements], 4, self.wtw_kg), strict=True
        ):
            element["wtw_kg"] = kg
        modes = fitted(list(self.by_mode_kg.values()), 4, self.wtw_kg)
        shown["by_mode_kg"] = dict(zip(self.by_mode_kg, modes, strict=True))
        return shown


def emissions(router: Router, route: Route) -> Emissions:
    """Return the emissions of a route of this router, element by element.

    kg of an element = factor x activity: `g/tkm x payload x km`, `g/TEU-km x TEU x km`, or kg a box for hubs. The
    elements sum to `Route.co2_kg`.

    Raises
    ------
    DataFault
        A factor that table emission_factor lacks, or that does not give the arc's emissions.
    """
    impedance = router.impedance
    elements: list[Element] = []
    factors = {row.emission_factor_id: row for row in router.network.rows("emission_factor")}
    payload = impedance.cargo.payload_t
    for arc in (impedance.arcs[number] for number in route.arcs):
        if not arc.co2_kg:
            continue
        name = arc.co2_figures[0].partition(":")[2]
        factor = factors.get(name)
        if factor is None:
            raise DataFault(f"table emission_factor lacks '{name}'")
        expected = _kg(factor, arc.distance_km, impedance)
        if abs(expected - arc.co2_kg) > 1e-6 * max(1.0, arc.co2_kg):
            raise DataFault(f"'{name}' gives {expected:g} kg for {arc.key}, which was costed at {arc.co2_kg:g}")
        wtt, ttw = _split(factor, arc.co2_kg)
        elements.append(
            Element(
                number=len(elements) + 1,
                category="transport" if arc.distance_km > 0 else "hub",
                mode=arc.mode,
                from_node=arc.from_node,
                to_node=arc.to_node,
                distance_km=arc.distance_km,
                transport_activity_tkm=payload * arc.distance_km,
                wtw_kg=arc.co2_kg,
                wtt_kg=wtt,
                ttw_kg=ttw,
                factor_id=name,
                factor=factor.value,
                factor_unit=factor.unit,
                data_type="modelled" if factor.source_id == "CALC" else "default",
                source_id=factor.source_id,
                grade=factor.grade,
                kind=arc.kind,
                asset_id=arc.asset_id,
            )
        )
    return _totalled(router, route, payload, elements)


def _kg(factor: EmissionFactor, km: float, impedance: Impedance) -> float:
    cargo = impedance.cargo
    if factor.unit == "g_per_tkm":
        return float(factor.value * cargo.payload_t * km / 1000)
    if factor.unit == "g_per_teukm":
        return float(factor.value * cargo.teu * km / 1000)
    return float(factor.value)


def _split(factor: EmissionFactor, kg: float) -> tuple[float | None, float | None]:
    if factor.emission_factor_id.startswith(ELECTRIC):
        return kg, 0.0
    if factor.wtt is None or factor.ttw is None:
        return None, None
    whole = factor.wtt + factor.ttw
    return kg * factor.wtt / whole, kg * factor.ttw / whole


def _totalled(router: Router, route: Route, payload: float, elements: list[Element]) -> Emissions:
    total = sum(e.wtw_kg for e in elements)
    split = sum(e.wtw_kg for e in elements if e.wtt_kg is not None)
    activity = sum(e.transport_activity_tkm for e in elements)
    a, b = router.network.nodes[route.origin], router.network.nodes[route.destination]
    circle = geodesic_km(a.x_coord, a.y_coord, b.x_coord, b.y_coord) * payload
    by_mode: dict[str, float] = {}
    for e in elements:
        by_mode[e.mode] = by_mode.get(e.mode, 0.0) + e.wtw_kg
    return Emissions(
        origin=route.origin,
        destination=route.destination,
        cargo=route.cargo,
        as_of=route.as_of,
        payload_t=payload,
        elements=tuple(elements),
        wtw_kg=total,
        wtt_kg=sum(e.wtt_kg or 0.0 for e in elements),
        ttw_kg=sum(e.ttw_kg or 0.0 for e in elements),
        split_share=split / total if total else 1.0,
        transport_activity_tkm=activity,
        intensity_g_per_tkm=1000 * total / activity if activity else 0.0,
        intensity_gcd_g_per_tkm=1000 * total / circle if circle else 0.0,
        by_mode_kg=by_mode,
        gateway=route.gateway,
        co2_price_usd_per_t=router.co2_price_usd_per_t,
        charge_usd=router.co2_price_usd_per_t * total / 1000,
        services=route.services,
    )
