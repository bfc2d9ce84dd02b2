"""What several questions share: the study they are asked about, and its upgrades on a baseline."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor_net.analysis.upgrades import Space
    from corridor_net.model import Model
    from corridor_net.scenario import Scenario, Study

COUNTED = {"equal": "each counted as one", "trade": "by trade", "people": "by population"}
"""How origins count, in words."""


def study_of(model: Model, names: Sequence[str]) -> Study:
    """Return the study of these names: a study file, scenarios on a baseline, or the default one where none is named.

    Raises BadFile for a study that stands together with other files.
    """
    from corridor_net.errors import BadFile
    from corridor_net.scenario import load_study, scenario_path
    from corridor_net.scenario import study_of as of_scenarios
    from corridor_net.scenario.load import is_study

    studies = [name for name in names if is_study(scenario_path(name))]
    if studies and len(names) > 1:
        raise BadFile("a study cannot stand together with other files", hint="name the study alone, or scenarios only")
    if names and not studies:
        return of_scenarios(names)
    return load_study(studies[0] if studies else model.base.default_study)


def space_of(
    model: Model,
    names: Sequence[str],
    origins: Sequence[str],
    destinations: Sequence[str],
    *,
    markets: bool = False,
    choose: Callable[[tuple[Scenario, ...]], tuple[Scenario, ...]] | None = None,
) -> tuple[Space, tuple[str, ...], tuple[str, ...]]:
    """Return the subsets of the upgrades of a study, the origins and the destinations.

    The baseline is the study's main one, or the model's day where one is named. With `markets`, every market is a
    destination unless some are named; `choose` leaves some upgrades out.
    """
    from corridor_net.analysis.route import Router
    from corridor_net.analysis.upgrades import atoms, build
    from corridor_net.costing import impedance
    from corridor_net.scenario import load_scenario

    study, chosen = study_of(model, names), model.options
    file = study.file
    loaded = {scenario.name: scenario for scenario in study.scenarios}
    base = model.base.as_of(model.day) if model.day else study.main_baseline.apply(model.base)
    compiled = impedance(
        base,
        chosen.cargo or file.cargo,
        price_year=chosen.price_year or file.price_year,
        value_of_time_usd_per_hour=chosen.value_of_time,
    )
    carbon = chosen.co2_price or file.co2_price_usd_per_t
    router = Router(compiled, chosen.by, chosen.schedule, carbon, "baseline")
    starts = [base.node(name).node_id for name in origins or file.origins or ()]
    starts = starts or [market.node_id for market in base.markets("origin")]
    goals = [base.node(name).node_id for name in destinations]
    if not goals:
        everywhere = [market.node_id for market in base.markets("market")]
        goals = everywhere if markets else [base.node(file.focus).node_id if file.focus else everywhere[0]]
    found = atoms(loaded.values(), known=lambda name: loaded.get(name) or load_scenario(name))
    upgrades = tuple(replace(upgrade, as_of=None) for upgrade in found)  # all on the day of the baseline
    kept = choose(upgrades) if choose else upgrades
    return build(router, kept), tuple(dict.fromkeys(starts)), tuple(dict.fromkeys(goals))
