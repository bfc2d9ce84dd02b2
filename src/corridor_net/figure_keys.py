"""Keys of input figures, taken apart: a table, the id of a row, and which of its figures; an id may hold any sign."""

from __future__ import annotations

import re

BEHIND = {"operation": 2, "exchange_rate": 1, "link": 1, "sea_lane": 1, "service": 1, "service_call": 1, "crossing": 1}
"""How many parts stand behind the id of a row of a table, in the keys of its figures."""
_COPY = re.compile(r"(~[a-z0-9][a-z0-9-]*~[0-9]+)+\Z")


def parts_of(key: str) -> tuple[str, ...]:
    """Return the parts of a figure's key: its table, the id of the row, and what follows.

    >>> parts_of("operation:cn:border:queue:hours"), parts_of("tariff:rail:cn")
    (('operation', 'cn:border', 'queue', 'hours'), ('tariff', 'rail:cn'))
    """
    table, *rest = key.split(":", 1)
    return table, *(part for one in rest for part in one.rsplit(":", BEHIND.get(table, 0)))


def original_id(text: str) -> str:
    """Return the id in the data of a row that scenarios copied for some of its users alone.

    >>> original_id("rail_cn~harbin-mudanjiang~1~my-port~3")
    'rail_cn'
    """
    return _COPY.sub("", text) if "~" in text else text


def original_key(key: str) -> str:
    """Return the figure that a scenario's copy was made from, so that both get the same draws.

    >>> original_key("operation:border_rail_suifenhe_out~suifenhe-faster~1:queue:hours")
    'operation:border_rail_suifenhe_out:queue:hours'
    """
    return ":".join(map(original_id, parts_of(key)))


def scenarios_of(key: str) -> tuple[str, ...]:
    """Return the scenarios that a figure was copied by, the first first.

    >>> scenarios_of("operation:border_rail_suifenhe_out~suifenhe-faster~1:queue:hours")
    ('suifenhe-faster',)
    """
    found = (_COPY.search(part) for part in parts_of(key))
    return tuple(name for copy in found if copy for name in copy[0].split("~")[1::2])
