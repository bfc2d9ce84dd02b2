"""What the tests share: the shipped network read once, editable copies of the data, a network small enough to work
out by hand, and the command run inside the process or outside it."""

from __future__ import annotations

import csv
import dataclasses
import functools
import gc
import io
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import corridor_net as cn
from corridor_net.costing import impedance
from corridor_net.network.reading.package import shipped_folder
from tiny_network import tiny_rows

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = Path(__file__).resolve().parent / "golden"


PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of a test
settings.register_profile("long", PATIENT)
settings.register_profile("short", PATIENT, max_examples=30)


def pytest_configure(config):
    """Try fewer examples of what says no number of its own, unless slow tests are asked for; look for rubbish as seldom
    as the command does."""
    gc.set_threshold(100_000, 20, 20)
    settings.load_profile("short" if config.option.markexpr == "not slow" else "long")


MANY = 3
"""Of a family of more cases every third is run unasked, all with `-m slow` or `-m ''`; one marked `whole` always."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    families = Counter(item.nodeid.split("[")[0] for item in items)
    seen = Counter()
    for item in items:
        family = item.nodeid.split("[")[0]
        always = item.path.stem in ("test_docs", "test_public", "test_house") or item.get_closest_marker("whole")
        if families[family] > MANY and not always:
            seen[family] += 1
            if seen[family] % 3 != 1:
                item.add_marker(pytest.mark.slow)


def pytest_addoption(parser):
    parser.addoption("--renew-golden", action="store_true", help="write the golden files anew in place of comparing")


@pytest.fixture(scope="session", autouse=True)
def shipped_read_once():
    """Whoever asks for the shipped network in this process gets the one that was read first: it cannot be changed."""
    read, kept, here = cn.Network.from_folder, [], shipped_folder("geodata")

    @functools.wraps(read)
    def from_folder(folder=None):
        if folder is not None and not (isinstance(folder, (str, Path)) and Path(folder).resolve() == here.resolve()):
            return read(folder)
        if not kept:
            kept.append(read(here))
        return kept[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cn.Network, "from_folder", staticmethod(from_folder))
        yield


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
    from corridor_net.analysis.upgrade_sets.findings import findings
    from corridor_net.questions.pages.study_files import result_files
    from corridor_net.uncertainty.studies.study import main_uncertainty

    options = {"by": "generalised", "cargo": "dry_40", "schedule": False}
    return result_files(comparison, options, main_uncertainty(comparison), findings(comparison))


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


@pytest.fixture(scope="session")
def write_tiny(package, geodata):
    """Return a function that writes the tiny network into a folder."""

    def write(folder, **changes):
        folder.mkdir(parents=True, exist_ok=True)
        described = json.loads((geodata / "datapackage.json").read_text(encoding="utf-8"))
        for shipped_only in ("basemap", "overseas", "study", "pair"):
            del described[shipped_only]
        (folder / "datapackage.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
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
