"""Who draws the chunks of a long ensemble: this process, local processes, or a cluster that runs elsewhere (Dask)."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any

from corridor_net import __version__
from corridor_net.errors import BadValue, UserError
from corridor_net.graph.loops.parallel import run_chunks
from corridor_net.uncertainty.batches.chunks import chunk
from corridor_net.uncertainty.batches.jobs import Job

CONNECT_SECONDS = 10
TRIES = 5
"""How often a chunk is given out again when its worker is lost."""

Keep = Callable[[int, bytes], None]
"""Takes a chunk that is done, by its number."""
Spans = Mapping[int, tuple[int, int]]
"""Chunks to draw, by number: first draw and how many."""
Team = Callable[[Spans, Keep], None]
"""Draws chunks."""


@contextmanager
def team_of(job: Job, workers: int, scheduler: str | None, threads: int | None) -> Iterator[Team]:
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
