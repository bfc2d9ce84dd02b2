"""In which goods a place has an advantage, and whether a partner buys them: indices of trade. Arithmetic alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from corridor_net.errors import BadValue


def by_group(amounts: Iterable[tuple[str, float]], group: Callable[[str], str]) -> dict[str, float]:
    """Return amounts of codes as sums by group.

    >>> by_group([("440710", 3.0), ("440720", 1.0), ("870323", 5.0)], lambda code: code[:2])
    {'44': 4.0, '87': 5.0}
    """
    found: dict[str, float] = {}
    for code, amount in amounts:
        name = group(code)
        found[name] = found.get(name, 0.0) + float(amount)
    return found


def revealed_advantage(own: Mapping[str, float], world: Mapping[str, float]) -> dict[str, float]:
    """Return `(x_k / x) / (w_k / w)` by goods: above 1 there is an advantage (Balassa 1965).

    Goods that the world does not sell are left out. Raises BadValue where nothing is sold.

    >>> round(revealed_advantage({"timber": 30, "cars": 70}, {"timber": 100, "cars": 900})["timber"], 6)
    3.0
    """
    x, w = sum(own.values()), sum(world.values())
    if not (x > 0 and w > 0):
        raise BadValue("nothing is sold", hint="a table with trade above 0")
    return {name: own.get(name, 0.0) / x / (amount / w) for name, amount in world.items() if amount > 0}


def symmetric(advantage: float) -> float:
    """Return `(RCA - 1) / (RCA + 1)`, from -1 to 1 (Dalum, Laursen and Villumsen 1998).

    >>> symmetric(3.0)
    0.5
    """
    return (advantage - 1) / (advantage + 1)


def complementarity(sold: Mapping[str, float], bought: Mapping[str, float]) -> float:
    """Return `1 - sum |m_k - x_k| / 2` of the shares sold and bought: 1 where they are alike (Michaely 1996).

    >>> complementarity({"timber": 30, "cars": 70}, {"timber": 10, "cars": 90})
    0.8
    """
    x, m = sum(sold.values()), sum(bought.values())
    if not (x > 0 and m > 0):
        raise BadValue("nothing is sold, or nothing is bought", hint="a table with trade above 0")
    names = {**sold, **bought}
    return round(1 - sum(abs(bought.get(name, 0.0) / m - sold.get(name, 0.0) / x) for name in names) / 2, 12)


def intensity(between: float, sold: float, bought: float, world: float) -> float | None:
    """Return `(X_ij / X_i) / (M_j / W)`: above 1 they trade more than their sizes say (Kojima 1964); None for none.

    >>> intensity(10, 50, 200, 2000)
    2.0
    """
    return between / sold / (bought / world) if sold > 0 and bought > 0 and world > 0 else None
