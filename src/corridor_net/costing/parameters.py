"""Every input figure of one cargo unit on one day: key, value, unit, range, grade, source, group and label. No draws.

The key is how parts of arcs name what they rest on: `operation:ID:component:quantity`, `tariff:ID`, `speed:ID`,
`link:ID:length_km`, `sea_lane:ID:length_km`, `service:ID:sailings_per_week`, `service:ID:port_stay_hours`,
`service_call:ID:SEQUENCE`, `crossing:ID:opening_hours`, `emission_factor:ID`, `cargo:value_of_time`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from os.path import commonprefix
from typing import Any

from corridor_net.errors import DataFault
from corridor_net.figure_keys import original_id
from corridor_net.network import Network
from corridor_net.network.projection import rule_of
from corridor_net.network.rows import (
    CargoProfile,
    EmissionFactor,
    Link,
    Mode,
    Operation,
    Row,
    SeaLane,
    Service,
    Speed,
    Tariff,
)
from corridor_net.network.vocabulary import Vocabulary

from .ranges import PROJECTED, added_variance, widened

VALUE_OF_TIME = "cargo:value_of_time"
OF_VALUE = "% of value"
"""Unit of a cost that is a share of the value of the cargo."""
AT_BORDER = "border"
"""Group of hours that move with those of their own border."""
RUNNING = "running"
"""What the speed of a mode that is not said moves with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One input figure: `value` in `unit`, and the range `low` to `high` that its source gives (None: no range).

    `inverse`: amounts that rest on it are divided by it (speeds, sailings a week), not multiplied. `group`: what it
    moves with, '' when alone. `certain`: a timetable or opening hours, taken as they are.
    """

    key: str
    label: str
    unit: str
    value: float
    low: float | None = None
    high: float | None = None
    grade: str
    source_id: str
    group: str = ""
    inverse: bool = False
    certain: bool = False

    @property
    def table(self) -> str:
        """The table it stands in."""
        return self.key.partition(":")[0]

    @property
    def is_length(self) -> bool:
        """Whether it is a length on the ground or at sea."""
        return self.key.endswith(":length_km")


Maker = Callable[[], Parameter]
"""Makes a parameter of its row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The rows of figures that hold on a day for one cargo unit, ready to look up."""

    operations: dict[str, tuple[Operation, ...]]
    tariffs: dict[str, Tariff]
    speeds: dict[str, Speed]
    factors: dict[str, EmissionFactor]

    @classmethod
    def of(cls, network: Network, unit: str) -> Figures:
        """Collect what holds on the network's day for a box of `unit`; a row of the unit goes before one of `any`."""
        operations: dict[str, dict[tuple[str, str], Operation]] = {}
        for wanted in ("any", unit):
            for row in network.active("operation"):
                if row.cargo_unit == wanted:
                    operations.setdefault(row.operation_id, {})[row.component, row.quantity] = row
        return cls(
            operations={key: tuple(rows[name] for name in sorted(rows)) for key, rows in operations.items()},
            tariffs={row.tariff_id: row for row in network.active("tariff") if row.cargo_unit == unit},
            speeds={row.speed_id: row for row in network.active("speed")},
            factors={row.emission_factor_id: row for row in network.rows("emission_factor")},
        )

    def find(self, kind: str, key: str, wanted_by: str) -> Any:
        """Return a tariff, speed, factor or operation; raise DataFault naming who wanted it."""
        table: dict[str, Any] = getattr(self, kind)
        if key not in table:
            raise DataFault(
                f"{wanted_by} needs '{key}' of {kind}, and no row of it holds on the day",
                hint="a missing figure is never taken as 0: add a row or its dates",
            )
        return table[key]


class Parameters(Mapping[str, Parameter]):
    """Parameters by key, each made when it is looked at: most answers rest on few of them."""

    def __init__(self, makers: Mapping[str, Maker]) -> None:
        """Take what makes each."""
        self._makers = makers
        self._made: dict[str, Parameter] = {}

    def __getitem__(self, key: str) -> Parameter:
        if key not in self._made:
            self._made[key] = self._makers[key]()
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


def parameters_of(network: Network, cargo_id: str) -> Mapping[str, Parameter]:
    """Return every parameter of a cargo on the network's day, by key.

    Raises UnknownName for an unknown cargo.
    """
    cargo = network.cargo(cargo_id)
    figures = Figures.of(network, cargo.cargo_unit)
    makers = dict(chain(_priced(network, figures), _measured(network), _scheduled(network)))
    makers[VALUE_OF_TIME] = partial(_value_of_time, cargo)
    if network.years_beyond:
        makers = {key: partial(_projected, make, network) for key, make in makers.items()}
    return Parameters(makers)


def _projected(make: Maker, network: Network) -> Parameter:
    """Return a figure as unsure as it is beyond the data, grade D; lengths, timetables and opening hours stay."""
    parameter = make()
    if parameter.is_length or parameter.certain:
        return parameter
    group = parameter.key.rpartition(":")[2] if parameter.table == "operation" else parameter.group
    rule = rule_of(network.projections, parameter.table, group)
    if rule is None:
        return replace(parameter, grade=PROJECTED)
    ends = parameter.low, parameter.high
    low, high = widened(parameter.value, ends, parameter.grade, added_variance(rule, network.years_beyond))
    return replace(parameter, low=low, high=high, grade=PROJECTED)


def _of(row: Row, key: str, label: str, unit: str, value: float, **more: Any) -> Parameter:
    """Return the parameter of a row, which has its grade and source."""
    given = {"grade": row.grade, "source_id": row.source_id, **more}
    return Parameter(key=key, label=label, unit=unit, value=value, **given)


def _priced(network: Network, figures: Figures) -> Iterator[tuple[str, Maker]]:
    borders, vocabulary = _borders(network), network.vocabulary
    for rows in figures.operations.values():
        for row in rows:
            key = f"operation:{row.operation_id}:{row.component}:{row.quantity}"
            yield key, partial(_of_operation, row, key, vocabulary, borders)
    for tariff in figures.tariffs.values():
        yield f"tariff:{tariff.tariff_id}", partial(_of_tariff, tariff, vocabulary.modes)
    sailing = _modes_of_services(network)
    for speed in figures.speeds.values():
        yield f"speed:{speed.speed_id}", partial(_of_speed, speed, vocabulary.modes, sailing)
    for factor in figures.factors.values():
        name, ends = factor.emission_factor_id, {"low": factor.value_low, "high": factor.value_high}
        key = f"emission_factor:{name}"
        yield key, partial(_of, factor, key, f"emission factor {name}", factor.unit, factor.value, **ends)


def _of_tariff(row: Tariff, modes: Mapping[str, Mode]) -> Parameter:
    group = modes[row.mode].rates_group if row.mode in modes else ""
    ends = {"low": row.range_low, "high": row.range_high}
    return _of(row, f"tariff:{row.tariff_id}", f"rate {row.tariff_id}", "x present", 1.0, **ends, group=group)


def _of_speed(row: Speed, modes: Mapping[str, Mode], sailing: Mapping[str, str]) -> Parameter:
    mode = row.mode or sailing.get(row.speed_id, "")
    group = modes[mode].speeds_group if mode in modes else RUNNING
    more = {"low": row.speed_kmh_low, "high": row.speed_kmh_high, "group": group, "inverse": True}
    return _of(row, f"speed:{row.speed_id}", f"speed {row.speed_id}", "km/h", row.speed_kmh, **more)


def _modes_of_services(network: Network) -> dict[str, str]:
    """Return the mode of the services that run at each speed: what a speed that says no mode is of."""
    modes = {(row.speed_id, network.mode_of(row)) for row in network.rows("service")}
    return dict(sorted(modes, reverse=True))  # of several the first by name


def _of_operation(row: Operation, key: str, vocabulary: Vocabulary, borders: Mapping[str, str]) -> Parameter:
    label = f"{vocabulary.component_label(row.component)} {row.quantity} of {row.operation_id}"
    unit = "h" if row.quantity == "hours" else row.currency or OF_VALUE
    group = _hours_group(row, vocabulary, borders)
    return _of(row, key, label, unit, row.value, low=row.value_low, high=row.value_high, group=group)


def _hours_group(row: Operation, vocabulary: Vocabulary, borders: Mapping[str, str]) -> str:
    """What hours of an operation move with: the bad week of their border, or all of a group such as crowded ports."""
    component = vocabulary.components.get(row.component)
    group = component.hours_group if component and row.quantity == "hours" else ""
    if group != AT_BORDER:
        return group
    return f"border {borders[row.operation_id]}" if row.operation_id in borders else ""


def _borders(network: Network) -> dict[str, str]:
    """Return the operations of crossings and the border each belongs to: those that share a link are of one border.

    The name of a border is what the ids of its operations begin with; no figure depends on it.
    """
    links: dict[str, set[str]] = {}
    for row in network.rows("crossing"):
        links.setdefault(row.link_id, set()).add(row.operation_id)
    joined: list[set[str]] = []
    for operations in links.values():
        near = [one for one in joined if one & operations]
        joined = [one for one in joined if not one & operations] + [operations.union(*near)]
    found = {}
    for operations in joined:
        base = sorted({original_id(operation) for operation in operations})
        shared = commonprefix(base)  # noqa: RUF071 - letters, not folders
        others = (one for near in joined if near is not operations for one in near)
        name = base[0] if any(one.startswith(shared) for one in others) else shared.strip("_-~ ")
        name = name.removeprefix("border_")
        found.update(dict.fromkeys(operations, name))
    return found


def _measured(network: Network) -> Iterator[tuple[str, Maker]]:
    for table, column in (("link", "link_id"), ("sea_lane", "lane_id")):
        for row in network.rows(table):
            name = getattr(row, column)
            yield f"{table}:{name}:length_km", partial(_of_length, row, table, name)


def _of_length(row: Link | SeaLane, table: str, name: str) -> Parameter:
    return _of(row, f"{table}:{name}:length_km", f"length of {name}", "km", row.length_km)


def _scheduled(network: Network) -> Iterator[tuple[str, Maker]]:
    for row in network.active("service"):
        key = f"service:{row.service_id}:sailings_per_week"
        yield key, partial(_of_sailings, row, key)
        key = f"service:{row.service_id}:port_stay_hours"
        yield key, partial(_of, row, key, f"port stay of {row.name}", "h", row.port_stay_hours)
    for row in network.rows("service_call"):
        call = f"{row.service_id}:{row.call_sequence}"
        key = f"service_call:{call}"
        yield key, partial(_of, row, key, f"timetable of call {call}", "h", 0.0, certain=True)
    for row in network.active("crossing"):
        key, label = f"crossing:{row.crossing_id}:opening_hours", f"wait for the opening at crossing {row.crossing_id}"
        yield key, partial(_of, row, key, label, "h", 0.0, certain=True)


def _of_sailings(row: Service, key: str) -> Parameter:
    often = {"low": row.sailings_low, "high": row.sailings_high, "inverse": True}
    return _of(row, key, f"sailings of {row.name}", "a week", row.sailings_per_week, **often)


def _value_of_time(cargo: CargoProfile) -> Parameter:
    ends = {"low": cargo.time_cost_low, "high": cargo.time_cost_high}
    return _of(cargo, VALUE_OF_TIME, "value of an hour", "% of value a day", cargo.time_cost_pct_per_day, **ends)
