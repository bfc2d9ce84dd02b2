"""Every figure of a pair screened by Morris' elementary effects: few answers, no shares. No printing."""

from __future__ import annotations

from dataclasses import dataclass

from corridor_net.analysis.breakeven import breakeven
from corridor_net.analysis.router import Router
from corridor_net.errors import BadValue
from corridor_net.results import measure
from corridor_net.uncertainty.ensembles.ensemble import DRAWS
from corridor_net.uncertainty.factors.draws import inverse_normal
from corridor_net.uncertainty.sensitivity.gateway_model import GatewayModel
from corridor_net.uncertainty.sensitivity.indices import morris_design, morris_effects
from corridor_net.uncertainty.sensitivity.one_at_a_time import label_and_grade
from corridor_net.uncertainty.sensitivity.sensitivity import checked

EDGE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """One input by Morris: `mu_star` and `sigma` of the answer (USD, or hours), from its 5% to its 95% value."""

    name: str
    what: str
    grade: str
    mu_star: float = measure(digits=4)
    sigma: float = measure(digits=4)


def screening(
    router: Router, origin: str, destination: str, *, answer: str = "gap", trajectories: int = 20, seed: int = 1
) -> tuple[int, tuple[Screened, ...]]:
    """Return every input of a pair by Morris' elementary effects, the largest first: cheap, and of any shape.

    Before them, in how many draws the whole network was searched for the ways that are priced (see `GatewayModel`).

    Raises BadValue for trajectories not above 1 or an unknown answer; NoRoute, UnknownName as `Router.route`.
    """
    checked(answer, 16, None)
    if trajectories < 2:
        raise BadValue(f"{trajectories} trajectories", hint="2 or more")
    best = router.route(origin, destination)
    model = GatewayModel.of(
        router, [(best.origin, best.destination)], told=[answer] if answer in ("usd", "hours") else []
    )
    points, order = morris_design(len(model.inputs), trajectories, seed)
    scores = inverse_normal((EDGE + (1 - 2 * EDGE) * points).ravel()).reshape(points.shape)
    by_name = {name: scores[:, number] for number, name in enumerate(model.inputs)}
    prices, asked = model.prices(by_name), (best.origin, best.destination)
    values = model.answers(prices, answer, *model.two_best(model.plain(model.searched or DRAWS))[asked])
    mu_star, sigma = morris_effects(points, values, order)
    pair = breakeven(router, best.origin, best.destination)
    rows = []
    for name, mean, spread in zip(model.inputs, mu_star.tolist(), sigma.tolist(), strict=True):
        what, grade = label_and_grade(pair, name)
        rows.append(Screened(name=name, what=what, grade=grade, mu_star=mean, sigma=spread))
    return model.searched, tuple(sorted(rows, key=lambda row: (-row.mu_star, row.name)))
