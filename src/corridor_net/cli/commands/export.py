"""Write the network of a day and of scenarios for maps, tables and other programs, or the study as a workbook.

As xlsx, the study: summary, routes, legs, present values by formulas, sources; scenarios in place of its own.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Annotated, Literal

from corridor_net.cli.options import LANG, Day, Geodata, load_model, tell
from corridor_net.languages import language_asked
from corridor_net.questions import Ask
from corridor_net.questions._shared import SCENARIO
from corridor_net.render.words import Language


def run(
    *,
    out: Annotated[Path, Ask("Folder to write to.", metavar="DIR")] = Path("export"),
    kind: Annotated[
        Literal["geojson", "csv", "gmns", "gpkg", "geoparquet", "xlsx"], Ask("What to write.", option="--format")
    ] = "geojson",
    scenario: Annotated[tuple[str, ...], SCENARIO] = (),
    as_of: Day = None,
    geodata: Geodata = None,
    destination: Annotated[
        str | None, Ask("Where the routes of gpkg, geoparquet and xlsx go.", metavar="NODE", option="--to")
    ] = None,
    lang: Annotated[Language | None, LANG.ask] = None,
) -> None:
    from corridor_net.questions._written import export

    model = load_model(geodata, as_of, () if kind == "xlsx" else scenario)
    language = lang or language_asked(sys.argv)
    if kind == "gmns" and geodata is not None and not (scenario or as_of) and _write_back(geodata, out):
        tell(f"Written to {out}, with the columns of the GMNS tables it was imported from")
        return
    given = [("--as-of", model.day), *(("--scenario", one) for one in scenario), ("--to", destination)]
    words = [str(word) for pair in given if pair[1] for word in pair]
    line = shlex.join(["corridor-net", "export", "--format", kind, *words, "--lang", language])
    written = export(model, out, kind, destination=destination, scenarios=scenario, language=language, line=line)
    tell(f"Written to {out}: {', '.join(written)}")


def _write_back(geodata: Path, out: Path) -> bool:
    """Write a package that came from GMNS back as the tables it came from; return whether it did."""
    from corridor_net.interchange.imported import Imported
    from corridor_net.interchange.package import read_origin
    from corridor_net.output.files import write_all

    if read_origin(geodata).get("format") != "gmns":
        return False
    tables = Imported.from_folder(geodata).to_gmns()
    write_all(out, {f"{name}.csv": frame.to_csv(index=False, lineterminator="\n") for name, frame in tables.items()})
    return True
