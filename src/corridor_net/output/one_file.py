"""The files of `web/` as one page that needs no other: styles, scripts and their hashes, fields filled."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from importlib import resources


def fill(page: str, fields: Mapping[str, str]) -> str:
    """Return a page with its fields filled; what is filled in is not looked at again.

    >>> fill("<p>{{a}}</p>", {"a": "{{b}}"})
    '<p>{{b}}</p>'
    """
    return re.sub(r"\{\{(\w+)\}\}", lambda match: fields[match[1]], page)


def content_hash(text: str) -> str:
    """Return the source expression of a script or style in a Content-Security-Policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def bundle(names: Iterable[str]) -> str:
    """Return modules of `web/` as one, in this order: imports are left out, exports are plain declarations."""
    texts = [re.sub(r"^import .*\n", "", asset(name), flags=re.MULTILINE) for name in names]
    return re.sub(r"^export ", "", "\n".join(texts), flags=re.MULTILINE)


def asset(name: str) -> str:
    """Return a file of `web/`."""
    return (resources.files("corridor_net") / "web" / name).read_text(encoding="utf-8")
