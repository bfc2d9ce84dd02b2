"""What changes: scenarios and studies read from YAML and applied to a network. No search, no prices."""

from .by_day import ByDay
from .load import Scenario, Study, combine, load_scenario, load_study, scenario_path, shipped_names, study_of
from .model import json_schema

__all__ = [
    "ByDay",
    "Scenario",
    "Study",
    "combine",
    "json_schema",
    "load_scenario",
    "load_study",
    "scenario_path",
    "shipped_names",
    "study_of",
]
