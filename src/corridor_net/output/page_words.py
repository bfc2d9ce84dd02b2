"""The words of the pages of `web/`: what they show in English, and how it is said in a reader's language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from corridor_net.errors import markup
from corridor_net.render.words import Words

from .one_file import asset

_SAID = re.compile(r'(?<![\w.])t\(("(?:[^"\\]|\\.)*")')
_WRITTEN = re.compile(r"\[\[(.*?)\]\]", re.DOTALL)


def templates_of(name: str) -> list[str]:
    """Return the templates that a file of `web/` shows, each once: `t("…")` of a script, `[[…]]` of a page."""
    text = asset(name)
    found = _WRITTEN.findall(text) if name.endswith(".html") else map(json.loads, _SAID.findall(text))
    return list(dict.fromkeys(found))


def spoken(names: Iterable[str], words: Words) -> dict[str, Any]:
    """Return what scripts need to speak a language: its name, their templates in it, and the signs of its numbers."""
    templates = dict.fromkeys(one for name in names for one in templates_of(name))
    told = {one: words.printed.text(one) for one in templates}
    differing = {one: said for one, said in told.items() if said != one}
    return {"language": words.language, "words": differing, "marks": words.marks}


def written(page: str, words: Words) -> str:
    """Return a page with its words in the language.

    >>> written("<h1>[[Sources]]</h1>", Words(language="ja", catalogue={"Sources": "出所"}))
    '<h1>出所</h1>'
    """
    return _WRITTEN.sub(lambda found: markup(words.printed.text(found[1])), page)
