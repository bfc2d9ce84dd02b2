"""The command `build`: a first network between two cities, checked and asked once before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor_net.cli.import_network import say_imported, stop_cleanly
from corridor_net.cli.options import path_of, tell
from corridor_net.errors import BadValue

if TYPE_CHECKING:
    from corridor_net.network import Network


def build(  # noqa: PLR0913 (each is an option of the command)
    origin: Annotated[str, typer.Argument(metavar="FROM", help="A city, in any language; Name,XX names its country.")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="Another city.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the package to write.", parser=path_of)],
    replace: Annotated[bool, typer.Option("--replace", help="Replace what the folder holds.")] = False,
    window: Annotated[str, typer.Option("--window", metavar="W,S,E,N", help="Degrees; else around the cities.")] = "",
    osm: Annotated[
        Path | None,
        typer.Option("--osm", metavar="FILE", help="Extract of OpenStreetMap with roads and railways.", parser=path_of),
    ] = None,
    tags: Annotated[str, typer.Option("--tags", metavar="K=V,...", help="Ways of OpenStreetMap to take.")] = "",
    places: Annotated[int, typer.Option("--places", metavar="N", help="Cities at most, without --osm.")] = 60,
    ports: Annotated[int, typer.Option("--ports", metavar="N", help="Seaports at most; 0 for no sea.")] = 8,
    sailings: Annotated[float, typer.Option("--sailings", metavar="N", help="Sailings a week of each line.")] = 1.0,
) -> None:
    """Propose a first network between two cities from what this machine holds: all of grade D, to be corrected by hand.

    Nothing is written before its checks hold and a route is found.
    """
    from corridor_net.interchange.build import BuildPlan, build_network
    from corridor_net.interchange.drawn.osm import parse_tags
    from corridor_net.model import Model
    from corridor_net.network.checks import check_network

    if tags and osm is None:
        raise BadValue("--tags has no effect without --osm", hint="name the extract with --osm")
    stop_cleanly()
    plan = BuildPlan(
        window=_window(window), osm=osm, tags=parse_tags(tags) or None, places=places, ports=ports, sailings=sailings
    )
    made = build_network(origin, destination, plan)
    answers: list[str] = []

    def ask(network: Network) -> None:
        check_network(network)
        route: Any = Model(network).route(*network.default_pair)
        ends = " to ".join(network.nodes[node].name for node in network.default_pair)
        answers.append(f"{ends}: {route.cost_usd:,.0f} USD, {route.days:.1f} days, {route.distance_km:,.0f} km")

    made.write(out, replace=replace, look=ask)
    say_imported(made, out)
    tell(f"\n{answers[0]}, as it stands: a first answer, to be corrected row by row, the longest legs first")


def _window(text: str) -> tuple[float, float, float, float] | None:
    if not text:
        return None
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise BadValue(f"window = '{text}'", hint="west,south,east,north in degrees, for example 29,-3,40,2") from None
    return west, south, east, north
