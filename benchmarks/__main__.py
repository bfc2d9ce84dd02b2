"""`python -m benchmarks [--quick] [--only A,B] [--json]`: time each workload beside other libraries, print a table.

A: the World Bank's shape, many networks and cities. B: many weightings of one topology. C: every subset of the
shipped study's upgrades. D: a network of a million nodes. E: routes that no other beats. F: routes that differ. G:
cold starts. "growth": A, B and D from small to large. "draws": long ensembles, by workers. All answers are compared
before anything is timed; slow engines do a sample, and the table says how much. Medians; every engine in a process of
its own.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable
from pathlib import Path

# Its threads wait by turning round, on the cores that others are timed on.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from benchmarks import draws, large, routes, small
from benchmarks.measure import Effort, Row

WORKLOADS: dict[str, tuple[Callable[[Effort], list[Row]], ...]] = {
    "A": (large.world_bank,),
    "B": (small.ensembles,),
    "C": (small.subsets,),
    "D": (large.grids, large.road_like),
    "E": (routes.fronts,),
    "F": (routes.alternatives,),
    "G": (small.cold,),
    "DRAWS": (draws.beside_peers, draws.batches),
    "GROWTH": (small.growth, large.growth),
}
UNNAMED = ("workload", "engine", "times_fastest_peer", "note", "threads", "ordered", "own_each_ms")


def machine() -> str:
    """Name the machine and what runs on it."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        model = next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{model}, {small.CORES} cores, Python {platform.python_version()}, numpy {np.__version__}"


def show(rows: list[Row]) -> None:
    """Print one table a workload: a line an engine, a column a figure; ratios to the fastest peer in brackets."""
    for workload in dict.fromkeys(row["workload"] for row in rows):
        own = [row for row in rows if row["workload"] == workload]
        figures = [name for name in dict.fromkeys(name for row in own for name in row) if name not in UNNAMED]
        lines = [["", *figures]]
        for row in own:
            ratios = row.get("times_fastest_peer", {})
            cells = [_figure(row[name], ratios.get(name)) if name in row else "" for name in figures]
            lines.append([row["engine"], *cells] if "note" not in row else [f"{row['engine']}: {row['note']}"])
        wide = [max((len(line[k]) for line in lines if len(line) > 1), default=0) for k in range(len(figures) + 1)]
        print(workload)
        for line in lines:
            print(
                "  "
                + line[0].ljust(wide[0])
                + "".join(f"  {cell:>{w}}" for cell, w in zip(line[1:], wide[1:], strict=False))
            )
        print()


def _figure(value: float, ratio: float | None) -> str:
    shown = f"{value:,}" if isinstance(value, int) else f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"
    return shown if ratio is None else f"{shown} ({ratio:,.0f}x)" if ratio >= 100 else f"{shown} ({ratio:.2g}x)"


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="smaller networks and fewer peers, under a minute")
    parser.add_argument("--few", action="store_true", help="leave out the peers that take minutes on large networks")
    parser.add_argument("--only", default="A,B,C,D,E,F,G", help="workloads, by letter, or growth")
    parser.add_argument("--json", action="store_true", help="figures in place of the table")
    options = parser.parse_args()
    wanted = [name.strip().upper() for name in options.only.split(",")]
    if unknown := [name for name in wanted if name not in WORKLOADS]:
        parser.error(f"no workload {', '.join(unknown)}; there are {', '.join(WORKLOADS)}")
    effort = Effort(3, 0.2, 60, quick=True) if options.quick else Effort(5, 3.0, 200, quick=False, few=options.few)
    if not options.json:
        print(f"{machine()}; medians of {effort.runs}; (x) times faster than the fastest peer\n", flush=True)
    rows: list[Row] = []
    for name in wanted:
        for work in WORKLOADS[name]:
            found = work(effort)
            rows += found
            if not options.json:
                show(found)
                sys.stdout.flush()
    if options.json:
        print(json.dumps({"machine": machine(), "runs": effort.runs, "rows": rows}, indent=1))


if __name__ == "__main__":
    main()
