"""The command `explain`, and how these commands get the network before and after a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
    ScheduleOption,
    print_json,
    read_network,
    router_of,
)

if TYPE_CHECKING:
    from corridor_net.network import Network
    from corridor_net.scenario import Scenario


def network_and_scenarios(
    geodata: Path | None, as_of: str | None, names: list[str]
) -> tuple[Network, tuple[Scenario, ...]]:
    """Return the network as of the day (that of the scenarios when none is given), and the scenarios for it."""
    from dataclasses import replace

    from corridor_net.errors import ScenarioError
    from corridor_net.scenario import load_scenario
    from corridor_net.scenario.days import on_day

    network = read_network(geodata)
    loaded = [load_scenario(name) for name in names]
    days = {scenario.as_of for scenario in loaded if scenario.as_of}
    if as_of:
        network = network.as_of(as_of)
    elif len(days) == 1:
        network = network.as_of(next(iter(days)))
    elif days:
        raise ScenarioError("the scenarios are for different days", hint="choose one with --as-of")
    return network, tuple(replace(on_day(scenario, network.day), as_of=None) for scenario in loaded)


def explain(
    origin: Annotated[str, typer.Argument(help="Where the cargo starts.")],
    destination: Annotated[str, typer.Argument(help="Where it goes.")],
    scenario: ScenarioOption = None,
    as_of: DayOption = None,
    cargo: CargoOption = None,
    by: ByOption = By.generalised,
    schedule: ScheduleOption = False,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Explain what a scenario does to a pair: why the route changes, or why it does not."""
    from corridor_net.analysis.explain import explain as answer
    from corridor_net.errors import BadValue
    from corridor_net.scenario import combine

    if not scenario:
        raise BadValue("explain needs a scenario", hint="name one with --scenario, for example primorye-2")
    network, loaded = network_and_scenarios(geodata, as_of, scenario)
    whole = combine(loaded)
    assert whole is not None  # noqa: S101 (one at least was loaded)
    before = router_of(network, None, cargo, by, schedule=schedule)
    after = router_of(whole.apply(network), whole, cargo, by, schedule=schedule)
    found = answer(before, after, origin, destination, scenario=whole)
    if out:
        from corridor_net.output.charts import components_svg
        from corridor_net.output.files import write_all

        spent = [
            ("before", {c.component: c.cost_usd_before for c in found.components}),
            ("after", {c.component: c.cost_usd_after for c in found.components}),
        ]
        taken = [
            ("before", {c.component: c.hours_before for c in found.components}),
            ("after", {c.component: c.hours_after for c in found.components}),
        ]
        title = f"{network.node(origin).name} to {network.node(destination).name}: {whole.name}"
        write_all(
            out,
            {
                "explain-usd.svg": components_svg(spent, title, "USD"),
                "explain-hours.svg": components_svg(taken, title, "hours"),
            },
        )
    if json:
        print_json(found.as_json())
        return
    from corridor_net.output.planner_text import show_explanation
    from corridor_net.output.text import wide_console

    show_explanation(wide_console(), found)
