"""Which study is meant: that of the data, scenarios on its baselines, and a study seen on other days or scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from corridor_net.errors import BadValue, CorridorError, UnknownName, did_you_mean
from corridor_net.network import Network
from corridor_net.network.files.json_text import place_of_part
from corridor_net.network.reading.package import shipped_package

from .compose import Scenario, day_of, distinct, seen_on
from .load import files_beside, load_scenario, load_study, scenario_path
from .model import StudyFile
from .study import Study

OWN = "network"
"""The name of the study of a network whose data name none."""


def network_on(day: date) -> Scenario:
    """Return the baseline that is the network of a day, without changes."""
    return Scenario(name=f"network-{day}", title=f"The network as of {day}", as_of=day)


def default_study(network: Network) -> Study:
    """Return the study that is meant where none is named: that of `datapackage.json`, else the network by itself.

    The network by itself: all origins to all markets of table market on its usual day, without scenarios. A study is
    looked for in the folder of the data first. Raises UnknownName where it names places that the network does not have;
    the shipped study, which a copy of the shipped description still names, is then taken as not named.
    """
    named, path = network.package.study, own_study(network)
    if path is not None:
        study = load_study(path)
        missing = _missing(study.file, network)
        if missing is None:
            return study
        if named != shipped_package().study:
            raise UnknownName(
                f"the study '{named}', which datapackage.json names, needs a place that the data do not have: "
                f"{missing.message}",
                hint='name a study of these data with "study", or leave it out of datapackage.json',
            )
    baseline = network_on(network.usual_day)
    title = f"Every origin to every market, {network.usual_day}"
    return Study(
        file=StudyFile(study=OWN, title=title, baselines=[baseline.name]), baselines=(baseline,), scenarios=(), files=()
    )


def own_study(network: Network) -> Path | None:
    """Return the file of the study that the data name, None where they name none; raise with its place if not there."""
    named, folder = network.package.study, Path(network.folder) if network.folder else None
    if named is None:
        return None
    try:
        return scenario_path(named, folder)
    except CorridorError as error:
        raise error.moved(place_of_part(folder / "datapackage.json", "study") if folder else None) from None


def own_files(network: Network) -> list[str]:
    """Return the study that data name themselves, and the studies and scenarios that lie in their folder.

    The shipped study, which a copy of the shipped data names, is not meant.
    """
    copied = network.package.study == shipped_package().study
    named = [] if copied else [path for path in (own_study(network),) if path]
    return [str(path) for path in dict.fromkeys((*named, *files_beside(Path(network.folder))))]


def _missing(file: StudyFile, network: Network) -> UnknownName | None:
    """Return the error of the first place of a study that the network does not have."""
    for place in (*([file.focus] if file.focus else ()), *(file.origins or ()), *(file.destinations or ())):
        try:
            network.node(place)
        except UnknownName as error:
            return error
    return None


def study_of(
    names: Sequence[str], default: Study | None = None, *, baselines: Sequence[str] = (), day: date | None = None
) -> Study:
    """Return the study that compares the given scenarios with their baseline, and is else the default one.

    The baseline is that of the scenarios' day (or of `day`), the last one where nobody names a day, or the named ones.
    Without `default`, of the shipped study.
    """
    known = default or load_study(str(shipped_package().study))
    loaded: dict[Path, Scenario] = {}
    scenarios = distinct([load_scenario(name, _known=loaded) for name in names])
    wanted = day_of(scenarios, day)
    found = on_baselines(known, baselines, wanted).baselines if baselines or wanted else known.baselines[-1:]
    named = {"study": "-".join(one.name for one in scenarios)[:60], "title": "; ".join(one.title for one in scenarios)}
    if day is not None:
        scenarios = tuple(replace(one, as_of=day) for one in scenarios)
    return _made(
        Study(file=known.file.model_copy(update={**named, "why": ""}), baselines=(), scenarios=(), files=()),
        found,
        scenarios,
    )


def with_scenarios(study: Study, scenarios: Sequence[Scenario]) -> Study:
    """Return a study with these scenarios in place of its own."""
    return _made(study, study.baselines, distinct(scenarios))


def on_baselines(study: Study, names: Sequence[str] = (), day: date | None = None) -> Study:
    """Return a study on some of its baselines, or on another day; all scenarios are seen on that day too.

    Names say so: of a baseline that is seen on another day than its own; a run has the name of its baseline in front.

    With a day and no names: the baseline of that day, where there is one, else the network of that day. Raises BadValue
    for a baseline that the study does not have.
    """
    known = {one.name: one for one in study.baselines}
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known, otherwise=f"one of: {', '.join(known)}")
            raise BadValue(f"no baseline '{name}' in the study", hint=hint)
    chosen = tuple(known[name] for name in dict.fromkeys(names)) or study.baselines
    if day is None:
        return _made(study, chosen, study.scenarios) if names else study
    if names:
        chosen = tuple(seen_on(one, day) for one in chosen)
    else:
        chosen = tuple(one for one in chosen if one.as_of == day) or (network_on(day),)
    return _made(study, chosen, tuple(replace(one, as_of=day) for one in study.scenarios))


def _made(study: Study, baselines: tuple[Scenario, ...], scenarios: tuple[Scenario, ...]) -> Study:
    """Return a study on these baselines and scenarios; the main baseline stays where it is still there."""
    names = [one.name for one in baselines]
    main = study.file.main_baseline
    update = {
        "baselines": names,
        "scenarios": [one.name for one in scenarios],
        "main_baseline": main if main in names else None,
    }
    own = {*study.files} - {one for scenario in (*study.baselines, *study.scenarios) for one in scenario.files}
    read = {*own, *(one for scenario in (*baselines, *scenarios) for one in scenario.files)}
    return Study(
        file=study.file.model_copy(update=update),
        baselines=baselines,
        scenarios=scenarios,
        files=tuple(sorted(read)),
        sweep=study.sweep,
    )


def with_ends(study: Study, origins: Sequence[str], destinations: Sequence[str]) -> Study:
    """Return a study from and to these places in place of its own; its focus is the first, if it is not among them."""
    update: dict[str, object] = {}
    if origins:
        update["origins"] = list(origins)
    if destinations:
        kept = study.file.focus if study.file.focus in destinations else destinations[0]
        update |= {"destinations": list(destinations), "focus": kept}
    return replace(study, file=study.file.model_copy(update=update)) if update else study
