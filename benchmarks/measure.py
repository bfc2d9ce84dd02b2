"""How things are measured: medians, samples of slow work with the rest extrapolated, memory in a child process."""

from __future__ import annotations

import multiprocessing
import os
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

Row = dict[str, Any]
"""One line of the table: `workload`, `engine` and the figures, by name with their unit."""


@dataclass(frozen=True)
class Effort:
    """How much to do: `runs` for a median, `budget_s` for one figure of a slow engine, `limit_s` for a process."""

    runs: int
    budget_s: float
    limit_s: float
    quick: bool
    few: bool = False
    """Whether to leave out the peers that take minutes."""


def seconds(work: Callable[[], Any], runs: int) -> float:
    """Return the median time of some runs."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def sampled(work: Callable[[int], Any], count: int, effort: Effort, batched: bool = False) -> tuple[float, int]:
    """Return the time of `work(count)`, and of how many items it was measured: the first that fit the budget.

    `work(k)` does the first k items, each on its own, so time grows with k. A `batched` engine does all at once.
    """
    if batched:
        return seconds(partial(work, count), effort.runs), count
    first = seconds(partial(work, 1), 1)
    if first < effort.budget_s / 10:  # what is prepared by the first call is not part of each
        first = min(first, seconds(partial(work, 1), 1))
    fitting = min(count, max(1, int(effort.budget_s / first)))
    runs = effort.runs if 3 * first * fitting < effort.budget_s else 1
    return seconds(partial(work, fitting), runs) * count / fitting, fitting


def in_child(work: Callable[..., list[Row]], *given: Any, effort: Effort) -> list[Row]:
    """Return `work(*given, effort)` from a fresh process, its peak memory added; or one row that says what failed."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_answer, args=(theirs, work, given, effort), daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(effort.limit_s):
            return [{"note": f"not done in {effort.limit_s:,.0f} s"}]
        answer: list[Row] = ours.recv()
        return answer
    except EOFError:
        child.join(5)
        return [{"note": f"ended with exit code {child.exitcode}"}]
    finally:
        child.kill()
        child.join()


def peak_mb() -> float:
    """Return the most memory this process has held."""
    try:  # what a Linux process says of its parent's memory must not count
        lines = Path("/proc/self/status").read_text().splitlines()
        return float(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 2**10
    except OSError:  # in bytes on macOS
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def _answer(pipe: Any, work: Callable[..., list[Row]], given: tuple[Any, ...], effort: Effort) -> None:
    # What peers tell of their progress is not part of the table.
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    try:
        rows = work(*given, effort)
        rows = [row | {"peak_mb": peak_mb()} for row in rows]
    except Exception as error:  # noqa: BLE001 - a peer may fail in any way; it is told in the table
        rows = [{"note": f"{type(error).__name__}: {error}"[:90]}]
    pipe.send(rows)
