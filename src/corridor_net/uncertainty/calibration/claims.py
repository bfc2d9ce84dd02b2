"""What the model says to published claims under draws of the figures. No likelihood, no printing.

A claim is asked along the model's own way at the figures as they are, priced again in every draw. A figure has the same
normal score in every year: where it is too high in 2009 it is so in 2019, each by its range of that day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np

from corridor_net.analysis.validate import ClaimCheck
from corridor_net.costing import Impedance
from corridor_net.figure_keys import original_key
from corridor_net.uncertainty.factors.designs import keys_of
from corridor_net.uncertainty.factors.distributions import Distribution, distributions_of
from corridor_net.uncertainty.factors.draws import Factors, Floats

MakeFactors = Callable[[Mapping[str, Distribution]], Factors]


class Claims:
    """Claims with an answer of the model, ready to be priced under any draws."""

    def __init__(self, checks: Sequence[ClaimCheck], seed: int = 1, make: MakeFactors | None = None) -> None:
        self.checks = tuple(check for check in checks if check.error is not None)
        self.seed = seed
        wanted: dict[int, tuple[Impedance, set[str]]] = {}
        for check in self.checks:
            if check.compiled is not None:
                figures = wanted.setdefault(id(check.compiled), (check.compiled, set()))[1]
                figures |= {figure for _, named in check.terms for figure in named}
        distributions = {
            key: distributions_of(compiled.parameters, sorted(some)) for key, (compiled, some) in wanted.items()
        }
        made = make or partial(Factors, seed=seed)
        self._factors = {key: made(known) for key, known in distributions.items()}

    def drawn_by(self, make: MakeFactors) -> Claims:
        """Return the same claims with other draws."""
        return Claims(self.checks, self.seed, make)

    def factors(self, check: ClaimCheck) -> Factors:
        """Return the factors of the day and cargo of a claim."""
        return self._factors[id(check.compiled)]

    @property
    def figures(self) -> dict[str, ClaimCheck]:
        """Every figure that is not certain and that some claim rests on, with the last claim that does."""
        found: dict[str, ClaimCheck] = {}
        for check in sorted(self.checks, key=lambda one: (one.row.as_of, one.claim)):
            distributions = self.factors(check).distributions
            for _, figures in check.terms:
                found |= {original_key(figure): check for figure in figures if distributions[figure].kind != "certain"}
        return found

    @property
    def streams(self) -> tuple[str, ...]:
        """The independent normal scores behind the figures: one a figure, one a group of figures."""
        return keys_of(factors.distributions for factors in self._factors.values())

    def values(self, start: int, count: int) -> Floats:
        """Return what the model says to each claim in each draw, (n_claims, count), in the unit of the claim."""
        made = np.empty((len(self.checks), count))
        known: dict[int, dict[str, Floats]] = {}
        for row, check in enumerate(self.checks):
            columns = known.setdefault(id(check.compiled), {})
            made[row] = self._value(check, columns, start, count)
        return made

    def _value(self, check: ClaimCheck, known: dict[str, Floats], start: int, count: int) -> Floats:
        total = np.zeros(count)
        for amount, figures in check.terms:
            product = np.full(count, amount)
            for figure in figures:
                if figure not in known:
                    known[figure] = self.factors(check).factor(figure, start, count)
                product *= known[figure]
            total += product
        return total
