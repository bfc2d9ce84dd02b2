"""Parts of an appraisal: a component of the worth, and a year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor_net.results import measure

if TYPE_CHECKING:
    from corridor_net.analysis.years.appraise import Case


@dataclass(frozen=True, kw_only=True)
class ComponentWorth:
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
class AppraisedYear:
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


def years_of(case: Case) -> tuple[AppraisedYear, ...]:
    """Return the years of a case."""
    from corridor_net.appraisal.benefits import generated_share

    project, benefits = case.project, case.by_year
    teu = case.before.impedance.cargo.teu * case.boxes(project)
    extra = generated_share(*case.carriage, case.elasticity) @ teu
    normal, diverted = teu[~case.diverted].sum(axis=0), teu[case.diverted].sum(axis=0)
    return tuple(
        AppraisedYear(
            year=year,
            normal_teu=float(normal[n]),
            diverted_teu=float(diverted[n]),
            generated_teu=float(extra[n]),
            investment=float(project.spent[n]),
            operation=float(project.operation[n]),
            residual=float(project.residual[n]),
            benefit=float(benefits[n]),
            net=float(benefits[n] - project.costs[n]),
        )
        for n, year in enumerate(project.years)
    )
