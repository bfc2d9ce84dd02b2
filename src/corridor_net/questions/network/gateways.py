"""Which port the cargo of each origin chooses, how that agrees with what was counted, and what a demand loads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.errors import BadValue, NoRoute
from corridor_net.questions import Ask
from corridor_net.questions.asked.places import destination_of, weighed_by
from corridor_net.questions.asked.values import number_in
from corridor_net.questions.pages.loads import loads_view
from corridor_net.render.chart import Chart, Stacks
from corridor_net.render.page import Cell, Column, Page, Table, numbers, page, table_of
from corridor_net.render.words import Sentence, after_by, named, say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.analysis.loads.assignment import Loads
    from corridor_net.analysis.loads.counts import Observed
    from corridor_net.analysis.loads.gateways import GatewayChoice
    from corridor_net.model import Model
    from corridor_net.network import Network

LAYER = "hinterland.geojson"
WITHOUT = {"by": "shares are by generalised cost; a value of time of 0 counts money alone"}
SEEN = 0.005
"""A gateway with a smaller share of the whole has no column."""


@dataclass(frozen=True, kw_only=True)
class GatewaysAnswer(Result):
    """The choices of every origin with a route, their sum, what was counted, and the loads of a demand."""

    QUESTION: ClassVar[str] = "gateways"

    as_of: str
    destination: str
    scale_per_usd: float = measure("1/USD")
    preference_usd: Mapping[str, float] = measure("USD")
    shares: Mapping[str, float] = measure(digits=4)
    origins: tuple[GatewayChoice, ...]
    observed_period: tuple[str, str] | None
    observed: tuple[Observed, ...]
    trade_teu: float | None = measure("TEU a year", 0)
    counted_at_ports: Mapping[str, float] = measure("TEU")
    loads: Loads | None
    network: Network = measure(hidden=True)

    def records(self) -> list[dict[str, Any]]:
        """Return the shares: a row an origin, a column a gateway, and whether it is contested."""
        none = dict.fromkeys(self.shares, 0.0)
        return [{"origin": one.origin, **none, **one.gateways, "contested": one.contested} for one in self.origins]


def answer(
    model: Model,
    destination: Annotated[str | None, Ask("Where the cargo goes; that of the default study when left out.")] = None,
    *,
    scale: Annotated[float, Ask("Logit scale, per USD of generalised cost.", metavar="X")] = 0.002,
    prefer: Annotated[
        tuple[str, ...], Ask("What the model does not explain; negative attracts; repeatable.", metavar="PORT=USD")
    ] = (),
    demand: Annotated[Path | None, Ask("CSV: origin, destination, teu a year.", metavar="FILE")] = None,
    observed: Annotated[int | None, Ask("Hold the shares against the counts of a year.", metavar="YEAR")] = None,
    rounds: Annotated[int, Ask("Steps at most towards the equilibrium of a demand.", metavar="N", minimum=1)] = 100,
) -> GatewaysAnswer:
    """Show the share of each gateway for every origin, contested origins, and the loads of a demand.

    Path-size logit over routes that differ in crossings and ports of loading: `exp(-scale (G + preference) + ln PS)`
    over its sum (Ben-Akiva and Bierlaire 1999); loads are a stochastic user equilibrium with queues at crossings.
    `observed` sees the network on the middle day of what was counted, unless a day is given. Raises UnknownName for a
    place; BadValue for a scale not above 0, what is no preference, a year or day without counts; BadFile for a demand.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").gateways("niigata")
    >>> round(sum(found.shares.values()), 6)
    1.0
    """
    from corridor_net.analysis.loads.assignment import assign
    from corridor_net.analysis.loads.counts import against_observed, counted_period, counts_of_ports, own_trade_teu
    from corridor_net.analysis.loads.demand import read_demand
    from corridor_net.analysis.loads.gateways import hinterlands, market_shares
    from corridor_net.costing.money import origin_weights

    model = _on_day_of_counts(model, observed)
    network, router = model.network, model.router
    goal = destination_of(model, destination)
    preference = _preferences(prefer, network)
    rows = read_demand(Path(demand), network, router.impedance.cargo.cargo_id) if demand else ()
    choices = hinterlands(router, goal, scale_per_usd=scale, preference_usd=preference)
    if not choices:
        raise NoRoute(f"no origin of table market reaches {network.nodes[goal].name} on {network.day}")
    weights = origin_weights(network)
    counted: tuple[str, str] | None = None
    held: tuple[Observed, ...] = ()
    trade, ports = None, dict[str, float]()
    if observed is not None:
        trade, ports = own_trade_teu(router, goal, observed), counts_of_ports(network, observed)
        held = against_observed(router, choices, weights, observed, trade_teu=trade, scale_per_usd=scale)
        first, last = counted_period(network, observed)
        counted = (str(first), str(last))
    return GatewaysAnswer(
        as_of=str(network.day),
        destination=goal,
        scale_per_usd=scale,
        preference_usd=preference,
        shares=market_shares(choices, weights),
        origins=choices,
        observed_period=counted,
        observed=held,
        trade_teu=trade,
        counted_at_ports=ports,
        loads=assign(router, rows, scale_per_usd=scale, preference_usd=preference, rounds=rounds) if rows else None,
        network=network,
    )


def _on_day_of_counts(model: Model, year: int | None) -> Model:
    """Return the model as of the middle day of the counts of a year, where neither it nor a scenario names a day."""
    from corridor_net.analysis.loads.counts import day_of_counts

    if year is None or model.day is not None or any(scenario.as_of for scenario in model.scenarios):
        return model
    return model.as_of(day_of_counts(model.base, year))


def _preferences(texts: Sequence[str], network: Network) -> dict[str, float]:
    """Return USD by port from `PORT=USD`; raise BadValue or UnknownName for what is neither."""
    from math import isfinite

    from corridor_net.questions.asked.examples import a_port

    found = {}
    for text in texts:
        port, _, usd = text.rpartition("=")
        amount = number_in(usd)
        if not isfinite(amount):
            raise BadValue(f"'{text}' is no preference", hint=f"write PORT=USD, for example {a_port(network)}=300")
        found[network.node(port).node_id] = amount
    return found


def view(found: GatewaysAnswer) -> Page:
    """Show the shares by origin and on the whole, what was counted, and the loads."""
    first, share = next(iter(found.shares.items()))
    contested = sum(made.contested for made in found.origins)
    opening = say(
        "To {destination:name} on {as_of}: {share:p0} of the cargo of {origins:n0|origin|origins} goes by "
        "{port:name}; {contested:n0|origin is|origins are} contested.",
        found,
        share=share,
        port=after_by(first),
        contested=contested,
    )
    return page(
        opening,
        _shares(found),
        _held(found) if found.observed else None,
        loads_view(found.loads) if found.loads else None,
    )


def _shares(found: GatewaysAnswer) -> Table:
    """Show a column a gateway; where there is no room the smallest go first."""
    ports = [name for name, share in found.shares.items() if share >= SEEN]
    columns = (
        Column(heading="from", kind="name"),
        *(Column(heading=say("{port:name}", port=port), kind="share", rank=rank) for rank, port in enumerate(ports)),
        Column(heading="contested", kind="label", rank=len(ports)),
    )
    rows = tuple(
        (made.origin, *(made.gateways.get(port) for port in ports), "yes" if made.contested else "")
        for made in found.origins
    )
    whole: tuple[Cell, ...] = (
        say("all, {weights:label}", weights=weighed_by(found.network)),
        *(found.shares[port] for port in ports),
        "",
    )
    title = say("Share of each gateway, logit scale {scale_per_usd:g} per USD of generalised cost", found)
    return Table(title=title, columns=columns, rows=rows, totals=(whole,))


def _held(found: GatewaysAnswer) -> list[Table | Sentence]:
    counted, unexplained = ((f"{name}_low", f"{name}_high") for name in ("observed_share", "unexplained_usd"))
    table = table_of(
        found.observed,
        Column(heading="counted", kind="name", of="target"),
        *numbers("TEU a year", of="teu_a_year"),
        *numbers("of own trade", of="observed_share", kind="share", digits=1),
        *numbers("10%", "90%", of=counted, kind="share", digits=1, rank=2),
        *numbers("model", of="modelled_share", kind="share", digits=1),
        *numbers("unexplained USD", of="unexplained_usd", kind="change"),
        *numbers("USD 10%", "USD 90%", of=unexplained, kind="change", rank=2),
        title="Held against what was counted",
    )
    base = say(
        "Counted {observed_period[0]} to {observed_period[1]}, boxes for all countries; own trade: the {trade_teu:n0} "
        "TEU a year that the origins trade overseas, within a third either way. So the shares are upper bounds, and "
        "what is unexplained a lower one.",
        found,
    )
    told = say("Unexplained: what a box would have to be charged (+) or paid (-) for the model to agree.")
    ports = [say("{port:name} {teu:n0} TEU", port=port, teu=teu) for port, teu in found.counted_at_ports.items()]
    others = say("Not compared, as these hold cargo of all origins: {ports:list}.", ports=tuple(ports))
    return [table, base, told, *([others] if ports else [])]


def charts(found: GatewaysAnswer) -> Mapping[str, Chart]:
    """Draw the share of each gateway, a bar an origin."""
    rows = [(named(one.origin), {name: 100 * v for name, v in one.gateways.items()}) for one in found.origins]
    title = say("Shares of gateways to {destination:name}, {as_of}", found)
    labels = {name: named(name) for name in found.shares}
    return {"shares": Stacks(title=title, unit="% of cargo", rows=rows, labels=labels)}


def layer(found: GatewaysAnswer) -> dict[str, Any]:
    """Give every origin with its shares as a point, coloured by the gateway most chosen."""
    from corridor_net.output.maps.bands import hinterland_geojson

    return hinterland_geojson(found.network, found.origins)
