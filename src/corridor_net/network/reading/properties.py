"""Properties of `datapackage.json` that would have no effect: read at another level, or nearly spelt like one read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corridor_net.errors import nearest

READ = {
    "the package": {"resources", "title", "days", "day", "customsAreas", "overseas", "schematic", "basemap", "gdpUnit",
                    "study", "pair"},
    "a resource": {"path", "schema", "dialect", "encoding", "format", "compression", "hash", "bytes"},
    "a schema": {"fields", "primaryKey", "foreignKeys", "uniqueKeys", "missingValues", "uniqueInTime", "uniquePair"},
    "a field": {"type", "format", "constraints", "missingValues", "trueValues", "falseValues", "decimalChar",
                "groupChar", "bareNumber", "wkt", "unit"},
    "constraints": {"required", "unique", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum",
                    "pattern", "minLength", "maxLength"},
}  # fmt: skip
"""What has an effect, by the level at which it has one."""
FREE = {"name", "title", "description", "path", "format", "type", "unit", "units", "schema", "scheme", "sources",
        "required", "unique", "study"}  # fmt: skip
"""Words of the standard, and words that people use for notes of their own, at any level."""
ALIKE = 0.8
"""How like a property that is read another must be to be taken for a slip of it."""

Keys = tuple[str | int, ...]
Finding = tuple[Keys, str, str]


def without_effect(content: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield every property that would have no effect: the keys it stands under, what is wrong, what to do."""
    yield from _strays(content, "the package", ())


def of_resource(resource: Mapping[str, Any], number: int) -> Iterator[Finding]:
    """Yield the same of a resource that is a table of the model, its schema and its fields."""
    at: Keys = ("resources", number)
    yield from _strays(resource, "a resource", at)
    schema = resource.get("schema")
    if not isinstance(schema, dict):
        return
    yield from _strays(schema, "a schema", (*at, "schema"))
    fields = schema.get("fields")
    for place, part in enumerate(fields if isinstance(fields, list) else ()):
        if isinstance(part, dict):
            yield from _strays(part, "a field", (*at, "schema", "fields", place))


def _strays(part: Mapping[str, Any], level: str, at: Keys) -> Iterator[Finding]:
    for key in part:
        if key in READ[level] or key in FREE:
            continue
        others = [other for other, names in READ.items() if key in names]
        near = nearest(key, READ[level], alike=ALIKE)
        if others:
            hint = f"write it in {' or '.join(others)}: docs/own-data.md says what each part means"
            yield (*at, key), f"has '{key}' in {level}, where it has no effect", hint
        elif near:
            yield (*at, key), f"has the unknown property '{key}' in {level}", f"did you mean '{near}'?"
