"""A table of links with the names of a mapping file, and a table of terminals that says where modes meet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from corridor_net.errors import BadFile, BadValue, Place, did_you_mean
from corridor_net.interchange.headers import MODE_OF, plain
from corridor_net.interchange.layers import layers_of, table_of_layer
from corridor_net.interchange.mapping import check_columns, with_our_names
from corridor_net.interchange.notes import Notes, some
from corridor_net.interchange.options import ImportOptions, names_in
from corridor_net.interchange.overlaps import refuse_overlaps
from corridor_net.interchange.raw import Raw
from corridor_net.interchange.shapes import are_shapes
from corridor_net.interchange.text_tables import TextTable, read_table, read_workbook, stacked
from corridor_net.network.files.foreign import NAMES as FORMATS
from corridor_net.network.files.foreign import looks_like
from corridor_net.network.files.sheet_table import SUFFIXES

from .frames import FALSE, LINK_NAMES, NODE_NAMES, raw_of

OF_LINKS = {"mode", "length", "length_km", "geometry"}
"""Columns that say that a table with two ends a row is one of links, and not of trips or of cargo."""


def read_tables(paths: list[Path], options: ImportOptions, notes: Notes, *, in_folder: bool = False) -> Raw:
    """Read links, and with them nodes, terminals, or both, each in one file or several: told by their columns.

    Of tables that were found `in_folder`, and not named one by one, what is neither is told and passed over.

    Raises BadValue when no table has the two ends of links.
    """
    unread: list[BadFile] = []
    read, unnamed = _read(paths, options, notes, unread if in_folder else None)
    check_columns(options.names, read)
    if in_folder or unnamed:
        read = _of_network(read, unnamed, options, notes)
    links: list[TextTable] = []
    nodes: list[TextTable] = []
    terminals: list[TextTable] = []
    for table in read:
        if {"from_node_id", "to_node_id"} <= set(with_our_names(table, options.names, LINK_NAMES, Notes()).frame):
            links.append(with_our_names(table, options.names, LINK_NAMES, notes))
        elif _terminal_columns(table, options):
            terminals.append(table)
        else:
            nodes.append(with_our_names(table, options.names, NODE_NAMES, notes))
    if unread and not links:
        raise unread[0]
    if not links:
        _refuse_lines(paths, read)
        raise BadValue(
            f"none of the {len(read)} tables has the two ends of links",
            hint="one table has columns such as from_node_id and to_node_id; a mapping file (--mapping) says which."
            f" Read: {'; '.join(f'{table.name}: {some([*table.frame])}' for table in read)}",
        )
    links, nodes = (_without_repeated(tables, notes) for tables in (links, nodes))
    raw = raw_of(stacked(nodes) if nodes else None, stacked(links), options, notes, source=stacked(links).name)
    return with_terminals(raw, stacked(terminals), options, notes) if terminals else raw


def _without_repeated(tables: list[TextTable], notes: Notes) -> list[TextTable]:
    """Return tables without rows that stand whole in one before, as files of two regions share their border."""
    seen: set[tuple[str, ...]] = set()
    kept, count = [], 0
    for table in tables if len(tables) > 1 else ():
        columns = sorted(table.frame.columns)
        rows = [(*columns, *cells) for cells in zip(*(table.frame[name] for name in columns), strict=True)]
        new = np.array([row not in seen for row in rows], bool)
        seen.update(rows)
        count += int((~new).sum())
        kept.append(replace(table, frame=table.frame[new]))
    if count:
        names = some([table.name for table in tables])
        notes.assume(f"rows of {names} that stand alike in two of them were read once: {count:,}")
    return kept or tables


def _of_network(
    read: list[TextTable], unnamed: list[list[TextTable]], options: ImportOptions, notes: Notes
) -> list[TextTable]:
    """Return the tables of a folder that are links, nodes or terminals.

    Of several with the two ends of links and other columns each, those of demand for one, the only one that says modes,
    lengths or drawings. Raises BadValue where that is none or several, and where a file of `unnamed` has several of one
    name but for a number: they may be of two years, or of two variants.
    """
    ours = [set(with_our_names(table, options.names, LINK_NAMES, Notes()).frame) for table in read]
    ends = [n for n, names in enumerate(ours) if {"from_node_id", "to_node_id"} <= names]
    links = ends
    if not ends:
        return read
    if len({frozenset(read[n].frame) for n in ends}) > 1:
        links = [n for n in ends if ours[n] & OF_LINKS]
        if len(links) != 1:
            raise _several(read, links or ends)
    elif any(_variants([read[n].name for n in ends if any(read[n] is table for table in file)]) for file in unnamed):
        raise _several(read, ends)
    _refuse_overlaps([read[n] for n in links], read, options, notes)
    kept = [
        n in links or (n not in ends and bool(_terminal_columns(table, options) or _has_places(table, options)))
        for n, table in enumerate(read)
    ]
    left = [table.name for table, keep in zip(read, kept, strict=True) if not keep]
    if left:
        notes.warn(f"tables that are neither links nor nodes were passed over: {', '.join(left)}")
    return [table for table, keep in zip(read, kept, strict=True) if keep]


def _refuse_overlaps(links: list[TextTable], read: list[TextTable], options: ImportOptions, notes: Notes) -> None:
    """Raise BadValue where two tables of links hold the same ones, by their ends and modes."""
    files = {}
    for table in links:
        named = with_our_names(table, options.names, LINK_NAMES, Notes())
        files[_layer(table)] = [
            *zip(*(named.text(name) for name in ("from_node_id", "to_node_id", "mode")), strict=True)
        ]
    others = [_layer(table) for table in read if not any(table is one for one in links)]
    refuse_overlaps(files, others, links[0].whole, notes)


def _layer(table: TextTable) -> str:
    """Return what --layer calls a table: its sheet or layer, or its file without the ending."""
    inner = re.fullmatch(r".*\[(.+)\]", table.name)
    return inner[1] if inner else Path(table.path).stem


def _variants(names: list[str]) -> bool:
    """Whether names of tables differ in their numbers alone, as `Tracks 2019` and `Tracks 2020` do."""
    words = [re.sub(r"[\W\d_]+", "", name.rpartition("[")[2]).lower() for name in names]
    return len(set(words)) < len(words)


def _several(read: list[TextTable], links: list[int]) -> BadValue:
    """Return the refusal of tables that may all be the links."""
    columns = [f"{read[n].name}: {some([*read[n].frame])}" for n in links]
    return BadValue(
        f"several tables may be the links: {'; '.join(columns)}",
        hint="--layer names the files that are meant, those of nodes too, such as --layer links,nodes",
    )


def _has_places(table: TextTable, options: ImportOptions) -> bool:
    """Whether a table has ids of nodes and where they lie."""
    names = set(with_our_names(table, options.names, NODE_NAMES, Notes()).frame)
    return "node_id" in names and ({"x_coord", "y_coord"} <= names or "geometry" in names)


def _refuse_lines(paths: list[Path], read: list[TextTable]) -> None:
    """Raise BadFile for lines whose ends nothing names: they meet where they are drawn."""
    drawn = any(are_shapes(table.text(name)) for table in read for name in table.frame)
    for path in paths:
        if looks_like(path) == "lines" or drawn:
            raise BadFile(
                f"this looks like {FORMATS['lines']}, not like {FORMATS['tables']}: no column names the ends of links",
                place=Place(str(path)),
                hint=f"corridor-net import lines {path}",
            )


def _read(
    paths: Sequence[Path], options: ImportOptions, notes: Notes, unread: list[BadFile] | None = None
) -> tuple[list[TextTable], list[list[TextTable]]]:
    """Return a table a file: of a workbook and of layers of a GIS, those named by `layer` if there are several.

    Also those of each file of which several were read because none is named. Raises BadValue where a name is none of
    them. Where `unread` is given, it takes why a workbook cannot be read, and that is passed over.
    """
    unnamed: list[list[TextTable]] = []
    wanted = names_in(options.layer)
    tables: list[TextTable] = []
    met: set[str] = set()
    for path in paths:
        if not path.exists() or path.suffix.casefold() in (".csv", ".txt", ".tsv"):
            tables.append(read_table(path, notes))
            met.add(path.stem)
            continue
        sheets = _sheets(path, wanted, notes, unread) if path.suffix.casefold() in SUFFIXES else {}
        if sheets is None:
            continue
        names = list(sheets) or [name for name, _ in layers_of(path)]
        met.update(names)
        chosen = [name for name in names if name in wanted]
        made = [sheets[name] if sheets else table_of_layer(path, name, notes) for name in chosen or names]
        if len(names) > 1 and not sheets:
            made = [replace(table, path=f"{path}[{name}]") for name, table in zip(chosen or names, made, strict=True)]
        if not chosen and len(names) > 1:
            unnamed.append(made)
        tables += made
    for name in [name for name in wanted if name not in met]:
        raise BadValue(
            f"no file has a layer '{name}'", hint=did_you_mean(name, met, otherwise=f"layers: {some([*met])}")
        )
    return tables, unnamed


def _sheets(path: Path, wanted: list[str], notes: Notes, unread: list[BadFile] | None) -> dict[str, TextTable] | None:
    """Return the sheets of a workbook; None for one that was passed over."""
    try:
        return read_workbook(path, notes, wanted)
    except BadFile as error:
        if unread is None:
            raise
        unread.append(error)
        notes.warn(f"{path.name} was passed over: {error.message}")
        return None


def _terminal_columns(table: TextTable, options: ImportOptions) -> dict[str, str]:
    """Return the columns that say which modes a terminal has, and the mode of each."""
    found = {}
    for column in table.frame.columns:
        mode = options.names.terminals.get(column) or MODE_OF.get(plain(column))
        if mode is not None and mode != "skip":
            found[column] = mode.split("_")[0]
    return found


def with_terminals(raw: Raw, table: TextTable, options: ImportOptions, notes: Notes) -> Raw:
    """Return the network with its terminals: those of the table, by node, each with the modes it marks.

    Names of terminals become names of their nodes. Raises BadValue when the table has no mark or no node.
    """
    columns = _terminal_columns(table, options)
    table = with_our_names(table, options.names, NODE_NAMES, notes)
    if not columns or "node_id" not in table.frame:
        raise BadValue(
            "the table of terminals has no column of nodes, or none of modes",
            hint="a column of node ids, and one a mode (road, rail, waterway) with 1 or 0; or say so in a mapping file",
        )
    node = table.text("node_id")
    marks = [
        pd.DataFrame({"node_id": node[marked], "mode": mode})
        for column, mode in columns.items()
        if (marked := ~table.text(column).str.casefold().isin(FALSE)).any()
    ]
    terminals = pd.concat(marks, ignore_index=True) if marks else pd.DataFrame(columns=["node_id", "mode"])
    names = dict(zip(node, table.text("name"), strict=True))
    called = raw.nodes["node_id"].map(names).fillna("").to_numpy(object)
    empty = (raw.nodes["name"] == "").to_numpy()
    return raw.but(nodes=raw.nodes.assign(name=np.where(empty, called, raw.nodes["name"])), terminals=terminals)
