"""Write the network of a day and of scenarios for maps, tables and other programs, or the study as a workbook."""

from __future__ import annotations

import shlex
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from corridor_net.cli.options import Day, Geodata, Language, Scenarios, load_model, tell
from corridor_net.errors import NoRoute
from corridor_net.languages import language_asked
from corridor_net.output.files import write_all
from corridor_net.questions import Ask

if TYPE_CHECKING:
    from corridor_net.model import Model


def run(
    *,
    out: Annotated[Path, Ask("Folder to write to.", metavar="DIR")] = Path("export"),
    kind: Annotated[
        Literal["geojson", "csv", "gmns", "gpkg", "geoparquet", "xlsx"], Ask("What to write.", option="--format")
    ] = "geojson",
    scenario: Scenarios = (),
    as_of: Day = None,
    geodata: Geodata = None,
    destination: Annotated[
        str | None, Ask("Where the routes of gpkg, geoparquet and xlsx go.", metavar="NODE", option="--to")
    ] = None,
    lang: Language = None,
) -> None:
    """Write the network, as of a day and under scenarios, for maps, tables and other programs.

    As xlsx, the study: summary, routes, legs, present values by formulas, sources; scenarios in place of its own.
    """
    from corridor_net.output.exports import export

    model = load_model(geodata, as_of, () if kind == "xlsx" else scenario)
    if kind == "xlsx":
        written = _workbook(out, model, scenario, destination, lang or language_asked(sys.argv))
    elif kind == "gmns" and geodata is not None and not (scenario or as_of) and _write_back(geodata, out):
        tell(f"Written to {out}, with the columns of the GMNS tables it was imported from")
        return
    else:
        drawn = _routes(model, destination) if kind in ("gpkg", "geoparquet") else ()
        written = export(model.network, kind, out, *drawn)
    tell(f"Written to {out}: {', '.join(written)}")


def _workbook(out: Path, model: Model, scenarios: tuple[str, ...], destination: str | None, language: str) -> list[str]:
    """Write the study as a workbook, which names the command that gives the same; return the name of its file."""
    from corridor_net.questions.pages.workbook import workbook_of

    given = [("--as-of", model.day), *(("--scenario", one) for one in scenarios), ("--to", destination)]
    told = ["corridor-net", "export", "--format", "xlsx", *(str(word) for pair in given if pair[1] for word in pair)]
    line = shlex.join([*told, "--lang", language])
    made = workbook_of(model, scenarios, [destination] if destination else (), language=language, line=line)
    write_all(out, made)
    return list(made)


def _write_back(geodata: Path, out: Path) -> bool:
    """Write a package that came from GMNS back as the tables it came from; return whether it did."""
    from corridor_net.interchange.imported import Imported
    from corridor_net.interchange.package import read_origin

    if read_origin(geodata).get("format") != "gmns":
        return False
    tables = Imported.from_folder(geodata).to_gmns()
    write_all(out, {f"{name}.csv": frame.to_csv(index=False, lineterminator="\n") for name, frame in tables.items()})
    return True


def _routes(model: Model, destination: str | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the best route of every origin, and their legs, as GeoJSON features; origins without one are left out."""
    from corridor_net.output.maps.geojson import legs_geojson, single_routes_geojson

    goal, found = destination or model.network.default_pair[1], []
    for origin in model.network.markets("origin"):
        with suppress(NoRoute):
            found.append(model.router.route(origin.node_id, goal))
    routes = single_routes_geojson((model.network, one) for one in found)
    return routes["features"], legs_geojson(model.network, found)["features"]
