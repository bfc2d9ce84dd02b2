"""A first network between two cities from what the machine holds, to be corrected by hand: every figure is of grade D.

Roads and railways from an extract of OpenStreetMap, else straight legs between cities times a detour; ports, sea lanes
and a ship a week between countries; times and fees of borders by country.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from corridor_net.errors import BadValue
from corridor_net.interchange.completing.borders import crossings, with_countries
from corridor_net.interchange.completing.complete import complete
from corridor_net.interchange.completing.gazetteer import (
    City,
    Window,
    cities,
    continent,
    country_names,
    find_city,
    land,
    ports,
    sea_lines,
)
from corridor_net.interchange.completing.parts import components, two_way_part
from corridor_net.interchange.drawn.noding import node_lines
from corridor_net.interchange.drawn.sea import join_ports, lanes_between, services_on
from corridor_net.network.names import folded
from corridor_net.network.reading.package import shipped_package

from .coordinates import straight_km
from .defaults import DERIVED, FOLDER, SOURCE, country_rows
from .imported import Imported
from .notes import Notes, some
from .options import ImportOptions
from .package import read_cells
from .raw import LINK_COLUMNS, NODE_COLUMNS, Raw, with_columns

DETOUR = 1.15
"""Length of a road over the straight legs from city to city along it: 1.0 to 1.2 in plains, 1.6 in mountains; our own
estimate. The way through cities has a detour of its own beside, some 10 to 20%."""
MARGIN = 0.15
"""Of the larger side, added around the two cities where no window is named; one degree at least."""
APART_KM = 20.0
"""Cities nearer than this to a larger one are its suburbs."""
WET_KM = 10.0
"""A straight leg with more of it off the land of the world map is no road."""
JOIN_KM = 80.0
"""How far a city or a port may be from the network that it joins."""
LANES_AROUND = 5.0
"""Degrees beyond the window in which sea lanes may run."""
OSM_TAGS = {"railway": ("rail",), "highway": ("motorway", "trunk", "primary", "motorway_link", "trunk_link")}
ROUGH = ("node", "link", "geometry", "terminal", "crossing", "sea_lane", "speed", "market")
"""Tables whose rows are of grade D whoever lists them: that a row is there at all is a guess."""
HELD = "GeoNames (CC BY 4.0), the ports and sea lanes of searoute, and the world map"


@dataclass(frozen=True, kw_only=True)
class BuildPlan:
    """What a network is built of: `places` cities and `ports` ports at most, a ship `sailings` times a week."""

    window: Window | None = None
    osm: Path | None = None
    tags: Mapping[str, tuple[str, ...]] | None = None
    places: int = 60
    ports: int = 8
    sailings: float = 1.0


def build_network(origin: str, destination: str, plan: BuildPlan | None = None) -> Imported:
    """Return a first network from a city to another, with every assumption; nothing is written.

    Raises UnknownName for a city that is not known, BadValue where no way can be proposed between the two.
    """
    plan, notes = plan or BuildPlan(), Notes()
    if not (2 <= plan.places <= 300 and 0 <= plan.ports <= 40 and 0 < plan.sailings <= 50):
        raise BadValue("2 to 300 places, 0 to 40 ports, and up to 50 sailings a week can be asked for")
    ends = [find_city(name, notes) for name in (origin, destination)]
    window = _window(ends, plan.window, notes)
    nodes, links = (_open_street_map if plan.osm else _straight)(window, ends, plan, notes)
    ports, roads = _harbours(window, plan.ports, nodes, notes)
    nodes, links = pd.concat([nodes, ports], ignore_index=True), pd.concat([links, roads], ignore_index=True)
    nodes = _with_zones(nodes, window)
    tables = _sea(window, ports, plan.sailings, notes) if len(ports) else {}
    _refuse_apart(nodes, [links, tables.get("sea_lane", links)], ends)
    asked = zip((origin, destination), ends, strict=True)
    tables |= {"country": _countries(nodes), **_borders(nodes, links, notes), "node_name": _asked_names(asked)}
    notes.warn("fares, tolls, transit bonds, opening hours, seasons and subsidies of the countries are not in it")
    notes.warn("speeds and rates are the same in every country: correct speed.csv and tariff.csv first")
    options = ImportOptions(
        title=f"First network from {ends[0].name} to {ends[1].name}",
        borders="crossings",
        origins=(ends[0].node_id,),
        markets=(ends[1].node_id,),
    )
    raw = Raw.of(
        nodes,
        links,
        source=HELD,
        crs="EPSG:4326",
        tables=tables,
        node_attributes=nodes[["node_id", "time_zone", "basis"]],
        link_attributes=links[["link_id", "source_id", "basis"]],
        own_columns=True,
        own={"pair": [end.node_id for end in ends]},
    )
    made = complete(raw, options, notes)
    rough = {name: made.tables[name].assign(grade="D") for name in ROUGH if len(made.tables[name])}
    return replace(made, tables={**made.tables, **rough})


def _window(ends: list[City], asked: Window | None, notes: Notes) -> Window:
    lon, lat = [end.lon for end in ends], [end.lat for end in ends]
    wide, high = max(lon) - min(lon), max(lat) - min(lat)
    if wide + high == 0:
        raise BadValue("the two cities are one", hint="name two")
    if asked is None:
        if wide > 180:
            raise BadValue("the two cities lie on two sides of 180°", hint="build a part on each side")
        more = max(1.0, MARGIN * max(wide, high))
        asked = (
            max(min(lon) - more, -180),
            max(min(lat) - more, -90),
            min(max(lon) + more, 180),
            min(max(lat) + more, 90),
        )
        notes.assume(f"the window is {', '.join(f'{edge:.1f}' for edge in asked)} (west, south, east, north)")
    west, south, east, north = asked
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise BadValue(f"window = {','.join(f'{edge:g}' for edge in asked)}", hint="west,south,east,north in degrees")
    for end in ends:
        if not (west <= end.lon <= east and south <= end.lat <= north):
            raise BadValue(f"{end.name} ({end.lon:.2f}, {end.lat:.2f}) is outside the window", hint="make it larger")
    return asked


# land


def _straight(window: Window, ends: list[City], plan: BuildPlan, notes: Notes) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ends and the largest cities, and a straight leg between every two with none of them in between."""
    frame = pd.concat([pd.DataFrame(ends), cities(window)]).drop_duplicates("node_id")
    frame = frame.iloc[_spread(frame["lon"].to_numpy(float), frame["lat"].to_numpy(float), plan.places)]
    twice = frame["name"].map(folded).duplicated(keep=False)
    frame = frame.assign(name=frame["name"].where(~twice, frame["name"] + ", " + frame["country"]), node_type="city")
    nodes = _nodes(frame, "GeoNames")
    lon, lat = nodes["x_coord"].to_numpy(float), nodes["y_coord"].to_numpy(float)
    here, there = _neighbours(lon, lat)
    lines = shapely.linestrings(np.stack([np.c_[lon[here], lat[here]], np.c_[lon[there], lat[there]]], axis=1))
    dry = shapely.length(shapely.intersection(lines, land(window))) / shapely.length(lines)
    kept = straight_km(lon[here], lat[here], lon[there], lat[there]) * (1 - dry) <= WET_KM
    notes.assume(
        f"{len(nodes)} cities are the two ends and the largest others of GeoNames in the window, {APART_KM:g} km apart"
    )
    notes.assume(
        f"{int(kept.sum())} roads are straight legs between neighbouring cities (no third one in the circle over the "
        f"leg) times {DETOUR}, the detour of a road; {int((~kept).sum())} legs over a sea or lake were left out"
    )
    notes.warn("no file of roads was given: the roads are no real ones; --osm FILE takes those of OpenStreetMap")
    notes.warn("no railway and no inland waterway is in it: without --osm nothing here knows one")
    return nodes, _legs(nodes.iloc[here[kept]], nodes.iloc[there[kept]])


def _spread(lon: NDArray[Any], lat: NDArray[Any], count: int) -> list[int]:
    """Return the first places that are no suburb of one before; the two first ones always."""
    kept = [0, 1]
    for place in range(2, len(lon)):
        if len(kept) == count:
            break
        far = straight_km(np.full(len(kept), lon[place]), np.full(len(kept), lat[place]), lon[kept], lat[kept])
        if far.min() >= APART_KM:
            kept.append(place)
    return kept


def _neighbours(lon: NDArray[Any], lat: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the pairs of places with no third one in the circle over their line (Gabriel and Sokal 1969)."""
    x = lon * np.cos(np.radians(lat.mean()))
    square = (x[:, None] - x) ** 2 + (lat[:, None] - lat) ** 2
    free = [[not (np.delete(row + other, (a, b)) < row[b]).any() for b, other in enumerate(square)]
            for a, row in enumerate(square)]  # fmt: skip
    here, there = np.nonzero(np.triu(free, 1))
    return here, there


def _open_street_map(
    window: Window, ends: list[City], plan: BuildPlan, notes: Notes
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ways of an extract within the window; the two ends join the largest part in which all lead to all."""
    from corridor_net.interchange.drawn.osm import read_osm

    path = Path(str(plan.osm))
    raw = read_osm(path, ImportOptions(), notes, tags=plan.tags or OSM_TAGS)
    west, south, east, north = window
    nodes = raw.nodes[raw.nodes["x_coord"].between(west, east) & raw.nodes["y_coord"].between(south, north)]
    links = raw.links[raw.links["from_node_id"].isin(nodes["node_id"]) & raw.links["to_node_id"].isin(nodes["node_id"])]
    if not len(links):
        raise BadValue(f"{path.name} has no way within the window", hint="is it the extract of that region?")
    notes.assume(f"roads and railways are those of {path.name} within the window")
    at = pd.Index(nodes["node_id"])
    here, there = (at.get_indexer(links[end]) for end in ("from_node_id", "to_node_id"))
    joined = two_way_part(len(nodes), here, there, (links["directed"].astype(int) == 1).to_numpy())
    nodes = with_countries(nodes.reset_index(drop=True), ImportOptions(countries=Path("world")), notes)
    nodes = nodes.assign(time_zone="", basis=f"as drawn in {path.name}")
    links = links.assign(source_id=DERIVED, basis=f"length of the way in {path.name}")
    places = _nodes(pd.DataFrame(ends).assign(node_type="city"), "GeoNames")
    roads, km = _connectors(places, nodes[joined])
    if km.max() > JOIN_KM:
        raise BadValue(
            f"{' and '.join(places['name'][km > JOIN_KM])}: more than {JOIN_KM:g} km from the ways of {path.name}",
            hint="is it the extract of that region? --tags says which ways to take",
        )
    return pd.concat([places, nodes], ignore_index=True), pd.concat([links, roads], ignore_index=True)


def _nodes(frame: pd.DataFrame, source: str) -> pd.DataFrame:
    made = frame.rename(columns={"lon": "x_coord", "lat": "y_coord"}).reset_index(drop=True)
    made = made.assign(population=made["population"].astype(str), basis=f"as listed by {source}")
    return with_columns(made, (*NODE_COLUMNS, "time_zone", "basis"))


def _legs(here: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """Return a road from each node to the one beside it: the straight line times the detour."""
    a, b = here.reset_index(drop=True), there.reset_index(drop=True)
    km = straight_km(*(end[axis].to_numpy(float) for end in (a, b) for axis in ("x_coord", "y_coord")))
    made = {
        "link_id": "road-" + a["node_id"] + "-" + b["node_id"],
        "name": a["name"] + " - " + b["name"],
        "from_node_id": a["node_id"],
        "to_node_id": b["node_id"],
        "mode": "road",
        "length": np.round(np.maximum(km * DETOUR, 0.1), 1),
        "country": a["country"],
    }
    basis = f"default: straight line on the ellipsoid WGS 84 times {DETOUR}"
    return with_columns(pd.DataFrame(made), LINK_COLUMNS).assign(source_id=SOURCE, basis=basis)


def _connectors(places: pd.DataFrame, nodes: pd.DataFrame) -> tuple[pd.DataFrame, NDArray[Any]]:
    """Return a road from each place to the nearest node of its country, else of any, and the straight km to it."""
    ends, far = [], []
    for place in places.itertuples():
        same = nodes[nodes["country"] == place.country]
        near = same if len(same) else nodes
        x, y = near["x_coord"].to_numpy(float), near["y_coord"].to_numpy(float)
        km = straight_km(np.full(len(x), place.x_coord), np.full(len(x), place.y_coord), x, y)
        ends.append(near.index[km.argmin()])
        far.append(km.min())
    return _legs(places, nodes.loc[ends]), np.array(far)


# sea


def _harbours(window: Window, count: int, nodes: pd.DataFrame, notes: Notes) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the ports of the window with the most sailings that are near the network, and the roads to them."""
    known = ports(window)
    named = {"node_id": known["unlocode"], "name": known["name"] + " (port)", "node_type": "seaport"}
    places = _nodes(known.assign(**named, population=""), "searoute")
    roads, km = _connectors(places, nodes)
    near = np.flatnonzero(km <= JOIN_KM)[:count]
    places, roads = places.iloc[near].reset_index(drop=True), roads.iloc[near]
    if places["country"].nunique() < 2:
        notes.warn("no sea is in it: the window holds no two ports of two countries that are near its places")
        return places.iloc[:0], roads.iloc[:0]
    notes.assume(
        f"{len(places)} seaports are those of searoute with sailings to the most countries, each joined by a straight "
        f"road times {DETOUR}: {some(list(places['name']))}"
    )
    return places, roads


def _sea(window: Window, places: pd.DataFrame, sailings: float, notes: Notes) -> dict[str, pd.DataFrame]:
    """Return the lanes between ports of different countries, and the services on them."""
    west, south, east, north = window
    lines = sea_lines((west - LANES_AROUND, south - LANES_AROUND, east + LANES_AROUND, north + LANES_AROUND))
    noded = node_lines(np.concatenate((lines, join_ports(places, lines)[0])), "corners", 0.0, notes)
    lanes = lanes_between(places, noded, "the sea network of searoute", notes)
    country = places.set_index("node_id")["country"]
    abroad = (lanes["from_node_id"].map(country) != lanes["to_node_id"].map(country)).to_numpy()
    lanes = lanes[abroad].reset_index(drop=True)
    notes.assume(f"{len(lanes)} of the lanes, those between two countries, are sailed")
    return {"sea_lane": lanes, **services_on(lanes, ImportOptions(sailings_per_week=sailings), notes)}


def _refuse_apart(nodes: pd.DataFrame, joins: list[pd.DataFrame], ends: list[City]) -> None:
    """Raise BadValue where nothing joins the two cities."""
    at = pd.Index(nodes["node_id"])
    here, there = (at.get_indexer(pd.concat([join[end] for join in joins])) for end in ("from_node_id", "to_node_id"))
    label = components(len(nodes), here, there)
    if len({int(label[at.get_loc(end.node_id)]) for end in ends}) > 1:
        raise BadValue(
            f"nothing found here joins {ends[0].name} and {ends[1].name}",
            hint="a larger --window, more --places or --ports, or an extract of OpenStreetMap with --osm",
        )


# countries


def _borders(nodes: pd.DataFrame, links: pd.DataFrame, notes: Notes) -> dict[str, pd.DataFrame]:
    """Return crossings of borders that no customs area makes free, and what they take: half by each country."""
    areas = shipped_package().customs_areas.values()
    rows = crossings(nodes, with_columns(links, LINK_COLUMNS), ImportOptions(borders="crossings"), Notes())
    if not len(rows):
        return {}
    country = nodes.set_index("node_id")["country"]
    here, there = rows["from_node_id"].map(country), rows["to_node_id"].map(country)
    free = [any(a in area and b in area for area in areas) for a, b in zip(here, there, strict=True)]
    rows = rows.assign(operation_id="border-" + here + "-" + there)[~np.array(free, bool)]
    pairs = sorted({(a, b) for a, b, open_ in zip(here, there, free, strict=True) if not open_})
    if not pairs:
        return {"crossing": rows}
    notes.assume(
        "a border takes the hours and fees that are usual in the parts of the world of its two countries, the sum of"
        " both (operation.csv, grade D)"
    )
    notes.warn("whether a border is open to lorries is not known here: every one is taken as open, day and night")
    return {"crossing": rows, "operation": pd.DataFrame([row for pair in pairs for row in _figures(*pair)])}


def _figures(here: str, there: str) -> list[dict[str, str]]:
    """Return the rows of table operation of the border between two countries."""
    sides = [_usual(code) for code in (here, there)]
    basis = f"default: {here} ({sides[0]['region']}) and {there} ({sides[1]['region']}): own estimate; " + "; ".join(
        dict.fromkeys(side["basis"] for side in sides)
    )
    told = {"operation_id": f"border-{here}-{there}", "cargo_unit": "any", "source_id": SOURCE, "grade": "D"}
    made = []
    for component, quantity, column, money in (
        ("queue", "hours", "hours", {"currency": "", "price_year": ""}),
        ("border_fee", "cost", "usd", {"currency": "USD", "price_year": "2023"}),
    ):
        total = {
            f"value{end}": f"{sum(float(side[column + end]) for side in sides):g}" for end in ("", "_low", "_high")
        }
        made.append({**told, "component": component, "quantity": quantity, **total, **money, "basis": basis})
    return made


def _usual(country: str) -> pd.Series:
    """Return what is usual at the borders of a country."""
    table = read_cells(FOLDER / "border.csv")
    named = table[table["countries"].str.split().map(lambda codes: country in codes)]
    if len(named):
        return named.iloc[0]
    region = "Sub-Saharan Africa" if continent(country) == "AF" else "elsewhere"
    return table[table["region"] == region].iloc[0]


def _with_zones(nodes: pd.DataFrame, window: Window) -> pd.DataFrame:
    """Return the nodes, each without a time zone in that of the nearest city of its country, else of any."""
    from scipy.spatial import cKDTree

    found, zone = cities(window), nodes["time_zone"].to_numpy(object).copy()
    for country in sorted(set(nodes["country"][zone == ""])):
        empty = (zone == "") & (nodes["country"] == country).to_numpy()
        near = found[found["country"] == country] if (found["country"] == country).any() else found
        _, which = cKDTree(near[["lon", "lat"]].to_numpy(float)).query(nodes.loc[empty, ["x_coord", "y_coord"]])
        zone[empty] = near["time_zone"].to_numpy(object)[which]
    return nodes.assign(time_zone=zone)


def _asked_names(asked: Iterable[tuple[str, City]]) -> pd.DataFrame:
    """Return the names that were asked for, where GeoNames calls the cities by others."""
    told = {"language": "und", "source_id": SOURCE, "grade": "D"}
    names = [(text.partition(",")[0].strip(), city) for text, city in asked]
    other = [(name, city.node_id) for name, city in names if folded(name) != folded(city.name)]
    return pd.DataFrame([{"name": name, "node_id": node_id, **told} for name, node_id in dict.fromkeys(other)])


def _countries(nodes: pd.DataFrame) -> pd.DataFrame:
    rows, names = country_rows(code for code in nodes["country"] if code), country_names()
    bare = rows["name"] == rows["country"]
    return rows.assign(name=rows["name"].where(~bare, rows["country"].map(lambda code: names.get(code, code))))
