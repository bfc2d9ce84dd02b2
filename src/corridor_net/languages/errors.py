"""Errors in the reader's language: a message is known by the template of the catalogue that it fits, and filled again.

Errors are made where there is no reader. A catalogue holds what they may say with numbered fields, as in
`unknown node '{0}'`: what stands in the message in place of a field is put into the translation, names of places and
words translated, what is quoted and names of columns and tables as they were typed. A message without a template is
told part by part between its colons; a part without one stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from corridor_net.errors import MOST_FAULTS, MOST_SHOWN, CorridorError
from corridor_net.render.korean import with_particles
from corridor_net.render.words import Words

from . import catalogue

FIELD = re.compile(r"\{(\d+)\}")
COLON = ": "
QUOTES = "'\""
CELL = re.compile(r" (=|'|-?\d)")
"""What follows the name of a column, with which a message about a cell begins; the name stays as it is in the file."""
NAMED = ("table ", "tables ", "column ", "columns ")
"""What stands before a name of the data."""
Template = tuple[tuple[str, ...], str, int]
"""Words and numbers of fields in turn, the translation, and how many letters are its own."""


def told(text: str, words: Words) -> str:
    """Return a message in the language of words.

    >>> from corridor_net.languages import words_for
    >>> told("unknown node 'harbn'", words_for(language="ru"))
    "неизвестный пункт 'harbn'"
    """
    if words.language == "en":
        return text
    shown = text[:MOST_SHOWN]
    said = max(_told(shown, words), _list_told(shown, words), key=lambda one: one[0])[1] + text[MOST_SHOWN:]
    return with_particles(said) if words.language == "ko" else said


def _told(text: str, words: Words) -> tuple[int, str]:
    """Return how many letters of a message are known, and the message in a language: as what most of it is known."""
    if text in words.catalogue:
        return len(text), words.catalogue[text]
    found = [(0, text)]
    before, colon, after = text.partition(": ")
    if colon:
        head = (len(before), words.names[before]) if before in words.names else _told(before, words)
        tail = _told(after, words)
        found.append((head[0] + tail[0], f"{head[1]}{words.label(COLON)}{tail[1]}"))
    for parts, template, letters in _templates(words.language):
        match = all(part in text for part in parts[::2]) and _pattern(parts).fullmatch(text)
        if match:
            values = [_value(text, match, f"f{number}", words) for number in range(len(match.groupdict()))]
            said = template.format(*(value for _, value in values))
            found.append((letters + sum(known for known, _ in values), said))
            break
    return max(found, key=lambda one: one[0])


def _list_told(text: str, words: Words) -> tuple[int, str]:
    """Return the same of a message that holds a list after its first colon: item by item."""
    before, _, after = text.partition(COLON)
    items = [_told(item, words) for item in after.split("; ")]
    if len(items) < 2:
        return 0, text
    known, head = _told(before, words)
    listed = words.label("; ").join(said for _, said in items)
    return known + sum(of for of, _ in items), f"{head}{words.label(COLON)}{listed}"


def in_words(error: CorridorError, words: Words) -> CorridorError:
    """Put the message and the hint of an error, and those of its faults, into a language; return the error."""
    error.message = told(error.message, words)
    error.hint = told(error.hint, words) if error.hint else error.hint
    for fault in getattr(error, "faults", ())[:MOST_FAULTS]:
        in_words(fault, words)
    return error


def _value(text: str, found: re.Match[str], name: str, words: Words) -> tuple[int, str]:
    """Return how much of what stands in a field is known, and what to put in its place."""
    start, end = found.span(name)
    value = found[name]
    quoted = start and text[start - 1] in QUOTES and text[end : end + 1] == text[start - 1]
    column = value.isidentifier() and (CELL.match(text, end) if start == 0 else text[:start].endswith(NAMED))
    if quoted or column:
        return 0, value
    if value in words.names:
        return len(value), words.names[value]
    parts = [_told(part, words) for part in value.split("; ")]
    return sum(known for known, _ in parts), words.label("; ").join(said for _, said in parts)


@lru_cache(maxsize=8)
def _templates(language: str) -> tuple[Template, ...]:
    """Return what messages look like, those with the most letters of their own first, with their translations."""
    known: Mapping[str, str] = catalogue(language)
    split = ((tuple(FIELD.split(key)), said) for key, said in known.items() if FIELD.search(key))
    found = ((parts, said, sum(map(len, parts[::2]))) for parts, said in split)
    return tuple(sorted(found, key=lambda one: (-one[2], one[0])))


@cache
def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a template: words and numbers of fields, one after the other."""
    said = [f"(?P<f{part}>.*?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    return re.compile("".join(said), re.DOTALL)
