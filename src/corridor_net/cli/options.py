"""What the commands share: their common options, and how these become a network, a scenario and a router."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor_net.errors import UnknownName, did_you_mean
from corridor_net.render.words import LANGUAGES

if TYPE_CHECKING:
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.render.words import Words


LONGEST = 255
"""Bytes of the name of a file or folder, on every usual file system."""


def path_of(text: str) -> Path:
    """Return the path an option names; an empty one, which would be the working folder, is a usage error."""
    if not str(text).strip():
        raise typer.BadParameter("an empty path; the folder you are in is .")
    if any(len(os.fsencode(part)) > LONGEST for part in Path(text).parts):
        raise typer.BadParameter(f"a name of more than {LONGEST} bytes, which no file can have")
    return Path(text)


def one_of(name: str, choices: tuple[str, ...]) -> Callable[[Any], Any]:
    """Return what refuses a word that is none of the choices, with the nearest of them."""

    def checked(value: Any) -> Any:
        for word in value if isinstance(value, list | tuple) else (value,):
            if word is not None and word not in choices:
                raise UnknownName(
                    f"--{name.replace('_', '-')}: '{word}' is not one of {', '.join(choices)}",
                    hint=did_you_mean(str(word), choices),
                )
        return value

    return checked


LANGUAGE = typer.Option(
    "--lang",
    metavar="|".join(LANGUAGES),
    callback=one_of("lang", LANGUAGES),
    help="Language of the page; that of the system.",
    rich_help_panel="Output",
)
LanguageOption = Annotated[str | None, LANGUAGE]
ScenarioOption = Annotated[
    list[str] | None,
    typer.Option("--scenario", "-s", metavar="FILE", help="Scenario file or shipped name; repeatable."),
]
DayOption = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="Day, YYYY-MM-DD; that of the data when left out.")
]
GeodataOption = Annotated[
    Path | None,
    typer.Option("--geodata", metavar="DIR", help="Data package to use in place of the shipped one.", parser=path_of),
]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results.", parser=path_of)]


def read_network(geodata: Path | None) -> Network:
    """Return the network of a data package, the shipped one when none is given."""
    from corridor_net.network import Network

    network = Network.from_folder(geodata)
    say_absent(network)
    return network


def say_absent(network: Network) -> None:
    """Say on standard error what datapackage.json names and the package does not hold."""
    for table in network.absent:
        path = network.package.tables[table].path
        tell_aside("note: ", f"{path} is described in datapackage.json and is not there: taken as empty")
    named = network.package.basemap
    if named and not (Path(network.folder) / named).is_file():
        tell_aside("note: ", f"{named} is the basemap of datapackage.json and is not there: maps show the world's")
    for node in sorted(network.package.overseas.nodes - set(network.nodes)):
        tell_aside("note: ", f"'{node}', overseas in datapackage.json, is no node")


def load_model(geodata: Path | None, as_of: str | None, scenarios: Sequence[str] | None) -> Model:
    """Return the model of a data package, the shipped one when none is given, on a day and under scenarios."""
    from corridor_net.model import load

    model = load(as_of=as_of, geodata=geodata, scenarios=scenarios or ())
    say_absent(model.base)
    return model


def reader() -> Words:
    """Return the words of who typed the command."""
    from corridor_net.languages import language_asked, words_for

    return words_for(language=language_asked(sys.argv))


def tell(text: str) -> None:
    """Print lines in the reader's language, every sign that steers a terminal spelt out."""
    from corridor_net.cli.console import Output
    from corridor_net.languages.errors import told

    words = reader()
    Output(highlight=False, soft_wrap=True).print("\n".join(told(line, words) for line in text.split("\n")))


def tell_aside(kind: str, message: str) -> None:
    """Print a note or an error on standard error, in the reader's language."""
    from corridor_net.languages.errors import told

    words = reader()
    with suppress(OSError):
        print(words.label(kind) + told(message, words), file=sys.stderr)


def print_json(data: Any) -> None:
    """Write data to standard output in the one form all commands use."""
    from corridor_net.output.files import to_json

    sys.stdout.write(to_json(data))
