"""What an answer says of how it was asked: the day, the scenario, the cargo, what is minimised, the year of prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridor_net.analysis.router import Router


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
