"""A table of links with the names of a mapping file, and a table of terminals that says where modes meet."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from corridor_net.errors import BadValue

from .frames import FALSE, LINK_NAMES, NODE_NAMES, raw_of
from .mapping import MODE_WORDS, check_columns, with_our_names
from .notes import Notes
from .options import Options
from .raw import Raw
from .text_tables import Table, read_table


def read_tables(paths: list[Path], options: Options, notes: Notes) -> Raw:
    """Read links, and with them nodes, terminals, or both: each file is told by its columns.

    Raises BadValue when no table, or more than one, has the two ends of links.
    """
    read = [read_table(path, notes) for path in paths]
    check_columns(options.names, read)
    named = [with_our_names(table, options.names, LINK_NAMES, Notes()) for table in read]
    links = [
        table for table, ours in zip(read, named, strict=True) if {"from_node_id", "to_node_id"} <= set(ours.frame)
    ]
    if len(links) != 1:
        raise BadValue(
            f"{len(links)} of the {len(read)} tables have the two ends of links",
            hint="one table has columns such as from_node_id and to_node_id; a mapping file (--mapping) says which",
        )
    nodes, terminals = None, None
    for table in read:
        if table is links[0]:
            continue
        if _terminal_columns(table, options):
            terminals = table
        else:
            nodes = table
    raw = raw_of(nodes, links[0], options, notes, source=Path(links[0].path).name)
    return raw if terminals is None else with_terminals(raw, terminals, options, notes)


def _terminal_columns(table: Table, options: Options) -> dict[str, str]:
    """Return the columns that say which modes a terminal has, and the mode of each."""
    words = {word: mode for mode in ("road", "rail", "waterway") for word in MODE_WORDS[mode].split()}
    found = {}
    for column in table.frame.columns:
        mode = options.names.terminals.get(column) or words.get(column.casefold().strip())
        if mode is not None and mode != "skip":
            found[column] = mode.split("_")[0]
    return found


def with_terminals(raw: Raw, table: Table, options: Options, notes: Notes) -> Raw:
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
