"""YAML read with the place of every key and value, and checked against a model. Knows nothing of networks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from corridor_net.errors import BadFile, BadValue, CorridorError, Place, UnknownName, did_you_mean, raise_all
from corridor_net.network.files.csv_file import SAVE_TEXT, read_text

from .model import CURRENCY, NAME
from .yaml_text import MAX_CHARACTERS, YamlNode, compose

MAX_BYTES = 4 * MAX_CHARACTERS
"""A character takes four bytes at most; what is larger is not read."""
MERGED = "keys are not taken over from elsewhere: write each where it counts"
LOOKS = {
    NAME: "small letters, digits and hyphens, for example faster-border",
    CURRENCY: "three capital letters, for example CNY",
}
"""What to write where a text must look like a pattern."""
Model = TypeVar("Model", bound=BaseModel)


class Placed:
    """A file whose values have places: checked against a model, each fault with its place."""

    __slots__ = ()
    data: Any

    def place(self, *keys: str | int, of_key: bool = False) -> Place:
        """Return where the value (or the key) under `keys` stands; the nearest thing above it when absent."""
        raise NotImplementedError

    def validate(self, model: type[Model]) -> Model:
        """Return the document as `model`; raise all faults at once, each with its place."""
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            raise_all(in_order([self._fault(model, detail) for detail in error.errors(include_url=False)]))
            raise  # not reached: a ValidationError holds one fault or more

    def _fault(self, model: type[BaseModel], detail: Any) -> CorridorError:
        keys = keys_of(detail)
        message, hint = in_our_words(model, detail)
        if detail["type"] == "extra_forbidden":
            return UnknownName(message, place=self.place(*keys, of_key=True), hint=hint)
        name = ".".join(map(str, keys))
        if detail["type"] == "missing":
            return BadValue(f"'{name}' is missing", place=self.place(*keys[:-1]))
        return BadValue(f"{name}: {message}", place=self.place(*keys), hint=hint)


def keys_of(detail: Any) -> tuple[str | int, ...]:
    """Return the keys under which the value stands that a fault of pydantic is about."""
    return tuple(key for key in detail["loc"] if isinstance(key, int) or not key.startswith("function-"))


def in_our_words(model: type[BaseModel], detail: Any) -> tuple[str, str | None]:
    """Return what a fault of pydantic is in our words, and what to do about it."""
    keys = keys_of(detail)
    if detail["type"] == "extra_forbidden":
        known = field_names(model, keys[:-1])
        hint = did_you_mean(str(keys[-1]), known, otherwise=f"fields: {', '.join(known)}")
        return f"unknown field '{keys[-1]}'", MERGED if keys[-1] == "<<" else hint
    if detail["type"] == "string_pattern_mismatch":
        pattern = detail["ctx"]["pattern"]
        return f"must look like {pattern.strip('^$')}", LOOKS.get(pattern)
    return re.sub(r"^Value error, ", "", detail["msg"]), _remedy(detail)


@dataclass(frozen=True, slots=True)
class YamlFile(Placed):
    """A YAML document with its text, able to say where anything in it stands."""

    path: str
    lines: tuple[str, ...]
    root: YamlNode

    @property
    def data(self) -> dict[str, Any]:
        """The document as plain values."""
        found: dict[str, Any] = self.root.value
        return found

    @classmethod
    def read(cls, path: Path) -> YamlFile:
        """Read a file; raise BadFile with the place when it is not YAML or not a mapping."""
        try:
            if path.stat().st_size > MAX_BYTES:
                raise BadFile(f"'{path}' is larger than {MAX_BYTES // 1_000_000} MB, too large for a scenario")
            text = read_text(path, save_as=SAVE_TEXT)
        except FileNotFoundError:
            raise BadFile(f"there is no file '{path}'", hint="'corridor-net new' writes one to start from") from None
        except OSError as error:
            raise BadFile(f"'{path}' cannot be read: {error.strerror or error}", place=Place(str(path))) from None
        return cls.parse(text, str(path))

    @classmethod
    def parse(cls, text: str, path: str) -> YamlFile:
        """Parse a text; `path` is what error messages call it."""
        lines = tuple(re.split("\r\n|\n|\r", text))
        root = compose(text, path, lines)
        if not isinstance(root.value, Mapping):
            raise BadFile(
                "the file must hold keys and values",
                place=Place(path, line=1, column=1, text=lines[0] if lines else ""),
            )
        return cls(path, lines, root)

    def place(self, *keys: str | int, of_key: bool = False) -> Place:
        """Return where the value (or the key) under `keys` stands; the nearest thing above it when absent."""
        node = self.root
        line, column = node.line, node.column
        for number, key in enumerate(keys):
            inner = node.inner.get(key)
            if inner is None:
                break
            last = of_key and number == len(keys) - 1
            line, column = node.keys[str(key)] if last and key in node.keys else (inner.line, inner.column)
            node = inner
        return Place(
            self.path, line=line + 1, column=column + 1, text=self.lines[line] if line < len(self.lines) else ""
        )


def _remedy(detail: Any) -> str | None:
    """Return what to do about a value of the wrong type or look, None where the message says it."""
    value = detail["input"]
    if detail["type"] == "string_type" and isinstance(value, (int, float, date)):
        return f'a text is meant: write it in quotes, "{str(value).lower() if isinstance(value, bool) else value}"'
    if detail["type"] == "string_type" and value is None:
        return "nothing is written here: write a text"
    return None


def faults_at(error: CorridorError, place: Place) -> tuple[CorridorError, ...]:
    """Return each fault of an error; one that has no place stands at this one."""
    for fault in error.each:
        fault.place = fault.place or place
    return error.each


def in_order(faults: Sequence[CorridorError]) -> list[CorridorError]:
    """Return faults as they stand in their files, from top to bottom; files in the order in which they come."""
    files = list(dict.fromkeys(fault.place.path if fault.place else "" for fault in faults))

    def key(fault: CorridorError) -> tuple[int, int, int]:
        place = fault.place
        return (files.index(place.path), place.line or 0, place.column or 0) if place else (files.index(""), 0, 0)

    return sorted(faults, key=key)


def field_names(model: type[BaseModel], keys: tuple[str | int, ...]) -> list[str]:
    """Return the field names allowed at `keys` inside `model`."""
    current: Any = model
    for key in keys:
        if isinstance(key, int):
            continue
        field = current.model_fields.get(key)
        inner = (
            [t for t in _types(field.annotation) if isinstance(t, type) and issubclass(t, BaseModel)] if field else []
        )
        if not inner:
            return []
        current = inner[0]
    return [field.alias or name for name, field in current.model_fields.items()]


def _types(annotation: Any) -> list[Any]:
    found = [annotation]
    for inner in getattr(annotation, "__args__", ()):
        found += _types(inner)
    return found
