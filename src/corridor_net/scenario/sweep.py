"""The axes of a sweep, made of what a study file says: at each of its values a scenario, an option, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import product
from math import prod
from typing import Any

from pydantic import ValidationError

from corridor_net.errors import BadValue, CorridorError, Place

from .compose import Scenario, scenario_from
from .model import Axis, Change, ScenarioFile, StudyFile
from .values import shown
from .yaml_file import faults_at

MOST_POINTS = 500
SWEPT = ("set", "scale", "shift")
"""The changes that have values."""
UNMOVED = {"scale": 1, "shift": 0}
"""The values that leave a figure as it is."""
NOTHING = "none"
"""The scenario that is none, and the value that leaves a figure as it is."""
Placing = Callable[..., Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One value of an axis: what it is called, the scenario that it is, and the options it sets."""

    label: str
    scenario: Scenario | None = None
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepAxis:
    """One axis with its values in order."""

    name: str
    stops: tuple[Stop, ...]


def points_of(axes: Sequence[SweepAxis]) -> list[tuple[Stop, ...]]:
    """Return every point: one value of each axis, the last axis the quickest.

    Raises BadValue for no axis, and for more than 500 points.
    """
    if not axes:
        raise BadValue("the study has no sweep", hint="write its axes under 'sweep:' in the study file")
    count = prod(len(axis.stops) for axis in axes)
    if count > MOST_POINTS:
        raise BadValue(f"the sweep has {count:,} points", hint=f"at most {MOST_POINTS}: leave out axes or values")
    return list(product(*(axis.stops for axis in axes)))


def axes_from(
    given: Sequence[Axis], place: Placing, load: Callable[[str], Scenario]
) -> tuple[tuple[SweepAxis, ...], list[CorridorError]]:
    """Return the axes that a study file names, and every fault; `place("sweep", 0, "over", 1)` says where."""
    found: list[SweepAxis] = []
    faults: list[CorridorError] = []
    for number, axis in enumerate(given):
        where = partial(place, "sweep", number)
        if any(axis.name == other.name for other in given[:number]):
            faults.append(BadValue(f"two axes are named '{axis.name}'", place=where("name"), hint="rename one"))
        if axis.option is not None and any(axis.option == other.option for other in given[:number]):
            hint = "the last one would hold: put all values on one axis"
            faults.append(BadValue(f"two axes are of '{axis.option}'", place=where("option"), hint=hint))
        stops: list[Stop] = []
        many = axis.scenarios if axis.scenarios is not None else axis.over or []
        for at, value in enumerate(many):
            try:
                stops.append(_stop(axis, number, at, value, where, load))
            except CorridorError as error:
                faults += faults_at(error, where("scenarios" if axis.scenarios else "over", at))
        found.append(SweepAxis(name=axis.name, stops=tuple(stops)))
    return tuple(found), faults


def _stop(axis: Axis, number: int, at: int, value: Any, where: Placing, load: Callable[[str], Scenario]) -> Stop:
    if axis.scenarios is not None:
        return Stop(label=str(value), scenario=None if value == NOTHING else load(str(value)))
    if axis.option is not None:
        return Stop(label=str(value), options={axis.option: _option(axis.option, value)})
    change = dict(axis.change or {})
    if value == NOTHING or (change.keys() & UNMOVED.keys() and value == UNMOVED[next(iter(change.keys() & UNMOVED))]):
        return Stop(label=_label(value))
    key = "value" if "set" in change else "by"
    try:
        made = Change.model_validate({**change, key: value})
    except ValidationError as error:
        said = error.errors(include_url=False)[0]
        told = str(said["msg"]).removeprefix("Value error, ")
        inner = [part for part in said["loc"] if part in change]
        raise BadValue(
            f"{'.'.join(map(str, said['loc'])) or 'change'}: {told}", place=where("change", *inner)
        ) from None
    if made.verb not in SWEPT:
        hint = "an axis of a change is over values of set, scale or shift"
        raise BadValue(f"'{made.verb}' has no values", place=where("change"), hint=hint)
    file = ScenarioFile(scenario=f"sweep-{number + 1}-{at + 1}", title=f"{axis.name} {value}", changes=[made])
    scenario = scenario_from(file, lambda *_: where("change"))
    return Stop(label=_label(value), scenario=scenario)


def _option(name: str, value: Any) -> Any:
    """Return a value of an option as a study may have it; raise BadValue, without a place, for another."""
    try:
        made = StudyFile.model_validate({"study": "sweep", "title": "", "baselines": [""], name: value})
    except ValidationError as error:
        raise BadValue(f"{name} = {shown(value)}: {error.errors(include_url=False)[0]['msg']}") from None
    return getattr(made, name)


def _label(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
