"""Long ensembles in chunks: the same bytes from one process, from many, or from a cluster; kept, and continued.

A chunk of draws is priced into counts (`jobs`, `tally`): how often a quantity of a pair fell into each narrow bin, how
often each gateway won, how often a scenario beat its baseline. Counts of chunks add up, so memory does not grow with
the draws. Each chunk is one Parquet file, written whole or not at all.
"""

from __future__ import annotations

import io
import itertools
import json
import pickle
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from functools import lru_cache, partial
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from corridor_net import __version__
from corridor_net.errors import BadFile, BadValue, UserError
from corridor_net.graph.parallel import run_chunks

from .jobs import COMPARED, QUANTITIES, Job, counted
from .tally import Bins, Total, edges, spread

CHUNK = 10_000
CONNECT_SECONDS = 10
TRIES = 5
"""How often a chunk is given out anew when its worker is lost."""


def chunk(job: Job, start: int, count: int) -> bytes:
    """Return the counts of draws `start` to `start + count - 1` as a Parquet file; the same bytes wherever it runs."""
    import pyarrow as pa
    from pyarrow import parquet

    runs, pairs, whats, firsts, counts = zip(*counted(job, start, count), strict=True)
    names = sorted(set(whats))
    place = {name: number for number, name in enumerate(names)}
    ends = np.cumsum([0, *(len(one) for one in counts)])
    table = pa.table(
        {
            "run": np.array(runs, np.int16),
            "pair": np.array(pairs, np.int32),
            "what": pa.DictionaryArray.from_arrays(np.array([place[what] for what in whats], np.int32), names),
            "first_bin": np.array(firsts, np.int32),
            "counts": pa.ListArray.from_arrays(ends.astype(np.int32), np.concatenate(counts).astype(np.int32)),
        }
    )
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd")
    return out.getvalue()


# merging


Totals = dict[tuple[int, int, str], Total]
"""What was counted, by run, pair and what it is."""


def _add(totals: Totals, path: Path) -> None:
    """Add the counts of a chunk."""
    from pyarrow import parquet

    table = parquet.read_table(path).combine_chunks()
    keys = zip(*(table[name].to_pylist() for name in ("run", "pair", "what")), strict=True)
    first, listed = table["first_bin"].to_pylist(), table["counts"].chunk(0)
    ends, counts = listed.offsets.to_pylist(), listed.values.to_numpy()
    for row, key in enumerate(keys):
        totals.setdefault(key, Total()).add(first[row], counts[ends[row] : ends[row + 1]])


def half_width(totals: Totals) -> float:
    """Return the widest 95 % half-width of a pair's mean generalised cost, as a share of that mean."""
    widest = 0.0
    for (_, _, what), total in totals.items():
        if what == QUANTITIES[0]:
            bins, counts = total.bins()
            low, high = edges(bins)
            middle, draws = (low + high) / 2, int(counts.sum())
            mean = float(middle @ counts) / draws
            spread_usd = float(np.sqrt(np.maximum((middle - mean) ** 2 @ counts, 0.0) / max(draws - 1, 1)))
            widest = max(widest, 1.96 * spread_usd / float(np.sqrt(draws)) / mean if mean else 0.0)
    return widest


def summary(job: Job, draws: int, totals: Totals) -> dict[str, Any]:
    """Return the answer of all chunks: percentiles, chances of gateways, how often a scenario is better."""
    counts: dict[tuple[int, int], dict[str, Bins]] = {}
    for run_number, pair_number, name in sorted(totals):
        counts.setdefault((run_number, pair_number), {})[name] = totals[run_number, pair_number, name].bins()
    runs = []
    for number, run in enumerate(job.runs):
        pairs = []
        for row, (origin, destination) in enumerate(run.pairs):
            here = counts[number, row]
            told: dict[str, Any] = {"origin": origin, "destination": destination}
            told["best"] = {what: spread(*here[what]) for what in QUANTITIES}
            wins = {what[8:]: int(n.sum()) / draws for what, (_, n) in here.items() if what.startswith("gateway ")}
            told["gateways"] = {name: round(wins[name], 6) for name in sorted(wins, key=lambda g: (-wins[g], g))}
            if run.scenario is not None:
                told |= _against(here, draws)
            pairs.append(told)
        runs.append({"baseline": run.baseline, "scenario": run.scenario, "pairs": pairs})
    head = {
        "study": job.study,
        "destinations": list(job.destinations),
        "exact": job.exact,
        "draws": draws,
        "half_width": round(half_width(totals), 6),
        "seed": job.seed,
        "key": job.key,
    }
    return {**head, "runs": runs}


def _against(here: Mapping[str, Bins], draws: int) -> dict[str, float | None]:
    """Return in what share of draws a scenario is better than its baseline, equal, worse; None where it has no way."""
    if COMPARED[0] not in here:
        return dict.fromkeys((*COMPARED, "worse"))
    shares = {what: round(int(here[what][1].sum()) / draws, 6) for what in COMPARED}
    return {**shares, "worse": round(1 - sum(shares.values()), 6)}


# running


Keep = Callable[[int, bytes], None]
"""Takes a chunk that is done, by its number."""
Spans = Mapping[int, tuple[int, int]]
"""Chunks to draw, by number: first draw and how many."""
Team = Callable[[Spans, Keep], None]
"""Draws chunks."""


def run_batch(
    job: Job,
    folder: Path,
    draws: int,
    *,
    chunk_draws: int = CHUNK,
    precision: float | None = None,
    workers: int = 0,
    scheduler: str | None = None,
    threads: int | None = None,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Draw a job chunk by chunk into a folder, and return and write its summary (`doubt.json`).

    Without `workers` and `scheduler` it runs in this process, in which `threads` (all cores) draw side by side, and
    needs neither Dask nor a server; with `workers` it starts a local cluster of so many processes, with `scheduler` it
    asks one that runs. The chunks, and the summary, are the same bytes. `resume` continues what was stopped.
    `progress` hears (chunks done, of all).

    With `precision` it looks after 1, 2, 4, ... chunks, and stops when `half_width` is no more; `draws` are the most.

    Raises
    ------
    BadValue
        Draws, chunks, precision or workers out of range; a scheduler that does not answer; workers of another version.
    BadFile
        A folder with results of another job, or begun and `resume` not given; a disk that is full.
    UserError
        Missing extras (`parquet`, `cluster`).
    """
    _needed(draws, chunk_draws, workers, precision)
    total = ceil(draws / chunk_draws)
    place = _Folder(folder, job, draws, chunk_draws, precision)
    place.open(resume=resume)
    spans = {n: (n * chunk_draws, min(chunk_draws, draws - n * chunk_draws)) for n in range(total)}
    waiting = {n: span for n, span in spans.items() if not place.has(n)}
    done = total - len(waiting)
    if progress:
        progress(done, total)
    keeping = threading.Lock()

    def keep(number: int, content: bytes) -> None:
        nonlocal done
        with keeping:
            place.write(number, content)
            done += 1
            if progress:
                progress(done, total)

    totals: Totals = {}
    looked = 0
    with _team(job, workers, scheduler, threads) if waiting else nullcontext(_nothing) as team:
        for stage in _stages(total, precision):
            team({n: span for n, span in waiting.items() if looked <= n < stage}, keep)
            for number in range(looked, stage):
                _add(totals, place.path(number))
            looked = stage
            if precision is not None and half_width(totals) <= precision:
                break
    found = summary(job, min(looked * chunk_draws, draws), totals)
    place.write_text("doubt.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return found


def _stages(total: int, precision: float | None) -> Iterator[int]:
    """Yield after how many chunks to look: at the end, or when more and more are there."""
    if precision is not None:
        yield from itertools.takewhile(lambda stage: stage < total, (2**k for k in itertools.count()))
    yield total


def _nothing(spans: Spans, keep: Keep) -> None:
    """Draw nothing, where all is there already."""


def _needed(draws: int, chunk_draws: int, workers: int, precision: float | None) -> None:
    if draws <= 0:
        raise BadValue(f"{draws} draws", hint="1 or more")
    if chunk_draws <= 0 or chunk_draws % 4:
        raise BadValue(f"chunks of {chunk_draws} draws", hint="a multiple of four above 0")
    if precision is not None and not precision > 0:
        raise BadValue(f"a precision of {precision:g}", hint="a share above 0, for example 0.01")
    if workers < 0:
        raise BadValue(f"{workers} workers", hint="1 or more; none: this process alone")
    try:
        import pyarrow  # noqa: F401 - only whether it is there
    except ImportError:
        raise UserError("results are kept as Parquet", hint="pip install 'corridor-net[parquet]'") from None


class _Folder:
    """The folder of a batch: `job.json`, `chunks/`, `doubt.json`; each file appears whole."""

    def __init__(self, folder: Path, job: Job, draws: int, chunk_draws: int, precision: float | None) -> None:
        self.folder, self.job = folder, job
        self.facts = {
            "program": f"corridor-net {__version__}",
            "study": job.study,
            "key": job.key,
            "draws": draws,
            "chunk_draws": chunk_draws,
            "seed": job.seed,
        }
        if precision is not None:
            self.facts["precision"] = precision

    def open(self, *, resume: bool) -> None:
        """Begin, or find what was begun; refuse the results of another job."""
        path = self.folder / "job.json"
        if path.exists():
            try:
                there = json.loads(path.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                there = {}
            if there != self.facts:
                differs = [name for name, value in self.facts.items() if there.get(name) != value]
                raise BadFile(
                    f"'{self.folder}' holds results of another study (differs: {', '.join(differs)})",
                    hint="nothing was changed there; choose another folder with --out",
                )
            if not resume:
                raise BadFile(f"'{self.folder}' holds this study already", hint="--resume continues it")
            return
        if self.folder.exists() and any(self.folder.iterdir()):
            raise BadFile(
                f"'{self.folder}' is not empty, and holds no study of this kind", hint="choose another with --out"
            )
        self.write_text("job.json", json.dumps(self.facts, indent=1) + "\n")

    def path(self, number: int) -> Path:
        """Return the file of a chunk."""
        return self.folder / "chunks" / f"{number:06d}.parquet"

    def has(self, number: int) -> bool:
        """Whether a chunk is there and can be read; what cannot is drawn anew."""
        from pyarrow import ArrowInvalid, parquet

        try:
            return bool(parquet.read_metadata(self.path(number)).num_rows > 0)
        except (OSError, ArrowInvalid):
            return False

    def write(self, number: int, content: bytes) -> None:
        """Write a chunk, whole or not at all."""
        self._write(self.path(number), content)

    def write_text(self, name: str, text: str) -> None:
        """Write another file, whole or not at all."""
        self._write(self.folder / name, text.encode())

    def _write(self, path: Path, content: bytes) -> None:
        scratch = path.with_name(f".{path.name}.writing")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            scratch.write_bytes(content)
            scratch.replace(path)
        except OSError as error:
            with suppress(OSError):
                scratch.unlink(missing_ok=True)
            raise BadFile(
                f"cannot write to '{self.folder}': {error.strerror or error}",
                hint="what is written stays; make room, then --resume",
            ) from None


@contextmanager
def _team(job: Job, workers: int, scheduler: str | None, threads: int | None) -> Iterator[Team]:
    """Yield who draws chunks: this process, a local cluster, or one that runs elsewhere."""
    if workers or scheduler:
        with _cluster(workers, scheduler) as client:
            yield partial(_there, client, pickle.dumps(job))
    else:
        yield partial(_here, job, threads)


def _here(job: Job, threads: int | None, spans: Spans, keep: Keep) -> None:
    """Draw in this process: searches on several threads, rivals on one (their matrix products take all cores)."""
    listed = list(spans.items())

    def work(place: int) -> None:
        number, span = listed[place]
        keep(number, chunk(job, *span))

    run_chunks(len(listed), lambda: work, threads if job.exact else 1)


def _there(client: Any, job: bytes, spans: Spans, keep: Keep) -> None:
    """Give chunks to a Dask cluster, two a worker at a time, and those of lost workers again."""
    from distributed import as_completed

    sent = client.scatter(job, broadcast=True, hash=True)
    waiting, tries = list(spans), dict.fromkeys(spans, 0)
    at_once = 2 * max(1, sum(client.nthreads().values()))

    def give() -> Any:
        number = waiting.pop(0)
        tries[number] += 1
        future = client.submit(_sent_chunk, sent, *spans[number], pure=False, retries=TRIES)
        future.corridor_number = number
        return future

    running = as_completed([give() for _ in range(min(at_once, len(waiting)))])
    for future in running:
        number = future.corridor_number
        if future.status == "finished":
            keep(number, future.result())
        elif tries[number] < TRIES and future.status in ("cancelled", "lost"):
            sent = client.scatter(job, broadcast=True)
            waiting.insert(0, number)
        else:
            future.result()  # raises what went wrong there
        if waiting:
            running.add(give())


@contextmanager
def _cluster(workers: int, scheduler: str | None) -> Iterator[Any]:
    """Yield a client of a cluster that is started, or that runs; all its workers have our version."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise UserError("a cluster needs Dask", hint="pip install 'corridor-net[cluster]'") from None
    cluster: Any = None
    if scheduler is None:
        cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=50)
    try:
        with _client(Client, cluster or scheduler, scheduler) as client:
            _same_version(client)
            yield client
    finally:
        if cluster is not None:
            cluster.close()


def _client(maker: Any, address: Any, scheduler: str | None) -> Any:
    try:
        return maker(address, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise BadValue(
            f"the scheduler '{scheduler}' does not answer within {CONNECT_SECONDS} seconds: {told}",
            hint="start one with 'dask scheduler', or leave --scheduler out",
        ) from None


def _same_version(client: Any) -> None:
    """Refuse workers of another version, and a cluster without workers."""
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError:
        raise BadValue("the scheduler has no workers", hint="start one with 'dask worker ADDRESS'") from None
    try:
        there = client.run(_version)
    except Exception as error:  # noqa: BLE001 - whatever a worker without the package raises
        raise BadValue(f"a worker cannot load corridor-net: {error}", hint="install it on every worker") from None
    others = sorted({version for version in there.values() if version != __version__})
    if others:
        raise BadValue(
            f"workers have corridor-net {', '.join(others)}, this is {__version__}",
            hint="install one version everywhere",
        )


def _version() -> str:
    from corridor_net import __version__ as here

    return here


def _sent_chunk(job: bytes, start: int, count: int) -> bytes:
    return chunk(_loaded(job), start, count)


@lru_cache(maxsize=1)
def _loaded(content: bytes) -> Job:
    """Return the job, unpacked once a worker."""
    job = pickle.loads(content)  # noqa: S301 - what our own client sent
    assert isinstance(job, Job)  # noqa: S101
    return job
