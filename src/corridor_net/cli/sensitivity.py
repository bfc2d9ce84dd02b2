"""The command `sensitivity`: which figures an answer depends on, and which to look up next."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from corridor_net.cli.options import (
    By,
    ByOption,
    CargoOption,
    DayOption,
    GeodataOption,
    JsonOption,
    OutOption,
    ScenarioOption,
    prepare,
    print_json,
    read_network,
    router_of,
)
from corridor_net.errors import BadValue


def sensitivity(
    origin: Annotated[
        str | None, typer.Argument(metavar="[ORIGIN|STUDY]", help="Where the cargo starts; alone, a study.")
    ] = None,
    destination: Annotated[str | None, typer.Argument(help="Where it goes.")] = None,
    answer: Annotated[
        str, typer.Option("--answer", metavar="NAME", help="gap (between two gateways), generalised, usd or hours.")
    ] = "gap",
    against: Annotated[
        str | None,
        typer.Option("--against", metavar="NODE", help="Gateway to set against the best; else the next."),
    ] = None,
    morris: Annotated[
        bool, typer.Option("--morris", help="Screen by elementary effects: fewer answers, no shares.")
    ] = False,
    grouped: Annotated[bool, typer.Option("--grouped", help="Take figures of one kind together.")] = False,
    samples: Annotated[int, typer.Option("--samples", metavar="N", help="A power of two; with --morris, walks.")] = 0,
    precision: Annotated[
        float | None, typer.Option("--precision", help="Double the samples until intervals are this narrow.")
    ] = None,
    sampler: Annotated[str, typer.Option("--sampler", help="sobol (needs scipy) or latin.")] = "sobol",
    seed: Annotated[int, typer.Option("--seed", help="Another seed, other points.")] = 1,
    show: Annotated[int, typer.Option("--show", metavar="N", min=1, help="Figures to print.")] = 12,
    scenario: ScenarioOption = None,
    as_of: DayOption = None,
    cargo: CargoOption = None,
    by: ByOption = By.generalised,
    geodata: GeodataOption = None,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Rank the figures an answer depends on (Sobol indices), and say which to look up next.

    Of one pair, or of a study: all its origins to its focus together. With --out, a tornado chart of the widest
    swings of a pair.
    """
    if destination is None:
        given = (against, precision, as_of, out) != (None,) * 4 or morris or grouped
        if given or answer != "gap" or sampler != "sobol" or by != By.generalised:
            raise BadValue(
                "only --samples, --seed, --show, --scenario, --cargo, --geodata and --json go with a study",
                hint="give ORIGIN and DESTINATION for the others",
            )
        _of_study(origin, samples, seed, show, scenario, cargo, geodata, json=json)
        return
    assert origin is not None  # noqa: S101 - a destination comes after it
    from corridor_net.output.text import wide_console
    from corridor_net.output.uncertainty_text import show_screening, show_sensitivity
    from corridor_net.uncertainty.sensitivity import screening
    from corridor_net.uncertainty.sensitivity import sensitivity as answered

    network, applied = prepare(geodata, as_of, scenario)
    router = router_of(network, applied, cargo, by, schedule=False)
    names = {node_id: node.name for node_id, node in router.network.nodes.items()}
    head = {"as_of": str(router.network.day), "cargo": router.impedance.cargo.cargo_id, "scenario": router.scenario}
    if morris:
        rows = screening(router, origin, destination, answer=answer, trajectories=samples or 20, seed=seed)
        if json:
            print_json({**head, "answer": answer, "inputs": [row.as_json() for row in rows]})
            return
        show_screening(wide_console(), rows, "hours" if answer == "hours" else "USD a box", show)
        return

    def tell(n: int, width: float) -> None:
        if sys.stderr.isatty() and precision is not None:
            print(f"{n:,} samples, widest interval ±{width:.3f}", file=sys.stderr)

    found = answered(
        router,
        origin,
        destination,
        answer=answer,
        samples=samples or 1024,
        sampler=sampler,
        seed=seed,
        precision=precision,
        grouped=grouped,
        against=against,
        progress=tell,
    )
    if out:
        from corridor_net.output.doubt_charts import tornado_svg
        from corridor_net.output.files import write_all
        from corridor_net.uncertainty.swings import swings

        title = f"{names[found.origin]} to {names[found.destination]}, {router.network.day}: what moves the answer"
        write_all(out, {"tornado.svg": tornado_svg(swings(router, origin, destination), title, names)})
    if json:
        print_json({**head, **found.as_json()})
        return
    show_sensitivity(wide_console(), found, names, show)


def _of_study(
    name: str | None,
    samples: int,
    seed: int,
    show: int,
    scenario: list[str] | None,
    cargo: str | None,
    geodata: Path | None,
    *,
    json: bool,
) -> None:
    """Rank the figures that the choices of a study hang on."""
    from corridor_net.analysis.compare import compare
    from corridor_net.cli.study import study_from
    from corridor_net.output.text import wide_console
    from corridor_net.output.uncertainty_text import show_study_sensitivity
    from corridor_net.uncertainty.study_sensitivity import SAMPLES, study_sensitivity

    if len(scenario or ()) > 1:
        raise BadValue("one --scenario of a study at a time", hint="each has an answer of its own")
    network = read_network(geodata)
    comparison = compare(study_from([name] if name else []), network, cargo=cargo)
    chosen = scenario[0] if scenario else None
    found = study_sensitivity(comparison, scenario=chosen, samples=samples or SAMPLES, seed=seed, shown=show)
    if json:
        print_json(found.as_json())
        return
    names = {node_id: node.name for node_id, node in network.nodes.items()}
    show_study_sensitivity(wide_console(), found, names)
