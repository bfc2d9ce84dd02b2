"""What it costs: cargo, prices and the impedance of every arc, each component apart. No search, no files."""

from .cargo import Cargo
from .cost_model import QUANTITIES, CostModel
from .impedance import (
    COMPONENTS,
    NOT_IN_SCHEDULE,
    PORT_STATES,
    Arc,
    Impedance,
    Part,
    headway_wait,
    impedance,
)
from .money import Prices
from .objective import MINIMISED, Objective
from .opening_hours import OpeningHours
from .parameters import VALUE_OF_TIME, Parameter, parameters_of

__all__ = [
    "COMPONENTS",
    "MINIMISED",
    "NOT_IN_SCHEDULE",
    "PORT_STATES",
    "QUANTITIES",
    "VALUE_OF_TIME",
    "Arc",
    "Cargo",
    "CostModel",
    "Impedance",
    "Objective",
    "OpeningHours",
    "Parameter",
    "Part",
    "Prices",
    "headway_wait",
    "impedance",
    "parameters_of",
]
