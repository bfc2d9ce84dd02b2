"""The answer is printed before its files are written; a fault of writing comes after it and keeps its exit code."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.cli.main import app

ASKED = {
    "route": ["route", "harbin", "niigata"],
    "run": ["run", "--from", "hunchun", "--to", "niigata", "--baseline", "baseline-2019", "-s", "primorye-2"],
}


@pytest.mark.parametrize("name", ASKED)
def test_files_are_written_after_the_answer_is_printed(name, tmp_path, monkeypatch):
    said = []
    monkeypatch.setattr("corridor_net.render.console.page_text", lambda page, *_, **__: said.append("page") or "")
    for module in ("files.write_all", "generation.write_generation"):
        monkeypatch.setattr(f"corridor_net.output.{module}", lambda *_, **__: said.append("files"))
    CliRunner().invoke(app, [*ASKED[name], "--out", str(tmp_path / "out")], catch_exceptions=False)
    assert said[:2] == ["page", "files"]


@pytest.mark.parametrize("name", ASKED)
def test_a_fault_of_writing_comes_after_the_answer(name, tmp_path):
    folder = tmp_path / "out"
    program = (
        "import sys; from corridor_net.output import files, generation\n"
        "from corridor_net.errors import BadFile\n"
        "def fails(*_, **__): raise BadFile('cannot write')\n"
        "files.write_all = generation.write_generation = fails\n"
        "from corridor_net.cli.main import main; main()"
    )
    done = started([*ASKED[name], "--out", str(folder)], program)
    told, fault = done.communicate(timeout=300)
    assert done.returncode == 2
    assert b"USD" in told.splitlines()[0]
    assert b"cannot write" in fault
    assert not folder.exists() or not list(folder.iterdir())


def test_files_are_written_where_nobody_reads_the_answer(tmp_path):
    done = started([*ASKED["route"], "--out", str(tmp_path / "out")], "from corridor_net.cli.main import main; main()")
    done.stdout.close()
    with done.stderr:
        assert done.wait(timeout=300) == 0
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["routes.geojson"]


def started(words, program):
    source = str(Path(cn.__file__).resolve().parents[1])
    return subprocess.Popen(
        [sys.executable, "-c", program, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": source},
    )
