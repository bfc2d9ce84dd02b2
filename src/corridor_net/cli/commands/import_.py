"""Make a data package of a network in another format; what was assumed is listed.

Nothing is written when the network is refused.
"""

from __future__ import annotations

from dataclasses import fields
from inspect import Parameter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from corridor_net.cli.options import reader, tell
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
TYPES = get_type_hints(ImportOptions)
MORE = tuple(
    parameter(
        Parameter(one.name, Parameter.KEYWORD_ONLY, default=one.default),
        Annotated[TYPES[one.name], Ask(**one.metadata)],
    )
    for one in fields(ImportOptions)
    if one.metadata
)
"""What of `ImportOptions` may be asked for."""


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
    from corridor_net.interchange.doors import import_network

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
            tell("\n".join(lines), mark="  - ")
    study = f", corridor-net run {out / 'study.yaml'} --geodata {out}" if len(imported.tables["market"]) else ""
    tell(f"\nWritten to {out}, with all this in ASSUMPTIONS.md. Next: corridor-net check --geodata {out}{study}")
