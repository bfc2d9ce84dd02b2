"""The named default costs of an imported network: tables of the package, each row grade D with its basis."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from corridor_net.network.reading.package import shipped_folder
from corridor_net.network.rows import VOCABULARY

from .notes import Notes
from .package import read_cells

FOLDER = Path(__file__).parent / "defaults"
SOURCE = "DEFAULT"
GIVEN = "GIVEN"
DERIVED = "DERIVED"


def default_rows(table: str) -> pd.DataFrame:
    """Return the default rows of a table as text, with source and grade."""
    return read_cells(FOLDER / f"{table}.csv").assign(source_id=SOURCE, grade="D").astype(object)


def prices() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return price index and dollar rates of the shipped network, and its sources."""
    index, rates, sources = (_shipped(name) for name in ("deflator", "exchange_rate", "source"))
    return index, rates[rates["currency"] == "USD"], sources


def prices_until(year: int, notes: Notes) -> dict[str, pd.DataFrame]:
    """Return price index and rates that also hold in a year without them: as in the nearest year that has them."""
    made = {}
    for table, frame in zip(("deflator", "exchange_rate"), prices(), strict=False):
        years = frame["year"].astype(int)
        nearest = min(max(year, years.min()), years.max())
        gap = range(nearest + 1, year + 1) if year > nearest else range(year, nearest)
        told = {"source_id": SOURCE, "grade": "D", "basis": f"default: as in {nearest}, the nearest year with a figure"}
        rows = [frame[years == nearest].assign(year=str(other), **told) for other in gap]
        made[table] = pd.concat([frame, *rows], ignore_index=True)
        if rows:
            notes.assume(f"prices of {year} are those of {nearest}, as there is no index beyond")
    return made


def country_rows(codes: Iterable[str]) -> pd.DataFrame:
    """Return the rows of table `country` for these codes: those of the shipped network, else the code as the name.

    A country without a time zone is one whose nodes must name theirs, once a question needs the clock.
    """
    shipped, wanted = _shipped("country"), set(codes)
    known = shipped[shipped["country"].isin(wanted)]
    rest = sorted(wanted - set(known["country"]))
    told = {"source_id": SOURCE, "grade": "D", "basis": "default: the source does not name it"}
    rows = pd.DataFrame([{"country": code, "name": code, **told} for code in rest], columns=known.columns, dtype=object)
    return pd.concat([known, rows.fillna("")], ignore_index=True)


def vocabulary() -> dict[str, pd.DataFrame]:
    """Return the shipped codes by table: modes, components, kinds of place and the rest of the vocabulary."""
    return {name: _shipped(name) for name in VOCABULARY}


def _shipped(table: str) -> pd.DataFrame:
    return read_cells(shipped_folder("geodata") / f"{table}.csv")


def sources(title: str) -> pd.DataFrame:
    """Return the sources of an import: what the data gave, what was derived from it, what is a default."""
    rows = [
        (GIVEN, f"as given in {title}", "imported"),
        (DERIVED, f"derived from {title} by the formula in basis", "imported"),
        (
            SOURCE,
            "default of corridor-net for imported networks, to be replaced by figures of your own",
            "own estimate",
        ),
    ]
    return pd.DataFrame(rows, columns=["source_id", "title", "citation_status"]).astype(object)
