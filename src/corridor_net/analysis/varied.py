"""One figure that is varied: the weight of every arc as a line over it."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

VALUE_OF_TIME = "value_of_time"
CO2_PRICE = "co2_price"


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class VariedParameter:
    """One figure that is varied: each arc weighs `fixed + x * slope`, x >= 0, `x_now` at present.

    The figure itself is `scale * x` or, when `inverse` (speeds, sailings a week), `scale / x`, in `unit`.
    `low` and `high` are the range its source gives, None where it gives none.
    """

    key: str
    what: str
    unit: str
    scale: float
    x_now: float
    inverse: bool
    fixed: NDArray[np.float64]
    slope: NDArray[np.float64]
    low: float | None = None
    high: float | None = None
    grade: str = ""

    def value(self, x: float) -> float:
        """Return the figure at x, in `unit`; inf for an inverse one at 0."""
        if not self.inverse:
            return self.scale * x
        return self.scale / x if x else inf

    @property
    def at_stake(self) -> float:
        """What of it all arcs together weigh at present: no way can save more as it falls to 0."""
        return self.x_now * float(self.slope.sum())

    @property
    def now(self) -> float:
        """The figure at present."""
        return self.value(self.x_now)
