"""The command `tcd`: time and cost over distance, and CAREC's indicators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from corridor_net.cli.explain import network_and_scenarios
from corridor_net.cli.options import (
    By,
    ByOption,
    CargoOption,
    DayOption,
    GeodataOption,
    JsonOption,
    OutOption,
    ScenarioOption,
    ScheduleOption,
    print_json,
    router_of,
)

if TYPE_CHECKING:
    from corridor_net.analysis.route import Route


def tcd(
    origin: Annotated[str, typer.Argument(help="Where the cargo starts.")],
    destination: Annotated[str, typer.Argument(help="Where it goes.")],
    scenario: ScenarioOption = None,
    through: Annotated[
        list[str] | None,
        typer.Option("--through", metavar="NODE", help="Draw the best way through it too; repeatable."),
    ] = None,
    as_of: DayOption = None,
    cargo: CargoOption = None,
    by: ByOption = By.generalised,
    schedule: ScheduleOption = False,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Show time and cost over distance: the best way, ways through other places, and under each scenario."""
    from corridor_net.analysis.time_cost_distance import profile
    from corridor_net.output.names import names_of

    network, loaded = network_and_scenarios(geodata, as_of, scenario or [])
    before = router_of(network, None, cargo, by, schedule=schedule)
    payload = before.impedance.cargo.payload_t
    names = names_of(before.network)
    profiles = [profile(route := before.route(origin, destination), payload, _title(route, names))]
    for node in through or ():
        route = before.route(origin, destination, via=[node])
        profiles.append(profile(route, payload, f"through {network.node(node).name}"))
    for one in loaded:
        after = router_of(one.apply(network), one, cargo, by, schedule=schedule)
        route = after.route(origin, destination)
        profiles.append(profile(route, payload, _title(route, names_of(after.network))))
        names |= names_of(after.network)
    if out:
        from corridor_net.output.charts import time_cost_distance_svg
        from corridor_net.output.files import write_all

        ends = f"{names[profiles[0].route.origin]} to {names[profiles[0].route.destination]}"
        title = f"{ends}, {network.day}: time and cost over distance"
        write_all(out, {"time-cost-distance.svg": time_cost_distance_svg(profiles, title, names)})
    if json:
        print_json(
            {"as_of": str(network.day), "cargo": profiles[0].route.cargo, "profiles": [p.as_json() for p in profiles]}
        )
        return
    from corridor_net.output.network_text import show_profiles
    from corridor_net.output.text import wide_console

    show_profiles(wide_console(), profiles, names)


def _title(route: Route, names: Mapping[str, str]) -> str:
    return f"{route.scenario}, by {names[route.gateway]}" if route.gateway else route.scenario
