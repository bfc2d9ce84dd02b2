"""Errors in the reader's language: a message is known by the template of the catalogue that it fits, and filled anew.

Errors are made where there is no reader. A catalogue holds what they may say with numbered fields, as in
`unknown node '{0}'`: what stands in the message in place of a field is put into the translation, names of places and
words translated, what is quoted as it was typed. A message without a template stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from corridor_net.errors import CorridorError
from corridor_net.render.words import Words

from . import catalogue

FIELD = re.compile(r"\{(\d)\}")
QUOTES = "'\""
Pattern = tuple[re.Pattern[str], str]


def told(text: str, words: Words) -> str:
    """Return a message in the language of words.

    >>> from corridor_net.languages import words_for
    >>> told("unknown node 'harbn'", words_for(language="ru"))
    "неизвестный пункт 'harbn'"
    """
    if words.language == "en":
        return text
    if text in words.catalogue:
        return words.catalogue[text]
    for pattern, template in _patterns(words.language):
        found = pattern.fullmatch(text)
        if found is not None:
            values = {name: _value(text, found, name, words) for name in found.groupdict()}
            return template.format(*(values[f"f{number}"] for number in range(len(values))))
    name, _, reason = text.partition(": ")
    return f"{words.names[name]}: {told(reason, words)}" if name in words.names else text


def in_words(error: CorridorError, words: Words) -> CorridorError:
    """Put the message and the hint of an error, and those of its faults, into a language; return the error."""
    error.message = told(error.message, words)
    error.hint = told(error.hint, words) if error.hint else error.hint
    for fault in getattr(error, "faults", ()):
        in_words(fault, words)
    return error


def _value(text: str, found: re.Match[str], name: str, words: Words) -> str:
    start, end = found.span(name)
    value = found[name]
    if start and text[start - 1] in QUOTES and text[end : end + 1] == text[start - 1]:
        return value
    parts = value.split("; ")
    if len(parts) > 1:
        return "; ".join(told(part, words) for part in parts)
    return words.names.get(value) or told(value, words)


@lru_cache(maxsize=8)
def _patterns(language: str) -> tuple[Pattern, ...]:
    """Return what messages look like, those with the most letters of their own first, with their translations."""
    known: Mapping[str, str] = catalogue(language)
    listed = sorted((key for key in known if FIELD.search(key)), key=lambda key: (-len(FIELD.sub("", key)), key))
    return tuple((_pattern(key), known[key]) for key in listed)


def _pattern(template: str) -> re.Pattern[str]:
    parts = FIELD.split(template)  # words and numbers of fields, one after the other
    told = [f"(?P<f{part}>.*?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    return re.compile("".join(told), re.DOTALL)
