"""Why the route changed under a scenario, or why it did not, and what would have been enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from corridor_net.errors import BadValue
from corridor_net.output.upgrade_tables import by_component, by_step
from corridor_net.questions._shared import Destination, Origin
from corridor_net.render.chart import Chart, Stacks
from corridor_net.render.page import Page, page
from corridor_net.render.words import say

if TYPE_CHECKING:
    from corridor_net.analysis.upgrade_sets.explanation import Explanation
    from corridor_net.model import Model

LAYER = "explain.geojson"


def answer(
    model: Model,
    origin: Origin,
    destination: Destination,
) -> Explanation:
    """Explain what a scenario does to a pair: why the route changes, or why it does not.

    The change of what is minimised is split by component and by leg, and the changes of the scenario are told apart
    that are enough, and that are needed. Raises BadValue without a scenario; NoRoute and UnknownName as `route`.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01", scenarios=["primorye-2"]).explain("yanji", "niigata")
    >>> found.moved
    True
    """
    from corridor_net.analysis.upgrade_sets.explain import explain

    if model.scenario is None:
        raise BadValue("explain needs a scenario", hint="name one with --scenario, in Python by with_scenario(NAME)")
    return explain(model.before.router, model.router, origin, destination, scenario=model.scenario)


def view(found: Explanation) -> Page:
    """Show the sentences, then the ledger by component and by leg."""
    if not found.moved and all(leg.status == "same" for leg in found.legs):
        return page(list(found.sentences))
    return page(list(found.sentences), by_component(found), by_step(found, changed=True))


def charts(found: Explanation) -> Mapping[str, Chart]:
    """Draw money and hours before and after, by component."""
    title = say("{origin:name} to {destination:name}: {scenario:label}", found.before, scenario=found.after.scenario)
    changed = {c.component for c in found.components}
    labels = {name: label for name, label in found.names.items() if name in changed}
    drawn = {}
    for unit, name in (("USD", "cost_usd"), ("hours", "hours")):
        rows = [
            (when, {c.component: getattr(c, f"{name}_{when}") for c in found.components})
            for when in ("before", "after")
        ]
        drawn[f"explain-{unit.lower()}"] = Stacks(title=title, unit=unit, rows=rows, labels=labels)
    return drawn


def layer(found: Explanation) -> dict[str, Any]:
    """Give the way before and the way after as lines."""
    from corridor_net.output.maps.layers import DrawnWay, ways_layer

    model = found.asked_of
    networks = (model.before.network, model.network) if model else ()
    routes = zip(("before", "after"), networks, (found.before, found.after), strict=True)
    return ways_layer(DrawnWay(network=of, title=when, steps=route.legs, row=route) for when, of, route in routes)
