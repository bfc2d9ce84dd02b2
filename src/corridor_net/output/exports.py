"""A network as files for other programs: GeoJSON, CSV tables, GMNS, GeoPackage, GeoParquet. No search."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from corridor_net.errors import BadFile, BadValue
from corridor_net.network import Network
from corridor_net.network.basemap import basemap_file, read_basemap
from corridor_net.network.convert import to_geodataframes
from corridor_net.network.files.csv_cells import to_csv
from corridor_net.network.lines import link_lines
from corridor_net.network.passable import passable_legs, passages
from corridor_net.network.reading.package import shipped_folder
from corridor_net.network.rows import ROW_TYPES, VOCABULARY, Link
from corridor_net.output.maps.geojson import network_geojson, nodes_geojson, services_geojson

from .files import filled, to_json, write_all
from .qgis import project, styles

FORMATS = ("geojson", "csv", "gmns", "gpkg", "geoparquet")

Features = Iterable[dict[str, Any]]


def export(network: Network, kind: str, folder: Path, routes: Features = (), legs: Features = ()) -> list[str]:
    """Write the network, as it is on its day, to `folder`; return the names of the files.

    `routes` and their `legs` are GeoJSON features drawn into the GeoPackage beside the network. Each file appears whole
    or not at all, and the same network gives the same bytes.

    Raises
    ------
    BadValue
        A format that is not one of `FORMATS`, or one that needs an extra that is not installed.
    BadFile
        The folder cannot be written.
    """
    texts: dict[str, Callable[[], dict[str, str]]] = {
        "geojson": lambda: {
            "nodes.geojson": to_json(nodes_geojson(network)),
            "network.geojson": to_json(network_geojson(network)),
        },
        "csv": lambda: package_csv(network),
        "gmns": lambda: gmns(network),
    }
    if kind in texts:
        made = texts[kind]()
        write_all(folder, made)
        return sorted(made)
    if kind not in FORMATS:
        raise BadValue(f"unknown format '{kind}'", hint=f"one of: {', '.join((*FORMATS, 'xlsx'))}")
    if kind != "gpkg" and find_spec("pyarrow") is None:
        raise BadValue(f"format {kind} needs pyarrow", hint="pip install 'corridor-net[parquet]'")
    writer = _write_gpkg if kind == "gpkg" else _write_parquet
    with _finished(folder) as fresh:
        writer(network, fresh, {"routes": list(routes), "legs": list(legs)})
        return sorted(path.name for path in fresh.iterdir())


@contextmanager
def _finished(folder: Path) -> Iterator[Path]:
    """Give a scratch folder whose files move to `folder` together when all are complete."""
    try:
        with filled(folder) as fresh:
            yield fresh
    except RuntimeError as error:
        if type(error).__module__ != "pyogrio.errors":
            raise
        said = str(error).partition(": ")[0]
        hint = "make room on the disk, or choose another folder"
        raise BadFile(f"cannot write to '{folder}': {said}", hint=hint) from None


# text formats


def package_csv(network: Network) -> dict[str, str]:
    """Return the tables that hold on the day as a data package that `--geodata` reads again."""
    described = json.loads((shipped_folder("geodata") / "datapackage.json").read_text(encoding="utf-8"))
    described = {name: part for name, part in described.items() if name in ("profile", "resources")}
    described = {"name": "corridor-net-export", **network.own_properties(), **described}
    columns = {Path(r["path"]).stem: [field["name"] for field in r["schema"]["fields"]] for r in described["resources"]}
    texts = {"datapackage.json": to_json(described)}
    # What scenarios made has sources of their own: they are listed, so that the package holds together.
    cited = {getattr(row, "source_id", "") for table in ROW_TYPES for row in network.rows(table)} - {""}
    known = {row.source_id for row in network.rows("source")}
    for table, row_type in ROW_TYPES.items():
        held = {field.name for field in fields(row_type)}
        names = columns[table]
        codes = getattr(network.vocabulary, f"{table}s").values() if table in VOCABULARY else network.rows(table)
        lines = [[_cell(getattr(row, name)) if name in held else "" for name in names] for row in codes]
        if table == "source":
            made = {"title": "a scenario of this export"}
            lines += [
                [{**made, "source_id": source}.get(name, "") for name in names] for source in sorted(cited - known)
            ]
        texts[f"{table}.csv"] = to_csv(names, lines)
    return texts


def gmns(network: Network) -> dict[str, str]:
    """Return node.csv, link.csv, geometry.csv and config.csv after GMNS: km, km/h, WGS 84.

    A row of link.csv is one direction of a link or one leg of a service that boxes can pass on the day, so every row
    is directed: there are readers that take each row for one way whatever it says. Origins and markets are zones.
    """
    speeds = {row.speed_id: row.speed_kmh for row in network.active("speed")}
    zones = {row.node_id: 0 for row in network.rows("market")}
    zones = {node_id: number for number, node_id in enumerate(zones, 1)}
    nodes = [
        (n.node_id, n.name, n.x_coord, n.y_coord, n.node_type, zones.get(n.node_id)) for n in network.active("node")
    ]
    lines, used = link_lines(network), set()
    links: list[tuple[Any, ...]] = []
    shapes: list[tuple[Any, ...]] = []
    for way in passages(network):
        row, name = way.row, way.passage_id
        if isinstance(row, Link):
            shape, forward = row.link_id, way.from_node_id == row.from_node_id
            drawn, back = _wkt(lines[row.link_id]), "" if forward else ":back"
        else:
            lane = network.lanes[way.from_node_id, way.to_node_id]
            shape, forward, drawn, back = lane.lane_id, way.from_node_id == lane.from_node_id, lane.geometry, ""
        if shape not in used:
            used.add(shape)
            shapes.append((shape, drawn))
        ends = (f"{name}{back}", row.name, way.from_node_id, way.to_node_id)
        speed, gauge = speeds.get(row.speed_id, ""), row.gauge_mm if isinstance(row, Link) else None
        links.append((*ends, 1, shape, 1 if forward else -1, way.length_km, way.mode, speed, None, 1, "all", gauge))
    node_columns = ("node_id", "name", "x_coord", "y_coord", "node_type", "zone_id")
    link_columns = ("link_id", "name", "from_node_id", "to_node_id", "directed", "geometry_id", "dir_flag", "length")
    more = ("facility_type", "free_speed", "capacity", "lanes", "allowed_uses", "gauge_mm")
    config = [("corridor-net", "km", "km", "kph", "EPSG:4326", "wkt")]
    config_columns = ("dataset_name", "short_length", "long_length", "speed", "crs", "geometry_field_format")
    return {
        "node.csv": to_csv(node_columns, nodes),
        "link.csv": to_csv((*link_columns, *more), links),
        "geometry.csv": to_csv(("geometry_id", "geometry"), shapes),
        "config.csv": to_csv(config_columns, config),
    }


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return repr(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, bool):
        return str(int(value))
    return str(value)


def _wkt(points: Iterable[tuple[float, float]]) -> str:
    return f"LINESTRING ({', '.join(f'{x} {y}' for x, y in points)})"


# binary formats


def _layers(network: Network, drawn: Mapping[str, list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the GeoDataFrames of an export by layer."""
    import geopandas as gpd

    frames = to_geodataframes(network)
    legs = passable_legs(network)
    used = {network.lanes[way.from_node_id, way.to_node_id].lane_id for way in legs}
    lanes = frames["sea_lanes"]
    basemap = basemap_file(network)
    layers = {"nodes": frames["nodes"], "links": frames["links"], "sea_lanes": lanes[lanes.lane_id.isin(used)]}
    if basemap is not None:
        areas = [one for one in read_basemap(basemap).features if one.shape.geom_type.endswith("Polygon")]
        countries = [one.properties.get("country") for one in areas]
        named = {"country": countries} if any(countries) else {}
        land = gpd.GeoDataFrame(named, geometry=[one.shape for one in areas], crs="EPSG:4326")
        layers = {"basemap_land": land, **layers}
    given = {"services": services_geojson(network)["features"], **drawn}
    for name, features in given.items():
        if features:
            layers[name] = gpd.GeoDataFrame.from_features(features, crs="EPSG:4326")
    return layers


def _write_parquet(network: Network, folder: Path, drawn: Mapping[str, list[dict[str, Any]]]) -> None:
    for name, frame in _layers(network, drawn).items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)


def _write_gpkg(network: Network, folder: Path, drawn: Mapping[str, list[dict[str, Any]]]) -> None:
    import pandas as pd
    import pyogrio

    path = folder / "network.gpkg"
    layers = _layers(network, drawn)
    before = os.environ.get("OGR_CURRENT_DATE")
    # The day of the network, not of the writing: the same network gives the same bytes.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{network.day}T00:00:00.000Z"})
    try:
        for number, (name, frame) in enumerate(layers.items()):
            pyogrio.write_dataframe(frame, path, layer=name, driver="GPKG", append=number > 0)
        gateways = {node.node_id: node.name for node in network.rows("node")}
        styled = styles(layers, network.vocabulary, gateways)
        pyogrio.write_dataframe(pd.DataFrame(styled), path, layer="layer_styles", driver="GPKG", append=True)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})
    title = f"{network.package.title}, {network.day}"
    (folder / "network.qgs").write_text(project(styled, network, title), encoding="utf-8")
