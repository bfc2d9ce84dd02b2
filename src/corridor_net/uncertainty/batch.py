"""Long ensembles in chunks: the same bytes from one process, from many, or from a cluster; kept, and continued.

A *job* is all that a chunk needs, small enough to be sent. A *chunk* of draws is priced into counts: how often a
quantity of a pair fell into each bin of 0.1 %, how often each gateway won, how often a scenario beat its baseline.
Counts of chunks add up, so memory does not grow with the draws. Each chunk is one Parquet file, written whole or not
at all.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import ceil, log
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor_net import __version__
from corridor_net.analysis.compare import Comparison, Run
from corridor_net.errors import BadFile, BadValue, UserError

from .doubts import Doubt
from .draws import Factors, Floats
from .ensemble import PERCENTILES, VALUE_OF_TIME, Ensemble, Pair

BIN = log(1.001)
"""Bins are of one part in a thousand: a percentile is right to half of that."""
ZERO = -(2**31)
"""The bin of nothing at all."""
QUANTITIES = ("cost_usd", "hours", "co2_kg", "generalised_cost_usd")
CHUNK = 10_000
COLUMNS = 2048
"""Draws priced at a time within a chunk."""
CONNECT_SECONDS = 10
HELD = 16
"""Chunks read before their counts are added up."""
TRIES = 5
"""How often a chunk is given out anew when its worker is lost."""


@dataclass(frozen=True, eq=False)
class RunJob:
    """One run of a study, ready to be priced: amounts by route and by tuple of figures, and whose routes they are."""

    baseline: str
    scenario: str | None
    by: str
    value_of_time: float
    co2_price_usd_per_t: float
    pairs: tuple[Pair, ...]
    owner: NDArray[np.int64]
    gateways: tuple[str, ...]
    tuples: tuple[tuple[str, ...], ...]
    amounts: tuple[Floats, Floats, Floats]
    doubts: dict[str, Doubt]

    @classmethod
    def of(cls, run: Run, ensemble: Ensemble) -> RunJob:
        """Take from an ensemble what pricing needs."""
        matrices = [ensemble.parts.matrix(ensemble.routes, of) for of in ("money", "hours", "co2")]
        used = np.flatnonzero(np.any([one.any(axis=0) for one in matrices], axis=0))
        tuples = tuple(ensemble.parts.tuples[row] for row in used.tolist())
        figures = {figure for row in tuples for figure in row} | {VALUE_OF_TIME}
        money, hours, co2 = (np.ascontiguousarray(one[:, used]) for one in matrices)
        return cls(
            run.baseline,
            run.scenario,
            run.router.by,
            run.router.impedance.cargo.value_of_time,
            run.router.co2_price_usd_per_t,
            ensemble.pairs,
            ensemble.owner,
            ensemble.gateways,
            tuples,
            (money, hours, co2),
            {figure: ensemble.doubts[figure] for figure in sorted(figures)},
        )

    @cached_property
    def first(self) -> NDArray[np.int64]:
        """The first route of every pair; a pair's routes stand together."""
        return np.searchsorted(self.owner, np.arange(len(self.pairs)))

    @cached_property
    def _filled(self) -> list[tuple[NDArray[np.int64], Floats]]:
        """Of money, hours and CO2: the tuples that are in any route, and their amounts; few are in more than one."""
        rows = [np.flatnonzero(amounts.any(axis=0)) for amounts in self.amounts]
        return [
            (used, np.ascontiguousarray(amounts[:, used])) for used, amounts in zip(rows, self.amounts, strict=True)
        ]

    def price(self, factors: Mapping[str, Floats], count: int) -> tuple[list[Floats], NDArray[np.int64]]:
        """Return each quantity of the winning routes, (n_pairs, count), and the winners, from factors by figure."""
        values = [np.empty((len(self.pairs), count)) for _ in QUANTITIES]
        winner = np.empty((len(self.pairs), count), np.int64)
        bounds = list(itertools.pairwise([*self.first.tolist(), len(self.owner)]))
        for start in range(0, count, COLUMNS):
            part = slice(start, min(start + COLUMNS, count))
            columns = np.ones((len(self.tuples), part.stop - start))
            for row, figures in enumerate(self.tuples):
                for figure in figures:
                    columns[row] *= factors[figure][part]
            money, hours, co2 = (amounts @ columns[rows] for rows, amounts in self._filled)
            time = self.value_of_time * factors[VALUE_OF_TIME][part]
            generalised = money + time * hours + self.co2_price_usd_per_t / 1000 * co2
            weight = {"generalised": generalised, "money": money, "time": hours, "co2": co2}[self.by]
            for pair, (a, b) in enumerate(bounds):
                winner[pair, part] = a + np.argmin(weight[a:b], axis=0)
            for kept, one in zip(values, (money, hours, co2, generalised), strict=True):
                kept[:, part] = np.take_along_axis(one, winner[:, part], axis=0)
        return values, winner


@dataclass(frozen=True, eq=False)
class Job:
    """A study to be drawn: its runs, baselines first, and the seed. `key` hashes all that decides the answer."""

    study: str
    destination: str
    seed: int
    correlations: dict[tuple[str, str], float]
    runs: tuple[RunJob, ...]

    @classmethod
    def of(
        cls,
        comparison: Comparison,
        *,
        baselines: Sequence[str] | None = None,
        destination: str | None = None,
        seed: int = 1,
        correlations: Mapping[tuple[str, str], float] | None = None,
    ) -> Job:
        """Find the rivals of every pair of every run: all origins to `destination` (the study's focus).

        Raises BadValue for an unknown baseline or destination, and for correlations of unknown figures or that
        contradict each other.
        """
        names = list(dict.fromkeys(run.baseline for run in comparison.runs))
        for name in baselines or ():
            if name not in names:
                raise BadValue(f"no baseline '{name}' in the study", hint=f"one of: {', '.join(names)}")
        goal = comparison.network.node(destination).node_id if destination else comparison.focus
        if goal not in comparison.destinations:
            told = ", ".join(comparison.destinations)
            raise BadValue(f"the study does not go to '{goal}'", hint=f"destinations: {told}")
        jobs: list[RunJob] = []
        for name in baselines or names:
            base: Ensemble | None = None
            for run in (run for run in comparison.runs if run.baseline == name):
                pairs = [(origin, goal) for origin in comparison.origins if (origin, goal) in run.trips]
                ensemble = Ensemble.of(run.router, pairs, base=base)
                base = base or ensemble
                if ensemble.pairs:
                    jobs.append(RunJob.of(run, ensemble))
        if not jobs:
            raise BadValue(f"no origin of the study reaches '{goal}'")
        job = cls(comparison.study.name, goal, seed, dict(correlations or {}), tuple(jobs))
        known = {figure: doubt for one in jobs for figure, doubt in one.doubts.items()}
        Factors(known, seed, job.correlations)  # what contradicts itself is refused before anything is drawn
        return job

    @cached_property
    def key(self) -> str:
        """SHA-256 of the job."""
        told = hashlib.sha256(f"{__version__} {self.study} {self.destination} {self.seed}".encode())
        told.update(repr(sorted(self.correlations.items())).encode())
        for run in self.runs:
            plain = (run.baseline, run.scenario, run.by, run.value_of_time, run.co2_price_usd_per_t, run.pairs)
            told.update(repr((plain, run.gateways, run.tuples, sorted(run.doubts.items()))).encode())
            for array in (run.owner, *run.amounts):
                told.update(array.tobytes())
        return told.hexdigest()


def chunk(job: Job, start: int, count: int) -> bytes:
    """Return the counts of draws `start` to `start + count - 1` as a Parquet file; the same bytes wherever it runs."""
    import pyarrow as pa
    from pyarrow import parquet

    rows = list(_counted(job, start, count))
    sizes = [len(bins) for _, _, _, bins, _ in rows]
    table = pa.table(
        {
            "run": pa.array(np.repeat([run for run, *_ in rows], sizes), pa.int16()),
            "pair": pa.array(np.repeat([pair for _, pair, *_ in rows], sizes), pa.int32()),
            "what": pa.array(
                np.repeat([what for _, _, what, _, _ in rows], sizes).tolist(), pa.string()
            ).dictionary_encode(),
            "bin": pa.array(np.concatenate([bins for *_, bins, _ in rows]), pa.int32()),
            "count": pa.array(np.concatenate([counts for *_, counts in rows]), pa.int64()),
        }
    )
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd")
    return out.getvalue()


Counted = tuple[int, int, str, NDArray[np.int64], NDArray[np.int64]]
"""Run, pair, what is counted, its bins, and how often each."""


def _counted(job: Job, start: int, count: int) -> Iterator[Counted]:
    """Price every run of a job, and count."""
    drawn: dict[tuple[str, Doubt], Floats] = {}
    one = np.zeros(1, np.int64)
    base: tuple[tuple[Pair, ...], Floats] = ((), np.empty((0, count)))
    for number, run in enumerate(job.runs):
        known = {pair: rho for pair, rho in job.correlations.items() if set(pair) <= set(run.doubts)}
        factors = Factors(run.doubts, job.seed, known)
        for figure, doubt in run.doubts.items():
            if (figure, doubt) not in drawn:
                drawn[figure, doubt] = factors.factor(figure, start, count)
        values, winner = run.price({figure: drawn[figure, doubt] for figure, doubt in run.doubts.items()}, count)
        if run.scenario is None:
            base = run.pairs, values[3]
        for row, pair in enumerate(run.pairs):
            for what, amounts in zip(QUANTITIES, values, strict=True):
                yield number, row, what, *np.unique(_bins(amounts[row]), return_counts=True)
            routes, wins = np.unique(winner[row], return_counts=True)
            for gate in sorted({run.gateways[route] for route in routes.tolist()}):
                total = sum(
                    n for route, n in zip(routes.tolist(), wins.tolist(), strict=True) if run.gateways[route] == gate
                )
                yield number, row, f"gateway {gate}", one, np.array([total])
            if run.scenario is not None and pair in base[0]:
                before = base[1][base[0].index(pair)]
                level = np.abs(values[3][row] - before) <= 1e-9 * before
                halves = np.where(level, 1, 2 * (values[3][row] < before)).sum()
                yield number, row, "better", one, np.array([halves])


def _bins(values: Floats) -> NDArray[np.int64]:
    safe = np.where(values > 0, values, 1.0)
    return np.where(values > 0, np.floor(np.log(safe) / BIN), ZERO).astype(np.int64)


# merging


def summary(job: Job, draws: int, files: Sequence[Path]) -> dict[str, Any]:
    """Return the answer of all chunks: percentiles, chances of gateways, how often a scenario is better."""
    counts = _merged(files)
    runs = []
    for number, run in enumerate(job.runs):
        pairs = []
        for row, (origin, destination) in enumerate(run.pairs):
            here = counts[number, row]
            told: dict[str, Any] = {"origin": origin, "destination": destination}
            told |= {what: _spread(*here[what], draws) for what in QUANTITIES}
            wins = {what[8:]: int(n[0]) / draws for what, (_, n) in here.items() if what.startswith("gateway ")}
            told["gateways"] = {name: round(wins[name], 6) for name in sorted(wins, key=lambda g: (-wins[g], g))}
            if run.scenario is not None:
                told["better"] = round(int(here["better"][1][0]) / (2 * draws), 6) if "better" in here else None
            pairs.append(told)
        runs.append({"baseline": run.baseline, "scenario": run.scenario, "pairs": pairs})
    head = {"study": job.study, "destination": job.destination, "draws": draws, "seed": job.seed, "key": job.key}
    return {**head, "runs": runs}


Bins = tuple[NDArray[np.int64], NDArray[np.int64]]
"""Bins in rising order, and how often each."""


def _merged(files: Sequence[Path]) -> dict[tuple[int, int], dict[str, Bins]]:
    """Add up the counts of all files by (run, pair) and what is counted; some files are held at a time."""
    from pyarrow import parquet

    parts: dict[tuple[int, int, str], list[Bins]] = {}
    for number, path in enumerate(files, 1):
        table = parquet.read_table(path)
        run, pair, bins, n = (table[name].to_numpy() for name in ("run", "pair", "bin", "count"))
        what = table["what"].combine_chunks()
        names, code = what.dictionary.to_pylist(), what.indices.to_numpy()
        changes = (run[1:] != run[:-1]) | (pair[1:] != pair[:-1]) | (code[1:] != code[:-1])
        cuts = [0, *(np.flatnonzero(changes) + 1).tolist(), len(run)]
        for a, b in itertools.pairwise(cuts):
            parts.setdefault((int(run[a]), int(pair[a]), names[code[a]]), []).append((bins[a:b], n[a:b]))
        if number % HELD == 0 or number == len(files):
            parts = {key: [_added(listed)] for key, listed in parts.items()}
    found: dict[tuple[int, int], dict[str, Bins]] = {}
    for run_number, pair_number, name in sorted(parts):
        found.setdefault((run_number, pair_number), {})[name] = parts[run_number, pair_number, name][0]
    return found


def _added(parts: Sequence[Bins]) -> Bins:
    """Return the sum of counts whose bins are in rising order."""
    if len(parts) == 1:
        return parts[0]
    bins, place = np.unique(np.concatenate([bins for bins, _ in parts]), return_inverse=True)
    counts = np.concatenate([n for _, n in parts])
    return bins, np.bincount(place, counts).astype(np.int64)  # as floats they are exact up to 2^53


def _spread(bins: NDArray[np.int64], counts: NDArray[np.int64], draws: int) -> dict[str, float]:
    """Return mean and percentiles of counted bins; each bin stands for its middle."""
    middles = np.where(bins == ZERO, 0.0, np.exp((bins + 0.5) * BIN))
    reached = np.cumsum(counts)
    told = {"mean": float((middles * counts).sum()) / draws}
    for percent in PERCENTILES:
        told[f"p{percent}"] = float(middles[int(np.searchsorted(reached, percent / 100 * draws))])
    return {name: round(value, 2) for name, value in told.items()}


# running


def run_batch(
    job: Job,
    folder: Path,
    draws: int,
    *,
    chunk_draws: int = CHUNK,
    workers: int = 0,
    scheduler: str | None = None,
    resume: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Draw a job chunk by chunk into a folder, and return and write its summary (`doubt.json`).

    Without `workers` and `scheduler` it runs in this process and needs neither Dask nor a server; with `workers` it
    starts a local cluster of so many processes, with `scheduler` it asks one that runs. The chunks, and the
    summary, are the same bytes. `resume` continues what was stopped. `progress` hears (chunks done, of all).

    Raises
    ------
    BadValue
        Draws, chunks or workers out of range; a scheduler that does not answer; workers of another version.
    BadFile
        A folder with results of another job, or begun and `resume` not given; a disk that is full.
    UserError
        Missing extras (`parquet`, `cluster`).
    """
    _needed(draws, chunk_draws, workers)
    total = ceil(draws / chunk_draws)
    place = _Folder(folder, job, draws, chunk_draws)
    place.open(resume=resume)
    waiting = [n for n in range(total) if not place.has(n)]
    done = total - len(waiting)
    if progress:
        progress(done, total)
    spans = {n: (n * chunk_draws, min(chunk_draws, draws - n * chunk_draws)) for n in waiting}
    made = _here(job, spans) if not (workers or scheduler) else _on_cluster(job, spans, workers, scheduler)
    for number, content in made:
        place.write(number, content)
        done += 1
        if progress:
            progress(done, total)
    found = summary(job, draws, [place.path(n) for n in range(total)])
    place.write_text("doubt.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return found


def _needed(draws: int, chunk_draws: int, workers: int) -> None:
    if draws <= 0:
        raise BadValue(f"{draws} draws", hint="1 or more")
    if chunk_draws <= 0 or chunk_draws % 4:
        raise BadValue(f"chunks of {chunk_draws} draws", hint="a multiple of four above 0")
    if workers < 0:
        raise BadValue(f"{workers} workers", hint="1 or more; none: this process alone")
    try:
        import pyarrow  # noqa: F401 - only whether it is there
    except ImportError:
        raise UserError("results are kept as Parquet", hint="pip install 'corridor-net[parquet]'") from None


class _Folder:
    """The folder of a batch: `job.json`, `chunks/`, `doubt.json`; each file appears whole."""

    def __init__(self, folder: Path, job: Job, draws: int, chunk_draws: int) -> None:
        self.folder, self.job = folder, job
        self.facts = {
            "program": f"corridor-net {__version__}",
            "study": job.study,
            "key": job.key,
            "draws": draws,
            "chunk_draws": chunk_draws,
            "seed": job.seed,
        }

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


def _here(job: Job, spans: Mapping[int, tuple[int, int]]) -> Iterator[tuple[int, bytes]]:
    for number, (start, count) in spans.items():
        yield number, chunk(job, start, count)


def _on_cluster(
    job: Job, spans: Mapping[int, tuple[int, int]], workers: int, scheduler: str | None
) -> Iterator[tuple[int, bytes]]:
    """Give chunks to a Dask cluster, two a worker at a time, and those of lost workers again."""
    try:
        from distributed import Client, LocalCluster, as_completed
    except ImportError:
        raise UserError("a cluster needs Dask", hint="pip install 'corridor-net[cluster]'") from None
    cluster: Any = None
    if scheduler is None:
        cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None, silence_logs=50)
    try:
        client = _client(Client, cluster or scheduler, scheduler)
        with client:
            _same_version(client)
            sent = client.scatter(pickle.dumps(job), broadcast=True)
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
                    yield number, future.result()
                elif tries[number] < TRIES and future.status in ("cancelled", "lost"):
                    sent = client.scatter(pickle.dumps(job), broadcast=True)
                    waiting.insert(0, number)
                else:
                    future.result()  # raises what went wrong there
                if waiting:
                    running.add(give())
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


def read_correlations(path: Path) -> dict[tuple[str, str], float]:
    """Read a CSV of `figure_a, figure_b, correlation`; raise BadFile or BadValue with the line of what is wrong."""
    import csv

    from corridor_net.errors import Place

    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile(f"'{path}' cannot be read: {error}") from None
    reader = csv.DictReader(lines)
    wanted = ["figure_a", "figure_b", "correlation"]
    if reader.fieldnames != wanted:
        raise BadFile(f"'{path}' needs the columns {', '.join(wanted)}", place=Place(str(path), 1))
    found: dict[tuple[str, str], float] = {}
    for row in reader:
        try:
            value = float(row["correlation"])
        except (TypeError, ValueError):
            value = float("nan")
        if not -1 < value < 1:
            line = reader.line_num
            raise BadValue(
                f"a correlation of '{row['correlation']}'",
                place=Place(str(path), line, 1, lines[line - 1]),
                hint="above -1 and below 1",
            )
        found[row["figure_a"], row["figure_b"]] = value
    return found
