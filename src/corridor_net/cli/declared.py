"""What a function declares, as a command: the parameters of questions and of other commands, told by `Ask`."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from corridor_net.cli.in_words import Context
from corridor_net.errors import UnknownName, did_you_mean
from corridor_net.questions import QuestionParameter

LONGEST = 255
"""Bytes of the name of a file or folder, on every usual file system."""
WRITTEN = (".csv", ".docx", ".geojson", ".gpkg", ".html", ".json", ".pdf", ".png", ".svg", ".xlsx", ".yaml", ".zip")
"""How names of files end that somebody may want, where a folder of them is written."""


class _Grouped(TyperCommand):
    """A command whose help has its options under their headings."""

    context_class = Context

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take what was typed; what is left over stays in the context, word by word, for who tells of it."""
        ctx.allow_extra_args = True
        left: list[str] = super().parse_args(ctx, args)
        if left and not ctx.resilient_parsing:
            ctx.fail(f"Got unexpected extra argument(s) '{' '.join(left)}'")
        return left

    def format_options(self, ctx: Any, formatter: Any) -> None:
        groups: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        for one in self.get_params(ctx):
            heading = "Arguments" if one.param_type_name == "argument" else getattr(one, "rich_help_panel", None)
            told = one.get_help_record(ctx)
            groups.setdefault(heading or "Options", []).extend([told] if told else [])
        write_groups(formatter, groups)


def write_groups(formatter: Any, groups: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """Write rows of the help under their headings; those without rows are left out."""
    for heading, rows in groups.items():
        if rows:
            with formatter.section(heading):
                formatter.write_dl(rows)


def command(
    name: str, told: str, call: Callable[..., None], parameters: Mapping[str, Iterable[QuestionParameter]]
) -> Any:
    """Return a command that gives each of its parameters to `call` by name; they stand by heading, '' the usual one."""
    taken = [_signature(one, heading) for heading, some in parameters.items() for one in some]

    call.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
    call.__annotations__ = {one.name: one.annotation for one in taken}
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name, cls=_Grouped, help=told)(call)
    return typer.main.get_command(alone)


def path_of(text: str) -> Path:
    """Return the path an option names; an empty one, which would be the working folder, is a usage error."""
    if not str(text).strip():
        raise typer.BadParameter("an empty path; the folder you are in is .")
    if any(len(os.fsencode(part)) > LONGEST for part in Path(text).parts):
        raise typer.BadParameter(f"a name of more than {LONGEST} bytes, which no file can have")
    return Path(text)


def folder_of(text: str) -> Path:
    """Return the folder an option names; a new one that is called like a file of ours is a usage error."""
    folder = path_of(text)
    if folder.suffix.lower() in WRITTEN and not folder.is_dir():
        raise typer.BadParameter(f"'{text}' is called like a file, and a folder is asked for")
    return folder


def number_of(one: QuestionParameter) -> Callable[[Any], Any]:
    """Return what reads a number of a parameter, as the library does but for `1_0`, which it would take for 10."""

    def read(text: Any) -> Any:
        from pydantic import Field, TypeAdapter, ValidationError

        bound = Field(ge=one.ask.minimum) if one.ask.minimum is not None else Field()
        adapter: Any = TypeAdapter(Annotated[one.kind, bound])  # type: ignore[arg-type]  # a kind known when it runs
        try:
            return adapter.validate_python(str(text).replace("_", "?"))
        except ValidationError as error:
            raise typer.BadParameter(error.errors()[0]["msg"]) from None

    return read


def one_of(name: str, choices: tuple[str, ...]) -> Callable[[Any], Any]:
    """Return what refuses a word that is none of the choices, with the nearest of them; capitals may be small."""

    def checked(value: str | None) -> str | None:
        word = value.upper() if value and choices[0].isupper() else value
        if word is not None and word not in choices:
            raise UnknownName(f"{name}: '{word}' is not one of {', '.join(choices)}", hint=did_you_mean(word, choices))
        return word

    return checked


def option_of(one: QuestionParameter, heading: str = "") -> Any:
    """Return how a parameter is written on the command line, as typer takes it."""
    called = one.name if one.positional else one.option
    told: dict[str, Any] = {
        "help": one.ask.help,
        "metavar": "|".join(one.choices) or one.ask.metavar or None,
        "callback": one_of(called, one.choices) if one.choices else None,
        "min": one.ask.minimum,
        "parser": _parser(one),
        "rich_help_panel": heading or None,
    }
    if one.positional:
        return typer.Argument(**told)
    return typer.Option(*filter(None, (called, one.ask.letter)), **told)


def _parser(one: QuestionParameter) -> Callable[[Any], Any] | None:
    if one.kind is Path:
        return folder_of if one.ask.metavar == "DIR" else path_of
    return number_of(one) if one.kind in (int, float) else None


def _signature(one: QuestionParameter, heading: str) -> inspect.Parameter:
    kind: Any = str if one.choices else one.kind
    kind = list[kind] if one.many else kind
    if not one.required and (one.default is None or one.many):
        kind = kind | None
    usual = inspect.Parameter.empty if one.required else None if one.many else one.default
    taken = Annotated[kind, option_of(one, heading)]
    return inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=usual, annotation=taken)
