"""What files of trade statistics call countries and provinces, and which cargo profile a code of goods belongs to."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from corridor_net.errors import BadValue
from corridor_net.network import Network
from corridor_net.network.reading.read import shipped_rows

ANY = "any"
"""Names that hold in files of every form."""
LETTERS = ("country_iso3", "iso_3digit_alpha")
CALLED = (
    "country_code",
    "country_name",
    "country_name_full",
    "country_name_abbreviation",
    "country_iso2",
    "iso_2digit_alpha",
)
"""Columns of BACI's list of countries, of this day and of earlier ones."""


@dataclass(frozen=True, eq=False)
class Parties:
    """Names of table party, by form and without capitals; those of the package before the shipped ones."""

    known: Mapping[tuple[str, str], str]

    @classmethod
    def of(cls, network: Network) -> Parties:
        """Read the names of a network."""
        rows = (*shipped_rows("party"), *network.tables.get("party", ()))
        return cls(
            {(ANY, row.party.casefold()): row.party for row in rows}
            | {(row.form, row.name.casefold()): row.party for row in rows}
        )

    def with_codes(self, folder: Path) -> Parties:
        """Return these with the countries of BACI's own list, `country_codes_V….csv`, where it lies in a folder.

        Names that are known go before; a list of other columns says nothing.
        """
        path = max(folder.glob("country_codes*.csv"), default=None)
        rows = list(csv.DictReader(_text(path).splitlines())) if path else []
        letters = next((one for one in LETTERS if rows and one in rows[0]), "")
        told: dict[tuple[str, str], str] = {}
        for row in rows if letters else ():
            number = row.get("country_code", "")
            party = self.known.get((ANY, number)) or row[letters].strip() or number
            cells = (row.get(column) for column in (*CALLED, letters))
            told |= {(ANY, cell.strip().casefold()): party for cell in cells if cell}
        return Parties({**told, **self.known})

    def party(self, text: str, form: str = ANY, *, alone: bool = False) -> str:
        """Return how a party is called here: letters of a country or a province's name; itself where unknown.

        `alone`: only names of the form count, as its numbers are not those of the others.

        >>> import corridor_net as cn
        >>> parties = Parties.of(cn.load().network)
        >>> parties.party("392"), parties.party("黑龙江省"), parties.party("ABW")
        ('JPN', 'Heilongjiang', 'ABW')
        >>> parties.party("105", "Japan customs", alone=True)
        'CHN'
        """
        bare = str(text).strip()
        for name in (bare.casefold(), bare.lstrip("0").casefold()):
            for one in (form,) if alone else (form, ANY):
                if (one, name) in self.known:
                    return self.known[one, name]
        return bare


def _text(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


Sector = Callable[[str], str | None]


def sectors_of(network: Network) -> Sector:
    """Return what gives the cargo profile of a code of the Harmonized System: the longest of column hs that fits.

    Raises BadValue for a code that stands with two profiles.

    >>> import corridor_net as cn
    >>> sector = sectors_of(cn.load().network)
    >>> sector("070320"), sector("8708"), sector("270900")
    ('garlic_40', 'parts_40', None)
    """
    found: dict[str, str] = {}
    for row in network.rows("cargo"):
        for code in row.hs.split():
            if found.setdefault(code, row.cargo_id) != row.cargo_id:
                raise BadValue(
                    f"goods {code} stand with two cargo profiles, {found[code]} and {row.cargo_id}",
                    hint="one profile for each code in column hs of table cargo",
                )
    return partial(_longest, found)


def _longest(sectors: Mapping[str, str], code: str) -> str | None:
    return next((sectors[code[:n]] for n in range(len(code), 1, -1) if code[:n] in sectors), None)
