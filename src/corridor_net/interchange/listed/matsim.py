"""Networks of MATSim: network.xml, also packed. Lengths are in metres and speeds in m/s by the format."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.parsers import expat

import pandas as pd

from corridor_net.errors import BadFile, Place
from corridor_net.interchange.headers import MODE_OF, plain
from corridor_net.interchange.mapping import MODES
from corridor_net.interchange.notes import Notes
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.raw import Raw, beside
from corridor_net.interchange.text_tables import WHOLE, TextTable
from corridor_net.network.files.foreign import unpacked

from .frames import usable

NODE = ("id", "x", "y", "type")
LINK = ("id", "from", "to", "length", "freespeed", "capacity", "permlanes", "oneway", "modes", "origid", "type")
UNKNOWN_CRS = frozenset({"", "atlantis", "null", "undefined"})
CRS = {
    "CH1903_LV03": "EPSG:21781",
    "CH1903_LV03_Plus": "EPSG:2056",
    "GK4": "EPSG:31468",
    "DHDN_GK4": "EPSG:31468",
    "WGS84_SVY21": "EPSG:3414",
    "NAD83_UTM17N": "EPSG:26917",
}
"""Coordinate systems by the names that MATSim itself gives them."""
UTM = re.compile(r"WGS84_UTM(\d{1,2})([NS])")


class _Columns:
    """Gathers attributes of nodes and links in columns as the parser meets them."""

    def __init__(self, path: Path, parser: Any) -> None:
        self.path, self.parser = path, parser
        self.nodes: dict[str, list[str]] = {name: [] for name in NODE}
        self.links: dict[str, list[str]] = {name: [] for name in LINK}
        self.lines: list[int] = []
        self.root, self.crs, self.in_crs = "", "", False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        if name == "node":
            for column, cells in self.nodes.items():
                cells.append(attributes.get(column, ""))
        elif name == "link":
            for column, cells in self.links.items():
                cells.append(attributes.get(column, ""))
            self.lines.append(self.parser.CurrentLineNumber)
        elif name == "attribute":
            self.in_crs = attributes.get("name") == "coordinateReferenceSystem" and not self.links["id"]

    def text(self, text: str) -> None:
        if self.in_crs:
            self.crs += text

    def end(self, name: str) -> None:
        if name == "attribute":
            self.in_crs = False

    def entity(self, name: str, *_: Any) -> None:
        raise BadFile(
            f"the file defines the entity '{name}'",
            place=Place(str(self.path), line=self.parser.CurrentLineNumber),
            hint="networks need none; take it out",
        )


def read_matsim(path: Path, options: ImportOptions, notes: Notes) -> Raw:
    """Read a network file. Raises BadFile with the line that is no XML, or when it is no MATSim network."""
    found = _parsed(path)
    if found.root != "network" or not found.lines:
        raise BadFile(
            f"'{path.name}' is no MATSim network", place=Place(str(path)), hint="its first element is <network>"
        )
    nodes = TextTable(frame=pd.DataFrame(found.nodes, dtype=object), path=str(path), first_line=0)
    frame = pd.DataFrame(found.links, index=found.lines, dtype=object).replace("Infinity", "")
    links = TextTable(frame=frame, path=str(path), first_line=0)
    crs = found.crs.strip()
    made, kept = usable(
        pd.DataFrame(
            {
                "link_id": links.text("id"),
                "from_node_id": links.text("from"),
                "to_node_id": links.text("to"),
                "directed": 1,
                "mode": _modes(links.text("modes"), options, notes),
                "length": links.numbers("length", notes),
                "speed": links.numbers("freespeed", notes),
            }
        ),
        notes,
    )
    points = pd.DataFrame({"node_id": nodes.text("id")})
    for ours, theirs in (("x_coord", "x"), ("y_coord", "y")):
        points[ours] = pd.to_numeric(nodes.text(theirs), errors="coerce").astype(float)
    notes.stop_on_faults()
    return Raw.of(
        points,
        made,
        source=path.name,
        crs="" if crs.casefold() in UNKNOWN_CRS else _crs(crs),
        length_unit="m",
        speed_unit="m/s",
        said_by="the format of MATSim",
        link_attributes=_attributes(frame.iloc[kept]),
        origin={"format": "matsim"},
        place=lambda table, n, column="": links.place(int(kept[n]), column) if table == "link" else Place(str(path)),
    )


def _crs(name: str) -> str:
    """Return a coordinate system as everybody calls it.

    >>> _crs("WGS84_UTM34S"), _crs("GK4"), _crs("EPSG:2154")
    ('EPSG:32734', 'EPSG:31468', 'EPSG:2154')
    """
    zone = UTM.fullmatch(name)
    if zone:
        return f"EPSG:{326 if zone[2] == 'N' else 327}{int(zone[1]):02d}"
    return CRS.get(name, name)


def _parsed(path: Path) -> _Columns:
    parser = expat.ParserCreate()
    found = _Columns(path, parser)
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    parser.CharacterDataHandler, parser.EntityDeclHandler = found.text, found.entity
    try:
        with unpacked(path) as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise BadFile(
            f"'{path.name}' is no whole XML file: {expat.ErrorString(error.code)}",
            place=Place(str(path), line=error.lineno, column=error.offset + 1),
            hint=WHOLE,
        ) from None
    except (OSError, EOFError) as error:
        place = Place(str(path))
        raise BadFile(f"'{path}' cannot be read: {error}", place=place, hint=WHOLE) from None
    return found


def _modes(texts: pd.Series, options: ImportOptions, notes: Notes) -> pd.Series:
    """Return the mode of each link; 'skip' for those that carry no freight, such as those of public transport."""
    words = MODE_OF | {"pt": "skip"}
    modes: dict[str, str] = {}
    for text in pd.unique(texts):
        parts = [options.names.modes.get(w) or words.get(plain(w), "") for w in text.replace(" ", "").split(",") if w]
        modes[text] = next((m for m in MODES if m in parts), "skip" if parts and "" not in parts else "road")
    if (texts == "").any():
        notes.assume("links without modes are roads")
    mode = texts.map(modes)
    return mode.where(mode == "skip", options.mode) if options.mode else mode


def _attributes(links: pd.DataFrame) -> pd.DataFrame:
    kept = [
        name for name in ("capacity", "permlanes", "modes", "freespeed", "type", "origid") if (links[name] != "").any()
    ]
    return beside(links[kept], "link_id", links["id"])
