"""A long ensemble that is continued holds every file against itself and its job: what is not right is drawn again."""

import json
import shutil

import pytest

import corridor_net as cn
from corridor_net.errors import BadFile
from corridor_net.uncertainty.batches.batch import run_batch
from corridor_net.uncertainty.batches.chunks import chunk, fault_of, key_of
from corridor_net.uncertainty.batches.jobs import Job

STUDY = "study: small\ntitle: Small\nbaselines: [baseline-2019]\norigins: [harbin, yanji]\nfocus: niigata\n"
DRAWS, CHUNK = 320, 80


@pytest.fixture(scope="module")
def study_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("resume") / "small.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def comparison(study_file, shipped):
    return cn.compare(cn.load_study(study_file), shipped)


@pytest.fixture(scope="module")
def job(comparison):
    return Job.of(comparison)


@pytest.fixture(scope="module")
def whole(job, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "o"
    run_batch(job, folder, DRAWS, chunk_draws=CHUNK)
    return folder


@pytest.fixture
def folder(whole, tmp_path):
    return shutil.copytree(whole, tmp_path / "o", copy_function=shutil.copy2)


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def resumed(job, folder):
    notes = []
    run_batch(job, folder, DRAWS, chunk_draws=CHUNK, resume=True, notice=notes.append)
    return notes


def path_of(folder, number):
    return folder / "chunks" / f"{number:06d}.parquet"


def test_what_is_whole_is_drawn_no_more(job, whole, folder):
    before = {p.name: p.stat().st_mtime_ns for p in folder.glob("chunks/*")}
    assert resumed(job, folder) == []
    assert {p.name: p.stat().st_mtime_ns for p in folder.glob("chunks/*")} == before
    assert contents(folder) == contents(whole)


def test_a_chunk_copied_to_another_place_is_named_and_drawn_again(job, whole, folder):
    shutil.copy(path_of(folder, 0), path_of(folder, 2))
    (note,) = resumed(job, folder)
    assert note == "chunks/000002.parquet holds draws 0 to 79, not 160 to 239: drawn again"
    assert contents(folder) == contents(whole)


@pytest.mark.parametrize("place", [0.0, 0.1, 0.35, 0.6, 0.85, 0.95, 0.999])
def test_a_flipped_byte_anywhere_is_named_and_drawn_again(job, whole, folder, place):
    path = path_of(folder, 1)
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1
    path.write_bytes(content)
    (note,) = resumed(job, folder)
    assert note.startswith("chunks/000001.parquet is ")
    assert "damaged" in note
    assert contents(folder) == contents(whole)


def test_no_single_flipped_bit_of_the_seal_passes(job):
    content = chunk(job, 0, 8)
    start = content.index(b'{"count"')
    for number in range(start, content.index(b"}", start) + 1):
        spoilt = bytearray(content)
        spoilt[number] ^= 4
        assert fault_of(bytes(spoilt), job.key, 0, 8), number
    assert fault_of(content, job.key, 0, 8) == ""
    assert key_of(content) == job.key


def test_a_file_of_somebody_else_is_named_and_drawn_again(job, whole, folder):
    import pandas as pd

    pd.DataFrame({"run": [0], "pair": [0], "what": ["hours"], "first_bin": [1], "counts": [[5]]}).to_parquet(
        path_of(folder, 3)
    )
    (note,) = resumed(job, folder)
    assert note == "chunks/000003.parquet is no chunk, or is damaged: drawn again"
    assert contents(folder) == contents(whole)


def test_a_chunk_of_another_study_is_named_and_drawn_again(job, comparison, whole, folder):
    path_of(folder, 1).write_bytes(chunk(Job.of(comparison, seed=2), 80, 80))
    (note,) = resumed(job, folder)
    assert note == "chunks/000001.parquet is of another study: drawn again"
    assert contents(folder) == contents(whole)


def test_a_folder_in_place_of_a_chunk_ends_in_a_message(job, folder):
    path_of(folder, 1).unlink()
    path_of(folder, 1).mkdir()
    with pytest.raises(BadFile, match="is a folder, and a file is wanted"):
        resumed(job, folder)


SPOILT = {
    "cut short": lambda text: text[: len(text) // 2],
    "empty": lambda text: "",
    "a list": lambda text: "[1, 2]",
    "many brackets": lambda text: "[" * 100_000,
    "another seed": lambda text: text.replace('"seed": 1', '"seed": 7'),
    "a letter of the key": lambda text: text.replace('"key": "', '"key": "f', 1),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_spoilt_job_is_named_and_written_again_and_no_chunk_is_lost(job, whole, folder, how):
    path = folder / "job.json"
    path.write_text(SPOILT[how](path.read_text(encoding="utf-8")), encoding="utf-8")
    before = {p.name: p.stat().st_mtime_ns for p in folder.glob("chunks/*")}
    with pytest.raises(BadFile, match=r"job\.json is damaged") as caught:
        run_batch(job, folder, DRAWS, chunk_draws=CHUNK)
    assert "--resume" in caught.value.hint
    assert resumed(job, folder) == ["job.json is damaged or lost: written again"]
    assert {p.name: p.stat().st_mtime_ns for p in folder.glob("chunks/*")} == before
    assert contents(folder) == contents(whole)


def test_a_lost_job_is_written_again_where_the_chunks_are_its_own(job, whole, folder):
    (folder / "job.json").unlink()
    assert resumed(job, folder) == ["job.json is damaged or lost: written again"]
    assert contents(folder) == contents(whole)


def test_a_spoilt_job_never_gives_the_chunks_of_another_study_away(comparison, folder):
    (folder / "job.json").write_text("{", encoding="utf-8")
    before = contents(folder)
    with pytest.raises(BadFile, match="another study"):
        resumed(Job.of(comparison, seed=2), folder)
    assert contents(folder) == before


def test_a_job_that_says_of_another_study_truly_is_refused(comparison, folder):
    before = contents(folder)
    with pytest.raises(BadFile, match=r"another study \(differs: key, seed\)"):
        resumed(Job.of(comparison, seed=2), folder)
    assert contents(folder) == before


def test_the_command_names_what_it_draws_again_on_standard_error(cli, study_file, tmp_path):
    asked = ["uncertainty", study_file, "--rivals", "--draws", 160, "--chunk", 80, "--out", tmp_path / "o", "--json"]
    first = cli(*asked)
    assert first.code == 0, first.err
    path_of(tmp_path / "o", 1).write_bytes(b"half a file")
    again = cli(*asked, "--resume")
    assert again.err == "note: chunks/000001.parquet is no chunk, or is damaged: drawn again\n"
    assert json.loads(again.out) == json.loads(first.out)
