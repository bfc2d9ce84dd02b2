"""TNTP, the text format of the usual test networks of traffic assignment: a file of links, and one of nodes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corridor_net.errors import BadFile, BadValue, Place
from corridor_net.interchange.cells import floats_of
from corridor_net.interchange.headers import ALIASES, TNTP_WORDS, parted, plain
from corridor_net.interchange.notes import Notes, agreeing, counted
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.raw import Raw, beside, numbered
from corridor_net.interchange.text_tables import TextTable, plain_index, read_text
from corridor_net.interchange.units import LENGTHS_KM, TIMES_H, unit_of

COLUMNS = ("init_node", "term_node", "capacity", "length", "free_flow_time", "b", "power", "speed", "toll", "link_type")
NEEDED = ("init_node", "term_node", "length", "free_flow_time")
AXES = ("x_coord", "y_coord")
_TAG = re.compile(r"^\s*<([^>]*)>(.*)$")
_SIGN = re.compile(r"\s*[\t,]\s*")
_UNIT = re.compile(r"(length|time|fftt|ftime)\s*\(([^)]*)\)", re.IGNORECASE)


def read_tntp(paths: list[Path], options: ImportOptions, notes: Notes) -> Raw:
    """Read a network file, and a file of nodes when one is named or lies beside it.

    Raises BadFile with the line that is wrong, BadValue for numbers of nodes or links that do not hold.
    """
    if not 1 <= len(paths) <= 2:
        raise BadValue(f"{len(paths)} files were named", hint="name NAME_net.tntp, and NAME_node.tntp if it has one")
    tags, table, header = _network(paths[0], notes)
    numbers = table.frame.reset_index(drop=True)
    node_file = paths[1] if len(paths) == 2 else _beside(paths[0])
    nodes = pd.DataFrame({"node_id": _ids(numbers)}, dtype=object)
    if node_file is not None:
        nodes = nodes.merge(_points(node_file, notes), on="node_id", how="left")
    elif not options.schematic:
        raise BadValue(
            f"'{paths[0].name}' has no coordinates, and no file of nodes lies beside it",
            hint="name the file of nodes too, or --schematic to draw the network without coordinates",
        )
    zones = _zones(tags, nodes, notes)
    links = _links(numbers, options, notes)
    _count(tags, "NUMBER OF LINKS", len(links), paths[0], notes)
    _count(tags, "NUMBER OF NODES", len(nodes), paths[0], notes, some_unused=True)
    return Raw.of(
        nodes.assign(node_type=np.where(zones, "zone", "")),
        links,
        source=paths[0].name,
        length_unit=_said(header, "length", LENGTHS_KM, notes),
        time_unit=_said(header, "time", TIMES_H, notes),
        said_by="the header of the file",
        link_attributes=beside(numbers.drop(columns=["init_node", "term_node"]), "link_id", links["link_id"]),
        origin={"format": "tntp"},
        place=lambda of, n, column="": table.place(n, column) if of == "link" else None,
    )


def _beside(path: Path) -> Path | None:
    stem = re.sub(r"_?net$", "", path.stem, flags=re.IGNORECASE)
    found = [
        file
        for file in sorted(path.parent.iterdir())
        if re.fullmatch(re.escape(stem) + r"_?nodes?\.(tntp|txt|csv|geojson)", file.name, flags=re.IGNORECASE)
    ]
    return found[0] if found else None


def _network(path: Path, notes: Notes) -> tuple[dict[str, str], TextTable, str]:
    """Return the tags, the numbers of each link, and the original header."""
    tags: dict[str, str] = {}
    names: list[str] = []
    header = ""
    rows: list[list[str]] = []
    where: list[int] = []
    for number, line in enumerate(read_text(path, notes).split("\n"), start=1):
        tag = _TAG.match(line)
        if tag and not rows:
            tags[tag[1].strip().upper()] = tag[2].strip()
            continue
        text = line.split(";")[0].strip()
        if text.startswith("~") or (not rows and text and not text[0].isdigit()):
            names = names or _names(text)
            header = header or (text if names else "")
        elif text:
            rows.append(text.split())
            where.append(number)
    if not tags or not rows:
        raise BadFile(
            f"'{path.name}' is no TNTP network", place=Place(str(path)), hint="it begins with <NUMBER OF ZONES>"
        )
    place = Place(str(path))
    if "TOTAL OD FLOW" in tags:
        raise BadFile(
            f"'{path.name}' holds trips, not links", place=place, hint="name the file of links, NAME_net.tntp"
        )
    names = _columns(names, path, notes)
    width = len(names) if "link_type" in names or len(rows[0]) >= len(names) else len(rows[0])
    short = [number for row, number in zip(rows, where, strict=True) if len(row) < min(width, 5)]
    if short:
        raise BadFile(
            f"the line has too few numbers for a link ({', '.join(names[:5])} …)", place=Place(str(path), line=short[0])
        )
    most = min(len(names), max(map(len, rows)))
    cells = [row[:most] + [""] * (most - len(row)) for row in rows]
    frame = pd.DataFrame(cells, columns=plain_index(names[:most]), dtype=object)
    table = TextTable(frame=frame.set_axis(where), path=str(path), first_line=0)
    for column in ("length", "free_flow_time"):
        values = floats_of(frame[column].tolist())
        table.refuse(~np.isfinite(values) | (values < 0), column, "a number of 0 or more", notes)
    notes.stop_on_faults()
    return tags, table, f"{tags.get('ORIGINAL HEADER', '')} {header}"


def _columns(names: list[str], path: Path, notes: Notes) -> list[str]:
    """Return the columns of a file: those a line names, else the usual ones; raise BadFile where one is lacking."""
    lost = [name for name in NEEDED if names and name not in names]
    if lost:
        place = Place(str(path))
        raise BadFile(f"the links have no column '{lost[0]}'", place=place, hint=f"columns: {', '.join(COLUMNS)}")
    if not names:
        usual = ", ".join(COLUMNS[:5])
        notes.assume(f"columns of {path.name} stand in the usual order, as no line names them: {usual}")
    return names or list(COLUMNS)


def _names(text: str) -> list[str]:
    """Return the names of columns that a line gives, as `COLUMNS` calls them; none where it is no header.

    >>> _names("~ tail head length fft cap"), _names("~ Init node\tTerm node\tLength (mi)\tFree Flow Time (min)")[2:]
    (['init_node', 'term_node', 'length', 'free_flow_time', 'capacity'], ['length', 'free_flow_time'])
    >>> _names("~ times in minutes"), _names("~ Init node Term node Length Time")
    ([], [])
    """
    plain_text = text.lstrip("~ \t").casefold()
    for sign in (r"\t+", r"\t+|\s{2,}", r"\s+"):
        words = [re.sub(r"\s+", "_", word.strip()) for word in re.split(sign, plain_text) if word.strip()]
        names = [_tntp_name(word) for word in words]
        if "term_node" not in names and "b" in names:
            names[names.index("b")] = "term_node"
        torn = {"node", "flow"} & set(words)  # of `Init node`, parted by one blank
        if {"init_node", "term_node"} <= set(names) and {"capacity", *NEEDED[2:]} & set(names) and not torn:
            return [name if name not in names[:at] else words[at] for at, name in enumerate(names)]
    return []


def _tntp_name(word: str) -> str:
    """Return the column of TNTP that a word stands for, also with a unit behind it; another word as it is."""
    bases = (word, *(parted(word, ours)[0] for ours in ("length", "travel_time")))
    return next((TNTP_WORDS[base] for base in bases if base in TNTP_WORDS), word)


def _ids(numbers: pd.DataFrame) -> list[str]:
    ends = pd.unique(pd.concat([numbers["init_node"], numbers["term_node"]]))
    return sorted(ends, key=lambda text: (not text.isdigit(), int(text) if text.isdigit() else 0, text))


def _points(path: Path, notes: Notes) -> pd.DataFrame:
    """Return the coordinates of a file of nodes, TNTP or GeoJSON."""
    text = read_text(path, notes)
    if path.suffix.casefold() == ".geojson":
        return _geojson_points(text, path)
    lines = text.split("\n")
    at = next((found for line in lines if (found := _axes(_SIGN.split(line.split(";")[0].strip("~ \t"))))), [0, 1, 2])
    rows: list[list[str]] = []
    for number, line in enumerate(lines, start=1):
        cells = line.split(";")[0].strip()
        words = _SIGN.split(cells) if at != [0, 1, 2] else re.split(r"[\s,]+", cells)
        if len(words) <= max(at) or not re.fullmatch(r"-?[\d.]+(e[-+]?\d+)?", words[at[1]], flags=re.IGNORECASE):
            if rows and words != [""]:
                raise BadFile("the line has no id, x and y", place=Place(str(path), line=number))
            continue
        rows.append([words[column] for column in at])
    frame = pd.DataFrame(rows, columns=["node_id", "x_coord", "y_coord"])
    for column in ("x_coord", "y_coord"):
        frame[column] = pd.to_numeric(frame[column], errors="coerce")
    return frame.drop_duplicates("node_id")


def _axes(words: list[str]) -> list[int]:
    """Return where id, x and y stand by the names of columns; nothing where these are none."""
    names = [plain(word) for word in words]
    x, y = (next((n for n, name in enumerate(names) if name in ALIASES[axis].split()), -1) for axis in AXES)
    return [0, x, y] if min(x, y) > 0 else []


def _geojson_points(text: str, path: Path) -> pd.DataFrame:
    try:
        features = json.loads(text)["features"]
        rows = [(str(f["properties"]["id"]), *f["geometry"]["coordinates"][:2]) for f in features]
    except (ValueError, RecursionError, KeyError, TypeError, IndexError) as error:
        raise BadFile(f"'{path.name}' has no points with an id: {error}", place=Place(str(path))) from None
    return pd.DataFrame(rows, columns=["node_id", "x_coord", "y_coord"]).drop_duplicates("node_id")


def _zones(tags: dict[str, str], nodes: pd.DataFrame, notes: Notes) -> Any:
    """Return which nodes are zones that no path may pass: those before FIRST THRU NODE."""
    text = tags.get("FIRST THRU NODE", "1").split()
    if text and not text[0].isdigit():
        raise BadValue(f"<FIRST THRU NODE> is '{text[0]}'", hint="the number of the first node that paths may pass")
    first = int(text[0]) if text else 1
    zones = floats_of(nodes["node_id"].tolist()) < first
    if zones.any():
        count = int(zones.sum())
        notes.assume(
            f"{counted(count, 'node', 'nodes')} before {first} "
            f"{agreeing(count, 'is a zone:', 'are zones:')} paths begin and end there, and pass "
            "through none"
        )
    return zones


def _said(header: str, what: str, known: dict[str, float], notes: Notes) -> str:
    for name, text in _UNIT.findall(header):
        kind = "length" if name.casefold() == "length" else "time"
        if kind == what:
            try:
                return unit_of(text, known, what)
            except BadValue:
                notes.warn(f"unknown unit of {what} '{text}'")
                return ""
    return ""


def _links(numbers: pd.DataFrame, options: ImportOptions, notes: Notes) -> pd.DataFrame:
    toll = floats_of(numbers["toll"].tolist()) if "toll" in numbers else np.zeros(1)
    if (toll > 0).any():
        notes.warn(
            f"{counted(int((toll > 0).sum()), 'link has', 'links have')} a toll in a currency that "
            "is not said: tolls are in no cost yet"
        )
    times = floats_of(numbers["free_flow_time"].tolist())
    ids = [f"{here}-{there}" for here, there in zip(numbers["init_node"], numbers["term_node"], strict=True)]
    links = pd.DataFrame(
        {
            "link_id": numbered(pd.Series(ids, dtype=object)),
            "from_node_id": numbers["init_node"],
            "to_node_id": numbers["term_node"],
            "directed": 1,
            "mode": options.mode or "road",
            "length": floats_of(numbers["length"].tolist()),
            "hours": times if (times > 0).any() else np.nan,
        }
    )
    notes.assume("times are those without traffic on the links, taken as hours of the haul")
    return links


def _count(tags: dict[str, str], name: str, have: int, path: Path, notes: Notes, *, some_unused: bool = False) -> None:
    said = tags.get(name, "").split()
    if said and said[0].isdigit() and (0 < int(said[0]) < have if some_unused else have != int(said[0])):
        notes.fault(
            BadFile(
                f"the file says {int(said[0]):,} {name.split()[-1].lower()} and has {have:,}",
                place=Place(str(path)),
                hint=f"is the file whole? else correct <{name}>",
            )
        )
        notes.stop_on_faults()
