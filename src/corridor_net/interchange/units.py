"""Units of length, speed and time as files write them, and what each is in km, km/h and hours. Nothing else."""

from __future__ import annotations

from collections.abc import Mapping

from corridor_net.errors import BadValue, did_you_mean

MILE_KM = 1.609344
FOOT_KM = 0.0003048

LENGTHS_KM = {"km": 1.0, "m": 0.001, "mi": MILE_KM, "ft": FOOT_KM, "yd": 0.0009144, "nmi": 1.852}
"""Kilometres in one unit of length."""

SPEEDS_KMH = {"km/h": 1.0, "mph": MILE_KM, "m/s": 3.6, "kn": 1.852, "ft/min": FOOT_KM * 60, "m/min": 0.06}
"""Km/h in one unit of speed."""

TIMES_H = {"h": 1.0, "min": 1 / 60, "s": 1 / 3600}
"""Hours in one unit of time."""
CLOCK_UNIT = "h|min"
"""The unit of times such as 2:30 of which nothing says whether they begin with hours or minutes."""
NOT_BEHIND = frozenset({"std", "시간"})
"""Words that are a unit in brackets or after a comma, and else may be none: the standard deviation, the time."""

_SPELLINGS = {
    "kilometer": "km",
    "kilometers": "km",
    "kilometre": "km",
    "kilometres": "km",
    "kms": "km",
    "meter": "m",
    "meters": "m",
    "metre": "m",
    "metres": "m",
    "mile": "mi",
    "miles": "mi",
    "foot": "ft",
    "feet": "ft",
    "us-ft": "ft",
    "yard": "yd",
    "yards": "yd",
    "nm": "nmi",
    "nauticalmile": "nmi",
    "nauticalmiles": "nmi",
    "kph": "km/h",
    "kmh": "km/h",
    "kmph": "km/h",
    "km/hr": "km/h",
    "kilometersperhour": "km/h",
    "kilometresperhour": "km/h",
    "mi/h": "mph",
    "mile/h": "mph",
    "miles/h": "mph",
    "mile/hour": "mph",
    "milesperhour": "mph",
    "mps": "m/s",
    "metrespersecond": "m/s",
    "meterspersecond": "m/s",
    "knot": "kn",
    "knots": "kn",
    "kt": "kn",
    "hour": "h",
    "hours": "h",
    "hr": "h",
    "hrs": "h",
    "minute": "min",
    "minutes": "min",
    "mins": "min",
    "second": "s",
    "seconds": "s",
    "sec": "s",
    "secs": "s",
    "км": "km",
    "м": "m",
    "公里": "km",
    "千米": "km",
    "米": "m",
    "км/ч": "km/h",
    "公里/小时": "km/h",
    "ч": "h",
    "час": "h",
    "мин": "min",
    "小时": "h",
    "分钟": "min",
    "시간": "h",
    "분": "min",
    "std": "h",
}


def unit_of(text: str, known: dict[str, float], what: str) -> str:
    """Return the short name of a unit, however it is spelled; raise BadValue for one that is not known.

    >>> unit_of("Miles", LENGTHS_KM, "length")
    'mi'
    """
    name = spelled(text, known)
    if not name:
        raise BadValue(
            f"unknown unit of {what} '{text}'",
            hint=did_you_mean(text.strip().casefold(), known, otherwise=f"units of {what}: {', '.join(known)}"),
        )
    return name


def spelled(text: str, known: Mapping[str, float]) -> str:
    """Return the short name of a unit, however it is spelled, '' where it is none of those known.

    >>> spelled("Meters", LENGTHS_KM), spelled("furlong", LENGTHS_KM)
    ('m', '')
    """
    plain = text.strip().casefold().replace(" ", "").rstrip(".")
    name = _SPELLINGS.get(plain, plain)
    return name if name in known else ""
