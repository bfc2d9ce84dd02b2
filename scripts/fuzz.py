"""Try every reader with damaged files: `python scripts/fuzz.py [--count 1000] [--seconds 600] [--only tables,wkt]`.

Each input is a file of the right form after one to three changes. It is to be read, or refused by an error of the
package. What is neither is a finding: any other exception or warning (with a traceback), more than 5 seconds of
processor time, more than 1 GB of memory. Inputs are read in a process of their own, which such a bound ends. One
line is printed for each reader, and one for each kind of finding, told apart by the exception and the line of the
package it comes from; with `--keep` the inputs of findings are kept. The same seed gives the same inputs.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from random import Random
from typing import Any

from corridor_net.errors import CorridorError
from fuzz_targets import Target, bench, fresh, shipped, targets

SECONDS = 5
"""Of processor time for one input."""
PATIENCE = 600
"""Seconds until a process that uses no processor is given up."""
MEMORY = 1_000_000_000
"""Bytes of data that one input may take beyond what the process holds before."""


@dataclass
class Count:
    """What came of the inputs of a reader: how many were read and refused, and the findings by kind."""

    inputs: int = 0
    read: int = 0
    refused: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    examples: dict[str, int] = field(default_factory=dict)

    def add(self, number: int, outcome: str) -> None:
        self.inputs += 1
        if outcome == "read":
            self.read += 1
        elif outcome == "refused":
            self.refused += 1
        else:
            self.findings[outcome] += 1
            self.examples.setdefault(outcome, number)

    def of(self, kind: str) -> int:
        return sum(count for text, count in self.findings.items() if text.startswith(kind))


def made(target: Target, seed: int, number: int) -> dict[str, bytes]:
    """Return the files of an input."""
    return target.make(Random(f"{target.name} {seed} {number}"))  # noqa: S311 - no secret


def outcome_of(target: Target, files: dict[str, bytes], folder: Path) -> str:
    """Return `read`, `refused`, or what was found."""
    warnings.simplefilter("error")
    fresh(folder, files)
    told = io.StringIO()
    try:
        with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
            target.read(folder)
    except CorridorError as error:
        return "refused" if str(error).strip() else "traceback: an error without words"
    except MemoryError:
        return "memory: more than 1 GB"
    except Exception as error:  # noqa: BLE001 - what is looked for
        frames = [f for f in traceback.extract_tb(error.__traceback__) if "corridor_net" in f.filename]
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "outside the package"
        return f"traceback: {type(error).__name__} at {where}: {str(error)[:80]!r}"
    return "read"


def in_process(pipe: Any, name: str, scratch: Path, seed: int) -> None:
    """Read the inputs whose numbers come through the pipe."""
    target = next(one for one in targets(scratch) if one.name == name)
    held = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    resource.setrlimit(resource.RLIMIT_DATA, (held + MEMORY + 500_000_000, resource.RLIM_INFINITY))
    pipe.send("ready")
    while True:
        number = pipe.recv()
        used = resource.getrusage(resource.RUSAGE_SELF)
        bound = int(used.ru_utime + used.ru_stime) + 1 + SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (bound, resource.RLIM_INFINITY))
        pipe.send(outcome_of(target, made(target, seed, number), scratch / name))


class Runner:
    """The process that reads the inputs of one target; a new one when a bound has ended it."""

    def __init__(self, name: str, scratch: Path, seed: int) -> None:
        self.given = (name, scratch, seed)
        self.start()

    def start(self) -> None:
        context = multiprocessing.get_context("fork")  # with all modules, and the shipped network, read already
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=in_process, args=(theirs, *self.given), daemon=True)
        self.process.start()
        theirs.close()
        self.pipe.recv()

    def outcome(self, number: int) -> str:
        self.pipe.send(number)
        try:
            if self.pipe.poll(PATIENCE):
                return str(self.pipe.recv())
            found = f"hang: no answer in {PATIENCE} s"
        except (EOFError, OSError):
            self.process.join()
            found = f"hang: more than {SECONDS} s" if self.process.exitcode == -24 else f"died: {self.process.exitcode}"
        self.end()
        self.start()
        return found

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000, help="inputs of each reader")
    parser.add_argument("--seconds", type=float, default=inf, help="for all readers, shared out evenly")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="the second it is when left out")
    parser.add_argument("--only", default="", help="readers, parted by commas")
    parser.add_argument("--keep", type=Path, help="folder for the inputs of findings")
    given = parser.parse_args()
    total = Count()
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        chosen = [one for one in targets(scratch) if not given.only or one.name in given.only.split(",")]
        print(f"seed {given.seed}")
        shipped(), bench()  # read once, for all processes
        end = time.monotonic() + given.seconds
        print(f"{'reader':<14}{'inputs':>8}{'read':>8}{'refused':>9}{'tracebacks':>12}{'hangs':>7}{'> 1 GB':>8}")
        for place, target in enumerate(chosen):
            count = Count()
            until = time.monotonic() + (end - time.monotonic()) / (len(chosen) - place)
            runner = Runner(target.name, scratch, given.seed)
            for number in range(given.count):
                if time.monotonic() > until:
                    break
                count.add(number, runner.outcome(number))
            runner.end()
            tell(target.name, count)
            for text, found in count.findings.most_common():
                print(f"    {found} x {text} (input {count.examples[text]})")
                if given.keep:
                    files = made(target, given.seed, count.examples[text])
                    fresh(given.keep / f"{target.name}-{count.examples[text]}", files)
            total.inputs, total.read, total.refused = (
                total.inputs + count.inputs, total.read + count.read, total.refused + count.refused
            )  # fmt: skip
            total.findings += count.findings
        tell("all", total)
        shutil.rmtree(scratch, ignore_errors=True)
    sys.exit(1 if total.findings else 0)


def tell(name: str, count: Count) -> None:
    """Print the line of a reader."""
    faults = count.of("traceback") + count.of("died")
    told = f"{faults:>12}{count.of('hang'):>7}{count.of('memory'):>8}"
    print(f"{name:<14}{count.inputs:>8,}{count.read:>8,}{count.refused:>9,}{told}", flush=True)


if __name__ == "__main__":
    main()
