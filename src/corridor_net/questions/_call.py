"""How a question is asked from Python: lists of every kind, one value for a list of one, mistakes told by name."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal
from numbers import Number, Real
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from corridor_net.errors import BadValue, did_you_mean
from corridor_net.network.nearest import coordinates

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.questions import Question, QuestionParameter


NONE_IS_PLAIN = frozenset({"via", "through", "prefer"})
"""Lists that mean nothing at all when they are empty; of others, what was left out means all."""
OF_MODEL = {
    "scenario": "the model holds it: net.with_scenario(NAME)",
    "scenarios": "the model holds them: net.with_scenario(NAME, ...)",
    "as_of": "the model holds it: net.as_of(DAY)",
}
"""What is no keyword of a question, as the model itself holds it."""
ENDS = ("origin", "destination")
"""Columns of a table of pairs."""
HINTS = {
    bool: "True or False",
    int: "a whole number, without quotes",
    float: "a number, without quotes",
    Path: "a file",
}
"""What to say of a value that is of another kind."""


def bound(
    asked: Question, model: Model, args: Sequence[Any], given: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """Return the arguments of a question as its `answer` takes them; raise BadValue for what it does not take."""
    own = {one.name: one for one in asked.parameters}
    rest = next((n for n, one in enumerate(asked.parameters) if one.positional and one.many), len(args))
    spread = [one for value in args[rest:] for one in as_tuple(value, asked.parameters[rest])]
    every = [*args[:rest], *spread]
    _check(asked, every, given, [one.name for one in fields(model.options)])
    return every, {name: _taken(value, own[name]) if name in own else value for name, value in given.items()}


def _taken(value: Any, parameter: QuestionParameter) -> Any:
    """Return what is given for a keyword as its question takes it."""
    if parameter.many:
        return as_tuple(value, parameter)
    kind = Path if parameter.is_file else parameter.kind
    if kind is str and not isinstance(value, bytes | Number):  # a place or a day is not only a text
        return value
    return None if value is None and parameter.default is None else fitted(parameter.name, value, kind)


def fitted(name: str, value: Any, kind: Any) -> Any:
    """Return a value as its kind has it: numbers of numpy, decimals and fractions as those of Python.

    Raises BadValue for what is of another kind, and for an empty text.
    """
    found = value.item() if getattr(value, "ndim", None) == 0 else value
    number = isinstance(found, Real | Decimal) and not isinstance(found, bool)
    if kind is bool:
        good = isinstance(found, bool)
    elif kind is int:
        good = number and found == found // 1
        found = int(found) if good else found
    elif kind is float:
        good = number
        found = float(found) if good and not isinstance(found, int) else found
    elif kind is Path:
        good = isinstance(value, str | PathLike)
    else:
        good = isinstance(value, str) and (value != "" or kind is not str)
    if good:
        return found
    from corridor_net.scenario.values import shown

    raise BadValue(f"{name} is {shown(value)}", hint=HINTS.get(kind, "a text"))


def as_tuple(value: Any, parameter: QuestionParameter) -> tuple[Any, ...]:
    """Return what is given for a list as a tuple: a list, a Series, an array, rows of a DataFrame, points of a
    GeoDataFrame; one value or place as a list of it.

    What is written NAME=VALUE may be a mapping. Raises BadValue for a list that is empty: what was left out means all,
    and a list without anything does not.
    """
    if value is None:
        return ()
    if hasattr(value, "to_crs"):  # a GeoDataFrame or GeoSeries: its points
        value = (value.to_crs(4326) if value.crs else value).geometry
    if isinstance(value, Mapping) and "=" in parameter.ask.metavar:
        return tuple(f"{name}={one}" for name, one in value.items())
    if hasattr(value, "itertuples"):
        named = parameter.name == "pairs" and {*ENDS} <= {*value.columns}
        value = list((value[[*ENDS]] if named else value).itertuples(index=False, name=None))
    place = parameter.kind is str and coordinates(value) is not None
    if place or isinstance(value, (str, Path, Mapping)) or not isinstance(value, Iterable):
        return (value,)
    found = tuple(value)
    if not found and not isinstance(value, tuple) and parameter.name not in NONE_IS_PLAIN:
        raise BadValue(f"{parameter.name} is empty", hint="leave it out where all are meant")
    return found


def _check(asked: Question, args: Sequence[Any], given: Mapping[str, Any], options: Sequence[str]) -> None:
    """Raise BadValue for a keyword that the question does not take, and for arguments that lack or are too many."""
    signature = inspect.signature(asked.answer)
    names = list(signature.parameters)[1:]
    for name in given:
        if name not in names:
            known = [name for name in (*names, *options) if name != "progress"]
            of_model = OF_MODEL.get(name)
            hint = of_model or did_you_mean(name, known, otherwise=f"it takes: {', '.join(known)}")
            raise BadValue(f"{asked.name}() takes no '{name}'", hint=hint)
    try:
        signature.bind(None, *args, **given)
    except TypeError as error:
        raise BadValue(f"{asked.name}(): {error}", hint=f"ask it as {asked.name}{signature_of(asked)}") from None


def signature_of(asked: Question, options: Iterable[str] = (), *, bound: bool = False) -> inspect.Signature:
    """Return the parameters of a question without the model, plain kinds as annotations; options after them.

    With `bound`, of what is bound to a model.
    """
    taken = list(inspect.signature(asked.answer).parameters.values())[1:]
    own = [one.replace(annotation=_kind(one.annotation, asked.answer.__globals__)) for one in taken]
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None)
        for name in options
        if name not in {one.name for one in own}
    ]
    model = [inspect.Parameter("self", inspect.Parameter.POSITIONAL_ONLY)] if bound else []
    return inspect.Signature([*model, *own, *more])


class _Bare(str):
    """A kind as it is written, which a signature shows without quotes."""

    __slots__ = ()
    __repr__ = str.__str__


def _kind(annotation: Any, known: Mapping[str, Any]) -> Any:
    """Return the kind in an annotation, without what a command line is told of it; `known` are names of its file."""
    if not isinstance(annotation, str):
        return get_args(annotation)[0] if hasattr(annotation, "__metadata__") else annotation
    match ast.parse(annotation, mode="eval").body:
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[kind, *_])):
            return _Bare(ast.unparse(kind))
        case ast.Name(id=name) if hasattr(known.get(name), "__metadata__"):
            return _Bare(inspect.formatannotation(get_args(known[name])[0]))
    return _Bare(annotation)
