"""What changes: scenarios and studies read from YAML and applied to a network. No search, no prices."""

from .by_day import ByDay
from .compose import Scenario, combine, day_of, distinct, on_day, seen_on
from .load import check_scenario, check_study, load_scenario, load_study, scenario_of, scenario_path, shipped_scenarios
from .model import json_schema
from .studies import default_study, network_on, on_baselines, study_of, with_ends, with_scenarios
from .study import Study

__all__ = [
    "ByDay",
    "Scenario",
    "Study",
    "check_scenario",
    "check_study",
    "combine",
    "day_of",
    "default_study",
    "distinct",
    "json_schema",
    "load_scenario",
    "load_study",
    "network_on",
    "on_baselines",
    "on_day",
    "scenario_of",
    "scenario_path",
    "seen_on",
    "shipped_scenarios",
    "study_of",
    "with_ends",
    "with_scenarios",
]
