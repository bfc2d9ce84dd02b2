"""The readers that are tried: what each begins from, how its files are changed, and what is done with one."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

import corridor_net as cn
import fuzz_changes as change
from corridor_net import Network
from corridor_net.analysis.demand import read_demand
from corridor_net.errors import NoRoute
from corridor_net.interchange import import_network
from corridor_net.network.lines import wkt_line
from corridor_net.scenario import check_scenario, load_scenario
from corridor_net.scenario.load import check_study
from corridor_net.uncertainty.correlations import read_correlations
from corridor_net.workbench.answers import Workbench
from corridor_net.workbench.replies import reply_of

ROOT = Path(__file__).resolve().parents[1]
Make = Callable[[Random], dict[str, bytes]]
LINES = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"name": name, "mode": "rail", "length_km": 90},
         "geometry": {"type": "LineString", "coordinates": points}}
        for name, points in (("a", [[20.1, 46.2], [20.6, 45.6]]), ("b", [[20.6, 45.6], [20.9, 44.9]]))
    ],
}  # fmt: skip
GRAPH = {
    "directed": False, "multigraph": False, "graph": {},
    "nodes": [{"id": "a", "x": 20.1, "y": 46.2}, {"id": "b", "x": 20.6, "y": 45.6}],
    "edges": [{"source": "a", "target": "b", "length_km": 90}],
}  # fmt: skip
NODES = b"node_id,name,x_coord,y_coord\n1,One,20.1,46.2\n2,Two,20.6,45.6\n3,Three,20.9,44.9\n"
ARCS = b"link_id,from_node_id,to_node_id,directed,length,free_speed,lanes\nx,1,2,0,90,60,1\ny,2,3,1,91,60,2\n"
MATSIM = b"""<?xml version="1.0"?><!DOCTYPE network SYSTEM "http://www.matsim.org/files/dtd/network_v2.dtd">
<network name="n"><nodes><node id="1" x="20.1" y="46.2"/><node id="2" x="20.6" y="45.6"/></nodes>
<links capperiod="01:00:00"><link id="1" from="1" to="2" length="90000" freespeed="20" capacity="600" permlanes="1"
oneway="1" modes="car"/></links></network>"""
TNTP = b"""<NUMBER OF ZONES> 2
<NUMBER OF NODES> 2
<FIRST THRU NODE> 1
<NUMBER OF LINKS> 2
<END OF METADATA>
~ init term capacity length fftime b power speed toll type ;
1 2 900 6 6 0.15 4 0 0 1 ;
2 1 900 6 6 0.15 4 0 0 1 ;
"""
GTFS = {
    "agency.txt": b"agency_id,agency_name,agency_url,agency_timezone\nA,A,http://a,Asia/Tokyo\n",
    "stops.txt": b"stop_id,stop_name,stop_lat,stop_lon\n1,One,46.2,20.1\n2,Two,45.6,20.6\n",
    "routes.txt": b"route_id,agency_id,route_short_name,route_type\nR,A,r,4\n",
    "trips.txt": b"route_id,service_id,trip_id\nR,S,T\n",
    "stop_times.txt": b"trip_id,arrival_time,departure_time,stop_id,stop_sequence\nT,08:00:00,08:00:00,1,1\n"
    b"T,20:00:00,20:00:00,2,2\n",
    "calendar.txt": b"service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    b"S,1,0,0,1,0,0,0,20190101,20191231\n",
}
BODIES = [
    ("answer", {"origin": "harbin", "destination": "niigata", "scenarios": [{"scenario": "x", "title": "x", "changes": [
        {"scale": "crossing", "where": {"crossing_id": "suifenhe-grodekovo-rail-out"}, "component": "queue",
         "field": "hours", "by": 0.5}]}]}),
    ("parse", {"text": "scenario: x\ntitle: x\nextends: primorye-2\n"}),
    ("yaml", {"scenario": {"scenario": "x", "title": "x", "changes": [{"close": "link", "where": {"mode": "road"}}]}}),
    ("network", {"as_of": "2019-07-01", "cargo": "dry_40"}),
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Target:
    """A reader: `make` gives the files of an input by name, `read` reads them from a folder."""

    name: str
    make: Make
    read: Callable[[Path], None]


@cache
def shipped() -> Network:
    """The shipped network, read once."""
    return Network.from_folder().as_of("2019-07-01")


@cache
def package_in(folder: Path) -> dict[str, bytes]:
    """The files of a small package, which is written to `folder`."""
    if not (folder / "package").exists():
        given = fresh(folder / "gmns", {"node.csv": NODES, "link.csv": ARCS})
        made = import_network("gmns", [given], country="CN", origins=("1",), markets=("3",), length_unit="km")
        made.write(folder / "package")
    return {path.name: path.read_bytes() for path in sorted((folder / "package").iterdir()) if path.is_file()}


def ask(network: Network, origin: str = "1", destination: str = "3") -> None:
    """Ask a network that was read for a route."""
    try:
        cn.Model(base=network).route(origin, destination)
    except NoRoute:
        return


def targets(scratch: Path) -> tuple[Target, ...]:
    """Return all readers; `scratch` is a folder for the package they begin from."""
    package = package_in(scratch)
    tables = sorted(name for name in package if name.endswith(".csv"))
    scenarios = [path.read_bytes() for path in sorted((ROOT / "scenarios").glob("*.yaml"))]
    studies = [one for one in scenarios if b"\nstudy:" in one]
    plain = [one for one in scenarios if one not in studies]

    def one_of(seeds: list[bytes], changes: tuple[change.Change, ...], name: str) -> Make:
        return lambda random: {name: change.changed(seeds, changes, random)}

    def table(random: Random) -> dict[str, bytes]:
        name = random.choice(tables)
        return package | {name: change.changed([package[name]], change.TABLE, random)}

    def description(random: Random) -> dict[str, bytes]:
        return package | {"datapackage.json": change.changed([package["datapackage.json"]], change.JSON, random)}

    def gmns(random: Random) -> dict[str, bytes]:
        files = {"node.csv": NODES, "link.csv": ARCS}
        name = random.choice(sorted(files))
        return files | {name: change.changed([files[name]], change.TABLE, random)}

    def gtfs(random: Random) -> dict[str, bytes]:
        name = random.choice(sorted(GTFS))
        return GTFS | {name: change.changed([GTFS[name]], change.TABLE, random)}

    def body(random: Random) -> dict[str, bytes]:
        name, data = random.choice(BODIES)
        return {name: change.changed([json.dumps(data).encode()], change.JSON, random)}

    def door(kind: str, name: str = "") -> Callable[[Path], None]:
        def read(folder: Path) -> None:
            schematic = kind == "tntp"
            import_network(kind, [folder / name if name else folder], country="CN", schematic=schematic).network()

        return read

    return (
        Target(name="tables", make=table, read=lambda folder: ask(Network.from_folder(folder))),
        Target(name="datapackage", make=description, read=lambda folder: ask(Network.from_folder(folder))),
        Target(name="scenario", make=one_of(plain, change.TEXT, "x.yaml"), read=read_scenario),
        Target(
            name="study",
            make=one_of(studies, change.TEXT, "x.yaml"),
            read=lambda folder: check_study(folder / "x.yaml", shipped()),
        ),
        Target(
            name="demand",
            make=one_of([b"origin,destination,teu\nharbin,niigata,100\nyanji,JPNIH,20.5\n"], change.TABLE, "x.csv"),
            read=lambda folder: read_demand(folder / "x.csv", shipped()) and None,
        ),
        Target(
            name="correlations",
            make=one_of([b"figure_a,figure_b,correlation\nspeed:road,speed:rail,0.5\n"], change.TABLE, "x.csv"),
            read=lambda folder: read_correlations(folder / "x.csv") and None,
        ),
        Target(
            name="wkt",
            make=one_of([b"LINESTRING (20.1 46.2, 20.6 45.6)", b"LINESTRING Z (1 2 3, 4 5 6)"], change.TEXT, "x.wkt"),
            read=lambda folder: wkt_line((folder / "x.wkt").read_text("utf-8", "replace")) and None,
        ),
        Target(
            name="geojson",
            make=one_of([json.dumps(LINES).encode()], change.JSON, "x.geojson"),
            read=door("lines", "x.geojson"),
        ),
        Target(name="gmns", make=gmns, read=door("gmns")),
        Target(name="excel", make=workbook, read=door("excel", "x.xlsx")),
        Target(
            name="networkx",
            make=one_of([json.dumps(GRAPH).encode()], change.JSON, "x.json"),
            read=door("networkx", "x.json"),
        ),
        Target(name="matsim", make=one_of([MATSIM], change.TEXT, "x.xml"), read=door("matsim", "x.xml")),
        Target(name="tntp", make=one_of([TNTP], change.TEXT, "x_net.tntp"), read=door("tntp", "x_net.tntp")),
        Target(name="gtfs", make=gtfs, read=door("gtfs")),
        Target(name="http", make=body, read=answer),
    )


def read_scenario(folder: Path) -> None:
    """Check a scenario as `check` does, and apply it as `route` does."""
    check_scenario(folder / "x.yaml", shipped())
    load_scenario(folder / "x.yaml").apply(shipped())


@cache
def workbook_parts() -> dict[str, bytes]:
    """The files inside a workbook with the sheets node and link."""
    import csv

    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, content in (("node", NODES), ("link", ARCS)):
        sheet = book.create_sheet(name)
        for row in csv.reader(io.StringIO(content.decode())):
            sheet.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in row])
    packed = io.BytesIO()
    book.save(packed)
    with zipfile.ZipFile(packed) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def workbook(random: Random) -> dict[str, bytes]:
    """A workbook of which one part, or the file itself, is changed."""
    parts = dict(workbook_parts())
    name = random.choice(sorted(parts))
    parts[name] = change.changed([parts[name]], change.TEXT, random)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    content = packed.getvalue()
    return {"x.xlsx": change.bytes_changed(content, random) if random.randrange(5) == 0 else content}


@cache
def bench() -> Workbench:
    """The workbench of the shipped network."""
    return Workbench(Network.from_folder())


def answer(folder: Path) -> None:
    """Answer a request to the workbench; a fault of the server is a finding."""
    path = next(folder.iterdir())
    made = reply_of(bench(), path.name, path.read_bytes())
    if made.status >= 500:
        raise AssertionError(f"{made.status} for {path.name}")


def fresh(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files into a folder that held others before, and return it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
