"""A study: every origin under every scenario on every baseline, what each scenario changes, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from corridor_net.questions import Ask, Progress
from corridor_net.questions._shared import StudyFile, StudyOrigins, StudyScenarios
from corridor_net.questions.pages.uncertainty_words import among_rivals
from corridor_net.render.chart import Bars, Chart
from corridor_net.render.page import Heading, Page, page
from corridor_net.render.words import Sentence, Words, say
from corridor_net.results import Result, measure, plain

if TYPE_CHECKING:
    from corridor_net.analysis.compare import Comparison
    from corridor_net.analysis.upgrade_sets.telling import Finding
    from corridor_net.model import Model
    from corridor_net.network import Network
    from corridor_net.render.words import Words
    from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair, PairUncertainty
    from corridor_net.uncertainty.studies.paying import Paying

COMMAND = "run"


@dataclass(frozen=True, kw_only=True)
class StudyAnswer(Result):
    """A study that was run; `uncertainties` are the ranges of the main baseline's routes to the focus.

    `paying`: its upgrades with a known investment, appraised as `appraise` does by default.
    `options` is what the manifest says of how it was asked.
    """

    QUESTION: ClassVar[str] = "study"

    comparison: Comparison
    uncertainties: Mapping[Pair, PairUncertainty] = measure(hidden=True)
    findings: tuple[Finding, ...] = measure(hidden=True)
    paying: tuple[Paying, ...] = measure(hidden=True)
    options: Mapping[str, Any] = measure(hidden=True)

    @property
    def networks(self) -> tuple[Network, ...]:
        """The networks of all runs, which have the names of what scenarios add."""
        return self.comparison.networks

    @property
    def title(self) -> str:
        """What the study is called."""
        return self.comparison.study.file.title

    def to_dict(self) -> dict[str, Any]:
        """Return the documented JSON shape."""
        from corridor_net.questions.pages.study_files import comparison_json

        return {**comparison_json(self.comparison), "paying": [plain(one) for one in self.paying]}

    def cited(self) -> tuple[str, ...]:
        """Return the ids of the sources that the legs of the main baseline's routes to the focus rest on."""
        made = self.comparison
        main = made.main
        routes = (main.route(origin, made.focus) for origin in made.trips_of(main))
        return tuple(sorted({name for route in routes for leg in route.legs for name in leg.source_ids}))

    @property
    def frame(self) -> Any:
        """All trips as a pandas DataFrame: a row a baseline, scenario and pair."""
        return self.comparison.frame

    def write(
        self,
        folder: str | Path,
        *,
        png: bool = False,
        all_legs: bool = False,
        overwrite: bool = False,
        words: Words | None = None,
        language: str = "en",
        currency: str = "USD",
    ) -> tuple[str, ...]:
        """Write the folder of results, whole or not at all, and return the names of its files.

        Raises BadFile where the folder holds another study, or files that no run wrote, unless `overwrite`; UserError
        for `png` without the extra `png`. `legs.csv` has the routes to the focus, with `all_legs` those of every pair.
        Report and charts are in `language` and `currency`, or those of `words`.
        """
        from corridor_net.questions import words_of

        words = words or words_of(self, language, currency)
        return _write(self, Path(folder), words, png=png, all_legs=all_legs, overwrite=overwrite)


def _write(
    found: StudyAnswer, folder: Path, words: Words, *, png: bool, all_legs: bool, overwrite: bool, line: str = ""
) -> tuple[str, ...]:
    """Write the folder of results; `line` is the command that gives the same, where there is one."""
    from corridor_net.output.generation import write_generation
    from corridor_net.questions.pages.study_files import result_files

    made = found.comparison, found.options, found.uncertainties, found.findings
    texts = result_files(*made, paid=found.paying, png=png, all_legs=all_legs, words=words, line=line)
    name = found.comparison.study.name
    write_generation(folder, texts, study=name, options=found.options, overwrite=overwrite)
    return tuple(texts)


def answer(
    model: Model,
    *files: StudyFile,
    scenarios: StudyScenarios = (),
    origins: StudyOrigins = (),
    destinations: Annotated[
        tuple[str, ...],
        Ask("Destination, in place of the study's, the focus first; repeatable.", metavar="NODE", option="--to"),
    ] = (),
    baselines: Annotated[
        tuple[str, ...], Ask("Baseline; repeatable. All of the study.", metavar="NAME", option="--baseline")
    ] = (),
    progress: Progress | None = None,
) -> StudyAnswer:
    """Run a study: baselines and scenarios compared, printed, and written to a folder.

    Without files, the study that the data name. Scenarios alone are compared on the study's baseline of their day. A
    day (`--as-of`) takes the place of the baselines, unless some are named: these are then seen on that day. Raises
    UnknownName, BadValue, BadFile and ScenarioError for names, files and scenarios that are not right.

    >>> import corridor_net as cn
    >>> found = cn.load().study(origins=["hunchun"], destinations=["niigata"], baselines=["baseline-2019"])
    >>> found.comparison.origins, len(found.comparison.runs)
    (('hunchun',), 10)
    """
    from corridor_net.analysis.compare import compare
    from corridor_net.analysis.upgrade_sets.findings import findings
    from corridor_net.questions._at_once import at_once
    from corridor_net.questions.asked.study import study_for
    from corridor_net.uncertainty.studies.paying import paying
    from corridor_net.uncertainty.studies.study import drawing, main_uncertainty

    asked = study_for(
        model, files, scenarios=scenarios, baselines=baselines, origins=origins, destinations=destinations
    )
    total, done = len(asked.baselines) * (1 + len(asked.scenarios)), 0

    def tell(name: str) -> None:
        nonlocal done
        if progress:
            progress(name, done, total)
        done += 1

    whole: list[Comparison] = []

    def here() -> tuple[Finding, ...]:
        whole.append(compare(asked, model.base, progress=tell, schedule=model.options.schedule))
        tell("how sure, and why")
        return findings(whole[0])

    def aside() -> tuple[dict[Pair, PairUncertainty], tuple[Paying, ...]]:
        """Work out what rests on the main baseline's runs alone; a copy of this process makes these itself."""
        alone = replace(asked, baselines=(asked.main_baseline,))
        made = whole[0] if whole else compare(alone, model.base, schedule=model.options.schedule)
        make = drawing(made)
        return main_uncertainty(made, make), paying(made, make)

    found, (uncertainties, paid) = at_once(here, aside)
    made = whole[0]
    given: dict[str, Any] = {"value_of_time": model.options.value_of_time, "co2_price": model.options.co2_price}
    if made.study.file.evidence != "none":
        given["evidence"] = made.study.file.evidence
    options = {
        "cargo": made.main.router.impedance.cargo.cargo_id,
        "by": made.main.router.by,
        "schedule": model.options.schedule,
        **_asked(model, origins, destinations, baselines),
        **{name: value for name, value in given.items() if value},
    }
    return StudyAnswer(comparison=made, uncertainties=uncertainties, findings=found, paying=paid, options=options)


def _asked(
    model: Model, origins: Sequence[str], destinations: Sequence[str], baselines: Sequence[str]
) -> dict[str, Any]:
    """Return what was asked in place of what the study says, by the names that the manifest has for it."""
    days = {"as_of": str(model.day)} if model.day else {}
    given = {"from": origins, "to": destinations, "baseline": baselines}
    return days | {name: list(value) for name, value in given.items() if value}


def files(found: StudyAnswer, words: Words) -> Mapping[str, str | bytes]:
    """Give the charts and maps."""
    from corridor_net.output.studies.study_charts import study_charts

    charts = study_charts(found.comparison, found.uncertainties)
    return {f"charts/{chart.name}.svg": chart.draw(words=words) for chart in charts}


def saving(  # noqa: PLR0913 (each an option of the command)
    model: Model,
    *files: str,
    folder: Path | None = None,
    origins: Sequence[str] = (),
    destinations: Sequence[str] = (),
    baselines: Sequence[str] = (),
    language: str = "en",
    line: str = "",
    png: Annotated[bool, Ask("Charts as PNG too (extra png).")] = False,
    all_legs: Annotated[bool, Ask("In legs.csv the routes of every pair, not of those to the focus alone.")] = False,
    overwrite: Annotated[bool, Ask("Replace what another study wrote to the folder.")] = False,
) -> Callable[[StudyAnswer, Words], Sentence]:
    """Return what writes the answer to `folder`, or results/STUDY, and says so.

    Raises BadFile for a folder that may not be written, UserError for PNG without its extra, before anything is
    computed.
    """
    from corridor_net.output.generation import check_folder
    from corridor_net.questions.asked.study import study_of
    from corridor_net.questions.pages.study_files import RESULTS

    if png:
        from corridor_net.output.charts.raster import needed

        needed((node.name for node in model.base.rows("node")), language)
    name = study_of(model, files).name
    target = folder or Path("results") / name
    asked = _asked(model, origins, destinations, baselines)
    check_folder(target, RESULTS, study=name, options=asked, overwrite=overwrite)

    def save(found: StudyAnswer, words: Words) -> Sentence:
        names = _write(found, target, words, png=png, all_legs=all_legs, overwrite=overwrite, line=line)
        loose = sorted(name for name in names if "/" not in name)
        return say(
            "Written to {folder}: {names}, and {count:n0|chart|charts} in charts",
            folder=str(target),
            names=", ".join(loose),
            count=len(names) - len(loose),
        )

    return save


def _pays(found: StudyAnswer, head: Sentence) -> list[Any]:
    """Tell which upgrades pay, around the sentence on what all figures are of."""
    from corridor_net.output.paying_text import paying_meaning, paying_table, paying_words

    if not found.paying:
        return [head]
    made = found.comparison
    runs = made.scenario_runs(made.main.baseline)
    unknown = tuple(str(run.scenario) for run in runs if not run.investment_usd)
    told = [say("Not appraised, for no investment is known: {names:list}.", names=unknown)] if unknown else []
    return [paying_words(found.paying), head, paying_table(found.paying), paying_meaning(found.paying), *told]


def view(found: StudyAnswer) -> Page:
    """Show the main pair, the answer and what pays in a sentence each, then the tables, what does nothing, and why."""
    from corridor_net.output.studies.study_text import (
        answer_words,
        main_pair_words,
        prices_words,
        weak_words,
        without_gain,
    )
    from corridor_net.questions.pages.study_tables import tables

    made = found.comparison
    main = made.main
    cargo = main.router.impedance.cargo
    head = say(
        "{title:label}: {cargo:label}, least {by:label} cost, {prices:turned}; an hour is worth {worth:m2} USD.",
        title=made.study.file.title,
        cargo=cargo.name,
        by=main.router.by,
        prices=prices_words(made),
        worth=cargo.value_of_time,
    )
    blocks: list[Any] = [*main_pair_words(made, found.uncertainties), answer_words(made, found.uncertainties)]
    blocks += _pays(found, head)
    if made.study.file.evidence == "published":
        blocks.append(say("10-90% ranges and wins: draws weighted by the published claims (corridor-net calibrate)."))
    blocks += [*tables(made, found.uncertainties), among_rivals(main.router)]
    blocks += without_gain(made)
    blocks += weak_words(made, main)
    for finding in found.findings:
        blocks += [Heading(finding.title), *finding.lines]
    return page(blocks)


def not_known(found: StudyAnswer) -> list[Sentence]:
    """Name them on the ways to the focus, of each baseline by itself."""
    from corridor_net.output.studies.study_text import not_known_words

    return not_known_words(found.comparison)


def charts(found: StudyAnswer) -> Mapping[str, Chart]:
    """Draw what each scenario gains on the main baseline, a box on average over all origins."""
    made = found.comparison
    effects = made.effects(made.main)
    rows = [(one.title, -(one.generalised_change_usd or 0.0)) for one in effects]
    title = say("{study:label}: gain on {title:label}", made.main, study=made.study.file.title)
    return {"gains": Bars(title=title, unit="USD of generalised cost a box", rows=rows)}


def layer(found: StudyAnswer) -> dict[str, Any]:
    """Give the route of every origin to the focus in every run as lines."""
    from corridor_net.output.maps.geojson import routes_geojson

    return routes_geojson(found.comparison)
