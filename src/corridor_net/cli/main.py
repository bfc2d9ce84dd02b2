"""The command `corridor-net`: reads arguments, calls the package, shows progress. No rule of the model."""

from __future__ import annotations

import sys
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor_net.errors import CorridorError

if TYPE_CHECKING:
    from corridor_net.analysis.route import Router
    from corridor_net.network import Network
    from corridor_net.scenario import Scenario

app = typer.Typer(
    name="corridor-net",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="What it costs, how long it takes and what an upgrade would change, from Heilongjiang and Jilin to Japan.",
)


class By(str, Enum):
    """What is minimised."""

    generalised = "generalised"
    money = "money"
    time = "time"
    co2 = "co2"


class Format(str, Enum):
    """Formats of `export`."""

    geojson = "geojson"
    csv = "csv"


class Kind(str, Enum):
    """Schemas of `schema`."""

    scenario = "scenario"
    study = "study"


ScenarioOption = Annotated[
    list[str] | None,
    typer.Option("--scenario", "-s", metavar="FILE", help="Scenario file or shipped name; repeatable."),
]
DayOption = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Day, YYYY-MM-DD, from 2009 on.")]
CargoOption = Annotated[
    str | None, typer.Option("--cargo", metavar="NAME", help="Cargo profile, e.g. dry_40, reefer_40.")
]
ByOption = Annotated[By, typer.Option("--by", help="What is minimised.")]
ViaOption = Annotated[
    list[str] | None, typer.Option("--via", metavar="NODE", help="Node the route must pass; repeatable.")
]
ScheduleOption = Annotated[
    bool, typer.Option("--schedule", help="Hours by the timetable alone, as carriers advertise them.")
]
GeodataOption = Annotated[
    Path | None,
    typer.Option("--geodata", metavar="DIR", help="Data package to use in place of the shipped one."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON on standard output.")]
OutOption = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Folder for the results.")]


def main() -> None:
    """Run the command; every expected error ends in one message and its exit code."""
    try:
        app()
    except CorridorError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("stopped; nothing was left half-written", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


def _network(geodata: Path | None) -> Network:
    from corridor_net.network import Network

    return Network.from_folder(geodata)


def _prepare(geodata: Path | None, as_of: str | None, scenarios: list[str] | None) -> tuple[Network, Scenario | None]:
    """Return the network as of the day with the scenarios applied, and the scenario."""
    from dataclasses import replace

    from corridor_net.network import parse_day

    network = _network(geodata)
    day = parse_day(as_of) if as_of else None
    scenario = None
    if scenarios:
        from corridor_net.scenario import combine, load_scenario

        loaded = [load_scenario(name) for name in scenarios]
        scenario = combine([replace(s, as_of=day) if day else s for s in loaded])
    if day:
        network = network.as_of(day)
    return (scenario.apply(network) if scenario else network), scenario


def _router(network: Network, scenario: Scenario | None, cargo: str | None, by: By, *, schedule: bool) -> Router:
    from corridor_net.analysis.route import Router
    from corridor_net.costing import impedance

    name = scenario.name if scenario else "baseline"
    return Router(impedance(network, cargo or "dry_40"), by.value, schedule, scenario=name)


def _print_json(data: Any) -> None:
    from corridor_net.output.files import to_json

    sys.stdout.write(to_json(data))


@app.command()
def run(
    files: Annotated[list[str] | None, typer.Argument(help="Scenario or study files, or shipped names.")] = None,
    cargo: CargoOption = None,
    by: Annotated[By | None, typer.Option("--by", help="What is minimised, in place of the study's.")] = None,
    schedule: ScheduleOption = False,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Run a study: baselines and scenarios compared, printed, and written to a folder.

    Without files, the shipped study longjiang-japan.
    """
    from corridor_net.cli.study import run_study

    run_study(
        files or [],
        cargo,
        by.value if by else None,
        schedule=schedule,
        geodata=geodata,
        out=out,
        as_json=json,
    )


@app.command()
def route(
    origin: Annotated[
        str, typer.Argument(help="Node id, UN/LOCODE, or name in English, Chinese, Russian or Japanese.")
    ],
    destination: Annotated[str, typer.Argument(help="As the origin.")],
    scenario: ScenarioOption = None,
    as_of: DayOption = None,
    cargo: CargoOption = None,
    by: ByOption = By.generalised,
    via: ViaOption = None,
    schedule: ScheduleOption = False,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Find the best route between two places, leg by leg."""
    network, applied = _prepare(geodata, as_of, scenario)
    router = _router(network, applied, cargo, by, schedule=schedule)
    found = router.route(origin, destination, via=via or ())
    if json:
        from corridor_net.analysis.notes import assumptions

        _print_json(
            {
                "origin": found.origin,
                "destination": found.destination,
                "cargo": found.cargo,
                "as_of": found.as_of,
                "scenario": found.scenario,
                "by": found.minimised,
                "schedule": found.schedule,
                "assumptions": assumptions(found, network),
                "routes": [found.as_json()],
            }
        )
    else:
        from corridor_net.output.text import show_route, wide_console

        show_route(wide_console(), found, network)
    if out:
        from corridor_net.output.files import to_json, write_all
        from corridor_net.output.geojson import single_routes_geojson

        write_all(out, {"routes.geojson": to_json(single_routes_geojson(network, router.impedance, [found]))})


@app.command()
def compare(
    origin: Annotated[str, typer.Argument(help="Where the cargo starts.")],
    destination: Annotated[str, typer.Argument(help="Where it goes.")],
    scenario: ScenarioOption = None,
    as_of: DayOption = None,
    cargo: CargoOption = None,
    by: ByOption = By.generalised,
    via: ViaOption = None,
    schedule: ScheduleOption = False,
    geodata: GeodataOption = None,
    json: JsonOption = False,
) -> None:
    """Compare one pair without and with each scenario (all shipped upgrades when none is named)."""
    from corridor_net.cli.pair import compare_pair

    compare_pair(
        origin,
        destination,
        scenario or [],
        as_of,
        cargo,
        by.value,
        via or [],
        schedule=schedule,
        geodata=geodata,
        as_json=json,
    )


@app.command()
def check(
    files: Annotated[list[str] | None, typer.Argument(help="Scenario or study files to check as well.")] = None,
    geodata: GeodataOption = None,
    as_of: DayOption = None,
) -> None:
    """Check the data and scenario files; every fault is named with file, line and column."""
    from corridor_net.cli.pair import check_all

    check_all(files or [], geodata, as_of)


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write to.")] = Path("export"),
    kind: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.geojson,
    scenario: ScenarioOption = None,
    as_of: DayOption = None,
    geodata: GeodataOption = None,
) -> None:
    """Write the network, as of a day and under scenarios, as GeoJSON or CSV."""
    from corridor_net.cli.pair import export_network

    network, _ = _prepare(geodata, as_of, scenario)
    export_network(network, kind.value, out)


@app.command()
def schema(kind: Annotated[Kind, typer.Argument(help="Which files.")] = Kind.scenario) -> None:
    """Print the JSON Schema of scenario or study files."""
    from corridor_net.scenario import json_schema

    _print_json(json_schema(kind.value))


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the scenario, lower case with hyphens.")],
    out: OutOption = None,
) -> None:
    """Write a scenario file to start from, with its schema beside it."""
    from corridor_net.cli.pair import new_scenario

    new_scenario(name, out or Path())


@app.command()
def validate(
    geodata: GeodataOption = None,
    json: JsonOption = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Markdown page whose table is renewed.")
    ] = None,
) -> None:
    """Hold the model against the published end-to-end figures."""
    from corridor_net.cli.pair import validate_model

    validate_model(_network(geodata), out, as_json=json)


if __name__ == "__main__":
    main()
