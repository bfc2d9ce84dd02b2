"""What it is worth to know a figure before a project is decided on, and to wait for it. Over draws, no prose.

A project is built where its net present value is expected to be above 0, and left where not. Knowing X first is worth
`E[max(0, E(NPV | X))] - max(0, E(NPV))` (Raiffa and Schlaifer 1961; Howard 1966). Traffic, cost and the figures of the
network are drawn apart, so the inner mean is exact: NPV = T B - C K, and of each factor but X its mean counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor_net.analysis.years.appraise import Case
from corridor_net.appraisal.benefits import Carriage
from corridor_net.results import measure
from corridor_net.uncertainty.factors.draws import Floats
from corridor_net.uncertainty.studies.appraised import gains, own_factors

KNOWN = ("traffic", "cost", "network", "all")
"""What may be known: the project's traffic, its cost, the figures of the network, or all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowing:
    """What knowing one thing is worth before deciding: now, and by waiting for it; USD of the first year.

    `wait_usd` is what waiting is worth more than deciding now on what is known now: below 0, waiting loses.
    """

    what: str
    now_usd: float = measure("USD", 0)
    wait_usd: float = measure("USD", 0)


def knowing(case: Case, both: tuple[Carriage, Carriage], seed: int, wait_years: int) -> tuple[Knowing, ...]:
    """Return what knowing each of `KNOWN` is worth now, and by putting the project off for so many years.

    After the wait the project is built or left by what is known then, for the traffic of then; its value is that seen
    from now. Raises BadValue as `Case.boxes`.
    """
    draws = both[0].money.shape[1]
    factors = own_factors(draws, seed)
    at_once, later = (_given(case, both, factors, wait) for wait in (0, wait_years))
    return tuple(
        Knowing(
            what=what,
            now_usd=_option(at_once[what]) - max(0.0, float(at_once[what].mean())),
            wait_usd=_option(later[what]) - max(0.0, float(at_once[what].mean())),
        )
        for what in KNOWN
    )


def _option(expected: Floats) -> float:
    """Return what a project is worth that is built only where it is expected to pay."""
    return float(np.maximum(expected, 0.0).mean())


def _given(case: Case, both: tuple[Carriage, Carriage], factors: tuple[Floats, Floats], wait: int) -> dict[str, Floats]:
    """Return the net present value that is expected once each thing is known, by draw."""
    project = case.project.later(wait)
    seen = (1 + project.rate) ** -wait
    traffic, cost = factors
    gained = gains(case, both, project) @ project.factors * seen
    spent = project.cost_usd * seen
    plain_traffic, plain_cost, plain_gain = float(traffic.mean()), float(cost.mean()), float(gained.mean())
    return {
        "traffic": traffic * plain_gain - plain_cost * spent,
        "cost": plain_traffic * plain_gain - cost * spent,
        "network": plain_traffic * gained - plain_cost * spent,
        "all": traffic * gained - cost * spent,
    }
