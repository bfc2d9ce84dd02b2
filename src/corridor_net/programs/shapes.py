"""What a question may be asked with, as JSON Schema, and what is given, held to it. Made from the question's file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corridor_net.errors import BadValue, UnknownName, did_you_mean, printable
from corridor_net.questions import Question, QuestionParameter, names, question
from corridor_net.questions._shared import SHARED, shared_of

TYPES = {str: "string", float: "number", int: "integer", bool: "boolean", Path: "string"}
UNITS = {
    "USD": "USD",
    "USD/DAY": "USD a day",
    "PER-USD": "per USD",
    "SHARE": "share of 1",
    "TEU": "TEU",
    "DAYS": "days",
    "YEAR": "year",
}
"""Units by what a value is called on the command line."""
WORDS = {"true": True, "1": True, "false": False, "0": False}
MOST_WORDS = 200
"""Characters of a value that an error shows."""
LARGEST = 1e15
"""What no number of a question is beyond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What a question is asked with: its own values by place and by name, and what all questions share."""

    args: tuple[Any, ...]
    named: Mapping[str, Any]
    shared: Mapping[str, Any]


def parameters_of(asked: Question, *, files: bool = True) -> tuple[QuestionParameter, ...]:
    """Return what another program may ask a question with; without `files` nothing that names a file to be read.

    What only the command takes, as it writes or starts processes, is not among them.
    """
    own = [one for one in asked.parameters if not one.ask.alone]
    return tuple(one for one in (*own, *shared_of(asked)) if files or not one.is_file)


def askable(asked: Question, *, files: bool = True) -> bool:
    """Return whether all that a question needs may be given."""
    taken = parameters_of(asked, files=files)
    return all(one in taken for one in asked.parameters if one.required)


def offered(*, files: bool = True) -> dict[str, Question]:
    """Return the questions that another program may ask, by command."""
    known = (question(name) for name in names())
    return {one.command: one for one in known if askable(one, files=files)}


def shape(parameter: QuestionParameter) -> dict[str, Any]:
    """Return one parameter as JSON Schema: type, words it may be, least value, default, unit, and what it is."""
    told: dict[str, Any] = {"type": TYPES.get(parameter.kind, "string")}
    if parameter.choices:
        told["enum"] = list(parameter.choices)
    if parameter.ask.minimum is not None:
        told["minimum"] = parameter.ask.minimum
    unit = UNITS.get(parameter.ask.metavar)
    if unit:
        told["x-unit"] = unit
    if parameter.many:
        told = {"type": "array", "items": told}
    elif parameter.default is not None and TYPES.get(type(parameter.default)):
        told["default"] = parameter.default
    return {**told, "description": parameter.ask.help}


def schema(asked: Question, *, files: bool = True) -> dict[str, Any]:
    """Return what a question may be asked with as a JSON Schema of an object."""
    taken = parameters_of(asked, files=files)
    return {
        "type": "object",
        "properties": {one.name: shape(one) for one in taken},
        "required": [one.name for one in taken if one.required],
        "additionalProperties": False,
    }


def from_texts(asked: Question, given: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return texts, as an address has them by key, as the values that they write; what writes none stays a text.

    Raises BadValue for a single value that is given twice.
    """
    known = {one.name: one for one in parameters_of(asked)}
    found: dict[str, Any] = {}
    for name, texts in given.items():
        one = known.get(name)
        values = [_from_text(one, text) if one else text for text in texts]
        if len(values) > 1 and not (one and one.many):
            raise BadValue(f"'{printable(name[:MOST_WORDS])}' is given {len(values)} times")
        found[name] = values if one and one.many else values[0]
    return found


def read(asked: Question, given: Mapping[str, Any], *, files: bool = True) -> Arguments:
    """Return what is given as a question takes it.

    Without `files`, scenarios are shipped ones and no other file is named. Raises UnknownName for a key or a word that
    is not there, BadValue for a value of another type, below its least, or missing.
    """
    taken = {one.name: one for one in parameters_of(asked, files=files)}
    for name in given:
        if name not in taken:
            hint = did_you_mean(name, taken, otherwise=f"it takes {', '.join(taken)}")
            raise UnknownName(f"{asked.command} takes no '{printable(name[:MOST_WORDS])}'", hint=hint)
    values = {name: _whole(one, given.get(name)) for name, one in taken.items()}
    if not files:
        for name, one in taken.items():
            _without_files(one, values[name])
    common = {one.name for one in SHARED} - {one.name for one in asked.parameters}
    args, named = placed((one for one in asked.parameters if one.name in taken), values)
    return Arguments(
        args=tuple(args),
        named=named,
        shared={name: value for name, value in values.items() if name in common},
    )


def placed(parameters: Iterable[QuestionParameter], given: Mapping[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Return what is given by place and what by name, several values as a tuple."""
    args: list[Any] = []
    named: dict[str, Any] = {}
    for one in parameters:
        value = tuple(given[one.name] or ()) if one.many else given[one.name]
        if one.positional:
            args += value if one.many else (value,)
        else:
            named[one.name] = value
    return args, named


def _whole(parameter: QuestionParameter, given: Any) -> Any:
    """Return the value or values of a parameter, its default where nothing is given."""
    if given is None:
        if parameter.required:
            raise BadValue(f"'{parameter.name}' is missing: {parameter.ask.help}")
        return () if parameter.many else parameter.default
    if not parameter.many:
        return _one(parameter, given)
    if not isinstance(given, list | tuple):
        raise BadValue(f"'{parameter.name}' is a list", hint="write one value as a list of one")
    return tuple(_one(parameter, value) for value in given)


def _one(parameter: QuestionParameter, value: Any) -> Any:
    wanted = TYPES.get(parameter.kind, "string")
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    beyond = numeric and not -LARGEST <= value <= LARGEST  # what is no number, too
    fits = {
        "string": isinstance(value, str),
        "boolean": isinstance(value, bool),
        "integer": numeric and isinstance(value, int) and not beyond,
        "number": numeric and not beyond,
    }
    if not fits[wanted]:
        told = f"beyond {LARGEST:g}" if beyond and isinstance(value, int) else str(value)[:MOST_WORDS]
        raise BadValue(f"'{parameter.name}' is no {wanted}: {printable(told)}")
    if parameter.choices and value not in parameter.choices:
        hint = did_you_mean(value, parameter.choices, otherwise=f"one of {', '.join(parameter.choices)}")
        raise UnknownName(f"'{parameter.name}' cannot be '{printable(value[:MOST_WORDS])}'", hint=hint)
    if parameter.ask.minimum is not None and value < parameter.ask.minimum:
        raise BadValue(f"'{parameter.name}' is {value:g}, and {parameter.ask.minimum:g} at least")
    return {float: float, Path: Path}.get(parameter.kind, lambda same: same)(value)


def _from_text(parameter: QuestionParameter, given: str) -> Any:
    try:
        if parameter.kind is bool:
            return WORDS.get(given.lower(), given)
        return parameter.kind(given) if parameter.kind in (int, float) else given
    except ValueError:
        return given


def _without_files(parameter: QuestionParameter, value: Any) -> None:
    """Raise BadValue for what may lead to a file that is not shipped."""
    from corridor_net.network import parse_day
    from corridor_net.network.files.fields import DAY
    from corridor_net.scenario import shipped_scenarios

    texts = [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str)]
    for text in texts:
        if parameter.ask.names == "scenario":
            for part in (one.strip() for one in text.split("+")):
                if DAY.fullmatch(part):
                    parse_day(part)
                elif part not in shipped_scenarios():
                    hint = did_you_mean(part, shipped_scenarios(), otherwise="only shipped scenarios are read here")
                    raise UnknownName(f"no shipped scenario '{printable(part[:MOST_WORDS])}'", hint=hint)
        elif any(sign in text for sign in "/\\\0") or Path(text).suffix.lower() in FILES:
            raise BadValue(f"'{parameter.name}' names a file, and no file is read here")


FILES = (".yaml", ".yml", ".xlsx", ".xlsm", ".csv", ".json")
"""Ends of names that files have which a question may read."""
