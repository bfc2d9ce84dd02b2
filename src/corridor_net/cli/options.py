"""What commands share: their common options, how these become a network and a model, and how they speak."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from corridor_net.errors import printable
from corridor_net.languages import CurrencyCode, language_asked, words_for
from corridor_net.languages.errors import translated
from corridor_net.questions import Ask
from corridor_net.questions._shared import DAY, SHARED, shared
from corridor_net.render import words

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.network import Network

GEODATA = Ask("Data package in place of the shipped one.", metavar="DIR")
LANG = shared("lang", words.Language, Ask("Language of the page; that of the system."))
Geodata = Annotated[Path | None, GEODATA]
Day = Annotated[str | None, DAY]
MODEL = (*SHARED, shared("geodata", Path, GEODATA))
OUTPUT = (
    shared("out", Path, Ask("Folder to write to.", metavar="DIR")),
    shared("docx", Path, Ask("The answer as a Word file (extra documents).", metavar="FILE")),
    shared("pdf", Path, Ask("The answer as PDF (extra documents).", metavar="FILE")),
    LANG,
    shared("currency", CurrencyCode, Ask("Money of page and charts; JSON and tables as files stay in USD."), "USD"),
    shared("json", bool, Ask("JSON on standard output."), default=False),
    shared("plain", bool, Ask("No lines and no styles."), default=False),
)
"""What every question may be asked with on the command line: of which model, and how it is answered."""


def load_model(geodata: Path | None, as_of: str | None = None, scenarios: Sequence[str] | None = None) -> Model:
    """Return the model of a data package, the shipped one when none is given, on a day and under scenarios.

    What datapackage.json names and the package does not hold is said on standard error.
    """
    from corridor_net.model import load
    from corridor_net.network.readiness import absent

    model = load(as_of=as_of, geodata=geodata, scenarios=scenarios or ())
    for missing in absent(model.base):
        tell_aside("note: ", missing)
    return model


def reader(*networks: Network) -> words.Words:
    """Return the words of who typed the command, with the names of networks."""
    return words_for(*networks, language=language_asked(sys.argv))


def tell(text: str, *, mark: str = "") -> None:
    """Print lines in the reader's language, each behind a mark; every sign that steers a terminal is spelt out."""
    print("\n".join(mark + printable(translated(line, reader())) for line in text.split("\n")))


def tell_aside(kind: str, message: str) -> None:
    """Print a note or an error on standard error, in the reader's language."""
    with suppress(OSError):
        print(reader().label(kind) + translated(message, reader()), file=sys.stderr)
