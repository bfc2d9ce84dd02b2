"""A font for the signs of East Asia in the forms of one language: what a picture needs of it, in a file of its own.

A font for all of them has every form, and shows one where nobody asks for another; what draws pictures cannot ask.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from corridor_net.languages import catalogue

from .fonts import Face

SYSTEMS = {"ja": "JAN ", "ko": "KOR ", "zh": "ZHS "}
"""What fonts call languages."""


def file_of(face: Face, language: str, text: str) -> str:
    """Return the path of a font that shows the signs of a text in the forms of a language.

    Those of Latin too: where two of them are one in the font before it, this one sets the whole line.
    """
    known = _signs("".join(catalogue(language).values()))
    return str(_made(face, language, known | _signs(text))[1])


def _signs(text: str) -> frozenset[int]:
    return frozenset(map(ord, text))


@cache
def _made(face: Face, language: str, signs: frozenset[int]) -> tuple[TemporaryDirectory[str], Path]:
    """Return a folder, there as long as this process, and the font in it."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="corridor-net-")
    path = Path(folder.name) / f"{language}.otf"
    options = Options(layout_features=[], notdef_outline=True, drop_tables=["DSIG", "VORG", "vhea", "vmtx", "GPOS"])
    with TTFont(face.path, fontNumber=face.number, lazy=True) as whole:
        forms = _forms(whole, SYSTEMS.get(language, ""))
    with TTFont(face.path, fontNumber=face.number, lazy=True, recalcTimestamp=False) as font:
        for table in font["cmap"].tables:
            if table.isUnicode() and hasattr(table, "cmap"):
                table.cmap = {sign: forms.get(glyph, glyph) for sign, glyph in table.cmap.items()}
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=signs)
        subsetter.subset(font)
        font.save(path)
    return folder, path


def _forms(font: Any, system: str) -> dict[str, str]:
    """Return which glyph a language has in place of which, as the feature `locl` of a font says."""
    found: dict[str, str] = {}
    if "GSUB" not in font:
        return found
    table = font["GSUB"].table
    for script in table.ScriptList.ScriptRecord if table.ScriptList else ():
        for record in script.Script.LangSysRecord:
            for number in record.LangSys.FeatureIndex if record.LangSysTag == system else ():
                feature = table.FeatureList.FeatureRecord[number]
                for lookup in feature.Feature.LookupListIndex if feature.FeatureTag == "locl" else ():
                    for part in table.LookupList.Lookup[lookup].SubTable:
                        found |= getattr(getattr(part, "ExtSubTable", part), "mapping", {})
    return found
