"""Inputs that are led by what they reach: those that come to new lines of the package are changed further (atheris).

Begun by `fuzz.py --guided`, in a process for each reader: a fuzzer ends the process it is in, so counts come through
a file.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["corridor_net"]):
    import fuzz_targets
    from fuzz import SECONDS, Count, Reading


class Led:
    """A reader whose inputs come from the fuzzer: the name of the part that is changed, and what it holds."""

    def __init__(self, name: str, told: Path, inputs: int) -> None:
        self.told, self.inputs = told, inputs
        self.count = Count(**json.loads(told.read_text(encoding="utf-8")))
        self.target = next(one for one in fuzz_targets.targets(told.parent) if one.name == name)
        self.reading = Reading(self.target, told.parent)
        self.before = self.count.seconds - time.process_time()

    def corpus(self) -> Path:
        """Return a folder with the inputs that all begins from."""
        folder = self.told.parent / "corpus"
        seeds = [(part, seed) for part, seeds in self.target.seeds.items() for seed in seeds]
        fuzz_targets.fresh(folder, {str(number): _input(*one) for number, one in enumerate(seeds)})
        return folder

    def part(self, data: bytes) -> tuple[str, bytes] | None:
        """Return the part of an input, None where the fuzzer spoilt the name."""
        name, _, content = data.partition(b"\n")
        return (name.decode(), content) if name in {one.encode() for one in self.target.seeds} else None

    def read(self, data: bytes) -> None:
        """Read an input, and count what came of it."""
        part, count = self.part(data), self.count
        if part is None:
            return
        begun = time.process_time()
        dice = Random(count.inputs)  # noqa: S311 - no secret
        outcome = self.reading.outcome(*part, dice, use=count.inputs % self.target.each == 0)
        if time.process_time() - begun > SECONDS:
            outcome = f"hang: more than {SECONDS} s"
        count.read += outcome == "read"
        count.refused += outcome == "refused"
        if outcome not in ("read", "refused"):
            count.found(count.inputs, outcome)
        count.inputs += 1
        if count.inputs % 100 == 0 or count.inputs >= self.inputs:
            count.seconds = self.before + time.process_time()
            self.told.write_text(json.dumps(asdict(count)), encoding="utf-8")

    def changed(self, data: bytes, largest: int, number: int) -> bytes:
        """Return an input with one change, of the form of what is read."""
        dice = Random(number)  # noqa: S311 - no secret
        name, content = self.part(data) or self.target.part(dice)
        return _input(name, dice.choice(self.target.changes)(content, dice))[:largest]


def _input(name: str, content: bytes) -> bytes:
    return name.encode() + b"\n" + content


def main(name: str, told: Path, seed: int, inputs: int, seconds: int) -> None:
    """Try a reader until there were enough inputs or time is up; add to the count in a file."""
    led = Led(name, told, inputs)
    arguments = [f"-runs={inputs - led.count.inputs}", f"-max_total_time={seconds}", f"-seed={1 + seed % 2**31}",
                 "-max_len=300000", "-timeout=600", "-rss_limit_mb=3000", "-verbosity=0"]  # fmt: skip
    atheris.Setup([sys.argv[0], *arguments, str(led.corpus())], led.read, custom_mutator=led.changed)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *(int(one) for one in sys.argv[3:]))
