"""The fields of a link or a service that is drawn: what can be typed or chosen, so that nobody has to write YAML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from corridor_net.costing.parameters import Figures
from corridor_net.network import Network
from corridor_net.network.rows import Tariff
from corridor_net.questions.routes.emissions import UNITS
from corridor_net.render.words import Words, say

LINK_MODE = "road"
"""The mode of a link that is drawn, where the network has it: a road needs no more than two ends."""
LABELS = {
    "name": "name",
    "length_km": "length, km",
    "mode": "mode",
    "gauge_mm": "gauge, mm",
    "speed_id": "speed",
    "tariff_id": "tariff",
    "emission_factor_id": "emission factor",
    "country": "country",
    "vehicle": "vehicle",
    "sailings_per_week": "sailings a week",
    "port_stay_hours": "hours in a port",
}
"""What the fields are called."""


def choices(network: Network, words: Words) -> dict[str, Any]:
    """Return the figures that an added link or service may name, the mode of a link that is drawn, and its fields."""
    figures = Figures.of(network, network.rows("cargo")[0].cargo_unit)
    vocabulary = network.vocabulary
    modes = {name: row for name, row in vocabulary.modes.items() if row.links == "yes"}
    plain = [name for name, row in modes.items() if not row.has_gauge]
    speeds = [(key, _rate(words, "speed", key, row.speed_kmh, "km/h")) for key, row in figures.speeds.items()]
    tariffs = [(key, _tariff(words, key, row)) for key, row in figures.tariffs.items()]
    factors = [
        (key, _rate(words, "emission_factor", key, row.value, UNITS.get(row.unit, row.unit)))
        for key, row in figures.factors.items()
    ]
    gauges = _gauges(network)
    named = {name: words.label(row.label) for name, row in modes.items()}
    ships = {name: words.label(vocabulary.modes[row.mode].vehicle_label) for name, row in vocabulary.vehicles.items()}
    money = [_chosen(words, "speed_id", sorted(speeds)), _chosen(words, "tariff_id", sorted(tariffs))]
    money.append(_chosen(words, "emission_factor_id", sorted(factors)))
    countries = [(row.country, words.label(row.name)) for row in network.rows("country")]
    return {
        "link_mode": LINK_MODE if LINK_MODE in plain else next(iter(plain), LINK_MODE),
        "gauged": [name for name, row in modes.items() if row.has_gauge],
        "gauges": gauges,
        "speed": sorted(figures.speeds),
        "tariff": sorted(figures.tariffs),
        "emission_factor": sorted(figures.factors),
        "fields": {
            "link": [
                _typed(words, "name", "text"),
                _typed(words, "length_km", "number"),
                _chosen(words, "mode", named.items()),
                _chosen(words, "gauge_mm", [("", "–"), *((gauge, gauge) for gauge in sorted({*gauges.values()}))]),
                *money,
                _chosen(words, "country", countries),
            ],
            "service": [
                _typed(words, "name", "text"),
                _typed(words, "sailings_per_week", "number"),
                _typed(words, "port_stay_hours", "number"),
                _chosen(words, "vehicle", _told_apart(ships)),
                *money,
            ],
        },
    }


def _gauges(network: Network) -> dict[str, str]:
    """Return the gauge of each country that has one: that of the most links in it."""
    found: dict[str, Counter[str]] = {}
    for link in network.rows("link"):
        if link.gauge_mm and ";" not in link.gauge_mm:
            found.setdefault(link.country, Counter())[link.gauge_mm] += 1
    return {country: often.most_common(1)[0][0] for country, often in sorted(found.items())}


def _typed(words: Words, key: str, kind: str) -> dict[str, Any]:
    return {"key": key, "label": words.label(LABELS[key]), "kind": kind}


def _chosen(words: Words, key: str, options: Iterable[tuple[str, str]]) -> dict[str, Any]:
    return {**_typed(words, key, "choice"), "options": [list(option) for option in options]}


def _told_apart(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return codes with names; the code beside a name that another has too."""
    often = list(names.values())
    return [(code, name if often.count(name) < 2 else f"{name} ({code})") for code, name in names.items()]


def _rate(words: Words, table: str, key: str, value: float, unit: str) -> str:
    return f"{words.name(f'{table}:{key}')}: {words.plain(value)} {words.label(unit)}"


def _tariff(words: Words, key: str, row: Tariff) -> str:
    amounts = {"fixed": row.fixed, "per_km": row.per_km, "currency": row.currency}
    said = say("{fixed:n0} + {per_km:n3} a km, {currency}" if row.per_km else "{fixed:n0} {currency}", **amounts)
    return f"{words.name(f'tariff:{key}')}: {words.text(said)}"
