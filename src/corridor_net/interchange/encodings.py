"""Text of files that do not say their encoding: UTF-8 and UTF-16, else the one whose letters make words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from corridor_net.errors import BadFile, Place

from .notes import Notes

HIGH = re.compile(rb"[\x80-\xff]+")
CALLED = {
    "cp932": "Shift-JIS (Japanese)",
    "euc_kr": "EUC-KR (Korean)",
    "gb18030": "GB 18030 (Chinese)",
    "big5": "Big5 (Chinese)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1252": "Windows-1252",
}
SAMPLE = 65_536
"""Bytes from the first that is no ASCII in which letters are counted."""
SYLLABLES = frozenset(
    "가강경고공광구군기김나남널다대도동로리마목미부북사산상서선성수스시신아안양여역영예오온용우울원음의이익인일임자장전정제조주중지"
    "진창천청춘충터트평포하한항해호화"
)
"""Syllables of Korean names of places."""
MOST = 0.9
"""Of the letters beyond ASCII, the share that must be usual ones of a language."""


def decoded(raw: bytes, path: Path, notes: Notes) -> str:
    """Return bytes of a file as text: UTF-8, UTF-16 with or without a mark, else by their letters, which is said.

    Raises BadFile when they are no text.
    """
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    if b"\0" in raw[:4096]:
        return _unmarked(raw, path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        name = likely_encoding(raw[error.start :][:SAMPLE])
        notes.warn(
            f"{path.name} is not UTF-8 (byte {error.start}); it was read as {CALLED[name]}: look at the letters in"
            " names, and if they are wrong save it as UTF-8"
        )
        return raw.decode(name, errors="replace")


def _unmarked(raw: bytes, path: Path) -> str:
    """Return UTF-16 that has lost its mark: ASCII in it has every second byte zero."""
    head = raw[:4096]
    for name, zeros, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
        if zeros.count(0) > len(zeros) / 3 and not others.count(0) and len(raw) % 2 == 0:
            return raw.decode(name, errors="replace")
    raise BadFile(f"'{path.name}' is not a text file", place=Place(str(path)), hint="is it another format?")


def likely_encoding(raw: bytes) -> str:
    """Return the encoding whose letters in `raw` are usual ones of its language; Windows-1252 where none is.

    >>> [likely_encoding(text.encode(name)) for text, name in (("新潟みなと", "cp932"), ("哈尔滨", "gb18030"))]
    ['cp932', 'gb18030']
    >>> [likely_encoding(text.encode(name)) for text, name in (("Москва", "cp1251"), ("Genève", "cp1252"))]
    ['cp1251', 'cp1252']
    """
    runs = HIGH.findall(raw)
    high = b"".join(runs)
    if not high:
        return "cp1252"
    alone = sum(len(run) for run in runs if len(run) == 1)
    if alone > len(high) / 2 and _share(raw, "cp932", _japanese) <= MOST:
        return "cp1252"
    if sum(byte >= 0xC0 or byte in b"\xa8\xb8" for byte in high) > MOST * len(high):
        return "cp1251"
    for name, usual, least in LANGUAGES:
        if _share(raw, name, usual) > least:
            return name
    return "cp1252"


def _share(raw: bytes, name: str, usual: Callable[[str], bool]) -> float:
    """Return the share of letters beyond ASCII that are usual, 0 where the bytes are not of the encoding."""
    try:
        text = raw.decode(name)
    except UnicodeDecodeError as error:
        if error.start < len(raw) - 3:
            return 0.0
        text = raw[: error.start].decode(name)
    letters = [letter for letter in text if letter > "\x7f"]
    return sum(usual(letter) for letter in letters) / len(letters) if letters else 0.0


def _japanese(letter: str) -> bool:
    """Whether a letter is kana, or a character of the first level of JIS, or Japanese punctuation."""
    if "぀" <= letter <= "ヿ" or letter in "　、。・ー「」（）":
        return True
    code = letter.encode("cp932", errors="ignore")
    return len(code) == 2 and 0x88 <= code[0] <= 0x97


def _korean(letter: str) -> bool:
    """Whether a letter is a syllable of Hangul that many names have: Chinese read as Korean gives seldom ones."""
    return letter in SYLLABLES


def _chinese(letter: str) -> bool:
    """Whether a letter is a character of the first level of GB 2312, or Chinese punctuation."""
    code = letter.encode("gb2312", errors="ignore")
    return len(code) == 2 and (0xB0 <= code[0] <= 0xD7 or letter in "　、。·（）—，；：")


def _big(letter: str) -> bool:
    """Whether a letter is one of the frequent characters of Big5."""
    code = letter.encode("big5", errors="ignore")
    return len(code) == 2 and 0xA4 <= code[0] <= 0xC6


LANGUAGES = (("cp932", _japanese, MOST), ("euc_kr", _korean, 0.4), ("gb18030", _chinese, MOST), ("big5", _big, MOST))
"""Encodings in the order in which they are tried, and the share of letters that must be usual."""
