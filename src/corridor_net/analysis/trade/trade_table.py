"""The trade of one year as one table, whatever form it was published in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corridor_net.errors import BadValue, did_you_mean

from .parties import Parties

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False, kw_only=True)
class TradeTable:
    """Trade of one year; `rows` has `exporter`, `importer`, `code`, `musd` and `tonnes`. `form` is what it was."""

    path: str
    form: str
    year: int
    years: tuple[int, ...]
    parties: Parties = field(repr=False)
    rows: pd.DataFrame = field(repr=False)

    def named(self, name: str, column: str) -> str:
        """Return a party of a column by any of its names; raise BadValue with the nearest where it is not there."""
        known = set(self.rows[column].unique())
        found = self.parties.party(name)
        if found not in known:
            hint = did_you_mean(found, sorted(known), otherwise=f"for example {', '.join(sorted(known)[:5])}")
            if self.form == "BACI" and found.isalpha():
                hint = f"{hint}; numbers of BACI have names by its own country_codes_V….csv, beside the file"
            raise BadValue(f"'{name}' is no {column} of {Path(self.path).name}", hint=hint)
        return found

    def by_code(self, exporter: str | None = None, importer: str | None = None) -> pd.Series:
        """Return million USD by code, of one exporter and one importer where they are named."""
        rows = self.rows
        if exporter is not None:
            rows = rows[rows["exporter"] == exporter]
        if importer is not None:
            rows = rows[rows["importer"] == importer]
        return rows.groupby("code", observed=True)["musd"].sum()
