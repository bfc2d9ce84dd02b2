"""The front doors: `from_frames`, `from_geodataframes`, `from_networkx`, `from_gmns`, `from_excel`, and by format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from corridor_net.errors import BadValue, did_you_mean
from corridor_net.interchange.completing.complete import complete
from corridor_net.interchange.listed.frames import package_table, raw_of

from .imported import Imported
from .mapping import check_columns, read_name_map
from .notes import Notes
from .options import ImportOptions, NameMap
from .text_tables import TextTable, text_frame

if TYPE_CHECKING:
    import geopandas
    import networkx
    import pandas as pd


OF_FILES = ("encoding", "layer")
"""Options of files alone."""


def make_options(notes: Notes, mapping: str | Path | NameMap | None = None, **options: Any) -> ImportOptions:
    """Return the options of these keywords; raise BadValue for one that is not known."""
    known = [name for name in ImportOptions.__dataclass_fields__ if name != "names"]
    for name in options:
        if name not in known:
            raise BadValue(f"unknown option '{name}'", hint=did_you_mean(name, known, otherwise=", ".join(known)))
    names = mapping if isinstance(mapping, NameMap) else read_name_map(Path(mapping), notes) if mapping else NameMap()
    return ImportOptions(names=names, **options)


def _options_without_files(notes: Notes, mapping: str | Path | NameMap | None, **options: Any) -> ImportOptions:
    """Return the options of what is in memory already; raise BadValue for one that says how files are read."""
    for name in OF_FILES:
        if options.get(name):
            raise BadValue(
                f"{name} has no effect on what is in memory", hint="leave it out; it says how files are read"
            )
    return make_options(notes, mapping, **options)


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
    the place of the defaults. Other options are those of `ImportOptions`.

    Raises BadValue and UnknownName with every fault of the data.

    >>> import pandas as pd
    >>> nodes = pd.DataFrame({"id": ["a", "b"], "lon": [20.1, 20.3], "lat": [45.2, 45.25]})
    >>> links = pd.DataFrame({"from": ["a"], "to": ["b"], "mode": ["road"], "length_km": [17.2]})
    >>> made = from_frames(nodes, links)
    >>> made.tables["node"]["node_id"].tolist()
    ['a', 'b']
    """
    notes = Notes()
    chosen = _options_without_files(notes, mapping, title=title, **options)
    node, link, terminal = (
        None if frame is None and name != "links" else text_frame(frame, name).filled()
        for frame, name in ((nodes, "nodes"), (links, "links"), (terminals, "terminals"))
    )
    check_columns(chosen.names, (node, link, terminal))
    raw = raw_of(node, cast(TextTable, link), chosen, notes, source=title)
    if terminal is not None:
        from corridor_net.interchange.listed.tables import with_terminals

        raw = with_terminals(raw, terminal, chosen, notes)
    given = {name: package_table(text_frame(frame, name), name) for name, frame in (tables or {}).items()}
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

    >>> import geopandas as gpd
    >>> from shapely.geometry import LineString
    >>> line = LineString([(20.1, 45.2), (20.3, 45.25)])
    >>> made = from_geodataframes(gpd.GeoDataFrame({"mode": ["road"]}, geometry=[line], crs="EPSG:4326"))
    >>> len(made.tables["node"]), made.tables["link"]["mode"].tolist()
    (2, ['road'])
    """
    from corridor_net.interchange.drawn.lines import raw_of_lines

    notes = Notes()
    chosen = _options_without_files(notes, mapping, title=title, **options)
    return complete(raw_of_lines(links, nodes, chosen, notes, source=title), chosen, notes)


def from_networkx(
    graph: networkx.Graph, *, title: str = "graph", mapping: str | Path | NameMap | None = None, **options: Any
) -> Imported:
    """Return the network of a networkx graph of any class; `Imported.to_networkx` gives the same graph back.

    Positions are the node attributes `x` and `y`, `lon` and `lat`, or `pos`; lengths the edge attribute `length_km`,
    `length` or `weight`. Raises BadValue as `from_frames`.

    >>> import networkx as nx
    >>> graph = nx.Graph()
    >>> graph.add_nodes_from([("a", {"x": 20.1, "y": 45.2}), ("b", {"x": 20.3, "y": 45.25})])
    >>> graph.add_edge("a", "b", length_km=17.2, mode="road")
    >>> sorted(from_networkx(graph).to_networkx().edges(data="length_km"))
    [('a', 'b', 17.2)]
    """
    from corridor_net.interchange.listed.graphs import raw_of_graph

    notes = Notes()
    chosen = _options_without_files(notes, mapping, title=title, **options)
    return complete(raw_of_graph(graph, chosen, notes, source=title), chosen, notes)


def from_gmns(folder: str | Path, *, mapping: str | Path | NameMap | None = None, **options: Any) -> Imported:
    """Return the network of a folder of GMNS tables; `Imported.to_gmns` gives the same tables back.

    Raises BadFile where a table is missing, and BadValue as `from_frames`.

    >>> import tempfile
    >>> import pandas as pd
    >>> nodes = pd.DataFrame({"id": ["a", "b"], "lon": [20.1, 20.3], "lat": [45.2, 45.25]})
    >>> links = pd.DataFrame({"from": ["a"], "to": ["b"], "mode": ["road"], "length_km": [17.2]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name, table in from_frames(nodes, links).to_gmns().items():
    ...         table.to_csv(f"{folder}/{name}.csv", index=False)
    ...     again = from_gmns(folder)
    >>> again.tables["link"]["length_km"].tolist()
    ['17.2']
    """
    return import_network("gmns", [Path(folder)], mapping=mapping, **options)


def from_excel(path: str | Path, *, mapping: str | Path | NameMap | None = None, **options: Any) -> Imported:
    """Return the network of an Excel workbook with a sheet a table: `node` and `link`, and any other of the package.

    Raises BadFile where a sheet is missing, and BadValue as `from_frames`.

    >>> import pathlib, tempfile
    >>> import pandas as pd
    >>> nodes = pd.DataFrame({"id": ["a", "b"], "lon": [20.1, 20.3], "lat": [45.2, 45.25]})
    >>> links = pd.DataFrame({"from": ["a"], "to": ["b"], "mode": ["road"], "length_km": [17.2]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "two.xlsx")
    ...     with pd.ExcelWriter(path) as book:
    ...         nodes.to_excel(book, sheet_name="node", index=False)
    ...         links.to_excel(book, sheet_name="link", index=False)
    ...     made = from_excel(path)
    >>> made.tables["link"]["mode"].tolist()
    ['road']
    """
    return import_network("excel", [Path(path)], mapping=mapping, **options)


def import_network(
    kind: str, paths: list[Path], *, mapping: str | Path | NameMap | None = None, **options: Any
) -> Imported:
    """Return the network of files of a format in `FORMATS`.

    Raises UnknownName for another format, BadFile where the files are not of that format, and BadValue with every
    fault of the data.
    """
    from .encodings import encoding_of
    from .formats import READ_BY, USUAL, check_looks, check_options, find_format, refuse_without_path
    from .named import paths_for

    notes = Notes(encoding=encoding_of(options.get("encoding") or ""))
    if not paths:
        refuse_without_path(kind)
    door = find_format(kind)
    map_file = Path(mapping) if isinstance(mapping, str | Path) else None
    in_folder = kind in ("tables", "lines") and not options.get("layer") and any(path.is_dir() for path in paths)
    paths = [one for path in paths for one in paths_for(kind, path, notes, map_file, options.get("layer", ""))]
    check_looks(kind, paths)
    check_options(kind, options)
    special = {name: options.pop(name) for name in USUAL if name in options}
    special = {name: value for name, value in special.items() if kind in READ_BY[name]}
    if in_folder:
        special["in_folder"] = True
    chosen = make_options(notes, mapping, **options)
    return door.read(paths, chosen, notes, **special)
