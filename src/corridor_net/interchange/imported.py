"""`Imported`: a network that came through a door, whole and in memory, with what was assumed on the way."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from corridor_net.errors import DataFault
from corridor_net.network import Network
from corridor_net.network.files.csv_cells import frame_csv
from corridor_net.network.rows import VOCABULARY

from .notes import counted
from .package import ATTRIBUTES, described, read_attributes, read_cells, read_origin, table_columns, write_folder

if TYPE_CHECKING:
    import networkx


IMPORTED_HAS = "it has .tables, .report(), and .write('mine'), whose folder corridor_net.load takes"


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Imported:
    """The tables of a data package, as text, and the assumptions and warnings of the import.

    `tables` has every table of the package, also the empty ones. `node_attributes` and `link_attributes` hold what
    the source says beside, under its own column names; `origin` says of what kind the source was, and `own` are
    properties of the package: the day it is seen on, and the countries without borders between them.

    >>> import pandas as pd
    >>> nodes = pd.DataFrame({"node_id": ["a", "b"], "x": [20.1, 20.3], "y": [45.2, 45.25]})
    >>> links = pd.DataFrame({"from": ["a"], "to": ["b"], "mode": ["rail"], "length_km": [17.2]})
    >>> import corridor_net as cn
    >>> cn.from_frames(nodes, links).tables["link"]["length_km"].tolist()
    ['17.2']
    """

    title: str
    tables: Mapping[str, pd.DataFrame]
    assumptions: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    origin: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)
    node_attributes: pd.DataFrame | None = None
    link_attributes: pd.DataFrame | None = None

    def __repr__(self) -> str:
        nodes, links = counted(len(self.nodes), "node", "nodes"), counted(len(self.links), "link", "links")
        told = f"{counted(len(self.assumptions), 'assumption', 'assumptions')}, {len(self.warnings)} to look at"
        return f"<Imported {self.title}: {nodes}, {links}; {told}>"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(f"an Imported has no '{name}'; {IMPORTED_HAS}")

    @property
    def nodes(self) -> pd.DataFrame:
        """The table of nodes."""
        return self.tables["node"]

    @property
    def links(self) -> pd.DataFrame:
        """The table of links."""
        return self.tables["link"]

    def files(self, name: str) -> dict[str, str]:
        """Return the texts of the package folder by file name; `name` is the name of the package."""
        extras = {
            table: frame
            for attribute, (table, _) in ATTRIBUTES.items()
            if (frame := getattr(self, attribute)) is not None
        }
        package = described(package_name(name), self.title, self.own, self.origin, extras)
        texts = {f"{table}.csv": frame_csv(frame) for table, frame in {**self.tables, **extras}.items()}
        texts["datapackage.json"] = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
        texts["ASSUMPTIONS.md"] = self.report()
        return texts | study_files(self, name)

    def write(
        self, folder: str | Path, *, replace: bool = False, look: Callable[[Network], object] | None = None
    ) -> Path:
        """Write the package folder, whole or not at all; return its path.

        `look` is shown the network as it is read back, before the folder appears; what it raises stops the writing.
        Raises BadValue when the folder holds something already and `replace` is not set, BadFile when it cannot be
        written, DataFault when the package could not be read again.
        """
        path = Path(folder)

        def check(made: Path) -> None:
            network = read_back(made)
            if look is not None:
                look(network)

        write_folder(path, self.files(path.name), replace=replace, check=check)
        return path

    def network(self) -> Network:
        """Return the network, read and checked as from a folder. Raises DataFault with every fault."""
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "network"
            write_folder(folder, self.files(folder.name))
            network = read_back(folder)
        return replace(network, folder="")  # it is there no more

    def report(self) -> str:
        """Return ASSUMPTIONS.md: counts, assumptions, warnings, and where default costs stand."""
        told = {table: frame for table, frame in self.tables.items() if table not in ("source", *VOCABULARY)}
        counts = [f"{len(frame):,} {table}" for table, frame in told.items() if len(frame)]
        defaults = [
            f"`{table}.csv`: {int((frame['source_id'] == 'DEFAULT').sum()):,} rows"
            for table, frame in self.tables.items()
            if "source_id" in frame and (frame["source_id"] == "DEFAULT").any()
        ]
        parts = [
            f"# {self.title}",
            f"Imported by corridor-net. Rows: {', '.join(counts)}.",
            "## Assumptions",
            _listed(self.assumptions, "Nothing was assumed."),
            "## Warnings",
            _listed(self.warnings, "Nothing looked wrong."),
            "## Default figures",
            "Rows with the source DEFAULT are defaults of grade D: our own estimates, to be replaced by your figures."
            if defaults
            else "The package rests on no default.",
            _listed(defaults, ""),
        ]
        return "\n\n".join(part for part in parts if part) + "\n"

    @classmethod
    def from_folder(cls, folder: str | Path) -> Imported:
        """Read an imported package again, with its attributes. Raises DataFault as the reader of packages does."""
        path = Path(folder)
        Network.from_folder(path)
        tables = {}
        for table, columns in table_columns().items():
            file = path / f"{table}.csv"
            tables[table] = read_cells(file) if file.exists() else pd.DataFrame(columns=columns, dtype=object)
        return cls(title=path.name, tables=tables, origin=read_origin(path), **read_attributes(path))

    def to_gmns(self) -> dict[str, pd.DataFrame]:
        """Return the tables node, link, geometry and config of GMNS, with the attributes as they came."""
        from corridor_net.interchange.listed.gmns_out import to_gmns

        return to_gmns(self)

    def to_networkx(self) -> networkx.Graph:
        """Return the networkx graph this was made of, of the same class, with the same attributes.

        Raises BadValue for a network that was not made of a graph.
        """
        from corridor_net.interchange.listed.graphs import to_networkx

        return to_networkx(self)


def read_back(folder: Path) -> Network:
    """Return the network of a package that is about to appear; raise DataFault, with places in its tables."""
    try:
        return Network.from_folder(folder)
    except DataFault as error:
        inside = f"{folder}{os.sep}"
        faults = [
            fault.moved(fault.place and replace(fault.place, path=fault.place.path.removeprefix(inside)))
            for fault in error.faults
        ]
        message = "the package would not be sound, and was not written"
        raise DataFault(message, hint="mend the source: the places are those of the package", faults=faults) from None


STUDY = """study: {name}
title: {title}
baselines: [baseline.yaml]
scenarios: []
"""
BASELINE = """scenario: baseline
title: As it is
as_of: {day}
changes: []
"""


def study_files(imported: Imported, name: str) -> dict[str, str]:
    """Return a study without scenarios, and its baseline, for a package with origins and markets; else nothing."""
    if not len(imported.tables["market"]):
        return {}
    day = imported.own.get("day") or str(Network.__dataclass_fields__["day"].default)
    plain = package_name(name).replace("_", "-").replace(".", "-")
    return {
        "study.yaml": STUDY.format(name=plain, title=json.dumps(imported.title, ensure_ascii=False)),
        "baseline.yaml": BASELINE.format(day=day),
    }


def package_name(name: str) -> str:
    """Return a name in the letters that names of packages may have.

    >>> package_name("My Port (2)")
    'my-port--2'
    """
    kept = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_.") else "-" for sign in name.casefold())
    return kept.strip("-_.") or "network"


def _listed(lines: tuple[str, ...] | list[str], otherwise: str) -> str:
    return "\n".join(f"- {line}" for line in lines) or otherwise
