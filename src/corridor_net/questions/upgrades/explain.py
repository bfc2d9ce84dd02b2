"""Why the route changed under a scenario, or why it did not, and what would have been enough."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from corridor_net.errors import BadValue
from corridor_net.questions import Ask
from corridor_net.render.chart import Chart, Stacks
from corridor_net.render.page import Column, Page, elsewhere, numbers, page, table_of
from corridor_net.render.words import say

if TYPE_CHECKING:
    from corridor_net.analysis.upgrade_sets.explanation import Explanation
    from corridor_net.model import Model

LAYER = "explain.geojson"
WAYS = {"left": "old", "taken": "new", "changed": "both"}


def answer(
    model: Model,
    origin: Annotated[str, Ask("Where the cargo starts.")],
    destination: Annotated[str, Ask("Where it goes.")],
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
    amounts = (
        *numbers("USD old", "USD new", of=("cost_usd_before", "cost_usd_after")),
        *numbers("hours old", "hours new", of=("hours_before", "hours_after"), digits=1, rank=1),
        *numbers("in all, USD", of="generalised_change_usd", kind="change"),
    )
    by_component = table_of(
        found.components,
        Column(heading="component", kind="name", of="called"),
        *amounts,
        title="By component, old way and new way",
    )
    by_leg = table_of(
        [leg for leg in found.told if leg.status != "same"],
        Column(heading="step", kind="label", of="kind"),
        Column(heading="from", kind="name", of="from_node"),
        Column(heading="to", kind="name", of=elsewhere),
        Column(heading="way", kind="label", of=lambda leg: WAYS[leg.status]),
        *amounts,
        title="By step",
    )
    return page(list(found.sentences), by_component, by_leg)


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
