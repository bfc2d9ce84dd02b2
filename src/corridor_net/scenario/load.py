"""Scenarios and studies from files: finding them by name, reading them with what they extend, every fault at once."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from numbers import Integral, Real
from os import PathLike
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from corridor_net.errors import (
    BadFile,
    BadValue,
    CorridorError,
    Place,
    ScenarioError,
    UnknownName,
    did_you_mean,
    raise_all,
)
from corridor_net.network import Network
from corridor_net.network.files.sheet_table import SUFFIXES
from corridor_net.network.reading.package import shipped_folder

from .apply import apply_steps
from .compose import Scenario, combine, day_of, distinct, scenario_from
from .model import Change, ScenarioFile, StudyFile
from .sheet_file import SheetFile
from .study import Study
from .sweep import axes_from
from .yaml_file import Placed, YamlFile, faults_at, in_order

MAX_NAME = 255
"""Characters of a name or path."""
MAX_CHAIN = 20
"""Scenarios that may extend one another in a row."""
BEGINS = re.compile(rb"^\W*(scenario|study)\W*:", re.MULTILINE)
_Known = dict[Path, Scenario]


def scenario_path(name: str, near: Path | None = None) -> Path:
    """Return the file of a scenario or study: a path, a neighbour of the file that names it, or a shipped name."""
    if len(name) > MAX_NAME:
        raise BadFile(f"'{name[:40]}…' is no name of a file", hint=f"a name has at most {MAX_NAME} characters")
    given = Path(name)
    if given.suffix in (".yaml", ".yml", *SUFFIXES):
        for candidate in ([near / given] if near and not given.is_absolute() else []) + [given]:
            if _is_file(candidate):
                return candidate
    folders = ([near] if near else []) + [shipped_folder("scenarios")]
    for folder in folders:
        candidate = folder / (given.name if given.suffix else f"{name}.yaml")
        if _is_file(candidate):
            return candidate
    if given.suffix or "/" in name:
        raise BadFile(f"there is no file '{name}'", hint=did_you_mean(given.stem, shipped_scenarios(), otherwise=""))
    known = shipped_scenarios()
    raise UnknownName(
        f"unknown scenario '{name}'", hint=did_you_mean(name, known, otherwise=f"shipped: {', '.join(known)}")
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def shipped_scenarios() -> list[str]:
    """Return the names of the shipped scenarios and studies.

    >>> shipped_scenarios()[:2]
    ['baseline-2016', 'baseline-2019']
    """
    return sorted(path.stem for path in shipped_folder("scenarios").glob("*.yaml"))


def files_beside(folder: Path) -> list[Path]:
    """Return the YAML files of a folder with a line that begins a scenario or a study, broken ones too."""
    return [path for path in sorted(folder.glob("*.y*ml")) if _is_file(path) and BEGINS.search(path.read_bytes())]


def is_study(path: Path) -> bool:
    """Whether a file is a study, by its first key that tells; a workbook is a scenario."""
    return path.suffix not in SUFFIXES and "study" in YamlFile.read(path).data


def load_scenario(
    name: str | Path, *, near: Path | None = None, _chain: tuple[str, ...] = (), _known: _Known | None = None
) -> Scenario:
    """Load a scenario by name or path, with everything it extends.

    Raises UnknownName, BadFile, FileFaults (all faults of the file), ScenarioError (a cycle of `extends`).

    >>> load_scenario("primorye-2").title
    'Primorye-2 programme with a container terminal at Zarubino and a weekly Niigata liner'
    """
    path = scenario_path(str(name), near)
    known: _Known = {} if _known is None else _known
    if path in known:
        return known[path]
    text = _read_scenario(path)
    file = text.validate(ScenarioFile)
    if file.scenario in _chain:
        loop = " -> ".join((*_chain[_chain.index(file.scenario) :], file.scenario))
        raise ScenarioError(f"'extends' goes in a circle: {loop}", place=text.place("extends"))
    if len(_chain) >= MAX_CHAIN:
        raise ScenarioError(f"more than {MAX_CHAIN} scenarios extend one another", place=text.place("extends"))
    load = partial(load_scenario, near=path.parent, _chain=(*_chain, file.scenario), _known=known)
    bases, faults = _load_all(file.extends, text, "extends", load)
    raise_all(faults)
    mine = ((path.name, hashlib.sha256(path.read_bytes()).hexdigest()),)
    known[path] = scenario_from(file, text.place, bases, mine)
    return known[path]


def _written(given: Mapping[str, Any]) -> str:
    """Return a mapping as JSON; raise BadValue for what is no part of a scenario file."""
    try:
        return json.dumps(dict(given), ensure_ascii=False, indent=1, default=_plain)
    except (TypeError, ValueError, RecursionError) as error:
        hint = "texts, numbers, true or false, days, lists, and mappings whose keys are texts"
        raise BadValue(f"a scenario cannot hold this: {error}", hint=hint) from None


def _plain(value: Any) -> Any:
    """Return a value that JSON does not have as one that it has: a day, a path, a number of numpy, another mapping."""
    if isinstance(value, (date, Path)):
        return str(value)
    if isinstance(value, Real):
        return int(value) if isinstance(value, Integral) else float(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} stands in it")


def scenario_of(given: str | Path | Mapping[str, Any] | Scenario) -> Scenario:
    """Return a scenario by name or path, or of a mapping with the keys of a file; one that is one already as it is.

    Raises what `load_scenario` raises; faults of a mapping have their places in it written as JSON.
    """
    if isinstance(given, Scenario):
        return given
    if isinstance(given, (str, PathLike)):
        return load_scenario(given if isinstance(given, str) else Path(given))
    if not isinstance(given, Mapping):
        hint = "a shipped name, a file, or a mapping with the keys of a file"
        raise BadValue(f"a scenario is needed, not {type(given).__name__}", hint=hint)
    written = _written(given)
    text = YamlFile.parse(written, "mapping")
    file = text.validate(ScenarioFile)
    bases, faults = _load_all(file.extends, text, "extends", load_scenario)
    raise_all(faults)
    mine = ((f"{file.scenario}.json", hashlib.sha256(written.encode()).hexdigest()),)
    return scenario_from(file, text.place, bases, mine)


def _read_scenario(path: Path) -> Placed:
    if path.suffix in SUFFIXES:
        return SheetFile.read(path)
    text = YamlFile.read(path)
    if "study" in text.data and "scenario" not in text.data:
        raise BadFile(
            "this is a study, not a scenario",
            place=text.place("study", of_key=True),
            hint="give it to 'corridor-net run'",
        )
    return text


def _load_all(
    names: Sequence[str], text: Placed, key: str, load: Callable[[str], Scenario]
) -> tuple[list[Scenario], list[CorridorError]]:
    """Return the scenarios that a list of a file names, and every fault; one without a place gets that of its name."""
    found: list[Scenario] = []
    faults: list[CorridorError] = []
    listed = isinstance(text.data.get(key), list)
    for number, name in enumerate(names):
        try:
            found.append(load(name))
        except CorridorError as error:
            faults += faults_at(error, text.place(key, number) if listed else text.place(key))
    return found, faults


def load_study(name: str | Path) -> Study:
    """Load a study by name or path, with its baselines and scenarios; every fault at once.

    Raises ScenarioError when a scenario is for another day than a baseline, or two have one name.

    >>> import pathlib, tempfile
    >>> import corridor_net as cn
    >>> text = "{study: one, title: One, baselines: [baseline-2019], scenarios: [primorye-2], focus: niigata, "
    >>> text += "origins: [hunchun], destinations: [niigata]}"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "one.yaml")
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     study = cn.load_study(path)
    >>> study.name, [scenario.name for scenario in study.scenarios]
    ('one', ['primorye-2'])
    """
    path = scenario_path(str(name))
    text = YamlFile.read(path)
    file = text.validate(StudyFile)
    load = partial(load_scenario, near=path.parent, _known={})
    baselines, faults = _load_all(file.baselines, text, "baselines", load)
    scenarios, more = _load_all(file.scenarios, text, "scenarios", load)
    axes, wrong = axes_from(file.sweep, text.place, load)
    raise_all([*faults, *more, *wrong, *_unknown_main(file, baselines, text)])
    raise_all(
        [fault for n, s in enumerate(scenarios) for fault in _other_day(s, baselines, text.place("scenarios", n))]
    )
    mine = ((path.name, hashlib.sha256(path.read_bytes()).hexdigest()),)
    swept = [stop.scenario for axis in axes for stop in axis.stops if stop.scenario is not None]
    files = tuple(sorted({*mine, *(f for s in (*baselines, *scenarios, *swept) for f in s.files)}))
    try:
        return Study(file=file, baselines=distinct(baselines), scenarios=distinct(scenarios), files=files, sweep=axes)
    except ScenarioError as error:
        error.place = text.place("scenarios")
        raise


def _other_day(scenario: Scenario, baselines: Sequence[Scenario], place: Place) -> list[CorridorError]:
    """Return a fault where a scenario of a study has a day of its own that is not that of a baseline."""
    for baseline in baselines:
        if scenario.as_of and baseline.as_of and scenario.as_of != baseline.as_of:
            message = (
                f"scenario '{scenario.name}' is for {scenario.as_of}, baseline '{baseline.name}' for {baseline.as_of}"
            )
            return [ScenarioError(message, place=place, hint="leave 'as_of' out of the scenario, or the baseline out")]
    return []


def check_scenario(path: Path, network: Network, given: str | None = None) -> None:
    """Raise every fault of a scenario file at once: of its text, of its changes on the network, of what they make.

    The day is that of `day_of`, then each later one from which a change holds. Of a file with faults in its text, the
    changes that can be read are tried all the same.
    """
    try:
        scenario = load_scenario(path)
        base = network.as_of(day) if (day := day_of([scenario], given)) else network
    except CorridorError as error:
        seen = {str(fault.place) for fault in error.each}
        tried = _faults_of_changes(path, network.as_of(given) if given else network)
        raise_all(in_order([*error.each, *(fault for fault in tried if str(fault.place) not in seen)]))
        raise
    combine([scenario])
    replace(scenario, as_of=None).apply(base)
    begins = {change.valid_from: at for change, _, _, at in scenario.steps if change.valid_from}
    for later in scenario.days_after(base.day):
        try:
            then = network.as_of(later)
        except BadValue as error:
            raise error.moved(begins[later]("valid_from")) from None
        replace(scenario, as_of=None).apply(then)


def check_study(path: Path, network: Network) -> None:
    """Raise every fault of a study at once: of its files, of the names in it, of each scenario on each baseline."""
    study, text = load_study(path), YamlFile.read(path)
    faults = _faults_of_names(study.file, text, network)
    for baseline in study.baselines:
        base = baseline.apply(network)
        for scenario in (*study.scenarios, *study.swept):
            try:
                combine([scenario])
                scenario.apply(base)
            except CorridorError as error:
                faults += error.each
    raise_all(list({str(fault): fault for fault in faults}.values()))


def _unknown_main(file: StudyFile, baselines: Sequence[Scenario], text: YamlFile) -> list[CorridorError]:
    known = [baseline.name for baseline in baselines]
    if file.main_baseline in (None, *known):
        return []
    message = f"main_baseline '{file.main_baseline}' is not one of the baselines"
    hint = did_you_mean(str(file.main_baseline), known, otherwise=f"baselines: {', '.join(known)}")
    return [UnknownName(message, place=text.place("main_baseline"), hint=hint)]


def check_names(name: str | Path, network: Network, replaced: Collection[str] = ()) -> None:
    """Raise every node and cargo of a study that is not there, with its place; keys in `replaced` are not asked for."""
    text = YamlFile.read(scenario_path(str(name)))
    file = text.validate(StudyFile).model_copy(update=dict.fromkeys(replaced))
    raise_all(_faults_of_names(file, text, network))


def _faults_of_names(file: StudyFile, text: YamlFile, network: Network) -> list[CorridorError]:
    """Return a fault, with its place, for each node and cargo of a study that is not there."""
    asked: list[tuple[Callable[[str], Any], str, tuple[str | int, ...]]] = []
    for key in ("origins", "destinations"):
        asked += [(network.node, name, (key, number)) for number, name in enumerate(getattr(file, key) or ())]
    asked += [(network.node, file.focus, ("focus",))] if file.focus else []
    asked += [(network.cargo, file.cargo, ("cargo",))] if file.cargo else []
    for number, axis in enumerate(file.sweep):
        names = (axis.over or ()) if axis.option == "cargo" else ()
        asked += [(network.cargo, str(name), ("sweep", number, "over", at)) for at, name in enumerate(names)]
    faults: list[CorridorError] = []
    for find, name, keys in asked:
        try:
            find(name)
        except UnknownName as error:
            error.place = text.place(*keys)
            faults.append(error)
    return faults


def _faults_of_changes(path: Path, network: Network) -> list[CorridorError]:
    """Return what is wrong, by the names and values in it, with each change that can be read by itself."""
    try:
        text = _read_scenario(path)
    except CorridorError:
        return []
    listed: Any = text.data.get("changes")
    steps = []
    for number, data in enumerate(listed if isinstance(listed, list) else (), 1):
        try:
            steps.append((Change.model_validate(data), "this", number, partial(text.place, "changes", number - 1)))
        except ValidationError:
            continue
    try:
        apply_steps(network, steps, {})
    except CorridorError as error:
        return [fault for fault in error.each if not (text.data.get("extends") and isinstance(fault, ScenarioError))]
    return []
