"""`python -m benchmarks [--quick] [--only B,C,G] [--json]`: time each workload and print a table.

B: many weightings of one topology, against other libraries, per weighting. C: every subset of the shipped
study's upgrades and their Shapley values. G: cold start of the command. Medians of several runs; slow engines
answer fewer weightings, and the number is told. All answers are compared before anything is timed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.engines import Engine, Task, corridor_net_engine, installed
from benchmarks.workloads import grid, shipped

CHECKED = 3
"""Weightings on which all engines must agree before any is timed."""
SLOW = {"networkx": 2, "rustworkx": 10, "igraph": 20, "scipy": 20}
"""Weightings a slow engine is timed on; others answer all."""


def seconds(work: Callable[[], Any], runs: int) -> float:
    """Return the median time of some runs."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def ensemble(task: Task, runs: int) -> list[dict[str, Any]]:
    """Time every engine on a task; raise AssertionError when two disagree."""
    peers, absent = installed()
    expected = corridor_net_engine(task, CHECKED)
    for name, (_, engine) in peers.items():
        found = engine(task, CHECKED)
        assert np.array_equal(found, expected), f"{name} disagrees on {task.name}"
    total = len(task.weights)
    own: dict[str, Engine] = {
        "corridor-net, 1 thread": partial(corridor_net_engine, threads=1),
        "corridor-net, all threads": partial(corridor_net_engine, threads=None),
        "corridor-net, float32, all threads": partial(corridor_net_engine, threads=None, dtype="float32"),
        "corridor-net, with routes, 1 thread": partial(corridor_net_engine, threads=1, routes=True),
    }
    rows = []
    for name, engine in [*((n, e) for n, (_, e) in peers.items()), *own.items()]:
        count = min(total, SLOW.get(name.split()[0], total))
        # What is done once (reading the arcs, ordering) is timed apart, on one weighting.
        once, whole = seconds(partial(engine, task, 1), runs), seconds(partial(engine, task, count), runs)
        each = max(whole - once, 1e-9) / max(count - 1, 1)
        rows.append(
            {"workload": f"B {task.name}", "engine": name, "weightings": count, "once_s": once, "each_us": 1e6 * each}
        )
    fastest = min(row["each_us"] for row in rows if not row["engine"].startswith("corridor-net"))
    for row in rows:
        row["times_fastest_peer"] = fastest / row["each_us"]
    rows += [{"workload": f"B {task.name}", "engine": f"{name}: not installed"} for name in absent]
    return rows


def subsets(runs: int) -> list[dict[str, Any]]:
    """Time every subset of the shipped upgrades, and their Shapley values, compiling included."""
    import corridor_net as cn
    from corridor_net.analysis.attribution import attribution_summary

    comparison = cn.compare(cn.load_study("longjiang-japan"), cn.Network.from_folder())
    taken = seconds(lambda: attribution_summary(comparison), runs)
    return [{"workload": "C all subsets, Shapley values", "engine": "corridor-net", "once_s": taken}]


def cold(runs: int) -> list[dict[str, Any]]:
    """Time whole processes: help, import, first route, run."""
    module = [sys.executable, "-m", "corridor_net.cli.main"]
    commands = {
        "python alone": [sys.executable, "-c", "pass"],
        "--help": [*module, "--help"],
        "import corridor_net": [sys.executable, "-c", "import corridor_net"],
        "route harbin niigata": [*module, "route", "harbin", "niigata"],
    }
    quiet = partial(subprocess.run, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return [
        {"workload": "G cold start", "engine": name, "once_s": seconds(partial(quiet, command), max(runs, 5))}
        for name, command in commands.items()
    ]


def show(rows: list[dict[str, Any]]) -> None:
    """Print the table."""
    print(f"{'workload':<34}{'engine':<38}{'weightings':>11}{'once, s':>10}{'each, µs':>12}{'x fastest peer':>16}")
    for row in rows:
        each = f"{row['each_us']:,.1f}" if "each_us" in row else ""
        ratio = f"{row['times_fastest_peer']:,.2f}" if "times_fastest_peer" in row else ""
        once = f"{row['once_s']:.3f}" if "once_s" in row else ""
        print(f"{row['workload']:<34}{row['engine']:<38}{row.get('weightings', ''):>11}{once:>10}{each:>12}{ratio:>16}")


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer weightings and runs, under a minute")
    parser.add_argument("--only", default="B,C,G", help="workloads, by letter")
    parser.add_argument("--json", action="store_true", help="figures in place of the table")
    options = parser.parse_args()
    wanted = {letter.strip().upper() for letter in options.only.split(",")}
    count, runs = (1_000, 3) if options.quick else (10_000, 5)
    rows: list[dict[str, Any]] = []
    if "B" in wanted:
        corridor_net_engine(grid(CHECKED, side=6), CHECKED, routes=True)  # wakes the compiler
        corridor_net_engine(grid(CHECKED, side=6), CHECKED, dtype="float32")
        rows += ensemble(shipped(count), runs) + ensemble(grid(count), runs)
    if "C" in wanted:
        rows += subsets(runs)
    if "G" in wanted:
        rows += cold(runs)
    machine = (
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}"
    )
    if options.json:
        print(json.dumps({"machine": machine, "rows": rows}, indent=1))
        return
    print(f"{machine}; medians of {runs}; answers compared first\n")
    show(rows)


if __name__ == "__main__":
    main()
