"""What the network cannot do without: each link, crossing, port and service taken out, pairs, smallest cuts, months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.questions import Ask
from corridor_net.questions.asked.places import destination_of, goal_words
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.page import Column, Page, Table, dashed, numbers, page, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.criticality import Asset, Disruption, Month
    from corridor_net.model import Model
    from corridor_net.network import Network

LAYER = "criticality.geojson"
WITHOUT = {"by": "losses are of generalised cost; a value of time of 0 counts money alone"}


@dataclass(frozen=True, kw_only=True)
class CriticalityAnswer(Result):
    """What is lost without each thing, the gravest first; pairs, smallest cuts and months where they were asked for.

    `destinations` are where the cargo goes; `months` are those on the way to `month_destination`. `top` are printed.
    """

    QUESTION: ClassVar[str] = "criticality"

    as_of: str
    destinations: tuple[str, ...]
    losses: tuple[Disruption, ...]
    pairs: tuple[Disruption, ...]
    cuts: Mapping[str, tuple[Asset, ...] | None]
    month_destination: str | None
    months: tuple[Month, ...]
    top: int = measure(hidden=True)
    network: Network = measure(hidden=True)

    def records(self) -> list[dict[str, Any]]:
        """Return the losses, a row a thing."""
        rows = [loss.to_dict() for loss in self.losses]
        return [{**row.pop("closed")[0], **row} for row in rows]


def answer(
    model: Model,
    destination: Annotated[str | None, Ask("Where the cargo goes; all markets by weight when left out.")] = None,
    *,
    kinds: Annotated[
        tuple[str, ...], Ask("link, crossing, port, service; repeatable.", metavar="KIND", option="--kind")
    ] = (),
    top: Annotated[int, Ask("Rows shown.", metavar="N", minimum=1)] = 12,
    pairs: Annotated[bool, Ask("Take out two of the gravest at a time as well.")] = False,
    months: Annotated[bool, Ask("The middle of each month: ice and holidays.")] = False,
    cuts: Annotated[
        tuple[str, ...], Ask("Smallest set of closures that cuts it off.", metavar="ORIGIN", option="--cut")
    ] = (),
) -> CriticalityAnswer:
    """Take out each link, crossing, port and service: cost of going round, demand cut off, rank.

    Every closure is searched again, and means are weighed by the trade of the origin times the weight of the market.
    Smallest cuts are exact (implicit hitting sets; Karp 2010). Raises UnknownName for a place; BadValue for an unknown
    kind, or a cut of more than 12 closures; NoRoute for a cut of what cannot be reached anyhow.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").criticality("niigata", kinds=["port"])
    >>> {asset.kind for loss in found.losses for asset in loss.assets}
    {'port'}
    """
    from corridor_net.analysis import criticality as c
    from corridor_net.costing.money import origin_weights

    network, router = model.network, model.router
    chosen = tuple(kinds) or c.KINDS
    goals = {network.node(destination).node_id: 1.0} if destination else network.market_weights
    origins = origin_weights(network)
    starts = network.places_of("origin")
    demand = {(origin, goal): origins[origin] * weight for origin in starts for goal, weight in goals.items()}
    cut_off = [network.node(name).node_id for name in cuts]
    losses = c.criticality(router, demand, chosen)
    goal = destination_of(model, destination) if months else None
    return CriticalityAnswer(
        as_of=str(network.day),
        destinations=tuple(goals),
        losses=losses,
        pairs=c.pairs_of(router, demand, losses) if pairs else (),
        cuts={name: c.smallest_cut(router, name, list(goals), chosen) for name in cut_off},
        month_destination=goal,
        months=c.months(router, list(origins), goal) if goal else (),
        top=top,
        network=network,
    )


def view(found: CriticalityAnswer) -> Page:
    """Show the gravest closures, pairs of them, smallest cuts, and the months."""
    first = say(
        "{losses:n0|link, crossing, port or service carries|links, crossings, ports and services carry} cargo of "
        "{origins:n0|origin|origins} to {goal:name} on {as_of}.",
        found,
        origins=len(found.network.markets("origin")),
        goal=goal_words(found.destinations),
    )
    return page(
        first,
        _losses("Without each, by demand cut off and extra cost a box", found.losses[: found.top]),
        _losses("Without both, extra cost a box", found.pairs[: found.top]) if found.pairs else None,
        [_cut(origin, closed) for origin, closed in found.cuts.items()],
        _months(found) if found.months else None,
    )


def _called(assets: Sequence[Asset]) -> Sentence:
    """Return assets by kind and name, a plus between them."""
    told = say("{kind:label} {name:name}", assets[0])
    return told if len(assets) == 1 else say("{one} + {other}", one=told, other=_called(assets[1:]))


def _losses(title: str, losses: Sequence[Disruption]) -> Table:
    return table_of(
        losses,
        Column(heading="closed", most=46, of=lambda loss: _called(loss.assets)),
        *numbers("cut off", of="cut_off_share", kind="share", digits=1),
        *numbers("other way", of=lambda loss: loss.hit_share - loss.cut_off_share, kind="share"),
        *numbers("USD gen.", of=dashed("extra_usd"), kind="change"),
        *numbers("hours", of=dashed("extra_hours"), kind="change", digits=1),
        Column(heading="worst for", kind="name", rank=1, of=lambda loss: loss.worst_origin or "-"),
        *numbers("there USD", of=dashed("worst_extra_usd"), kind="change", rank=1),
        title=title,
    )


def _cut(origin: str, closed: Sequence[Asset] | None) -> Sentence:
    if closed is None:
        told = "{origin:name} cannot be cut off by closing links, crossings, ports or services of these kinds."
        return say(told, origin=origin)
    things = tuple(_called([thing]) for thing in closed)
    return say("{origin:name} is cut off by closing {things:n0}: {things:list}.", origin=origin, things=things)


def _months(found: CriticalityAnswer) -> Table:
    return table_of(
        found.months,
        Column(heading="month", of=lambda month: f"{month.day:%Y-%m}"),
        *numbers("USD gen.", of=dashed("mean_generalised_usd")),
        *numbers("days", of=dashed("mean_hours", 24), digits=1),
        *numbers("cut off", of="cut_off"),
        Column(heading="origins by gateway", of=lambda month: say("{origins:list}", origins=_by_gateway(month))),
        title=say("The 15th of each month, to {goal:name}", goal=found.month_destination),
    )


def _by_gateway(month: Month) -> tuple[Sentence, ...]:
    counted = month.gateways.items()
    return tuple(say("{gateway:name} {count}", gateway=name, count=count) for name, count in counted)


def charts(found: CriticalityAnswer) -> Mapping[str, Chart]:
    """Draw what a box costs more without each of the gravest."""
    rows = [(_called(one.assets), one.extra_usd) for one in found.losses[: found.top] if one.extra_usd]
    title = say("Without each, {as_of}: generalised cost a box more, where a way is left", found)
    return {"criticality": Bars(title=title, unit="USD a box", rows=rows)}


def layer(found: CriticalityAnswer) -> dict[str, Any]:
    """Give links, crossings and ports with their losses, the graver the thicker."""
    from corridor_net.output.maps.bands import losses_geojson

    return losses_geojson(found.network, found.losses)
