"""Make a data package of a network in another format; what was assumed is listed."""

from __future__ import annotations

from inspect import Parameter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from corridor_net.cli.options import reader, stop_cleanly, tell
from corridor_net.interchange.options import ImportOptions
from corridor_net.questions import Ask, parameter
from corridor_net.render.words import say

if TYPE_CHECKING:
    from corridor_net.interchange.imported import Imported

COUNTED = {
    "node": "{count:n0|node|nodes}",
    "link": "{count:n0|link|links}",
    "sea_lane": "{count:n0|sea lane|sea lanes}",
    "service": "{count:n0|service|services}",
}
OPTIONS = {
    "length_unit": Ask("km, m, mi, ft, yd or nmi.", metavar="UNIT"),
    "speed_unit": Ask("km/h, mph, m/s, kn, ft/min.", metavar="UNIT"),
    "time_unit": Ask("h, min or s.", metavar="UNIT"),
    "measured": Ask("Take every length from the map."),
    "crs": Ask("Coordinate system of the source.", metavar="EPSG:N"),
    "swap_xy": Ask("Exchange longitude and latitude."),
    "schematic": Ask("Coordinates are a drawing only, or lacking."),
    "mode": Ask("Mode of every link: road, rail, rail_1520, waterway."),
    "gauge_mm": Ask("Gauge of rails that say none.", metavar="MM", option="--gauge"),
    "directed": Ask("Every link is one-way, or none.", metavar="yes|no"),
    "country": Ask("Country of nodes that say none.", metavar="XX"),
    "countries": Ask("Polygons of countries, or shipped.", metavar="FILE"),
    "borders": Ask("open, or crossings with defaults.", metavar="RULE"),
    "transfers": Ask("none, or shared: wherever modes meet.", metavar="RULE"),
    "nodes_at": Ask("Where lines meet: corners, ends or crossings.", metavar="RULE"),
    "snap_m": Ask("Join ends of lines within.", metavar="METRES", option="--snap"),
    "layer": Ask("Layer of a file, or sheet; tables take several: a,b."),
    "encoding": Ask("Encoding of the texts: cp1251, gb18030, …", metavar="NAME"),
    "join_km": Ask("Largest distance of a port from the lines."),
    "sailings_per_week": Ask("Sailings a week on each lane.", metavar="N", option="--sailings"),
    "origins": Ask("Origin of the study; repeatable.", metavar="NODE", option="--from"),
    "markets": Ask("Market of the study; repeatable.", metavar="NODE", option="--to"),
    "title": Ask("Title of the network."),
}
"""What of `ImportOptions` may be asked for."""
TYPES = get_type_hints(ImportOptions)
MORE = tuple(
    parameter(
        Parameter(name, Parameter.KEYWORD_ONLY, default=getattr(ImportOptions, name)), Annotated[TYPES[name], ask]
    )
    for name, ask in OPTIONS.items()
)


def run(
    kind: Annotated[
        str,
        Ask("gmns, lines, tables, tntp, matsim, gtfs, osm, networkx or excel (docs/own-network.md).", metavar="FORMAT"),
    ],
    *paths: Annotated[Path, Ask("Files or folder of that format.", metavar="PATH...")],
    out: Annotated[Path, Ask("Folder of the package to write.", metavar="DIR")],
    replace: Annotated[bool, Ask("Replace what the folder holds.")] = False,
    mapping: Annotated[Path | None, Ask("CSV kind,theirs,ours of columns and modes.", metavar="FILE")] = None,
    ports: Annotated[Path | None, Ask("Ports of a sea network: lanes between them.", metavar="FILE")] = None,
    tags: Annotated[str, Ask("Ways of OpenStreetMap to take.", metavar="K=V,...")] = "",
    kinds: Annotated[str, Ask("Routes of GTFS to take.")] = "ferry,train",
    **options: Any,
) -> None:
    """Make a data package of a network in another format; what was assumed is listed.

    Nothing is written when the network is refused.
    """
    from corridor_net.interchange.doors import import_network

    stop_cleanly()
    options |= {"ports": ports, "tags": tags or None, "kinds": tuple(name.strip() for name in kinds.split(","))}
    imported = import_network(kind, list(paths), mapping=mapping, **options)
    imported.write(out, replace=replace)
    say_imported(imported, out)


def say_imported(imported: Imported, out: Path) -> None:
    """Print what was imported, what was assumed and what to look at."""
    sizes = {table: len(imported.tables[table]) for table in COUNTED}
    counted = [reader().text(say(COUNTED[table], count=count)) for table, count in sizes.items() if count]
    tell(f"{imported.title}: {', '.join(counted)}")
    for head, lines in (("Assumed", imported.assumptions), ("Look at", imported.warnings)):
        if lines:
            tell(f"\n{head}:")
        for line in lines:
            tell(f"  - {line}")
    study = f", corridor-net run {out / 'study.yaml'} --geodata {out}" if len(imported.tables["market"]) else ""
    tell(f"\nWritten to {out}, with all this in ASSUMPTIONS.md. Next: corridor-net check --geodata {out}{study}")
