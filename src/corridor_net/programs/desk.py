"""One network, many questions: each answered as JSON with the call that made it and the sources it cites."""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from corridor_net import __version__
from corridor_net.errors import CorridorError, FileFaults, printable
from corridor_net.model import OPTIONS, Model
from corridor_net.network import Network, parse_day
from corridor_net.questions import Question, QuestionParameter, networks_of, not_known_of, question, words_of
from corridor_net.render.projected import projection_json
from corridor_net.results import Result, units_of

from .cache import Cache
from .shapes import Arguments, from_texts, parameters_of, read

CACHED = 8
"""Models kept with what they have compiled; the oldest go first."""


class Desk:
    """Answers questions on one network. Without `files`, no file that a question names is read."""

    def __init__(self, base: Network, *, files: bool = True) -> None:
        self.base, self.files = base, files
        self._models: Cache[Model] = Cache(CACHED)

    def ask_texts(self, name: str, given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
        """Return an answer as `ask` does, asked by texts, as an address has them by key."""
        return self.ask(name, from_texts(question(name), given))

    def ask(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return an answer as JSON: `says`, `answer`, `units`, `sources`, `remarks`, and the `call` that made it.

        Raises what the question raises, and UnknownName and BadValue for what is given.
        """
        asked_of = question(name)
        asked = read(asked_of, given, files=self.files)
        model = self._model(asked.shared)
        found: Result = model.ask(asked_of.name, *asked.args, **asked.named)
        answer = {**found.to_dict(), **projection_json(*networks_of(found))}
        cited = [_source(self.base, name) for name in found.cited()]
        more = [] if cited else ["the question 'sources' has the figures that an answer rests on, with their sources"]
        return {
            "says": _says(asked_of, found),
            "answer": answer,
            "units": _units(found),
            "sources": cited,
            "remarks": [*found.remarks(), *map(words_of(found).text, not_known_of(found)), *more],
            "call": self._call(asked_of, given, asked, model, found),
        }

    def _model(self, shared: Mapping[str, Any]) -> Model:
        """Return the model that is meant; one with shipped scenarios is kept, files are read again."""
        from corridor_net.scenario import shipped_scenarios

        scenarios = tuple(shared.get("scenario", ()))

        def made() -> Model:
            day = shared.get("as_of")
            model = Model(self.base, day=parse_day(day) if day else None)
            model = model.with_scenario(*scenarios) if scenarios else model
            return model.with_options(**{name: value for name, value in shared.items() if name in OPTIONS})

        return (
            self._models.get(tuple(sorted(shared.items())), made)
            if set(scenarios) <= {*shipped_scenarios()}
            else made()
        )

    def _call(
        self, asked_of: Question, given: Mapping[str, Any], asked: Arguments, model: Model, found: Result
    ) -> dict[str, Any]:
        """Return what was asked, of what, so that it can be asked again: the same line gives the same numbers."""
        arguments = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in given.items()
            if value is not None
        }
        networks = networks_of(found)
        days = sorted({str(one.day) for one in networks}) if networks else [str(model.base.day)]
        hashes = "".join(f"{name} {told}\n" for name, told in sorted(self.base.file_hashes.items()))
        return {
            "tool": asked_of.command,
            "arguments": arguments,
            "command": line_of(asked_of, asked, "--json"),
            "program": "corridor-net",
            "version": __version__,
            "package": {
                "title": self.base.package.title or "corridor-net",
                "sha256": hashlib.sha256(hashes.encode()).hexdigest(),
            },
            "as_of": days[0] if len(days) == 1 else days,
        }


def _source(network: Network, name: str) -> dict[str, str]:
    """Return a source by its id, which stands alone where a scenario names it."""
    row = network.sources.get(name)
    if row is None:
        return {"source_id": name}
    told = {"title": row.title, "publisher": row.publisher, "year": str(row.year), "url": row.url}
    return {"source_id": name, **told}


def _says(asked_of: Question, found: Result) -> str:
    """Return the first sentence of the answer's page, in English, with the names of its places."""
    from corridor_net.render.page import Table

    words = words_of(found)
    first = next((one for one in asked_of.view(found).blocks if not isinstance(one, Table)), "")
    return str(words.text(getattr(first, "text", first)))


def _units(found: Result) -> dict[str, str]:
    """Return the units of an answer's own fields and of its rows, by their names in JSON."""
    rows = getattr(found, found.ROWS) if found.ROWS else ()
    own = units_of(found) if hasattr(found, "__dataclass_fields__") else {}
    first = next(iter(rows), None)
    return {**own, **(units_of(first) if hasattr(first, "__dataclass_fields__") else {})}


def line_of(asked_of: Question, asked: Arguments, *more: str) -> str:
    """Return the line that asks a command the same, with `more` at its end."""
    words = ["corridor-net", asked_of.command]
    options: list[str] = []
    args = list(asked.args)
    for one in parameters_of(asked_of):
        if one.positional:
            count = len(args) if one.many else min(1, len(args))
            words += [str(value) for value in args[:count] if value is not None]
            args = args[count:]
            continue
        value = {**asked.shared, **asked.named}.get(one.name)
        options += _option(one, value)
    return shlex.join([*words, *options, *more])


def _option(parameter: QuestionParameter, value: Any) -> Sequence[str]:
    """Return an option of the command with its value; nothing where it is as usual."""
    if value is None or value == parameter.default or value == ():
        return ()
    if isinstance(value, bool):
        return (parameter.option,)
    values = value if isinstance(value, tuple) else (value,)
    return [word for one in values for word in (parameter.option, str(one))]


def faults_of(error: CorridorError, where: str = "") -> list[dict[str, Any]]:
    """Return an error as programs are told it: its code, where it stands, what is wrong, what to do."""
    if isinstance(error, FileFaults):
        return [told for fault in error.faults for told in faults_of(fault, where)]
    hint = printable(error.hint) if error.hint else None
    place = str(error.place) if error.place else where
    return [{"code": error.code, "where": printable(place), "message": printable(error.message), "hint": hint}]


def text_of(answer: Mapping[str, Any]) -> str:
    """Return JSON as one text: keys in their order, nothing that is no number."""
    return json.dumps(answer, ensure_ascii=False, allow_nan=False)
