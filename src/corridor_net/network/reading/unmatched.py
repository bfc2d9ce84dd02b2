"""What the description of a data package names and no row of its tables has, so that it would have no effect."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from corridor_net.errors import did_you_mean
from corridor_net.network.columns import coded, texts
from corridor_net.network.names import Names, listed
from corridor_net.network.rows import Node, NodeName

from .package import Package
from .properties import Finding
from .region import Overseas, covered, iso_countries

LEAVE_OUT = "leave it out, or add the node"


def unmatched(package: Package, shipped: Package, rows: Mapping[str, Sequence[Any]]) -> Iterator[Finding]:
    """Yield what a description says that fits no row: the keys it stands under, what is wrong, what to do.

    What is as in the shipped description is passed by: a copy of that one may describe any region.
    """
    nodes = rows["node"]
    if package.customs_areas != shipped.customs_areas:
        yield from _areas(package.customs_areas, nodes)
    if package.overseas != shipped.overseas:
        yield from _overseas(package.overseas, nodes)
    if package.pair and package.pair != shipped.pair:
        yield from _pair(package.pair, nodes, rows["node_name"])
    if package.day and package.day != shipped.day:
        yield from _day(package.day, package.days or covered(row.year for row in rows["deflator"]))


def _areas(areas: Mapping[str, frozenset[str]], nodes: Sequence[Node]) -> Iterator[Finding]:
    known = iso_countries()
    for name, area in areas.items():
        strange = area - known
        strange -= set(coded(nodes, "country")[0]) if strange else set()
        for code in sorted(strange):
            hint = did_you_mean(code, known, otherwise="write the two capital letters of ISO 3166, for example GB")
            yield ("customsAreas", name, code), f"names '{code}', which is no country of ISO 3166 nor of any node", hint


def _overseas(overseas: Overseas, nodes: Sequence[Node]) -> Iterator[Finding]:
    countries = set(coded(nodes, "country")[0])
    for code in sorted(overseas.countries - countries):
        hint = did_you_mean(code, countries, otherwise=f"countries of the nodes: {listed(tuple(sorted(countries)))}")
        yield ("overseas", "countries", code), f"names '{code}', and no node lies there", hint
    ids = set(texts(nodes, "node_id")) if overseas.nodes else set()
    for name in sorted(overseas.nodes - ids):
        yield (
            ("overseas", "nodes", name),
            f"names '{name}', which is no node",
            did_you_mean(name, ids, otherwise=LEAVE_OUT),
        )


def _pair(pair: tuple[str, str], nodes: Sequence[Node], node_names: Sequence[NodeName]) -> Iterator[Finding]:
    names = Names.of(nodes, node_names)
    for number, name in enumerate(pair):
        found = names.find(name)
        if not found:
            hint = did_you_mean(name, names.written, otherwise=LEAVE_OUT)
            yield ("pair", number), f"names '{name}', which is no node", hint
        elif len(found) > 1:
            yield ("pair", number), f"names '{name}', which is {listed(found)}", "name one of them by its id"


def _day(day: date, days: tuple[date, date]) -> Iterator[Finding]:
    if not days[0] <= day <= days[1]:
        hint = 'name a day within them, or write the days it has as "days"'
        yield ("day",), f"is {day}, and the data cover {days[0]} to {days[1]}", hint
