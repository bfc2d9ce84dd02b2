"""Change one sign of the code at a time and see whether a test fails: `python scripts/mutants.py [--count 60]`.

First the tests (`--tests`; all that are about these parts when left out) are run once under `coverage`, which tells the
tests that run each line; `--map FILE` keeps that, and is read where it is there. Then mutants are drawn evenly from
`costing`, `scenario`, `graph` and `analysis`, among lines that some test runs: a comparison turned, an operation
exchanged, a number one more, a condition negated, a check left out. Each is tried in a copy of the package on the tests
that run its line, the quickest first. The last line is the rate. Needs coverage (extra test).
"""

from __future__ import annotations

import argparse
import ast
import compileall
import importlib
import json
import multiprocessing
import os
import random
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "corridor_net"
PARTS = ("costing", "scenario", "graph", "analysis")
TESTS = ("tests/costing", "tests/scenario", "tests/graph", "tests/analysis")
MOST_TESTS, MOST_SECONDS = 60, 30.0
"""Of a mutant: tests that are run, and what they take undisturbed."""
TIMES = 2.0
"""A mutant whose tests use so many times the seconds and half a minute hangs: that is noticed too."""
LOADED = ("pytest", "hypothesis", "numpy", "pandas", "scipy.stats", "shapely", "geopandas", "pyogrio", "pydantic",
          "networkx", "jsonschema", "ruamel.yaml", "typer.testing", "openpyxl", "starlette.testclient")  # fmt: skip
TURNED = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==", ast.In: "not in",
          ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is"}  # fmt: skip
EXCHANGED = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*", ast.FloorDiv: "/", ast.Mod: "*", ast.BitAnd: "|",
             ast.BitOr: "&", ast.Pow: "*"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A file of the package with a part of it written otherwise."""

    path: str
    line: int
    start: int
    end: int
    text: str
    old: str


class Source:
    """A file of the package, and its mutants."""

    def __init__(self, path: Path) -> None:
        self.name = path.relative_to(PACKAGE).as_posix()
        self.raw = path.read_bytes()
        self.starts = [0]
        for line in self.raw.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))

    def mutants(self) -> Iterator[Mutant]:
        """Yield every mutant."""
        for node in code_of(ast.parse(self.raw)):
            made = self._of_operation(node) or self._of_value(node) or self._of_statement(node)
            if made is not None:
                yield made

    def _of_operation(self, node: ast.AST) -> Mutant | None:
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in TURNED:
            return self._between(node, node.left, node.comparators[0], TURNED[type(node.ops[0])])
        if isinstance(node, ast.BinOp) and type(node.op) in EXCHANGED:
            return self._between(node, node.left, node.right, EXCHANGED[type(node.op)])
        if isinstance(node, ast.BoolOp) and len(node.values) == 2:
            return self._between(node, *node.values, "or" if isinstance(node.op, ast.And) else "and")
        return None

    def _of_value(self, node: ast.AST) -> Mutant | None:
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return self._whole(node, repr(not node.value))
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            return self._whole(node, repr(node.value + 1))
        return None

    def _of_statement(self, node: ast.AST) -> Mutant | None:
        if isinstance(node, (ast.If, ast.IfExp, ast.While)):
            begin, end = self._span(node.test)
            return self._made(node.test, begin, end, f"(not ({self.raw[begin:end].decode()}))")
        if isinstance(node, ast.Raise) and node.exc is not None:
            return self._whole(node, "pass")
        return None

    def _span(self, node: ast.AST) -> tuple[int, int]:
        return self.starts[node.lineno - 1] + node.col_offset, self.starts[node.end_lineno - 1] + node.end_col_offset

    def _whole(self, node: ast.AST, text: str) -> Mutant:
        return self._made(node, *self._span(node), text)

    def _between(self, node: ast.AST, left: ast.AST, right: ast.AST, text: str) -> Mutant:
        """Return the node with what stands between two parts of it exchanged, brackets kept."""
        begin, end = self._span(left)[1], self._span(right)[0]
        held = self.raw[begin:end]
        return self._made(node, begin, end, f"{')' * held.count(b')')} {text} {'(' * held.count(b'(')}")

    def _made(self, node: ast.AST, begin: int, end: int, text: str) -> Mutant:
        old = self.raw[begin:end].decode()
        return Mutant(path=self.name, line=node.lineno, start=begin, end=end, text=text, old=old)


def code_of(node: ast.AST) -> Iterator[ast.AST]:
    """Yield every node of what runs: no types, no texts put together, no imports for types alone."""
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "bases", "keywords_of_class"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, (ast.JoinedStr, ast.Slice)):
                continue
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                continue
            if isinstance(child, ast.Assign) and "Literal" in ast.dump(child.value):
                continue
            yield child
            yield from code_of(child)


class Watch:
    """A plugin of pytest that tells coverage which test runs, and keeps how long each takes."""

    def __init__(self, cover: object) -> None:
        self.cover = cover
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.cover.switch_context(nodeid)
        self.seconds[nodeid] = time.process_time()

    def pytest_runtest_logreport(self, report: object) -> None:
        if report.when == "call" and not report.passed:
            self.seconds.pop(report.nodeid, None)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        self.cover.switch_context("")
        if nodeid in self.seconds:
            self.seconds[nodeid] = time.process_time() - self.seconds[nodeid]


def tests_of_lines(names: Sequence[str]) -> dict[str, object]:
    """Return seconds by test, and by file and line the tests that run it; tests that fail already are left out."""
    import coverage
    import pytest

    cover = coverage.Coverage(data_file=None, include=[f"{PACKAGE}/{part}/*" for part in PARTS])
    watch = Watch(cover)
    cover.start()
    pytest.main(["-n", "0", "-q", "-p", "no:cacheprovider", *names], plugins=[watch])
    cover.stop()
    data, lines = cover.get_data(), {}
    for name in data.measured_files():
        told = data.contexts_by_lineno(name)
        lines[Path(name).relative_to(PACKAGE).as_posix()] = {
            str(line): sorted(set(tests) & set(watch.seconds)) for line, tests in told.items()
        }
    return {"seconds": watch.seconds, "lines": lines}


def chosen(told: dict[str, object], mutant: Mutant) -> list[str]:
    """Return the tests of a mutant, the quickest first; those of the whole file where its line runs at import alone."""
    lines = told["lines"].get(mutant.path, {})
    if str(mutant.line) not in lines:
        return []
    tests = lines[str(mutant.line)] or sorted({test for named in lines.values() for test in named})
    kept, total = [], 0.0
    for test in sorted(tests, key=lambda name: (told["seconds"][name], name)):
        total += told["seconds"][test]
        if len(kept) == MOST_TESTS or (kept and total > MOST_SECONDS):
            break
        kept.append(test)
    return kept


def sample(told: dict[str, object], parts: Sequence[str], count: int, seed: int) -> list[tuple[Mutant, list[str]]]:
    """Return mutants with their tests, as many of each part of the package."""
    dice, drawn = random.Random(seed), []  # noqa: S311 - no secret
    for number, part in enumerate(parts):
        here = [m for path in sorted((PACKAGE / part).rglob("*.py")) for m in Source(path).mutants()]
        here = [(m, tests) for m in here if (tests := chosen(told, m))]
        share = count // len(parts) + (number < count % len(parts))
        drawn += dice.sample(here, min(share, len(here)))
    dice.shuffle(drawn)
    return drawn


def copied(folder: Path) -> Path:
    """Return the package in a copy that may be changed, beside its data."""
    shutil.copytree(PACKAGE, folder / "src" / "corridor_net", ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(folder / "src", quiet=2)
    for name in ("geodata", "scenarios", "tests", "docs", "scripts", "pyproject.toml", "README.md"):
        (folder / name).symlink_to(ROOT / name)
    return folder / "src"


def noticed(mutant: Mutant, tests: list[str], seconds: float, source: Path) -> bool:
    """Whether a test fails, or does not end, with a mutant in the place of the code."""
    path = source / "corridor_net" / mutant.path
    whole, at = path.read_bytes(), path.stat()
    path.write_bytes(whole[: mutant.start] + mutant.text.encode() + whole[mutant.end :])
    try:
        code = ended(source, tests, 30 + TIMES * seconds)
        if code == 0 and mutant.path.startswith("graph/"):  # what was compiled before may still be in use
            code = ended(source, tests, 300 + TIMES * seconds, NUMBA_CACHE_DIR=tempfile.mkdtemp(dir=source.parent))
    finally:
        path.write_bytes(whole)
        os.utime(path, ns=(at.st_atime_ns, at.st_mtime_ns))  # what is compiled of it holds again
    if code not in (None, 0, 1, 2, 3):
        sys.exit(f"the tests of {mutant.path}:{mutant.line} cannot be run: exit code {code}")
    return code != 0


def ended(source: Path, tests: list[str], seconds: float, **variables: str) -> int | None:
    """Run tests on a copy of the package in a child; return the exit code of pytest, None where it does not end."""
    child = os.fork()  # the parent has loaded what others wrote, and nothing of the package
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 5))
        os.chdir(ROOT)
        for number in (1, 2):
            os.dup2(os.open(os.devnull, os.O_WRONLY), number)
        sys.path.insert(0, str(source))
        sys.dont_write_bytecode = True
        os.environ.update(variables, PYTHONPATH=str(source), PYTHONDONTWRITEBYTECODE="1",
                          PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")  # fmt: skip
        quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]  # of modules that the parent has loaded
        code = 70
        try:
            given = ["-o", "addopts=", "-x", "-q", "-p", "no:cacheprovider", *quiet, *tests]
            code = int(importlib.import_module("pytest").main(given))
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else None


def main() -> None:
    """Draw mutants and try them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=1, help="number of the mutant to begin with, to go on with a run")
    parser.add_argument("--parts", nargs="+", default=PARTS, help=f"of the package: {', '.join(PARTS)}")
    parser.add_argument("--tests", nargs="+", help="files of tests")
    parser.add_argument("--map", type=Path, help="file that keeps which tests run each line")
    given = parser.parse_args()
    if given.map and given.map.exists():
        told = json.loads(given.map.read_text(encoding="utf-8"))
    else:
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
            told = other.submit(tests_of_lines, given.tests or TESTS).result()
        if given.map:
            given.map.write_text(json.dumps(told), encoding="utf-8")
    for name in LOADED:
        importlib.import_module(name)
    drawn, survived = sample(told, given.parts, given.count, given.seed)[given.first - 1 :], 0
    with tempfile.TemporaryDirectory() as name:
        source = copied(Path(name))
        for number, (mutant, tests) in enumerate(drawn, given.first):
            found = noticed(mutant, tests, sum(told["seconds"][test] for test in tests), source)
            survived += not found
            word = "killed" if found else "SURVIVED"
            old = " ".join(mutant.old.split())[:50]
            print(f"{number:>3} {word:<9}{mutant.path}:{mutant.line}  {old} -> {mutant.text[:60]}", flush=True)
    killed = len(drawn) - survived
    print(f"{len(drawn)} mutants, {killed} killed: {killed / max(len(drawn), 1):.0%}; seed {given.seed}")


if __name__ == "__main__":
    main()
