"""The JSON of Overpass and of the OpenStreetMap API: ways with the places of their nodes. No meaning of tags."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from corridor_net.errors import BadFile, Place
from corridor_net.network.files.foreign import unpacked
from corridor_net.network.files.json_text import without_doubles

ASK = "ask Overpass for [out:json] with 'out geom', or with 'out body; >; out skel qt'"
Corner = tuple[int, float, float]
"""A node of a way: its number, longitude, latitude."""
FOOT = 4096
"""Bytes at the end of XML in which Overpass says why it stopped."""
Element = dict[str, Any]


class OsmWay(NamedTuple):
    """A way: its number, its tags, and its nodes in turn, None where the file does not say where one lies."""

    id: int
    tags: Any
    nodes: list[Corner | None]


@dataclass(kw_only=True)
class Overpass:
    """What a file holds: ways and routes (what each is a route of, its members), by number.

    `numbered` is how many nodes had no number and got one.
    """

    path: Path
    ways: dict[int, OsmWay] = field(default_factory=dict)
    routes: dict[int, tuple[str, list[int]]] = field(default_factory=dict)
    numbered: int = 0
    _places: dict[int, Corner] = field(default_factory=dict)
    _known: dict[tuple[float, float], Corner] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Overpass:
        """Read a file.

        Raises BadFile for what is no such JSON, for an answer that its server cut short, and for ways without places.
        """
        made, elements = cls(path=path), _elements(path)
        for one in elements:
            if one["type"] == "node" and "lat" in one:
                number = _whole(path, one, "id")
                made._places[number] = (number, *_place(path, one, one))
        for one in elements:
            if one["type"] == "way":
                made._take(one, "id")
        for one in elements:
            if one["type"] == "relation":
                made._take_route(one)
        if not made.ways:
            raise BadFile(f"'{path.name}' holds no way: Overpass found none", place=Place(str(path)), hint=ASK)
        if not any(any(way.nodes) for way in made.ways.values()):
            raise BadFile(f"'{path.name}' has ways and no places of their nodes", place=Place(str(path)), hint=ASK)
        return made

    def _take_route(self, one: Element) -> None:
        """Keep a relation, and the members that are drawn in it alone."""
        members = [part for part in _objects(self.path, one, "members") if part.get("type") == "way"]
        for part in members:
            if "geometry" in part:
                self._take(part, "ref")
        named = [_whole(self.path, part, "ref") for part in members]
        self.routes[_whole(self.path, one, "id")] = (str(_tags(self.path, one).get("route", "")), named)

    def _take(self, one: Element, called: str) -> None:
        """Keep a way, unless it is there with as many places already: an answer may hold it twice."""
        number, tags = _whole(self.path, one, called), _tags(self.path, one)
        nodes = self._corners(one)
        before = self.ways.get(number, OsmWay(number, {}, []))
        fuller = nodes if sum(map(bool, nodes)) > sum(map(bool, before.nodes)) else before.nodes or nodes
        self.ways[number] = OsmWay(number, before.tags or tags, fuller)

    def _corners(self, one: Element) -> list[Corner | None]:
        numbers = one.get("nodes") or []
        drawn = [_place(self.path, one, at) if at else None for at in _list(self.path, one, "geometry")]
        if not isinstance(numbers, list) or not all(type(number) is int for number in numbers):
            raise _wrong(self.path, one, "nodes")
        if not numbers:
            return [self._corner(at) if at else None for at in drawn]
        if drawn and len(drawn) != len(numbers):
            raise _wrong(self.path, one, "geometry")
        for number, at in zip(numbers, drawn, strict=False):
            if at:
                self._known[at] = self._places[number] = (number, *at)
        return [self._places.get(number) for number in numbers]

    def _corner(self, at: tuple[float, float]) -> Corner:
        """Return the node at a place, one without a number as the next that none has."""
        if at not in self._known:
            self.numbered += 1
            self._known[at] = (max(self._places, default=0) + 1, *at)
            self._places[self._known[at][0]] = self._known[at]
        return self._known[at]


def _elements(path: Path) -> list[Element]:
    """Return the elements of a file; raise BadFile where it is no whole answer of Overpass."""
    place = Place(str(path))
    try:
        with unpacked(path) as file:
            data = json.loads(file.read().decode("utf-8-sig"), object_pairs_hook=without_doubles)
    except json.JSONDecodeError as error:
        place = Place(str(path), line=error.lineno, column=error.colno)
        message = f"'{path.name}' is no whole JSON: {error.msg}"
        raise BadFile(message, place=place, hint="was it stored whole? Ask Overpass again") from None
    except (OSError, EOFError, ValueError, RecursionError) as error:
        raise BadFile(f"'{path.name}' cannot be read as JSON: {error}", place=place, hint=ASK) from None
    remark = data.get("remark", "") if isinstance(data, dict) else ""
    if "error" in str(remark):
        raise _stopped(path, str(remark))
    elements = data.get("elements") if isinstance(data, dict) else None
    if not isinstance(elements, list) or not all(isinstance(one, dict) and "type" in one for one in elements):
        raise BadFile(f"'{path.name}' has no list of elements", place=place, hint=ASK)
    return elements


def refuse_stopped(path: Path) -> None:
    """Raise BadFile where XML of Overpass says at its end that the server stopped before it was whole."""
    with unpacked(path) as file:
        if file.read(1) == b"<" and path.suffix != ".gz":
            file.seek(max(path.stat().st_size - FOOT, 0))
            found = re.search(rb"<remark>([^<]*error[^<]*)</remark>", file.read())
            if found:
                raise _stopped(path, found[1].decode("utf-8", "replace").strip())


def _stopped(path: Path, remark: str) -> BadFile:
    hint = "nothing says what is missing: ask again with a longer [timeout:…], or for a smaller window"
    return BadFile(f"Overpass stopped before the end: '{remark}'", place=Place(str(path)), hint=hint)


def _whole(path: Path, one: Element, name: str) -> int:
    number = one.get(name)
    if type(number) is not int or not 0 < number < 2**62:
        raise _wrong(path, one, f"{name} {number!r}")
    return number


def _tags(path: Path, one: Element) -> Element:
    tags = one.get("tags") or {}
    if not isinstance(tags, dict) or not all(isinstance(text, str | int | float) for text in tags.values()):
        raise _wrong(path, one, "tags")
    return {name: text if isinstance(text, str) else json.dumps(text) for name, text in tags.items()}


def _list(path: Path, one: Element, name: str) -> list[Any]:
    found = one.get(name) or []
    if not isinstance(found, list):
        raise _wrong(path, one, name)
    return found


def _objects(path: Path, one: Element, name: str) -> list[Element]:
    found = _list(path, one, name)
    if not all(isinstance(part, dict) for part in found):
        raise _wrong(path, one, name)
    return found


def _place(path: Path, one: Element, at: Any) -> tuple[float, float]:
    """Return longitude and latitude of a node, or of a place in a way; raise BadFile for one that is none."""
    lon, lat = (at.get("lon"), at.get("lat")) if isinstance(at, dict) else (None, None)
    if bool in (type(lon), type(lat)):  # a truth value is a number to Python
        raise _wrong(path, one, f"lon {lon!r}, lat {lat!r}")
    if isinstance(lon, int | float) and isinstance(lat, int | float) and abs(lon) <= 180 and abs(lat) <= 90:
        return float(lon), float(lat)
    raise _wrong(path, one, f"lon {lon!r}, lat {lat!r}")


def _wrong(path: Path, one: Element, what: str) -> BadFile:
    named = f"{one.get('type')} {one.get('id', one.get('ref'))}"
    message = f"'{path.name}' is not as Overpass writes it: {what} of {named}"
    return BadFile(message, place=Place(f"{path} ({named})"), hint=ASK)
