"""Scenarios and studies as read from files: finding them by name, `extends`, `requires`, `conflicts`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from corridor_net.errors import BadFile, BadValue, Place, ScenarioError, UnknownName, did_you_mean
from corridor_net.network import Network, parse_day
from corridor_net.network.read import shipped_folder

from .apply import Applied, At, apply_change
from .model import Change, ScenarioFile, StudyFile
from .yaml_file import YamlFile


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named, ordered list of changes, with what it extends already in front.

    `apply` gives a new network and never touches the old one.
    """

    name: str
    title: str
    why: str
    as_of: date | None
    requires: tuple[str, ...]
    conflicts: tuple[str, ...]
    investment_usd: float | None
    steps: tuple[tuple[Change, str, int, At], ...]
    lineage: tuple[str, ...]
    files: tuple[tuple[str, str], ...]

    def apply(self, network: Network) -> Network:
        """Return the network with every change made, in order; raises ScenarioError where one cannot be."""
        return self.trace(network)[0]

    def trace(self, network: Network) -> tuple[Network, tuple[Applied, ...]]:
        """Return the changed network, and what each change touched, before and after."""
        if self.as_of is not None:
            try:
                network = network.as_of(self.as_of)
            except BadValue as error:
                raise BadValue(f"scenario '{self.name}': {error.message}", hint=error.hint) from None
        done = []
        for change, scenario, number, at in self.steps:
            network, applied = apply_change(network, change, scenario, number, at)
            done.append(applied)
        return network, tuple(done)

    def diff(self, network: Network) -> list[tuple[str, str, object, object]]:
        """Return every touched figure: (row, field, before, after)."""
        return [touched for applied in self.trace(network)[1] for touched in applied.touched]


@dataclass(frozen=True, slots=True)
class Study:
    """A study file, with its baselines and scenarios loaded."""

    file: StudyFile
    baselines: tuple[Scenario, ...]
    scenarios: tuple[Scenario, ...]
    files: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """Name of the study."""
        return self.file.study

    @property
    def main_baseline(self) -> Scenario:
        """The baseline shown first."""
        wanted = self.file.main_baseline
        for baseline in self.baselines:
            if wanted in (None, baseline.name):
                return baseline
        known = [baseline.name for baseline in self.baselines]
        raise UnknownName(
            f"main_baseline '{wanted}' is not one of the baselines", hint=did_you_mean(str(wanted), known)
        )


def scenario_path(name: str, near: Path | None = None) -> Path:
    """Return the file of a scenario or study: a path, a neighbour of the file that names it, or a shipped name."""
    given = Path(name)
    if given.suffix in (".yaml", ".yml"):
        for candidate in ([near / given] if near and not given.is_absolute() else []) + [given]:
            if candidate.is_file():
                return candidate
    folders = ([near] if near else []) + [shipped_folder("scenarios")]
    for folder in folders:
        candidate = folder / (given.name if given.suffix else f"{name}.yaml")
        if candidate.is_file():
            return candidate
    if given.suffix or "/" in name:
        raise BadFile(f"there is no file '{name}'", hint=did_you_mean(given.stem, shipped_names(), otherwise=""))
    known = shipped_names()
    raise UnknownName(
        f"unknown scenario '{name}'", hint=did_you_mean(name, known, otherwise=f"shipped: {', '.join(known)}")
    )


def shipped_names() -> list[str]:
    """Return the names of the shipped scenarios and studies."""
    return sorted(path.stem for path in shipped_folder("scenarios").glob("*.yaml"))


def is_study(path: Path) -> bool:
    """Whether a file is a study, by its first key that tells."""
    return "study" in YamlFile.read(path).data


def load_scenario(name: str | Path, *, near: Path | None = None, _chain: tuple[str, ...] = ()) -> Scenario:
    """Load a scenario by name or path, with everything it extends.

    Raises UnknownName, BadFile, FileFaults (all faults of the file), ScenarioError (a cycle of `extends`).
    """
    path = scenario_path(str(name), near)
    text = YamlFile.read(path)
    if "study" in text.data and "scenario" not in text.data:
        raise BadFile(
            "this is a study, not a scenario",
            place=text.place("study", of_key=True),
            hint="give it to 'corridor-net run'",
        )
    file = text.validate(ScenarioFile)
    if file.scenario in _chain:
        loop = " -> ".join((*_chain[_chain.index(file.scenario) :], file.scenario))
        raise ScenarioError(f"'extends' goes in a circle: {loop}", place=text.place("extends"))
    mine = ((path.name, hashlib.sha256(path.read_bytes()).hexdigest()),)
    bases = []
    for number, name_of_base in enumerate(file.extends):
        place = text.place("extends", number) if isinstance(text.data["extends"], list) else text.place("extends")
        try:
            bases.append(load_scenario(name_of_base, near=path.parent, _chain=(*_chain, file.scenario)))
        except (UnknownName, BadFile) as error:
            raise type(error)(error.message, place=error.place or place, hint=error.hint) from None
    return scenario_from(file, text.place, bases, mine)


def scenario_from(
    file: ScenarioFile,
    place: Callable[..., Place],
    bases: Sequence[Scenario] = (),
    files: tuple[tuple[str, str], ...] = (),
) -> Scenario:
    """Return the scenario that a file's contents are, on the loaded scenarios it extends.

    `place("changes", 0, "by")` is where errors say that a value stands. Raises BadValue for what is no date,
    ScenarioError when the bases are for different days; which days there are, the network knows.
    """
    try:
        as_of = parse_day(file.as_of) if file.as_of else None
    except BadValue as error:
        raise BadValue(error.message, place=place("as_of"), hint=error.hint) from None
    steps = tuple(
        (change, file.scenario, number, partial(place, "changes", number - 1))
        for number, change in enumerate(file.changes, 1)
    )
    known = _join(bases) or _NOTHING
    return Scenario(
        file.scenario,
        file.title,
        file.why,
        as_of or known.as_of,
        (*known.requires, *file.requires),
        (*known.conflicts, *file.conflicts),
        file.investment_usd if file.investment_usd is not None else known.investment_usd,
        (*known.steps, *steps),
        (*known.lineage, file.scenario),
        (*known.files, *files),
    )


_NOTHING = Scenario("", "", "", None, (), (), None, (), (), ())


def combine(scenarios: Sequence[Scenario]) -> Scenario | None:
    """Return one scenario with the changes of all, in order; None for none.

    Raises ScenarioError when two conflict or one lacks what it requires.
    """
    names = {name for scenario in scenarios for name in scenario.lineage}
    for scenario in scenarios:
        for other in scenario.conflicts:
            if other in names:
                raise ScenarioError(f"scenario '{scenario.name}' conflicts with '{other}'", hint="apply one of them")
        for other in scenario.requires:
            if other not in names:
                raise ScenarioError(f"scenario '{scenario.name}' requires '{other}'", hint=f"add --scenario {other}")
    return _join(scenarios)


def _join(scenarios: Sequence[Scenario]) -> Scenario | None:
    if not scenarios:
        return None
    days = {scenario.as_of for scenario in scenarios if scenario.as_of}
    if len(days) > 1:
        raise ScenarioError(f"the scenarios are for different days: {', '.join(map(str, sorted(days)))}")
    if len(scenarios) == 1:
        return scenarios[0]
    steps: dict[tuple[str, int], tuple[Change, str, int, At]] = {}
    for scenario in scenarios:
        for step in scenario.steps:
            steps.setdefault((step[1], step[2]), step)
    costs = [s.investment_usd for s in scenarios if s.investment_usd is not None]
    return Scenario(
        "+".join(s.name for s in scenarios),
        " + ".join(s.title for s in scenarios),
        "",
        next(iter(days), None),
        tuple(dict.fromkeys(name for s in scenarios for name in s.requires)),
        tuple(dict.fromkeys(name for s in scenarios for name in s.conflicts)),
        sum(costs) if costs else None,
        tuple(steps.values()),
        tuple(sorted({name for s in scenarios for name in s.lineage})),
        tuple(dict.fromkeys(file for s in scenarios for file in s.files)),
    )


def load_study(name: str | Path) -> Study:
    """Load a study by name or path, with its baselines and scenarios."""
    path = scenario_path(str(name))
    text = YamlFile.read(path)
    file = text.validate(StudyFile)

    def load(kind: str) -> tuple[Scenario, ...]:
        found = []
        for number, entry in enumerate(getattr(file, kind)):
            try:
                found.append(load_scenario(entry, near=path.parent))
            except (UnknownName, BadFile) as error:
                place = error.place or text.place(kind, number)
                raise type(error)(error.message, place=place, hint=error.hint) from None
        return tuple(found)

    baselines, scenarios = load("baselines"), load("scenarios")
    mine = ((path.name, hashlib.sha256(path.read_bytes()).hexdigest()),)
    files = tuple(sorted({*mine, *(f for s in (*baselines, *scenarios) for f in s.files)}))
    return Study(file, baselines, scenarios, files)


def study_of(names: Sequence[str]) -> Study:
    """Return the study that compares the given scenarios with their baseline (baseline-2026 when they name none)."""
    scenarios = tuple(load_scenario(name) for name in names)
    days = {scenario.as_of for scenario in scenarios if scenario.as_of}
    if len(days) > 1:
        raise ScenarioError(
            f"the scenarios are for different days: {', '.join(map(str, sorted(days)))}",
            hint="run them one by one",
        )
    known = [load_scenario(name) for name in shipped_names() if name.startswith("baseline-")]
    day = next(iter(days), None)
    baseline = next((b for b in known if b.as_of == day), known[-1])
    if day is not None and baseline.as_of != day:
        baseline = Scenario(f"network-{day}", f"The network as of {day}", "", day, (), (), None, (), (), ())
    label = "-".join(scenario.name for scenario in scenarios)[:60]
    file = StudyFile(
        study=label,
        title="; ".join(s.title for s in scenarios),
        baselines=[baseline.name],
        scenarios=[s.name for s in scenarios],
        focus="niigata",
    )
    files = tuple(sorted({f for s in (baseline, *scenarios) for f in s.files}))
    return Study(file, (baseline,), scenarios, files)
