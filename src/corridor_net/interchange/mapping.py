"""The mapping file: which of their columns is which of ours, and which of their values is which mode or gauge.

A CSV of three columns, `kind,theirs,ours`, one row a name:

    kind,theirs,ours
    column,NODE1,from_node_id
    mode,3,road
    mode,2,rail_1520
    mode,7,skip
    terminal,IWW,waterway
    unit,length,mi
    gauge,broad,1676
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from corridor_net.errors import BadFile, BadValue, UnknownName, did_you_mean

from .headers import ALIASES, MEASURED, MODE_OF, ONLY_WITH_UNIT, parted, plain, statistics_of
from .notes import Notes, counted, some
from .options import NameMap
from .package import table_columns
from .text_tables import TextTable, read_table

KINDS = ("column", "mode", "terminal", "unit", "gauge")
UNITS = ("length", "speed", "time")
MODES = ("road", "rail", "waterway")
RAIL = re.compile(r"rail_\d{3,4}(;\d{3,4})*")
GAUGE = re.compile(r"\d{3,4}(;\d{3,4})*")


def read_name_map(path: Path, notes: Notes) -> NameMap:
    """Read a mapping file. Raises BadFile, and UnknownName for a kind or mode that is not known, with its place."""
    table = read_table(path, replace(notes, encoding=""))  # which encoding is named is that of the network
    lost = [name for name in ("kind", "theirs", "ours") if name not in table.frame]
    if lost:
        raise BadFile(
            f"the mapping file lacks the column '{lost[0]}'",
            place=table.whole,
            hint="its first line is: kind,theirs,ours",
        )
    found: dict[str, dict[str, str]] = {kind: {} for kind in KINDS}
    for position, (kind, theirs, ours) in enumerate(
        zip(table.text("kind"), table.text("theirs"), table.text("ours"), strict=True)
    ):
        if kind not in found:
            raise UnknownName(
                f"unknown kind '{kind}' in the mapping file",
                place=table.place(position, "kind"),
                hint=did_you_mean(kind, KINDS, otherwise=f"kinds: {', '.join(KINDS)}"),
            )
        if theirs in found[kind]:
            raise BadValue(
                f"the mapping file says twice what the {kind} '{theirs}' is",
                place=table.place(position, "theirs"),
                hint="leave one of the two rows out",
            )
        _check_ours(kind, theirs, ours, table, position)
        found[kind][theirs] = ours
    return NameMap(
        columns=found["column"],
        modes=found["mode"],
        terminals=found["terminal"],
        units=found["unit"],
        gauges=found["gauge"],
    )


def _check_ours(kind: str, theirs: str, ours: str, table: TextTable, position: int) -> None:
    """Raise UnknownName, with its place, for a mode, column or unit of ours that there is not."""
    if kind in ("mode", "terminal") and not _is_mode(ours):
        raise UnknownName(
            f"unknown mode '{ours}' in the mapping file",
            place=table.place(position, "ours"),
            hint="modes: road, rail, rail_1435 (with the gauge in mm), waterway, skip",
        )
    known = {*ALIASES, *(name for columns in table_columns().values() for name in columns)}
    if kind == "column" and ours not in known:
        raise UnknownName(
            f"unknown column '{ours}' in the mapping file",
            place=table.place(position, "ours"),
            hint=did_you_mean(ours, known, otherwise=f"columns: {', '.join(ALIASES)}, and those of the package"),
        )
    if kind == "gauge" and not GAUGE.fullmatch(ours):
        raise BadValue(
            f"gauge = '{ours}'",
            place=table.place(position, "ours"),
            hint="millimetres, for example 1520; two gauges as 1435;1520",
        )
    if kind == "unit" and theirs not in UNITS:
        raise UnknownName(
            f"unknown unit '{theirs}' in the mapping file",
            place=table.place(position, "theirs"),
            hint=did_you_mean(theirs, UNITS, otherwise=f"units: {', '.join(UNITS)}"),
        )


def _is_mode(text: str) -> bool:
    return text in (*MODES, "skip") or bool(RAIL.fullmatch(text))


def mapped_columns(table: TextTable, names: NameMap, known: Collection[str]) -> dict[str, str]:
    """Return what the mapping file says of columns of the table: of those `known`, or of the package's own."""
    found = {theirs: ours for theirs, ours in names.columns.items() if theirs in table.frame}
    return {theirs: ours for theirs, ours in found.items() if ours in known or ours not in ALIASES}


def with_our_names(table: TextTable, names: NameMap, known: Collection[str], notes: Notes) -> TextTable:
    """Return the table with its columns under our names: by the mapping file, else by `ALIASES`.

    What the mapping file says of columns of other tables (not in `known`) is passed over.
    """
    mapped = mapped_columns(table, names, known)
    wanted = [name for name in known if name not in mapped.values()]
    left = [name for name in table.frame.columns if name not in mapped]
    for ours in wanted:
        theirs = _theirs(ours, [name for name in left if name not in mapped])
        several = statistics_of(theirs, left) if theirs and ours in MEASURED and parted(theirs, ours)[1] else []
        if several:
            notes.warn(
                f"{theirs} of {table.name} was not read as {ours}, as {some(several)} stands beside it: a mapping file"
                " (--mapping) says which is meant"
            )
            continue
        if theirs is not None:
            mapped[theirs] = ours
            if theirs != ours:
                notes.assume(f"the column {theirs} of {table.name} was read as {ours}")
    return table.renamed(mapped)


def _theirs(ours: str, names: Sequence[str]) -> str | None:
    """Return the name that stands for a column of ours, one that names its unit only where no other does."""
    words = ALIASES.get(ours, ours).split()
    folded = {plain(name): name for name in names if plain(name) not in ONLY_WITH_UNIT}
    units = {parted(name, ours)[0]: name for name in names if parted(name, ours)[1]} if ours in MEASURED else {}
    return next((found[word] for found in (folded, units) for word in words if word in found), None)


def check_columns(names: NameMap, tables: Iterable[TextTable | None]) -> None:
    """Raise UnknownName for a column of the mapping file, or of its terminals, that no table has."""
    have = [str(name) for table in tables if table is not None for name in table.frame.columns]
    for theirs in (*names.columns, *names.terminals):
        if theirs not in have:
            raise UnknownName(
                f"the mapping file names the column '{theirs}', which no table has",
                hint=did_you_mean(theirs, have, otherwise=f"columns: {', '.join(have)}"),
            )


def modes_of(values: pd.Series, names: NameMap, what: str) -> tuple[pd.Series, pd.Series]:
    """Return mode and rail gauge of each value, '' where no gauge is said; 'skip' is a mode nobody may use.

    Values of the mapping file go first, then `MODE_WORDS`. Raises BadValue with all values that are neither.
    """
    found: dict[str, str] = {}
    unknown = []
    for value in pd.unique(values):
        text = str(value)
        mode = names.modes.get(text) or (text if _is_mode(text) else MODE_OF.get(plain(text)))
        if mode is None:
            unknown.append(text)
        else:
            found[text] = mode
    if unknown:
        count = int(values.isin(unknown).sum())
        raise BadValue(
            f"{counted(count, 'row has', 'rows have')} a mode that is not known: {some(sorted(unknown))}, in {what}",
            hint="say what they are in a mapping file (--mapping FILE), for example: mode," + unknown[0] + ",road",
        )
    gauges = {value: mode.removeprefix("rail_") if mode.startswith("rail_") else "" for value, mode in found.items()}
    made = [("rail" if gauges[value] else found[value], gauges[value]) for value in map(str, values)]
    mode, gauge = (pd.Series([row[n] for row in made], index=values.index, dtype=object) for n in (0, 1))
    return mode, gauge
