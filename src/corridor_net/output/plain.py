"""Text of people's files as a terminal may show it: what would steer it, or turn the reading, is spelt out."""

from __future__ import annotations

import re

STEERS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # controls but tab and end of line
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff"  # direction of reading, unseen marks
    "\ud800-\udfff\U000e0000-\U000e007f]"  # halves of characters, tags
)
"""Characters that are never shown as they are."""


def plain(text: str) -> str:
    """Return a text with every character that steers a terminal or turns the reading as its code.

    >>> plain("a\\x1b[31mb\\u202ec")
    'a\\\\x1b[31mb\\\\u202ec'
    """
    return STEERS.sub(lambda match: code(match[0]), text)


def code(character: str) -> str:
    r"""Return the code of a character as Python writes it: `\x1b`, `\u202e`, `\U000e0001`."""
    number = ord(character)
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}" if number < 65536 else f"\\U{number:08x}"
