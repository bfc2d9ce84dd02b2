"""What shippers pay to whom, and where, without and with a project: carriers, terminals, states, by country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridor_net.analysis.router import Router
from corridor_net.appraisal.benefits import generated_share
from corridor_net.results import measure

from .appraise import Case

PARTIES = ("carriers", "terminals", "states")
AT_SEA = "at sea"
"""Where ships are paid: of which country their owners are is not in the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Present value of what a party is paid in a country, USD, without and with the project; `country` by its name."""

    party: str
    country: str
    before_usd: float = measure("USD", 0)
    after_usd: float = measure("USD", 0)

    @property
    def change_usd(self) -> float:
        """What it is paid more."""
        return self.after_usd - self.before_usd


def receipts(case: Case) -> tuple[Receipt, ...]:
    """Return what is paid by party and country, generated traffic in it; they add up to all money of all boxes.

    Carriers are paid for hauls and freight, terminals for what is done in them, states what is public by table
    component.
    """
    boxes, _ = case.weights(case.project, case.path)
    counts = boxes, boxes * (1 + generated_share(*case.carriage, case.elasticity))
    sums: dict[tuple[str, str], list[float]] = {}
    for side, router in enumerate((case.before, case.after)):
        for way, count in zip(case.ways[side], counts[side].tolist(), strict=True):
            for key, usd in _along(router, way).items():
                sums.setdefault(key, [0.0, 0.0])[side] += count * usd
    return tuple(
        Receipt(party=party, country=country, before_usd=before, after_usd=after)
        for (party, country), (before, after) in sorted(
            sums.items(), key=lambda row: (PARTIES.index(row[0][0]), row[0][1] == AT_SEA, row[0][1])
        )
    )


def _along(router: Router, way: Sequence[int]) -> dict[tuple[str, str], float]:
    """Return USD of a box along a route by party and country."""
    vocabulary = router.network.vocabulary
    public = frozenset(vocabulary.components_where("public", "yes"))
    handled = frozenset(vocabulary.components_where("operation", "yes"))
    names = router.impedance.components
    found: dict[tuple[str, str], float] = {}
    for number in way:
        row = router.impedance.money[number]
        country = _country(router, number)
        for column in np.flatnonzero(row).tolist():
            name = names[column]
            party = "states" if name in public else "terminals" if name in handled else "carriers"
            key = party, country
            found[key] = found.get(key, 0.0) + float(row[column])
    return found


def _country(router: Router, number: int) -> str:
    arc, network = router.impedance.arcs[number], router.network
    if arc.kind in ("board", "sail", "charter") and arc.medium != "land":
        return AT_SEA
    code = network.nodes[arc.from_node].country
    if arc.kind == "haul":
        code = next((link.country for link in network.active("link") if link.link_id == arc.asset_id), code)
    return next((row.name for row in network.rows("country") if row.country == code), code)
