"""The command `portfolio`: which upgrades to buy under a budget, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from corridor_net.cli.attribution import FromOption, ToOption, UpgradesArgument, WeightOption, upgrade_space
from corridor_net.cli.options import (
    By,
    CargoOption,
    DayOption,
    GeodataOption,
    JsonOption,
    OutOption,
    ScheduleOption,
    print_json,
)

if TYPE_CHECKING:
    from corridor_net.scenario import Scenario


def portfolio(
    upgrades: UpgradesArgument = None,
    budget: Annotated[float | None, typer.Option("--budget", metavar="USD", help="What may be spent in all.")] = None,
    cost: Annotated[
        list[str] | None,
        typer.Option("--cost", metavar="NAME=USD", help="Cost of an upgrade, in place of its own; repeatable."),
    ] = None,
    within: Annotated[float, typer.Option("--within", metavar="SHARE", help="Sets this near to the best.")] = 0.05,
    boxes: Annotated[
        float | None, typer.Option("--boxes", metavar="N", help="Boxes a year, to give gains a year.")
    ] = None,
    yearly_budget: Annotated[
        float | None, typer.Option("--yearly-budget", metavar="USD", help="Also a schedule with so much a year.")
    ] = None,
    years: Annotated[int, typer.Option("--years", metavar="N", help="Years of the schedule.")] = 10,
    discount: Annotated[float, typer.Option("--discount", metavar="SHARE", help="Discount a year, 0.05.")] = 0.0,
    to: ToOption = None,
    origin: FromOption = None,
    weight: WeightOption = "trade",
    as_of: DayOption = None,
    cargo: CargoOption = None,
    schedule: ScheduleOption = False,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Find the best set of upgrades under a budget, with its proof; near-best sets; the frontier; a schedule."""
    from corridor_net.analysis.portfolio import portfolio as answer
    from corridor_net.analysis.portfolio import priced
    from corridor_net.analysis.portfolio import schedule as plan
    from corridor_net.errors import BadValue

    if budget is None:
        raise BadValue("portfolio needs a budget", hint="for example --budget 4e9")
    given = dict(_cost(text) for text in cost or [])
    costs: dict[str, float] = {}
    left_out: list[str] = []

    def choose(found: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
        kept, figures, without = priced(found, given)
        costs.update(figures)
        left_out.extend(without)
        return kept

    space, origins, goals = upgrade_space(
        upgrades or [],
        as_of=as_of,
        cargo=cargo,
        by=By.generalised,
        schedule=schedule,
        geodata=geodata,
        origins=origin or [],
        destinations=to or [],
        choose=choose,
    )
    found = answer(
        space,
        costs,
        budget,
        origins,
        goals,
        weights=weight,
        within=within,
        boxes_per_year=boxes,
        left_out=left_out,
    )
    planned = None
    if yearly_budget is not None:
        planned = plan(space, costs, yearly_budget, years, origins, goals, weights=weight, discount=discount)
    if out:
        from corridor_net.output.charts import bars_svg
        from corridor_net.output.files import write_all

        rows = [
            (f"{c.cost_usd / 1e9:,.2f} bn: {', '.join(c.upgrades) or 'nothing'}", c.gain_usd_per_box)
            for c in found.frontier
        ]
        title = "The most that can be gained for each budget"
        write_all(out, {"frontier.svg": bars_svg(rows, title, "USD of generalised cost a box")})
    if json:
        print_json({**found.as_json(), "schedule": planned.as_json() if planned else None})
        return
    from corridor_net.output.planner_text import show_portfolio, show_schedule
    from corridor_net.output.text import wide_console

    console = wide_console()
    show_portfolio(console, found, {node_id: node.name for node_id, node in space.router.network.nodes.items()})
    if planned:
        show_schedule(console, planned)


def _cost(text: str) -> tuple[str, float]:
    from corridor_net.errors import BadValue

    name, separator, figure = text.partition("=")
    try:
        return name.strip(), float(figure)
    except ValueError:
        what = f"the cost '{figure}' of '{name}' is not a number" if separator else f"'{text}' is not a cost"
        raise BadValue(what, hint="write it as --cost vanino=1.2e9") from None
