"""Every question as a command: its parameters, the options that all share, one loader, one way out."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from corridor_net.cli.declared import command
from corridor_net.cli.document import asked_for, line, write
from corridor_net.cli.options import FACES, load_model, print_json, tell_aside
from corridor_net.errors import printable
from corridor_net.languages import language_asked
from corridor_net.programs.shapes import placed
from corridor_net.questions import Progress, Question, networks_of, words_of
from corridor_net.questions._shared import shared_of

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.render.page import Page
    from corridor_net.render.words import Sentence, Words
    from corridor_net.results import Result


def command_of(question: Question, called: str) -> Any:
    """Return a question as a command."""
    own = {one.name: one for one in (*question.parameters, *question.saving_parameters)}

    def call(**given: Any) -> None:
        from corridor_net.model import OPTIONS

        # what a question asks itself, such as a day beyond the data or a page to renew, is not shared
        shared = {name: value for name, value in given.items() if name not in own}
        model = load_model(*(shared.get(name) for name in ("geodata", "as_of", "scenario")))
        options = {name: shared[name] for name in OPTIONS if name in shared}
        answer(model.with_options(**options), question, *placed(question.parameters, given), given)

    left_out = {one.option for one in own.values() if not one.positional} | {f"--{name}" for name in question.without}
    faces = {heading: [one for one in some if one.option not in left_out] for heading, some in FACES.items()}
    faces["Network"] = [*shared_of(question), *faces["Network"]]
    return command(called, question.help.split("\n\n")[0], call, {"": own.values(), **faces})


def answer(model: Model, question: Question, args: list[Any], named: dict[str, Any], given: dict[str, Any]) -> None:
    """Ask, and show the answer as JSON or as a page; a page is printed before the files that are asked for are written.

    What a question writes of itself is checked before anything is computed.
    """
    from corridor_net.render.page import page
    from corridor_net.render.projected import projection_json, with_projection

    language = given.get("lang") or language_asked(sys.argv)
    documents = asked_for(model, given, language)
    save = _saving(model, question, args, named, given | {"language": language})
    with progress(shown=question.tells_progress and sys.stderr.isatty()) as tell:
        found: Result = question.ask(model, *args, **named, **({"progress": tell} if tell else {}))
        networks = networks_of(found)
        words = words_of(found, language, given.get("currency", "USD"))

    def written() -> tuple[Sentence | str, ...]:
        saved = save(found, words)
        told = write(documents, question, found, seen(), words, line(question, args, named, given)) if documents else ()
        return (*([saved] if saved else ()), *told)

    @cache
    def seen() -> Page:
        return page(with_projection(question.view(found), *networks).blocks, words.currency.told)

    for remark in found.remarks():
        tell_aside("note: ", printable(remark))
    if given.get("json"):
        written()
        print_json({**found.to_dict(), **projection_json(*networks)})
    else:
        _show(seen(), written, words, plain=given.get("plain", False))


def _show(shown: Page, written: Callable[[], Sequence[Sentence | str]], words: Words, *, plain: bool) -> None:
    """Print an answer, then write its files and say so; they are written too where nobody reads the answer."""
    from corridor_net.render.console import print_page
    from corridor_net.render.page import Page, Table

    unread: OSError | None = None
    try:
        print_page(shown, words, plain=plain)
        sys.stdout.flush()
    except OSError as error:
        unread = error
    told = written()
    if unread:
        raise unread
    if told:
        sys.stdout.write("\n" if shown.blocks and isinstance(shown.blocks[-1], Table) else "")
        print_page(Page(tuple(told)), words, plain=plain)


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

            files = question.drawn(found, words)
            write_all(folder, files)
            nothing = f"nothing to write to {folder}: no chart, no layer"
            tell_aside("", printable(f"Written to {folder}: {', '.join(files)}" if files else nothing))

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
