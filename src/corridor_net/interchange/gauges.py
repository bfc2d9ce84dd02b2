"""Gauges of rails as people write them: in millimetres, metres, feet and inches, or by name. Nothing else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from types import MappingProxyType

INCH_MM = 25.4
KNOWN = (
    "381 457 500 508 575 580 597 600 610 650 700 750 760 762 785 800 802 838 850 860 880 891 900 914 920 950 955 1000"
    " 1009 1016 1029 1035 1050 1055 1067 1093 1100 1106 1188 1200 1219 1295 1300 1372 1384 1397 1416 1422 1435 1440"
    " 1445 1450 1458 1473 1485 1495 1520 1524 1581 1588 1600 1622 1638 1665 1668 1672 1676 2140 3000"
)
"""Gauges of railways there are or were, in mm."""
WITHIN_MM = 2
"""How far from a known gauge one may be, as rounding and the wear of rails make it."""
NAME_WITHIN_MM = 10
"""How far a number may be from the gauge that a name beside it says."""

NAMED = {
    "1000": "metre meter métrique metrica métrica meterspur mg метровая 米轨 米軌 미터궤",
    "1067": "cape kapspur капская",
    "1435": "standard normal normalspur regelspur european international sg стандартная нормальная европейская"
    " 标准 標準 准轨 準軌 标准轨 標準軌 표준 표준궤 표준궤간",
    "1520": "russian soviet русская советская российская широкая ширококолейная 俄轨",
    "1524": "finnish финская",
    "1600": "irish ирландская",
    "1668": "iberian spanish ibérico иберийская иберская",
    "1676": "indian индийская",
}
"""Gauges, in mm, by their names; a broad one is that of Russia where the word is Russian."""
SEVERAL = {
    "1520, 1524, 1600, 1668, 1676": "broad breitspur bg wide 宽轨 寬軌 広軌 광궤 광궤간",
    "600, 750, 760, 762, 914, 1000, 1067": "narrow schmalspur ng узкая узкоколейная 窄轨 窄軌 狭軌 협궤 협궤간",
}
"""Names that several gauges have, by these."""
FILLERS = (
    "gauge gauged track tracks mm мм millimetre millimetres millimeter millimeters 毫米 rail railway line dual mixed"
    " double spur колея колеи железная дорога 轨 軌 轨距 軌間 궤간"
)
"""Words that say nothing beside a number or a name."""
FEET = re.compile(
    r"(\d+)\s*(?:feet|foot|ft\.?|['’′]|фут\w*)\s*[-–]?\s*"
    r"(?:(\d{1,2}(?:\.\d+)?(?![\d/]))?\s*(?:(\d)/(\d))?\s*(?:inch(?:es)?|in\.?|[\"”″]|''|дюйм\w*)?)"
)
INCHES = re.compile(r"(\d+(?:\.\d+)?)\s*(?:(\d)/(\d))?\s*(?:inch(?:es)?|in\.?|[\"”″]|дюйм\w*)")
THOUSANDS = re.compile(r"(?<![\d.,])([12])[ ,.'’\u00a0\u202f](\d{3})(?![\d.,]*\d)")
BARE_METRES = re.compile(r"(?<![\d.,])([01][.,]\d{1,3})(?![\d.,]*\d)")
PARTS = re.compile(r"[;/+,&、，；]|\b(?:and|und|и|y|et)\b")
"""What stands between the gauges of a track that has several, once figures have no commas and fractions."""
METRES = re.compile(r"(?<![\d.,])([012](?:[.,]\d{1,4})?)\s*(?:m|м|metres?|meters?|метр\w*)(?!\w)")


def _words(texts: dict[str, str]) -> dict[str, str]:
    return {word: gauge for gauge, text in texts.items() for word in text.split()}


_NAMED, _SEVERAL, _FILLERS = _words(NAMED), _words(SEVERAL), frozenset(FILLERS.split())
_KNOWN = [int(mm) for mm in KNOWN.split()]


def gauge_of(text: str, named: Mapping[str, str] = MappingProxyType({})) -> str | None:
    """Return gauges in mm as the package writes them, several parted by `;`; None for a text that says none.

    `named` has gauges by what a mapping file calls them: a whole text, or one part of it.

    >>> gauge_of("1435 mm"), gauge_of("1520.0/1435"), gauge_of("1,520 mm"), gauge_of("1.067"), gauge_of("1.52")
    ('1435', '1520;1435', '1520', '1067', '1520')
    >>> gauge_of("4 ft 8 1/2 in"), gauge_of("4ft 8½"), gauge_of("3'6\\""), gauge_of("Cape gauge"), gauge_of("широкая")
    ('1435', '1435', '1067', '1067', '1520')
    >>> gauge_of("broad"), gauge_of("unknown"), gauge_of("2019"), gauge_of("standard;1520")
    (None, None, None, '1435;1520')
    """
    if text in named:
        return named[text]
    ours = {_in_mm(word).strip(): gauge for word, gauge in named.items()}
    found = [ours.get(part) or _one(part) for part in _parts(text)]
    return ";".join(dict.fromkeys(";".join(found).split(";"))) if found and all(found) else None


def gauges_called(text: str, named: Mapping[str, str] = MappingProxyType({})) -> tuple[str, list[str]]:
    """Return a part of a text that several gauges are called by and `named` does not tell, and these; else nothing.

    >>> gauges_called("Iberian;Broad gauge"), gauges_called("1676 mm (broad)")
    (('broad gauge', ['1520', '1524', '1600', '1668', '1676']), ('', []))
    """
    ours = {_in_mm(word).strip() for word in named}
    for part in _parts(text) if text not in named else ():
        found = [_SEVERAL[word] for word in re.split(r"[\W_]+", part) if word in _SEVERAL]
        if found and part not in ours and not re.search(r"\d", part):
            return (text if part == _in_mm(text).strip() else part), found[0].split(", ")
    return "", []


def _parts(text: str) -> list[str]:
    return [part.strip() for part in PARTS.split(_in_mm(text)) if part.strip()]


def _one(part: str) -> str:
    """Return the gauges of one part, which a name may stand beside; '' where it says none."""
    numbers = re.findall(r"\d+(?:\.\d+)?", part)
    words = [word for word in re.split(r"[\d\W_]+", part) if word and word not in _FILLERS]
    if not numbers:
        return ";".join(dict.fromkeys(_NAMED[word] for word in words)) if {*words} <= {*_NAMED} else ""
    if not {*words} <= {*_NAMED, *_SEVERAL} or not all(_is_gauge(number) for number in numbers):
        return ""
    made = [number.split(".")[0] for number in numbers]
    told = [int(_NAMED[word]) for word in words if word in _NAMED]
    if any(abs(int(mm) - name) > NAME_WITHIN_MM for mm in made for name in told):
        return ""
    return ";".join(dict.fromkeys(made))


def _in_mm(text: str) -> str:
    """Return a text in small letters, with its metres, feet and inches, and separators of thousands, as plain mm."""
    plain = re.sub(r"(\d)([¼½¾⅓⅔⅛⅜⅝⅞])", r"\1 \2", text.casefold())
    plain = unicodedata.normalize("NFKC", plain).replace("\u2044", "/")
    plain = FEET.sub(lambda found: _inches(12 * int(found[1]) + float(found[2] or 0), found[3], found[4]), plain)
    plain = INCHES.sub(lambda found: _inches(float(found[1]), found[2], found[3]), plain)
    plain = METRES.sub(lambda found: f" {1000 * float(found[1].replace(',', '.')):.0f} ", plain)
    plain = THOUSANDS.sub(r"\1\2", plain)
    return BARE_METRES.sub(lambda found: f"{1000 * float(found[1].replace(',', '.')):.0f}", plain)


def _inches(whole: float, over: str | None, under: str | None) -> str:
    part = int(over) / int(under) if over and under and int(under) else 0.0
    return f" {INCH_MM * (whole + part):.0f} "


def _is_gauge(number: str) -> bool:
    return float(number).is_integer() and any(abs(float(number) - known) <= WITHIN_MM for known in _KNOWN)
