"""Long ensembles in chunks: the same bytes from one process, from many, or from a cluster; kept, and continued.

A chunk of draws is priced into counts (`counting`, `tally`): how often a quantity of a pair fell into each narrow bin,
how often each gateway won, how often a scenario beat its baseline. Counts of chunks add up, so memory does not grow
with the draws. Each chunk is one Parquet file, written whole or not at all (`chunks`, `batch_folder`).
"""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from math import ceil
from pathlib import Path
from typing import Any

from corridor_net.errors import BadValue, UserError
from corridor_net.uncertainty.batches.batch_folder import BatchFolder
from corridor_net.uncertainty.batches.chunks import Totals, add, half_width, summary
from corridor_net.uncertainty.batches.cluster import Keep, Spans, team_of
from corridor_net.uncertainty.batches.jobs import Job

CHUNK = 10_000


def run_batch(  # noqa: PLR0913 (all but three by name: what is drawn, by whom, who hears of it)
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
    notice: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Draw a job chunk by chunk into a folder, and return and write its summary (`uncertainty.json`).

    Without `workers` and `scheduler` it runs in this process, in which `threads` (all cores) draw side by side, and
    needs neither Dask nor a server; with `workers` it starts a local cluster of so many processes, with `scheduler` it
    asks one that runs. The chunks, and the summary, are the same bytes. `resume` continues what was stopped:
    what is there is held against its own hash and against this job, and what is not right is drawn again; `notice`
    hears the name of each such file and what is wrong. `progress` hears (chunks done, of all).

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
    place = BatchFolder(folder, job, draws, chunk_draws, precision, notice or _unheard)
    place.open(resume=resume)
    spans = {n: (n * chunk_draws, min(chunk_draws, draws - n * chunk_draws)) for n in range(total)}
    waiting = {n: span for n, span in spans.items() if not place.has(n, *span)}
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
    with team_of(job, workers, scheduler, threads) if waiting else nullcontext(_nothing) as team:
        for stage in _stages(total, precision):
            team({n: span for n, span in waiting.items() if looked <= n < stage}, keep)
            for number in range(looked, stage):
                add(totals, place.path(number))
            looked = stage
            if precision is not None and half_width(totals) <= precision:
                break
    found = summary(job, min(looked * chunk_draws, draws), totals)
    place.write_text("uncertainty.json", json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return found


def _stages(total: int, precision: float | None) -> Iterator[int]:
    """Yield after how many chunks to look: at the end, or when more and more are there."""
    if precision is not None:
        yield from itertools.takewhile(lambda stage: stage < total, (2**k for k in itertools.count()))
    yield total


def _unheard(text: str) -> None:
    """Say nothing."""


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
