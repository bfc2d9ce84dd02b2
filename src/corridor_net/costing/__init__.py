"""What it costs: cargo, prices and the impedance of every arc, each component apart. No search, no files."""

from .cargo import Cargo
from .impedance import (
    COMPONENTS,
    NOT_IN_SCHEDULE,
    Arc,
    Impedance,
    Part,
    headway_wait,
    impedance,
)
from .money import Prices
from .opening_hours import OpeningHours

__all__ = [
    "COMPONENTS",
    "NOT_IN_SCHEDULE",
    "Arc",
    "Cargo",
    "Impedance",
    "OpeningHours",
    "Part",
    "Prices",
    "headway_wait",
    "impedance",
]
