"""The command `export`: the network on a day, under scenarios, for other programs."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor_net.cli.options import (
    DayOption,
    GeodataOption,
    LanguageOption,
    ScenarioOption,
    load_model,
    path_of,
    tell,
)

if TYPE_CHECKING:
    from corridor_net.model import Model


class Format(str, Enum):
    """Formats of `export`."""

    geojson = "geojson"
    csv = "csv"
    gmns = "gmns"
    gpkg = "gpkg"
    geoparquet = "geoparquet"
    xlsx = "xlsx"


def export(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write to.", parser=path_of)] = Path(
        "export"
    ),
    kind: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.geojson,
    scenario: ScenarioOption = None,
    as_of: DayOption = None,
    geodata: GeodataOption = None,
    destination: Annotated[
        str | None, typer.Option("--to", metavar="NODE", help="Where the routes of gpkg, geoparquet and xlsx go.")
    ] = None,
    lang: LanguageOption = None,
) -> None:
    """Write the network, as of a day and under scenarios, for maps, tables and other programs.

    As xlsx, the study: summary, routes, legs, present values by formulas, sources; scenarios in place of its own.
    """
    from corridor_net.languages import language_of_system
    from corridor_net.output.exports import export as write

    model = load_model(geodata, as_of, () if kind is Format.xlsx else scenario)
    if kind is Format.xlsx:
        written = _workbook(out, model, scenario or [], destination, lang or language_of_system())
        tell(f"Written to {out}: {written}")
        return
    network = model.network
    if kind is Format.gmns and geodata is not None and not (scenario or as_of) and _write_back(geodata, out):
        tell(f"Written to {out}, with the columns of the GMNS tables it was imported from")
        return
    goal = destination or network.default_pair[1] if kind in (Format.gpkg, Format.geoparquet) else ""
    routes, legs = _routes(model, goal) if kind in (Format.gpkg, Format.geoparquet) else ([], [])
    names = write(network, kind.value, out, routes, legs)
    tell(f"Written to {out}: {', '.join(names)}")


def _workbook(out: Path, model: Model, scenarios: Sequence[str], destination: str | None, language: str) -> str:
    """Write the study as a workbook, which names the command that gives the same; return the name of its file."""
    from corridor_net.output.files import write_all
    from corridor_net.questions.pages.workbook import workbook_of

    given = [("--as-of", model.day), *(("--scenario", one) for one in scenarios), ("--to", destination)]
    told = ["corridor-net", "export", "--format", "xlsx", *(str(word) for pair in given if pair[1] for word in pair)]
    line = shlex.join([*told, "--lang", language])
    made = workbook_of(model, scenarios, [destination] if destination else (), language=language, line=line)
    write_all(out, made)
    return ", ".join(made)


def _write_back(geodata: Path, out: Path) -> bool:
    """Write a package that came from GMNS back as the tables it came from; return whether it did."""
    from corridor_net.interchange.package import read_origin

    if read_origin(geodata).get("format") != "gmns":
        return False
    from corridor_net.interchange import Imported
    from corridor_net.output.files import write_all

    tables = Imported.from_folder(geodata).to_gmns()
    write_all(out, {f"{name}.csv": frame.to_csv(index=False, lineterminator="\n") for name, frame in tables.items()})
    return True


def _routes(model: Model, destination: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the best route of every origin, and their legs, as GeoJSON features; origins without one are left out."""
    from corridor_net.errors import NoRoute
    from corridor_net.output.maps.geojson import legs_geojson, single_routes_geojson

    found = []
    for origin in model.network.markets("origin"):
        try:
            found.append(model.router.route(origin.node_id, destination))
        except NoRoute:
            continue
    routes = single_routes_geojson((model.network, one) for one in found)
    return routes["features"], legs_geojson(model.network, found)["features"]
