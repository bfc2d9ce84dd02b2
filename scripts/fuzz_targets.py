"""The readers that are tried: what each begins from, how its files are changed, and what is done with one."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from random import Random
from typing import Any

import corridor_net as cn
import fuzz_changes as change
from corridor_net import Network
from corridor_net.analysis.loads.demand import read_demand
from corridor_net.errors import NoRoute
from corridor_net.interchange import text_tables
from corridor_net.interchange.doors import import_network, make_options
from corridor_net.interchange.drawn.lines import raw_of_lines, read_lines
from corridor_net.interchange.listed.excel import read_excel
from corridor_net.interchange.listed.gmns import read_gmns
from corridor_net.interchange.listed.graph_files import read_graph
from corridor_net.interchange.listed.graphs import raw_of_graph
from corridor_net.interchange.listed.matsim import read_matsim
from corridor_net.interchange.listed.tntp import read_tntp
from corridor_net.interchange.notes import Notes
from corridor_net.interchange.timetables.gtfs import read_gtfs
from corridor_net.network.lines import wkt_line
from corridor_net.network.reading.package import NEEDED, read_package
from corridor_net.network.reading.read import read_tables
from corridor_net.scenario import check_scenario, load, load_scenario, load_study
from corridor_net.scenario.load import check_study
from corridor_net.uncertainty.factors.correlations import read_correlations
from corridor_net.workbench.answers import Workbench
from corridor_net.workbench.replies import reply_of

ROOT = Path(__file__).resolve().parents[1]
Files = dict[str, bytes]
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
CHANGES = [
    b"set: crossing, where: {crossing_id: suifenhe-grodekovo-rail-out}, component: queue, field: hours, value: 4",
    b"scale: tariff, where: {mode: [rail, road]}, field: per_km, by: 0.9, grade: C, source: BK, why: cheaper",
    b'shift: service, where: {service_id: "*"}, field: port_stay_hours, by: 1, valid_from: 2019-01-01, optional: true',
    b"close: link, where: {link_id: road-harbin-changchun}",
    b"open: service, where: {service_id: zarubino-niigata}, optional: true",
    b"""add: link, row: {link_id: new, name: New, from_node_id: harbin, to_node_id: changchun, mode: road,
  length_km: 260, speed_id: road_cn, tariff_id: road_cn, emission_factor_id: road_heavy, country: CN}""",
]
SCENARIOS = [b"scenario: one\ntitle: One\nchanges:\n- {" + one + b"}\n" for one in CHANGES]
STUDY = b"""study: one
title: One
baselines: [baseline-2019]
scenarios: [primorye-2]
focus: niigata
origins: [hunchun, yanji]
destinations: [niigata, JPAKT]
"""
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
    """A reader, and what an input of it is: one of the `seeds` after changes, beside files that stay as they are.

    `read` reads a folder, and is tried on every input; `use` is what the package does with what was read, and is tried
    on one in `each` of those that were read. `packed` makes the files of a part that is changed.
    """

    name: str
    seeds: Mapping[str, list[bytes]]
    changes: tuple[change.Change, ...]
    read: Callable[[Path], Any]
    use: Callable[[Path], Any] | None = None
    each: int = 20
    beside: Mapping[str, Files] = field(default_factory=dict)
    """The files that stay, by the name of the part that is changed."""
    packed: Callable[[str, bytes, Random], Files] | None = None

    def part(self, random: Random) -> tuple[str, bytes]:
        """Return the name of a part, and one of its seeds changed."""
        name = random.choice(sorted(self.seeds))
        return name, change.changed(self.seeds[name], self.changes, random)

    def files(self, name: str, content: bytes, random: Random) -> Files:
        """Return the files that a changed part makes."""
        return self.packed(name, content, random) if self.packed else {name: content}


@cache
def shipped() -> Network:
    """The shipped network, read once."""
    return Network.from_folder().as_of("2019-07-01")


@cache
def package_in(folder: Path) -> Files:
    """The files of a small package, which is written to `folder`."""
    if not (folder / "package").exists():
        given = fresh(folder / "gmns", {"node.csv": NODES, "link.csv": ARCS})
        made = import_network("gmns", [given], country="CN", origins=("1",), markets=("3",), length_unit="km")
        made.write(folder / "package")
        for name in ("deflator.csv", "exchange_rate.csv"):  # what each input reads anew: the last years are enough
            lines = (folder / "package" / name).read_text("utf-8").splitlines(keepends=True)
            (folder / "package" / name).write_text("".join(lines[:1] + lines[-9:]), "utf-8")
    return {path.name: path.read_bytes() for path in sorted((folder / "package").iterdir()) if path.is_file()}


def ask(folder: Path) -> None:
    """Read a package and ask for a route."""
    network = Network.from_folder(folder)
    try:
        cn.Model(base=network).route("1", "3")
    except NoRoute:
        return


def packages(scratch: Path) -> tuple[Target, Target]:
    """Return the readers of tables and of their description: each table beside those without which it is none."""
    files = package_in(scratch)
    described = json.loads(files["datapackage.json"])
    package = read_package(scratch / "package")
    resources = {one["name"].replace("-", "_"): one for one in described["resources"]}
    kept = {name: _with_named(name, resources) for name in resources if f"{name}.csv" in files}
    whole = {name: {f"{one}.csv": files[f"{one}.csv"] for one in tables} for name, tables in kept.items()}
    descriptions = [
        json.dumps(
            described | {"resources": [_undescribed(resources[one]) for one in sorted({name, *NEEDED})]}
        ).encode()
        for name in kept
    ]
    said = {"datapackage.json": files["datapackage.json"]}
    return (
        Target(
            name="tables",
            seeds={f"{name}.csv": [files[f"{name}.csv"]] for name in kept},
            changes=change.TABLE,
            read=lambda folder: read_tables(folder, package),
            use=ask,
            beside={f"{name}.csv": tables | said for name, tables in whole.items()},
        ),
        Target(
            name="datapackage",
            seeds={"datapackage.json": descriptions},
            changes=change.JSON,
            read=read_package,
            use=ask,
            beside={"datapackage.json": {name: one for name, one in files.items() if name != "datapackage.json"}},
        ),
    )


def _undescribed(part: Any) -> Any:
    """Return a part of a description without its sentences, which no reader looks at."""
    if isinstance(part, list):
        return [_undescribed(one) for one in part]
    return (
        {key: _undescribed(one) for key, one in part.items() if key != "description"}
        if isinstance(part, dict)
        else part
    )


def _with_named(name: str, resources: Mapping[str, Any]) -> set[str]:
    """Return a table, those that no package is without, and those that any of them names."""
    found, left = set[str](), [name, *NEEDED]
    while left:
        one = left.pop()
        if one in resources and one not in found:
            found.add(one)
            keys = resources[one]["schema"].get("foreignKeys", [])
            left += [key["reference"].get("resource", "").replace("-", "_") for key in keys]
    return found


def doors() -> tuple[Target, ...]:
    """Return the readers of other formats: each to the raw network it gives, some to the whole package."""
    plain = make_options(Notes(), country="CN")
    drawn = make_options(Notes(), country="CN", schematic=True)

    def door(name: str, file: str, read: Callable[[Path], Any], **more: Any) -> Target:
        def use(folder: Path) -> None:
            import_network(name, [folder / file], country="CN", schematic=name == "tntp").network()

        return Target(name=more.pop("said", name), read=lambda path: read(path / file), use=use, each=200, **more)

    def graph(path: Path) -> None:
        raw_of_graph(read_graph(path), plain, Notes(), source="x")

    def lines(path: Path) -> None:
        raw_of_lines(read_lines([path], plain, Notes()), None, plain, Notes(), source="x")

    def tables(files: Files) -> dict[str, Any]:
        return {
            "seeds": {name: [content] for name, content in files.items()},
            "beside": {name: {other: files[other] for other in files if other != name} for name in files},
            "changes": change.TABLE,
        }

    def one(name: str, content: bytes, changes: tuple[change.Change, ...]) -> dict[str, Any]:
        return {"file": name, "seeds": {name: [content]}, "changes": changes}

    return (
        door("lines", read=lines, said="geojson", **one("x.geojson", json.dumps(LINES).encode(), change.JSON)),
        door("gmns", "", read=lambda path: read_gmns(path, plain, Notes()),
             **tables({"node.csv": NODES, "link.csv": ARCS})),
        door("excel", "x.xlsx", lambda path: read_excel(path, plain, Notes()), changes=change.TEXT, packed=workbook,
             seeds={name: [content] for name, content in workbook_parts().items()}),
        door("networkx", read=graph, **one("x.json", json.dumps(GRAPH).encode(), change.JSON)),
        door("matsim", read=lambda path: read_matsim(path, plain, Notes()), **one("x.xml", MATSIM, change.TEXT)),
        door("tntp", read=lambda path: read_tntp([path], drawn, Notes()), **one("x_net.tntp", TNTP, change.TEXT)),
        door("gtfs", "", read=lambda path: read_gtfs(path, Notes()), **tables(GTFS)),
    )  # fmt: skip


def targets(scratch: Path) -> tuple[Target, ...]:
    """Return all readers; `scratch` is a folder for the package they begin from."""
    read_once()
    scenarios = [path.read_bytes() for path in sorted((ROOT / "scenarios").glob("*.yaml"))]
    studies = [one for one in scenarios if b"\nstudy:" in one]
    plain = [one for one in scenarios if one not in studies]

    def file(name: str, seeds: list[bytes], changes: tuple[change.Change, ...]) -> dict[str, Any]:
        return {"seeds": {name: seeds}, "changes": changes}

    return (
        *packages(scratch),
        Target(
            name="scenario",
            read=lambda folder: load_scenario(folder / "x.yaml"),
            use=read_scenario,
            **file("x.yaml", [*plain, *SCENARIOS * 16], change.TEXT),
        ),
        Target(
            name="study",
            read=lambda folder: load_study(folder / "x.yaml"),
            use=lambda folder: check_study(folder / "x.yaml", shipped()),
            **file("x.yaml", [*studies, *[STUDY] * 19], change.TEXT),
        ),
        Target(
            name="demand",
            read=lambda folder: read_demand(folder / "x.csv", shipped()),
            **file("x.csv", [b"origin,destination,teu\nharbin,niigata,100\nyanji,JPNIH,20.5\n"], change.TABLE),
        ),
        Target(
            name="correlations",
            read=lambda folder: read_correlations(folder / "x.csv"),
            **file("x.csv", [b"figure_a,figure_b,correlation\nspeed:road,speed:rail,0.5\n"], change.TABLE),
        ),
        Target(
            name="wkt",
            read=lambda folder: wkt_line((folder / "x.wkt").read_text("utf-8", "replace")),
            **file("x.wkt", [b"LINESTRING (20.1 46.2, 20.6 45.6)", b"LINESTRING Z (1 2 3, 4 5 6)"], change.TEXT),
        ),
        *doors(),
        Target(
            name="http",
            seeds={name: [json.dumps(data).encode()] for name, data in BODIES},
            changes=change.JSON,
            # the whole map of the shipped network takes a third of a second
            read=lambda folder: answer(folder, scratch / "package" if (folder / "network").exists() else None),
            use=answer,
        ),
    )


def read_scenario(folder: Path) -> None:
    """Check a scenario as `check` does, and apply it as `route` does."""
    check_scenario(folder / "x.yaml", shipped())
    load_scenario(folder / "x.yaml").apply(shipped())


@cache
def workbook_parts() -> Files:
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


def workbook(name: str, changed: bytes, random: Random) -> Files:
    """Return a workbook with a changed part; of every fifth, the file itself is changed too."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part, content in (workbook_parts() | {name: changed}).items():
            archive.writestr(part, content)
    content = packed.getvalue()
    return {"x.xlsx": change.bytes_changed(content, random) if random.randrange(5) == 0 else content}


def read_once() -> None:
    """Let what stands beside a changed file be read once for all inputs: tables of text, and shipped scenarios."""
    parsed, of_path = lru_cache(64)(text_tables.parse_table), load._read_scenario  # noqa: SLF001 - no other way in
    of_shipped = cache(of_path)

    def table(*given: Any) -> text_tables.TextTable:
        found = parsed(*given)
        return replace(found, frame=found.frame.copy(deep=False))

    text_tables.parse_table = table
    load._read_scenario = lambda path: (of_shipped if path.parent == ROOT / "scenarios" else of_path)(path)  # noqa: SLF001


@cache
def bench(data: Path | None = None) -> Workbench:
    """The workbench of the shipped network, or of that of a folder."""
    return Workbench(Network.from_folder(data))


def answer(folder: Path, data: Path | None = None) -> None:
    """Answer a request to the workbench of a network; a fault of the server is a finding."""
    path = next(folder.iterdir())
    made = reply_of(bench(data), path.name, path.read_bytes())
    if made.status >= 500:
        raise AssertionError(f"{made.status} for {path.name}")


def fresh(folder: Path, files: Files) -> Path:
    """Write files into a folder that held others before, and return it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
