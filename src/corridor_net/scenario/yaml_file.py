"""YAML read with the place of every key and value, and checked against a model. Knows nothing of networks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from corridor_net.errors import BadFile, BadValue, CorridorError, Place, UnknownName, did_you_mean, raise_all

MAX_BYTES = 2_000_000
Model = TypeVar("Model", bound=BaseModel)


class _Constructor(RoundTripConstructor):
    """Leaves what only looks like a date as text, so that the model refuses it with its place."""

    def date_or_text(self, node: Any) -> Any:
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return self.construct_scalar(node)


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.date_or_text)


@dataclass(frozen=True, slots=True)
class YamlFile:
    """A YAML document with its text, able to say where anything in it stands."""

    path: str
    lines: tuple[str, ...]
    data: Any

    @classmethod
    def read(cls, path: Path) -> YamlFile:
        """Read a file; raise BadFile with the place when it is not YAML or not a mapping."""
        try:
            if path.stat().st_size > MAX_BYTES:
                raise BadFile(f"'{path}' is larger than {MAX_BYTES // 1_000_000} MB, too large for a scenario")
            text = path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise BadFile(f"there is no file '{path}'", hint="'corridor-net new' writes one to start from") from None
        except (OSError, UnicodeDecodeError) as error:
            raise BadFile(f"'{path}' cannot be read: {error}") from None
        return cls.parse(text, str(path))

    @classmethod
    def parse(cls, text: str, path: str) -> YamlFile:
        """Parse a text; `path` is what error messages call it."""
        lines = tuple(text.splitlines())
        try:
            reader = YAML(typ="rt", pure=True)
            reader.Constructor = _Constructor
            data = reader.load(text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Place(path)
            if mark is not None:
                line = lines[mark.line] if mark.line < len(lines) else ""
                place = Place(path, mark.line + 1, mark.column + 1, line)
            problem = (error.problem or error.context or "not YAML").splitlines()[0]
            raise BadFile(f"not YAML: {problem}", place=place) from None
        except (YAMLError, ValueError, RecursionError) as error:
            raise BadFile(f"not YAML: {str(error).splitlines()[0]}", place=Place(path)) from None
        if not isinstance(data, Mapping):
            raise BadFile("the file must hold keys and values", place=Place(path, 1, 1, lines[0] if lines else ""))
        return cls(path, lines, data)

    def place(self, *keys: str | int, of_key: bool = False) -> Place:
        """Return where the value (or the key) under `keys` stands; the nearest thing above it when absent."""
        node: Any = self.data  # a mapping of ruamel.yaml, which carries places in `lc`
        line, column = 0, 0
        for number, key in enumerate(keys):
            try:
                if hasattr(node, "keys"):
                    last = number == len(keys) - 1
                    line, column = node.lc.key(key) if of_key and last else node.lc.value(key)
                else:
                    line, column = node.lc.item(key)
                node = node[key]
            except (KeyError, IndexError, TypeError, AttributeError):
                break
        text = self.lines[line] if line < len(self.lines) else ""
        return Place(self.path, line + 1, column + 1, text)

    def validate(self, model: type[Model]) -> Model:
        """Return the document as `model`; raise all faults at once, each with its place."""
        try:
            return model.model_validate(self.data)
        except ValidationError as error:
            raise_all([self._fault(model, detail) for detail in error.errors(include_url=False)])
            raise  # not reached: a ValidationError holds one fault or more

    def _fault(self, model: type[BaseModel], detail: Any) -> CorridorError:
        keys = tuple(key for key in detail["loc"] if isinstance(key, int) or not key.startswith("function-"))
        name = ".".join(map(str, keys))
        if detail["type"] == "extra_forbidden":
            known = field_names(model, keys[:-1])
            return UnknownName(
                f"unknown field '{keys[-1]}'",
                place=self.place(*keys, of_key=True),
                hint=did_you_mean(str(keys[-1]), known, otherwise=f"fields: {', '.join(known)}"),
            )
        if detail["type"] == "missing":
            return BadValue(f"'{name}' is missing", place=self.place(*keys[:-1]))
        message = re.sub(r"^Value error, ", "", detail["msg"])
        return BadValue(f"{name}: {message}", place=self.place(*keys))


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
