"""Text of files that do not say their encoding: UTF-8 and UTF-16, else the one in which they are words."""

from __future__ import annotations

import re
from codecs import lookup
from collections.abc import Iterable
from pathlib import Path

from corridor_net.errors import BadFile, BadValue, Place, did_you_mean

from .notes import Notes

CALLED = {
    "cp932": "Shift-JIS (Japanese)",
    "euc-jp": "EUC-JP (Japanese)",
    "cp949": "EUC-KR (Korean)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "koi8-r": "KOI8-R (Cyrillic)",
    "cp866": "CP866 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1252": "Windows-1252",
}
"""The encodings that are looked for, and what they are called."""
NAME_IT = "--encoding names it, such as --encoding cp1251; or save the file as UTF-8"
SAMPLE = 65_536
"""Bytes before and behind the first that is no UTF-8 by which the encoding is told."""
WORD = re.compile(rb"[@-~]*[\x80-\xff][@-~\x80-\xff]*")
"""Letters beyond ASCII, and ASCII beside them: it may be of a letter of two bytes. Numbers round them mislead."""
OF_TWO_BYTES = ("cp932", "euc-jp", "cp949", "gb18030", "big5")
HIGH = re.compile(rb"[\x80-\xff]+")
KANA = re.compile(rb"[\xa6-\xdf]+")
"""Katakana of half width."""


def decoded(raw: bytes, path: Path, notes: Notes) -> str:
    """Return bytes of a file as text: UTF-8, UTF-16 with or without a mark, else by their letters, which is said.

    Raises BadFile when they are no text.
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    if notes.encoding:
        return _as_named(raw, path, notes.encoding)
    if b"\0" in raw[:4096]:
        return _unmarked(raw, path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = likely_encoding(raw[max(error.start - SAMPLE, 0) :][: 2 * SAMPLE])
        if not name:
            raise BadFile(
                f"nobody can tell the encoding of '{path.name}'", place=Place(str(path)), hint=NAME_IT
            ) from None
        notes.warn(
            f"{path.name} is not UTF-8 (byte {error.start}); it was read as {CALLED[name]}: look at the letters in"
            " names, and if they are wrong --encoding names another"
        )
        return raw.decode(name, errors="replace")


def _as_named(raw: bytes, path: Path, encoding: str) -> str:
    """Return bytes as text of the encoding that the user names; raise BadFile with the line that is none."""
    try:
        return raw.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        place = Place(str(path), line=raw.count(b"\n", 0, start) + 1)
        raise BadFile(f"'{path.name}' is not {encoding}", place=place, hint=NAME_IT) from None


def encoding_of(name: str) -> str:
    """Return an encoding as Python calls it; raise BadValue for one that is not known.

    >>> encoding_of("Windows-1251"), encoding_of("latin1"), encoding_of("")
    ('cp1251', 'iso8859-1', '')
    """
    try:
        "a".encode(name or "utf-8")  # base64 and others of bytes have a name too
        return lookup(name).name if name else ""
    except (LookupError, ValueError):
        raise BadValue(
            f"unknown encoding '{name}'", hint=did_you_mean(name, CALLED, otherwise=f"encodings: {', '.join(CALLED)}")
        ) from None


def _unmarked(raw: bytes, path: Path) -> str:
    """Return UTF-16 that has lost its mark: ASCII in it has every second byte zero."""
    head = raw[:4096]
    for name, zeros, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if zeros.count(0) > len(zeros) / 3 and not others.count(0) and len(raw) % 2 == 0:
            return raw.decode(name, errors="replace")
    raise BadFile(f"'{path.name}' is not a text file", place=Place(str(path)), hint="is it another format?")


def likely_encoding(raw: bytes) -> str:
    """Return the encoding of `CALLED` in which bytes are likeliest to be words, '' where they are in none.

    >>> [likely_encoding(text.encode(name)) for text, name in (("新潟みなと", "cp932"), ("哈尔滨", "gb18030"))]
    ['cp932', 'gb18030']
    >>> [likely_encoding(text.encode(name)) for text, name in (("Москва", "cp1251"), ("Genève", "cp1252"))]
    ['cp1251', 'cp1252']
    """
    runs = HIGH.findall(raw)
    alone = sum(len(run) == 1 for run in runs) > sum(map(len, runs)) / 2
    name = _detected(raw, [name for name in CALLED if not (alone and name in OF_TWO_BYTES)])
    if name not in OF_TWO_BYTES:
        return "cp932" if _is_kana(bytes(byte for byte in raw if byte > 0x7F)) else name
    name = _detected(b"\n".join(WORD.findall(raw)), OF_TWO_BYTES)
    if name == "euc-jp" and not re.search("[ぁ-ヿ]", raw.decode(name, errors="replace")):
        return "gb18030"  # Chinese characters alone may be either, and few files are EUC-JP
    return name


def _detected(raw: bytes, names: Iterable[str]) -> str:
    """Return the likeliest of some encodings, '' for none of them."""
    import chardet  # a twentieth of a second, for files that are not UTF-8 alone

    found = chardet.detect(raw, include_encodings=names, prefer_superset=True)["encoding"] or "utf-8"
    return next((name for name in names if lookup(name).name == lookup(found).name.removesuffix("hkscs")), "")


def _is_kana(high: bytes) -> bool:
    """Whether bytes beyond ASCII are Katakana of half width: what they would be in Cyrillic are no letters."""
    return KANA.fullmatch(high) is not None and sum(0xB1 <= byte < 0xC0 for byte in high) > len(high) / 6
