"""The command `pareto`: the routes that no other beats in money, hours and CO2e."""

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
    ScheduleOption,
    prepare,
    print_json,
    router_of,
)


def pareto(
    origin: Annotated[str, typer.Argument(help="Where the cargo starts.")],
    destination: Annotated[str, typer.Argument(help="Where it goes.")],
    criterion: Annotated[
        list[str] | None,
        typer.Option("--criterion", metavar="NAME", help="money, hours or co2; repeatable; all three when left out."),
    ] = None,
    epsilon: Annotated[
        float, typer.Option("--epsilon", help="Leave out routes another comes within this share of.")
    ] = 0.0,
    show: Annotated[
        int, typer.Option("--show", metavar="N", min=1, help="Routes to print, chosen to show the spread.")
    ] = 8,
    scenario: ScenarioOption = None,
    as_of: DayOption = None,
    cargo: CargoOption = None,
    schedule: ScheduleOption = False,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Find every route that no other beats in money, hours and CO2e at once, and when each is the best."""
    from corridor_net.analysis.trade_offs import CRITERIA, trade_offs
    from corridor_net.output.names import names_of

    network, applied = prepare(geodata, as_of, scenario)
    router = router_of(network, applied, cargo, By.generalised, schedule=schedule)
    found = trade_offs(router, origin, destination, criteria=criterion or CRITERIA, epsilon=epsilon, show=show)
    names = names_of(router.network)
    if out:
        from corridor_net.output.doubt_charts import pareto_svg
        from corridor_net.output.files import write_all

        title = f"{names[found.origin]} to {names[found.destination]}, {network.day}: money against time"
        write_all(out, {"pareto.svg": pareto_svg(found, title, names)})
    if json:
        print_json({"as_of": str(router.network.day), "cargo": router.impedance.cargo.cargo_id, **found.as_json()})
        return
    from corridor_net.output.planner_text import show_trade_offs
    from corridor_net.output.text import wide_console

    show_trade_offs(wide_console(), found, names)
