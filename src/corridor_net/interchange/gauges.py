"""Gauges of rails as people write them: in millimetres, metres, feet and inches, or by name. Nothing else."""

from __future__ import annotations

import re
import unicodedata

INCH_MM = 25.4
NARROWEST, WIDEST = 100, 4000
"""Millimetres between which a number is a gauge."""

NAMED = {
    "1000": "metre meter métrique metrica métrica meterspur mg метровая 米轨 米軌 미터궤",
    "1067": "cape kapspur капская",
    "1435": "standard normal normalspur regelspur european international sg стандартная нормальная европейская"
    " 标准 標準 准轨 準軌 标准轨 標準軌 표준궤",
    "1520": "russian soviet русская советская российская широкая ширококолейная 俄轨",
    "1524": "finnish финская",
    "1600": "irish ирландская",
    "1668": "iberian ibérico иберийская иберская",
    "1676": "indian индийская",
}
"""Gauges, in mm, by their names; a broad one is that of Russia where the word is Russian."""
SEVERAL = {
    "1520, 1524, 1600, 1668, 1676": "broad breitspur bg wide 宽轨 寬軌 広軌 광궤",
    "600, 750, 760, 762, 914, 1000, 1067": "narrow schmalspur ng узкая узкоколейная 窄轨 窄軌 狭軌 협궤",
}
"""Names that several gauges have, by these."""
FILLERS = (
    "gauge gauged track tracks mm мм millimetre millimetres millimeter millimeters 毫米 rail railway line dual mixed"
    " double and и und spur колея колеи железная дорога 轨 軌 轨距 軌間 궤간"
)
"""Words that say nothing beside a number or a name."""
FEET = re.compile(
    r"(\d+)\s*(?:feet|foot|ft\.?|['’′]|фут\w*)\s*[-–]?\s*"
    r"(?:(\d+(?:\.\d+)?)?\s*(?:(\d)/(\d))?\s*(?:inch(?:es)?|in\.?|[\"”″]|''|дюйм\w*))?"
)
INCHES = re.compile(r"(\d+(?:\.\d+)?)\s*(?:(\d)/(\d))?\s*(?:inch(?:es)?|in\.?|[\"”″]|дюйм\w*)")
THOUSANDS = re.compile(r"(?<![\d.,])([12])[ ,.'’\u00a0\u202f](\d{3})(?![\d.,]*\d)")
METRES = re.compile(r"(?<![\d.,])([012](?:[.,]\d{1,4})?)\s*(?:m|м|metres?|meters?|метр\w*)(?!\w)")


def _words(texts: dict[str, str]) -> dict[str, str]:
    return {word: gauge for gauge, text in texts.items() for word in text.split()}


_NAMED, _SEVERAL, _FILLERS = _words(NAMED), _words(SEVERAL), frozenset(FILLERS.split())


def gauge_of(text: str) -> str | None:
    """Return gauges in mm as the package writes them, several parted by `;`; None for a text that says none.

    >>> gauge_of("1435 mm"), gauge_of("1520.0/1435"), gauge_of("1,520 mm"), gauge_of("1.067")
    ('1435', '1520;1435', '1520', '1067')
    >>> gauge_of("4 ft 8 1/2 in"), gauge_of("3'6\\""), gauge_of("Cape gauge"), gauge_of("широкая")
    ('1435', '1067', '1067', '1520')
    >>> gauge_of("broad"), gauge_of("unknown")
    (None, None)
    """
    plain = _in_mm(text)
    numbers = re.findall(r"\d+(?:\.\d+)?", plain)
    words = [word for word in re.split(r"[\d\W_]+", plain) if word and word not in _FILLERS]
    if not numbers:
        return ";".join(dict.fromkeys(_NAMED[word] for word in words)) if words and {*words} <= {*_NAMED} else None
    if not {*words} <= {*_NAMED, *_SEVERAL} or not all(_is_gauge(number) for number in numbers):
        return None
    return ";".join(dict.fromkeys(number.split(".")[0] for number in numbers))


def gauges_called(text: str) -> str:
    """Return the gauges that a name may mean, of one that several have; '' for any other text.

    >>> gauges_called("Broad gauge"), gauges_called("1676 mm (broad)")
    ('1520, 1524, 1600, 1668, 1676', '')
    """
    plain = _in_mm(text)
    found = [_SEVERAL[word] for word in re.split(r"[\W_]+", plain) if word in _SEVERAL]
    return found[0] if found and not re.search(r"\d", plain) else ""


def _in_mm(text: str) -> str:
    """Return a text in small letters, with its metres, feet and inches, and separators of thousands, as plain mm."""
    plain = re.sub(r"(\d)([¼½¾⅓⅔⅛⅜⅝⅞])", r"\1 \2", text.casefold())
    plain = unicodedata.normalize("NFKC", plain).replace("\u2044", "/")
    plain = FEET.sub(lambda found: _inches(12 * int(found[1]) + float(found[2] or 0), found[3], found[4]), plain)
    plain = INCHES.sub(lambda found: _inches(float(found[1]), found[2], found[3]), plain)
    plain = METRES.sub(lambda found: f" {1000 * float(found[1].replace(',', '.')):.0f} ", plain)
    return THOUSANDS.sub(r"\1\2", plain)


def _inches(whole: float, over: str | None, under: str | None) -> str:
    part = int(over) / int(under) if over and under and int(under) else 0.0
    return f" {INCH_MM * (whole + part):.0f} "


def _is_gauge(number: str) -> bool:
    return NARROWEST <= float(number) <= WIDEST and float(number).is_integer()
