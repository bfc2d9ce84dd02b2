"""Charts as PNG, for slides and pages that take no SVG: needs the extra `png`. The same font everywhere."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec

from corridor_net.errors import UserError

from .fonts import FONT, KNOWN, TAGS, check, face_for, plain_faces
from .regional import file_of

ZOOM = 2.0
"""Pixels a unit of the SVG: 2,176 across a chart."""


def needed(texts: Iterable[str] = (), language: str = "en") -> None:
    """Raise UserError where the extra `png` is not there, or no font shows a language or the signs of some texts."""
    if find_spec("font_source_sans_pro") is None or find_spec("resvg_py") is None:
        raise UserError("PNG needs two more packages", hint="pip install 'corridor-net[png]'")
    check(texts, language)


def png_of(svg: str, language: str = "en") -> bytes:
    """Return an SVG text as PNG; raise UserError without the extra `png`.

    Words are set in one font that comes with the extra, so that they look the same on every machine; signs of East Asia
    in one that is on the machine, or in the extra `cjk`. That one has one weight, so a title with them is all of it.
    """
    needed()
    import resvg_py

    face = None if svg.isascii() else face_for(language)
    drawn = svg.replace("font-weight:600", "font-weight:400") if language in KNOWN else svg
    tag = TAGS.get(language, language)
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawn.replace("system-ui,sans-serif", FONT).replace("<svg ", f'<svg xml:lang="{tag}" ', 1),
            zoom=ZOOM,
            skip_system_fonts=True,
            font_files=[*plain_faces(), *([file_of(face, language, svg)] if face else [])],
            font_family=FONT,
            sans_serif_family=FONT,
        )
    )
