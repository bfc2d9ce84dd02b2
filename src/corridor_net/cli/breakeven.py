"""The command `breakeven`: limits of an answer, and bands of one figure."""

from __future__ import annotations

from typing import Annotated

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


def breakeven(
    origin: Annotated[str, typer.Argument(help="Where the cargo starts.")],
    destination: Annotated[str, typer.Argument(help="Where it goes.")],
    figure: Annotated[
        list[str] | None,
        typer.Option(
            "--figure",
            metavar="KEY",
            help="Bands of a figure, e.g. crossing:ID:hours, tariff:ID, service:ID:headway_hours; repeatable.",
        ),
    ] = None,
    value_of_time: Annotated[bool, typer.Option("--value-of-time", help="Bands of the value of time.")] = False,
    co2_price: Annotated[bool, typer.Option("--co2-price", help="Bands of the price of CO2.")] = False,
    any_route: Annotated[
        bool, typer.Option("--any-route", help="Another route flips the answer, not only another gateway.")
    ] = False,
    show: Annotated[int, typer.Option("--show", metavar="N", min=1, help="Limits to print.")] = 12,
    scenario: ScenarioOption = None,
    as_of: DayOption = None,
    cargo: CargoOption = None,
    by: ByOption = By.generalised,
    schedule: ScheduleOption = False,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Say how far each figure may move before another gateway wins, and who wins at each value of one figure.

    Without a figure named: the limits of all figures, and the bands of the value of time.
    """
    from corridor_net.analysis.breakeven import CO2_PRICE, VALUE_OF_TIME
    from corridor_net.analysis.breakeven import breakeven as answer
    from corridor_net.output.names import names_of
    from corridor_net.scenario import combine

    network, loaded = network_and_scenarios(geodata, as_of, scenario or [])
    whole = combine(loaded)
    router = router_of(whole.apply(network) if whole else network, whole, cargo, by, schedule=schedule)
    pair = answer(router, origin, destination)
    keys = [*(figure or []), *([VALUE_OF_TIME] if value_of_time else []), *([CO2_PRICE] if co2_price else [])]
    limits = None if keys else pair.limits(answer="route" if any_route else "gateway")
    if not keys and by is By.generalised:
        keys = [VALUE_OF_TIME]
    bands = [pair.bands(key) for key in dict.fromkeys(keys)]
    names = names_of(router.network)
    if out:
        from corridor_net.output.charts import bands_svg
        from corridor_net.output.files import write_all

        ends = (
            f"{names[pair.route.origin]} to {names[pair.route.destination]}, {pair.route.as_of}, {pair.route.scenario}"
        )
        drawn = {}
        for number, one in enumerate(bands, 1):
            rows = [
                ("best gateway", [(low, high, names.get(gate or "", "by land")) for low, high, gate in one.by_gateway])
            ]
            drawn[f"bands-{number}.svg"] = bands_svg(rows, f"{ends}: who wins by {one.what}", one.unit, now=one.now)
        write_all(out, drawn)
    if json:
        print_json(
            {
                "origin": pair.route.origin,
                "destination": pair.route.destination,
                "as_of": pair.route.as_of,
                "cargo": pair.route.cargo,
                "scenario": pair.route.scenario,
                "by": by.value,
                "gateway": pair.route.gateway,
                "limits": limits.as_json() if limits else None,
                "bands": [one.as_json() for one in bands],
            }
        )
        return
    from corridor_net.output.planner_text import show_bands, show_limits
    from corridor_net.output.text import wide_console

    console = wide_console()
    if limits:
        show_limits(console, limits, names, show)
    for one in bands:
        show_bands(console, one, names)
