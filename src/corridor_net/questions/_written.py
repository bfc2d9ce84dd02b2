"""What an answer or a model is written as: the files of a folder, a document of Word or PDF, a network for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_net.errors import BadFile, BadValue, NoRoute, did_you_mean, printable
from corridor_net.questions import networks_of, question_of, words_of

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.questions import Question
    from corridor_net.render.page import Page
    from corridor_net.render.words import Words
    from corridor_net.results import Result

ENDINGS = {"docx": ".docx", "pdf": ".pdf"}


def write_folder(found: Result, folder: Path, words: Words | None) -> tuple[str, ...]:
    """Write the charts, layer, table and files of an answer, and return their names: what `--out` writes."""
    from corridor_net.output.files import write_all

    files = _asked(found).drawn(found, words)
    write_all(folder, files)
    return tuple(files)


def _asked(found: Result) -> Question:
    """Return the question that was asked; raise BadValue for a part of an answer, which alone has no page."""
    asked = question_of(found)
    if asked is None or found.asked_of is None:
        raise BadValue(f"a {type(found).__name__} alone has no page", hint="write the answer that it is part of")
    return asked


def write_document(found: Result, path: Path, language: str, currency: str) -> None:
    """Write an answer as a document whose kind is that of the name's ending; see `Result.document`."""
    kind = path.suffix.lower().removeprefix(".")
    if kind not in ENDINGS:
        hint = did_you_mean(kind, ENDINGS, otherwise="report.docx and report.pdf are possible")
        raise BadFile(f"a document is no '{path.suffix or path}'", hint=hint)
    _asked(found)
    check_documents(found.asked_of, {kind: path}, language)
    words = words_of(found, language, currency)
    write_documents({kind: path}, found, shown_page(found, words), words)


def shown_page(found: Result, words: Words) -> Page:
    """Return the page of an answer as it is shown: with what is not in its figures, in money of some words."""
    from corridor_net.questions import page_in_full
    from corridor_net.render.page import conversion_words, page

    return page(page_in_full(found).blocks, conversion_words(words.currency))


def check_documents(model: Model, wanted: Mapping[str, Path], language: str) -> None:
    """Raise, before anything is computed, where one of the documents cannot be written; they are given by kind."""
    from corridor_net.languages import words_for
    from corridor_net.output.documents.document import check_file

    for kind, path in wanted.items():
        check_file(path, ENDINGS[kind], words_for(model.base, language=language).names.values(), language)


def write_documents(wanted: Mapping[str, Path], found: Result, shown: Page, words: Words, line: str = "") -> str:
    """Write an answer as documents, given by kind, and return the signs that no font at hand shows in them.

    `line` is the command that gives the same answer, where there is one.
    """
    from corridor_net import __version__
    from corridor_net.output.charts.fonts import unshown
    from corridor_net.output.documents.document import document_of, texts_of
    from corridor_net.output.documents.pdf import pdf_of
    from corridor_net.output.documents.word import docx_of
    from corridor_net.output.files import write_all

    words = words.printed
    drawn = _asked(found).drawn(found, words)
    by = {"line": printable(line), "version": __version__, "title": str(getattr(found, "title", ""))}
    made = document_of(shown, drawn, found.cited(), networks_of(found)[0], words, **by)
    for kind, path in wanted.items():
        content = (pdf_of if kind == "pdf" else docx_of)(made, words)
        write_all(path.absolute().parent, {path.name: content})
    return unshown(texts_of(made, words), words.language) if "pdf" in wanted else ""


def export(
    model: Model,
    folder: Path,
    kind: str,
    *,
    destination: str | None = None,
    scenarios: Sequence[str] = (),
    language: str = "en",
    line: str = "",
) -> list[str]:
    """Write the network of a model for other programs, as xlsx its study; return the names of the files.

    `scenarios` take the place of the study's; `line` is the command that gives the same.
    """
    from corridor_net.output import exports
    from corridor_net.output.files import write_all
    from corridor_net.questions.pages.workbook import workbook_of

    if destination and kind in ("geojson", "csv", "gmns"):
        raise BadValue(f"format {kind} holds no routes", hint="gpkg, geoparquet and xlsx take a destination")
    if kind == "xlsx":
        made = workbook_of(model, scenarios, [destination] if destination else (), language=language, line=line)
        write_all(folder, made)
        return list(made)
    drawn = _routes(model, destination) if kind in ("gpkg", "geoparquet") else ()
    return exports.export(model.network, kind, folder, *drawn)


def _routes(model: Model, destination: str | None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the best route of every origin, and their legs, as GeoJSON features; origins without one are left out."""
    from corridor_net.output.maps.geojson import legs_geojson, single_routes_geojson

    goal, found = destination or model.network.default_pair[1], []
    for origin in model.network.markets("origin"):
        with suppress(NoRoute):
            found.append(model.router.route(origin.node_id, goal))
    routes = single_routes_geojson((model.network, one) for one in found)
    return routes["features"], legs_geojson(model.network, found)["features"]
