"""The command `timetable`: one shipment on one day, and the departures of a week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from corridor_net.cli.options import (
    By,
    ByOption,
    CargoOption,
    GeodataOption,
    JsonOption,
    OutOption,
    ScenarioOption,
    lay_over,
    print_json,
    read_network,
    router_of,
)

if TYPE_CHECKING:
    from corridor_net.analysis.journeys import Journey
    from corridor_net.scenario import ByDay


def timetable(
    origin: Annotated[str, typer.Argument(help="Where the cargo starts.")],
    destination: Annotated[str, typer.Argument(help="Where it goes.")],
    depart: Annotated[
        str,
        typer.Option(
            "--depart", metavar="WHEN", help="YYYY-MM-DDTHH:MM, local time of the origin, or with an offset: …+08:00."
        ),
    ],
    by: ByOption = By.generalised,
    days: Annotated[float, typer.Option("--days", help="Departures looked at, from --depart on.")] = 7.0,
    sails: Annotated[
        list[str] | None,
        typer.Option(
            "--sails",
            metavar="SERVICE=DAY",
            help="Day a ship leaves its first call, 'Fri 16:00' or '2019-07-05 16:00', local time; repeatable.",
        ),
    ] = None,
    scenario: ScenarioOption = None,
    cargo: CargoOption = None,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Send one shipment at an hour, by sailing days and opening hours; list what leaving later comes to."""
    from math import inf

    from corridor_net.analysis.timetable import Timetable
    from corridor_net.errors import BadValue
    from corridor_net.network.clock import by_clock, parse_departure, zone_of
    from corridor_net.output.names import names_of
    from corridor_net.scenario import ByDay

    if by is By.co2:
        raise BadValue("a timetable cannot minimise co2", hint="--by generalised, money or time")
    base = read_network(geodata)
    when = by_clock(parse_departure(depart), zone_of(base, base.node(origin).node_id))
    network, applied = lay_over(base, when.date(), scenario)
    on_day = ByDay(base=base, scenario=applied, applied=network)
    router = router_of(network, applied, cargo, by, schedule=False)
    table = Timetable.of(router, _sailing_days(sails or ()), on_day=on_day)
    worth = {By.time: inf, By.money: 0.0}.get(by)
    week = table.profile(origin, destination, when, days)
    best = table.best(origin, destination, when, usd_per_hour=worth)
    missed = table.missed(origin, destination, when, usd_per_hour=worth)
    names = names_of(network)
    if out:
        from corridor_net.output.files import write_all
        from corridor_net.output.timetable_chart import profile_svg

        title = f"{names[best.origin]} to {names[best.destination]}: leaving from {when:%d %B %Y} on"
        write_all(out, {"timetable.svg": profile_svg(week, when, title, names)})
    faults = _faults(on_day, [best, *week])
    if json:
        print_json(
            {
                "by": by.value,
                "journey": best.as_json(),
                "profile": [one.as_json() for one in week],
                "missed": [limit.as_json() for limit in missed],
                "faults": faults,
            }
        )
        return
    from corridor_net.output.text import wide_console
    from corridor_net.output.timetable_text import show_timetable

    show_timetable(wide_console(), best, week, names, missed, faults)


def _sailing_days(texts: list[str] | tuple[()]) -> dict[str, str]:
    from corridor_net.errors import BadValue

    given: dict[str, str] = {}
    for text in texts:
        name, sign, day = text.partition("=")
        if not sign:
            raise BadValue(f"'{text}' names no day", hint="write SERVICE=DAY, for example dalian-busan='Fri 16:00'")
        if name in given:
            raise BadValue(f"--sails names '{name}' twice")
        given[name] = day
    return given


def _faults(on_day: ByDay, journeys: list[Journey]) -> list[str]:
    """Return on which days of the journeys the scenario could not be applied, and why."""
    last = max(journey.arrives.date() for journey in journeys)
    return [
        f"The scenario cannot be applied as of {day}: {error.message}. "
        "Figures that begin by then are without its changes."
        for day, error in sorted(on_day.faults.items())
        if day <= last
    ]
