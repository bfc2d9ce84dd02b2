"""The command `gateways`: which ports the cargo of each origin chooses, and what a demand puts on the network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridor_net.cli.options import (
    By,
    CargoOption,
    DayOption,
    GeodataOption,
    JsonOption,
    OutOption,
    ScenarioOption,
    prepare,
    print_json,
    router_of,
)

if TYPE_CHECKING:
    from corridor_net.network import Network


def gateways(
    destination: Annotated[
        str | None, typer.Argument(help="Where the cargo goes; the destination of the data when left out.")
    ] = None,
    scenario: ScenarioOption = None,
    as_of: DayOption = None,
    cargo: CargoOption = None,
    scale: Annotated[float, typer.Option("--scale", help="Logit scale, per USD of generalised cost.")] = 0.002,
    prefer: Annotated[
        list[str] | None,
        typer.Option("--prefer", metavar="PORT=USD", help="What the model does not explain; negative attracts."),
    ] = None,
    demand: Annotated[
        Path | None, typer.Option("--demand", metavar="FILE", help="CSV: origin, destination, teu a year.")
    ] = None,
    observed: Annotated[
        int | None, typer.Option("--observed", metavar="YEAR", help="Hold the shares against the counts of a year.")
    ] = None,
    rounds: Annotated[
        int, typer.Option("--rounds", metavar="N", min=1, help="Steps at most towards the equilibrium of a demand.")
    ] = 100,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Show the share of each gateway for every origin, contested origins, and the loads of a demand."""
    from corridor_net.analysis.assignment import assign
    from corridor_net.analysis.demand import read_demand
    from corridor_net.analysis.gateways import against_observed, counted_period, hinterlands, market_shares

    network, applied = prepare(geodata, as_of, scenario)
    if observed is not None and not as_of and not (applied and applied.as_of):
        network, applied = prepare(geodata, _day_of_counts(network, observed), scenario)
    destination = destination or network.default_pair[1]
    router = router_of(network, applied, cargo, By.generalised, schedule=False)
    preference = _preferences(prefer or [], router.network)
    rows = read_demand(demand, network) if demand else ()
    choices = hinterlands(router, destination, scale_per_usd=scale, preference_usd=preference)
    weights = {m.node_id: m.trade_musd or 0.0 for m in network.markets("origin")}
    shares = market_shares(choices, weights)
    held = against_observed(router, choices, weights, observed, scale_per_usd=scale) if observed is not None else ()
    loads = assign(router, rows, scale_per_usd=scale, preference_usd=preference, rounds=rounds) if rows else None
    if out:
        from corridor_net.output.bands import hinterland_geojson
        from corridor_net.output.files import to_json, write_all

        write_all(out, {"hinterland.geojson": to_json(hinterland_geojson(network, choices))})
    if json:
        print_json(
            {
                "as_of": str(network.day),
                "destination": network.node(destination).node_id,
                "scale_per_usd": scale,
                "preference_usd": preference,
                "shares": {name: round(share, 4) for name, share in shares.items()},
                "origins": [made.as_json() for made in choices],
                "observed_period": None
                if observed is None
                else [str(day) for day in counted_period(router.network, observed)],
                "observed": [row.as_json() for row in held],
                "loads": loads.as_json() if loads else None,
            }
        )
        return
    from corridor_net.output.names import names_of
    from corridor_net.output.network_text import show_gateways
    from corridor_net.output.text import wide_console

    show_gateways(wide_console(), choices, shares, scale, held, loads, names_of(router.network), network.day)


def _day_of_counts(network: Network, year: int) -> str:
    from corridor_net.analysis.gateways import day_of_counts

    return str(day_of_counts(network, year))


def _preferences(texts: list[str], network: Network) -> dict[str, float]:
    """Return USD by port from `PORT=USD`; raise BadValue or UnknownName for what is neither."""
    from math import isfinite

    from corridor_net.errors import BadValue

    found = {}
    for text in texts:
        port, _, usd = text.partition("=")
        try:
            amount = float(usd)
        except ValueError:
            amount = float("nan")
        if not isfinite(amount):
            raise BadValue(f"'{text}' is no preference", hint="write PORT=USD, for example zarubino=300")
        found[network.node(port).node_id] = amount
    return found
