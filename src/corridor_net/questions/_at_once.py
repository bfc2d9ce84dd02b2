"""Two things worked out at once: one of them by a copy of this process, where there can be one."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TypeVar

Here = TypeVar("Here")
Aside = TypeVar("Aside")


def at_once(here: Callable[[], Here], aside: Callable[[], Aside]) -> tuple[Here, Aside]:
    """Return what two functions return; what `aside` does besides is lost, and what it returns is pickled.

    Where there can be no copy, and where it came to nothing, both are worked out here, one after the other: what goes
    wrong is told as without a copy. The copy ends with this call, however that ends.
    """
    if not _can_copy():
        return here(), aside()
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads that are not ours: those of numpy sleep
        copy = os.fork()
    if not copy:
        _tell(aside, reading, writing)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as pipe:
            made, told = here(), pipe.read()
    finally:
        os.kill(copy, signal.SIGKILL)
        with suppress(ChildProcessError):  # where nobody is told of the end of a process
            os.waitpid(copy, 0)
    try:
        return made, pickle.loads(told)  # noqa: S301 (our own words, from our own copy)
    except (EOFError, pickle.UnpicklingError):  # nothing was told, or not all
        return made, aside()


def each_at_once(tasks: Sequence[Callable[[], Here]]) -> list[Here]:
    """Return what each of several functions returns, in their order; every other one is worked out by the copy."""
    if len(tasks) < 2:
        return [task() for task in tasks]
    made, told = at_once(lambda: [task() for task in tasks[::2]], lambda: [task() for task in tasks[1::2]])
    found = [*made, *told]
    found[::2], found[1::2] = made, told
    return found


def _can_copy() -> bool:
    """Whether this process can be copied: on Linux, by the one thread there is, for a second processor."""
    return sys.platform == "linux" and threading.active_count() == 1 and len(os.sched_getaffinity(0)) > 1


def _tell(aside: Callable[[], object], reading: int, writing: int) -> None:
    """Tell what `aside` returns, and end this process, which is the copy."""
    try:
        gc.disable()  # looking for circles would write on all memory that both share
        os.close(reading)  # so that nobody reads where the other process has ended
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(aside(), pipe)
    finally:
        os._exit(0)
