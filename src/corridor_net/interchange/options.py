"""What a user may say about a network that comes in: units, place on the earth, names, rules. Values only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from typing import Any

from corridor_net.errors import BadValue, did_you_mean

from .units import LENGTHS_KM, SPEEDS_KMH, TIMES_H, unit_of

OWN_CODES = re.compile("AA|Q[M-Z]|X[A-Z]|ZZ")
"""Codes that ISO 3166 leaves to everybody's own use, such as XK and ZZ."""
CHOICES = {
    "nodes_at": ("corners", "ends", "crossings"),
    "borders": ("open", "crossings"),
    "transfers": ("", "none", "shared"),
    "directed": ("", "yes", "no"),
}


def names_in(text: str) -> list[str]:
    """Return the names of a list that commas part.

    >>> names_in("roads, rails,")
    ['roads', 'rails']
    """
    return [name.strip() for name in text.split(",") if name.strip()]


def asked(usual: Any, told: str, *, metavar: str = "", option: str = "") -> Any:
    """Return a field of `ImportOptions`, with what a command says of it and calls it."""
    return field(default=usual, metadata={"help": told, "metavar": metavar, "option": option})


@dataclass(frozen=True, kw_only=True)
class NameMap:
    """Names of others and ours: columns, values of modes, columns of terminals, units, gauges."""

    columns: Mapping[str, str] = field(default_factory=dict)
    modes: Mapping[str, str] = field(default_factory=dict)
    terminals: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    gauges: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """How to read a network. Empty means: as the data say, else by a rule that is noted as an assumption.

    `nodes_at` says where lines get nodes: at their ends and shared corners, at their ends alone, or also where they
    cross. `snap_m` joins ends within so many metres. `borders` and `transfers` say where crossings and changes of
    mode are made; without `transfers`, at the terminals that the source names, else wherever modes meet. Ports join a
    sea network within `join_km`, and with `sailings_per_week` a service sails between each two. `schematic` keeps
    coordinates as a drawing only. `measured` takes lengths from the drawing.
    """

    length_unit: str = asked("", "km, m, mi, ft, yd or nmi.", metavar="UNIT")
    speed_unit: str = asked("", "km/h, mph, m/s, kn, ft/min.", metavar="UNIT")
    time_unit: str = asked("", "h, min or s.", metavar="UNIT")
    measured: bool = asked(False, "Take every length from the map.")
    crs: str = asked("", "Coordinate system of the source.", metavar="EPSG:N")
    swap_xy: bool = asked(False, "Exchange longitude and latitude.")
    schematic: bool = asked(False, "Coordinates are a drawing only, or lacking.")
    mode: str = asked("", "Mode of every link: road, rail, rail_1520, waterway.")
    gauge_mm: str = asked("1435", "Gauge of rails that say none.", metavar="MM", option="--gauge")
    directed: str = asked("", "Every link is one-way, or none.", metavar="yes|no")
    country: str = asked("", "Country of nodes that say none.", metavar="XX")
    countries: Path | None = asked(None, "Polygons of countries, or shipped.", metavar="FILE")  # noqa: RUF009 - a field
    borders: str = asked("open", "open, or crossings with defaults.", metavar="RULE")
    transfers: str = asked("", "none, or shared: wherever modes meet.", metavar="RULE")
    nodes_at: str = asked("corners", "Where lines meet: corners, ends or crossings.", metavar="RULE")
    snap_m: float = asked(0.0, "Join ends of lines within.", metavar="METRES", option="--snap")
    layer: str = asked("", "Layers of a file, or sheets: a,b.")
    encoding: str = asked("", "Encoding of the texts: cp1251, gb18030, …", metavar="NAME")
    join_km: float = asked(100.0, "Largest distance of a port from the lines.")
    sailings_per_week: float = asked(0.0, "Sailings a week on each lane.", metavar="N", option="--sailings")
    origins: tuple[str, ...] = asked((), "Origin of the study; repeatable.", metavar="NODE", option="--from")
    markets: tuple[str, ...] = asked((), "Market of the study; repeatable.", metavar="NODE", option="--to")
    title: str = asked("", "Title of the network.")
    names: NameMap = field(default_factory=NameMap)

    def __post_init__(self) -> None:
        """Bring units to their short names; raise BadValue for what is not possible."""
        units = (
            ("length_unit", LENGTHS_KM, "length"),
            ("speed_unit", SPEEDS_KMH, "speed"),
            ("time_unit", TIMES_H, "time"),
        )
        for name, known, what in units:
            text = getattr(self, name) or self.names.units.get(what, "")
            if text:
                object.__setattr__(self, name, unit_of(text, known, what))
        for name, choices in CHOICES.items():
            if getattr(self, name) not in choices:
                raise BadValue(
                    f"{name} = '{getattr(self, name)}'",
                    hint=did_you_mean(
                        getattr(self, name), choices, otherwise=f"one of: {', '.join(filter(None, choices))}"
                    ),
                )
        if not 0 <= self.snap_m <= 10_000:
            raise BadValue(f"snap = {self.snap_m:g} m", hint="a distance of 0 to 10,000 m")
        if not (0 <= self.sailings_per_week < inf and 0 <= self.join_km < inf):
            raise BadValue("sailings and distances are 0 or more")
        self._check_codes()

    def _check_codes(self) -> None:
        from corridor_net.network.reading.region import iso_countries  # what options there are is told without it

        if self.country and self.country not in iso_countries() and not OWN_CODES.fullmatch(self.country):
            hint = did_you_mean(self.country, iso_countries(), otherwise="")
            raise BadValue(
                f"country = '{self.country}' is no country of ISO 3166",
                hint=hint or "the two capital letters of ISO 3166, for example KZ",
            )
        if not re.fullmatch(r"\d{3,4}(;\d{3,4})*", self.gauge_mm):
            raise BadValue(f"gauge = '{self.gauge_mm}'", hint="millimetres, for example 1520; two gauges as 1435;1520")
