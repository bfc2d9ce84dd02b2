"""Long ensembles: the same bytes from one process, two, and a cluster; kills, resumes, and every mistake."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

import corridor_net as cn
from corridor_net.errors import BadFile, BadValue
from corridor_net.uncertainty.batches import cluster as team
from corridor_net.uncertainty.batches.batch import run_batch
from corridor_net.uncertainty.batches.chunks import chunk
from corridor_net.uncertainty.batches.jobs import Job
from corridor_net.uncertainty.ensembles.pair_uncertainty import QUANTITIES
from corridor_net.uncertainty.studies.study import study_uncertainty

pytestmark = pytest.mark.filterwarnings("ignore")
"""Dask's own processes warn of sockets and tasks that a killed worker leaves."""

STUDY = """\
study: small
title: Small
baselines: [baseline-2019]
scenarios: [primorye-2]
origins: [harbin, yanji, hunchun]
"""


@pytest.fixture(scope="module")
def comparison(tmp_path_factory, shipped):
    path = tmp_path_factory.mktemp("study") / "small.yaml"
    path.write_text(STUDY + "focus: niigata\n", encoding="utf-8")
    return cn.compare(cn.load_study(path), shipped)


@pytest.fixture(scope="module")
def job(comparison):
    return Job.of(comparison, exact=True)


@pytest.fixture(scope="module")
def alone(job, tmp_path_factory):
    folder = tmp_path_factory.mktemp("alone") / "o"
    run_batch(job, folder, 2000, chunk_draws=400)
    return folder


def contents(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# right answers


@pytest.mark.parametrize("exact", [True, False])
def test_the_counts_are_those_of_the_draws(comparison, tmp_path, exact):
    """Percentiles within a bin of the exact ones, chances equal, scenario and baseline paired."""
    expected = study_uncertainty(comparison, draws=2000, exact=exact)
    told = run_batch(Job.of(comparison, exact=exact), tmp_path / "o", 2000, chunk_draws=400)
    assert told["exact"] == exact
    assert told == json.loads((tmp_path / "o" / "uncertainty.json").read_text(encoding="utf-8"))
    for run, found in zip(told["runs"], expected.runs, strict=True):
        assert (run["baseline"], run["scenario"]) == (found.run.baseline, found.run.scenario)
        for row, pair in zip(run["pairs"], found.pairs, strict=True):
            for name in QUANTITIES:
                spread = getattr(pair.best, name)
                close = 0.01 if name == "co2_kg" else 0.002  # between two ways: neighbouring draws lie 1 % apart
                for point in ("mean", "p10", "p50", "p90"):
                    assert row["best"][name][point] == pytest.approx(getattr(spread, point), rel=close), (name, point)
            assert row["gateways"] == pytest.approx(pair.gateways, abs=1e-6)
            if run["scenario"]:
                shares = found.against[pair.origin, pair.destination]
                for name in ("better", "equal", "worse"):
                    assert row[name] == pytest.approx(getattr(shares, name), abs=2e-6)


def test_all_pairs_are_those_of_each_destination_alone(comparison):
    """Whatever is searched together with it, a pair has the same counts."""
    goals, main = comparison.destinations[:3], replace(comparison, runs=comparison.runs[:1])
    both = _by_pair(Job.of(main, destinations=goals, exact=True))
    single = {}
    for goal in goals:
        single |= _by_pair(Job.of(main, destinations=[goal], exact=True))
    assert both == single


def _by_pair(job):
    found = {}
    for (run, pair, what, place), n in _table(chunk(job, 0, 400)).items():
        found[job.runs[run].baseline, job.runs[run].pairs[pair], what, place] = n
    return found


def test_threads_give_the_same_bytes(job, alone, tmp_path):
    run_batch(job, tmp_path / "o", 2000, chunk_draws=400, threads=1)
    assert contents(tmp_path / "o") == contents(alone)


def test_a_chunk_is_the_same_whatever_the_size_of_its_neighbours(job):
    """Draws 400 to 799 are the same drawn alone or after others; counts add up."""
    first, second, both = (_table(chunk(job, *span)) for span in ((0, 400), (400, 400), (0, 800)))
    merged = dict(first)
    for key, n in second.items():
        merged[key] = merged.get(key, 0) + n
    assert merged == both


def _table(content):
    import io

    from pyarrow import parquet

    found = {}
    for row in parquet.read_table(io.BytesIO(content)).to_pylist():
        for number, n in enumerate(row["counts"]):
            if n:
                found[row["run"], row["pair"], row["what"], row["first_bin"] + number] = n
    return found


def test_every_draw_is_counted_once(job):
    counts = _table(chunk(job, 0, 400))
    sums = {}
    for (run, pair, what, _), n in counts.items():
        what = "gateway" if what.startswith("gateway") else what
        sums[run, pair, what] = sums.get((run, pair, what), 0) + n
    assert all(n == 400 for (_, _, what), n in sums.items() if what not in ("better", "equal"))


@pytest.mark.slow
def test_it_stops_at_a_precision_the_same_way_everywhere(job, tmp_path):
    """After 1, 2, 4, ... chunks, when every pair's mean is known well enough."""
    whole = run_batch(job, tmp_path / "whole", 6400, chunk_draws=400)
    wanted = whole["half_width"] * 1.9  # as many draws as a quarter to a half of them
    found = run_batch(job, tmp_path / "here", 6400, chunk_draws=400, precision=wanted)
    assert found["draws"] in (1600, 3200)
    assert found["half_width"] <= wanted < 3 * found["half_width"]
    run_batch(job, tmp_path / "two", 6400, chunk_draws=400, precision=wanted, workers=2)
    assert contents(tmp_path / "two") == contents(tmp_path / "here")
    again = run_batch(job, tmp_path / "here", 6400, chunk_draws=400, precision=wanted, resume=True)
    assert again == found
    never = run_batch(job, tmp_path / "never", 800, chunk_draws=400, precision=1e-9)
    assert never["draws"] == 800


def test_the_half_width_is_that_of_the_draws(comparison, tmp_path):
    one = replace(comparison, origins=comparison.origins[:1], runs=comparison.runs[:1])
    expected = study_uncertainty(one, draws=2000, exact=True).half_width
    told = run_batch(Job.of(one, exact=True), tmp_path / "o", 2000, chunk_draws=400)
    assert told["half_width"] == pytest.approx(expected, rel=0.001)


def test_correlations_count(comparison):
    job = Job.of(comparison, exact=True)
    names = [f for f in job.runs[0].distributions if job.runs[0].distributions[f].kind == "lognormal"][:2]
    tied = Job.of(comparison, correlations={(names[0], names[1]): 0.9}, exact=True)
    assert tied.key != job.key
    assert chunk(tied, 0, 400) != chunk(job, 0, 400)
    with pytest.raises(BadValue):
        Job.of(comparison, correlations={("nothing:x", names[0]): 0.5}, exact=True)
    third = next(
        f for f in job.runs[0].distributions if f not in names and job.runs[0].distributions[f].kind == "lognormal"
    )
    torn = {(names[0], names[1]): 0.9, (names[1], third): 0.9, (names[0], third): -0.9}
    with pytest.raises(BadValue, match="positive definite"):
        Job.of(comparison, correlations=torn, exact=True)


# the same bytes everywhere


@pytest.mark.slow
def test_two_processes_give_the_same_bytes(job, alone, tmp_path):
    run_batch(job, tmp_path / "o", 2000, chunk_draws=400, workers=2)
    assert contents(tmp_path / "o") == contents(alone)


def test_a_cluster_that_loses_a_worker_gives_the_same_bytes(job, alone, tmp_path):
    """A real scheduler with two workers, one of them killed in the middle."""
    from distributed import Client, LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50) as cluster:
        killed = []

        def kill(done, total):
            if done == 1 and not killed:
                with Client(cluster.scheduler_address) as client:
                    killed.append(next(iter(client.run(os.getpid).values())))
                os.kill(killed[0], signal.SIGKILL)

        run_batch(job, tmp_path / "o", 2000, chunk_draws=400, scheduler=cluster.scheduler_address, progress=kill)
    assert killed
    assert contents(tmp_path / "o") == contents(alone)


def test_killed_and_resumed_gives_the_same_bytes_and_repeats_nothing(alone, tmp_path, cli):
    """The whole command is killed by SIGKILL in the middle, and continued by another process, which is this one."""
    path = tmp_path / "small.yaml"
    path.write_text(STUDY + "focus: niigata\n", encoding="utf-8")
    out = tmp_path / "o"
    asked = ["uncertainty", str(path), "--draws", "2000", "--chunk", "400", "--out", str(out)]
    command = [sys.executable, "-m", "corridor_net.cli.main", *asked]
    environment = {**os.environ, "PYTHONPATH": str(Path(cn.__file__).resolve().parents[1])}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and not list(out.glob("chunks/*.parquet")):
        time.sleep(0.005)
    process.kill()
    process.wait()
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in out.glob("chunks/*.parquet")}
    assert before
    assert not (out / "uncertainty.json").exists() or len(before) == 5
    again = cli(*asked)
    assert again.code == 2
    assert "--resume" in again.err
    done = cli(*asked, "--resume")
    assert done.code == 0, done.err
    for name, (content, when) in before.items():
        assert (out / "chunks" / name).read_bytes() == content
        assert (out / "chunks" / name).stat().st_mtime_ns == when, "no chunk is drawn again"
    assert {k: v for k, v in contents(out).items() if k.startswith("chunks")} == {
        k: v for k, v in contents(alone).items() if k.startswith("chunks")
    }


def test_a_chunk_that_cannot_be_read_is_drawn_anew(job, alone, tmp_path):
    run_batch(job, tmp_path / "o", 2000, chunk_draws=400)
    (tmp_path / "o" / "chunks" / "000002.parquet").write_bytes(b"half a file")
    (tmp_path / "o" / "uncertainty.json").unlink()
    run_batch(job, tmp_path / "o", 2000, chunk_draws=400, resume=True)
    assert contents(tmp_path / "o") == contents(alone)


# mistakes


@pytest.mark.parametrize(
    ("draws", "options"),
    [(0, {}), (-5, {}), (100, {"chunk_draws": 0}), (100, {"chunk_draws": 6}), (100, {"workers": -1})],
)
def test_numbers_that_are_none(job, tmp_path, draws, options):
    with pytest.raises(BadValue):
        run_batch(job, tmp_path / "o", draws, **options)
    assert not (tmp_path / "o").exists()


def test_a_folder_of_another_study_is_not_touched(job, comparison, alone, tmp_path):
    run_batch(job, tmp_path / "o", 400, chunk_draws=400)
    before = contents(tmp_path / "o")
    for other, draws in ((Job.of(comparison, seed=2, exact=True), 400), (Job.of(comparison), 400), (job, 800)):
        with pytest.raises(BadFile, match="another study") as caught:
            run_batch(other, tmp_path / "o", draws, chunk_draws=400, resume=True)
        assert "--out" in caught.value.hint
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "thesis.txt").write_text("mine")
    with pytest.raises(BadFile, match="not empty"):
        run_batch(job, tmp_path / "p", 400)
    assert contents(tmp_path / "o") == before
    assert contents(tmp_path / "p") == {"thesis.txt": b"mine"}


def test_a_full_disk_loses_nothing(job, alone, tmp_path, monkeypatch):
    real, written = Path.write_bytes, []

    def full(self, content):
        if ".parquet" in self.name:
            written.append(self.name)
            if len(written) > 2:
                real(self, content[:10])
                raise OSError(28, "No space left on device")
        return real(self, content)

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(BadFile, match="No space left") as caught:
        run_batch(job, tmp_path / "o", 2000, chunk_draws=400)
    assert "--resume" in caught.value.hint
    monkeypatch.undo()
    assert len(list((tmp_path / "o" / "chunks").iterdir())) == 2, "nothing half-written stays"
    run_batch(job, tmp_path / "o", 2000, chunk_draws=400, resume=True)
    assert contents(tmp_path / "o") == contents(alone)


def test_a_scheduler_that_does_not_answer_is_named_in_time(job, tmp_path, monkeypatch):
    monkeypatch.setattr(team, "CONNECT_SECONDS", 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        begun = time.monotonic()
        with pytest.raises(BadValue, match="does not answer"):
            run_batch(job, tmp_path / "o", 400, scheduler=address)
        assert time.monotonic() - begun < 10
    with pytest.raises(BadValue, match="does not answer"):
        run_batch(job, tmp_path / "q", 400, scheduler="nonsense://x")


def test_a_scheduler_without_workers_is_named(job, tmp_path, monkeypatch):
    from distributed import LocalCluster

    monkeypatch.setattr(team, "CONNECT_SECONDS", 1)
    with (
        LocalCluster(n_workers=0, dashboard_address=None, silence_logs=50) as cluster,
        pytest.raises(BadValue, match="no workers"),
    ):
        run_batch(job, tmp_path / "o", 400, scheduler=cluster.scheduler_address)


def test_workers_of_another_version_are_refused(job, tmp_path, monkeypatch):
    monkeypatch.setattr(team, "__version__", "9.9.9")
    with pytest.raises(BadValue, match=r"9\.9\.9"):
        run_batch(job, tmp_path / "o", 400, chunk_draws=400, workers=1)


def test_the_options_of_long_runs_need_a_folder(cli):
    done = cli("uncertainty", "--resume")
    assert done.code == 2
    assert "--out" in done.err


@pytest.mark.parametrize("option", [("--deadline", 16), ("--from", "harbin")])
def test_what_a_folder_cannot_answer_is_refused(cli, tmp_path, option):
    done = cli("uncertainty", "--out", tmp_path / "o", *option)
    assert done.code == 2
    assert option[0] in done.err
    assert not (tmp_path / "o").exists()


def test_a_destination_that_the_study_does_not_have_is_refused(comparison):
    with pytest.raises(BadValue) as caught:
        Job.of(comparison, destinations=["harbin"])
    assert "destinations:" in caught.value.hint


def test_several_destinations_need_a_folder(cli, tmp_path):
    done = cli("uncertainty", "--to", "niigata", "--to", "toyama")
    assert done.code == 2
    assert "--out" in done.err
