"""What is asked in words that hold a number, and what an answer says of how it was asked: its day, scenario, cargo."""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor_net.analysis.router import Router


def number_in(text: str) -> float:
    """Return the number that is written in a text; NaN where there is none, which no bound holds."""
    try:
        return float(text)
    except ValueError:
        return nan


def run_of(router: Router, *names: str) -> dict[str, Any]:
    """Return some of what a router was compiled with: as_of, scenario, cargo, by, price_year."""
    told = {
        "as_of": str(router.network.day),
        "scenario": router.scenario,
        "cargo": router.impedance.cargo.cargo_id,
        "by": router.by,
        "price_year": router.impedance.prices.year,
    }
    return {name: told[name] for name in names}
