"""What money is shown in. Nothing of words."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, log10
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """What money is shown in: a code, how many of it a US dollar is, and of which year that rate is."""

    code: str = "USD"
    per_usd: float = 1.0
    year: int | None = None

    @property
    def fewer(self) -> int:
        """How many digits behind the point fewer than of USD are shown."""
        return max(0, floor(log10(self.per_usd)))

    def to_dict(self) -> dict[str, Any]:
        """Return it as a page counts in it."""
        return {"code": self.code, "per_usd": self.per_usd, "year": self.year, "fewer": self.fewer}
