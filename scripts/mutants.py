"""Change one sign of the code at a time and see whether a test fails: `python scripts/mutants.py [--count 60]`.

First the tests (`--tests`; all that are about the parts when left out) are run once and watched, which tells the
tests that run each line; `--map FILE` keeps that. Where FILE is there, only the tests that are given are run, and join
it. Then mutants are drawn evenly from the parts (`--parts`, any folders of the package; `costing`, `scenario`, `graph`
and `analysis` when left out), among lines that some test runs: a comparison turned, an operation exchanged, a number
one more, a condition negated, a check left out; or `--at` names lines, and all their mutants are tried. Tests are
collected once. Each mutant is tried in a child of that process, which puts the code of the one function that it changes
in its place and runs the tests of its line, those about its part first and of these the quickest, to the first that
fails; what runs at import alone is changed in a copy of the package
instead. What survives and stands in `mutants_alike.txt`, with why it changes no answer, is counted by itself. The last
lines are the rates, with the interval of 95 % by Wilson. Needs Python 3.12 (`sys.monitoring`).
"""

from __future__ import annotations

import argparse
import compileall
import gc
import json
import multiprocessing
import os
import pkgutil
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from types import CodeType, FunctionType
from typing import NoReturn

import pytest
from scipy.stats import binomtest

from mutant_changes import PACKAGE, Mutant, Source, alike

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("costing", "scenario", "graph", "analysis")
ALIKE = Path(__file__).with_name("mutants_alike.txt")
MOST_SECONDS = 20.0
"""What the tests of a mutant take undisturbed; more are not run."""
TIMES = 2.0
"""A mutant whose tests use so many times the seconds and half a minute hangs: that is noticed too."""
CONTROL, CANNOT = 20, 70
"""Of so many mutants one is tried with nothing changed first, on so many tests; exit code of what cannot be run."""
PATIENCE = 1200
"""Seconds of the clock after which a mutant that only waits hangs too."""
PLAIN = ("-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts=-m 'not slow'")


class Watch:
    """A plugin of pytest that keeps which test runs each line of the parts, and how long each test takes."""

    def __init__(self, parts: Sequence[str]) -> None:
        self.test = ""
        self.seconds: dict[str, float] = {}
        self.lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.inside = tuple(f"{PACKAGE / part}{os.sep}" for part in parts)
        seen, events = sys.monitoring, sys.monitoring.events
        seen.use_tool_id(seen.COVERAGE_ID, "mutants")
        seen.register_callback(seen.COVERAGE_ID, events.PY_START, self.begun)
        seen.register_callback(seen.COVERAGE_ID, events.LINE, self.reached)
        seen.set_events(seen.COVERAGE_ID, events.PY_START)

    def begun(self, code: CodeType, *_: int) -> object:
        if code.co_filename.startswith(self.inside):
            sys.monitoring.set_local_events(sys.monitoring.COVERAGE_ID, code, sys.monitoring.events.LINE)
        return sys.monitoring.DISABLE

    def reached(self, code: CodeType, line: int) -> object:
        self.lines[Path(code.co_filename).relative_to(PACKAGE).as_posix()][line].add(self.test)
        return sys.monitoring.DISABLE

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.test, self.seconds[nodeid] = nodeid, spent()
        sys.monitoring.restart_events()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self.seconds.pop(report.nodeid, None)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.test = ""
        if nodeid in self.seconds:
            self.seconds[nodeid] = spent() - self.seconds[nodeid]


def spent() -> float:
    """Return the seconds of processor time of this process and its children so far."""
    return sum(os.times()[:4])


def tests_of_lines(names: Sequence[str], parts: Sequence[str]) -> dict[str, object]:
    """Return seconds by test, and by file and line the tests that run it; tests that fail already are left out."""
    watch = Watch(parts)
    pytest.main([*PLAIN, *names], plugins=[watch])
    lines = {
        name: {str(line): sorted(tests & set(watch.seconds)) for line, tests in told.items()}
        for name, told in watch.lines.items()
    }
    return {"asked": list(names), "seconds": watch.seconds, "lines": lines}


def joined(old: dict[str, object], new: dict[str, object]) -> dict[str, object]:
    """Return a map with what was watched again in the place of what it said of these tests."""
    lines: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for told in (old, new):
        for name, numbers in told["lines"].items():
            for line, tests in numbers.items():
                lines[name][line] |= {t for t in tests if told is new or t not in new["seconds"]}
    return {
        "asked": [*dict.fromkeys([*old["asked"], *new["asked"]])],
        "seconds": old["seconds"] | new["seconds"],
        "lines": {name: {line: sorted(tests) for line, tests in told.items()} for name, told in lines.items()},
    }


def mapped(path: Path | None, tests: Sequence[str] | None, parts: Sequence[str]) -> dict[str, object]:
    """Return which tests run each line, watched now or kept in a file; what is watched now is kept there."""
    old = json.loads(path.read_text(encoding="utf-8")) if path and path.exists() else None
    if old and not tests:
        return old
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
        told = other.submit(tests_of_lines, tests or [f"tests/{part}" for part in parts], parts).result()
    told = joined(old, told) if old else told
    if path:
        path.write_text(json.dumps(told), encoding="utf-8")
    return told


def chosen(told: dict[str, object], mutant: Mutant) -> list[str]:
    """Return the tests of a mutant, those about its part first and of these the quickest.

    Where its line runs at import alone they are all that are about its part.
    """
    lines = told["lines"].get(mutant.path, {})
    if str(mutant.line) not in lines:
        return []
    folder = f"tests/{mutant.path.split('/')[0]}/"
    tests = lines[str(mutant.line)] or [test for test in told["seconds"] if test.startswith(folder)]
    kept, total = [], 0.0
    for test in sorted(tests, key=lambda name: (not name.startswith(folder), told["seconds"][name], name)):
        total += told["seconds"][test]
        if kept and total > MOST_SECONDS:
            break
        kept.append(test)
    return kept


def sample(told: dict[str, object], parts: Sequence[str], count: int, seed: int) -> list[tuple[Mutant, list[str]]]:
    """Return mutants with their tests: as many of each part of the package, drawn by itself, one of each in turn."""
    drawn = []
    for number, part in enumerate(parts):
        here = [m for path in sorted((PACKAGE / part).rglob("*.py")) for m in Source(path).mutants()]
        here = [(m, tests) for m in here if (tests := chosen(told, m))]
        share = count // len(parts) + (number < count % len(parts))
        drawn.append(random.Random(f"{part} {seed}").sample(here, min(share, len(here))))  # noqa: S311 - no secret
    return [each for row in zip_longest(*drawn) for each in row if each]


def at(told: dict[str, object], places: Sequence[str]) -> list[tuple[Mutant, list[str]]]:
    """Return every mutant of lines, each written as FILE:LINE, with its tests."""
    paths = sorted({place.split(":")[0] for place in places})
    made = [mutant for path in paths for mutant in Source(PACKAGE / path).mutants()]
    return [(m, tests) for m in made if f"{m.path}:{m.line}" in places and (tests := chosen(told, m))]


def functions(alive: Sequence[object], path: Path, line: int) -> list[FunctionType]:
    """Return the functions whose outermost `def` in a file holds a line, but for its first lines."""
    held = [one for one in alive if isinstance(one, FunctionType) and one.__code__.co_filename == str(path)]
    outer = [one for one in held if not {"<locals>", "<lambda>"} & set(one.__code__.co_qualname.split("."))]
    return [one for one in outer if line in body_of(one.__code__)]


def body_of(code: CodeType) -> set[int]:
    """Return the lines of a function's body, those of what is defined in it too."""
    own = {line for _, _, line in code.co_lines() if line and line > code.co_firstlineno}
    return own.union(*(body_of(one) for one in code.co_consts if isinstance(one, CodeType)))


def code_like(held: CodeType, whole: CodeType) -> CodeType | None:
    """Return the code of the function of the same name and line in a module compiled again."""
    for one in whole.co_consts:
        if isinstance(one, CodeType):
            if (one.co_qualname, one.co_firstlineno) == (held.co_qualname, held.co_firstlineno):
                return one
            found = code_like(held, one)
            if found:
                return found
    return None


def of_package() -> list[object]:
    """Return the functions of the package that are alive, and what is compiled of them.

    What is alive now is no more looked at by the collector, so that children share it.
    """
    from numba.core.registry import CPUDispatcher

    inside, found = f"{PACKAGE}{os.sep}", []
    for one in gc.get_objects():
        function = one.py_func if isinstance(one, CPUDispatcher) else one
        if isinstance(function, FunctionType) and function.__code__.co_filename.startswith(inside):
            found.append(one)
    gc.collect()
    gc.freeze()
    return found


def put(mutant: Mutant, held: Sequence[FunctionType], alive: Sequence[object]) -> None:
    """Put the code of a mutant in the place of that of functions; what is compiled is compiled again."""
    path = PACKAGE / mutant.path
    whole = compile(mutant.written(path.read_bytes()), str(path), "exec")
    for one in held:
        one.__code__ = code_like(one.__code__, whole)
    from numba.core.caching import NullCache

    loops = [one for one in alive if not isinstance(one, FunctionType)]
    if any(loop.py_func in held for loop in loops):
        for loop in loops:
            loop._cache = NullCache()  # noqa: SLF001 - numba has no other way


@dataclass(eq=False)
class Trials:
    """A plugin of pytest that tries mutants in the place of running the tests that were collected."""

    drawn: list[tuple[Mutant, list[str]]]
    seconds: dict[str, float]
    first: int
    scratch: Path
    inside: bool = False
    alive: list[object] = field(default_factory=list)
    outcomes: list[tuple[str, str | None]] = field(default_factory=list)
    """The part of each mutant, and why it changes no answer: None where a test failed, empty where nobody knows."""
    alike: dict[tuple[str, str, str], str] = field(default_factory=lambda: alike(ALIKE))

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        for part in sorted({mutant.path.split("/")[0] for mutant, _ in self.drawn}):
            package = import_module(f"corridor_net.{part}")
            for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
                import_module(found.name)
        items = {item.nodeid: item for item in session.items}
        self.alive = of_package()
        for number, (mutant, names) in enumerate(self.drawn, self.first):
            tests = [items[name] for name in names if name in items]
            if number % CONTROL == 1 and self.noticed(replace(mutant, text=mutant.old), tests[:CONTROL]):
                pytest.exit(f"with nothing changed tests of {mutant.path}:{mutant.line} fail", CANNOT)
            why = None if self.noticed(mutant, tests) else self.alike.get((mutant.path, mutant.change, mutant.code), "")
            self.outcomes.append((mutant.path.split("/")[0], why))
            told = "killed" if why is None else "alike" if why else "SURVIVED"
            print(f"{number:>3} {told:<9}{mutant}", why or "", flush=True)
        return True

    def noticed(self, mutant: Mutant, items: list[pytest.Item]) -> bool:
        """Whether a test fails, or does not end, with a mutant in the place of the code."""
        bound = int(30 + TIMES * sum(self.seconds[item.nodeid] for item in items))
        held = functions(self.alive, PACKAGE / mutant.path, mutant.line)
        if not held:
            return self.noticed_in_a_copy(mutant, [item.nodeid for item in items], bound + 300)
        child = os.fork()
        if child == 0:
            bounded(bound + 300 * mutant.path.startswith("graph/"))
            self.passes(mutant, held, items)
        status = os.waitpid(child, 0)[1]
        if status == CANNOT << 8:
            pytest.exit(f"the tests of {mutant.path}:{mutant.line} cannot be run", CANNOT)
        return status != 0

    def passes(self, mutant: Mutant, held: Sequence[FunctionType], items: list[pytest.Item]) -> NoReturn:
        """Run tests with a mutant in place, and end this process: with 1 at the first that fails, 0 if none does."""
        self.inside, code = True, CANNOT
        for number in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
        try:
            put(mutant, held, self.alive)
            for item, after in zip(items, [*items[1:], None], strict=True):
                item.ihook.pytest_runtest_protocol(item=item, nextitem=after)
            code = 0
        finally:
            os._exit(code)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if self.inside and report.failed:
            os._exit(1)

    def noticed_in_a_copy(self, mutant: Mutant, tests: list[str], bound: int) -> bool:
        source = self.scratch / "src"
        if not source.exists():
            copied(source)
        path = source / "corridor_net" / mutant.path
        whole, was = path.read_bytes(), path.stat()
        path.write_bytes(mutant.written(whole))
        caches = {"NUMBA_CACHE_DIR": str(self.scratch / "compiled")} if mutant.path.startswith("graph/") else {}
        done = subprocess.run(
            [sys.executable, "-B", "-m", "pytest", *PLAIN, "-x", *tests], cwd=ROOT, check=False, capture_output=True,
            env=os.environ | caches | {"PYTHONPATH": str(source)}, preexec_fn=lambda: bounded(bound),
        )  # fmt: skip
        path.write_bytes(whole)
        os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))  # what is compiled of it holds again
        shutil.rmtree(self.scratch / "compiled", ignore_errors=True)
        return done.returncode != 0


def bounded(seconds: int) -> None:
    """End this process after so many seconds of its processor time, or where it only waits."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    signal.alarm(PATIENCE)


def copied(source: Path) -> None:
    """Write the package to a folder where it may be changed, beside its data."""
    shutil.copytree(PACKAGE, source / "corridor_net", ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(source, quiet=2)
    for name in ("geodata", "scenarios", "tests", "docs", "scripts", "pyproject.toml", "README.md"):
        (source.parent / name).symlink_to(ROOT / name)


def rate(name: str, outcomes: Sequence[str | None]) -> str:
    """Return how many of some mutants were noticed, with the interval that is meant to hold the true share.

    Those that change no answer are counted by themselves: of the others as many are killed as is said.
    """
    killed, same = outcomes.count(None), sum(map(bool, outcomes))
    tried = max(len(outcomes) - same, 1)
    held = binomtest(killed, tried).proportion_ci(method="wilson")
    share = f"{killed} killed of {tried}: {killed / tried:.0%} ({held.low:.0%} to {held.high:.0%})"
    return f"{name}: {len(outcomes)} mutants, {same} of them change no answer; {share}"


def main() -> None:
    """Draw mutants and try them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=1, help="number of the mutant to begin with, to go on with a run")
    parser.add_argument("--at", nargs="+", help="lines whose mutants are tried, as graph/beside/timetable.py:337")
    parser.add_argument("--parts", nargs="+", default=PARTS, help="packages of the package")
    parser.add_argument("--tests", nargs="+", help="files of tests")
    parser.add_argument("--map", type=Path, help="file that keeps which tests run each line")
    given = parser.parse_args()
    told = mapped(given.map, given.tests, given.parts)
    drawn = at(told, given.at) if given.at else sample(told, given.parts, given.count, given.seed)[given.first - 1 :]
    files = sorted({test.split("::")[0] for _, tests in drawn for test in tests})
    with tempfile.TemporaryDirectory() as name:
        trials = Trials(drawn=drawn, seconds=told["seconds"], first=given.first, scratch=Path(name))
        if drawn:
            pytest.main([*PLAIN, "-s", f"--basetemp={name}/passing", *files], plugins=[trials])
    for part in sorted({part for part, _ in trials.outcomes}):
        print(rate(part, [why for where, why in trials.outcomes if where == part]))
    if trials.outcomes:
        print(rate("all", [why for _, why in trials.outcomes]), f"seed {given.seed}", sep="; ")


if __name__ == "__main__":
    main()
