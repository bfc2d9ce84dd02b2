"""Sentences as they are printed, before they are filled in: what stands in a field is never looked at."""

from __future__ import annotations

import re
from functools import lru_cache

_NUMBER = r"\{[^{}:|]*:(?:\+?[nmMdp]\d|\+?g\d?)\}"
"""A field of a number, of those that `render.words.Sentence` lists."""
_MINUS = re.compile(rf"(?<=[ (])-(?={_NUMBER})")
_RANGE = re.compile(rf"({_NUMBER})-(?={_NUMBER})|(?<![\w-])(\d+)-(?=\d+ ?%)")
"""The hyphen between two numbers, and between two per cents that are words of the sentence."""
_BETWEEN = re.compile(
    r"(\{[\w.]+:name\})-(?=\{[\w.]+:name\})|(\{(?:first|base_year)(?:\.year)?\})-(?=\{last(?:\.year)?\})"
    r"|(?<![\w-])([12]\d{3})-(?=(?:[12]\d{3}|1[3-9]|[2-9]\d)(?![\w-]))"
)
"""The hyphen between two places, and between two years."""
_NUMBERS = re.compile(r"(?<![\w./-])((?!\d{4}-(?:0\d|1[0-2])\b)\d[\d.,]*)-(?=\d[\d.,]*(?![\w/-]))")
"""The hyphen between two numbers of a text, but for days and months."""
_APART = re.compile(r"(?<=\S) - (?=\S)")
_UNIT = re.compile(rf"(?:(?<=\d)|({_NUMBER})) (?=%)|({_NUMBER}) (?=(?:USD|CNY|JPY|KRW|RUB|TEU|km|kg|км|кг|сут|ч)\b)")
"""The space between a number and its unit, or within one, at which no line may end."""
_OF_CARBON = re.compile("(\u00a0[kк][gг]) (?=CO₂e)")
NO_BREAK = "\N{NO-BREAK SPACE}"
CARBON = ("CO2e", "kg CO2e")
"""Labels that have an index."""


def indexed(text: str) -> str:
    """Return a text with the index of CO₂e."""
    return text.replace("CO2e", "CO₂e")


def apart(text: str, language: str) -> str:
    """Return a text with the dash of a language in place of hyphens between blanks."""
    return _APART.sub(" — " if language == "ru" else " – ", text)


def title_printed(text: str, language: str) -> str:
    """Return a title or a year of the data as it is printed: with dashes, and per cent at once after its number.

    >>> title_printed("Rates of 2015-2020, 40,000-45,000 won - 3 % more, 2019-07-01, FKXP-1", "en")
    'Rates of 2015–2020, 40,000–45,000 won – 3% more, 2019-07-01, FKXP-1'
    """
    return apart(_NUMBERS.sub("\\1–", text).replace(" %", "%" if language != "ru" else f"{NO_BREAK}%"), language)


def printed_label(text: str, known: str, language: str) -> str:
    """Return what a label is in a language as it is printed."""
    return apart(indexed(known).replace(" CO₂e", f"{NO_BREAK}CO₂e") if text.strip() in CARBON else known, language)


@lru_cache(2048)
def printed(template: str, language: str = "en") -> str:
    """Return a template with a true minus, ranges with a dash, CO₂e, and a number with its unit.

    A hyphen between blanks is the dash of the language.

    >>> printed("{usd:m0} USD ({low:m0}-{high:m0}), ^ -{theta:g}, 10-90%: {kg:n0} kg CO2e")
    '{usd:m0}\\xa0USD ({low:m0}–{high:m0}), ^ −{theta:g}, 10–90%: {kg:n0}\\xa0kg\\xa0CO₂e'
    >>> printed("{link:name}-{node}, seed=-1, 2019-07, ISO 3166-1, '400 CNY of 2018', {a}-{b:n0}")
    "{link:name}-{node}, seed=-1, 2019-07, ISO 3166-1, '400 CNY of 2018', {a}-{b:n0}"
    >>> printed("{a:name} - {b:name}", "ru"), printed("2011-14, {first}-{last}, {a:name}-{b:name}")
    ('{a:name} — {b:name}', '2011–14, {first}–{last}, {a:name}–{b:name}')
    """
    dashed = _RANGE.sub(lambda found: f"{found[1] or found[2]}–", _MINUS.sub("−", indexed(template)))
    dashed = _BETWEEN.sub(lambda found: f"{found[1] or found[2] or found[3]}–", apart(dashed, language))
    united = _UNIT.sub(lambda found: f"{found[1] or found[2] or ''}\u00a0", dashed)
    return _OF_CARBON.sub("\\1\u00a0", united)
