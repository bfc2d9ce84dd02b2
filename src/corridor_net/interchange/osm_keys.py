"""Modes of links by columns that are called as keys of OpenStreetMap, where their values are those of that key."""

from __future__ import annotations

import re

import pandas as pd

from .text_tables import TextTable

MOST = 0.5
"""Share of the filled values of a column that known ones must exceed: any column may be called `route`."""
PASSED = frozenset(
    ["abandoned", "construction", "demolished", "destroyed", "disused", "historic", "planned", "proposed", "razed"]
)
"""What lines were or shall be: no freight, alone or before a colon."""


def _modes(**words: str) -> dict[str, str]:
    return {value: mode for mode, text in words.items() for value in text.split("|")}


ROAD_KINDS = ("motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "service", "road")
ROADS = "|".join(f"{kind}|{kind}_link" for kind in ROAD_KINDS)
VALUES = {
    "route": _modes(
        waterway="ferry",
        rail="railway|train",
        road="road",
        skip="aerialway|bicycle|bus|canoe|fitness_trail|foot|funicular|hiking|horse|inline_skates|light_rail|monorail"
        "|mtb|nordic_walking|pipeline|piste|power|running|share_taxi|ski|subway|tracks|tram|trolleybus|walking",
    ),
    "highway": _modes(
        road=ROADS,
        skip="bridleway|bus_guideway|bus_stop|busway|corridor|crossing|cycleway|elevator|emergency_bay|escape|footway"
        "|living_street|path|pedestrian|platform|raceway|rest_area|services|sidewalk|steps|track|via_ferrata",
    ),
    "railway": _modes(
        rail="rail|narrow_gauge",
        skip="crossing|funicular|halt|light_rail|miniature|monorail|platform|platform_edge|preserved|roundhouse|site"
        "|station|subway|traverser|tram|turntable|wash|yard",
    ),
}
"""Values of each key and the mode of each, `skip` for those that carry no freight; the last key goes first."""
OTHERS = ("waterway", "aerialway", "aeroway", "barrier", "boundary", "building", "landuse", "natural", "power")
"""Keys of what is no link, for rows that have none of the others."""


def modes_by_keys(table: TextTable) -> pd.Series | None:
    """Return the mode of each row by its keys, '' where none of them is known; None where no column has such values.

    A value is whole, or one of several parted by `;`. What is known and carries no freight is a mode nobody may use.
    """
    made: pd.Series | None = None
    for key, known in VALUES.items():
        texts = table.text(key)
        modes = {text: _mode(text, known) for text in pd.unique(texts)}
        found = pd.Series([modes[text] for text in texts], index=texts.index, dtype=object)
        if (found != "").sum() <= MOST * (texts != "").sum():
            continue
        made = found if made is None else made.where((found == "") | ((found == "skip") & (made != "")), found)
    if made is None:
        return None
    for key in OTHERS:
        made = made.where((made != "") | (table.text(key) == ""), "skip")
    return made


def _mode(text: str, known: dict[str, str]) -> str:
    """Return the mode of a value, of the first that carries freight where there are several."""
    parts = [part.strip() for part in re.split("[;:]", text)]
    if PASSED & {*parts}:
        return "skip"
    found = [known[part] for part in (part.strip() for part in text.split(";")) if part in known]
    return next((mode for mode in found if mode != "skip"), found[0] if found else "")
