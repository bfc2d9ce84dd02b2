"""The documented JSON: what each answer calls its fields, in which unit, with how many digits, and what it hides."""

import pkgutil
from dataclasses import fields, is_dataclass
from importlib import import_module

import pytest

import corridor_net as cn
import corridor_net.analysis
from corridor_net.results import json_name

DECIMALS = {"cost_usd": 2, "hours": 2, "co2_kg": 2, "spread_hours": 2, "generalised_cost_usd": 2, "distance_km": 1,
            "gap": 2, "gap_before": 2, "generalised_change_usd": 2, "cost_usd_before": 2, "cost_usd_after": 2,
            "hours_before": 2, "hours_after": 2}  # fmt: skip
"""Of amounts that are written by hand: what a page shows to the cent, no file shows less exactly, or more."""


def test_units_digits_and_names_of_every_answer_are_those_that_were_said(golden):
    lines = set()
    for found in pkgutil.walk_packages(corridor_net.analysis.__path__, "corridor_net.analysis."):
        for made in vars(import_module(found.name)).values():
            if isinstance(made, type) and is_dataclass(made) and made.__module__ == found.name:
                lines |= {f"{found.name.split('.', 2)[2]}.{made.__name__}.{told}" for told in shape_of(made)}
    golden("shapes_of_answers.txt", "".join(f"{line}\n" for line in sorted(lines)))


def shape_of(made):
    """Return each field that is made by `measure`: its name in JSON, then what else was said of it."""
    for one in fields(made):
        told = {key: value for key, value in one.metadata.items() if key != "name" and value not in ("", None, False)}
        if one.metadata:
            yield " ".join((json_name(one), *(f"{key}={value}" for key, value in told.items())))


def numbers_in(told, key=""):
    """Return every number with a fraction, by the last key that it stands under."""
    if isinstance(told, dict):
        return [pair for name, value in told.items() for pair in numbers_in(value, name)]
    if isinstance(told, list):
        return [pair for value in told for pair in numbers_in(value, key)]
    return [(key, told)] if isinstance(told, float) else []


QUEUE = {
    "set": "crossing",
    "where": {"crossing_id": "bc-out"},
    "component": "queue",
    "field": "hours",
    "value": 123.457,
}
SLOWER = {"scenario": "x", "title": "x", "changes": [QUEUE]}
ASKED = {
    "route": lambda model: model.route("alfa", "delta"),
    "explain": lambda model: model.with_scenario(SLOWER).explain("alfa", "delta"),
    "breakeven": lambda model: model.breakeven("alfa", "delta"),
}


@pytest.mark.parametrize("question", ASKED)
def test_amounts_are_written_with_the_decimals_that_were_said(make_tiny, question):
    """Lengths and prices in thirds: no amount is whole by chance."""

    def odd(*columns):
        return lambda rows: [
            {**row, **{c: f"{float(row[c]) * 1.0123457:.7f}" for c in columns if row[c]}} for row in rows
        ]

    network = make_tiny(
        link=odd("length_km"), tariff=odd("fixed", "per_km"), operation=odd("value"), speed=odd("speed_kmh")
    )
    most: dict[str, int] = {}
    for key, value in numbers_in(ASKED[question](cn.Model(network)).to_dict()):
        most[key] = max(most.get(key, 0), len(repr(value).partition(".")[2]))
    assert {key: count for key, count in most.items() if key in DECIMALS} == {
        key: DECIMALS[key] for key in most if key in DECIMALS
    }
    assert {"cost_usd", "hours"} & most.keys()
