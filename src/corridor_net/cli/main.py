"""The command `corridor-net`: reads arguments, calls the package, shows progress. No rule of the model."""

from __future__ import annotations

import copy
import errno
import inspect
import io
import itertools
import os
import sys
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from corridor_net import questions
from corridor_net.cli.declared import command, option_of
from corridor_net.cli.options import LANG, reader, tell_aside
from corridor_net.errors import CorridorError, did_you_mean, printable
from corridor_net.languages import language_asked
from corridor_net.programs.shapes import placed

OWN = {
    path.stem.strip("_").replace("_", "-"): path
    for path in sorted(Path(__file__).with_name("commands").glob("[!_]*.py"))
}
"""The files of the commands that are no questions, by name."""


class _Commands(TyperGroup):
    """Commands as they are asked for: a question is read when it is called, and told from its file in the list.

    Ends kindly when the user stops the command, and when nobody reads its output any more.
    """

    may_be_empty = ("--title",)

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.language = language_asked(sys.argv)
        if self.language != "en":
            from corridor_net.cli.in_words import context_in

            self.context_class = context_in(self.language, self.context_class)

    def main(self, *args: Any, **given: Any) -> Any:
        if self.language == "en":
            return super().main(*args, **given)
        from corridor_net.cli.in_words import run

        return run(partial(super().main, *args, **{**given, "standalone_mode": False}), self.language)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return [*OWN, *questions.commands()]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        found = _command_of(cmd_name)
        if found is not None:
            found.context_class = self.context_class
            if not any(one.name == "lang" for one in found.params):
                found.params += [_unexposed(one) for one in self.params if one.name == "lang"]
        return found

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            ctx.fail(f"No such command '{args[0]}'. {did_you_mean(args[0], self.list_commands(ctx)) or ''}".rstrip())
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        for before, given in itertools.pairwise(["", *args]):
            name, sign, value = given.partition("=")
            if given == "" and before.startswith("-"):
                _refuse_empty(ctx, before)
            if name.startswith("--") and sign and not value:
                _refuse_empty(ctx, name)
        rest: list[str] = super().parse_args(ctx, args)
        return rest

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        groups: dict[str, list[tuple[str, str]]] = {name: [] for name in questions.GROUPS}
        for name in questions.names():
            group, help_text = questions.short(name)
            groups.setdefault(group, []).append((questions.command_of(name), help_text))
        for name, path in OWN.items():
            told = path.read_text(encoding="utf-8").splitlines()[0].strip('"')
            groups.setdefault("Other commands", []).append((name, told))
        for group, rows in groups.items():
            if rows:
                with formatter.section(group):
                    formatter.write_dl(rows)

    def invoke(self, ctx: Any) -> Any:
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()
            return answer
        except KeyboardInterrupt:
            tell_aside("", "stopped; nothing was left half-written")
            raise typer.Exit(130) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None


def _unexposed(parameter: Any) -> Any:
    """Return a parameter that its command takes and does not hear of."""
    found = copy.copy(parameter)
    found.expose_value = False
    return found


def _command_of(called: str) -> Any:
    """Return the command of this name; None where there is none."""
    if called in questions.commands():
        from corridor_net.cli.ask import command_of

        return command_of(questions.question(questions.commands()[called]), called)
    if called not in OWN:
        return None
    module = import_module(f"corridor_net.cli.commands.{OWN[called].stem}")
    taken = (*questions.declared(module.run), *getattr(module, "MORE", ()))

    def call(**given: Any) -> None:
        args, named = placed(taken, given)
        module.run(*args, **named)

    return command(called, inspect.getdoc(module.run) or "", call, {"": taken})


def _refuse_empty(ctx: Any, option: str) -> None:
    """Refuse an option with nothing in it: a variable of the shell that is not set is no default, and no folder."""
    if option not in ctx.command.may_be_empty:
        ctx.fail(f"'{option}' is given an empty path or text: leave it out, or say what is meant.")


app = typer.Typer(
    name="corridor-net",
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="What it costs, how long it takes and how sure we are to move cargo, and what an upgrade would change.",
)


def _tell_version(asked: bool) -> None:
    if asked:
        from corridor_net import __version__

        print(f"corridor-net {__version__}")
        raise typer.Exit


@app.callback()
def spoken(
    lang: Annotated[str | None, option_of(LANG, "Output")] = None,
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_tell_version, help="Tell the version, and stop.")
    ] = False,
) -> None:
    """Take the language for every command."""


THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Read when numpy is loaded: how many multiply matrices. Ours are small, and several wait longer than they work."""
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What writing says where there is no room, or the medium fails."""


def main() -> None:
    """Run the command; every expected error ends in one message and its exit code."""
    _open_streams()
    for name in THREADS:
        os.environ.setdefault(name, "1")
    try:
        app()
    except CorridorError as error:
        from corridor_net.languages.errors import in_words

        tell_aside("error: ", printable(str(in_words(error, reader())), lines=True))
        sys.exit(error.exit_code)
    except OSError as error:
        if error.errno not in NO_ROOM or error.filename is not None:
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # what is still to be written is given up
        tell_aside("error: ", f"the answer cannot be written to standard output: {error.strerror}")
        sys.exit(2)


def _open_streams() -> None:
    """Give a stream that is closed a place to go, and let one that lacks a sign show another."""
    closed = sys.stdout is None
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as we live
    if closed:
        sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for as long as we live
        tell_aside("note: ", "standard output is closed; nothing is printed")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


if __name__ == "__main__":
    main()
