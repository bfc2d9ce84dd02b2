"""Patterns that a data package asks of its cells, in a time that grows with the text alone, whoever wrote them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

_SLOW = re.compile(r"\)[+*{]|[+*}].*[+*}]", re.DOTALL)
"""A group that repeats, or two repeats: by trying one way after the other, such a pattern may take for ever."""


@dataclass(frozen=True, slots=True)
class LinearPattern:
    """A pattern that is matched without going back (by the engine of pydantic)."""

    pattern: str

    def fullmatch(self, text: str) -> bool:
        """Whether a text is as the pattern says."""
        return bool(_engine(self.pattern).isinstance_python(text))


Pattern = re.Pattern[str] | LinearPattern


def pattern_of(text: str) -> Pattern:
    """Return a pattern; raise ValueError where it is none, or could only be matched by going back again and again."""
    try:
        made = re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from None
    if not _SLOW.search(text):
        return made
    from pydantic_core import SchemaError

    try:
        _engine(text)
    except SchemaError as error:
        reason = str(error).strip().splitlines()[-1].removeprefix("error: ")
        raise ValueError(f"repeats together with this may take for ever: {reason}") from None
    return LinearPattern(text)


@cache
def _engine(pattern: str) -> Any:
    from pydantic_core import SchemaValidator, core_schema

    return SchemaValidator(core_schema.str_schema(pattern=rf"\A(?:{pattern})\z"))
