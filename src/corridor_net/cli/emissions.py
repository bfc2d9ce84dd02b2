"""The command `emissions`: a route's greenhouse gases in the form of ISO 14083."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from corridor_net.cli.options import (
    By,
    ByOption,
    CargoOption,
    DayOption,
    GeodataOption,
    JsonOption,
    OutOption,
    ScenarioOption,
    ViaOption,
    prepare,
    print_json,
    router_of,
)


def emissions(
    origin: Annotated[str, typer.Argument(help="Where the cargo starts.")],
    destination: Annotated[str, typer.Argument(help="Where it goes.")],
    scenario: ScenarioOption = None,
    as_of: DayOption = None,
    cargo: CargoOption = None,
    by: ByOption = By.generalised,
    via: ViaOption = None,
    co2_price: Annotated[float, typer.Option("--co2-price", min=0, help="USD a tonne, in the generalised cost.")] = 0.0,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Report a route's emissions element by element: factor, source, provision and operation, hubs apart."""
    from corridor_net.analysis.emissions import report
    from corridor_net.output.names import names_of

    network, applied = prepare(geodata, as_of, scenario)
    router = replace(router_of(network, applied, cargo, by, schedule=False), co2_price_usd_per_t=co2_price)
    route = router.route(origin, destination, via=via or ())
    found = report(router, route)
    names = names_of(router.network)
    charge = co2_price * found.wtw_kg / 1000
    if out:
        from corridor_net.output.charts import bars_svg
        from corridor_net.output.files import write_all

        rows = [(f"{e.number} {e.mode} {names[e.from_node]}", e.wtw_kg) for e in found.elements]
        gate = names[route.gateway] if route.gateway else "land"
        title = f"{names[found.origin]} to {names[found.destination]} by {gate}: {found.wtw_kg:,.0f} kg CO2e a box"
        write_all(out, {"emissions.svg": bars_svg(rows, title, "kg CO2e, well to wheel")})
    if json:
        print_json(
            {
                **found.as_json(),
                "gateway": route.gateway,
                "co2_price_usd_per_t": co2_price,
                "charge_usd": round(charge, 2),
            }
        )
        return
    from corridor_net.output.network_text import show_emissions
    from corridor_net.output.text import wide_console

    show_emissions(wide_console(), found, route.gateway, charge, names)
