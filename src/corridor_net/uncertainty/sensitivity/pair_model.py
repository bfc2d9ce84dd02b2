"""A pair of places as a function of its doubtful figures: what each gateway's best route costs at given scores.

The inputs are independent by construction: each figure's own score, and the score that the figures of a group have
in common ("a border's bad week"), see `draws.Factors`. So indices of variance are defined, and a group's common part is
an input like any other. The answers are those of the pair's rival routes, priced again in every draw (see `ensemble`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from corridor_net.analysis.router import Router
from corridor_net.costing import VALUE_OF_TIME
from corridor_net.errors import BadValue
from corridor_net.uncertainty.ensembles.ensemble import Ensemble
from corridor_net.uncertainty.factors.distributions import SHARED, Distribution
from corridor_net.uncertainty.factors.draws import Factors, Floats


def factor_of(factors: Factors, figure: str, scores: Mapping[str, Floats]) -> Floats:
    """Return the factors of a figure at normal scores of independent inputs: its own, and what its group shares."""
    own, group = scores[figure], factors.distributions[figure].group
    z = SHARED**0.5 * scores[f"group {group}"] + (1 - SHARED) ** 0.5 * own if group else own
    return factors.of_normal(figure, z)


def inputs_of(distributions: Mapping[str, Distribution], figures: Sequence[str]) -> tuple[str, ...]:
    """Return the independent inputs behind figures: each figure's own score, and what groups of them share."""
    groups = sorted({distributions[figure].group for figure in figures} - {""})
    return (*figures, *(f"group {name}" for name in groups))


@dataclass(frozen=True, eq=False, kw_only=True)
class PairModel:
    """A pair of places as a function of its doubtful figures.

    `inputs` are names: a figure's own doubt by its id, what a group shares as `group NAME`.
    """

    router: Router
    ensemble: Ensemble
    factors: Factors
    inputs: tuple[str, ...]
    figures: tuple[str, ...]

    @classmethod
    def of(cls, router: Router, origin: str, destination: str) -> PairModel:
        """Find the rivals of the pair and the figures they rest on. Raises as `Router.route`."""
        best = router.route(origin, destination)
        ensemble = Ensemble.of(router, [(best.origin, best.destination)])
        figures = ensemble.figures()
        return cls(
            router=router,
            ensemble=ensemble,
            factors=Factors(ensemble.distributions),
            inputs=inputs_of(ensemble.distributions, figures),
            figures=figures,
        )

    @cached_property
    def gateways(self) -> tuple[str, ...]:
        """The gateways of the rivals, once."""
        return tuple(dict.fromkeys(self.ensemble.gateways))

    def gateway(self, name: str) -> int:
        """Return the number of a gateway; raise UnknownName or BadValue when no rival route leaves by it."""
        node = self.router.network.node(name).node_id
        if node not in self.gateways:
            raise BadValue(f"no rival route leaves by '{node}'", hint=f"gateways: {', '.join(self.gateways)}")
        return self.gateways.index(node)

    def factor(self, figure: str, scores: Mapping[str, Floats]) -> Floats:
        """Return the factors of a figure at normal scores of the inputs."""
        return factor_of(self.factors, figure, scores)

    def costs(self, factors: Mapping[str, Floats], of: str = "generalised") -> Floats:
        """Return what each gateway's best route costs in each draw, shape (n_gateways, n).

        A gateway's best route is its cheapest by what the router minimises; `of` is what is told of it:
        generalised and usd in USD, hours in hours.
        """
        n = len(factors[VALUE_OF_TIME])
        certain = np.ones(n)
        measures, generalised, weight = self.ensemble.measured(lambda figure: factors.get(figure, certain), n)
        shown = {"generalised": generalised, "usd": measures[0], "hours": measures[1]}[of]
        found = np.empty((len(self.gateways), n))
        for number, gate in enumerate(self.gateways):
            rows = np.flatnonzero(np.array(self.ensemble.gateways) == gate)
            best = rows[np.argmin(weight[rows], axis=0)]
            found[number] = shown[best, np.arange(n)]
        return found

    def answers(self, factors: Mapping[str, Floats], of: str, leader: int, second: int | None) -> Floats:
        """Return the answer in each draw, (n,): the gap of two gateways, or a measure of the one that is the best."""
        costs = self.costs(factors)
        if of == "gap":
            return np.asarray(costs[leader] if second is None else costs[second] - costs[leader])
        shown = costs if of == "generalised" else self.costs(factors, of)
        return np.asarray(shown[np.argmin(costs, axis=0), np.arange(costs.shape[1])])

    def touched(self, name: str) -> list[str]:
        """Return the figures that an input moves."""
        if not name.startswith("group "):
            return [name]
        return [figure for figure in self.figures if self.ensemble.distributions[figure].group == name[6:]]


def two_best(costs: Floats) -> tuple[int, int | None]:
    """Return the gateway that wins most often, and the one that wins most often without it."""
    wins = np.bincount(np.argmin(costs, axis=0), minlength=len(costs))
    leader = int(np.argmax(wins))
    if len(costs) == 1:
        return leader, None
    rest = np.delete(np.arange(len(costs)), leader)
    wins = np.bincount(np.argmin(costs[rest], axis=0), minlength=len(rest))
    return leader, int(rest[int(np.argmax(wins))])
