"""Help and errors of usage in the reader's language."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import typer

from corridor_net.cli.options import reader
from corridor_net.errors import printable
from corridor_net.languages.errors import translated
from corridor_net.render.console import columns, wrapped
from corridor_net.render.words import Sentence, Words, say

USAGE_ERROR: Any = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "UsageError")
"""What the library of the command line raises for what was typed: it is the base of the one that it exports."""
REMARK = re.compile(r"^(.*?)(?:  \[([^\]]*)\])?$", re.DOTALL)
"""The help of an option, and what the library says behind it: its default, its bounds, that it is required."""
ARGUMENTS = ("[OPTIONS]", "COMMAND [ARGS]...")
KIND = re.compile(r" <[\w\[\]]+>")
"""What the library says of the kind of an argument, in words of Python."""
WIDEST = 30
"""Columns that the names of options and commands have at the most."""


def tell_usage_error(error: Any) -> None:
    """Tell what is wrong with the line that was typed; a line without a command gets the help."""
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        return
    known, usage, hint, mistake = reader(), "", "", error.format_message()
    if error.ctx:
        help_at = translated(f"Try '{error.ctx.command_path} --help' for help.", known)
        usage = f"{error.ctx.get_usage()}\n{help_at}\n\n"
        options = {name for one in error.ctx.command.params for name in one.opts}
        if error.ctx.args and {"--from", "--to"} <= options:
            hint = f"\n  = {known.label('name places with --from and --to')}{known.label('; ')}"
            hint += known.text(_one_pair(error.ctx.args))
    print(f"{usage}{known.label('Error: ')}{printable(translated(mistake, known))}{hint}", file=sys.stderr)


def _one_pair(typed: Sequence[str]) -> Sentence | str:
    """Return the line that asks of one pair: of the two places that were typed, so that it can be copied."""
    if len(typed) != 2:
        return "of one pair, leg by leg: corridor-net route FROM TO"
    return say("of one pair, leg by leg: corridor-net route {pair}", pair=shlex.join(typed))


HELP: Any = typer.Context.formatter_class


class _Formatter(HELP):  # type: ignore[misc]
    """What writes help, in words of the reader; wide signs take two columns."""

    @cached_property
    def words(self) -> Words:
        return reader()

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:  # noqa: ARG002
        args = KIND.sub("", args)
        for one in ARGUMENTS:
            args = args.replace(one, self.words.label(one))
        self._lines(f"{self.words.label('Usage: ')}{prog} {args}", 0)

    def write_heading(self, heading: str) -> None:
        self.write(f"{self.words.label(heading)}{self.words.label(':')}\n")

    def write_text(self, text: str) -> None:
        for number, part in enumerate(text.split("\n\n")):
            self.write("\n" if number else "")
            self._lines(self.words.label(" ".join(part.split())), self.current_indent)

    def write_dl(self, rows: Sequence[tuple[str, str]], *_: Any, **__: Any) -> None:
        rows = [(KIND.sub("", name), text) for name, text in rows]
        size = min(max((columns(name) for name, _ in rows), default=0), WIDEST) + self.current_indent
        for name, text in rows:
            found = REMARK.match(" ".join(text.split(" ")))
            said, remark = found.groups() if found else (text, None)
            remarks = "; ".join(translated(part, self.words) for part in (remark or "").split("; "))
            shown = self.words.label(said) + (f"  [{remarks}]" if remark else "")
            head = " " * self.current_indent + name
            lines = wrapped(shown, max(self.width - size - 2, 10))
            beside = columns(head) <= size
            self.write(head + (" " * (size + 2 - columns(head)) + lines.pop(0).rstrip() if beside else "") + "\n")
            for line in lines:
                self.write((" " * (size + 2) + line).rstrip() + "\n")

    def _lines(self, text: str, indent: int) -> None:
        for line in wrapped(text, self.width - indent):
            self.write(" " * indent + line + "\n")


class Context(typer.Context):
    """What a command is run in."""

    formatter_class = _Formatter
