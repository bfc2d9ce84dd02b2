"""Processes that answer, and the questions that wait for them. Time is counted from when a process takes a question."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from corridor_net.programs.cache import Cache

from .replies import QUESTIONS, Refused, Reply, fault
from .worker import Stopped, Worker

SECONDS = 30.0
"""A question not answered in so many seconds of work is given up."""
GRACE = 2.0
"""Seconds that work may go on at least when nobody waits for it any more.

A stopped process has to start again: work that may be done sooner than that goes on.
"""
MOST_WAITING = 500
"""Questions that wait at most; further ones are told to come again."""
CACHED_BYTES = 64_000_000
"""Replies kept, in bytes as they are sent."""


LONG = frozenset({"thresholds", "report", "layer"})
"""Questions that take long; with those of other programs they have a process of their own, which stands back."""


@dataclass(slots=True)
class _Flight:
    """A question on its way, and how many wait for it."""

    task: asyncio.Task[Reply]
    waiting: int = field(default=0)


class _Seat:
    """A place for one process; a new one sits down where the last one has ended."""

    def __init__(self, make: Callable[[], Any], *, yields: bool = False) -> None:
        self._make, self._yields = make, yields
        self._closed = False
        self.worker = Worker(make, yields=yields)

    def ask(self, name: str, body: bytes, seconds: float) -> Reply:
        self._fill()
        try:
            return self.worker.wait_until_ready() or self.worker.ask(name, body, seconds)
        except TimeoutError:
            hint = "ask for less, or try again"
            raise Refused(503, [fault(f"no answer within {seconds:g} seconds", hint=hint)]) from None
        except Stopped:
            raise Refused(503, [fault("the work on the answer was stopped", hint="try again")]) from None
        finally:
            self._fill()

    def _fill(self) -> None:
        if not self.worker.alive and not self._closed:
            self.worker.close()
            self.worker = Worker(self._make, yields=self._yields)

    def close(self) -> None:
        self._closed = True
        self.worker.stop()


class _Lane:
    """Seats for questions of one kind, the first that came first."""

    def __init__(self, make: Callable[[], Any], count: int, *, yields: bool = False) -> None:
        self.seats = [_Seat(make, yields=yields) for _ in range(count)]
        self.free = list(self.seats)
        self.room = asyncio.Semaphore(count)
        self.threads = ThreadPoolExecutor(count, thread_name_prefix="answers")

    def back(self, seat: _Seat, ended: asyncio.Future[Reply]) -> None:
        """Take a seat back when its question has ended, whoever still waits for the answer."""
        self.free.append(seat)
        self.room.release()
        if not ended.cancelled():
            ended.exception()  # taken note of, also where nobody waits


class Pool:
    """So many processes (as many as there are processors when not said), each with what `make` returns, and one more
    for questions that take long.

    The same question asked twice at once is worked out once; replies are kept. To be used in one event loop.
    """

    def __init__(self, make: Callable[[], Any], count: int | None = None, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._quick, self._long = _Lane(make, count or processors()), _Lane(make, 1, yields=True)
        self._flights: dict[bytes, _Flight] = {}
        self._cached: Cache[Reply] = Cache(CACHED_BYTES, size=len)

    async def ask(self, name: str, body: bytes) -> Reply:
        """Return the reply to a question; raise Refused (503) where there is none in time, or too many wait.

        When this is cancelled and nobody else waits for the same question, the work on it is stopped.
        """
        key = hashlib.sha256(name.encode() + b"\0" + body).digest()
        cached = self._cached.find(key)
        if cached is not None:
            return cached
        flight = self._flights.get(key)
        if flight is None:
            if len(self._flights) >= MOST_WAITING:
                raise Refused(503, [fault("too many questions wait here", hint="try again in a minute")])
            flight = self._flights[key] = _Flight(asyncio.create_task(self._work(name, body)))
            flight.task.add_done_callback(lambda task: self._landed(key, task))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if not flight.waiting:
                self._flights.pop(key, None)
                flight.task.cancel()

    def close(self) -> None:
        """Stop all processes."""
        for lane in (self._quick, self._long):
            lane.threads.shutdown(wait=False, cancel_futures=True)
            for seat in lane.seats:
                seat.close()

    def _landed(self, key: bytes, task: asyncio.Task[Reply]) -> None:
        if task.cancelled() or task.exception() is not None:
            return
        if task.result().status == 200:
            self._cached.put(key, task.result())

    async def _work(self, name: str, body: bytes) -> Reply:
        lane = self._long if name in LONG or name.startswith(QUESTIONS) else self._quick
        await lane.room.acquire()
        seat = lane.free.pop()
        loop = asyncio.get_running_loop()
        ended = loop.run_in_executor(lane.threads, seat.ask, name, body, self._seconds)
        ended.add_done_callback(partial(lane.back, seat))
        try:
            return await asyncio.shield(ended)
        except asyncio.CancelledError:
            grace = max(GRACE, seat.worker.start_seconds)
            loop.call_later(grace, lambda: None if ended.done() else seat.worker.stop())
            raise


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
