"""Columns of the package that the source has itself: they take the place of what is filled in."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from corridor_net.interchange.notes import Notes, some
from corridor_net.interchange.package import table_columns
from corridor_net.interchange.raw import Raw
from corridor_net.network.reading.package import shipped_package


def without_strangers(raw: Raw, tables: Mapping[str, pd.DataFrame], notes: Notes) -> Raw:
    """Return the network, its own columns that name rows of a table which did not come kept beside the package.

    `source_id` of another network, for one: nothing here says what its sources are.
    """
    if not raw.own_columns:
        return raw
    changes = {}
    for name in ("node", "link"):
        frame = getattr(raw, f"{name}_attributes")
        strange = [] if frame is None else _strange(name, frame, {**tables, **raw.tables})
        if strange:
            notes.warn(
                f"columns of the table {name} name rows of tables that did not come with them, and are kept beside: "
                f"{some(strange)}"
            )
            changes[f"{name}_attributes"] = frame.rename(columns={column: _free(column, frame) for column in strange})
    return raw.but(**changes)


def _free(column: str, frame: pd.DataFrame) -> str:
    """Return what a column of theirs is called beside the package: with a number where that name is taken."""
    tries = (f"their_{column}", *(f"their_{column}_{number}" for number in range(2, len(frame.columns) + 3)))
    return next(name for name in tries if name not in frame)


def _strange(name: str, frame: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """Return the columns of a table of which a cell names a row that its table does not have."""
    found = []
    for key in shipped_package().tables[name].foreign_keys:
        column, target = key.columns[0], key.targets[0]
        if len(key.columns) == 1 and column in frame and column != f"{name}_id" and column != "country":
            known = set(tables.get(key.table, pd.DataFrame()).get(target, ()))
            if not set(frame[column]) - {""} <= known:
                found.append(column)
    return found


def with_own(made: pd.DataFrame, raw: Raw, table: str) -> pd.DataFrame:
    """Return rows with the columns of the package that the source gives itself, where it gives them."""
    attributes, key = getattr(raw, f"{table}_attributes"), f"{table}_id"
    if attributes is None:
        return made
    given = attributes.drop_duplicates(key).set_index(key).reindex(made[key]).fillna("")
    for column in table_columns()[table]:
        if column not in given or column == key:
            continue
        cells = given[column].to_numpy(object)
        made[column] = np.where(cells == "", made[column].to_numpy(object) if column in made else "", cells)
    return made


def kept_beside(raw: Raw, table: str) -> pd.DataFrame | None:
    """Return the attributes that did not go into the package."""
    frame: pd.DataFrame | None = getattr(raw, f"{table}_attributes")
    if frame is None or not raw.own_columns:
        return frame
    ours = set(table_columns()[table])
    kept = [name for name in frame.columns if name == f"{table}_id" or name not in ours]
    return frame[kept] if len(kept) > 1 else None
