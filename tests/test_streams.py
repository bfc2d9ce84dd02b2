"""Output that cannot be written or is closed, and a stop while the command loads: one line, never a traceback."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import corridor_net as cn
from corridor_net import __main__ as begin

FULL = Path("/dev/full")


def run(*arguments, **streams):
    environment = {**os.environ, "PYTHONPATH": str(Path(cn.__file__).resolve().parents[1])}
    command = [sys.executable, "-m", "corridor_net", *map(str, arguments)]
    return subprocess.run(command, env=environment, check=False, timeout=600, text=True, **streams)


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["schema"], ["route", "harbin", "niigata"], ["check"], ["run", "--help"]],
)
def test_an_output_that_is_full(tiny_folder, arguments):
    data = ["--geodata", tiny_folder] if arguments[0] == "check" else []
    with FULL.open("w") as full:
        done = run(*arguments, *data, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("error: the answer cannot be written to standard output: ")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
def test_a_place_for_errors_that_is_full():
    with FULL.open("w") as full:
        done = run("route", "nowhere", "else", stdout=subprocess.PIPE, stderr=full)
    assert (done.returncode, done.stdout) == (2, "")


def closed(number):
    return {"preexec_fn": lambda: os.close(number)}


@pytest.mark.skipif(sys.platform == "win32", reason="streams cannot be closed so")
@pytest.mark.filterwarnings("ignore")
def test_an_output_that_is_closed(tiny_folder, tmp_path):
    asked = ["export", "--geodata", tiny_folder, "--out", tmp_path / "o", "--as-of", "2019-07-01"]
    done = run(*asked, stderr=subprocess.PIPE, **closed(1))
    assert done.returncode == 0
    assert "note: standard output is closed; nothing is printed\n" in done.stderr
    assert (tmp_path / "o" / "network.geojson").exists()
    done = run("route", "nowhere", "else", stdout=subprocess.PIPE, **closed(2))
    assert (done.returncode, done.stdout) == (2, "")


def test_a_stop_while_the_command_still_loads(monkeypatch, capsys):
    class Stopped:
        def find_spec(self, name, *rest):
            if name == "corridor_net.cli.main":
                raise KeyboardInterrupt

    monkeypatch.setattr(begin.signal, "signal", lambda *_: None)  # the handler of the tests stays
    monkeypatch.delitem(sys.modules, "corridor_net.cli.main", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Stopped(), *sys.meta_path])
    with pytest.raises(SystemExit) as ended:
        begin.start()
    assert ended.value.code == 130
    assert capsys.readouterr().err == "stopped; nothing was left half-written\n"


def test_a_stop_when_the_command_has_ended_changes_nothing():
    """The interpreter, on its way out, would tell where it was, or end without a word by the signal."""
    script = (
        "import atexit, os, signal, sys\n"
        "from corridor_net.__main__ import start\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "atexit.register(os.kill, os.getpid(), signal.SIGINT)\n"
        "sys.argv = ['corridor-net', '--version']\n"
        "start()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout[:13], done.stderr) == (0, "corridor-net ", "")


def test_a_library_that_makes_an_error_of_its_own_of_a_stop_says_no_more_than_that():
    """Compiled code may turn the interrupt into its own exception: pydantic's, building a schema, is one."""
    script = (
        "import signal, sys, types\n"
        "module = types.ModuleType('corridor_net.cli.main')\n"
        "def main():\n"
        "    try:\n"
        "        signal.raise_signal(signal.SIGINT)\n"
        "    except KeyboardInterrupt as error:\n"
        "        raise ValueError('no schema') from error\n"
        "module.main = main\n"
        "sys.modules['corridor_net.cli.main'] = module\n"
        "from corridor_net.__main__ import start\n"
        "start()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (130, "stopped; nothing was left half-written\n")
