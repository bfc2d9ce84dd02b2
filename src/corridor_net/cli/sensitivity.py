"""The command `sensitivity`: which figures an answer depends on, and which to look up next."""

from __future__ import annotations

import sys
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
    router_of,
)


def sensitivity(
    origin: Annotated[str, typer.Argument(help="Where the cargo starts.")],
    destination: Annotated[str, typer.Argument(help="Where it goes.")],
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

    With --out, a tornado chart of the widest swings.
    """
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
