"""The front doors: `from_frames`, `from_geodataframes`, `from_networkx`, `from_gmns`, `from_excel`, and by format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from corridor_net.errors import BadValue, did_you_mean

from .complete import complete
from .frames import raw_of, text_frame
from .imported import Imported
from .mapping import NameMap, check_columns, read_name_map
from .notes import Notes
from .options import Options
from .text_tables import Table

if TYPE_CHECKING:
    import geopandas
    import networkx
    import pandas as pd


def make_options(notes: Notes, mapping: str | Path | NameMap | None = None, **options: Any) -> Options:
    """Return the options of these keywords; raise BadValue for one that is not known."""
    known = [name for name in Options.__dataclass_fields__ if name != "names"]
    for name in options:
        if name not in known:
            raise BadValue(f"unknown option '{name}'", hint=did_you_mean(name, known, otherwise=", ".join(known)))
    names = mapping if isinstance(mapping, NameMap) else read_name_map(Path(mapping), notes) if mapping else NameMap()
    return Options(names=names, **options)


def from_frames(
    nodes: pd.DataFrame | None,
    links: pd.DataFrame,
    *,
    terminals: pd.DataFrame | None = None,
    tables: Mapping[str, pd.DataFrame] | None = None,
    title: str = "frames",
    mapping: str | Path | NameMap | None = None,
    **options: Any,
) -> Imported:
    """Return the network of a table of nodes and one of links.

    Columns have our names, usual names (`lon`, `from`, `u`, `length_m` …), or those of a mapping file. Without
    `nodes`, these are where the drawings of the links begin and end. `tables` are tables of the package that take
    the place of the defaults. Other options are those of `Options`.

    Raises BadValue and UnknownName with every fault of the data.
    """
    notes = Notes()
    chosen = make_options(notes, mapping, title=title, **options)
    node, link, terminal = (
        None if frame is None else text_frame(frame, name)
        for frame, name in ((nodes, "nodes"), (links, "links"), (terminals, "terminals"))
    )
    check_columns(chosen.names, (node, link, terminal))
    raw = raw_of(node, cast(Table, link), chosen, notes, source=title)
    if terminal is not None:
        from .tables import with_terminals

        raw = with_terminals(raw, terminal, chosen, notes)
    given = {name: frame.astype(object).fillna("") for name, frame in (tables or {}).items()}
    return complete(raw.but(tables=given), chosen, notes)


def from_geodataframes(
    links: geopandas.GeoDataFrame,
    nodes: geopandas.GeoDataFrame | None = None,
    *,
    title: str = "lines",
    mapping: str | Path | NameMap | None = None,
    **options: Any,
) -> Imported:
    """Return the network of lines; nodes are made where lines meet, unless the lines name theirs and `nodes` are given.

    Raises BadValue for geometry that is no line, and as `from_frames`.
    """
    from .lines import raw_of_lines

    notes = Notes()
    chosen = make_options(notes, mapping, title=title, **options)
    return complete(raw_of_lines(links, nodes, chosen, notes, source=title), chosen, notes)


def from_networkx(
    graph: networkx.Graph, *, title: str = "graph", mapping: str | Path | NameMap | None = None, **options: Any
) -> Imported:
    """Return the network of a networkx graph of any class; `Imported.to_networkx` gives the same graph back.

    Positions are the node attributes `x` and `y`, `lon` and `lat`, or `pos`; lengths the edge attribute `length_km`,
    `length` or `weight`. Raises BadValue as `from_frames`.
    """
    from .graphs import raw_of_graph

    notes = Notes()
    chosen = make_options(notes, mapping, title=title, **options)
    return complete(raw_of_graph(graph, chosen, notes, source=title), chosen, notes)


def from_gmns(folder: str | Path, *, mapping: str | Path | NameMap | None = None, **options: Any) -> Imported:
    """Return the network of a folder of GMNS tables; `Imported.to_gmns` gives the same tables back.

    Raises BadFile where a table is missing, and BadValue as `from_frames`.
    """
    return import_network("gmns", [Path(folder)], mapping=mapping, **options)


def from_excel(path: str | Path, *, mapping: str | Path | NameMap | None = None, **options: Any) -> Imported:
    """Return the network of an Excel workbook with a sheet a table: `node` and `link`, and any other of the package.

    Raises BadFile where a sheet is missing, and BadValue as `from_frames`.
    """
    return import_network("excel", [Path(path)], mapping=mapping, **options)


def import_network(
    kind: str, paths: list[Path], *, mapping: str | Path | NameMap | None = None, **options: Any
) -> Imported:
    """Return the network of files of a format in `FORMATS`.

    Raises UnknownName for another format, BadFile where the files are not of that format, and BadValue with every
    fault of the data.
    """
    from .formats import check_looks, find_format

    notes = Notes()
    read = find_format(kind)
    check_looks(kind, paths)
    special = {name: options.pop(name) for name in ("ports", "tags", "kinds") if name in options}
    chosen = make_options(notes, mapping, **options)
    return read(paths, chosen, notes, **special)
