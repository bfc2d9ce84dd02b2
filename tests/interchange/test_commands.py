"""The commands import and new-network: what they write, that they write all or nothing, and what they say."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

import corridor_net as cn
from corridor_net.errors import CorridorError, DataFault
from corridor_net.interchange.doors import import_network
from corridor_net.network import Network
from corridor_net.network.checks import check_network
from corridor_net.network.readiness import lacks

from .helpers import grid


@pytest.fixture
def gmns(tmp_path):
    folder = tmp_path / "grid"
    folder.mkdir()
    nodes, links = grid(4)
    nodes.to_csv(folder / "node.csv", index=False)
    links.to_csv(folder / "link.csv", index=False)
    return folder


def test_from_a_file_to_a_report(cli, gmns, tmp_path):
    out = tmp_path / "mine"
    done = cli("import", "gmns", gmns, "--out", out, "--length-unit", "km", "--from", "p0", "--to", "p15")
    assert done.code == 0, done.err
    assert "16 nodes, 24 links" in done.out
    assert "cargo may begin and end at every node" in done.out
    assert "costs are defaults of grade D" in (out / "ASSUMPTIONS.md").read_text()
    assert cli("check", "--geodata", out).code == 0
    assert "p0" in cli("route", "p0", "p15", "--geodata", out).out
    done = cli("run", out / "study.yaml", "--geodata", out, "--out", tmp_path / "results")
    assert done.code == 0, done.err
    assert (tmp_path / "results" / "report.html").stat().st_size > 10_000


def test_nothing_is_written_when_the_network_is_refused(cli, gmns, tmp_path):
    (gmns / "link.csv").write_text((gmns / "link.csv").read_text().replace("p1,", "q1,"))
    before = sorted(tmp_path.iterdir())
    done = cli("import", "gmns", gmns, "--out", tmp_path / "mine")
    assert done.code == 2
    assert "'q1' of link" in done.err
    assert "Traceback" not in done.err
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_holds_something_is_kept_unless_it_may_be_replaced(cli, gmns, tmp_path):
    out = tmp_path / "mine"
    out.mkdir()
    (out / "own.txt").write_text("mine")
    done = cli("import", "gmns", gmns, "--out", out)
    assert done.code == 2
    assert "--replace" in done.err
    assert [path.name for path in out.iterdir()] == ["own.txt"]
    done = cli("import", "gmns", gmns, "--out", out, "--replace")
    assert (done.code, [path.name for path in out.iterdir()]) == (2, ["own.txt"])
    assert "holds no data package, and is not replaced" in done.err
    (out / "own.txt").rename(out / "datapackage.json")
    assert cli("import", "gmns", gmns, "--out", out, "--replace").code == 0
    Network.from_folder(out)


def test_an_empty_path_is_not_the_folder_one_stands_in(cli, gmns, tmp_path, monkeypatch):
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    done = cli("import", "gmns", gmns, "--out", "", "--replace")
    assert (done.code, list(here.iterdir())) == (2, [])
    assert "an empty path" in done.err


def test_a_write_that_fails_leaves_the_old_folder(gmns, tmp_path, monkeypatch):
    imported = cn.from_gmns(gmns)
    out = imported.write(tmp_path / "mine")
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    from pathlib import Path

    whole = Path.write_text

    def fails(self, *args, **kwargs):
        if self.name == "link.csv":
            raise OSError(28, "No space left on device")
        return whole(self, *args, **kwargs)

    monkeypatch.setattr(Path, "write_text", fails)
    with pytest.raises(CorridorError, match="No space left on device"):
        imported.write(out, replace=True)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["grid", "mine"]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_import_leaves_nothing(gmns, tmp_path, how):
    code = (
        "import sys, time\nfrom corridor_net.interchange import package\n"
        "class Slow(dict):\n    def items(self):\n        print('writing', flush=True); time.sleep(60)\n"
        "        return super().items()\n"
        "inner = package.write_folder\nimport corridor_net.interchange.imported as i\n"
        "i.write_folder = lambda folder, files, **options: inner(folder, Slow(files), **options)\n"
        f"sys.argv = ['corridor-net', 'import', 'gmns', {str(gmns)!r}, '--out', {str(tmp_path / 'mine')!r}]\n"
        "from corridor_net.__main__ import start\nstart()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    time.sleep(0.2)
    process.send_signal(how)
    _, errors = process.communicate(timeout=600)
    assert process.returncode == 130
    assert "nothing was left half-written" in errors
    assert [path.name for path in tmp_path.iterdir()] == ["grid"]


def test_the_same_source_gives_the_same_bytes(gmns, tmp_path):
    folders = [cn.from_gmns(gmns).write(tmp_path / where / "mine") for where in ("a", "b")]
    texts = [{path.name: path.read_bytes() for path in folder.iterdir()} for folder in folders]
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("text", "name", "looks"),
    [
        ("<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n", "net.csv", "tntp"),
        ('<?xml version="1.0"?>\n<!DOCTYPE network SYSTEM "x.dtd">\n<network>', "net.txt", "matsim"),
        ('<osm version="0.6">', "map.xml", "osm"),
        ('{"type": "FeatureCollection", "features": []}', "net.json", "lines"),
        ('{"directed": true, "multigraph": false, "nodes": []}', "g.json", "networkx"),
        ('<?xml version="1.0"?><graphml xmlns="x">', "g.xml", "networkx"),
    ],
)
def test_a_file_of_another_format_is_told(tmp_path, text, name, looks):
    (tmp_path / name).write_text(text)
    for kind in {"gmns", "tables", "tntp", "matsim", "osm"} - {looks}:
        with pytest.raises(CorridorError, match="this looks like") as caught:
            import_network(kind, [tmp_path / name])
        assert f"corridor-net import {looks} " in str(caught.value)


def test_a_package_and_an_unknown_format_are_told(gmns, tmp_path):
    made = cn.from_gmns(gmns).write(tmp_path / "mine")
    with pytest.raises(CorridorError, match="is a data package of corridor-net already"):
        import_network("gmns", [made])
    with pytest.raises(CorridorError, match="did you mean 'gmns'"):
        import_network("gmn", [gmns])
    with pytest.raises(CorridorError, match="does not exist"):
        import_network("gmns", [tmp_path / "nowhere"])


def test_the_new_network_runs_and_passes_every_check(cli, tmp_path, monkeypatch):
    done = cli("new-network", tmp_path / "mine")
    assert done.code == 0, done.err
    network = Network.from_folder(tmp_path / "mine")
    check_network(network)
    assert lacks(network) == []
    assert 3 <= len(network.rows("node")) <= 5
    assert cli("check", "--geodata", tmp_path / "mine").code == 0
    done = cli("run", tmp_path / "mine" / "study.yaml", "--geodata", tmp_path / "mine", "--out", tmp_path / "results")
    assert done.code == 0, done.err
    monkeypatch.chdir(tmp_path)
    for command in (tmp_path / "mine" / "README.md").read_text().split("\n"):
        if command.startswith("    corridor-net route"):
            assert cli(*command.split()[1:]).code == 0
    assert cli("new-network", tmp_path / "mine").code == 2


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("terminal", "cargo can begin nowhere"),
        ("cargo", "there is nothing to ship"),
        ("deflator", "prices cannot be brought to"),
        ("link", "nothing moves"),
    ],
)
def test_check_says_what_the_first_route_still_lacks(tmp_path, table, text):
    from corridor_net.interchange.starter import write_starter

    network = Network.from_folder(write_starter(tmp_path / "mine"))
    assert any(text in line for line in lacks(network.with_rows(**{table: ()})))


@pytest.mark.parametrize("table", ["tariff", "speed", "operation", "emission_factor"])
def test_a_network_without_the_figures_of_its_steps_is_refused_before_that(tmp_path, table):
    from corridor_net.interchange.starter import write_starter

    network = Network.from_folder(write_starter(tmp_path / "mine"))
    with pytest.raises(DataFault):
        check_network(network.with_rows(**{table: ()}))


def test_a_package_from_gmns_is_exported_as_it_came(cli, gmns, tmp_path):
    out = cn.from_gmns(gmns).write(tmp_path / "mine")
    assert cli("export", "--format", "gmns", "--geodata", out, "--out", tmp_path / "back").code == 0
    for name in ("node.csv", "link.csv"):
        assert (tmp_path / "back" / name).read_text() == (gmns / name).read_text()


def test_a_file_without_a_format_is_told_which_it_is(cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sea.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    done = cli("import", "sea.geojson", "--out", "sea")
    assert done.code == 2
    assert "corridor-net import lines sea.geojson" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("language", ["zh", "ja", "ru", "ko"])
def test_what_was_assumed_is_told_in_the_language_of_the_reader(cli, tmp_path, language):
    (tmp_path / "nodes.csv").write_text("id,lon,lat\n1,20.1,45.2\n2,20.3,45.25\n", encoding="utf-8")
    (tmp_path / "links.csv").write_text("from,to,mode\n1,2,rail\n1,1,rail\n", encoding="utf-8")
    paths = (tmp_path / "nodes.csv", tmp_path / "links.csv")
    told = cli("import", "tables", *paths, "--out", tmp_path / "made", "--lang", language).out
    notes = [line for line in told.split("\n") if line.startswith("  - ")]
    assert len(notes) > 8
    assert [line for line in notes if any(word in line.split() for word in ("was", "the", "is", "as"))] == []
