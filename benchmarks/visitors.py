"""The workbench with many visitors: `python -m benchmarks.visitors [--visitors 50] [--questions 4]`.

A real server process, and visitors that each ask questions of their own, none asked before, one after the other, with
a pause between as people make. As the page does, each asks for the thresholds when it has its answer, and leaves them
when it asks again; beside them one opens the page and its scripts every half second. Every answer is counted by its
status and some are held against those of the package; then the times are told, with the processor time of all the
server's processes for each question: that does not depend on who else uses the machine.

With `--requests`, so many requests follow, one in `--answer-every` a question that nobody asked before and the others
scenario files to be read, and the memory of the server and its processes is told on the way.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2 as httpx

ENDS = {"origin": "harbin", "destination": "niigata"}
HELD = 7
"""Every so many answers one is held against that of the package."""


@dataclass(frozen=True)
class Visit:
    number: int
    seconds: float
    status: int
    told: Any


def question(number: int) -> dict[str, object]:
    """A scenario that nobody else asks for."""
    change = {
        "scale": "crossing",
        "where": {"crossing_id": ["suifenhe-grodekovo-rail-out"]},
        "component": "queue",
        "field": "hours",
        "by": round(0.2 + number / 10_000, 6),
    }
    return {**ENDS, "scenarios": [{"scenario": f"visitor-{number}", "title": "x", "changes": [change]}]}


async def ask(client: httpx.AsyncClient, number: int, what: str = "answer") -> Visit:
    begun = time.perf_counter()
    response = await client.post(f"/api/{what}", json=question(number))
    return Visit(number, time.perf_counter() - begun, response.status_code, response.json())


@dataclass
class Run:
    """What one crowd of visitors found: answers, thresholds (and how many were left), openings of the page."""

    name: str
    answers: list[Visit] = field(default_factory=list)
    thresholds: list[Visit] = field(default_factory=list)
    left: int = 0
    opened: list[Visit] = field(default_factory=list)
    cpu_seconds: float = 0.0


async def visit(client: httpx.AsyncClient, visitor: int, count: int, pause: float, first: int, run: Run) -> None:
    await asyncio.sleep(pause * (visitor % 50) / 50)
    for n in range(count):
        number = first + visitor * count + n
        found = await ask(client, number)
        run.answers.append(found)
        try:
            async with asyncio.timeout(max(pause - found.seconds, 0.0) if pause else None):
                begun = time.perf_counter()
                run.thresholds.append(await ask(client, number, "thresholds"))
                await asyncio.sleep(max(0.0, pause - found.seconds - (time.perf_counter() - begun)))
        except TimeoutError:
            run.left += len(run.thresholds) == 0 or run.thresholds[-1].number != number


async def open_pages(client: httpx.AsyncClient, run: Run) -> None:
    """Open the page and a script, again and again, until this is cancelled."""
    while True:
        begun = time.perf_counter()
        got = [await client.get(path) for path in ("/", "/web/workbench.js", "/web/map.css")]
        worst = max(one.status_code for one in got)
        run.opened.append(Visit(-1, time.perf_counter() - begun, worst, None))
        await asyncio.sleep(0.5)


async def all_visits(address: str, pid: int, visitors: int, count: int, pause: float, first: int, name: str) -> Run:
    run = Run(name)
    limits = httpx.Limits(max_connections=2 * visitors + 2, keepalive_expiry=2)
    async with httpx.AsyncClient(base_url=address, timeout=300, limits=limits) as client:
        await client.post("/api/answer", json=ENDS)
        before = cpu_seconds(pid)
        opener = asyncio.create_task(open_pages(client, run))
        await asyncio.gather(*(visit(client, visitor, count, pause, first, run) for visitor in range(visitors)))
        opener.cancel()
        run.cpu_seconds = cpu_seconds(pid) - before
    return run


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and all that it started (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + sum(map(cpu_seconds, children_of(pid)))


def children_of(pid: int) -> list[int]:
    return [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]


async def many(address: str, pid: int, requests: int, answer_every: int) -> Counter[int]:
    """Send requests, four at a time, and print the memory ten times on the way."""
    statuses: Counter[int] = Counter()
    numbers = iter(range(requests))

    async def send(client: httpx.AsyncClient) -> None:
        for number in numbers:
            if number % answer_every == 0:
                statuses[(await ask(client, 100_000 + number)).status] += 1
            else:
                text = f"scenario: s{number}\ntitle: x\nwhy: {'y' * 500}\n"
                statuses[(await client.post("/api/parse", json={"text": text})).status_code] += 1
            if sum(statuses.values()) % max(1, requests // 10) == 0:
                print(f"  after {sum(statuses.values()):>6,} requests {memory_mb(pid):>6,.0f} MB")

    limits = httpx.Limits(keepalive_expiry=2)  # the server closes what is idle for long
    async with httpx.AsyncClient(base_url=address, timeout=300, limits=limits) as client:
        await asyncio.gather(*(send(client) for _ in range(4)))
    return statuses


def memory_mb(pid: int) -> float:
    """Memory of a process and all that it started, shared pages counted once (Linux)."""
    own = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), flags=re.MULTILINE)
    return int(own[1]) / 1024 + sum(map(memory_mb, children_of(pid)))


def held(visits: list[Visit]) -> None:
    """Hold answers against those of the package."""
    from corridor_net import Network
    from corridor_net.workbench.answers import Workbench
    from corridor_net.workbench.questions import RouteRequest

    bench = Workbench(Network.from_folder())
    for one in {visit.number: visit for visit in visits if visit.status == 200}.values():
        if one.number % HELD == 0:
            expected = bench.answer(RouteRequest(**question(one.number)))
            assert one.told == json.loads(json.dumps(expected)), one.number


def table(runs: list[Run]) -> None:
    print(f"{'':<44}{'asked':>8}{'not 200':>9}{'left':>6}{'p50, ms':>9}{'p95, ms':>9}{'most, ms':>10}")
    for run in runs:
        for what, found, left in (
            ("answers", run.answers, 0),
            ("thresholds", run.thresholds, run.left),
            ("page opened", run.opened, 0),
        ):
            times = sorted(1000 * one.seconds for one in found) or [0.0]
            p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
            wrong = sum(one.status != 200 for one in found)
            told = f"{len(found):>8}{wrong:>9}{left:>6}{statistics.median(times):>9.0f}{p95:>9.0f}{times[-1]:>10.0f}"
            print(f"{f'{run.name}: {what}':<44}{told}")
        print(f"{'':<4}processor time a question, thresholds and pages included: {per_question(run):.0f} ms")


def per_question(run: Run) -> float:
    return 1000 * run.cpu_seconds / max(1, len(run.answers))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--questions", type=int, default=4)
    parser.add_argument("--every", type=float, default=10.0, help="seconds between two questions of a visitor")
    parser.add_argument("--at-once", action="store_true", help="then all visitors once more, at one moment")
    parser.add_argument("--requests", type=int, default=0)
    parser.add_argument("--answer-every", type=int, default=10)
    given = parser.parse_args()
    command = [sys.executable, "-m", "corridor_net", "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        address = re.search(r"http://\S+", server.stdout.readline())[0]

        def crowd(visitors: int, count: int, pause: float, first: int, name: str) -> Run:
            return asyncio.run(all_visits(address, server.pid, visitors, count, pause, first, name))

        crowd(4, 1, 0.0, 90_000, "the processes have read the network then")
        visitors, count = given.visitors, given.questions
        runs = [
            crowd(1, 4 * count, 0.0, 0, "1 visitor"),
            crowd(visitors, count, given.every, 1000, f"{visitors} visitors, each every {given.every:g} s"),
        ]
        if given.at_once:
            runs.append(crowd(visitors, 1, 0.0, 5000, f"{visitors} visitors, all at once"))
        load = os.getloadavg()[0]
        table(runs)
        print(f"{os.cpu_count()} processors; load of the machine in the last minute {load:.1f}, this run included")
        if given.requests:
            statuses = asyncio.run(many(address, server.pid, given.requests, given.answer_every))
            print(f"  by status: {dict(statuses)}")
    finally:
        server.terminate()
        server.wait()
    held([one for run in runs for one in run.answers])
    print(f"one answer in {HELD} held against the package: all the same")


if __name__ == "__main__":
    main()
