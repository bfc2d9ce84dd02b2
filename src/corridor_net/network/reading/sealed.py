"""What `datapackage.json` says of the bytes of its files (`bytes`, `hash`), held against the files that are there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from .properties import Finding

OF_LENGTH = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}
"""Which hash a text of so many digits is: by the standard md5 where none is named, by its tools also the others."""


def unlike(folder: Path, resource: Mapping[str, Any], number: int) -> Iterator[Finding]:
    """Yield where a file is another than the one described: the keys it stands under, what is wrong, what to do.

    A file that is not there is told where its rows are read.
    """
    path = folder / str(resource.get("path"))
    for key, look in (("bytes", _size), ("hash", _digest)) if path.is_file() else ():
        wrong = None if resource.get(key) is None else look(path, resource[key])
        if wrong:
            yield ("resources", number, key), *wrong


def _size(path: Path, asked: Any) -> tuple[str, str] | None:
    if isinstance(asked, bool) or not isinstance(asked, int):
        return f"says bytes = {asked!r}", "a whole number, or leave it out"
    found = path.stat().st_size
    hint = f'the file was changed or cut since: put the right one back, or write "bytes": {found}'
    return None if found == asked else (f"says that '{path.name}' has {asked:,} bytes: it has {found:,}", hint)


def _digest(path: Path, asked: Any) -> tuple[str, str] | None:
    name, _, digits = asked.casefold().rpartition(":") if isinstance(asked, str) else ("", "", "")
    name = name.replace("-", "") or OF_LENGTH.get(len(digits), "")
    if name not in OF_LENGTH.values():
        return f"says hash = {asked!r}", f"{', '.join(OF_LENGTH.values())} are read: write sha256:…, or leave it out"
    found = hashlib.new(name, path.read_bytes(), usedforsecurity=False).hexdigest()
    hint = f'the file was changed since: put the right one back, or write "hash": "{name}:{found}"'
    return None if found == digits else (f"says that the {name} of '{path.name}' is {digits}: it is {found}", hint)
