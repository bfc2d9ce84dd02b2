"""A process that computes, and can be stopped while it does: a busy interpreter does not hear of a time bound."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any, cast

from corridor_net.errors import CorridorError

from .faults import errors_of
from .replies import MOST_MEMORY, Reply, refusal, reply_of

START_SECONDS = 120.0
"""A process that is not ready by then is given up; it reads the network first."""
METHOD = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
"""How processes are started: never by a fork of the server, whose threads would leave locks held."""


THREADS = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Each process computes by itself: several threads of one would take the processors from the others."""
NICE = 5
"""How far a process that yields stands back."""

_NOTHING = Reply(status=503, media="", content=b"")


class Stopped(Exception):
    """The process was stopped, or ended, before it had answered."""


class Worker:
    """One process, and the pipe to it. `make` returns what answers; it must be picklable.

    One that `yields` works when the processors have nothing else to do.
    """

    def __init__(self, make: Callable[[], Any], *, yields: bool = False) -> None:
        context = multiprocessing.get_context(METHOD)
        for name, count in THREADS.items():
            os.environ.setdefault(name, count)  # read when numpy is loaded, in the processes that start from here
        if METHOD == "forkserver":
            context.set_forkserver_preload(["corridor_net.workbench.replies"])
        ours, theirs = context.Pipe()
        self._pipe: Connection[Any, Any] = ours
        self._process = cast(Any, context).Process(target=_answer_all, args=(theirs, make, yields), daemon=True)
        self._process.start()
        theirs.close()
        self._ready = self._stopped = False
        self.start_seconds = 0.0

    def wait_until_ready(self) -> Reply | None:
        """Wait until the process can be asked; return the reply to give in its place where it cannot start."""
        if self._ready:
            return None
        said = self._said(START_SECONDS)
        if not isinstance(said, float):
            return said
        self._ready, self.start_seconds = True, said
        return None

    def ask(self, name: str, body: bytes, seconds: float) -> Reply:
        """Return the reply, or raise TimeoutError after so many seconds of work; the process is stopped then.

        Raises Stopped where the process has ended.
        """
        try:
            self._pipe.send((name, body))
        except OSError:
            self.stop()
            raise Stopped from None
        return cast(Reply, self._said(seconds))

    def _said(self, seconds: float) -> Reply | float:
        try:
            said: Reply | float = self._pipe.recv() if self._pipe.poll(seconds) else _NOTHING
        except (EOFError, OSError):
            self.stop()
            raise Stopped from None
        if said is _NOTHING:
            self.stop()
            raise TimeoutError
        return said

    @property
    def alive(self) -> bool:
        """Whether it can be asked again."""
        return not self._stopped and bool(self._process.is_alive())

    def stop(self) -> None:
        """End the process at once, whatever it does."""
        self._stopped = True
        self._process.kill()

    def close(self) -> None:
        """End the process and free what belongs to it."""
        self.stop()
        self._process.join()
        self._pipe.close()


def _answer_all(pipe: Connection[Any, Any], make: Callable[[], Any], yields: bool) -> None:
    """Answer what comes through the pipe until it is closed; Ctrl-C is for the server, which then closes it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # not that of the server, of which it may be a copy
    _bound_memory()
    with suppress(EOFError, OSError):
        begun = time.monotonic()
        try:
            bench = make()
        except CorridorError as error:
            pipe.send(refusal(503, *errors_of(error)))
            return
        if yields and hasattr(os, "nice"):
            os.nice(NICE)
        pipe.send(time.monotonic() - begun)
        while True:
            pipe.send(reply_of(bench, *pipe.recv()))


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
