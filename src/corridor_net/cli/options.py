"""What commands share: their common options, how these become a network and a model, and how they speak."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

from corridor_net.errors import printable
from corridor_net.languages import CurrencyCode, language_asked, words_for
from corridor_net.questions import Ask
from corridor_net.questions._shared import DAY, SCENARIO, shared
from corridor_net.render import words

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.network import Network

GEODATA = Ask("Data package in place of the shipped one.", metavar="DIR")
LANG = shared("lang", words.Language, Ask("Language of the page; that of the system."))
Geodata = Annotated[Path | None, GEODATA]
Scenarios = Annotated[tuple[str, ...], SCENARIO]
Day = Annotated[str | None, DAY]
Language = Annotated[words.Language | None, LANG.ask]
FACES = {
    "Network": (shared("geodata", Path, GEODATA),),
    "Output": (
        shared("out", Path, Ask("Folder to write to.", metavar="DIR")),
        shared("docx", Path, Ask("The answer as a Word file (extra documents).", metavar="FILE")),
        shared("pdf", Path, Ask("The answer as PDF (extra documents).", metavar="FILE")),
        LANG,
        shared("currency", CurrencyCode, Ask("What money of the page is shown in; JSON and files stay in USD."), "USD"),
        shared("json", bool, Ask("JSON on standard output."), default=False),
        shared("plain", bool, Ask("No lines and no styles."), default=False),
    ),
}
"""What every question may be asked with on the command line, by the heading of the help it stands under."""


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


ITEM = "  - "
"""With this a line of a list begins."""


def tell(text: str) -> None:
    """Print lines in the reader's language, every sign that steers a terminal spelt out; the mark of a list stays."""
    from corridor_net.languages.errors import told

    known = reader()
    marks = [ITEM if line.startswith(ITEM) else "" for line in text.split("\n")]
    said = [mark + told(line.removeprefix(mark), known) for mark, line in zip(marks, text.split("\n"), strict=True)]
    print(printable("\n".join(said), lines=True))


def tell_aside(kind: str, message: str) -> None:
    """Print a note or an error on standard error, in the reader's language."""
    from corridor_net.languages.errors import told

    known = reader()
    with suppress(OSError):
        print(known.label(kind) + told(message, known), file=sys.stderr)


def print_json(data: Any) -> None:
    """Write data to standard output in the one form all commands use."""
    from corridor_net.output.files import to_json

    sys.stdout.write(to_json(data))


def stop_cleanly() -> None:
    """Let a polite end of the process (SIGTERM) clean up as Ctrl-C does."""

    def stop(*_: Any) -> NoReturn:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
