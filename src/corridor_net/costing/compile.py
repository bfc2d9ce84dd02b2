"""Compiling a network: states and arcs of links, borders and terminals. What is not allowed is not there.

Nothing has a large cost in place of being absent. Arcs are in the order of their names, so that no answer depends on
the order of rows. Links are compiled in `hauls`, terminals in `terminals`, services in `sailing`.
"""

from __future__ import annotations

from .compiled import Impedance
from .draft import ArcDraft
from .hauls import Hauls
from .sailing import add_charter, add_services
from .terminals import Terminals


class Compiler(ArcDraft):
    """Makes the arcs of a network for one cargo, table by table."""

    def run(self) -> Impedance:
        """Return the compiled network. Raises DataFault where a figure is missing."""
        self.arcs.pieces["link"] = Hauls(self)
        self.arcs.pieces["terminal"] = Terminals(self)
        add_services(self)
        add_charter(self)
        return self.arcs.compiled(self.network, self.cargo, self.prices)
