"""The figures that the cost and the hours of answers rest on, each with its source, by weight. No drawing, no printing.

An amount is a product of figures: the hours of a haul are its length over its speed. A figure's *share* is the part of
all cost (or hours) that is proportional to it: one per cent on the figure moves the answer by that share of a per cent.
So the shares of all figures add up to more than one. By *grade* every amount counts once, under the weakest of its
figures, so these shares add up to one. Exchange rates, price indices and seasons convert amounts; they are listed, and
no grade of an amount is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from corridor_net.costing import Arc, Impedance, Part
from corridor_net.costing.parameters import Figures, Parameter
from corridor_net.network.rows import Operation, Row, Tariff
from corridor_net.render.words import Sentence, say
from corridor_net.results import measure

from .labels import Labels

GRADES = ("A", "B", "C", "D")
TEMPLATES = {"% of value": "{value:g}% of value", "% of value a day": "{value:g}% of value a day"}
"""How figures are told whose unit begins with the sign of per cent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestedOn:
    """One figure: what it is, its source, and the part of the cost and of the hours that is proportional to it.

    `told` is its value in words, `span` its range, None where it has none. A tariff of a fixed part and one by the km
    has no one value: `value`, `low` and `high` are times what it is at present.
    """

    key: str
    label: str
    told: Sentence = measure(hidden=True)
    span: Sentence | None = measure(hidden=True)
    unit: str
    value: float = measure(digits=6)
    low: float | None = measure(digits=6)
    high: float | None = measure(digits=6)
    grade: str
    source_id: str
    title: str
    publisher: str
    year: str
    cost_usd: float = measure("USD", 2)
    cost_share: float = measure("1", 4)
    hours: float = measure("h", 2)
    hours_share: float = measure("1", 4)

    @property
    def weight(self) -> float:
        """The larger of its two shares, by which figures are ordered."""
        return max(self.cost_share, self.hours_share)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What some answers rest on: their totals, the shares by grade, and every figure, the heaviest first."""

    cost_usd: float = measure("USD", 2)
    hours: float = measure("h", 2)
    cost_by_grade: Mapping[str, float] = measure("1", 4)
    hours_by_grade: Mapping[str, float] = measure("1", 4)
    figures: tuple[RestedOn, ...] = ()


def weights(impedance: Impedance, counts: Mapping[int, float], *, schedule: bool = False) -> Weights:
    """Return what arcs rest on that are passed so often (`counts`: arc to boxes); by the timetable with `schedule`.

    Raises KeyError for a figure that is no row of the data.
    """
    totals = {"cost": 0.0, "hours": 0.0}
    grades = {"cost": dict.fromkeys(GRADES, 0.0), "hours": dict.fromkeys(GRADES, 0.0)}
    amounts: dict[str, dict[str, float]] = {}
    converted = _Conversions(impedance)
    for number, boxes in counts.items():
        arc = impedance.arcs[number]
        for place, part in enumerate(arc.parts):
            amount = boxes * (part.scheduled if schedule else part.amount)
            if not amount:
                continue
            totals[part.quantity] += amount
            grades[part.quantity][part.grade] += amount
            for key in (*part.figures, *converted.of(arc, part, place)):
                both = amounts.setdefault(key, {"cost": 0.0, "hours": 0.0})
                both[part.quantity] += amount
    told = _Told(impedance)
    figures = [told.figure(key, both, totals) for key, both in amounts.items()]
    return Weights(
        cost_usd=totals["cost"],
        hours=totals["hours"],
        cost_by_grade=_shares(grades["cost"], totals["cost"]),
        hours_by_grade=_shares(grades["hours"], totals["hours"]),
        figures=tuple(sorted(figures, key=lambda one: (-one.weight, one.key))),
    )


def _shares(amounts: Mapping[str, float], total: float) -> dict[str, float]:
    return {name: amount / total if total else 0.0 for name, amount in amounts.items()}


class _Conversions:
    """What converts the amounts of parts: rates of exchange, price indices, surcharges of the cargo, seasons."""

    def __init__(self, impedance: Impedance) -> None:
        network, unit = impedance.network, impedance.cargo.unit
        self.impedance = impedance
        figures = Figures.of(network, unit)
        self.money: dict[str, tuple[str, int | None]] = {
            f"tariff:{row.tariff_id}": (row.currency, row.price_year) for row in figures.tariffs.values()
        }
        for rows in figures.operations.values():
            self.money |= {
                f"operation:{row.operation_id}:{row.component}:cost": (row.currency, row.price_year)
                for row in rows
                if row.quantity == "cost" and row.currency
            }
        seasons = [row for row in network.rows("season") if row.holds_on(network.day) and row.closed == "no"]
        self.seasons = {(row.applies_to, row.target_id): f"season:{row.season_id}" for row in seasons}

    def of(self, arc: Arc, part: Part, place: int) -> Iterator[str]:
        """Yield the keys of what converts a part, `place` in its arc."""
        if part.quantity == "cost":
            yield from self._rates(part)
        elif self.seasons:
            wanted = (self.seasons.get(target) for target in self._targets(arc, place))
            yield from (key for key in wanted if key is not None)

    def _rates(self, part: Part) -> Iterator[str]:
        key = next((figure for figure in part.figures if figure in self.money), None)
        if key is None:
            return
        currency, price_year = self.money[key]
        if currency != "USD":
            yield f"exchange_rate:{currency}:{price_year}"
        if price_year != self.impedance.prices.year:
            yield f"deflator:{price_year}"
            yield f"deflator:{self.impedance.prices.year}"

    def _targets(self, arc: Arc, place: int) -> Iterator[tuple[str, str]]:
        """Yield what a season may apply to: as `docs/model.md` has it."""
        if arc.kind == "haul":
            yield "mode", arc.mode
        elif arc.kind in ("sail", "charter") and place == 0:
            yield "mode", arc.mode
            yield "service", arc.asset_id
        elif arc.kind == "terminal":
            states = {self.impedance.states[state][1] for state in (arc.tail, arc.head)}
            if states & self.impedance.network.vocabulary.quays:
                yield "node", arc.from_node


class _Told:
    """Gives each figure by its key, with its row's source."""

    def __init__(self, impedance: Impedance) -> None:
        self.impedance, self.network = impedance, impedance.network
        network = impedance.network
        figures = Figures.of(network, impedance.cargo.unit)
        self.tariffs = figures.tariffs
        self.operations = {
            f"operation:{row.operation_id}:{row.component}:{row.quantity}": row
            for rows in figures.operations.values()
            for row in rows
        }
        self.others: dict[str, Any] = {
            **{f"exchange_rate:{row.currency}:{row.year}": row for row in network.rows("exchange_rate")},
            **{f"deflator:{row.year}": row for row in network.rows("deflator")},
            **{f"season:{row.season_id}": row for row in network.rows("season")},
        }
        self.labels = Labels(network)

    def figure(self, key: str, amounts: Mapping[str, float], totals: Mapping[str, float]) -> RestedOn:
        """Return a figure with its amounts."""
        told, unit, value, low, high, row = self._facts(key)
        span = None if low is None or high is None else _span(low, high, row)
        source = self.network.sources.get(row.source_id)
        return RestedOn(
            key=key,
            label=self.labels.of(key),
            told=told,
            span=span,
            unit=unit,
            value=value,
            low=low,
            high=high,
            grade=row.grade,
            source_id=row.source_id,
            title=source.title if source else "",
            publisher=source.publisher if source else "",
            year=source.year if source else "",
            cost_usd=amounts["cost"],
            cost_share=amounts["cost"] / totals["cost"] if totals["cost"] else 0.0,
            hours=amounts["hours"],
            hours_share=amounts["hours"] / totals["hours"] if totals["hours"] else 0.0,
        )

    def _facts(self, key: str) -> tuple[Sentence, str, float, float | None, float | None, Row | Parameter]:
        """Return value in words, unit, value, range and the row (or parameter) that holds the source."""
        if key in self.others:
            return self._converter(key)
        known = self.impedance.parameters[key]
        if known.table == "tariff":
            return self._tariff(known, self.tariffs[key.partition(":")[2]])
        if key in self.operations:
            row = self.operations[key]
            unit = f"{row.currency} of {row.price_year}" if row.currency else known.unit
            told = _priced(row.value, row) if row.currency else _valued(row.value, unit)
            return told, unit, row.value, row.value_low, row.value_high, row
        told = say("by its timetable") if known.certain else _valued(known.value, known.unit)
        return told, known.unit, known.value, known.low, known.high, known

    def _tariff(
        self, known: Parameter, row: Tariff
    ) -> tuple[Sentence, str, float, float | None, float | None, Row | Parameter]:
        if row.fixed and row.per_km:
            return _rate(row), known.unit, 1.0, known.low, known.high, row
        value, unit = (row.per_km, f"{row.currency} a km") if row.per_km else (row.fixed, row.currency)
        low, high = (None if end is None else _six(value * end) for end in (known.low, known.high))
        return _rate(row), f"{unit} of {row.price_year}", value, low, high, row

    def _converter(self, key: str) -> tuple[Sentence, str, float, None, None, Row]:
        row, table = self.others[key], key.partition(":")[0]
        if table == "exchange_rate":
            unit = f"{row.currency} a USD"
            told = say("{value:g} {currency} a USD", value=_six(row.units_per_usd), currency=row.currency)
            return told, unit, row.units_per_usd, None, None, row
        if table == "deflator":
            return say("{value:g}", value=_six(row.usd_index)), "index", row.usd_index, None, None, row
        return say("{value:g} x hours", value=_six(row.hours_factor)), "x hours", row.hours_factor, None, None, row


def _rate(row: Tariff) -> Sentence:
    """Return a tariff in words: a fixed part, and one by the kilometre."""
    if not row.per_km:
        return _priced(row.fixed, row)
    told = "{fixed:g} + {per_km:g} a km, {currency} of {year}" if row.fixed else "{per_km:g} a km, {currency} of {year}"
    year = str(row.price_year)
    return say(told, fixed=_six(row.fixed), per_km=_six(row.per_km), currency=row.currency, year=year)


def _span(low: float, high: float, row: Row | Parameter) -> Sentence:
    """Return a range in words; of a tariff of two parts, for which `low` and `high` are factors, that of each."""
    if not (isinstance(row, Tariff) and row.fixed and row.per_km):
        return say("{low:g3}-{high:g3}", low=low, high=high)
    fixed, per_km = (
        say("{low:g3}-{high:g3}", low=_six(part * low), high=_six(part * high)) for part in (row.fixed, row.per_km)
    )
    return say("{fixed} + {per_km}", fixed=fixed, per_km=per_km)


def _priced(value: float, row: Tariff | Operation) -> Sentence:
    return say("{value:g} {currency} of {year}", value=_six(value), currency=row.currency, year=str(row.price_year))


def _valued(value: float, unit: str) -> Sentence:
    if unit in TEMPLATES:
        return say(TEMPLATES[unit], value=_six(value))
    return say("{value:g} {unit:label}", value=_six(value), unit=unit)


def _six(value: float) -> float:
    """Return a figure with six digits: a column wants no more."""
    return float(f"{value:g}")
