"""Results are all of one run or not there: killed at any moment, a folder holds one whole generation."""

import hashlib
import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corridor_net.errors import BadFile
from corridor_net.output import generation
from corridor_net.output.files import PREFIX, write_all
from corridor_net.output.generation import check_folder, write_generation

FILES = 24
WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_generation import results
from corridor_net.output.generation import write_generation
print("ready", flush=True)
for number in range(int(sys.argv[3]), 10**9):
    write_generation(Path(sys.argv[1]), results(number), study="s")
"""


def results(number, study="s", size=20_000):
    """The files of one run, every one of them marked by it, with a manifest as a run writes it."""
    files = {f"{'charts/' if n % 3 == 0 else ''}{n}.txt": f"{number}\n" * (size // 8) for n in range(FILES)}
    told = {"program": "corridor-net", "study": study, "number": number}
    told["outputs"] = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in files.items()}
    return {"manifest.json": json.dumps(told), **files}


def generation_of(folder):
    """Check that a folder is one whole run and return its number."""
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name, digest in told["outputs"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest, name
    ours = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert ours - {"mine.txt", "charts/notes.txt"} == {*told["outputs"], "manifest.json"}
    return told["number"]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
@pytest.mark.parametrize("kills", [8, pytest.param(20, marks=pytest.mark.slow)])
def test_killed_at_any_moment_a_folder_holds_one_whole_run(tmp_path, kills):
    folder = tmp_path / "results" / "s"
    write_generation(folder, results(0), study="s")
    (folder / "mine.txt").write_text("mine")
    (folder / "charts" / "notes.txt").write_text("noted")
    chosen, number = random.Random(7), 0  # noqa: S311 - moments of the kills
    for _ in range(kills):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(Path(__file__).parent), str(number + 1)],
            stdout=subprocess.PIPE,
        )
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(chosen.uniform(0.0, 0.08))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        found = generation_of(folder)
        assert found >= number
        number = found
        assert (folder / "mine.txt").read_text() == "mine"
        assert (folder / "charts" / "notes.txt").read_text() == "noted"
        assert len([path for path in folder.parent.iterdir() if path.name.startswith(PREFIX)]) <= 1
    write_generation(folder, results(number + 1), study="s")
    assert generation_of(folder) == number + 1
    assert [path.name for path in folder.parent.iterdir()] == ["s"]


@pytest.mark.parametrize("moment", ["write", "carry", "swap"])
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interrupted_run_leaves_the_old_one(tmp_path, monkeypatch, moment, error):
    folder = tmp_path / "s"
    write_generation(folder, results(1), study="s")

    def broken(*_, **__):
        raise error

    target = {"write": (Path, "write_bytes"), "carry": (generation, "_carry_over"), "swap": (generation, "_swap")}
    monkeypatch.setattr(*target[moment], broken)
    with pytest.raises(KeyboardInterrupt if error is KeyboardInterrupt else BadFile):
        write_generation(folder, results(2), study="s")
    monkeypatch.undo()
    assert generation_of(folder) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_without_an_exchange_two_renamings_do(tmp_path, monkeypatch):
    class Libc:
        def __getattr__(self, name):
            raise AttributeError(name)

    monkeypatch.setattr(generation.ctypes, "CDLL", lambda *_, **__: Libc())
    for number in (1, 2, 3):
        write_generation(tmp_path / "s", results(number), study="s")
        assert generation_of(tmp_path / "s") == number
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_a_run_killed_between_two_renamings_is_finished_by_the_next(tmp_path):
    """The new folder is whole and the old one out of the way: the next look puts the new one in its place."""
    folder = tmp_path / "s"
    write_generation(folder, results(1), study="s")
    write_generation(tmp_path / ".writing-s-1-0", results(2), study="s")
    folder.rename(tmp_path / ".writing-s-1-0-old")
    generation.finish_stale(folder)
    assert generation_of(folder) == 2
    write_generation(folder, results(3), study="s")
    assert generation_of(folder) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_half_a_run_is_never_put_in_place(tmp_path):
    left = tmp_path / ".writing-s-1-0"
    write_generation(left, results(1), study="s")
    (left / "manifest.json").unlink()
    generation.finish_stale(tmp_path / "s")
    assert not (tmp_path / "s").exists()
    write_generation(tmp_path / "s", results(2), study="s")
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_what_a_later_run_does_not_write_any_more_is_gone_and_what_is_the_users_stays(tmp_path):
    files = results(1)
    write_generation(tmp_path / "s", {**files, "manifest.json": files["manifest.json"]}, study="s")
    (tmp_path / "s" / "mine.txt").write_text("mine")
    fewer = {name: text for name, text in results(2).items() if name not in ("1.txt", "charts/0.txt")}
    told = json.loads(fewer["manifest.json"])
    told["outputs"] = {name: digest for name, digest in told["outputs"].items() if name in fewer}
    write_generation(tmp_path / "s", {**fewer, "manifest.json": json.dumps(told)}, study="s")
    assert generation_of(tmp_path / "s") == 2
    assert not (tmp_path / "s" / "1.txt").exists()
    assert (tmp_path / "s" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("options", [{"from": ["hunchun"]}, {"to": ["tokyo"]}, {"as_of": "2016-07-01"}])
def test_the_same_study_asked_from_elsewhere_is_another_whichever_of_them_was_first(tmp_path, options):
    files = results(1, size=8)
    told = json.loads(files["manifest.json"]) | {"options": {"by": "time", **options}}
    other = {**files, "manifest.json": json.dumps(told)}
    write_generation(tmp_path / "s", other, study="s", options={**options, "by": "money"})
    write_generation(tmp_path / "s", other, study="s", options={**options, "by": "money"})
    with pytest.raises(BadFile, match=f"holds the study 's' --{next(iter(options)).replace('_', '-')}"):
        write_generation(tmp_path / "s", files, study="s", options={"by": "time"})
    write_generation(tmp_path / "s", files, study="s", overwrite=True)
    with pytest.raises(BadFile, match="holds the study 's'"):
        check_folder(tmp_path / "s", tuple(files), study="s", options=options, overwrite=False)


def test_links_that_lead_in_a_circle_are_no_folder(tmp_path):
    (tmp_path / "s").symlink_to("s")
    with pytest.raises(BadFile, match="cannot write to"):
        write_generation(tmp_path / "s", results(1, size=8), study="s")
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_a_folder_inside_thousands_is_refused_in_one_line(tmp_path):
    with pytest.raises(BadFile, match="File name too long"):
        write_generation(tmp_path / "/".join("d" * 1500), results(1, size=8), study="s")
    assert not (tmp_path / "d").exists()


def test_a_folder_of_another_study_is_refused(tmp_path):
    write_generation(tmp_path / "s", results(1, study="other"), study="other")
    with pytest.raises(BadFile, match="holds the study 'other'") as caught:
        write_generation(tmp_path / "s", results(2), study="s")
    assert "--overwrite" in caught.value.hint
    assert generation_of(tmp_path / "s") == 1
    write_generation(tmp_path / "s", results(2), study="s", overwrite=True)
    assert generation_of(tmp_path / "s") == 2


def test_files_that_no_manifest_names_are_not_written_over(tmp_path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "1.txt").write_text("a book of mine")
    for broken in (None, "[]", "{", '{"program": "other", "study": "s", "outputs": {}}'):
        if broken is not None:
            (tmp_path / "s" / "manifest.json").write_text(broken)
        with pytest.raises(BadFile, match=r"no manifest says"):
            write_generation(tmp_path / "s", results(1), study="s")
        assert (tmp_path / "s" / "1.txt").read_text() == "a book of mine"
    write_generation(tmp_path / "s", results(1), study="s", overwrite=True)
    assert generation_of(tmp_path / "s") == 1


def test_an_empty_folder_or_one_of_other_files_will_do(tmp_path):
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "mine.txt").write_text("mine")
    write_generation(tmp_path / "s", results(1), study="s")
    assert generation_of(tmp_path / "s") == 1
    assert (tmp_path / "s" / "mine.txt").read_text() == "mine"
    with pytest.raises(BadFile, match="not a folder"):
        check_folder(tmp_path / "s" / "mine.txt", (), study="s", overwrite=True)


def test_the_working_folder_is_not_taken_from_under_anybody(tmp_path, monkeypatch):
    (tmp_path / "s").mkdir()
    monkeypatch.chdir(tmp_path / "s")
    inode = (tmp_path / "s").stat().st_ino
    for number in (1, 2):
        write_generation(Path(), results(number), study="s")
        assert generation_of(tmp_path / "s") == number
    assert (tmp_path / "s").stat().st_ino == inode
    assert [path.name for path in tmp_path.iterdir()] == ["s"]


def test_a_link_to_a_folder_stays_a_link(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for number in (1, 2):
        write_generation(tmp_path / "link", results(number), study="s")
    assert (tmp_path / "link").is_symlink()
    assert generation_of(tmp_path / "real") == 2


def test_single_questions_clear_away_what_a_killed_one_left(tmp_path):
    (tmp_path / ".writing-99999-0").mkdir()
    (tmp_path / ".writing-99999-0" / "half.txt").write_text("ha")
    write_all(tmp_path, {"a.txt": "a"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_the_command_refuses_another_study_and_an_empty_path(cli, tmp_path, write_yaml, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        write_yaml(name, f"study: {name}\ntitle: {name}\nbaselines: [baseline-2019]\norigins: [harbin]\n")
    first = cli("run", tmp_path / "one.yaml", "--out", "o")
    assert first.code == 0, first.err
    again = cli("run", tmp_path / "one.yaml", "--out", "o")
    assert again.code == 0, again.err
    other = cli("run", tmp_path / "two.yaml", "--out", "o")
    assert other.code == 2
    assert "holds the study 'one'" in other.err
    assert "--overwrite" in other.err
    assert cli("run", tmp_path / "two.yaml", "--out", "o", "--overwrite").code == 0
    assert json.loads((tmp_path / "o" / "manifest.json").read_text(encoding="utf-8"))["study"] == "two"
    for arguments in (("run", tmp_path / "one.yaml", "--out", ""), ("export", "--out", " ")):
        done = cli(*arguments)
        assert done.code == 2
        assert "empty path" in done.err
    assert {path.name for path in tmp_path.iterdir()} == {"o", "one.yaml", "two.yaml"}
