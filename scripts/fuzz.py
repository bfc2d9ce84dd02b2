"""Try every reader with damaged files: `python scripts/fuzz.py [--count 1000] [--seconds 600] [--only tables,wkt]`.

Each input is a file of the right form after one to three changes. It is to be read, or refused by an error of the
package. What is neither is a finding: any other exception or warning (with a traceback), more than 5 seconds of
processor time, more than 1 GB of memory. Of the inputs that are read one in twenty is used too, of those of other
formats one in 200: the network is made and asked for a route. Inputs are read in a process of their own, which a bound
ends. One line is printed for each reader, with how many it takes in a second of processor time, and one for each kind
of finding, told apart by the exception and the line of the package it comes from; with `--keep` the inputs of findings
are kept. The same seed gives the same inputs.

A million inputs a reader: `--count 1000000 --ledger FILE`. The ledger keeps what came of the inputs so far: the command
may be ended and given again, and goes on where it was. `--guided` lets atheris choose what is changed next, by
the lines of the package that an input reaches (extra `fuzz`).
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import multiprocessing
import resource
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
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
AT_ONCE = 500
"""Inputs that a process is given at once."""
NUMBER, READ, REFUSED, MILLISECONDS = range(4)


@dataclass
class Count:
    """What came of the inputs of a reader: how many were read and refused, and the findings by kind."""

    inputs: int = 0
    read: int = 0
    refused: int = 0
    seconds: float = 0.0
    again: int = 0
    """Inputs that took too long once, and were tried again: a hang is what takes too long both times."""
    findings: dict[str, int] = field(default_factory=dict)
    examples: dict[str, int] = field(default_factory=dict)

    def found(self, number: int, text: str) -> None:
        self.findings[text] = self.findings.get(text, 0) + 1
        self.examples.setdefault(text, number)

    def of(self, kind: str) -> int:
        return sum(count for text, count in self.findings.items() if text.startswith(kind))


class Reading:
    """A reader with a folder for each part that may be changed, in which the files beside it lie already."""

    def __init__(self, target: Target, scratch: Path) -> None:
        self.target = target
        names = sorted(target.seeds)
        self.folders = {
            name: fresh(scratch / target.name / str(number), dict(target.beside.get(name, {})))
            for number, name in enumerate(names)
        }

    def outcome(self, name: str, content: bytes, random: Random, *, use: bool) -> str:
        """Return `read`, `refused`, or what was found."""
        folder = self.folders[name]
        for file, packed in self.target.files(name, content, random).items():
            (folder / file).write_bytes(packed)
        warnings.simplefilter("error")
        told = io.StringIO()
        try:
            with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
                self.target.read(folder)
                if use and self.target.use is not None:
                    self.target.use(folder)
        except CorridorError as error:
            return "refused" if str(error).strip() else "traceback: an error without words"
        except MemoryError:
            return "memory: more than 1 GB"
        except Exception as error:  # noqa: BLE001 - what is looked for
            return f"traceback: {type(error).__name__} at {_where(error)}: {str(error)[:80]!r}"
        return "read"


def _where(error: Exception) -> str:
    frames = [one for one in traceback.extract_tb(error.__traceback__) if "corridor_net" in one.filename]
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "outside the package"


def dice_of(target: Target, seed: int, number: int) -> Random:
    """Return the dice of an input."""
    return Random(f"{target.name} {seed} {number}")  # noqa: S311 - no secret


def in_process(pipe: Any, counts: Any, name: str, scratch: Path, seed: int) -> None:
    """Read the inputs whose numbers come through the pipe; count them in memory that outlives the process."""
    target = next(one for one in targets(scratch) if one.name == name)
    reading = Reading(target, scratch)
    held = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    resource.setrlimit(resource.RLIMIT_DATA, (held + MEMORY + 500_000_000, resource.RLIM_INFINITY))
    pipe.send("ready")
    while True:
        for number in range(*pipe.recv()):
            counts[NUMBER] = number
            begun = time.process_time()
            resource.setrlimit(resource.RLIMIT_CPU, (int(begun) + 1 + SECONDS, resource.RLIM_INFINITY))
            dice = dice_of(target, seed, number)
            outcome = reading.outcome(*target.part(dice), dice, use=number % target.each == 0)
            if outcome in ("read", "refused"):
                counts[READ if outcome == "read" else REFUSED] += 1
            else:
                pipe.send((number, outcome))
            counts[MILLISECONDS] += 1000 * (time.process_time() - begun)
        pipe.send(None)


class Runner:
    """The process that reads the inputs of one target; a new one when a bound has ended it."""

    def __init__(self, name: str, scratch: Path, seed: int, count: Count) -> None:
        self.counts = multiprocessing.RawArray("d", [0, count.read, count.refused, 1000 * count.seconds])
        self.given = (name, scratch, seed)
        self.count = count
        self.twice = -1
        self.start()

    def start(self) -> None:
        context = multiprocessing.get_context("fork")  # with all modules, and the shipped network, read already
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=in_process, args=(theirs, self.counts, *self.given), daemon=True)
        self.process.start()
        theirs.close()
        self.pipe.recv()

    def run(self, first: int, last: int) -> None:
        """Read inputs; count them and what is found."""
        while first < last:
            self.pipe.send((first, last))
            ended = self._watched()
            first = int(self.counts[NUMBER]) + 1
            if ended:
                first -= self._noted(first - 1, ended)
                self.end()
                self.start()
        _, read, refused, milliseconds = self.counts
        self.count.inputs, self.count.read, self.count.refused = last, int(read), int(refused)
        self.count.seconds = milliseconds / 1000

    def _noted(self, number: int, ended: str) -> bool:
        """Count what ended the process; whether the input is tried once more: a busy machine may have been slow."""
        again = ended.startswith("hang") and number != self.twice
        if again:
            self.twice, self.count.again = number, self.count.again + 1
        else:
            self.count.found(number, ended)
        return again

    def _watched(self) -> str:
        """Note what the process finds until it has read all; return what ended it before, if anything did."""
        while True:
            at = self.counts[NUMBER]
            try:
                if not self.pipe.poll(PATIENCE):
                    if self.counts[NUMBER] == at:
                        return f"hang: no answer in {PATIENCE} s"
                    continue
                found = self.pipe.recv()
            except (EOFError, OSError):
                self.process.join()
                code = self.process.exitcode
                return f"hang: more than {SECONDS} s" if code == -24 else f"died: {code}"
            if found is None:
                return ""
            self.count.found(*found)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


@dataclass
class Ledger:
    """What came of the inputs so far, by reader, in a file that is written after every part."""

    path: Path | None
    seed: int
    counts: dict[str, Count] = field(default_factory=dict)

    @classmethod
    def opened(cls, path: Path | None, seed: int | None) -> Ledger:
        """Return what the file holds; a new ledger where there is none."""
        if path is None or not path.exists():
            return cls(path, int(time.time()) if seed is None else seed)
        held = json.loads(path.read_text(encoding="utf-8"))
        if seed not in (None, held["seed"]):
            sys.exit(f"'{path}' is of seed {held['seed']}, not of {seed}")
        return cls(path, held["seed"], {name: Count(**one) for name, one in held["readers"].items()})

    def save(self) -> None:
        if self.path is not None:
            readers = {name: asdict(one) for name, one in self.counts.items()}
            beside = self.path.with_name(f"{self.path.name}.new")
            beside.write_text(json.dumps({"seed": self.seed, "readers": readers}, indent=1), encoding="utf-8")
            beside.replace(self.path)


def parts(first: int, last: int, until: float) -> Iterator[tuple[int, int]]:
    """Yield numbers of inputs, a part at a time, until there were enough or time is up."""
    size = 10
    while first < last and time.monotonic() < until:
        yield first, min(first + size, last)
        first, size = first + size, min(2 * size, AT_ONCE)


def guided(name: str, count: Count, seed: int, inputs: int, until: float) -> None:
    """Try a reader with inputs that are led by what they reach, in a process of its own; add to its count."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "count.json"
        told.write_text(json.dumps(asdict(count)), encoding="utf-8")
        seconds = max(1, int(until - time.monotonic())) if until < inf else 0
        given = [name, str(told), str(seed), str(inputs), str(seconds)]
        script = Path(__file__).with_name("fuzz_guided.py")
        done = subprocess.run([sys.executable, str(script), *given], capture_output=True, check=False)
        for key, value in json.loads(told.read_text(encoding="utf-8")).items():
            setattr(count, key, value)
        if done.returncode:
            count.found(count.inputs, f"died: {done.returncode}, {done.stderr[-200:].decode('utf-8', 'replace')}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000, help="inputs of each reader")
    parser.add_argument("--seconds", type=float, default=inf, help="for all readers, shared out evenly")
    parser.add_argument("--seed", type=int, help="the second it is when left out")
    parser.add_argument("--only", default="", help="readers, parted by commas")
    parser.add_argument("--keep", type=Path, help="folder for the inputs of findings")
    parser.add_argument("--ledger", type=Path, help="file that keeps what was tried, to go on with")
    parser.add_argument("--guided", action="store_true", help="by what the inputs reach, with atheris")
    given = parser.parse_args()
    ledger = Ledger.opened(given.ledger, given.seed)
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as folder:  # noqa: S108
        scratch = Path(folder)
        chosen = [one for one in targets(scratch) if not given.only or one.name in given.only.split(",")]
        print(f"seed {ledger.seed}")
        if not given.guided:
            shipped(), bench()  # read once, for all processes
        end = time.monotonic() + given.seconds
        print(f"{'reader':<14}{'inputs':>10}{'read':>9}{'refused':>9}{'tracebacks':>12}{'hangs':>7}{'> 1 GB':>8}"
              f"{'a second':>10}")  # fmt: skip
        for place, target in enumerate(chosen):
            count = ledger.counts.setdefault(target.name, Count())
            until = time.monotonic() + (end - time.monotonic()) / (len(chosen) - place)
            if given.guided:
                guided(target.name, count, ledger.seed, given.count, until)
                ledger.save()
            else:
                runner = Runner(target.name, scratch, ledger.seed, count)
                for first, last in parts(count.inputs, given.count, until):
                    runner.run(first, last)
                    ledger.save()
                runner.end()
            tell(target.name, count)
            if count.again:
                print(f"    {count.again} inputs took more than {SECONDS} s and were tried again")
            for text, number in count.examples.items():
                print(f"    {count.findings[text]} x {text} (input {number})")
                if given.keep and not given.guided:
                    dice = dice_of(target, ledger.seed, number)
                    name, content = target.part(dice)
                    files = dict(target.beside.get(name, {})) | target.files(name, content, dice)
                    fresh(given.keep / f"{target.name}-{number}", files)
    counts = [ledger.counts[one.name] for one in chosen]
    total = Count(*(sum(getattr(one, name) for one in counts) for name in ("inputs", "read", "refused", "seconds")))
    total.findings = {f"{text} {n}": k for n, one in enumerate(counts) for text, k in one.findings.items()}
    tell("all", total)
    sys.exit(1 if any(one.findings for one in counts) else 0)


def tell(name: str, count: Count) -> None:
    """Print the line of a reader."""
    faults = count.of("traceback") + count.of("died")
    told = f"{faults:>12}{count.of('hang'):>7}{count.of('memory'):>8}{count.inputs / max(count.seconds, 1e-9):>10,.0f}"
    print(f"{name:<14}{count.inputs:>10,}{count.read:>9,}{count.refused:>9,}{told}", flush=True)


if __name__ == "__main__":
    main()
