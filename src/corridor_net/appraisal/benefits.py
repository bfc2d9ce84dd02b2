"""What cheaper carriage is worth: normal, diverted and generated traffic apart, by component, transfers told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor_net.errors import BadValue

from .years import Floats

COMPONENTS = ("money", "fees", "time", "reliability")
"""What a user pays in, as `Carriage` has it; `fees` go to a state and are a transfer."""
ELASTICITY = 0.5
"""Share by which traffic grows when generalised cost falls by all of itself, per share; grade D: our estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """What a box costs on each pair: USD of money without fees, of fees, of time, of reliability, and kg CO2e.

    Arrays of one shape, the pairs first; all other axes are draws.
    """

    money: Floats
    fees: Floats
    time: Floats
    reliability: Floats
    co2_kg: Floats

    @property
    def user(self) -> Floats:
        """Generalised cost to the user, USD: money, fees, time and reliability."""
        return np.asarray(self.money + self.fees + self.time + self.reliability)


def generated_share(before: Carriage, after: Carriage, elasticity: float) -> Floats:
    """Return generated traffic as a share of what is there: `elasticity (G0 - G1) / G0`, never below -1.

    Raises BadValue for an elasticity below 0.
    """
    if not 0 <= elasticity < np.inf:
        raise BadValue(f"the elasticity is {elasticity:g}", hint="0 or more: what share traffic grows by")
    return np.maximum(elasticity * (before.user - after.user) / before.user, -1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What a project is worth by pair, USD, before its own costs.

    `existing` and `generated` are gains of users by component (`COMPONENTS`), `collected` what those gain who take the
    fees, `carbon` the worth of CO2e that is not emitted.
    """

    existing: dict[str, Floats]
    generated: dict[str, Floats]
    collected: Floats
    carbon: Floats

    @property
    def users(self) -> Floats:
        """What users gain."""
        gains = [*self.existing.values(), *self.generated.values()]
        return np.asarray(sum(gains[1:], gains[0]))

    @property
    def total(self) -> Floats:
        """What all gain: fees that users save are lost by those who take them."""
        return np.asarray(self.users + self.collected + self.carbon)


def worth_by_year(before: Carriage, after: Carriage, boxes: Floats, prices: Floats, elasticity: float) -> Floats:
    """Return what a change of carriage is worth in each year, USD, (draws, n_years), or (n_years,) without draws.

    `boxes` are those of each pair and year, `prices` those of a tonne of CO2e by year; nothing is discounted.
    """
    ones = np.ones_like(before.user)
    each = worth(before, after, ones, 0 * ones, elasticity).total
    extra = generated_share(before, after, elasticity)
    saved_t = (before.co2_kg - (1 + extra) * after.co2_kg) / 1000
    return np.asarray(each.T @ boxes + (saved_t.T @ boxes) * prices)


def worth(before: Carriage, after: Carriage, boxes: Floats, carbon: Floats, elasticity: float) -> Worth:
    """Return what a change of carriage is worth.

    `boxes` are those of all years, each times its discount factor; `carbon` the same, each also times the price of a
    tonne. Existing traffic gains all of `G0 - G1`; generated traffic half of it (rule of half), component by
    component; fees are `Q1 f1 - Q0 f0` to those who take them; carbon is `Q0 e0 - Q1 e1`.
    """
    extra = generated_share(before, after, elasticity)
    saved = {name: getattr(before, name) - getattr(after, name) for name in COMPONENTS}
    return Worth(
        existing={name: np.asarray(boxes * gain) for name, gain in saved.items()},
        generated={name: np.asarray(boxes * extra / 2 * gain) for name, gain in saved.items()},
        collected=np.asarray(boxes * ((1 + extra) * after.fees - before.fees)),
        carbon=np.asarray(carbon * (before.co2_kg - (1 + extra) * after.co2_kg) / 1000),
    )
