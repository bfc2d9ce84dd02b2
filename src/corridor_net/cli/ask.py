"""Every question as a command: its parameters, the options that all share, one loader, one way out."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor_net.cli.document import asked_for, line, write
from corridor_net.cli.options import LANGUAGE, load_model, one_of, path_of, tell_aside
from corridor_net.errors import printable
from corridor_net.languages import CURRENCIES, language_of_system
from corridor_net.questions import Progress, Question, QuestionParameter, networks_of
from corridor_net.questions._shared import shared_of

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.render.words import Sentence, Words
    from corridor_net.results import Result

NETWORK, OUTPUT = "Network", "Output"
FACES: dict[str, tuple[Any, Any]] = {
    "geodata": (
        Path | None,
        typer.Option(
            "--geodata",
            metavar="DIR",
            help="Data package in place of the shipped one.",
            parser=path_of,
            rich_help_panel=NETWORK,
        ),
    ),
    "out": (
        Path | None,
        typer.Option(
            "--out", metavar="DIR", help="Folder for charts and layers.", parser=path_of, rich_help_panel=OUTPUT
        ),
    ),
    "docx": (
        Path | None,
        typer.Option(
            "--docx",
            metavar="FILE",
            help="The answer as a Word file (extra documents).",
            parser=path_of,
            rich_help_panel=OUTPUT,
        ),
    ),
    "pdf": (
        Path | None,
        typer.Option(
            "--pdf", metavar="FILE", help="The answer as PDF (extra documents).", parser=path_of, rich_help_panel=OUTPUT
        ),
    ),
    "lang": (str | None, LANGUAGE),
    "currency": (
        str,
        typer.Option(
            "--currency",
            metavar="|".join(CURRENCIES),
            callback=lambda value: one_of("currency", CURRENCIES)(value.upper()),
            help="What money of the page is shown in; JSON and files stay in USD.",
            rich_help_panel=OUTPUT,
        ),
    ),
    "json": (bool, typer.Option("--json", help="JSON on standard output.", rich_help_panel=OUTPUT)),
    "plain": (bool, typer.Option("--plain", help="No lines and no styles.", rich_help_panel=OUTPUT)),
}
DEFAULTS: dict[str, Any] = {"currency": "USD", "json": False, "plain": False}


def command_of(question: Question) -> Callable[..., None]:
    """Return a question as a function that typer makes a command of."""
    own = {one.name: one for one in (*question.parameters, *question.saving_parameters)}

    def command(**given: Any) -> None:
        from corridor_net.model import OPTIONS

        # what a question asks itself, such as a day beyond the data or a page to renew, is not shared
        shared = {name: value for name, value in given.items() if name not in own}
        model = load_model(*(shared.get(name) for name in ("geodata", "as_of", "scenario")))
        args = [value for one in question.parameters if one.positional for value in _placed(one, given[one.name])]
        named = {one.name: _value(one, given[one.name]) for one in question.parameters if not one.positional}
        options = {name: shared[name] for name in OPTIONS if name in shared}
        answer(model.with_options(**options), question, args, named, given)

    kinds: dict[str, Any] = {}
    parameters = []
    for one in (*own.values(), *shared_of(question)):
        kinds[one.name] = _annotation(one, "" if one.name in own else NETWORK)
        parameters.append(
            _signature(one.name, kinds[one.name], one.default if not one.many else None, required=one.required)
        )
    written = {one.option for one in own.values() if not one.positional}
    for name, (kind, option) in FACES.items():
        if name not in question.without and f"--{name}" not in written:
            kinds[name] = Annotated[kind, option]
            parameters.append(_signature(name, kinds[name], DEFAULTS.get(name)))
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = kinds
    command.__name__ = question.name
    command.__doc__ = question.help.split("\n\n")[0]
    return command


def answer(model: Model, question: Question, args: list[Any], named: dict[str, Any], given: dict[str, Any]) -> None:
    """Ask, and show the answer as JSON or as a page; write its files where a folder is named.

    What a question writes of itself is checked before anything is computed.
    """
    from corridor_net.render.page import page
    from corridor_net.render.projected import projection_json, with_projection

    language = given.get("lang") or language_of_system()
    documents = asked_for(model, given, language)
    save = _saving(model, question, args, named, given | {"language": language})
    with progress(shown=question.tells_progress and sys.stderr.isatty()) as tell:
        found: Result = question.ask(model, *args, **named, **({"progress": tell} if tell else {}))
        networks = networks_of(found) or (model.network,)
        words = words_of(model, found, language, given.get("currency", "USD"))
        written = save(found, words)
    for remark in found.remarks():
        tell_aside("note: ", printable(remark))
    told: tuple[Sentence, ...] = ()
    if documents:
        seen = page(with_projection(question.view(found), *networks).blocks, rate_words(words))
        told = write(documents, question, found, seen, words, line(question, args, named, given))
    if given.get("json"):
        from corridor_net.output.files import to_json

        sys.stdout.write(to_json({**found.to_dict(), **projection_json(*networks)}))
        return
    from corridor_net.render.console import print_page

    shown = page(with_projection(question.view(found), *networks).blocks, written, told, rate_words(words))
    print_page(shown, words, plain=given.get("plain", False))


def words_of(model: Model, found: Result, language: str = "en", currency: str = "USD") -> Words:
    """Return the words of an answer in a language and currency, with the names of its networks."""
    from corridor_net.languages import currency_of, words_for

    networks = networks_of(found) or (model.network,)
    day = networks[0].day
    return words_for(*networks, language=language, currency=currency_of(currency, networks[0], day.year))


def rate_words(words: Words) -> Sentence | None:
    """Say at which rate money was converted; None where it was not."""
    from corridor_net.render.words import say

    money = words.currency
    if money.code == "USD":
        return None
    return say(
        "Money in {code}, {rate} to the US dollar, the rate of {year} in the data; JSON and files are in USD.",
        money,
        rate=say("{rate:n2}" if money.per_usd < 1000 else "{rate:n0}", rate=money.per_usd),
    )


def _saving(
    model: Model, question: Question, args: list[Any], named: dict[str, Any], given: dict[str, Any]
) -> Callable[[Any, Words], Sentence | str | None]:
    """Return what writes the answer, and says so where a question writes of itself."""
    folder = given.get("out") if "out" not in {one.name for one in question.parameters} else None
    if question.saving is not None:
        taken = inspect.signature(question.saving).parameters
        options = {one.name: given[one.name] for one in question.saving_parameters}
        options |= {name: value for name, value in named.items() if name in taken}
        options |= {"language": given["language"]} if "language" in taken else {}
        return question.saving(model, *args, folder=folder, **options)

    def save(found: Result, words: Words) -> None:
        if folder is not None:
            from corridor_net.output.files import write_all

            write_all(folder, question.drawn(found, words))

    return save


@contextmanager
def progress(*, shown: bool) -> Iterator[Progress | None]:
    """Give what shows on standard error how far an answer is, with the time left; None where it is not shown."""
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)

        def tell(what: str, done: int, total: int | None) -> None:
            bar.update(task, description=escape(printable(what)), completed=done, total=total)

        yield tell


def _placed(one: QuestionParameter, value: Any) -> list[Any]:
    return list(value or ()) if one.many else [value]


def _value(one: QuestionParameter, value: Any) -> Any:
    return tuple(value or ()) if one.many else value


def _annotation(one: QuestionParameter, panel: str = "") -> Any:
    kind: Any = str if one.choices else one.kind
    kind = list[kind] if one.many else kind
    if not one.required and (one.default is None or one.many):
        kind = kind | None
    extra: dict[str, Any] = {"help": one.ask.help, "metavar": one.ask.metavar or None}
    if panel:
        extra["rich_help_panel"] = panel
    if one.choices:
        extra.update(metavar="|".join(one.choices), callback=one_of(one.option.lstrip("-"), one.choices))
    if one.ask.minimum is not None:
        extra["min"] = one.ask.minimum
    if one.kind is Path:
        extra["parser"] = path_of
    if one.positional:
        return Annotated[kind, typer.Argument(**extra)]
    return Annotated[kind, typer.Option(one.option, *([one.ask.letter] if one.ask.letter else []), **extra)]


def _signature(name: str, kind: Any, default: Any, *, required: bool = False) -> inspect.Parameter:
    known = inspect.Parameter.empty if required else default
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=known, annotation=kind)
