"""The command `timetable`: one shipment on one day, and the departures of a week."""

from __future__ import annotations

from typing import Annotated

import typer

from corridor_net.cli.options import (
    By,
    ByOption,
    CargoOption,
    GeodataOption,
    JsonOption,
    OutOption,
    ScenarioOption,
    prepare,
    print_json,
    router_of,
)


def timetable(
    origin: Annotated[str, typer.Argument(help="Where the cargo starts.")],
    destination: Annotated[str, typer.Argument(help="Where it goes.")],
    depart: Annotated[str, typer.Option("--depart", metavar="WHEN", help="Day and hour, YYYY-MM-DDTHH:MM.")],
    by: ByOption = By.generalised,
    days: Annotated[float, typer.Option("--days", help="Departures looked at, from --depart on.")] = 7.0,
    sails: Annotated[
        list[str] | None,
        typer.Option(
            "--sails", metavar="SERVICE=DAY", help="Day a ship leaves its first call, 'Fri 16:00'; repeatable."
        ),
    ] = None,
    scenario: ScenarioOption = None,
    cargo: CargoOption = None,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Send one shipment at an hour, by sailing days and opening hours; list what leaving later comes to."""
    from corridor_net.analysis.timetable import Timetable, parse_departure
    from corridor_net.errors import BadValue
    from corridor_net.output.names import names_of

    when = parse_departure(depart)
    given = {}
    for text in sails or ():
        name, sign, day = text.partition("=")
        if not sign:
            raise BadValue(f"'{text}' names no day", hint="write SERVICE=DAY, for example dalian-busan='Fri 16:00'")
        given[name] = day
    network, applied = prepare(geodata, when.date().isoformat(), scenario)
    table = Timetable.of(router_of(network, applied, cargo, by, schedule=False), given)
    if by is By.time:
        best = table.earliest(origin, destination, when)
    elif by is By.co2:
        raise BadValue("a timetable cannot minimise co2", hint="--by generalised, money or time")
    else:
        best = table.cheapest(origin, destination, when, usd_per_hour=0.0 if by is By.money else None)
    week = table.profile(origin, destination, when, days)
    names = names_of(table.router.network)
    if out:
        from corridor_net.output.files import write_all
        from corridor_net.output.timetable_chart import profile_svg

        title = f"{names[best.origin]} to {names[best.destination]}: leaving from {when:%d %B %Y} on"
        write_all(out, {"timetable.svg": profile_svg(week, when, title, names)})
    if json:
        print_json({"by": by.value, "journey": best.as_json(), "profile": [one.as_json() for one in week]})
        return
    from corridor_net.output.network_text import show_timetable
    from corridor_net.output.text import wide_console

    show_timetable(wide_console(), best, week, names)
