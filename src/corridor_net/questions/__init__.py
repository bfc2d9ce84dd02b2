"""The questions: one file each, from which the method of `Model`, the command, the endpoint and the page are made.

A file in the folder of a group (`routes`, `upgrades`, `network`, `uncertainty`, `evidence`) is a question; `pages` and
`asked` hold what several of them share, and pages that fill a file of their own.

The docstring of a question says in its first line what it answers. It has a function `answer(model, ...)` that returns
a `Result`, with typed parameters told by `Ask`, and a function `view(found)` that returns a `Page`. It may have
`layer(found)`, which returns where the answer lies as a GeoJSON FeatureCollection (see `output.maps.layers`), written
as `LAYER`; `charts(found)`, which returns a `render.chart.Chart` by file name, of which `plot` draws the first;
`FRAME`, the name by which the frame is written as CSV; and `files(found)`, which returns other files by name;
`not_known(found)`, which says in sentences which services nobody knows to run, where that is not told by the ways that
the answer holds. `WITHOUT` names the options of `Model` that mean nothing to it, each with what to do instead. The
file's name is the method, and with hyphens the command, unless `COMMAND` names another. Nothing else has to be
registered.

Where the answer is always written, `saving(model, *args, folder=..., language=..., line=..., ...)` checks beforehand
that it can be, and returns what writes it; its other keywords are options of the command. A parameter `progress` of
`answer` is no option: it hears what is done now, how many are done, and of how many.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from corridor_net.errors import BadValue, UnknownName, did_you_mean

USUAL = (None, False, "generalised")
"""What options are where nothing is asked for."""
EVIDENCE = "Evidence"
GROUPS = ("Routes", "Upgrades", "Network", "Uncertainty", EVIDENCE)
Progress = Callable[[str, int, int | None], None]
"""Hears what is done now, how many are done, and of how many (None: nobody knows)."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a parameter of a question is asked for: help for people, and how it is written on a command line.

    `names`: what its text is the name of, a scenario (shipped, or a file) or a file. `alone`: only the command takes
    it, as it writes or starts processes.
    """

    help: str
    _: KW_ONLY
    metavar: str = ""
    option: str = ""
    minimum: float | None = None
    letter: str = ""
    names: Literal["", "scenario", "file"] = ""
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionParameter:
    """A parameter of a question. `positional`: given by place, not by name. `many`: a list of values."""

    name: str
    kind: Any
    many: bool
    positional: bool
    required: bool
    default: Any
    ask: Ask

    @property
    def choices(self) -> tuple[str, ...]:
        """The words it may be, where these are listed."""
        return tuple(map(str, get_args(self.kind))) if get_origin(self.kind) is Literal else ()

    @property
    def option(self) -> str:
        """How the command calls it."""
        return self.ask.option or f"--{self.name.replace('_', '-')}"

    @property
    def is_file(self) -> bool:
        """Whether it is a file that is read."""
        called = self.ask.names or self.ask.metavar.lower()
        return self.kind is Path or called == "file"


@dataclass(frozen=True, slots=False, kw_only=True)
class Question:
    """One question, taken from its file."""

    name: str
    group: str
    answer: Callable[..., Any]
    view: Callable[[Any], Any]
    without: Mapping[str, str]
    files: Callable[..., Mapping[str, str | bytes]] | None = None
    charts: Callable[[Any], Mapping[str, Any]] | None = None
    layer: Callable[[Any], dict[str, Any]] | None = None
    not_known: Callable[[Any], Sequence[Any]] | None = None
    layer_name: str = ""
    frame_name: str = ""
    saving: Callable[..., Callable[[Any, Any], Any]] | None = None

    def ask(self, model: Any, *args: Any, **given: Any) -> Any:
        """Return the answer of a model; it knows of which. Raises BadValue for what it does not take."""
        from corridor_net.questions._call import bound

        every, named = bound(self, model, args, given)
        found = self.answer(model, *every, **named)
        object.__setattr__(found, "asked_of", model)  # frozen for everybody else
        return found

    def refuse(self, options: Any) -> None:
        """Raise BadValue where an option that means nothing to the question is not as usual."""
        for name, instead in self.without.items():
            if getattr(options, name) not in USUAL:
                raise BadValue(f"{self.command} takes no '{name}'", hint=instead)

    def drawn(self, found: Any, words: Any) -> dict[str, str | bytes]:
        """Return the charts, layer, table and files of an answer by name; `words` has the names of its places."""
        from corridor_net.network.files.csv_cells import frame_csv
        from corridor_net.output.charts.charts import chart_svg
        from corridor_net.output.files import to_json

        words = words.printed
        charts = self.charts(found) if self.charts else {}
        made = {f"{name}.svg": svg for name, chart in charts.items() if (svg := chart_svg(chart, words))}
        layer = {self.layer_name: to_json(self.layer(found))} if self.layer and self.layer_name else {}
        table = {self.frame_name: frame_csv(found.frame)} if self.frame_name else {}
        return {**made, **layer, **table, **self._files(found, words)}

    def _files(self, found: Any, words: Any) -> Mapping[str, str | bytes]:
        if self.files is None:
            return {}
        named = len(inspect.signature(self.files).parameters) > 1
        return self.files(found, words) if named else self.files(found)

    @property
    def command(self) -> str:
        """What the command is called."""
        return command_of(self.name)

    @property
    def tells_progress(self) -> bool:
        """Whether it says how far it is."""
        return "progress" in inspect.signature(self.answer).parameters

    @property
    def help(self) -> str:
        """What it answers, for people: the docstring of `answer`."""
        return inspect.getdoc(self.answer) or ""

    @cached_property
    def parameters(self) -> tuple[QuestionParameter, ...]:
        """Its parameters, without the model."""
        return declared(self.answer, "model", "progress")

    @cached_property
    def saving_parameters(self) -> tuple[QuestionParameter, ...]:
        """The options of the command that say how the answer is written."""
        own = {one.name for one in self.parameters}
        return declared(self.saving, "model", "folder", "language", "line", *own) if self.saving else ()


@cache
def _files(folders: tuple[str, ...]) -> Mapping[str, Path]:
    """Return the file of each question by its name: those in the folder of a group, and those beside these folders."""
    places = [Path(folder, place) for folder in folders for place in ("", *map(str.lower, GROUPS))]
    return {file.stem: file for place in places for file in place.glob("[!_]*.py")}


def names() -> tuple[str, ...]:
    """Return the names of all questions, sorted; nothing is imported."""
    return tuple(sorted(_files(tuple(__path__))))


def _folder(name: str) -> str:
    """Return the folder in which a question stands; nothing where it is that of no group."""
    folder = _files(tuple(__path__))[name].parent.name
    return folder if folder.capitalize() in GROUPS else ""


@cache
def _source(name: str) -> str:
    """Return the file of a question as it is written; nothing is imported."""
    return _files(tuple(__path__))[name].read_text(encoding="utf-8")


@cache
def _first_lines(name: str) -> Mapping[str, str]:
    """Return GROUP, COMMAND and the first line of the docstring of a question's file."""
    constants = re.findall(r'^([A-Z]+) = "(.+)"$', _source(name), re.MULTILINE)
    return {**dict(constants), "": _source(name).splitlines()[0].strip('"')}


def _functions(name: str) -> set[str]:
    """Return the names of the functions of a question's file."""
    return set(re.findall(r"^def (\w+)\(", _source(name), re.MULTILINE))


def short(name: str) -> tuple[str, str]:
    """Return the group of a question and what it answers in a line, read from its file; nothing is imported."""
    told = _first_lines(name)
    return told.get("GROUP") or _folder(name).capitalize() or GROUPS[0], told[""]


def command_of(name: str) -> str:
    """Return what the command of a question is called, read from its file; nothing is imported."""
    return _first_lines(name).get("COMMAND", name.replace("_", "-"))


def commands() -> dict[str, str]:
    """Return the names of all questions by their commands; nothing is imported."""
    return {command_of(name): name for name in names()}


def question(name: str) -> Question:
    """Return a question by its name or command; raise UnknownName with the nearest."""
    known = name.replace("-", "_")
    if known not in names():
        raise UnknownName(f"unknown question '{name}'", hint=did_you_mean(name, names()))
    module = import_module(".".join(filter(None, (__name__, _folder(known), known))))
    return Question(
        name=known,
        group=short(known)[0],
        answer=module.answer,
        view=module.view,
        without=getattr(module, "WITHOUT", {}),
        files=getattr(module, "files", None),
        charts=getattr(module, "charts", None),
        layer=getattr(module, "layer", None),
        not_known=getattr(module, "not_known", None),
        layer_name=getattr(module, "LAYER", ""),
        frame_name=getattr(module, "FRAME", ""),
        saving=getattr(module, "saving", None),
    )


def question_of(result: Any) -> Question | None:
    """Return the question that a result answers; None of a part of an answer."""
    asked = getattr(type(result), "QUESTION", "")
    return question(asked) if asked else None


def with_geometry() -> tuple[str, ...]:
    """Return the names of the questions whose answers lie somewhere, read from their files; nothing is imported."""
    return tuple(name for name in names() if "layer" in _functions(name))


def page_of(result: Any) -> Any:
    """Return the page of a result, by the question it names in `QUESTION`; its frame as a table where it names none."""
    asked = question_of(result)
    if asked:
        return asked.view(result)
    from corridor_net.render.page import Column, Table, page

    frame = result.frame
    columns = tuple(
        Column(heading=str(name), kind="number" if frame[name].dtype.kind == "f" else "text", digits=2)
        for name in frame
    )
    rows = tuple(tuple(value if isinstance(value, float) else str(value) for value in row) for row in frame.to_numpy())
    return page(Table(columns=columns, rows=rows))


def html_of(result: Any) -> str:
    """Return a result as HTML: its page where its question has one, else its table; names where it has networks."""
    from corridor_net.render.html import page_html

    return page_html(page_in_full(result), words_of(result))


def not_known_of(result: Any) -> Sequence[Any]:
    """Return the sentences on services not known to run that are said beside an answer; evidence is of other days."""
    from corridor_net.questions.pages.not_known import not_known_words

    asked, networks = question_of(result), networks_of(result)
    if asked is None or asked.group == EVIDENCE or not networks:
        return ()
    return asked.not_known(result) if asked.not_known else not_known_words(result, networks)


def page_in_full(result: Any) -> Any:
    """Return the page of a result with what it rests on: the rule of a projection, services not known to run.

    These stand before the first heading, below which an answer goes on to something else.
    """
    from corridor_net.render.page import Heading, page
    from corridor_net.render.projected import with_projection

    shown = with_projection(page_of(result), *networks_of(result))
    end = next((at for at, one in enumerate(shown.blocks) if isinstance(one, Heading)), len(shown.blocks))
    return page(shown.blocks[:end], not_known_of(result), shown.blocks[end:])


ROWS_AT_HEAD, ROWS_WHOLE = 10, 20
"""Rows that are printed of an answer's table in Python, where the command prints all; up to how many none is cut."""


def text_of(result: Any) -> str:
    """Return a result as text: its page, of each table the first rows, in English and as wide as the terminal."""
    from corridor_net.render.console import page_text, width_of_terminal
    from corridor_net.render.page import Page, Table
    from corridor_net.render.words import Words

    blocks = (
        one.top(ROWS_AT_HEAD) if isinstance(one, Table) and len(one.rows) > ROWS_WHOLE else one
        for one in page_in_full(result).blocks
    )
    return page_text(Page(tuple(blocks)), words_of(result) or Words(), width_of_terminal(sys.stdout)).rstrip()


def networks_of(result: Any) -> tuple[Any, ...]:
    """Return the networks that an answer is of, the one that is drawn first; none of a part of an answer."""
    network = getattr(result, "network", None)
    asked = result.asked_of.network if network is None and result.asked_of is not None else network
    return tuple(getattr(result, "networks", ())) or ((asked,) if asked is not None else ())


def words_of(result: Any, language: str = "en", currency: str = "USD") -> Any:
    """Return the words of a result, with the names of its networks; None where it knows of none."""
    from corridor_net.languages import currency_of, words_for

    networks = networks_of(result)
    if not networks:
        return None
    return words_for(*networks, language=language, currency=currency_of(currency, networks[0], networks[0].day.year))


def declared(function: Callable[..., Any], *left_out: str) -> tuple[QuestionParameter, ...]:
    """Return the parameters that a function declares, each told by `Ask`; those of some names left out."""
    every = inspect.signature(function).parameters.values()
    given = [one for one in every if one.name not in left_out and one.kind is not inspect.Parameter.VAR_KEYWORD]
    told = type("_", (), {"__annotations__": {one.name: one.annotation for one in given}})
    hints = get_type_hints(told, globalns=function.__globals__, include_extras=True)
    return tuple(parameter(one, hints[one.name]) for one in given)


def parameter(given: inspect.Parameter, hint: Any) -> QuestionParameter:
    """Return a parameter as its type and its `Ask` tell it."""
    kind, *extras = get_args(hint) if hasattr(hint, "__metadata__") else (hint,)
    ask = next((extra for extra in extras if isinstance(extra, Ask)), Ask(""))
    options = [one for one in get_args(kind) if one is not type(None)]
    if type(None) in get_args(kind) and len(options) == 1:
        kind = options[0]
    many = given.kind is inspect.Parameter.VAR_POSITIONAL or get_origin(kind) is tuple
    if get_origin(kind) is tuple:
        kind = get_args(kind)[0]
    required = given.default is inspect.Parameter.empty and given.kind is not inspect.Parameter.VAR_POSITIONAL
    return QuestionParameter(
        name=given.name,
        kind=kind,
        many=many,
        positional=given.kind is not inspect.Parameter.KEYWORD_ONLY,
        required=required,
        default=None if given.default is inspect.Parameter.empty else given.default,
        ask=ask,
    )
