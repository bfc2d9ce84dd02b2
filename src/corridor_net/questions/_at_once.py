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
from pathlib import Path
from typing import BinaryIO, TypeVar

Here = TypeVar("Here")
Aside = TypeVar("Aside")
PR_SET_PDEATHSIG = 1
"""What Linux is asked by: a signal for this process when its parent ends, however that ends (prctl(2))."""


def at_once(here: Callable[[], Here], aside: Callable[[], Aside]) -> tuple[Here, Aside]:
    """Return what two functions return; what `aside` does besides is lost, and what it returns is pickled.

    Where there can be no copy, and where it came to nothing, both are worked out here, one after the other: what goes
    wrong is told as without a copy. The copy ends with this call, however that ends.
    """
    if not _can_copy():
        return here(), aside()
    this, (reading, writing), copy = os.getpid(), os.pipe(), None
    try:
        with os.fdopen(reading, "rb") as pipe, os.fdopen(writing, "wb") as end:
            with suppress(OSError), warnings.catch_warnings():  # no process or no memory is left: nothing is told
                warnings.simplefilter("ignore", DeprecationWarning)  # threads that are not ours: those of numpy sleep
                copy = os.fork()
            if copy == 0:
                _tell(aside, this, pipe, end)
            end.close()
            made, told = here(), pipe.read()
    finally:
        if os.getpid() != this:  # the copy, stopped before it told
            os._exit(0)
        if copy:
            with suppress(ChildProcessError, ProcessLookupError):  # where nobody is told of the end of a process
                os.kill(copy, signal.SIGKILL)
                os.waitpid(copy, 0)
    try:
        return made, pickle.loads(told)  # noqa: S301 (our own words, from our own copy)
    except Exception:  # noqa: BLE001 (whatever they cannot be read for: nothing was told, or not all)
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
    """Whether this process can be copied: on Linux, by the one thread there is, for a second processor.

    Not one that another has started, as the workbench its workers: those share the processors already.
    """
    if sys.platform != "linux" or threading.active_count() > 1 or len(os.sched_getaffinity(0)) < 2:
        return False
    import multiprocessing

    return multiprocessing.parent_process() is None


def _tell(aside: Callable[[], object], parent: int, pipe: BinaryIO, end: BinaryIO) -> None:
    """Tell what `aside` returns, and end this process, which is the copy: at the latest with the one it copies."""
    try:
        import ctypes

        if ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL) or os.getppid() != parent:
            return
        sys.stdout = sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (until the end of all)
        gc.disable()  # looking for circles would write on all memory that both share
        pipe.close()  # so that nobody reads where the other process has ended
        with end:
            pickle.dump(aside(), end)
    finally:
        os._exit(0)
