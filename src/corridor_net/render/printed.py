"""Sentences as they are printed, before they are filled in: what stands in a field is never looked at."""

from __future__ import annotations

import re
from functools import lru_cache

_NUMBER = r"\{[^{}:|]*:(?:\+?[nmMdp]\d|\+?g\d?)\}"
"""A field of a number, of those that `render.words.Sentence` lists."""
_MINUS = re.compile(rf"(?<=[ (])-(?={_NUMBER})")
_RANGE = re.compile(rf"({_NUMBER})-(?={_NUMBER})|(?<![\w-])(\d+)-(?=\d+ ?%)")
"""The hyphen between two numbers, and between two per cents that are words of the sentence."""
_UNIT = re.compile(rf"(?:(?<=\d)|({_NUMBER})) (?=%)|({_NUMBER}) (?=(?:USD|CNY|JPY|KRW|RUB|TEU|km|kg|км|кг|сут|ч)\b)")
"""The space between a number and its unit, at which no line may end."""
CARBON = ("CO2e", "kg CO2e")
"""Labels that have an index."""


def indexed(text: str) -> str:
    """Return a text with the index of CO₂e."""
    return text.replace("CO2e", "CO₂e")


@lru_cache(2048)
def printed(template: str) -> str:
    """Return a template with a true minus, ranges with a dash, CO₂e, and a number with its unit.

    >>> printed("{usd:m0} USD ({low:m0}-{high:m0}), ^ -{theta:g}, 10-90 %: {kg:n0} kg CO2e")
    '{usd:m0}\\xa0USD ({low:m0}–{high:m0}), ^ −{theta:g}, 10–90\\xa0%: {kg:n0}\\xa0kg CO₂e'
    >>> printed("{link:name}-{node}, seed=-1, 2019-07, ISO 3166-1, '400 CNY of 2018', {a}-{b:n0}")
    "{link:name}-{node}, seed=-1, 2019-07, ISO 3166-1, '400 CNY of 2018', {a}-{b:n0}"
    """
    dashed = _RANGE.sub(lambda found: f"{found[1] or found[2]}–", _MINUS.sub("−", indexed(template)))
    return _UNIT.sub(lambda found: f"{found[1] or found[2] or ''}\u00a0", dashed)
