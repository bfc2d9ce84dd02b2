"""Fonts for pictures and pages: the one that comes with the extra `png`, and one for Chinese, Japanese and Korean.

The second is looked for on this machine, then in the extra `cjk`. What no font shows is told, never drawn as boxes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from corridor_net.errors import UserError

FONT = "Source Sans Pro"
PACKAGED = "cvttf_NotoSansCJK_Regular"
"""The package of the extra `cjk`: Noto Sans CJK, under the SIL Open Font License."""
NOTO = {"ja": 0, "ko": 1, "zh": 2}
"""The face of a language in the collections of Noto Sans CJK."""
KNOWN = {
    "zh": (
        "NotoSansCJKsc-Regular.otf", "NotoSansSC-Regular.otf", "NotoSansSC-Regular.ttf", "SourceHanSansSC-Regular.otf",
        "SourceHanSansCN-Regular.otf", "msyh.ttc", "Hiragino Sans GB.ttc", "wqy-microhei.ttc", "wqy-zenhei.ttc",
    ),
    "ja": (
        "NotoSansCJKjp-Regular.otf", "NotoSansJP-Regular.otf", "NotoSansJP-Regular.ttf", "SourceHanSansJP-Regular.otf",
        "SourceHanSans-Regular.otf", "YuGothM.ttc", "meiryo.ttc", "ipaexg.ttf", "ipag.ttf",
    ),
    "ko": (
        "NotoSansCJKkr-Regular.otf", "NotoSansKR-Regular.otf", "NotoSansKR-Regular.ttf", "SourceHanSansKR-Regular.otf",
        "SourceHanSansK-Regular.otf", "malgun.ttf", "NanumGothic.ttf", "AppleSDGothicNeo.ttc",
    ),
}  # fmt: skip
"""Files of fonts by language, the best first, beside the collection NotoSansCJK-Regular.ttc."""
CALLED = {"zh": "Chinese", "ja": "Japanese", "ko": "Korean"}
HINT = "install Noto Sans CJK (Debian and Ubuntu: apt-get install fonts-noto-cjk), or pip install 'corridor-net[cjk]'"
TAGS = {"zh": "zh-Hans"}
"""Languages as fonts are told them, where they are not called as we call them."""


@dataclass(frozen=True, slots=True)
class Face:
    """A font: its file, the face of a collection, and its family."""

    path: str
    number: int
    family: str


def plain_faces() -> tuple[str, str]:
    """Return the files of the font of the extra `png`, plain and bold; it has Latin and Cyrillic."""
    from importlib import resources

    import font_source_sans_pro as font

    files = resources.files(font) / "files"
    plain, bold = (str(files / f"SourceSansPro-{weight}.ttf") for weight in ("Regular", "Semibold"))
    return plain, bold


@cache
def face_for(language: str) -> Face | None:
    """Return a font for the signs of East Asia, shaped as a language has them; None where there is none.

    For a language that needs none, one of any of the three.
    """
    wanted = [language] if language in KNOWN else list(KNOWN)
    there = _files()
    for one in wanted:
        for name, number in (("NotoSansCJK-Regular.ttc", NOTO[one]), *((name, 0) for name in KNOWN[one])):
            if name in there:
                return _face(there[name], number)
    spec = find_spec(PACKAGED)
    folders = spec.submodule_search_locations if spec else None
    found = sorted(Path(next(iter(folders))).glob("*.otf")) if folders else []
    return _face(str(found[0]), 0) if found else None


def _files() -> dict[str, str]:
    """Return the fonts of this machine, by the names of their files."""
    from matplotlib.font_manager import findSystemFonts

    return {Path(path).name: path for path in sorted(findSystemFonts())}


def _face(path: str, number: int) -> Face:
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=number, lazy=True) as font:
        names = font["name"]
        return Face(path, number, str(names.getDebugName(16) or names.getDebugName(1)))


@cache
def _signs(path: str, number: int) -> frozenset[int]:
    """Return the signs that a font shows."""
    from fontTools.ttLib import TTFont

    with TTFont(path, fontNumber=number, lazy=True) as font:
        return frozenset(font.getBestCmap())


def unshown(texts: Iterable[str], language: str = "en") -> str:
    """Return the signs of some texts that no font at hand shows, each once."""
    signs = {sign for text in texts for sign in text if ord(sign) > 0x7E and sign.isprintable()}
    left = {sign for sign in signs if ord(sign) not in _signs(plain_faces()[0], 0)}
    if left and (face := face_for(language)) is not None:
        left = {sign for sign in left if ord(sign) not in _signs(face.path, face.number)}
    return "".join(sorted(left))


def check(texts: Iterable[str] = (), language: str = "en") -> None:
    """Raise UserError where no font at hand shows a language, or the signs of some texts."""
    if language in KNOWN and face_for(language) is None:
        raise UserError(f"no font for {CALLED[language]} is on this machine", hint=HINT)
    left = unshown(texts, language)
    if left:
        raise UserError(f"no font on this machine shows {', '.join(left[:12])}", hint=HINT)
