"""The questions, and both models' answers to them held against each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import product as every
from typing import Any

from . import product
from .model import Measures, Model, Wish
from .scenarios import Scenario, applied
from .tables import Tables, read

TOLERANCE = 0.005
"""USD, hours, kg and km."""
BY = ("generalised", "money", "time", "co2")
BASELINES = ("2016-07-01", "2019-07-01", "2026-07-01")
ODD_DAYS = (
    *("2009-01-01", "2010-12-31", "2012-02-29", "2013-12-16", "2013-12-17", "2015-05-05", "2015-05-06", "2016-01-15"),
    *("2017-11-01", "2018-08-23", "2018-08-24", "2019-03-15", "2019-03-16", "2020-02-29", "2021-07-01", "2022-03-01"),
    *("2022-03-02", "2022-11-15", "2022-11-16", "2023-02-28", "2024-02-29", "2025-12-01", "2026-12-31"),
)
"""Days at which something begins or ends: seasons, services, borders, figures."""
OWN = ("verbs", "ways")


@dataclass(frozen=True, slots=True)
class Case:
    """One question, for all pairs of origins and destinations (`everywhere`: of all places)."""

    day: str
    scenarios: tuple[str, ...] = ()
    cargo: str = "dry_40"
    by: str = "generalised"
    schedule: bool = False
    price_year: int | None = None
    value_of_time: float | None = None
    co2_price: float = 0.0
    everywhere: bool = False


@dataclass(slots=True)
class Outcome:
    """How many answers were compared, the largest difference of any, and what disagreed."""

    answers: int = 0
    largest: float = 0.0
    where: str = ""
    faults: list[str] = field(default_factory=list)

    def add(self, what: str, mine: float, its: float, where: str) -> None:
        """Take down one pair of numbers."""
        difference = abs(mine - its)
        if difference > self.largest:
            self.largest, self.where = difference, f"{where}: {what} {mine:.6f}, the product {its:.6f}"
        if not difference <= TOLERANCE:
            self.faults.append(f"{where}: {what} {mine:.4f}, the product {its:.4f}")


@lru_cache(1)
def shipped() -> Tables:
    """Return the shipped tables."""
    return read(product.GEODATA)


@lru_cache(4)
def laid_over(day: str, scenarios: tuple[str, ...]) -> Tables:
    """Return the shipped tables with scenarios applied."""
    return applied(shipped(), date.fromisoformat(day), [Scenario(product.path_of(name)) for name in scenarios])


@lru_cache(4)
def model(day: str, scenarios: tuple[str, ...], cargo: str, year: int | None, value: float | None) -> Model:
    """Return the second model for a case."""
    return Model(laid_over(day, scenarios), date.fromisoformat(day), cargo, year, value)


def cargoes() -> tuple[str, ...]:
    """Return every cargo."""
    return tuple(row["cargo_id"] for row in shipped()["cargo"])


def scenarios() -> tuple[str, ...]:
    """Return the shipped scenarios that are neither a study nor a baseline."""
    names = sorted(path.stem for path in product.SCENARIOS.glob("*.yaml"))
    return tuple(n for n in names if not n.startswith("baseline-") and n != "longjiang-japan")


def baselines() -> Iterator[Case]:
    """Every baseline, alone and with every scenario, for every cargo, by every objective."""
    for day, name in every(BASELINES, ("", *scenarios(), *OWN)):
        for cargo, schedule, by in every(cargoes(), (False, True), BY):
            yield Case(day, (name,) if name else (), cargo, by, schedule)


def days() -> Iterator[Case]:
    """Days at which seasons, closures and figures begin or end, alone and with all upgrades."""
    for day, scenario, cargo in every(ODD_DAYS, ((), ("longjiang-belt",)), ("dry_40", "reefer_40", "timber_40")):
        for by, schedule in (("generalised", False), ("money", False), ("time", False), ("time", True)):
            yield Case(day, scenario, cargo, by, schedule)


def options() -> Iterator[Case]:
    """Price years, values of time, prices on CO2, several scenarios at once, every place to every place."""
    for day, cargo in every(BASELINES, ("dry_40", "dry_20", "grain_20")):
        for year in (2005, 2012, 2020, 2026):
            yield Case(day, (), cargo, price_year=year, co2_price=50.0)
        for value, price in ((0.0, 0.0), (3.0, 100.0), (25.0, 0.0), (60.0, 1000.0)):
            yield Case(day, (), cargo, value_of_time=value, co2_price=price)
        yield Case(day, ("primorye-1", "primorye-2"), cargo)
        yield Case(day, ("vanino", "suifenhe-faster", "vladivostok-liner"), cargo)
        yield Case(day, (), cargo, everywhere=True)


def ends(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return origins and destinations of a case."""
    if case.everywhere:
        places = tuple(row["node_id"] for row in shipped()["node"])
        return places, places
    listed = {"origin": [], "market": []}
    for row in shipped()["market"]:
        listed[row["role"]].append(row["node_id"])
    return tuple(listed["origin"]), tuple(listed["market"])


def compare(
    case: Case, outcome: Outcome, *, origins: tuple[str, ...] | None = None, second: Model | None = None
) -> None:
    """Ask both models and take down what they say; `second` takes the place of the second model."""
    listed, destinations = ends(case)
    origins = listed if origins is None else origins
    mine = second or model(case.day, case.scenarios, case.cargo, case.price_year, case.value_of_time)
    wish = Wish(case.by, case.schedule, case.co2_price)
    least, told = mine.best(wish, origins, destinations), product.answers(case, origins, destinations)
    for origin, destination in sorted({*least, *told}):
        pair, where = (origin, destination), f"{named(case)}, {origin} to {destination}"
        outcome.answers += 1
        if pair not in least or pair not in told:
            outcome.faults.append(f"{where}: a way in {'the product' if pair in told else 'the second model'} alone")
            continue
        answer = told[pair]
        measures = mine.along(origin, destination, answer.steps, wish)
        if measures is None:
            outcome.faults.append(f"{where}: the product's way is none: {answer.steps}")
            continue
        outcome.add(f"least {case.by}", least[pair], _objective(answer, case.by), where)
        for name in ("money", "hours", "co2", "generalised", "km"):
            outcome.add(name, getattr(measures, name), getattr(answer, name), where)


def _objective(answer: product.Answer | Measures, by: str) -> float:
    value: Any = getattr(answer, {"time": "hours"}.get(by, by))
    return float(value)


def named(case: Case) -> str:
    """Return a case in words."""
    parts = [case.day, *case.scenarios, case.cargo, f"by {case.by}", "schedule" if case.schedule else ""]
    more = {"prices of": case.price_year, "USD/h": case.value_of_time, "USD/t": case.co2_price or None}
    told = [f"{key} {value:g}" for key, value in more.items() if value is not None]
    return " ".join(filter(None, [*parts, *told, "everywhere" if case.everywhere else ""]))
