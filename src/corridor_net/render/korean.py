"""Korean particles, whose form follows from the sound before them: written in both forms, one is chosen when filled."""

from __future__ import annotations

import re
from math import inf

PARTICLES = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "와(과)": ("과", "와"),
    "과(와)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)라": ("이라", "라"),
}
"""What a template holds, and what it becomes after a consonant and after a vowel."""
WRITTEN = re.compile(r"([0-9A-Za-z%\uac00-\ud7a3])([\"'’”»)\]]*)(" + "|".join(map(re.escape, PARTICLES)) + ")")
FIRST, FINALS, RIEUL = 0xAC00, 28, 8
"""The first syllable of Unicode, the finals a syllable may have (none is the first), and the number of the final l."""
OF_DIGITS = {"0": inf, "1": RIEUL, "3": inf, "6": inf, "7": RIEUL, "8": RIEUL}
"""The finals of digits as they are read; those left out end in a vowel, as per cent does."""


def _final(sign: str) -> float | None:
    """Return the final consonant of a sign, 0 for a vowel; None of a Latin letter, whose sound is not known."""
    if sign.isdigit() or sign == "%":
        return OF_DIGITS.get(sign, 0)
    return (ord(sign) - FIRST) % FINALS if ord(sign) >= FIRST else None


def with_particles(text: str) -> str:
    """Return a text with each particle in the form that the sound before it asks for; after Latin letters in both.

    >>> with_particles("다롄은(는) 부산(으)로, 하얼빈와(과) '서울'(으)로 3(으)로 Rajin이(가)")
    "다롄은 부산으로, 하얼빈과 '서울'로 3으로 Rajin이(가)"
    """

    def chosen(match: re.Match[str]) -> str:
        sign, marks, particle = match.groups()
        final = _final(sign)
        if final is None:
            return match[0]
        after_consonant, after_vowel = PARTICLES[particle]
        vowel = final == 0 or (particle == "(으)로" and final == RIEUL)
        return f"{sign}{marks}{after_vowel if vowel else after_consonant}"

    return WRITTEN.sub(chosen, text)
