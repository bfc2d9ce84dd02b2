"""What the tests share: the shipped network read once, editable copies of the data, a network small enough to work
out by hand, and the command run inside the process or outside it."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.network.read import shipped_folder

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = Path(__file__).resolve().parent / "golden"


def pytest_addoption(parser):
    parser.addoption("--renew-golden", action="store_true", help="write the golden files anew in place of comparing")


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def geodata():
    return shipped_folder("geodata")


@pytest.fixture(scope="session")
def scenarios():
    return shipped_folder("scenarios")


@pytest.fixture(scope="session")
def package(geodata):
    """The table schemas of the data package by resource name."""
    data = json.loads((geodata / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["name"]: resource for resource in data["resources"]}


@pytest.fixture(scope="session")
def shipped():
    return cn.Network.from_folder()


@pytest.fixture(scope="session")
def net2019(shipped):
    return shipped.as_of("2019-07-01")


@pytest.fixture(scope="session")
def imp2019(net2019):
    return impedance(net2019)


@pytest.fixture(scope="session")
def study():
    return cn.load_study("longjiang-japan")


@pytest.fixture(scope="session")
def comparison(study, shipped):
    return cn.compare(study, shipped)


@pytest.fixture(scope="session")
def result_texts(comparison):
    """Every file of a run of the shipped study, by name."""
    from corridor_net.analysis.findings import findings
    from corridor_net.questions._study_files import result_files
    from corridor_net.uncertainty.study import main_doubts

    options = {"by": "generalised", "cargo": "dry_40", "schedule": False}
    return result_files(comparison, options, main_doubts(comparison), findings(comparison))


# data that can be broken


class Data:
    """A copy of a data package that a test may edit."""

    def __init__(self, folder):
        self.folder = folder

    def path(self, table):
        return self.folder / f"{table}.csv"

    def lines(self, table):
        return self.path(table).read_text(encoding="utf-8").splitlines()

    def replace(self, table, old, new, count=1):
        text = self.path(table).read_text(encoding="utf-8")
        assert old in text, f"{table}.csv holds no {old!r}"
        self.path(table).write_text(text.replace(old, new, count), encoding="utf-8")

    def append(self, table, line):
        with self.path(table).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def rows(self, table):
        with self.path(table).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def edit(self, table, row, **cells):
        """Change cells of a row, counted from 0; return the line it stands on."""
        rows = self.rows(table)
        for column, cell in cells.items():
            assert column in rows[row]
            rows[row][column] = cell
        text = io.StringIO()
        writer = csv.DictWriter(text, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.path(table).write_text(text.getvalue(), encoding="utf-8")
        return row + 2


@pytest.fixture
def data(tmp_path, geodata):
    """A copy of the shipped data."""
    return Data(shutil.copytree(geodata, tmp_path / "geodata"))


# a network to work out by hand

TINY = {
    "source": [{"source_id": "S", "title": "made for the tests"}],
    "country": [
        {"country": country, "name": country, "time_zone": zone}
        for country, zone in (("CN", "Asia/Shanghai"), ("JP", "Asia/Tokyo"), ("KP", "Asia/Pyongyang"),
                              ("KR", "Asia/Seoul"), ("MN", "Asia/Ulaanbaatar"), ("RU", "Asia/Vladivostok"))
    ],
    "node": [
        {"node_id": "alfa", "name": "Alfa", "node_type": "city", "country": "CN", "x_coord": 126, "y_coord": 45},
        {"node_id": "bravo", "name": "Bravo", "node_type": "border_station", "country": "CN", "x_coord": 129,
         "y_coord": 45},
        {"node_id": "charlie", "name": "Charlie", "node_type": "seaport", "country": "RU", "x_coord": 129.3,
         "y_coord": 45, "unlocode": "RUCHA"},
        {"node_id": "delta", "name": "Delta", "node_type": "seaport", "country": "JP", "x_coord": 138, "y_coord": 40},
        {"node_id": "golf", "name": "Golf", "node_type": "seaport", "country": "CN", "x_coord": 122, "y_coord": 42},
    ],
    "node_name": [{"node_id": "alfa", "language": "ru", "name": "Альфа"}],
    "link": [
        {"link_id": "road-ab", "name": "Alfa - Bravo", "from_node_id": "alfa", "to_node_id": "bravo", "directed": 0,
         "mode": "road", "length_km": 300, "speed_id": "road", "tariff_id": "road_cn", "emission_factor_id": "lorry",
         "country": "CN"},
        {"link_id": "road-bc", "name": "Bravo - Charlie", "from_node_id": "bravo", "to_node_id": "charlie",
         "directed": 0, "mode": "road", "length_km": 30, "speed_id": "road", "tariff_id": "road_ru",
         "emission_factor_id": "lorry", "country": "RU"},
        {"link_id": "rail-ag", "name": "Alfa - Golf", "from_node_id": "alfa", "to_node_id": "golf", "directed": 0,
         "mode": "rail", "gauge_mm": "1435", "length_km": 500, "speed_id": "rail", "tariff_id": "rail_cn",
         "emission_factor_id": "train", "country": "CN"},
    ],
    "geometry": [],
    "sea_lane": [
        {"lane_id": "sea-cd", "from_node_id": "charlie", "to_node_id": "delta", "length_km": 1000, "length_nmi": 540,
         "geodesic_km": 950, "ratio": 1.05, "geometry": "LINESTRING (129.3 45, 138 40)"},
        {"lane_id": "sea-gd", "from_node_id": "golf", "to_node_id": "delta", "length_km": 2000, "length_nmi": 1080,
         "geodesic_km": 1900, "ratio": 1.05, "geometry": "LINESTRING (122 42, 138 40)"},
    ],
    "crossing": [
        {"crossing_id": "bc-out", "name": "Bravo to Charlie", "link_id": "road-bc", "from_node_id": "bravo",
         "to_node_id": "charlie", "mode": "road", "direction": "out", "operation_id": "border",
         "opening_hours": "09:00-19:00"},
        {"crossing_id": "bc-in", "name": "Charlie to Bravo", "link_id": "road-bc", "from_node_id": "charlie",
         "to_node_id": "bravo", "mode": "road", "direction": "in", "operation_id": "border", "opening_hours": "24h"},
    ],
    "terminal": [
        {"terminal_id": "alfa-origin-road", "node_id": "alfa", "from_state": "origin", "to_state": "road",
         "operation_id": "load_road"},
        {"terminal_id": "alfa-origin-rail_1435", "node_id": "alfa", "from_state": "origin", "to_state": "rail_1435",
         "operation_id": "load_rail"},
        {"terminal_id": "charlie-road-port_out", "node_id": "charlie", "from_state": "road", "to_state": "port_out",
         "operation_id": "port_charlie"},
        {"terminal_id": "golf-rail_1435-port_out", "node_id": "golf", "from_state": "rail_1435",
         "to_state": "port_out", "operation_id": "port_golf"},
        {"terminal_id": "delta-port_in-destination", "node_id": "delta", "from_state": "port_in",
         "to_state": "destination", "operation_id": "import_delta"},
    ],
    "operation": [
        {"operation_id": name, "component": component, "quantity": quantity, "value": value, "cargo_unit": "any",
         "currency": currency, "price_year": year}
        for name, component, quantity, value, currency, year in (
            ("load_road", "drayage", "cost", 50, "USD", 2019),
            ("load_road", "handling", "hours", 4, "", ""),
            ("load_rail", "drayage", "cost", 50, "USD", 2019),
            ("load_rail", "handling", "hours", 10, "", ""),
            ("border", "border_fee", "cost", 120, "CNY", 2018),
            ("border", "queue", "hours", 6, "", ""),
            ("border", "procedures", "hours", 2, "", ""),
            ("port_charlie", "terminal_handling", "cost", 100, "USD", 2019),
            ("port_charlie", "handling", "hours", 3, "", ""),
            ("port_charlie", "dwell", "hours", 24, "", ""),
            ("port_golf", "terminal_handling", "cost", 120, "USD", 2019),
            ("port_golf", "handling", "hours", 6, "", ""),
            ("port_golf", "dwell", "hours", 48, "", ""),
            ("import_delta", "terminal_handling", "cost", 300, "USD", 2019),
            ("import_delta", "handling", "hours", 10, "", ""),
            ("import_delta", "procedures", "hours", 20, "", ""),
        )
    ],
    "service": [
        {"service_id": "line-cd", "name": "Charlie - Delta", "vehicle": "container_ship", "carries": "container",
         "sailings_per_week": 2, "circular": 0, "speed_id": "ship", "port_stay_hours": 12, "tariff_id": "sea",
         "emission_factor_id": "ship"},
        {"service_id": "line-gd", "name": "Golf - Delta", "vehicle": "container_ship", "carries": "container",
         "sailings_per_week": 1, "circular": 0, "speed_id": "ship", "port_stay_hours": 12, "tariff_id": "sea",
         "emission_factor_id": "ship"},
    ],
    "service_call": [
        {"service_id": "line-cd", "call_sequence": 1, "node_id": "charlie"},
        {"service_id": "line-cd", "call_sequence": 2, "node_id": "delta"},
        {"service_id": "line-gd", "call_sequence": 1, "node_id": "golf"},
        {"service_id": "line-gd", "call_sequence": 2, "node_id": "delta"},
    ],
    "speed": [
        {"speed_id": "road", "mode": "road", "speed_kmh": 60, "speed_kmh_low": 50, "speed_kmh_high": 75,
         "schedule_kmh": 75},
        {"speed_id": "rail", "mode": "rail", "speed_kmh": 20},
        {"speed_id": "ship", "mode": "sea", "speed_kmh": 25},
    ],
    "tariff": [
        {"tariff_id": "road_cn", "mode": "road", "cargo_unit": "FEU", "fixed": 60, "per_km": 0.6, "currency": "CNY",
         "price_year": 2018},
        {"tariff_id": "road_ru", "mode": "road", "cargo_unit": "FEU", "fixed": 0, "per_km": 1, "currency": "USD",
         "price_year": 2019},
        {"tariff_id": "rail_cn", "mode": "rail", "cargo_unit": "FEU", "fixed": 600, "per_km": 2, "currency": "CNY",
         "price_year": 2018},
        {"tariff_id": "sea", "mode": "sea", "cargo_unit": "FEU", "fixed": 200, "per_km": 0.1, "currency": "USD",
         "price_year": 2019},
    ],
    "season": [
        {"season_id": "charlie-ice", "applies_to": "node", "target_id": "charlie", "from_month_day": "12-15",
         "to_month_day": "03-15", "hours_factor": 1.5, "closed": "no"},
        {"season_id": "line-winter", "applies_to": "service", "target_id": "line-cd", "from_month_day": "12-01",
         "to_month_day": "02-28", "hours_factor": 1.25, "closed": "no"},
    ],
    "market": [
        {"node_id": "alfa", "role": "origin", "region": "North", "population": 1000, "trade_musd": 5},
        {"node_id": "delta", "role": "market", "region": "Rim", "gdp": 4},
    ],
    "cargo": [
        {"cargo_id": "dry_40", "name": "40-ft dry", "cargo_unit": "FEU", "payload_t": 20, "value_usd": 30000,
         "price_year": 2018, "time_cost_pct_per_day": 0.6, "reliability_ratio": 0, "may_charter": "no",
         "freight_surcharge": 0},
    ],
    "emission_factor": [
        {"emission_factor_id": "lorry", "value": 100, "unit": "g_per_tkm", "scope": "WTW"},
        {"emission_factor_id": "train", "value": 5, "unit": "g_per_tkm", "scope": "WTW"},
        {"emission_factor_id": "ship", "value": 50, "unit": "g_per_teukm", "scope": "WTW"},
        {"emission_factor_id": "terminal_handling", "value": 10, "unit": "kg_per_box", "scope": "WTW"},
    ],
    "exchange_rate": [
        {"currency": "USD", "year": 2018, "units_per_usd": 1},
        {"currency": "USD", "year": 2019, "units_per_usd": 1},
        {"currency": "CNY", "year": 2018, "units_per_usd": 6},
        {"currency": "CNY", "year": 2019, "units_per_usd": 7},
    ],
    "deflator": [{"year": 2018, "usd_index": 100}, {"year": 2019, "usd_index": 110}],
    "published": [],
    "traffic": [],
    "trade": [],
}  # fmt: skip
"""Alfa (CN) to Delta (JP): by lorry over the border at Bravo and by ship from Charlie (RU), or by rail to Golf (CN)
and by ship. The figures are round, so that the tests can work out the answers in comments."""


def tiny_rows(**changes):
    """Return the tables of the tiny network; `table=function` changes the rows of a table."""
    tables = {name: [dict(row) for row in rows] for name, rows in TINY.items()}
    for table, change in changes.items():
        new = change(tables[table])
        tables[table] = tables[table] if new is None else new
    return tables


@pytest.fixture(scope="session")
def write_tiny(package, geodata):
    """Return a function that writes the tiny network into a folder."""

    def write(folder, **changes):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(geodata / "datapackage.json", folder)
        for name, rows in tiny_rows(**changes).items():
            resource = package[name.replace("_", "-")]
            columns = [field["name"] for field in resource["schema"]["fields"]]
            filling = {column: value for column, value in (("source_id", "S"), ("grade", "B")) if column in columns}
            with (folder / resource["path"]).open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, lineterminator="\n")
                writer.writeheader()
                writer.writerows({**filling, **row} for row in rows)
        return Data(folder)

    return write


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory, write_tiny):
    return write_tiny(tmp_path_factory.mktemp("tiny")).folder


@pytest.fixture(scope="session")
def tiny(tiny_folder):
    """The tiny network as of 2019-07-01."""
    return cn.Network.from_folder(tiny_folder).as_of("2019-07-01")


@pytest.fixture
def make_tiny(tmp_path, write_tiny):
    """Return a function that gives a tiny network with changed tables, as of a day."""

    def make(day="2019-07-01", **changes):
        number = sum(1 for _ in tmp_path.glob("tiny-*"))
        data = write_tiny(tmp_path / f"tiny-{number}", **changes)
        return cn.Network.from_folder(data.folder).as_of(day)

    return make


# the command


@dataclasses.dataclass
class Done:
    code: int
    out: str
    err: str

    @property
    def all(self):
        return self.out + self.err


@pytest.fixture
def cli(monkeypatch, capsys):
    """Run the command inside this process, through its own `main`."""
    from corridor_net.cli.main import main

    def call(*arguments):
        monkeypatch.setattr(sys, "argv", ["corridor-net", *map(str, arguments)])
        monkeypatch.setenv("TERM", "dumb")
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return call


@pytest.fixture(scope="session")
def shell():
    """Run the command in a process of its own."""

    def call(*arguments, cwd=None, **environment):
        command = [sys.executable, "-m", "corridor_net.cli.main", *map(str, arguments)]
        done = subprocess.run(
            command,
            capture_output=True,
            cwd=cwd,
            check=False,
            timeout=600,
            env={**os.environ, "PYTHONPATH": _import_path(), "PYTHONIOENCODING": "utf-8", **environment},
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return call


def _import_path():
    here = str(Path(cn.__file__).resolve().parent.parent)
    return os.pathsep.join([here, *filter(None, [os.environ.get("PYTHONPATH")])])


@pytest.fixture
def write_yaml(tmp_path):
    """Return a function that writes a scenario file and gives its path; the name is the file's stem."""

    def write(name, text):
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def golden(request):
    """Return a function that holds a text to a file of tests/golden, or renews it with --renew-golden."""

    def check(name, text):
        path = GOLDEN / name
        if request.config.getoption("--renew-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        expected = path.read_text(encoding="utf-8") if path.exists() else "(no golden file: run --renew-golden)"
        assert text == expected

    return check
