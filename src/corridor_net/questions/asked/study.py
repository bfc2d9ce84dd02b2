"""What several questions share: the study they are asked about, and its upgrades on a baseline."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from corridor_net.analysis.upgrade_sets.subsets import UpgradeSubsets
    from corridor_net.model import Model
    from corridor_net.scenario import Scenario, Study

COUNTED = {"equal": "each counted as one", "trade": "by trade", "people": "by population"}
"""How origins count, in words."""


def study_of(
    model: Model, names: Sequence[str], *, baselines: Sequence[str] = (), replaced: Sequence[str] = ()
) -> Study:
    """Return the study of these names: a study file, scenarios on a baseline, or the default one where none is named.

    Raises BadFile for a study that stands together with other files, and every name in it that is not there, with its
    place, but for those of the keys in `replaced`.
    """
    from corridor_net.errors import BadFile
    from corridor_net.scenario import default_study, load_study, on_baselines
    from corridor_net.scenario import study_of as of_scenarios
    from corridor_net.scenario.load import check_names, is_study

    names = [str(name) for name in names]
    studies = [name for name in names if is_study(_file_of(model, name, names))]
    if studies and len(names) > 1:
        raise BadFile("a study cannot stand together with other files", hint="name the study alone, or scenarios only")
    if names and not studies:
        return of_scenarios(names, default_study(model.base), baselines=baselines, day=model.day)
    if not studies:
        return on_baselines(default_study(model.base), baselines)
    study = load_study(studies[0])
    check_names(studies[0], model.base, replaced)
    return on_baselines(study, baselines)


def _file_of(model: Model, name: str, names: Sequence[str]) -> Path:
    """Return the file of a scenario or study; say of a place, and of two, how places are named."""
    from corridor_net.errors import UnknownName
    from corridor_net.scenario import scenario_path

    try:
        return scenario_path(name)
    except UnknownName:
        if not model.base.names.find(name):
            raise
    hint: str = "name places with --from and --to"
    if len(names) == 2 and all(map(model.base.names.find, names)):
        origin, goal = map(shlex.quote, names)
        pair, study = f"corridor-net route {origin} {goal}", f"corridor-net run --from {origin} --to {goal}"
        hint = f"leg by leg: {pair}; as a study: {study}"
    raise UnknownName(f"'{name}' is a place, not a scenario or study", hint=hint)


def alternatives(model: Model, names: Sequence[str]) -> tuple[Scenario, ...]:
    """Return the scenarios that are compared, each by itself: those of the model and the named ones, each once."""
    from corridor_net.scenario import distinct, load_scenario

    return distinct([*model.scenarios, *(load_scenario(name) for name in names)])


def study_for(
    model: Model,
    names: Sequence[str],
    *,
    scenarios: Sequence[str] = (),
    baselines: Sequence[str] = (),
    origins: Sequence[str] = (),
    destinations: Sequence[str] = (),
    main_only: bool = False,
) -> Study:
    """Return the study of these names as the model is asked: its day, scenarios and options go before the study's own.

    `scenarios`, and those of the model, take the place of the study's, each by itself. The day of the model (else that
    of its scenarios) takes the place of the baselines, unless some are named: these are then seen on that day.
    `main_only` leaves the main baseline alone where none is named.
    """
    from corridor_net.scenario import day_of, on_baselines, with_ends, with_scenarios

    ours = {"origins": origins, "destinations": destinations, "focus": destinations, "cargo": model.options.cargo}
    study = study_of(model, names, baselines=baselines, replaced=[key for key, given in ours.items() if given])
    day = model.day
    others = alternatives(model, scenarios)
    if others:
        study, day = with_scenarios(study, others), day_of(others, model.day)
    if day is not None:
        study = on_baselines(study, baselines and [one.name for one in study.baselines], day)
    if main_only and not baselines:
        study = on_baselines(study, [study.main_baseline.name])
    return with_ends(as_asked(model, study), origins, destinations)


def as_asked(model: Model, study: Study) -> Study:
    """Return a study with the options of the model in the place of its own."""
    chosen = model.options
    given = {
        "cargo": chosen.cargo,
        "by": chosen.by,
        "price_year": chosen.price_year,
        "co2_price_usd_per_t": chosen.co2_price,
        "value_of_time_usd_per_hour": chosen.value_of_time,
    }
    file = study.file.model_copy(update={name: value for name, value in given.items() if value is not None})
    return replace(study, file=file)


def space_of(
    model: Model,
    names: Sequence[str],
    origins: Sequence[str],
    destinations: Sequence[str],
    *,
    markets: bool = False,
    choose: Callable[[tuple[Scenario, ...]], tuple[Scenario, ...]] | None = None,
) -> tuple[UpgradeSubsets, tuple[str, ...], tuple[str, ...]]:
    """Return the subsets of the upgrades of a study, the origins and the destinations.

    The baseline is the study's main one, or the model's day where one is named. With `markets`, every market is a
    destination unless some are named; `choose` leaves some upgrades out.
    """
    from corridor_net.analysis.router import Router
    from corridor_net.analysis.upgrade_sets.upgrades import build, elementary
    from corridor_net.costing import impedance
    from corridor_net.scenario import load_scenario

    study = as_asked(model, study_of(model, names))
    file = study.file
    loaded = {scenario.name: scenario for scenario in study.scenarios}
    base = model.base.as_of(model.day) if model.day else study.main_baseline.apply(model.base)
    compiled = impedance(
        base,
        file.cargo or base.default_cargo,
        price_year=file.price_year,
        value_of_time_usd_per_hour=file.value_of_time_usd_per_hour,
    )
    router = Router(
        compiled,
        by=file.by,
        schedule=model.options.schedule,
        co2_price_usd_per_t=file.co2_price_usd_per_t or 0.0,
        scenario="baseline",
    )
    starts = [base.node(name).node_id for name in origins or file.origins or ()]
    starts = starts or list(base.places_of("origin"))
    goals = [base.node(name).node_id for name in destinations]
    if not goals and file.focus and not markets:
        goals = [base.node(file.focus).node_id]
    goals = goals or list(base.places_of("market"))[: None if markets else 1]
    found = elementary(loaded.values(), known=lambda name: loaded.get(name) or load_scenario(name))
    upgrades = tuple(replace(upgrade, as_of=None) for upgrade in found)  # all on the day of the baseline
    kept = choose(upgrades) if choose else upgrades
    return build(router, kept), tuple(dict.fromkeys(starts)), tuple(dict.fromkeys(goals))
