"""Doors in: networks of other people's formats become data packages, with every assumption listed.

One way: a door reads (`Raw`) → ids, coordinates, units, costs (`complete`) → `Imported` → a folder, written whole.
"""

from .doors import from_excel, from_frames, from_geodataframes, from_gmns, from_networkx, import_network
from .imported import Imported

__all__ = [
    "Imported",
    "from_excel",
    "from_frames",
    "from_geodataframes",
    "from_gmns",
    "from_networkx",
    "import_network",
]
