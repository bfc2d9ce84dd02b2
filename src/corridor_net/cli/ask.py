"""Every question as a command: its parameters, the options that all share, one loader, one way out."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

from corridor_net.cli.declared import command
from corridor_net.cli.options import MODEL, OUTPUT, load_model, tell_aside
from corridor_net.errors import printable
from corridor_net.languages import language_asked
from corridor_net.programs.shapes import Arguments, placed
from corridor_net.questions import Progress, Question, networks_of, words_of
from corridor_net.questions._shared import shared_of
from corridor_net.render.console import print_page
from corridor_net.render.page import Page, Table
from corridor_net.render.words import say

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.render.words import Sentence, Words
    from corridor_net.results import Result


SECONDS_BETWEEN = 0.1
"""How long a line of progress stands before it is drawn again."""


def command_of(question: Question, called: str) -> Any:
    """Return a question as a command."""

    def call(**given: Any) -> None:
        from corridor_net.model import OPTIONS

        args, named = placed(question.parameters, given)
        _, shared = placed(shared_of(question), given)
        model = load_model(given.get("geodata"), shared.get("as_of"), shared.get("scenario"))
        options = {name: shared[name] for name in OPTIONS if name in shared}
        asked = Arguments(args=tuple(args), named=named, shared=shared)
        answer(model.with_options(**options), question, asked, given)

    own = (*question.parameters, *question.saving_parameters)
    faces = {"Network and cargo": shared_of(question, MODEL), "Output": shared_of(question, OUTPUT)}
    return command(called, question.help.split("\n\n")[0], call, {"": own, **faces})


def answer(model: Model, question: Question, asked: Arguments, given: dict[str, Any]) -> None:
    """Ask, and show the answer as JSON or as a page; a page is printed before the files that are asked for are written.

    What is to be written is checked before anything is computed.
    """
    from corridor_net.output.charts.fonts import HINT
    from corridor_net.output.files import to_json
    from corridor_net.questions import _written
    from corridor_net.render.projected import projection_json

    language = given.get("lang") or language_asked(sys.argv)
    documents = {kind: given[kind] for kind in _written.ENDINGS if given.get(kind) is not None}
    _written.check_documents(model, documents, language)
    line = _line(question, asked, given)
    save = _saving(model, question, asked, {**given, "language": language, "line": line})
    with progress(shown=question.tells_progress and sys.stderr.isatty()) as tell:
        found: Result = question.ask(model, *asked.args, **asked.named, **({"progress": tell} if tell else {}))
        words = words_of(found, language, given.get("currency", "USD"))

    @cache
    def shown() -> Page:
        return _written.shown_page(found, words)

    def written() -> list[Sentence | str]:
        saved = save(found, words)
        if documents:
            unshown = _written.write_documents(documents, found, shown(), words, line)
            if unshown:
                tell_aside("note: ", f"no font on this machine shows {', '.join(unshown[:12])}: {HINT}")
        told = [say("Written to {file}.", file=str(path)) for path in documents.values()]
        return [saved, *told] if saved else [*told]

    for remark in found.remarks():
        tell_aside("note: ", printable(remark))
    if given.get("json"):
        written()
        sys.stdout.write(to_json({**found.to_dict(), **projection_json(*networks_of(found))}))
    else:
        _show(shown(), written, words, plain=given.get("plain", False))


def _show(shown: Page, written: Callable[[], Sequence[Sentence | str]], words: Words, *, plain: bool) -> None:
    """Print an answer, then write its files and say so; they are written too where nobody reads the answer."""
    try:
        print_page(shown, words, plain=plain)
        sys.stdout.flush()
    except OSError:
        written()
        raise
    if told := written():
        sys.stdout.write("\n" if shown.blocks and isinstance(shown.blocks[-1], Table) else "")
        print_page(Page(tuple(told)), words, plain=plain)


def _saving(
    model: Model, question: Question, asked: Arguments, given: dict[str, Any]
) -> Callable[[Any, Words], Sentence | str | None]:
    """Return what writes the answer, and says so where a question writes of itself."""
    folder = given.get("out") if "out" not in {one.name for one in question.parameters} else None
    if question.saving is not None:
        taken = inspect.signature(question.saving).parameters.values()
        every = {**given, **asked.named, "folder": folder}
        keywords = {one.name: every[one.name] for one in taken if one.kind is inspect.Parameter.KEYWORD_ONLY}
        return question.saving(model, *asked.args, **keywords)

    def save(found: Result, words: Words) -> None:
        if folder is not None:
            from corridor_net.questions._written import write_folder

            files = ", ".join(write_folder(found, folder, words))
            nothing = f"nothing to write to {folder}: no chart, no layer"
            tell_aside("", printable(f"Written to {folder}: {files}" if files else nothing))

    return save


def _line(question: Question, asked: Arguments, given: dict[str, Any]) -> str:
    """Return the line of the command that gives the same answer in the same language and money."""
    from corridor_net.programs.desk import line_of

    usual = {"geodata": None, "lang": None, "currency": "USD"}
    more = [(f"--{name}", str(given[name])) for name in usual if given.get(name) not in (None, usual[name])]
    return line_of(question, asked, *(word for pair in more for word in pair))


@contextmanager
def progress(*, shown: bool) -> Iterator[Progress | None]:
    """Give what shows on standard error how far an answer is, with the time left; None where it is not shown.

    It is drawn where something is told, at most ten times a second, and by no thread of its own: a process with a
    second thread cannot be copied (`questions._at_once`), and on a terminal all would take longer than in a file.
    """
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True, auto_refresh=False) as bar:
        task, drawn = bar.add_task("", total=None), -inf

        def tell(what: str, done: int, total: int | None) -> None:
            nonlocal drawn
            due = monotonic() - drawn > SECONDS_BETWEEN
            drawn = monotonic() if due else drawn
            bar.update(task, description=escape(printable(what)), completed=done, total=total, refresh=due)

        yield tell
