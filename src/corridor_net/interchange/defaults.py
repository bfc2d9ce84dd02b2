"""The named default costs of an imported network: tables of the package, each row grade D with its basis."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from corridor_net.network.read import shipped_folder

FOLDER = Path(__file__).parent / "defaults"
SOURCE = "DEFAULT"
GIVEN = "GIVEN"
DERIVED = "DERIVED"


def default_rows(table: str) -> pd.DataFrame:
    """Return the default rows of a table as text, with source and grade."""
    frame = pd.read_csv(FOLDER / f"{table}.csv", dtype=str, keep_default_na=False)
    return frame.assign(source_id=SOURCE, grade="D").astype(object)


def prices() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return price index and dollar rates of the shipped network, and the sources they name."""
    folder = shipped_folder("geodata")
    index, rates, sources = (
        pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False).astype(object)
        for name in ("deflator", "exchange_rate", "source")
    )
    rates = rates[rates["currency"] == "USD"]
    used = set(index["source_id"]) | set(rates["source_id"])
    return index, rates, sources[sources["source_id"].isin(used)]


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
