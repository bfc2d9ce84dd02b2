"""Work shared over Python threads: chunks in any order, results in their places, Ctrl-C within a chunk."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from corridor_net.errors import BadValue

Answer = TypeVar("Answer")


def thread_count(threads: int | None) -> int:
    """Return the number of threads to use: as given, or one a core this process may use."""
    if threads is None:
        cores = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)
        return len(cores)
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise BadValue(f"threads must be a whole number of at least 1, not {threads!r}")
    return threads


def run_chunks(n_chunks: int, make_worker: Callable[[], Callable[[int], None]], threads: int | None) -> None:
    """Call `worker(chunk)` once for each chunk; every thread makes its own worker, with its own buffers.

    A worker must write only to its chunk's place, so that the answer is the same whatever the threads. The
    compiled part of a worker releases the interpreter; keep a chunk under about a second, because Ctrl-C is
    heard between chunks. The first error of any worker is raised here, after the others have stopped.
    """
    count = min(thread_count(threads), n_chunks)
    if count > 1:
        _run_team(count, n_chunks, make_worker)
    elif count:
        worker = make_worker()
        for chunk in range(n_chunks):
            worker(chunk)


def interruptible(search: Callable[[NDArray[np.uint8]], Answer]) -> Answer:
    """Return `search(stop)`, run in a thread of its own, so that Ctrl-C is heard while compiled code runs.

    On Ctrl-C `stop[0]` becomes 1 and this returns at once by raising; a search that looks at `stop` now and
    then ends soon after, one that does not ends unseen.
    """
    stop = np.zeros(1, np.uint8)
    answers: list[Answer] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(search(stop))
        except BaseException as error:  # noqa: BLE001 - handed to the calling thread, which raises it
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(0.1)
    except BaseException:
        stop[0] = 1
        raise
    if failures:
        raise failures[0]
    return answers[0]


def _run_team(count: int, n_chunks: int, make_worker: Callable[[], Callable[[int], None]]) -> None:
    queue = iter(range(n_chunks))
    lock = threading.Lock()
    stop = threading.Event()
    failures: list[BaseException] = []

    def loop() -> None:
        try:
            worker = make_worker()
            while not stop.is_set():
                with lock:
                    chunk = next(queue, None)
                if chunk is None:
                    return
                worker(chunk)
        except BaseException as error:  # noqa: BLE001 - handed to the calling thread, which raises it
            failures.append(error)
            stop.set()

    team = [threading.Thread(target=loop, daemon=True) for _ in range(count)]
    for thread in team:
        thread.start()
    _await(team, stop)
    if failures:
        raise failures[0]


def _await(team: Sequence[threading.Thread], stop: threading.Event) -> None:
    """Wait for all threads, so that Ctrl-C is heard; on it tell them to stop, and raise when they have."""
    try:
        for thread in team:
            while thread.is_alive():
                thread.join(0.1)
    except BaseException:
        stop.set()
        for thread in team:
            thread.join()
        raise
