"""Errors in the reader's language: a message is known by the template of the catalogue that it fits, and filled again.

Errors are made where there is no reader. A catalogue holds what they may say with numbered fields, as in
`unknown node '{0}'`: what stands in the message in place of a field is put into the translation, names of places and
words translated, what is quoted and names of columns and tables as they were typed. A message without a template is
told part by part between its colons; a part without one stays as it is.

A field may be a count with what follows it of one and of many, and a word that agrees with it: `{0:n0|link is|links
are} longer than {0:|its|their} drawing`. Its translation may be two or three, as the plural of the language goes, with
` || ` between them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from itertools import product
from typing import TypeAlias

from corridor_net.errors import MOST_FAULTS, MOST_SHOWN, CorridorError
from corridor_net.render.korean import with_particles
from corridor_net.render.words import Words

from . import catalogue

FIELD = re.compile(r"\{(\d+)\}")
COLON = ": "
COUNT = re.compile(r"\{(\d+):(n0)?\|([^|}]*)\|([^|}]*)\}")
"""A count with what follows it, or a word that agrees with it: number of the field, forms of one and of many."""
BETWEEN_PLURALS = " || "
QUOTES = "'\""
CELL = re.compile(r" (=|'|-?\d)")
"""What follows the name of a column, with which a message about a cell begins; the name stays as it is in the file."""
NAMED = ("table ", "tables ", "column ", "columns ")
"""What stands before a name of the data."""
Known: TypeAlias = tuple[int, str]
"""How many letters of a text are known, and the text in a language."""
Telling: TypeAlias = Callable[[str], Known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a message may look like: words and numbers of fields in turn; `ones`: the counts that are 1 in it.

    `said` is the translation, `count` the field that its plural goes by.
    """

    parts: tuple[str, ...]
    said: str
    ones: tuple[int, ...] = ()
    count: int = 0

    @property
    def letters(self) -> int:
        """How many letters are its own."""
        return sum(map(len, self.parts[::2]))

    def filled(self, values: Mapping[int, str], words: Words) -> str:
        """Return the translation with values in the place of its fields."""
        plurals = self.said.split(BETWEEN_PLURALS)
        said = words.form(values[self.count].replace(",", ""), plurals) if len(plurals) > 1 else plurals[0]
        return said.format(*(values[number] for number in range(len(values))))


def translated(text: str, words: Words) -> str:
    """Return a message in the language of words.

    >>> from corridor_net.languages import words_for
    >>> translated("unknown node 'harbn'", words_for(language="ru"))
    "неизвестный пункт 'harbn'"
    """
    if words.language == "en":
        return text
    shown = text[:MOST_SHOWN]
    telling = partial(_translated, words=words, seen={})
    listed = _list_translated(shown, words, telling) if "; " in shown else (0, shown)
    said = max(telling(shown), listed, key=lambda one: one[0])[1] + text[MOST_SHOWN:]
    return with_particles(said) if words.language == "ko" else said


def _translated(text: str, words: Words, seen: dict[str, Known]) -> Known:
    """Return how many letters of a message are known, and the message in a language: as what most of it is known.

    The same part is met by many ways, which are more than can be gone with every colon: `seen` holds what was found.
    """
    if text not in seen:
        seen[text] = _found(text, words, partial(_translated, words=words, seen=seen))
    return seen[text]


def _found(text: str, words: Words, telling: Telling) -> Known:
    if text in words.catalogue:
        return len(text), words.catalogue[text]
    found = [(0, text)]
    before, colon, after = text.partition(": ")
    if colon:
        head = (len(before), words.names[before]) if before in words.names else telling(before)
        tail = telling(after)
        found.append((head[0] + tail[0], f"{head[1]}{words.label(COLON)}{tail[1]}"))
    for template in _templates(words.language):
        match = all(part in text for part in template.parts[::2]) and _pattern(template.parts).fullmatch(text)
        if match:
            values = {int(number): _value(text, match, f"f{number}", words, telling) for number in template.parts[1::2]}
            values |= dict.fromkeys(template.ones, (1, "1"))
            said = template.filled({number: value for number, (_, value) in values.items()}, words)
            found.append((template.letters + sum(known for known, _ in values.values()), said))
            break
    return max(found, key=lambda one: one[0])


def _list_translated(text: str, words: Words, telling: Telling) -> Known:
    """Return the same of a message that holds a list after its first colon: item by item."""
    before, _, after = text.partition(COLON)
    items = [telling(item) for item in after.split("; ")]
    if len(items) < 2:
        return 0, text
    known, head = telling(before)
    listed = words.label("; ").join(said for _, said in items)
    return known + sum(of for of, _ in items), f"{head}{words.label(COLON)}{listed}"


def in_words(error: CorridorError, words: Words) -> CorridorError:
    """Put the message and the hint of an error, and those of its faults, into a language; return the error."""
    error.message = translated(error.message, words)
    error.hint = translated(error.hint, words) if error.hint else error.hint
    for fault in getattr(error, "faults", ())[:MOST_FAULTS]:
        in_words(fault, words)
    return error


def _value(text: str, found: re.Match[str], name: str, words: Words, telling: Telling) -> Known:
    """Return how much of what stands in a field is known, and what to put in its place."""
    start, end = found.span(name)
    value = found[name]
    quoted = start and text[start - 1] in QUOTES and text[end : end + 1] == text[start - 1]
    column = value.isidentifier() and (CELL.match(text, end) if start == 0 else text[:start].endswith(NAMED))
    if quoted or column:
        return 0, value
    if value in words.names:
        return len(value), words.names[value]
    parts = [telling(part) for part in value.split("; ")]
    return sum(known for known, _ in parts), words.label("; ").join(said for _, said in parts)


@lru_cache(maxsize=8)
def _templates(language: str) -> tuple[Template, ...]:
    """Return what messages look like, those with the most letters of their own first, with their translations."""
    found = [template for key, said in catalogue(language).items() for template in _forms(key, said)]
    return tuple(sorted(found, key=lambda one: (-one.letters, one.parts)))


def _forms(key: str, said: str) -> Iterator[Template]:
    """Give what a key of a catalogue looks like in a message: one template, of a key with counts one for each form."""
    counts = sorted({int(match[1]) for match in COUNT.finditer(key)})
    for ones in product((True, False), repeat=len(counts)):
        single = {number for number, one in zip(counts, ones, strict=True) if one}

        def form(match: re.Match[str], single: set[int] = single) -> str:
            one = int(match[1]) in single
            number = ("1 " if one else f"{{{match[1]}}} ") if match[2] else ""
            return number + match[3 if one else 4]

        parts = tuple(FIELD.split(COUNT.sub(form, key)))
        if counts or len(parts) > 1:
            yield Template(parts=parts, said=said, ones=tuple(single), count=counts[0] if counts else 0)


@cache
def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of a template: words and numbers of fields, one after the other."""
    said = [f"(?P<f{part}>.*?)" if number % 2 else re.escape(part) for number, part in enumerate(parts)]
    return re.compile("".join(said), re.DOTALL)
