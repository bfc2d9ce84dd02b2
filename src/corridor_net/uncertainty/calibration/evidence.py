"""The published claims as evidence: draws of any figures, taken as often as their weight says. No likelihood here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor_net.analysis.validate import validate
from corridor_net.network import Network
from corridor_net.uncertainty.calibration.calibrate import DRAWS, Posterior, calibrate
from corridor_net.uncertainty.factors.distributions import Distribution
from corridor_net.uncertainty.factors.draws import Factors, uniforms


@dataclass(frozen=True, eq=False, kw_only=True)
class Evidence:
    """A weighted ensemble to draw from: what figures have in common with those of the claims moves with them.

    `picks`: the numbers of its draws, each as often as its weight says.
    """

    posterior: Posterior
    picks: NDArray[np.int64]

    def factors(self, distributions: Mapping[str, Distribution]) -> Factors:
        """Return the draws of some figures, whether a claim rests on them or not."""
        return self.posterior.proposal.factors(distributions, self.posterior.claims.seed, self.picks)


def picks(posterior: Posterior, draws: int) -> NDArray[np.int64]:
    """Return numbers of draws, (draws,), each as often as its weight says, in an order that is always the same.

    Systematic resampling (Carpenter, Clifford & Fearnhead 1999): the least noise that equal weights can have.
    """
    places = (np.arange(draws) + 0.5) / draws
    found = np.searchsorted(np.cumsum(posterior.weights), places).clip(max=posterior.draws - 1)
    order = np.argsort(uniforms("order of the evidence", posterior.claims.seed, 0, draws), kind="stable")
    return found[order].astype(np.int64)


def published_evidence(network: Network, *, draws: int, ensemble: int = DRAWS, seed: int = 1) -> Evidence | None:
    """Return the claims of a network as evidence, `draws` of an `ensemble`; None where none can be compared."""
    checks = [check for check in validate(network) if check.error is not None]
    if not checks:
        return None
    posterior = calibrate(checks, draws=ensemble, seed=seed)
    return Evidence(posterior=posterior, picks=picks(posterior, draws))
