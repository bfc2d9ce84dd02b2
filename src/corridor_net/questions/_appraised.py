"""Parts of an appraisal: a component of the worth, and a year."""

from __future__ import annotations

from dataclasses import dataclass

from corridor_net.results import measure


@dataclass(frozen=True, kw_only=True)
class Share:
    """One component of the worth, present value in USD, by kind of traffic."""

    component: str
    normal: float = measure("USD", 0)
    diverted: float = measure("USD", 0)
    generated: float = measure("USD", 0)

    @property
    def total(self) -> float:
        """All traffic."""
        return self.normal + self.diverted + self.generated


@dataclass(frozen=True, kw_only=True)
class Year:
    """One year: TEU by kind of traffic, and money that is not discounted, USD."""

    year: int
    normal_teu: float = measure("TEU", 0)
    diverted_teu: float = measure("TEU", 0)
    generated_teu: float = measure("TEU", 0)
    investment: float = measure("USD", 0)
    operation: float = measure("USD", 0)
    residual: float = measure("USD", 0)
    benefit: float = measure("USD", 0)
    net: float = measure("USD", 0)
