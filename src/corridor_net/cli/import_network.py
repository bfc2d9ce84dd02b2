"""The commands `import` and `new-network`: somebody's network, or a small one to start from, as a data package."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from corridor_net.cli.options import path_of, reader, tell
from corridor_net.errors import BadValue
from corridor_net.render.words import say

if TYPE_CHECKING:
    from corridor_net.interchange import Imported

COUNTED = {
    "node": "{count:n0|node|nodes}",
    "link": "{count:n0|link|links}",
    "sea_lane": "{count:n0|sea lane|sea lanes}",
    "service": "{count:n0|service|services}",
}
FormatArgument = Annotated[
    str,
    typer.Argument(
        metavar="FORMAT", help="gmns, lines, tables, tntp, matsim, gtfs, osm, networkx or excel (docs/own-network.md)."
    ),
]
PathsArgument = Annotated[
    list[Path] | None, typer.Argument(metavar="PATH...", help="Files or folder of that format.", parser=path_of)
]


def import_network(  # noqa: PLR0913 (each is an option of the command)
    kind: FormatArgument,
    paths: PathsArgument = None,
    *,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder of the package to write.", parser=path_of)],
    replace: Annotated[bool, typer.Option("--replace", help="Replace what the folder holds.")] = False,
    mapping: Annotated[
        Path | None,
        typer.Option("--mapping", metavar="FILE", help="CSV kind,theirs,ours of columns and modes.", parser=path_of),
    ] = None,
    length_unit: Annotated[str, typer.Option("--length-unit", metavar="UNIT", help="km, m, mi, ft, yd or nmi.")] = "",
    speed_unit: Annotated[str, typer.Option("--speed-unit", metavar="UNIT", help="km/h, mph, m/s, kn, ft/min.")] = "",
    time_unit: Annotated[str, typer.Option("--time-unit", metavar="UNIT", help="h, min or s.")] = "",
    measured: Annotated[bool, typer.Option("--measured", help="Take every length from the map.")] = False,
    crs: Annotated[str, typer.Option("--crs", metavar="EPSG:N", help="Coordinate system of the source.")] = "",
    swap_xy: Annotated[bool, typer.Option("--swap-xy", help="Exchange longitude and latitude.")] = False,
    schematic: Annotated[bool, typer.Option("--schematic", help="Coordinates are a drawing only, or lacking.")] = False,
    mode: Annotated[str, typer.Option("--mode", help="Mode of every link: road, rail, rail_1520, waterway.")] = "",
    gauge: Annotated[str, typer.Option("--gauge", metavar="MM", help="Gauge of rails that say none.")] = "1435",
    directed: Annotated[str, typer.Option("--directed", metavar="yes|no", help="Every link is one-way, or none.")] = "",
    country: Annotated[str, typer.Option("--country", metavar="XX", help="Country of nodes that say none.")] = "",
    countries: Annotated[
        Path | None,
        typer.Option("--countries", metavar="FILE", help="Polygons of countries, or shipped.", parser=path_of),
    ] = None,
    borders: Annotated[
        str, typer.Option("--borders", metavar="RULE", help="open, or crossings with defaults.")
    ] = "open",
    transfers: Annotated[
        str, typer.Option("--transfers", metavar="RULE", help="none, or shared: wherever modes meet.")
    ] = "",
    nodes_at: Annotated[
        str, typer.Option("--nodes-at", metavar="RULE", help="Where lines meet: corners, ends or crossings.")
    ] = "corners",
    snap: Annotated[float, typer.Option("--snap", metavar="METRES", help="Join ends of lines within.")] = 0.0,
    layer: Annotated[str, typer.Option("--layer", help="Layer of a file, or sheet; tables take several: a,b.")] = "",
    ports: Annotated[
        Path | None,
        typer.Option("--ports", metavar="FILE", help="Ports of a sea network: lanes between them.", parser=path_of),
    ] = None,
    join_km: Annotated[float, typer.Option("--join-km", help="Largest distance of a port from the lines.")] = 100.0,
    sailings: Annotated[float, typer.Option("--sailings", metavar="N", help="Sailings a week on each lane.")] = 0.0,
    tags: Annotated[str, typer.Option("--tags", metavar="K=V,...", help="Ways of OpenStreetMap to take.")] = "",
    kinds: Annotated[str, typer.Option("--kinds", help="Routes of GTFS to take.")] = "ferry,train",
    origins: Annotated[
        list[str] | None, typer.Option("--from", metavar="NODE", help="Origin of the study; repeatable.")
    ] = None,
    markets: Annotated[
        list[str] | None, typer.Option("--to", metavar="NODE", help="Market of the study; repeatable.")
    ] = None,
    title: Annotated[str, typer.Option("--title", help="Title of the network.")] = "",
) -> None:
    """Make a data package of a network in another format; what was assumed is listed.

    Nothing is written when the network is refused.
    """
    from corridor_net.interchange import import_network as read

    stop_cleanly()
    imported = read(
        kind,
        paths or refuse_without_path(kind),
        mapping=mapping,
        length_unit=length_unit,
        speed_unit=speed_unit,
        time_unit=time_unit,
        measured=measured,
        crs=crs,
        swap_xy=swap_xy,
        schematic=schematic,
        mode=mode,
        gauge_mm=gauge,
        directed=directed,
        country=country,
        countries=countries,
        borders=borders,
        transfers=transfers,
        nodes_at=nodes_at,
        snap_m=snap,
        layer=layer,
        join_km=join_km,
        sailings_per_week=sailings,
        origins=tuple(origins or ()),
        markets=tuple(markets or ()),
        title=title,
        ports=ports,
        tags=tags or None,
        kinds=tuple(name.strip() for name in kinds.split(",")),
    )
    imported.write(out, replace=replace)
    say_imported(imported, out)


def refuse_without_path(kind: str) -> NoReturn:
    """Raise BadValue: there is a format and no file, or a file and no format."""
    from corridor_net.network.files.foreign import NAMES, looks_like, within

    path = Path(kind)
    if path.exists():
        looks = {path: looks_like(path)}
        looks |= within(path) if path.is_dir() and not looks[path] else {}
        found = next(((one, format_) for one, format_ in looks.items() if format_ in NAMES), None)
        hint = f"corridor-net import {found[1]} {found[0]}" if found else f"corridor-net import FORMAT {kind}"
        raise BadValue("the format is missing", hint=hint + ("" if found else f"; formats: {', '.join(NAMES)}"))
    raise BadValue(f"no file is named after '{kind}'", hint="corridor-net import FORMAT PATH --out DIR")


def new_network(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder to write; it must be new or empty.", parser=path_of)
    ],
) -> None:
    """Write a small network that runs, with a page that explains its tables, to start from."""
    from corridor_net.interchange.starter import write_starter

    stop_cleanly()
    write_starter(folder)
    tell(f"Written to {folder}: read {folder / 'README.md'}, then")
    tell(f"  corridor-net route northgate harbour --geodata {folder}")


def stop_cleanly() -> None:
    """Let a polite end of the process (SIGTERM) clean up as Ctrl-C does."""

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)


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
