"""Speed as felt: whole commands, each in a fresh process, `python -m benchmarks.felt [--runs 3] [--only run]`.

Told are seconds of the processor, which depend less than the clock on who else uses the machine, the median of the
runs, and the largest memory.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile

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


def once(command: list[str]) -> tuple[float, float]:
    """Run a command in a folder of its own; return its processor seconds, and its largest memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        quiet = subprocess.DEVNULL
        process = subprocess.Popen(command, cwd=folder, stdout=quiet, stderr=quiet)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} ended with status {status}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed as felt: whole commands.")
    parser.add_argument("--runs", type=int, default=3, help="Runs of each command, after one that is not counted.")
    parser.add_argument("--only", default="", help="Only commands that begin so.")
    given = parser.parse_args()
    print(f"{'corridor-net':50} {'s':>8} {'MB':>6}")
    for text in COMMANDS:
        if text.startswith(given.only):
            command = [sys.executable, "-m", "corridor_net", *text.split()]
            once(command)
            found = [once(command) for _ in range(given.runs)]
            seconds, memory = (statistics.median(column) for column in zip(*found, strict=True))
            print(f"{text:50} {seconds:8.2f} {memory:6.0f}", flush=True)


if __name__ == "__main__":
    main()
