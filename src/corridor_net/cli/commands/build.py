"""Propose a first network between two cities from what this machine holds: all of grade D, to be corrected by hand.

Nothing is written before its checks hold and a route is found.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from corridor_net.cli.options import tell
from corridor_net.errors import BadValue
from corridor_net.questions import Ask

if TYPE_CHECKING:
    from corridor_net.network import Network


def run(  # noqa: PLR0913 (each is an option of the command)
    origin: Annotated[str, Ask("A city, in any language; Name,XX names its country.", metavar="FROM")],
    destination: Annotated[str, Ask("Another city.", metavar="TO")],
    *,
    out: Annotated[Path, Ask("Folder of the package to write.", metavar="DIR")],
    replace: Annotated[bool, Ask("Replace what the folder holds.")] = False,
    window: Annotated[str, Ask("Degrees; else around the cities.", metavar="W,S,E,N")] = "",
    osm: Annotated[Path | None, Ask("Extract of OpenStreetMap with roads and railways.", metavar="FILE")] = None,
    tags: Annotated[str, Ask("Ways of OpenStreetMap to take.", metavar="K=V,...")] = "",
    places: Annotated[int, Ask("Cities at most, without --osm.", metavar="N")] = 60,
    ports: Annotated[int, Ask("Seaports at most; 0 for no sea.", metavar="N")] = 8,
    sailings: Annotated[float, Ask("Sailings a week of each line.", metavar="N")] = 1.0,
) -> None:
    from corridor_net.cli.commands.import_ import say_imported
    from corridor_net.interchange.build import BuildPlan, build_network
    from corridor_net.interchange.completing.gazetteer import parse_window
    from corridor_net.interchange.drawn.osm import parse_tags
    from corridor_net.model import Model
    from corridor_net.network.checks import check_network

    if tags and osm is None:
        raise BadValue("--tags has no effect without --osm", hint="name the extract with --osm")
    plan = BuildPlan(
        window=parse_window(window),
        osm=osm,
        tags=parse_tags(tags) or None,
        places=places,
        ports=ports,
        sailings=sailings,
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
