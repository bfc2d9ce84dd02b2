"""The immutable `Network`: all tables, seen on a given day. Reading, dates, names; no prices, no search."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from corridor_net.errors import BadValue, Place, UnknownName, did_you_mean

from . import rows as r
from .columns import Columns, by_id
from .files.fields import DAY
from .files.foreign import folder_of, refuse_foreign
from .fixed import Fixed
from .names import Names, listed
from .periods import years_beyond
from .reading.package import Package, read_package, shipped_folder, shipped_package
from .reading.read import hash_folder, place_of, read_tables, shipped_law, shipped_rows, vocabulary_of
from .reading.region import covered
from .vocabulary import SEA, Vocabulary

if TYPE_CHECKING:
    import geopandas
    import networkx

STANDS_AT: dict[str, tuple[str, ...]] = {
    "link": ("from_node_id", "to_node_id"),
    "crossing": ("from_node_id", "to_node_id"),
    "terminal": ("node_id",),
}
"""Tables whose rows hold only on days on which these nodes hold."""


def parse_day(text: str | date) -> date:
    """Return the day of a text YYYY-MM-DD; raise BadValue for what is none. `Network.as_of` knows which days there are.

    >>> parse_day("2016-07-01")
    datetime.date(2016, 7, 1)
    """
    try:
        if isinstance(text, date):
            return date(text.year, text.month, text.day)  # ValueError where pandas has no day: NaT
        day = str(text)[:10] if hasattr(text, "dtype") else text  # numpy's days too
        return date.fromisoformat(day if not isinstance(day, str) or DAY.fullmatch(day) else "")
    except (ValueError, TypeError):
        raise BadValue(f"'{text}' is not a date", hint="write it as YYYY-MM-DD, for example 2019-07-01") from None


@dataclass(frozen=True, eq=False, kw_only=True)
class Network:
    """Places, links, crossings, terminals, services and their figures, as of one day.

    Every change gives a new network; nothing is shared that could be changed.

    >>> net = Network.from_folder().as_of("2019-07-01")
    >>> net.node("Харбин").node_id
    'harbin'
    """

    tables: Mapping[str, Sequence[Any]]
    day: date = date(2026, 7, 1)
    folder: str = ""
    file_hashes: Mapping[str, str] = field(default_factory=dict)
    package: Package = field(default_factory=shipped_law, repr=False)
    absent: tuple[str, ...] = ()
    """Tables that the package describes and whose file is not there; they are empty."""

    @classmethod
    def from_folder(cls, folder: str | Path | None = None) -> Network:
        """Read a data package; without a folder, the shipped one.

        Raises DataFault with every fault found, BadFile for what is plainly a network of another format.
        """
        path = shipped_folder("geodata") if folder is None else folder_of(folder)
        if path.exists() and not (path / "datapackage.json").exists():
            refuse_foreign(path)
        package = read_package(path)
        tables, absent, package = read_tables(path, package)
        hashes = Fixed(hash_folder(path, package))
        made = cls(
            tables=Fixed(tables), day=cls.day, folder=str(path), file_hashes=hashes, package=package, absent=absent
        )
        return replace(made, day=made.usual_day)

    @cached_property
    def days(self) -> tuple[date, date]:
        """First and last day one may ask for: those of the package, else the years of its price index."""
        if self.package.days:
            return self.package.days
        return covered([row.year for row in self.rows("deflator")] or [self.day.year])

    @property
    def usual_day(self) -> date:
        """The day that is meant when none is named: that of the package, else the last one there is, or mid 2026."""
        first, last = self.days
        wanted = self.package.day or shipped_package().day or last
        return min(max(wanted, first), last)

    def own_properties(self) -> dict[str, Any]:
        """Return the properties of `datapackage.json` that are its own: days, areas, region, and what is meant."""
        package = self.package
        areas = {name: sorted(area) for name, area in package.customs_areas.items()}
        overseas = {"countries": sorted(package.overseas.countries), "nodes": sorted(package.overseas.nodes)}
        return {
            "days": [str(day) for day in self.days],
            "day": str(self.usual_day),
            "customsAreas": areas,
            **({"title": package.title} if package.title else {}),
            **({"gdpUnit": package.gdp_unit} if package.gdp_unit else {}),
            **({"overseas": overseas} if any(overseas.values()) else {}),
            **({"schematic": True} if package.schematic else {}),
            **({"study": package.study} if package.study else {}),
            **({"pair": list(package.pair)} if package.pair else {}),
        }

    def as_of(self, day: str | date) -> Network:
        """Return the network as of a day; beyond the data, as table `projection` says that they go on.

        Raises BadValue before the first day, and after the last that is projected.
        """
        wanted, (first, last), end = parse_day(day), self.days, self.projected_to
        if not first <= wanted <= end:
            more = f"the data cover {first} to {last}, and are projected to {end}"
            hint = more if end > last else f"the data cover {first} to {last}"
            raise BadValue(f"the date {wanted} is outside the data", hint=hint)
        return self.seen_on(wanted)

    def seen_on(self, day: date) -> Network:
        """Return the network as of any day, of the data or not; only what is projected goes on after the last."""
        from .projection import carried

        years = years_beyond(day, self.days[1])
        if not self.projections or (years == 0 and self.years_beyond == 0):
            return self._copy(day=day)
        return self._copy(day=day, tables=Fixed(carried(self, years)))

    @property
    def years_beyond(self) -> int:
        """How many years beyond its data the network is seen; 0 within them, and where nothing is projected."""
        return years_beyond(self.day, self.days[1]) if self.projections else 0

    @cached_property
    def projections(self) -> Mapping[tuple[str, str], r.Projection]:
        """The rules by which figures go on after the last day of the data, by table and group."""
        return {(row.applies_to, row.group): row for row in self.tables.get("projection", ())}

    @property
    def projected_to(self) -> date:
        """The last day one may ask for: the end of the year that all rules reach, else the last day of the data."""
        last = self.days[1]
        years = [rule.until_year for rule in self.projections.values()]
        return max(last, date(min(years), 12, 31)) if years else last

    def place(self, table: str, row: r.TableRow, column: str) -> Place | None:
        """Return where a cell of a row stands in its file, None where it was not read from one."""
        return place_of(self.folder, self.package.tables[table], row.line, column) if self.folder else None

    def with_rows(self, **tables: Iterable[Any]) -> Network:
        """Return a network with the named tables put in place of its own."""
        merged = {**self.tables, **{name: tuple(rows) for name, rows in tables.items()}}
        return self._copy(tables=Fixed(merged))

    def _copy(self, **changes: Any) -> Network:
        return replace(self, **changes)

    def rows(self, table: str) -> Sequence[Any]:
        """Return all rows of a table, of whatever date; raise UnknownName for a table that is not there."""
        try:
            return self.tables[table]
        except KeyError:
            if table in r.VOCABULARY:
                return shipped_rows(table)
            raise UnknownName(
                f"unknown table '{table}'",
                hint=did_you_mean(table, self.tables, otherwise=f"tables: {', '.join(self.tables)}"),
            ) from None

    def active(self, table: str) -> Sequence[Any]:
        """Return the rows of a dated table that hold on the network's day.

        A link, crossing or terminal at a node that does not hold on the day is absent, and so is a service of which
        fewer than two calls are left.
        """
        found = self._active.get(table) or self._holding(table)
        if isinstance(found, tuple):
            self._active[table] = found
        return found

    @cached_property
    def _active(self) -> dict[str, Sequence[Any]]:
        """What `active` has found, but for the columns of a large network."""
        return {}

    def _holding(self, table: str) -> Sequence[Any]:
        gone, rows = self._gone, self.rows(table)
        if isinstance(rows, Columns) and r.ROW_TYPES[table].holds_on is r.Dated.holds_on:  # type: ignore[attr-defined]
            return rows.active(self.day, gone, STANDS_AT.get(table, ()))
        found = (row for row in rows if row.holds_on(self.day))
        if gone and table in STANDS_AT:
            return tuple(row for row in found if not any(getattr(row, one) in gone for one in STANDS_AT[table]))
        if gone and table == "service":
            return tuple(row for row in found if len(self.calls.get(row.service_id, ())) > 1)
        return tuple(found)

    @cached_property
    def _gone(self) -> frozenset[str]:
        """Ids of the nodes that do not hold on the day."""
        rows = self.tables["node"]
        if isinstance(rows, Columns):
            holds = rows.holding(self.day)
            return frozenset(rows[number].node_id for number in (~holds).nonzero()[0].tolist())
        return frozenset(node.node_id for node in rows if not node.holds_on(self.day))

    @cached_property
    def nodes(self) -> Mapping[str, r.Node]:
        """Nodes by id."""
        return by_id(self.tables["node"], "node_id")

    @property
    def whole(self) -> Network:
        """The network with the rows of large tables made, each the same object whenever it is looked at."""
        held = {name: rows.whole() for name, rows in self.tables.items() if isinstance(rows, Columns)}
        return self._copy(tables=Fixed({**self.tables, **held})) if held else self

    @cached_property
    def sources(self) -> Mapping[str, r.Source]:
        """Sources by id."""
        return {source.source_id: source for source in self.tables["source"]}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The codes of the network: modes, vehicles, components, kinds of place, states and boxes."""
        return vocabulary_of(self.tables)

    def mode_of(self, row: r.Link | r.Crossing | r.Service) -> str:
        """Return the mode of a row: its own, or that of the vehicle of a service."""
        if not isinstance(row, r.Service):
            return row.mode
        vehicle = self.vocabulary.vehicles.get(row.vehicle)
        return vehicle.mode if vehicle else SEA

    @cached_property
    def overseas(self) -> frozenset[str]:
        """Ids of the nodes across the sea, by `overseas` of the package: of none where it says nothing."""
        return self.package.overseas.among(self.tables["node"])

    @cached_property
    def lanes(self) -> Mapping[tuple[str, str], r.SeaLane]:
        """Sea lanes by pair of ports, both ways round."""
        lanes = [(lane.from_node_id, lane.to_node_id, lane) for lane in self.tables["sea_lane"]]
        return {ends: lane for a, b, lane in lanes for ends in ((a, b), (b, a))}

    @cached_property
    def calls(self) -> Mapping[str, tuple[r.ServiceCall, ...]]:
        """Calls by service, in order; a port that does not hold on the day is passed by."""
        found: dict[str, list[r.ServiceCall]] = {}
        for call in self.tables["service_call"]:
            found.setdefault(call.service_id, []).append(call)
        calls = {key: tuple(sorted(some, key=lambda c: c.call_sequence)) for key, some in found.items()}
        return calls if not self._gone else {key: self._left(some) for key, some in calls.items()}

    def _left(self, calls: tuple[r.ServiceCall, ...]) -> tuple[r.ServiceCall, ...]:
        """Return the calls at ports that hold; a round trip ends where it now begins.

        Two calls at one port with nothing left between them are one: first arrival, last departure.
        """
        left: tuple[r.ServiceCall, ...] = ()
        for call in calls:
            if call.node_id in self._gone:
                continue
            if left and left[-1].node_id == call.node_id:
                left = (*left[:-1], replace(left[-1], departure_hours=call.departure_hours))
            else:
                left = (*left, call)
        if len(left) > 1 and calls[0].node_id == calls[-1].node_id and left[0].node_id != left[-1].node_id:
            number = left[-1].call_sequence + 1
            left += (replace(left[0], call_sequence=number, arrival_hours=None, departure_hours=None),)
        return left

    @cached_property
    def names(self) -> Names:
        """The names of the nodes."""
        return Names.of(self.tables["node"], self.tables["node_name"])

    def node(self, name: Any) -> r.Node:
        """Return a node by id, UN/LOCODE, or name in any language; letter case and width do not matter.

        A shapely Point, or (longitude, latitude), means the nearest node of the day within 50 km. Raises UnknownName
        with the nearest spelling or node, or with the nodes that share the name; BadValue for what is no place.
        """
        if not isinstance(name, str):
            from .nearest import node_at

            return node_at(self, name)
        if name in self.nodes:
            return self.nodes[name]
        found = self.names.find(name)
        if len(found) > 1:
            raise UnknownName(
                f"'{name}' is the name of {len(found)} nodes: {listed(found)}", hint="name one of them by its id"
            )
        if not found:
            otherwise = "'corridor-net export' writes the list of nodes"
            hint = partial(did_you_mean, name, self.names.written, otherwise=otherwise)
            raise UnknownName(f"unknown node '{name}'", hint=hint)
        return self.nodes[found[0]]

    @property
    def default_cargo(self) -> str:
        """The cargo of questions that name none: the first of table cargo."""
        return str(self.tables["cargo"][0].cargo_id)

    @property
    def default_pair(self) -> tuple[str, str]:
        """Where cargo starts and goes where a question names no places: that of the package, else of table market.

        Ids; of table market the first origin and the first market. Raises BadValue where neither is there, UnknownName
        for a place that is not; the shipped pair, which a copy of its description still names, is passed by.
        """
        named = self.package.pair
        copied = named == shipped_package().pair and not all(self.names.find(name) for name in named or ())
        if named and not copied:
            return self.node(named[0]).node_id, self.node(named[1]).node_id
        return self.places_of("origin")[0], self.places_of("market")[0]

    def cargo(self, name: str) -> r.CargoProfile:
        """Return a cargo profile by id; raise UnknownName with the nearest spelling."""
        profiles = {profile.cargo_id: profile for profile in self.tables["cargo"]}
        if name not in profiles:
            raise UnknownName(
                f"unknown cargo '{name}'",
                hint=did_you_mean(name, profiles, otherwise=f"cargoes: {', '.join(profiles)}"),
            )
        return cast(r.CargoProfile, profiles[name])

    def markets(self, role: str) -> tuple[r.Market, ...]:
        """Return the origins (`role="origin"`) or the markets (`role="market"`)."""
        return tuple(market for market in self.tables["market"] if market.role == role)

    def places_of(self, role: str) -> tuple[str, ...]:
        """Return the ids of the nodes of `markets`; raise BadValue where table market has none."""
        if found := tuple(market.node_id for market in self.markets(role)):
            return found
        hint = "name them, here or in a study, or fill table market"
        raise BadValue("the network names no places to ask of", hint=hint)

    @property
    def market_weights(self) -> dict[str, float]:
        """The weight of each market by id: its product; where no market has one, each counts as one."""
        known = {market.node_id: market.gdp for market in self.markets("market") if market.gdp}
        return known or {market.node_id: 1.0 for market in self.markets("market")}

    @property
    def market_unit(self) -> str:
        """The unit of `market_weights` in words: 'trillion JPY of GDP', or 'markets' where each counts as one."""
        if not any(market.gdp for market in self.markets("market")):
            return "markets"
        return f"{self.package.gdp_unit} of GDP".strip()

    def to_networkx(self) -> networkx.MultiDiGraph:
        """Return the physical network of the day, what boxes can pass, as a networkx MultiDiGraph of places."""
        from .convert import to_networkx

        return to_networkx(self)

    def to_geodataframes(self) -> dict[str, geopandas.GeoDataFrame]:
        """Return GeoDataFrames `nodes`, `links` (what boxes can pass on the day) and `sea_lanes` in WGS 84."""
        from .convert import to_geodataframes

        return to_geodataframes(self)

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            frames = "to_geodataframes() has 'nodes', 'links' and 'sea_lanes' as GeoDataFrames"
            raise AttributeError(f"a Network has no '{name}'; rows('link') is a table as it is read, {frames}")

    def __repr__(self) -> str:
        counts = (f"{len(self.active(k))} {k}s" for k in ("node", "link", "crossing", "terminal", "service"))
        return f"<Network as of {self.day}: {', '.join(counts)}>"

    def _repr_html_(self) -> str:
        from corridor_net.errors import markup

        rows = "".join(
            f"<tr><th>{name}</th><td>{len(self.active(name))}</td><td>{len(self.rows(name))}</td></tr>"
            for name in ("node", "link", "crossing", "terminal", "service", "tariff", "operation")
        )
        head = f"<tr><th></th><th>as of {markup(str(self.day))}</th><th>at any time</th></tr>"
        return f"<p>Network as of {markup(str(self.day))}</p><table>{head}{rows}</table>"
