"""The mutants of a file of the package: one sign of its code changed at a time."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "corridor_net"
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
    code: str
    """The line of code that it begins in."""

    def written(self, whole: bytes) -> bytes:
        """Return the text of the file with the mutant in it."""
        return whole[: self.start] + self.text.encode() + whole[self.end :]

    @property
    def change(self) -> str:
        return f"{' '.join(self.old.split())[:50]} -> {' '.join(self.text.split())[:60]}"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}  {self.change}"


def alike(path: Path) -> dict[tuple[str, str, str], str]:
    """Return why some mutants change no answer, by file, change and line of code: each stands in a line of `path`."""
    lines = [line.split(" | ") for line in path.read_text(encoding="utf-8").splitlines() if " | " in line]
    return {(file, change, code): why for file, change, code, why in lines}


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
        code = self.raw[self.starts[node.lineno - 1] : self.starts[node.lineno]].decode().strip()
        return Mutant(path=self.name, line=node.lineno, start=begin, end=end, text=text, old=old, code=code)


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
