"""What it costs: cargo, prices and the impedance of every arc, each component apart. No search, no files."""

from .arcs import Arc, Part, by_component
from .cargo import Cargo
from .compiled import Impedance
from .cost_model import CostModel
from .impedance import impedance
from .money import Prices
from .objective import MINIMISED, Objective
from .opening_hours import OpeningHours
from .parameters import VALUE_OF_TIME, Parameter, parameters_of
from .sailing import headway_wait
from .terms import QUANTITIES, Terms

__all__ = [
    "MINIMISED",
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
    "Terms",
    "by_component",
    "headway_wait",
    "impedance",
    "parameters_of",
]
