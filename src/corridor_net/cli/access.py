"""The command `access`: how near the markets are, what a scenario changes, and what is reached in time."""

from __future__ import annotations

from typing import Annotated

import typer

from corridor_net.cli.options import (
    By,
    CargoOption,
    DayOption,
    GeodataOption,
    JsonOption,
    OutOption,
    ScenarioOption,
    network_and_scenarios,
    print_json,
    router_of,
)


def access(
    origins: Annotated[list[str] | None, typer.Argument(help="Origins; those of table market when left out.")] = None,
    scenario: ScenarioOption = None,
    as_of: DayOption = None,
    cargo: CargoOption = None,
    theta: Annotated[float, typer.Option("--theta", help="Trade elasticity of market access.")] = 5.03,
    elasticity: Annotated[float, typer.Option("--elasticity", help="Of flows with generalised cost, for gains.")] = 0.0,
    within: Annotated[
        list[float] | None,
        typer.Option("--within", metavar="LIMIT", help="Bands to draw with --out: hours; repeatable."),
    ] = None,
    cost: Annotated[bool, typer.Option("--cost", help="The bands are of USD in place of hours.")] = False,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Measure access to the markets, and what each scenario changes; --out draws bands around each origin."""
    from corridor_net.analysis.potential import all_trips, checked_limits, gain, nearness, reach

    network, loaded = network_and_scenarios(geodata, as_of, scenario or [])
    router = router_of(network, None, cargo, By.generalised, schedule=False)
    names = [network.node(name).node_id for name in origins or [m.node_id for m in network.markets("origin")]]
    quantity, unit = ("cost_usd", "USD") if cost else ("hours", "hours")
    limits = checked_limits(within or ([500, 1000, 2000, 3000, 4000] if cost else [24, 72, 168, 240, 336]))
    before = all_trips(router, names)
    found = [nearness(router, before, name, theta=theta) for name in names]
    gains = {}
    for one in loaded:
        changed = router_of(one.apply(network), one, cargo, By.generalised, schedule=False)
        after = all_trips(changed, names)
        gains[one.name] = [
            gain(router, changed, before, after, name, elasticity=elasticity, theta=theta) for name in names
        ]
    if out:
        from corridor_net.output.bands import bands_geojson
        from corridor_net.output.files import to_json, write_all

        drawn = {f"bands-{n}.geojson": bands_geojson(network, reach(router, n, quantity), limits, unit) for n in names}
        write_all(out, {name: to_json(features) for name, features in drawn.items()})
    if json:
        changes = {name: [g.as_json() for g in of] for name, of in gains.items()}
        print_json({"as_of": str(network.day), "access": [p.as_json() for p in found], "gains": changes})
        return
    from corridor_net.output.names import names_of
    from corridor_net.output.network_text import show_access
    from corridor_net.output.text import wide_console

    show_access(wide_console(), found, gains, names_of(network), network.market_unit)
