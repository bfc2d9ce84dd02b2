"""Parts of arcs made of figures: money by tariffs, hours by speeds, operations, emissions. No states, no arcs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from corridor_net.network import Network
from corridor_net.network.rows import EmissionFactor, Link, Operation, Row, SeaLane, Speed, Tariff
from corridor_net.network.vocabulary import Vocabulary

from .arcs import Emitted, Part
from .cargo import Cargo
from .money import Prices
from .parameters import Figures

TEN_TO_NINETY = 2.5631
"""Standard deviations between the 10% and 90% points of a normal distribution."""

Length = tuple[str, Link | SeaLane]
"""The key of a length, and the row it stands in."""


class Pricer:
    """The figures of one day for one cargo, ready to be made into parts. Raises DataFault where one is missing."""

    def __init__(self, network: Network, cargo: Cargo, prices: Prices, like: Pricer | None = None) -> None:
        """Look up the figures; `like` is a pricer for the same cargo and prices, with parts made already."""
        self.cargo, self.prices, self.like = cargo, prices, like
        self.figures = Figures.of(network, cargo.unit)
        self.find = self.figures.find
        vocabulary: Vocabulary = network.vocabulary
        self.unscheduled = frozenset(vocabulary.components_where("scheduled", "no"))
        self.of_value = frozenset(vocabulary.components_where("per", "value"))
        self.lifts = frozenset(vocabulary.components_where("lifts", "yes"))
        self.made: dict[tuple[str, float, bool], list[Part]] = {}

    def per_km(self, tariff: Tariff, km: float, length: Length, component: str) -> list[Part]:
        """Return the money of a distance."""
        usd = self.prices.usd(tariff.per_km, tariff.currency, tariff.price_year) * km
        return [_of_tariff(tariff, component, self.charged(usd), length)] if usd else []

    def charged(self, usd: Any) -> Any:
        """Return what this cargo pays where boxes pay `usd`, one amount or an array."""
        return usd * (1 + self.cargo.freight_surcharge)

    def fixed(self, tariff: Tariff, component: str) -> list[Part]:
        """Return the fixed part of a tariff."""
        usd = self.prices.usd(tariff.fixed, tariff.currency, tariff.price_year)
        if not usd:
            return []
        return [_of_tariff(tariff, component, self.charged(usd), None)]

    def lifted(self, parts: Sequence[Part]) -> bool:
        """Return whether a box is lifted in the course of an operation, by its parts."""
        return any(part.component in self.lifts for part in parts)

    def operation(self, operation_id: str, wanted_by: str, factor: float = 1.0, *, at_end: bool = False) -> list[Part]:
        """Return the parts of an operation, its hours times `factor`; `at_end` of a journey, no timetable has them."""
        key = (operation_id, factor, at_end)
        if key not in self.made:
            rows = self.find("operations", operation_id, wanted_by)
            known = self.like and self.like.figures.operations.get(operation_id) == rows
            made = self.like.made.get(key) if self.like and known else None
            self.made[key] = made or [self._of_operation(row, factor, at_end=at_end) for row in rows]
        return list(self.made[key])

    def _of_operation(self, row: Operation, factor: float, *, at_end: bool) -> Part:
        low = row.value if row.value_low is None else row.value_low
        high = row.value if row.value_high is None else row.value_high
        scale = factor if row.quantity == "hours" else self._usd(row)
        unscheduled = row.quantity == "hours" and (at_end or row.component in self.unscheduled)
        return Part(
            component=row.component,
            quantity=row.quantity,
            amount=row.value * scale,
            scheduled=0.0 if unscheduled else row.value * scale,
            spread=(high - low) * scale / TEN_TO_NINETY,
            figures=(f"operation:{row.operation_id}:{row.component}:{row.quantity}",),
            source_ids=(row.source_id,),
            grade=row.grade,
        )

    def _usd(self, row: Operation) -> float:
        """Return what one unit of a cost is worth: of its currency, or per cent of the value of the cargo."""
        if row.component in self.of_value:
            return self.cargo.value_usd / 100
        return self.prices.usd(1.0, row.currency, row.price_year or 0)

    def emitted(self, factor_id: str, km: float, wanted_by: str, length: str = "") -> Emitted:
        """Return kg CO2e and the figures they are proportional to; `length` is the key of the distance."""
        factor = self.find("factors", factor_id, wanted_by)
        figures = (f"emission_factor:{factor_id}", *((length,) if length and factor.unit != "kg_per_box" else ()))
        if factor.unit == "kg_per_box":
            return float(factor.value), figures
        return float(carbon(factor.value, self.load(factor), km)), figures

    def load(self, factor: EmissionFactor) -> float:
        """Return the load a factor by distance is for: tonnes, or TEU."""
        return {"g_per_tkm": self.cargo.payload_t, "g_per_teukm": self.cargo.teu}[factor.unit]


def carbon(grams: Any, load: Any, km: Any) -> Any:
    """Return kg CO2e of a load over a distance, one amount or an array."""
    return grams * (load * km / 1000)


def _of_tariff(tariff: Tariff, component: str, usd: float, length: Length | None) -> Part:
    low, high = tariff.range_low or 1.0, tariff.range_high or 1.0
    figures: tuple[str, ...] = (f"tariff:{tariff.tariff_id}",)
    rows: list[Row] = [tariff]
    if length is not None:
        figures, rows = (*figures, length[0]), [tariff, length[1]]
    source_ids, grade = provenance(rows)
    return Part(
        component=component,
        quantity="cost",
        amount=usd,
        scheduled=usd,
        spread=usd * (high - low) / TEN_TO_NINETY,
        figures=figures,
        source_ids=source_ids,
        grade=grade,
    )


def travel(speed: Speed, km: float, component: str, length: Length, factor: float = 1.0) -> Part:
    """Return the hours of a distance at a speed, times `factor`."""
    figures = f"speed:{speed.speed_id}", length[0]
    return in_hours(component, travelled(km, speeds_of(speed), factor), figures, speed, length[1])


def in_hours(component: str, hours: tuple[float, float, float], figures: tuple[str, ...], *rows: Row) -> Part:
    """Return a part of hours, hours by the timetable and spread, with its figures and the rows they stand in."""
    source_ids, grade = provenance(rows)
    amount, scheduled, spread = hours
    return Part(
        component=component,
        quantity="hours",
        amount=amount,
        scheduled=scheduled,
        spread=spread,
        figures=figures,
        source_ids=source_ids,
        grade=grade,
    )


def speeds_of(speed: Speed) -> tuple[float, float, float, float]:
    """Return a speed, its low and high ends and that of the timetable, in km/h: the speed itself where not given."""
    usual = speed.speed_kmh
    return usual, speed.speed_kmh_low or usual, speed.speed_kmh_high or usual, speed.schedule_kmh or usual


def travelled(km: Any, speeds: Sequence[Any], factor: Any) -> tuple[Any, Any, Any]:
    """Return hours, hours by the timetable and spread of a distance by `speeds_of`, times `factor`; or arrays."""
    usual, slow, fast, timetable = speeds
    spread = (km / slow - km / fast) * factor / TEN_TO_NINETY
    return km / usual * factor, km / timetable * factor, spread


def provenance(rows: Sequence[Row]) -> tuple[tuple[str, ...], str]:
    """Return the sources of a product of figures, and the grade of its weakest."""
    if len(rows) == 2:  # a figure and a length, as all hauls have
        first, second = rows
        ids = (first.source_id,) if first.source_id == second.source_id else (first.source_id, second.source_id)
        return ids, max(first.grade, second.grade)
    return tuple(dict.fromkeys(row.source_id for row in rows)), max(row.grade for row in rows)
