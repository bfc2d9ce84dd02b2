"""The command `corridor-net`: reads arguments, calls the package, shows progress. No rule of the model."""

from __future__ import annotations

import errno
import io
import itertools
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from corridor_net import __version__, questions
from corridor_net.cli.declared import command, option_of, write_groups
from corridor_net.cli.in_words import USAGE_ERROR, Context, tell_usage_error
from corridor_net.cli.options import LANG, reader, tell_aside
from corridor_net.errors import STOPPED, CorridorError, printable
from corridor_net.languages.errors import in_words
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

    context_class = Context

    def main(self, *args: Any, **given: Any) -> Any:
        try:
            code = super().main(*args, **{**given, "standalone_mode": False})
        except USAGE_ERROR as error:
            tell_usage_error(error)
            sys.exit(error.exit_code)
        if code == STOPPED:  # wherever it was: a stop while arguments are read never gets to `invoke`
            tell_aside("", "stopped; nothing was left half-written")
        sys.exit(code if isinstance(code, int) else 0)

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return [*OWN, *questions.commands()]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        if cmd_name in OWN:
            return _own_command(cmd_name)
        if cmd_name not in questions.commands():
            return None
        from corridor_net.cli.ask import command_of

        return command_of(questions.question(questions.commands()[cmd_name]), cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            from corridor_net.cli.kindred import meant

            ctx.fail(f"No such command '{args[0]}'. {meant(args[0], self.list_commands(ctx))}".rstrip())
        return super().resolve_command(ctx, args)

    def parse_args(self, ctx: Any, args: list[str]) -> Any:
        # an option with nothing in it: a variable of the shell that is not set is no default, and no folder
        joined = (one.split("=", 1) for one in args if one.startswith("--") and "=" in one)
        for option, value in (*itertools.pairwise(args), *joined):
            if option.startswith("-") and not value and option != "--title":
                ctx.fail(f"'{option}' is given an empty path or text: leave it out, or say what is meant.")
        return super().parse_args(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        groups: dict[str, list[tuple[str, str]]] = {name: [] for name in questions.GROUPS}
        for name in questions.names():
            group, help_text = questions.short(name)
            groups.setdefault(group, []).append((questions.command_of(name), help_text))
        for name, path in OWN.items():
            told = path.read_text(encoding="utf-8").splitlines()[0].strip('"')
            groups.setdefault("Other commands", []).append((name, told))
        write_groups(formatter, groups)

    def invoke(self, ctx: Any) -> Any:
        try:
            answer = super().invoke(ctx)
            sys.stdout.flush()
            return answer
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(0) from None


def _own_command(called: str) -> Any:
    """Return the command of this name that is no question."""
    module = import_module(f"corridor_net.cli.commands.{OWN[called].stem}")
    taken = (*questions.declared(module.run), *getattr(module, "MORE", ()))

    def call(**given: Any) -> None:
        args, named = placed(taken, given)
        module.run(*args, **named)

    lang = () if any(one.name == LANG.name for one in taken) else (LANG,)
    return command(called, module.__doc__ or "", call, {"": (*taken, *lang)})


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
        print(f"corridor-net {__version__}")
        raise typer.Exit


@app.callback()
def spoken(
    lang: Annotated[str | None, option_of(LANG)] = None,
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
        asked = getattr(error, "network", None)
        tell_aside("error: ", printable(str(in_words(error, reader(*[asked] if asked else []))), lines=True))
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
    for name in ("stderr", "stdout"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for as long as we live
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if closed:
        tell_aside("note: ", "standard output is closed; nothing is printed")


if __name__ == "__main__":
    main()
