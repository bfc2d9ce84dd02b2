"""What a data package says of its region: its title, what lies across the sea, what its maps rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from corridor_net.network.columns import coded, texts
from corridor_net.network.rows import Node

from .describe import Bad, Part, names_of, object_of, path_of

UNKNOWN = "ZZ"
"""The code of ISO 3166 for use by agreement: a country that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overseas:
    """Countries and nodes that lie across the sea: cargo towards them is told by the port where it leaves for them."""

    countries: frozenset[str] = frozenset()
    nodes: frozenset[str] = frozenset()

    def among(self, nodes: Sequence[Node]) -> frozenset[str]:
        """Return the ids of the nodes that lie there."""
        if not self.countries and not self.nodes:
            return frozenset()
        countries, country = coded(nodes, "country")
        far = [one in self.countries for one in countries]
        ids = zip(texts(nodes, "node_id"), country.tolist(), strict=True)
        return frozenset(name for name, code in ids if far[code] or name in self.nodes)


def region_of(content: Part) -> dict[str, Any]:
    """Return the properties that say something of the region of a package."""
    overseas = object_of(content, "overseas", "overseas")
    unknown = sorted(set(overseas) - {"countries", "nodes"})
    if unknown:
        raise Bad("overseas", f"'{unknown[0]}' is not read", 'write {"countries": ["XX"], "nodes": ["some-node"]}')
    schematic = content.get("schematic", False)
    if not isinstance(schematic, bool):
        raise Bad("schematic", "must be true or false")
    texts = {name: content.get(name, "") for name in ("title", "basemap", "gdpUnit")}
    for name, text in texts.items():
        if not isinstance(text, str):
            raise Bad(name, "must be a text")
    if texts["basemap"]:
        path_of({"path": texts["basemap"]}, "basemap")
    named = {name: frozenset(names_of(overseas, name, f"overseas.{name}")) for name in ("countries", "nodes")}
    texts["gdp_unit"] = texts.pop("gdpUnit")
    return {**texts, "schematic": schematic, "overseas": Overseas(**named)}


@cache
def iso_countries() -> frozenset[str]:
    """Return the codes of ISO 3166, two letters each, as the time zone database lists them."""
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line[:2] for line in text.splitlines() if line and line[0] != "#")


def covered(years: Iterable[int]) -> tuple[date, date]:
    """Return the first and the last day of the years of a price index."""
    known = list(years)
    return date(min(known), 1, 1), date(max(known), 12, 31)
