"""Charts as PNG, for slides and pages that take no SVG: needs the extra `png`. The same font everywhere."""

from __future__ import annotations

from importlib.util import find_spec

from corridor_net.errors import UserError

FONT = "Source Sans Pro"
ZOOM = 2.0
"""Pixels a unit of the SVG: 2,160 across a chart."""


def needed() -> None:
    """Raise UserError where the extra `png` is not there."""
    if find_spec("font_source_sans_pro") is None or find_spec("resvg_py") is None:
        raise UserError("PNG needs two more packages", hint="pip install 'corridor-net[png]'")


def png_of(svg: str) -> bytes:
    """Return an SVG text as PNG; raise UserError without the extra `png`.

    Words are set in one font that comes with the extra, so that they look the same on every machine.
    """
    needed()
    from importlib import resources

    import font_source_sans_pro as font
    import resvg_py

    files = resources.files(font) / "files"
    faces = [str(files / f"SourceSansPro-{weight}.ttf") for weight in ("Regular", "Semibold")]
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg.replace("system-ui,sans-serif", FONT),
            zoom=ZOOM,
            skip_system_fonts=True,
            font_files=faces,
            font_family=FONT,
            sans_serif_family=FONT,
        )
    )
