"""A route's greenhouse gases as ISO 14083 and the GLEC Framework report them: element by element, with its factor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from corridor_net.costing import Impedance
from corridor_net.errors import DataFault
from corridor_net.network.checks import great_circle_km

from .route import Route, Router

TERMINAL_FACTOR = "terminal_handling"
CHARTER_FACTOR = "sea_coaster"
ELECTRIC = "rail_electric"
"""Factors of electric traction: nothing is emitted by the train, everything by the provision of its energy."""


@dataclass(frozen=True, slots=True)
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
    distance_km: float
    transport_activity_tkm: float
    wtw_kg: float
    wtt_kg: float | None
    ttw_kg: float | None
    factor_id: str
    factor: float
    factor_unit: str
    data_type: str
    source_id: str
    grade: str


@dataclass(frozen=True, slots=True)
class Report:
    """All elements of a route and their totals, for one box of `payload_t` tonnes.

    `intensity_g_per_tkm` is over the distance travelled, `intensity_gcd_g_per_tkm` over the great circle between
    origin and destination, the two denominators ISO 14083 allows beside the shortest feasible distance.
    `split_share`: share of `wtw_kg` whose factors are split into provision and operation.
    """

    origin: str
    destination: str
    cargo: str
    as_of: str
    payload_t: float
    elements: tuple[Element, ...]
    wtw_kg: float
    wtt_kg: float
    ttw_kg: float
    split_share: float
    transport_activity_tkm: float
    intensity_g_per_tkm: float
    intensity_gcd_g_per_tkm: float
    by_mode_kg: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        rounded: dict[str, Any] = _rounded(asdict(self))
        return rounded


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, (list, tuple)) else value


def report(router: Router, route: Route) -> Report:
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
    named = factor_names(impedance)
    payload = impedance.cargo.payload_t
    for arc in (impedance.arcs[number] for number in route.arcs):
        if not arc.co2_kg:
            continue
        name = named(arc)
        factor = factors.get(name)
        if factor is None:
            raise DataFault(f"table emission_factor lacks '{name}'")
        expected = _kg(factor, arc.distance_km, impedance)
        if abs(expected - arc.co2_kg) > 1e-6 * max(1.0, arc.co2_kg):
            raise DataFault(f"'{name}' gives {expected:g} kg for {arc.key}, which was costed at {arc.co2_kg:g}")
        wtt, ttw = _split(factor, arc.co2_kg)
        elements.append(
            Element(
                len(elements) + 1,
                "transport" if arc.distance_km > 0 else "hub",
                arc.mode,
                arc.from_node,
                arc.to_node,
                arc.distance_km,
                payload * arc.distance_km,
                arc.co2_kg,
                wtt,
                ttw,
                name,
                factor.value,
                factor.unit,
                "modelled" if factor.source_id == "CALC" else "default",
                factor.source_id,
                factor.grade,
            )
        )
    return _totalled(router, route, payload, elements)


def factor_names(impedance: Impedance) -> Callable[[Any], str]:
    """Return a function that names the emission factor of an arc that emits."""
    links = {link.link_id: link.emission_factor_id for link in impedance.network.rows("link")}
    services = {service.service_id: service.emission_factor_id for service in impedance.network.active("service")}

    def name(arc: Any) -> str:
        if arc.kind == "haul":
            return str(links[arc.subject])
        if arc.kind == "sail":
            return str(services[arc.subject])
        return CHARTER_FACTOR if arc.kind == "charter" else TERMINAL_FACTOR

    return name


def _kg(factor: Any, km: float, impedance: Impedance) -> float:
    cargo = impedance.cargo
    if factor.unit == "g_per_tkm":
        return float(factor.value * cargo.payload_t * km / 1000)
    if factor.unit == "g_per_teukm":
        return float(factor.value * cargo.teu * km / 1000)
    return float(factor.value)


def _split(factor: Any, kg: float) -> tuple[float | None, float | None]:
    if factor.emission_factor_id.startswith(ELECTRIC):
        return kg, 0.0
    if factor.wtt is None or factor.ttw is None:
        return None, None
    whole = factor.wtt + factor.ttw
    return kg * factor.wtt / whole, kg * factor.ttw / whole


def _totalled(router: Router, route: Route, payload: float, elements: list[Element]) -> Report:
    total = sum(e.wtw_kg for e in elements)
    split = sum(e.wtw_kg for e in elements if e.wtt_kg is not None)
    activity = sum(e.transport_activity_tkm for e in elements)
    a, b = router.network.nodes[route.origin], router.network.nodes[route.destination]
    circle = great_circle_km(a.x_coord, a.y_coord, b.x_coord, b.y_coord) * payload
    by_mode: dict[str, float] = {}
    for e in elements:
        by_mode[e.mode] = by_mode.get(e.mode, 0.0) + e.wtw_kg
    return Report(
        route.origin,
        route.destination,
        route.cargo,
        route.as_of,
        payload,
        tuple(elements),
        total,
        sum(e.wtt_kg or 0.0 for e in elements),
        sum(e.ttw_kg or 0.0 for e in elements),
        split / total if total else 1.0,
        activity,
        1000 * total / activity if activity else 0.0,
        1000 * total / circle if circle else 0.0,
        by_mode,
    )
