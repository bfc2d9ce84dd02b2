"""What a tonne of CO2e costs the world, by year: a low and a high path, and no price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from .years import Floats

Path = Literal["none", "low", "high"]
PRICES = {"low": (40.0, 50.0), "high": (80.0, 100.0)}
"""USD a tonne of 2017 in 2020 and in 2030: High-Level Commission on Carbon Prices (2017), which the World Bank uses as
its low and high shadow price (grade B)."""
PRICE_YEAR = 2017


def carbon_prices(path: Path, years: Sequence[int]) -> Floats:
    """Return USD of 2017 a tonne in each year: `p_2020 (p_2030 / p_2020)^((year - 2020) / 10)`, in all years.

    That the rise of 2020 to 2030, 2.26% a year, holds before and after is derived (grade C).

    >>> carbon_prices("high", [2020, 2030, 2040]).tolist()
    [80.0, 100.0, 125.0]
    """
    if path == "none":
        return np.zeros(len(years))
    first, second = PRICES[path]
    return np.asarray(first * (second / first) ** ((np.asarray(years, float) - 2020) / 10))
