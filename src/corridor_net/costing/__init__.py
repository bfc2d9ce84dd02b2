"""What it costs: cargo, prices and the impedance of every arc, each component apart. No search, no files."""

from .cargo import Cargo
from .impedance import (
    COMPONENTS,
    NOT_IN_SCHEDULE,
    PORT_STATES,
    Arc,
    Impedance,
    Part,
    headway_wait,
    impedance,
    opening_wait,
)
from .money import Prices

__all__ = [
    "COMPONENTS",
    "NOT_IN_SCHEDULE",
    "PORT_STATES",
    "Arc",
    "Cargo",
    "Impedance",
    "Part",
    "Prices",
    "headway_wait",
    "impedance",
    "opening_wait",
]
