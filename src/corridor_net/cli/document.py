"""The options `--docx` and `--pdf`: an answer as a document, checked before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_net.programs.shapes import Arguments, placed

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.questions import Question
    from corridor_net.render.page import Page
    from corridor_net.render.words import Sentence, Words
    from corridor_net.results import Result

ENDINGS = {"docx": ".docx", "pdf": ".pdf"}


def asked_for(model: Model, given: Mapping[str, Any], language: str) -> dict[str, Path]:
    """Return the documents that are asked for, by kind; raise where one cannot be written."""
    wanted = {kind: Path(given[kind]) for kind in ENDINGS if given.get(kind) is not None}
    if wanted:
        from corridor_net.languages import words_for
        from corridor_net.output.documents.document import check_file

        names = words_for(model.base, language=language).names
        for kind, path in wanted.items():
            check_file(path, ENDINGS[kind], names.values(), language)
    return wanted


def line(question: Question, args: Sequence[Any], named: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """Return the line of the command that gives the same answer in the same language and money."""
    from corridor_net.programs.desk import line_of
    from corridor_net.questions._shared import shared_of

    _, shared = placed(shared_of(question), given)
    usual = {"geodata": None, "lang": None, "currency": "USD"}
    more = [(f"--{name}", str(given[name])) for name in usual if given.get(name) not in (None, usual[name])]
    asked = Arguments(args=tuple(args), named=named, shared=shared)
    return line_of(question, asked, *(word for pair in more for word in pair))


def write(
    wanted: Mapping[str, Path], question: Question, found: Result, shown: Page, words: Words, told: str
) -> tuple[Sentence, ...]:
    """Write an answer's documents, and say so; `told` is the line that gives the same.

    Signs that no font at hand shows are told on standard error.
    """
    from corridor_net import __version__
    from corridor_net.cli.options import tell_aside
    from corridor_net.errors import printable
    from corridor_net.output.charts.fonts import HINT, unshown
    from corridor_net.output.documents.document import document_of, texts_of
    from corridor_net.output.documents.pdf import pdf_of
    from corridor_net.output.documents.word import docx_of
    from corridor_net.output.files import write_all
    from corridor_net.questions import networks_of
    from corridor_net.render.words import say

    network, words = networks_of(found)[0], words.printed
    drawn = question.drawn(found, words)
    by = {"line": printable(told), "version": __version__, "title": str(getattr(found, "title", ""))}
    made = document_of(shown, drawn, found.cited(), network, words, **by)
    if "pdf" in wanted and (left := unshown(texts_of(made, words), words.language)):
        tell_aside("note: ", f"no font on this machine shows {', '.join(left[:12])}: {HINT}")
    for kind, path in wanted.items():
        content = (pdf_of if kind == "pdf" else docx_of)(made, words)
        write_all(path.absolute().parent, {path.name: content})
    return tuple(say("Written to {file}.", file=str(path)) for path in wanted.values())
