"""Finding a node by what people call it: id, UN/LOCODE, or a name in any language and spelling."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from corridor_net.network.rows import Node, NodeName

LISTED = 8
"""Nodes named in a message."""
MARKET = "mk_"
"""Ids of market cities begin so; what follows is a name of the city as well."""


def folded(name: str) -> str:
    """Return a name as it is compared: full-width letters plain, accents joined, no capitals, е for ё.

    >>> folded(" Ｎｉｉｇａｔａ ") == folded("NIIGATA")
    True
    >>> folded("Королёв") == folded("Королев")
    True
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return " ".join(plain.replace("ё", "е").split())


def listed(names: Sequence[object], most: int = LISTED) -> str:
    """Return the first names of a list as text, and how many more there are.

    >>> listed(["a", "b", "c"], 2)
    'a, b and 1 more'
    """
    shown = ", ".join(map(str, names[:most]))
    return f"{shown} and {len(names) - most:,} more" if len(names) > most else shown


@dataclass(slots=True, kw_only=True)
class Names:
    """Names of nodes: ids before UN/LOCODEs before names, each with the nodes that bear it."""

    ids: dict[str, set[str]] = field(default_factory=dict)
    codes: dict[str, set[str]] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    markets: dict[str, set[str]] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, nodes: Iterable[Node], node_names: Iterable[NodeName]) -> Names:
        """Collect the names of all nodes."""
        made, written = cls(), {}
        for row in node_names:
            made._add(made.names, row.name, row.node_id)
            written[folded(row.name)] = row.name
        for node in nodes:
            made._add(made.names, node.name, node.node_id)
            made._add(made.codes, node.unlocode, node.node_id)
            made._add(made.ids, node.node_id, node.node_id)
            if node.node_id.startswith(MARKET):
                made._add(made.markets, node.node_id.removeprefix(MARKET), node.node_id)
            for name in (node.name, node.unlocode, node.node_id):
                written[folded(name)] = name
        made.written = [name for name in written.values() if name]
        return made

    def _add(self, level: dict[str, set[str]], name: str, node_id: str) -> None:
        if name:
            level.setdefault(folded(name), set()).add(node_id)

    def find(self, name: str) -> tuple[str, ...]:
        """Return the ids of the nodes of that name: one where it is sure, several where it is not, none."""
        wanted = folded(name)
        for level in (self.ids, self.codes, self.names, self.markets):
            if wanted in level:
                return tuple(sorted(level[wanted]))
        return ()

    def shared(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield every name that would be that of several nodes, as it is compared, with their ids."""
        for name in dict.fromkeys((*self.ids, *self.codes, *self.names)):
            found = self.find(name)
            if len(found) > 1:
                yield name, found
