"""The workbench with many visitors: `python -m benchmarks.visitors [--visitors 50] [--questions 4] [--requests 5000]`.

A real server process, and visitors that each ask questions of their own, none asked before, one after the other, with
a pause between as people make. Every answer is counted by its status and held against that of the package; then the
times are told. With `--requests`, so many requests follow, one in `--answer-every` a question that nobody asked before
and the others scenario files to be read, and the memory of the server and its processes is told on the way.
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
from dataclasses import dataclass
from datetime import date
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


async def ask(client: httpx.AsyncClient, number: int) -> Visit:
    begun = time.perf_counter()
    response = await client.post("/api/answer", json=question(number))
    return Visit(number, time.perf_counter() - begun, response.status_code, response.json())


async def visit(client: httpx.AsyncClient, visitor: int, count: int, pause: float, first: int) -> list[Visit]:
    found = []
    await asyncio.sleep(pause * (visitor % 50) / 50)
    for n in range(count):
        found.append(await ask(client, first + visitor * count + n))
        await asyncio.sleep(max(0.0, pause - found[-1].seconds))
    return found


async def all_visits(address: str, visitors: int, count: int, pause: float, first: int) -> list[Visit]:
    limits = httpx.Limits(max_connections=visitors)
    async with httpx.AsyncClient(base_url=address, timeout=300, limits=limits) as client:
        await client.post("/api/answer", json=ENDS)
        visits = await asyncio.gather(*(visit(client, visitor, count, pause, first) for visitor in range(visitors)))
    return [one for found in visits for one in found]


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

    async with httpx.AsyncClient(base_url=address, timeout=300) as client:
        await asyncio.gather(*(send(client) for _ in range(4)))
    return statuses


def memory_mb(pid: int) -> float:
    """Memory of a process and all that it started, shared pages counted once (Linux)."""
    own = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), flags=re.MULTILINE)
    children = [
        int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()
    ]
    return int(own[1]) / 1024 + sum(map(memory_mb, children))


def held(visits: list[Visit]) -> None:
    """Hold answers against those of the package."""
    from corridor_net import Network
    from corridor_net.workbench.answers import Workbench
    from corridor_net.workbench.questions import Question

    bench = Workbench(Network.from_folder())
    for one in {visit.number: visit for visit in visits if visit.status == 200}.values():
        if one.number % HELD == 0:
            expected = bench.answer(Question(as_of=date(2019, 7, 1), **question(one.number)))
            assert one.told == json.loads(json.dumps(expected)), one.number


def table(runs: list[tuple[str, list[Visit]]]) -> None:
    print(f"{'':<32}{'answers':>8}{'not 200':>9}{'median, ms':>12}{'p95, ms':>10}{'most, ms':>10}")
    for name, found in runs:
        times = sorted(1000 * one.seconds for one in found)
        p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
        wrong = sum(one.status != 200 for one in found)
        print(f"{name:<32}{len(times):>8}{wrong:>9}{statistics.median(times):>12.0f}{p95:>10.0f}{times[-1]:>10.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visitors", type=int, default=50)
    parser.add_argument("--questions", type=int, default=4)
    parser.add_argument("--requests", type=int, default=0)
    parser.add_argument("--answer-every", type=int, default=10)
    given = parser.parse_args()
    command = [sys.executable, "-m", "corridor_net.cli.main", "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        address = re.search(r"http://\S+", server.stdout.readline())[0]
        asyncio.run(all_visits(address, 4, 1, 0.0, 90_000))  # the processes have read the network then
        visitors, count = given.visitors, given.questions
        runs = [
            ("1 visitor", asyncio.run(all_visits(address, 1, 4 * count, 0.2, 0))),
            (f"{visitors} visitors, each every 10 s", asyncio.run(all_visits(address, visitors, count, 10.0, 1000))),
            (f"{visitors} visitors, all at once", asyncio.run(all_visits(address, visitors, 1, 0.0, 5000))),
        ]
        load = os.getloadavg()[0]
        table(runs)
        print(f"{os.cpu_count()} processors; load of the machine in the last minute {load:.1f}, this run included")
        if given.requests:
            statuses = asyncio.run(many(address, server.pid, given.requests, given.answer_every))
            print(f"  by status: {dict(statuses)}")
    finally:
        server.terminate()
        server.wait()
    held([one for _, found in runs for one in found])
    print(f"one answer in {HELD} held against the package: all the same")


if __name__ == "__main__":
    main()
