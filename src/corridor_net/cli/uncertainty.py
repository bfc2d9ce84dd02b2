"""The command `uncertainty`: how sure a study's answers are."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridor_net.cli.options import CargoOption, GeodataOption, JsonOption, print_json, read_network

if TYPE_CHECKING:
    from corridor_net.uncertainty.jobs import Job


def uncertainty(
    files: Annotated[list[str] | None, typer.Argument(help="Scenario or study files, or shipped names.")] = None,
    draws: Annotated[
        int | None, typer.Option("--draws", help="Draws of all figures; 2,000, or 2,048 of a design.")
    ] = None,
    sampler: Annotated[
        str, typer.Option("--sampler", metavar="NAME", help="random, sobol (needs scipy) or latin.")
    ] = "random",
    destination: Annotated[
        list[str] | None,
        typer.Option("--to", metavar="NODE", help="In place of the focus; with --out repeatable, or all."),
    ] = None,
    origin: Annotated[
        str | None, typer.Option("--from", metavar="NODE", help="Its row in words, and its shipments' reliability.")
    ] = None,
    baseline: Annotated[
        list[str] | None, typer.Option("--baseline", metavar="NAME", help="The main one when left out; repeatable.")
    ] = None,
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", metavar="NAME", help="All when left out; repeatable.")
    ] = None,
    deadline: Annotated[
        float | None, typer.Option("--deadline", metavar="DAYS", help="Share of shipments that make it.")
    ] = None,
    precision: Annotated[
        float | None, typer.Option("--precision", help="Stop when the mean is known to this share; --draws at most.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="Another seed, other draws.")] = 1,
    rivals: Annotated[
        bool, typer.Option("--rivals", help="Price rival routes only; needs no compiler, slightly dearer.")
    ] = False,
    correlations: Annotated[
        Path | None, typer.Option("--correlations", metavar="FILE", help="CSV: figure_a, figure_b, correlation.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Draw chunk by chunk into a folder; for long ensembles.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", metavar="N", help="With --out: local processes (Dask).")] = 0,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", metavar="ADDRESS", help="With --out: a Dask scheduler, tcp://…")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue what was stopped in --out.")] = False,
    chunk: Annotated[int, typer.Option("--chunk", metavar="N", help="Draws in a file of --out.")] = 10_000,
    cargo: CargoOption = None,
    geodata: GeodataOption = None,
    json: JsonOption = False,
) -> None:
    """Draw all figures from their ranges: percentiles, chances of gateways and scenarios, reliability."""
    from importlib.util import find_spec

    from corridor_net.analysis.compare import compare
    from corridor_net.cli.study import study_from
    from corridor_net.errors import BadValue, printable
    from corridor_net.output.names import names_of
    from corridor_net.uncertainty.reliability import reliability
    from corridor_net.uncertainty.study import study_doubt

    if deadline is not None and not deadline > 0:
        raise BadValue(f"a deadline of {deadline:g} days", hint="above 0")
    draws = draws if draws is not None else 2000 if sampler == "random" else 2048
    if draws <= 0:
        raise BadValue(f"{draws} draws", hint="1 or more")
    if out is None and (workers or scheduler or resume):
        raise BadValue("--workers, --scheduler and --resume draw into a folder", hint="name it with --out")
    if out is not None and (deadline is not None or origin):
        raise BadValue("--deadline and --from do not go with --out", hint="leave them out, or --out")
    if out is not None and sampler != "random":
        raise BadValue("--sampler does not go with --out: chunks are drawn on their own", hint="leave it out, or --out")
    if out is None and len(destination or ()) > 1:
        raise BadValue("several --to draw into a folder", hint="name it with --out, or give one")
    known = None
    if correlations is not None:
        from corridor_net.uncertainty.correlations import read_correlations

        known = read_correlations(correlations)
    study = study_from(files or [])
    network = read_network(geodata)
    comparison = compare(study, network, cargo=cargo)
    exact = not rivals and find_spec("numba") is not None
    if out is not None:
        from corridor_net.uncertainty.jobs import Job

        wanted = tuple(baseline) if baseline else (study.main_baseline.name,)
        goals = comparison.destinations if destination == ["all"] else destination
        job = Job.of(
            comparison,
            baselines=wanted,
            scenarios=scenario,
            destinations=goals,
            seed=seed,
            correlations=known,
            exact=exact,
        )
        _batch(
            job, out, draws, chunk, precision, workers, scheduler, resume=resume, as_json=json, names=names_of(network)
        )
        return
    found = study_doubt(
        comparison,
        destination=destination[0] if destination else None,
        draws=draws,
        seed=seed,
        precision=precision,
        baselines=tuple(baseline) if baseline else (study.main_baseline.name,),
        scenarios=tuple(scenario) if scenario else None,
        exact=exact,
        sampler=sampler,
        origin=network.node(origin).node_id if origin else None,
        correlations=known,
        progress=lambda name: print(printable(name), file=sys.stderr) if sys.stderr.isatty() else None,
    )
    if not found.runs:
        raise BadValue(
            "no baseline of that name in the study", hint=f"one of: {', '.join(b.name for b in study.baselines)}"
        )
    first = network.node(origin).node_id if origin else found.runs[0].pairs[0].origin
    run = found.runs[0].run
    sent = reliability(
        run.router,
        run.route(first, found.destination),
        deadline_hours=24 * deadline if deadline is not None else None,
        seed=seed,
    )
    if json:
        print_json({**found.as_json(), "exact": exact, "reliability": {"origin": first, **sent.as_json()}})
        return
    from corridor_net.output.text import wide_console
    from corridor_net.output.uncertainty_text import show_doubt

    show_doubt(wide_console(), found, first, sent, names_of(network), exact=exact)


def _batch(
    job: Job,
    out: Path,
    draws: int,
    chunk: int,
    precision: float | None,
    workers: int,
    scheduler: str | None,
    *,
    resume: bool,
    as_json: bool,
    names: Mapping[str, str],
) -> None:
    """Draw into a folder, with progress and time left, and print what came of it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from corridor_net.output.text import wide_console
    from corridor_net.output.uncertainty_text import show_batch
    from corridor_net.uncertainty.batch import run_batch

    columns = (TextColumn("chunks"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task("", total=None)
        found = run_batch(
            job,
            out,
            draws,
            chunk_draws=chunk,
            precision=precision,
            workers=workers,
            scheduler=scheduler,
            resume=resume,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )
    if as_json:
        print_json(found)
        return
    show_batch(wide_console(), found, names)
