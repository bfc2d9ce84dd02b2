"""Scenarios and studies once read, and how several become one: names, days, order, `requires` and `conflicts`."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from corridor_net.errors import BadValue, Place, ScenarioError
from corridor_net.network import Network, parse_day
from corridor_net.network.fixed import Fixed

from .apply import Applied, Step, apply_steps
from .model import ScenarioFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A named, ordered list of changes, with what it extends already in front.

    `follows` names, for it and what it extends, the scenarios each extends or requires; `contents` the hash of each.
    `apply` gives a new network and never touches the old one.

    >>> import corridor_net as cn
    >>> faster = cn.load_scenario("suifenhe-faster")
    >>> row, field, before, after = faster.diff(cn.load(as_of="2019-07-01").network)[0]
    >>> after < before
    True
    """

    name: str
    title: str
    why: str = ""
    as_of: date | None = None
    requires: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    investment_usd: float | None = None
    steps: tuple[Step, ...] = ()
    lineage: tuple[str, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    follows: Mapping[str, frozenset[str]] = field(default_factory=lambda: Fixed({}))
    contents: Mapping[str, str] = field(default_factory=lambda: Fixed({}))
    source: str = ""

    def apply(self, network: Network) -> Network:
        """Return the network with every change made, in order, and checked.

        Raises every fault at once: a change that cannot be made, and what of the result breaks a named check.
        """
        return self.trace(network)[0]

    def trace(self, network: Network) -> tuple[Network, tuple[Applied, ...]]:
        """Return the changed network, and what each change touched, before and after."""
        if self.as_of is not None:
            try:
                network = network.as_of(self.as_of)
            except BadValue as error:
                raise BadValue(f"scenario '{self.name}': {error.message}", hint=error.hint) from None
        return apply_steps(network, self.steps, self.follows)

    def days_after(self, day: date) -> tuple[date, ...]:
        """Return the days after a day from which a change holds, in order."""
        days = {change.valid_from for change, *_ in self.steps if change.valid_from}
        return tuple(sorted(later for later in days if later > day))

    def diff(self, network: Network) -> list[tuple[str, str, object, object]]:
        """Return every touched figure: (row, field, before, after)."""
        return [(t.row, t.field, t.before, t.after) for applied in self.trace(network)[1] for t in applied.touched]


def scenario_from(
    file: ScenarioFile,
    place: Callable[..., Place],
    bases: Sequence[Scenario] = (),
    files: tuple[tuple[str, str], ...] = (),
) -> Scenario:
    """Return the scenario that a file's contents are, on the loaded scenarios it extends.

    `place("changes", 0, "by")` is where errors say that a value stands. Raises BadValue for a date outside the
    data, ScenarioError when the bases are for different days, or it has the name of one of them.
    """
    try:
        as_of = parse_day(file.as_of) if file.as_of else None
    except BadValue as error:
        raise BadValue(error.message, place=place("as_of"), hint=error.hint) from None
    try:
        known = _join(distinct(bases)) or Scenario(name="", title="")
    except ScenarioError as error:
        raise ScenarioError(error.message, place=place("extends"), hint=error.hint) from None
    if file.scenario in known.lineage:
        raise ScenarioError(f"scenario '{file.scenario}' extends one of its own name", place=place("scenario"))
    steps = tuple(
        (change, file.scenario, number, partial(place, "changes", number - 1))
        for number, change in enumerate(file.changes, 1)
    )
    text = file.model_dump_json()
    return Scenario(
        name=file.scenario,
        title=file.title,
        why=file.why,
        as_of=as_of or known.as_of,
        requires=(*known.requires, *file.requires),
        conflicts=(*known.conflicts, *file.conflicts),
        investment_usd=file.investment_usd if file.investment_usd is not None else known.investment_usd,
        steps=(*known.steps, *steps),
        lineage=(*known.lineage, file.scenario),
        files=(*known.files, *files),
        follows={**known.follows, file.scenario: frozenset((*known.lineage, *file.requires))},
        contents={**known.contents, file.scenario: hashlib.sha256(text.encode()).hexdigest()},
        source=file.source or known.source,
    )


def day_of(scenarios: Sequence[Scenario], given: date | str | None = None) -> date | None:
    """Return the one day at which scenarios are seen: the day given, else their own; None when nobody says.

    The only place of this rule. Raises ScenarioError when none is given and their own days differ.
    """
    if given:
        return parse_day(given)
    days = sorted({scenario.as_of for scenario in scenarios if scenario.as_of})
    if len(days) > 1:
        raise ScenarioError(
            f"the scenarios are for different days: {', '.join(map(str, days))}",
            hint="run them one by one, or choose one day with --as-of",
        )
    return days[0] if days else None


def seen_on(scenario: Scenario, day: date | None) -> Scenario:
    """Return the scenario for a network of that day; where its own day is another, its name and title say so.

    >>> from corridor_net.scenario import load_scenario
    >>> seen_on(load_scenario("baseline-2016"), date(2019, 7, 1)).name
    'baseline-2016 as of 2019-07-01'
    """
    if day is None or scenario.as_of in (None, day):
        return replace(scenario, as_of=day)
    words = f"as of {day}"
    return replace(scenario, as_of=day, name=f"{scenario.name} {words}", title=f"{scenario.title}, {words}")


def on_day(network: Network, scenarios: Sequence[Scenario], given: date | str | None) -> tuple[Network, list[Scenario]]:
    """Return the network as of the one day of `day_of`, and the scenarios as seen on it, each once.

    Raises ScenarioError as `day_of` and `distinct` do, and for a scenario of which no change holds on that day.
    """
    chosen = distinct(scenarios)
    day = day_of(chosen, given)
    seen = network.as_of(day) if day else network
    for scenario in chosen:
        later = scenario.days_after(seen.day)
        if later and not any(change.holds_on(seen.day) for change, *_ in scenario.steps):
            message = f"no change of scenario '{scenario.name}' holds on {seen.day}"
            raise ScenarioError(message, hint=f"the first holds from {later[0]} on")
    return seen, [seen_on(scenario, day) for scenario in chosen]


def distinct(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """Return each scenario once: given twice, it counts once.

    Raises ScenarioError when two different ones have one name, for results are told apart by name.
    """
    found: dict[str, Scenario] = {}
    contents: dict[str, str] = {}
    for scenario in scenarios:
        for name, text in scenario.contents.items():
            if contents.setdefault(name, text) != text:
                raise ScenarioError(
                    f"two different scenarios are named '{name}'",
                    hint="rename one of them: what stands after 'scenario:' in its file",
                )
        other = found.setdefault(scenario.name, scenario)
        if other is not scenario and not scenario.contents:
            raise ScenarioError(f"two different scenarios are named '{scenario.name}'", hint="rename one of them")
    return tuple(found.values())


def combine(scenarios: Sequence[Scenario]) -> Scenario | None:
    """Return one scenario with the changes of all; None for none.

    They come in the order given, but one that another requires comes before it. Raises ScenarioError when two
    conflict, one lacks what it requires, two have one name, or they are for different days.
    """
    chosen = distinct(scenarios)
    names = {name for scenario in chosen for name in scenario.lineage}
    for scenario in chosen:
        for other in scenario.conflicts:
            if other in names:
                raise ScenarioError(f"scenario '{scenario.name}' conflicts with '{other}'", hint="apply one of them")
        for other in scenario.requires:
            if other not in names:
                raise ScenarioError(f"scenario '{scenario.name}' requires '{other}'", hint=f"add --scenario {other}")
    return _join(_required_first(chosen))


def _required_first(scenarios: Sequence[Scenario]) -> list[Scenario]:
    ordered: list[Scenario] = []
    waiting = list(scenarios)
    while waiting:
        there = {name for scenario in ordered for name in scenario.lineage}
        ready = next((s for s in waiting if set(s.requires) <= there | set(s.lineage)), waiting[0])
        ordered.append(ready)
        waiting.remove(ready)
    return ordered


def _join(scenarios: Sequence[Scenario]) -> Scenario | None:
    if not scenarios:
        return None
    day = day_of(scenarios)
    if len(scenarios) == 1:
        return scenarios[0]
    steps: dict[tuple[str, int], Step] = {}
    for scenario in scenarios:
        for step in scenario.steps:
            steps.setdefault((step[1], step[2]), step)
    costs = [s.investment_usd for s in scenarios if s.investment_usd is not None]
    return Scenario(
        name=_joined([s.name for s in scenarios], "+", f" as of {day}"),
        title=_joined([s.title for s in scenarios], " + ", f", as of {day}"),
        why="",
        as_of=day,
        requires=tuple(dict.fromkeys(name for s in scenarios for name in s.requires)),
        conflicts=tuple(dict.fromkeys(name for s in scenarios for name in s.conflicts)),
        investment_usd=sum(costs) if costs else None,
        steps=tuple(steps.values()),
        lineage=tuple(sorted({name for s in scenarios for name in s.lineage})),
        files=tuple(dict.fromkeys(file for s in scenarios for file in s.files)),
        follows={name: names for s in scenarios for name, names in s.follows.items()},
        contents={name: text for s in scenarios for name, text in s.contents.items()},
        source=", ".join(dict.fromkeys(s.source for s in scenarios if s.source)),
    )


def _joined(names: Sequence[str], between: str, day: str) -> str:
    """Return one name of several; the day of which `seen_on` speaks stands once, at the end."""
    own = [name.removesuffix(day) for name in names]
    return between.join(own) + (day if own != list(names) else "")
