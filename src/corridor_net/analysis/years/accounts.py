"""The account in money alone and that of the economy, and what leads from one to the other. No prose."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor_net.appraisal.benefits import generated_share
from corridor_net.appraisal.rates_of_return import rates_of_return
from corridor_net.results import measure

from .appraise import Case


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A part of an account, present value in USD; `economic`: it stands in the account of the economy alone."""

    what: str
    usd: float = measure("USD", 0)
    economic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """Both accounts: `financial_usd` is the sum of the steps in money, the net present value that of all.

    `rates` are the rates of return of the account in money.
    """

    steps: tuple[Step, ...]
    rates: tuple[float, ...] = measure("share a year", 6)

    @property
    def financial_usd(self) -> float:
        """The net present value of the account in money, USD."""
        return sum(step.usd for step in self.steps if not step.economic)


def accounts(case: Case) -> Accounts:
    """Return both accounts of a case.

    In money: what traffic that is there anyhow pays less, what states take more in fees, and the project at market
    prices. The economy has besides: time and certainty, what generated traffic gains, CO2e, and works at shadow prices.
    """
    project, gained = case.project, case.worth(case.project)
    market = project.at_market
    before, after = case.carriage
    less = before.money + before.fees - after.money - after.fees
    fees = (1 + generated_share(before, after, case.elasticity)) * after.fees - before.fees
    boxes = case.boxes(project)
    by_year = (less + fees) @ boxes - market.costs
    weights = boxes @ project.factors

    def summed(*names: str) -> float:
        return float(sum(gained.existing[name].sum() for name in names))

    money = {
        "shippers pay less": float(weights @ less),
        "states take in fees": float(weights @ fees),
        "the project at market prices": -market.cost_usd,
    }
    worth = {
        "time and certainty": summed("time", "reliability"),
        "generated traffic": float(np.sum([part.sum() for part in gained.generated.values()])),
        "CO2e": float(gained.carbon.sum()),
        **{what: share * market.cost_usd for what, share in project.shadow.parts.items() if share},
    }
    return Accounts(
        steps=(
            *(Step(what=what, usd=usd, economic=False) for what, usd in money.items()),
            *(Step(what=what, usd=usd, economic=True) for what, usd in worth.items()),
        ),
        rates=rates_of_return(by_year.tolist()),
    )
