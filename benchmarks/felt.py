"""Speed as felt: whole commands, each in a fresh process, `python -m benchmarks.felt [--runs 3] [--only run]`.

Told are seconds of the processor, which depend less than the clock on who else uses the machine, the median of the
runs, those after which the first line is there (Linux), and the largest memory.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

COMMANDS = (
    "--help",
    "run",
    "uncertainty --from harbin",
    "sensitivity yanji niigata --scenario primorye-2",
    "criticality",
    "compare hunchun niigata",
    "timeline harbin niigata",
    "route harbin niigata",
    "gateways",
    "line zarubino-niigata --as-of 2013-07-01",
    "appraise primorye-2",
)


def once(command: list[str]) -> tuple[float, float, float]:
    """Run a command in a folder of its own; return its processor seconds, those at its first line, and memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout
        process.stdout.readline()
        first = spent(process.pid)
        process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with status {status}")
    return used.ru_utime + used.ru_stime, first, used.ru_maxrss / 1024


def spent(process: int) -> float:
    """Return the processor seconds of a process so far; not a number where the system does not tell."""
    told = Path(f"/proc/{process}/stat")
    if not told.exists():
        return math.nan
    ticks = told.read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed as felt: whole commands.")
    parser.add_argument("--runs", type=int, default=3, help="Runs of each command, after one that is not counted.")
    parser.add_argument("--only", default="", help="Only commands that begin so.")
    given = parser.parse_args()
    print(f"{'corridor-net':50} {'s':>8} {'first':>8} {'MB':>6}")
    for text in COMMANDS:
        if text.startswith(given.only):
            command = [sys.executable, "-m", "corridor_net", *text.split()]
            once(command)
            found = [once(command) for _ in range(given.runs)]
            seconds, first, memory = (statistics.median(column) for column in zip(*found, strict=True))
            print(f"{text:50} {seconds:8.2f} {first:8.2f} {memory:6.0f}", flush=True)


if __name__ == "__main__":
    main()
