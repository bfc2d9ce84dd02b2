"""Numbers and sentences in the reader's language: a number is formatted here, a sentence is filled in here."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

LANGUAGES = ("en", "zh", "ja", "ru", "ko")
ABSENT = "-"
"""What stands where there is nothing to show."""
_MARKS = {"ru": ("\N{NO-BREAK SPACE}", ",")}
"""Signs between thousands and before decimals, where they are not ',' and '.'."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence to be filled in: `template` with `{name:kind}` fields, and their values.

    Kinds: `n0`, `n1`, ... numbers with so many digits, `+n0` with a sign, `p0` shares in per cent, `name` and
    `names` for an id and several, none for text.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)


def say(template: str, **values: Any) -> Sentence:
    """Return a sentence.

    >>> Words().text(say("{port} wins in {share:p0} and costs {usd:n0} USD", port="Busan", share=0.625, usd=1234.4))
    'Busan wins in 62% and costs 1,234 USD'
    """
    return Sentence(template, values)


@dataclass(frozen=True, slots=True)
class Words:
    """A language: its catalogue of templates, and the names of places and assets."""

    language: str = "en"
    catalogue: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, key: str | None) -> str:
        """Return the name of a place or asset; the key itself where it has none."""
        return ABSENT if key is None else self.names.get(key, key)

    def listed(self, keys: Sequence[str]) -> str:
        """Return the names of places or assets, semicolons between them, as names hold commas; a dash for none."""
        return "; ".join(map(self.name, keys)) or ABSENT

    def step(self, text: str) -> str:
        """Return a word and the name of what it is done at.

        >>> Words(names={"dalian-busan": "Dalian - Busan"}).step("board dalian-busan")
        'board Dalian - Busan'
        """
        kind, _, subject = text.partition(" ")
        return f"{self.label(kind)} {self.name(subject)}" if subject else self.label(self.name(kind))

    def label(self, text: str) -> str:
        """Return a heading or label in the language."""
        return self.catalogue.get(text, text)

    def text(self, sentence: Sentence | str) -> str:
        """Return a sentence filled in."""
        if isinstance(sentence, str):
            return self.label(sentence)
        return _Filler(self).vformat(self.label(sentence.template), (), dict(sentence.values))

    def number(self, value: float | None, digits: int = 0, *, sign: bool = False) -> str:
        """Return a number with thousands apart; a dash where there is none; never a minus nought.

        >>> Words().number(-0.004, 2, sign=True), Words("ru").number(1234.5, 1)
        ('+0.00', '1\\xa0234,5')
        """
        if value is None or value != value:
            return ABSENT
        text = format(value, f"{'+' if sign else ''}z,.{digits}f")
        thousands, decimals = _MARKS.get(self.language, (",", "."))
        return text.translate({ord(","): thousands, ord("."): decimals})

    def share(self, value: float | None, digits: int = 0, *, sign: bool = False) -> str:
        """Return a share in per cent; a dash where there is none."""
        if value is None or value != value:
            return ABSENT
        return f"{self.number(100 * value, digits, sign=sign)}%"


class _Filler(string.Formatter):
    def __init__(self, words: Words) -> None:
        self.words = words

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec == "name":
            return self.words.name(value)
        if format_spec == "names":
            return self.words.listed(value)
        kind, digits = format_spec[:-1].lstrip("+"), format_spec[-1:]
        if kind == "n":
            return self.words.number(value, int(digits), sign=format_spec[0] == "+")
        if kind == "p":
            return self.words.share(value, int(digits))
        return str(super().format_field(value, format_spec))
