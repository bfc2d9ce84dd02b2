"""The command `attribution`, and how a study or a list of scenarios becomes upgrades on a baseline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor_net.cli.options import (
    By,
    ByOption,
    CargoOption,
    DayOption,
    GeodataOption,
    JsonOption,
    OutOption,
    ScheduleOption,
    print_json,
    read_network,
)

if TYPE_CHECKING:
    from corridor_net.analysis.upgrades import Space
    from corridor_net.scenario import Scenario

UpgradesArgument = Annotated[
    list[str] | None,
    typer.Argument(help="Scenarios, or one study; the shipped study when none is given. Packages are opened."),
]
FromOption = Annotated[
    list[str] | None, typer.Option("--from", metavar="NODE", help="Origin; repeatable. All of the study, or data.")
]
ToOption = Annotated[
    list[str] | None, typer.Option("--to", metavar="NODE", help="Destination; repeatable. The study's focus.")
]
WeightOption = Annotated[str, typer.Option("--weight", help="How origins count: equal, trade or people.")]


def upgrade_space(
    names: list[str],
    *,
    as_of: str | None,
    cargo: str | None,
    by: By,
    schedule: bool,
    geodata: Path | None,
    origins: list[str],
    destinations: list[str],
    markets: bool = False,
    choose: Callable[[tuple[Scenario, ...]], tuple[Scenario, ...]] | None = None,
) -> tuple[Space, tuple[str, ...], tuple[str, ...]]:
    """Return the subsets of the upgrades, the origins and the destinations.

    The baseline is the study's main one, or the network of the day. With `markets`, every market is a
    destination unless some are named; `choose` leaves some upgrades out.
    """
    from corridor_net.analysis.route import Router
    from corridor_net.analysis.upgrades import atoms, build
    from corridor_net.costing import impedance
    from corridor_net.errors import BadFile
    from corridor_net.scenario import load_scenario, load_study, scenario_path, study_of
    from corridor_net.scenario.load import is_study

    studies = [name for name in names if is_study(scenario_path(name))]
    if studies and len(names) > 1:
        raise BadFile("a study cannot stand together with other files", hint="name the study alone, or scenarios only")
    study = study_of(names) if names and not studies else load_study(studies[0] if studies else "longjiang-japan")
    loaded = {scenario.name: scenario for scenario in study.scenarios}
    network = read_network(geodata)
    base = network.as_of(as_of) if as_of else study.main_baseline.apply(network)
    file = study.file
    compiled = impedance(base, cargo or file.cargo, price_year=file.price_year)
    router = Router(compiled, by.value, schedule, file.co2_price_usd_per_t, "baseline")
    starts = [base.node(name).node_id for name in origins or file.origins or ()]
    starts = starts or [market.node_id for market in base.markets("origin")]
    goals = [base.node(name).node_id for name in destinations]
    if not goals:
        everywhere = [market.node_id for market in base.markets("market")]
        goals = everywhere if markets else [base.node(file.focus).node_id if file.focus else everywhere[0]]
    upgrades = atoms(loaded.values(), known=lambda name: loaded.get(name) or load_scenario(name))
    kept = choose(upgrades) if choose else upgrades
    return build(router, kept), tuple(dict.fromkeys(starts)), tuple(dict.fromkeys(goals))


def attribution(
    upgrades: UpgradesArgument = None,
    to: ToOption = None,
    origin: FromOption = None,
    measure: Annotated[
        str, typer.Option("--measure", help="generalised, money, hours, co2 or market_access.")
    ] = "generalised",
    weight: WeightOption = "equal",
    permutations: Annotated[
        int, typer.Option("--permutations", metavar="N", help="Random orders, above 20 upgrades that matter.")
    ] = 400,
    seed: Annotated[int, typer.Option("--seed", metavar="N", min=0, help="Seed of the random orders.")] = 0,
    as_of: DayOption = None,
    cargo: CargoOption = None,
    by: ByOption = By.generalised,
    schedule: ScheduleOption = False,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Split the joint effect of upgrades: each one's Shapley value, alone and last; pairs; countries."""
    from corridor_net.analysis.attribution import attribution as answer
    from corridor_net.output.names import names_of

    options: dict[str, Any] = {"as_of": as_of, "cargo": cargo, "by": by, "schedule": schedule, "geodata": geodata}
    space, origins, destinations = upgrade_space(
        upgrades or [], **options, origins=origin or [], destinations=to or [], markets=measure == "market_access"
    )
    found = answer(space, origins, destinations, measure=measure, weights=weight, permutations=permutations, seed=seed)
    names = names_of(space.router.network)
    if out:
        from corridor_net.output.charts import bars_svg
        from corridor_net.output.files import write_all

        rows = [(share.name, share.shapley) for share in found.shares]
        title = (
            f"Shapley values: {found.measure} to {', '.join(names[d] for d in found.destinations[:3])}, {found.as_of}"
        )
        write_all(out, {"attribution.svg": bars_svg(rows, title, found.unit)})
    if json:
        print_json(found.as_json())
        return
    from corridor_net.output.planner_text import show_attribution
    from corridor_net.output.text import wide_console

    show_attribution(wide_console(), found, names)
