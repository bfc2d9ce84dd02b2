"""What a function declares, as a command: the parameters of questions and of other commands, told by `Ask`."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from corridor_net.errors import UnknownName, did_you_mean
from corridor_net.questions import QuestionParameter

LONGEST = 255
"""Bytes of the name of a file or folder, on every usual file system."""


def command(
    name: str, told: str, call: Callable[..., None], parameters: Mapping[str, Iterable[QuestionParameter]]
) -> Any:
    """Return a command that gives each of its parameters to `call` by name; they stand by heading, '' the usual one."""
    taken = [_signature(one, heading) for heading, some in parameters.items() for one in some]

    def run(**given: Any) -> None:
        call(**given)

    run.__signature__ = inspect.Signature(taken)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in taken}
    run.__name__, run.__doc__ = name, told
    alone = typer.Typer(add_completion=False, rich_markup_mode=None)
    alone.command(name)(run)
    return typer.main.get_command(alone)


def path_of(text: str) -> Path:
    """Return the path an option names; an empty one, which would be the working folder, is a usage error."""
    if not str(text).strip():
        raise typer.BadParameter("an empty path; the folder you are in is .")
    if any(len(os.fsencode(part)) > LONGEST for part in Path(text).parts):
        raise typer.BadParameter(f"a name of more than {LONGEST} bytes, which no file can have")
    return Path(text)


def one_of(name: str, choices: tuple[str, ...]) -> Callable[[Any], Any]:
    """Return what refuses a word that is none of the choices, with the nearest of them; capitals may be small."""

    def checked(value: Any) -> Any:
        if value is None:
            return None
        words = [str(word) for word in (value if isinstance(value, list | tuple) else (value,))]
        if choices[0].isupper():
            words = [word.upper() for word in words]
        for word in words:
            if word not in choices:
                told = f"{name}: '{word}' is not one of {', '.join(choices)}"
                raise UnknownName(told, hint=did_you_mean(word, choices))
        return words if isinstance(value, list | tuple) else words[0]

    return checked


def option_of(one: QuestionParameter, heading: str = "") -> Any:
    """Return how a parameter is written on the command line, as typer takes it."""
    extra: dict[str, Any] = {"help": one.ask.help, "metavar": one.ask.metavar or None}
    if heading:
        extra["rich_help_panel"] = heading
    if one.choices:
        called = one.name if one.positional else one.option
        extra.update(metavar="|".join(one.choices), callback=one_of(called, one.choices))
    if one.ask.minimum is not None:
        extra["min"] = one.ask.minimum
    if one.kind is Path:
        extra["parser"] = path_of
    if one.positional:
        return typer.Argument(**extra)
    return typer.Option(one.option, *([one.ask.letter] if one.ask.letter else []), **extra)


def _signature(one: QuestionParameter, heading: str) -> inspect.Parameter:
    kind: Any = str if one.choices else one.kind
    kind = list[kind] if one.many else kind
    if not one.required and (one.default is None or one.many):
        kind = kind | None
    usual = inspect.Parameter.empty if one.required else None if one.many else one.default
    taken = Annotated[kind, option_of(one, heading)]
    return inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=usual, annotation=taken)
