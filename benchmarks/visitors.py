"""How quick the workbench is with many visitors: `python -m benchmarks.visitors [VISITORS] [QUESTIONS]`.

A real server process, and visitors that each ask questions of their own, none asked before, one after the other, with
a pause between as people make. Every answer is held against that of the package; then the times are told.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import statistics
import subprocess
import sys
import time
from datetime import date

import httpx2 as httpx

ENDS = {"origin": "harbin", "destination": "niigata"}


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


async def visit(
    client: httpx.AsyncClient, visitor: int, count: int, pause: float, first: int
) -> list[tuple[int, float, dict]]:
    found = []
    await asyncio.sleep(pause * (visitor % 50) / 50)
    for n in range(count):
        number = first + visitor * count + n
        begun = time.perf_counter()
        told = (await client.post("/api/answer", json=question(number))).json()
        found.append((number, time.perf_counter() - begun, told))
        await asyncio.sleep(max(0.0, pause - (time.perf_counter() - begun)))
    return found


async def all_visits(
    address: str, visitors: int, count: int, pause: float, first: int
) -> list[tuple[int, float, dict]]:
    async with httpx.AsyncClient(
        base_url=address, timeout=120, limits=httpx.Limits(max_connections=visitors)
    ) as client:
        await client.post("/api/answer", json=ENDS)
        visits = await asyncio.gather(*(visit(client, visitor, count, pause, first) for visitor in range(visitors)))
    return [one for found in visits for one in found]


def main(visitors: int = 50, count: int = 4) -> None:
    from corridor_net import Network
    from corridor_net.workbench.answers import Workbench
    from corridor_net.workbench.questions import Question

    command = [sys.executable, "-m", "corridor_net.cli.main", "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        address = re.search(r"http://\S+", server.stdout.readline())[0]
        time.sleep(2)
        runs = [
            ("1 visitor", asyncio.run(all_visits(address, 1, 4 * count, 0.2, 0))),
            (f"{visitors} visitors, each every 10 s", asyncio.run(all_visits(address, visitors, count, 10.0, 1000))),
            (f"{visitors} visitors, all at once", asyncio.run(all_visits(address, visitors, 1, 0.0, 5000))),
        ]
    finally:
        server.terminate()
        server.wait()
    bench = Workbench(Network.from_folder())
    for number, _, told in {one[0]: one for _, found in runs for one in found}.values():
        expected = bench.answer(Question(as_of=date(2019, 7, 1), **question(number)))
        assert told == json.loads(json.dumps(expected)), number
    print(f"{'':<32}{'answers':>8}{'median, ms':>12}{'p95, ms':>10}   all answers right")
    for name, found in runs:
        times = sorted(1000 * seconds for _, seconds, _ in found)
        p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
        print(f"{name:<32}{len(times):>8}{statistics.median(times):>12.0f}{p95:>10.0f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
