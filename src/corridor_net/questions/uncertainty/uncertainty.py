"""How sure a study's answers are: ranges, chances of gateways and scenarios, single shipments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from corridor_net.errors import BadValue
from corridor_net.questions import Ask, Progress, networks_of
from corridor_net.questions._shared import StudyFile, StudyScenarios
from corridor_net.render.chart import Chart, Whiskers
from corridor_net.render.page import Page
from corridor_net.render.words import Sentence, say
from corridor_net.results import Opened, Result, measure, plain

if TYPE_CHECKING:
    from corridor_net.analysis.compare import Comparison
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.uncertainty.ensembles.reliability import Reliability
    from corridor_net.uncertainty.studies.study import StudyUncertainty

CHUNK = 10_000
MEASURES = ("cost_usd", "hours", "co2_kg", "generalised_cost_usd")


@dataclass(frozen=True, kw_only=True)
class UncertaintyAnswer(Opened):
    """A study under draws; what is not here is looked up in `uncertainty`: `runs`, `draws`, `half_width`, `choice`, …

    `reliability` are single shipments from `origin` on its route.
    """

    QUESTION: ClassVar[str] = "uncertainty"
    OF: ClassVar[str] = "uncertainty"

    uncertainty: StudyUncertainty
    origin: str
    reliability: Reliability
    names: Mapping[str, str] = measure(hidden=True)
    networks: tuple[Network, ...] = measure(hidden=True)
    evidence: str = "none"

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        told = {} if self.evidence == "none" else {"evidence": self.evidence}
        return {**self.uncertainty.to_dict(), **told, "reliability": {"origin": self.origin, **plain(self.reliability)}}

    def records(self) -> list[dict[str, Any]]:
        """Return a row a run and pair: ranges of the answer's route, and of the best in each draw."""
        rows = []
        for run in self.to_dict()["runs"]:
            for pair in run["pairs"]:
                row = {"baseline": run["baseline"], "scenario": run["scenario"]}
                row |= {key: pair[key] for key in ("origin", "destination", "gateway", "gateway_wins", "region_wins")}
                row |= {f"{name}_{point}": value for name in MEASURES for point, value in pair[name].items()}
                rows.append(row | {f"best_{n}_{p}": v for n in MEASURES for p, v in pair["best"][n].items()})
        return rows


@dataclass(frozen=True, kw_only=True)
class BatchAnswer(Result):
    """A long ensemble that was drawn into a folder; `summary` is what stands in its `uncertainty.json`.

    `made_again` names the files that were there and were not right, and what was wrong with each.
    """

    QUESTION: ClassVar[str] = "uncertainty"

    summary: Mapping[str, Any]
    made_again: tuple[str, ...] = measure(hidden=True)
    names: Mapping[str, str] = measure(hidden=True)
    networks: tuple[Network, ...] = measure(hidden=True)

    def remarks(self) -> tuple[str, ...]:
        """Return the files that were made again, and why."""
        return self.made_again

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        return dict(self.summary)

    def records(self) -> list[dict[str, Any]]:
        """Return a row a run and pair, of the best way in each draw."""
        rows = []
        for run in self.summary["runs"]:
            for pair in run["pairs"]:
                row = {"baseline": run["baseline"], "scenario": run["scenario"]}
                row |= {key: value for key, value in pair.items() if key not in ("best", "gateways")}
                rows.append(row | {f"best_{n}_{p}": v for n, told in pair["best"].items() for p, v in told.items()})
        return rows


def answer(  # noqa: PLR0913 (each is an option of the command)
    model: Model,
    *files: StudyFile,
    draws: Annotated[int | None, Ask("Draws of all figures; 2,000, or 2,048 of a design.", metavar="N")] = None,
    sampler: Annotated[Literal["random", "sobol", "latin"], Ask("How draws fill the space.")] = "random",
    scenarios: StudyScenarios = (),
    destinations: Annotated[
        tuple[str, ...], Ask("In place of the focus; with --out repeatable, or all.", metavar="NODE", option="--to")
    ] = (),
    origin: Annotated[
        str | None, Ask("Its row in words, and its shipments' reliability.", metavar="NODE", option="--from")
    ] = None,
    baselines: Annotated[
        tuple[str, ...], Ask("Baseline; repeatable. The main one when left out.", metavar="NAME", option="--baseline")
    ] = (),
    deadline: Annotated[float | None, Ask("Days; gives the share of shipments that make it.", metavar="DAYS")] = None,
    precision: Annotated[
        float | None, Ask("Stop when the mean is known to this share; draws are then the most.", metavar="SHARE")
    ] = None,
    seed: Annotated[int, Ask("Another seed, other draws.", metavar="N")] = 1,
    rivals: Annotated[bool, Ask("Price rival routes only: misses much of what scenarios gain.")] = False,
    correlations: Annotated[Path | None, Ask("CSV: figure_a, figure_b, correlation.", metavar="FILE")] = None,
    out: Annotated[
        Path | None, Ask("Draw chunk by chunk into a folder; for long ensembles.", metavar="DIR", alone=True)
    ] = None,
    workers: Annotated[int, Ask("With a folder: local processes (Dask).", metavar="N", alone=True)] = 0,
    scheduler: Annotated[
        str | None, Ask("With a folder: a Dask scheduler, tcp://…", metavar="ADDRESS", alone=True)
    ] = None,
    resume: Annotated[bool, Ask("Check what is in the folder, and continue.", alone=True)] = False,
    chunk: Annotated[int, Ask("Draws in a file of the folder.", metavar="N", alone=True)] = CHUNK,
    progress: Progress | None = None,
) -> UncertaintyAnswer | BatchAnswer:
    """Draw all figures from their ranges: percentiles, chances of gateways and scenarios, reliability.

    Every draw searches the whole network; with `rivals` the cheapest of each pair's rivals is taken. With `out`, a
    folder of chunks that can be continued. Raises BadValue for numbers and names that are none, BadFile for a folder of
    another study, UserError for extras that `out`, `workers` and `scheduler` need.

    >>> import corridor_net as cn
    >>> found = cn.load(as_of="2019-07-01").uncertainty(draws=40, origin="harbin", scenarios=["vanino"], rivals=True)
    >>> found.draws, found.runs[0].pairs[0].gateway
    (40, 'dalian')
    """
    from corridor_net.analysis.compare import compare
    from corridor_net.questions.asked.study import study_for
    from corridor_net.uncertainty.factors.correlations import read_correlations

    destinations = tuple(destinations)
    _checked(sampler, deadline, origin, destinations, out, alone=not (workers or scheduler or resume))
    study = study_for(model, files, scenarios=scenarios, baselines=baselines, main_only=True)
    towards = destinations if out is None else None
    comparison = compare(study, model.base, schedule=model.options.schedule, towards=towards)
    how = {
        "draws": draws if draws is not None else 2000 if sampler == "random" else 2048,
        "precision": precision,
        "seed": seed,
        "correlations": read_correlations(Path(correlations)) if correlations is not None else None,
        "exact": not rivals,
    }
    if out is None:
        goal = destinations[0] if destinations else None
        return _drawn(comparison, goal, origin, deadline, progress, sampler=sampler, **how)
    goals = comparison.destinations if destinations == ("all",) else destinations
    folder = {"chunk_draws": chunk, "workers": workers, "scheduler": scheduler, "resume": resume}
    return _batch(comparison, goals, Path(out), progress, how, folder)


def _checked(
    sampler: str,
    deadline: float | None,
    origin: str | None,
    destinations: tuple[str, ...],
    out: Path | None,
    *,
    alone: bool,
) -> None:
    """Refuse what does not go together."""
    if deadline is not None and not deadline > 0:
        raise BadValue(f"a deadline of {deadline:g} days", hint="above 0")
    if out is None and not alone:
        raise BadValue("--workers, --scheduler and --resume draw into a folder", hint="name it with --out")
    if out is None and len(destinations) > 1:
        raise BadValue("several --to draw into a folder", hint="name it with --out, or give one")
    if out is not None and (deadline is not None or origin):
        raise BadValue("--deadline and --from do not go with --out", hint="leave them out, or --out")
    if out is not None and sampler != "random":
        raise BadValue("--sampler does not go with --out: chunks are drawn on their own", hint="leave it out, or --out")


def _drawn(
    comparison: Comparison,
    goal: str | None,
    origin: str | None,
    deadline: float | None,
    progress: Progress | None,
    **how: Any,
) -> UncertaintyAnswer:
    """Draw in one go."""
    from corridor_net.questions._at_once import at_once
    from corridor_net.render.names import names_of
    from corridor_net.uncertainty.ensembles.reliability import reliability
    from corridor_net.uncertainty.studies.study import study_uncertainty

    network, done = comparison.network, 0
    start = network.node(origin).node_id if origin else None

    def tell(name: str) -> None:
        nonlocal done
        if progress:
            progress(name, done, len(comparison.runs))
        done += 1

    found = study_uncertainty(comparison, destination=goal, origin=start, progress=tell, both=at_once, **how)
    if not found.runs:
        goal_name = network.nodes[found.destination].name
        raise BadValue(f"no origin of the study reaches {goal_name}", hint="name another destination with --to")
    first, run = start or found.runs[0].pairs[0].origin, found.runs[0].run
    hours = 24 * deadline if deadline is not None else None
    route = run.route(first, found.destination)
    sent = reliability(run.router, route, deadline_hours=hours, seed=how["seed"])
    return UncertaintyAnswer(
        uncertainty=found,
        origin=first,
        reliability=sent,
        names=names_of(network),
        networks=comparison.networks,
        evidence=comparison.study.file.evidence,
    )


def _batch(
    comparison: Comparison,
    goals: tuple[str, ...],
    out: Path,
    progress: Progress | None,
    how: dict[str, Any],
    folder: dict[str, Any],
) -> BatchAnswer:
    """Draw into a folder."""
    from corridor_net.render.names import names_of
    from corridor_net.uncertainty.batches.batch import run_batch
    from corridor_net.uncertainty.batches.jobs import Job

    kept = {name: how[name] for name in ("seed", "correlations", "exact")}
    job = Job.of(comparison, destinations=goals or None, **kept)
    notes: list[str] = []
    summary = run_batch(
        job,
        out,
        how["draws"],
        precision=how["precision"],
        progress=(lambda done, total: progress("chunks", done, total)) if progress else None,
        notice=notes.append,
        **folder,
    )
    return BatchAnswer(
        summary=summary,
        made_again=tuple(notes),
        names=names_of(comparison.network),
        networks=comparison.networks,
    )


def not_known(found: UncertaintyAnswer | BatchAnswer) -> list[Sentence]:
    """Say how many there are: the page shows gateways, no ways."""
    from corridor_net.questions.pages.not_known import counted

    return counted(found.networks)


def view(found: UncertaintyAnswer | BatchAnswer) -> Page:
    """Show the answer in sentences to quote, then every pair, every scenario, and how it was drawn."""
    from corridor_net.questions.pages import uncertainty as tables

    return tables.batch_page(found) if isinstance(found, BatchAnswer) else tables.uncertainty_page(found)


def charts(found: UncertaintyAnswer | BatchAnswer) -> Mapping[str, Chart]:
    """Draw the 10-90% range of the cost from every origin on the first baseline, with the median."""
    run, rows = found.to_dict()["runs"][0], []
    for pair in run["pairs"]:
        usd = pair.get("cost_usd") or pair["best"]["cost_usd"]
        ends = say("{origin:name} - {destination:name}", origin=pair["origin"], destination=pair["destination"])
        rows.append((ends, usd["p10"], usd["p50"], usd["p90"]))
    title = say("{baseline:label}: 10-90% of draws, and the median", baseline=run["baseline"])
    return {"ranges": Whiskers(title=title, unit="USD a box", rows=rows)}


def layer(found: UncertaintyAnswer | BatchAnswer) -> dict[str, Any]:
    """Give the origins of the first run as points, coloured by their gateway, with how often it wins."""
    from corridor_net.output.maps.layers import places_layer

    pairs = found.to_dict()["runs"][0]["pairs"]
    return places_layer(networks_of(found)[0], {pair["origin"]: pair for pair in reversed(pairs)}, by="gateway")
