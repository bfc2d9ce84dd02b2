"""Told only what was known each January: which services run some years later, against what did. No prose.

Each January two questions are asked of the network of the day before. Of services that run: does the best way of any
pair of table market go by it? Of those that do not: would it, if all of them ran as they once did or will? Yes is taken
as 'it runs later'. What that is worth is learnt from earlier Januaries whose outcome was known by then:

    chance = (of those with the same answer that ran + 1) / (of those with the same answer + 2)
    base   = the same of all, whatever the answer

and both are scored by Brier (1950): the mean of (chance - outcome)^2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from corridor_net.analysis.router import Router
from corridor_net.analysis.trade.potential import all_trips
from corridor_net.network import Network
from corridor_net.network.rows import Dated, Service
from corridor_net.results import measure

RUNS, STANDS = "runs", "stands still"
"""What a service did on the day before: of the two each is asked apart."""
CLOSED, OPEN = "closed", "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One service one January. `taken`: a best way goes by it. `later`: it runs `years` later, None: nobody knows.

    `chance`, `base`: that it runs, by the answer and without it; None before any outcome is known.
    """

    year: int
    service: str
    now: str
    taken: bool
    later: bool | None
    chance: float | None = measure("1", 4, default=None)
    base: float | None = measure("1", 4, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How the answers of one kind did: 'taken' against 'runs later', and Brier scores with and without the answer.

    `difference` is brier - brier_base; its standard error is that of the means of the Januaries.
    """

    now: str
    asked: int
    not_known: int
    hits: int
    misses: int
    false_alarms: int
    rightly_none: int
    scored: int
    brier: float = measure("1", 4)
    brier_base: float = measure("1", 4)
    difference: float = measure("1", 4)
    difference_error: float = measure("1", 4)


def backcast(network: Network, router_of: Callable[[Network], Router], years: int) -> tuple[Asked, ...]:
    """Return every service of every January, those with an outcome within the data, with their chances."""
    first, last = network.days
    asked: list[Asked] = []
    for year in range(first.year + 1, last.year - years + 1):
        day, then = date(year, 1, 1) - timedelta(days=1), date(year + years, 1, 1)
        asked += _january(network.as_of(day), router_of, (year, then))
    return tuple(_with_chance(one, asked, years) for one in asked)


def _january(network: Network, router_of: Callable[[Network], Router], when: tuple[int, date]) -> Iterator[Asked]:
    year, then = when
    services = _by_id(network)
    running = [row.service_id for row in network.active("service") if row.state == OPEN]
    still = {key: _nearest(rows, network.day) for key, rows in services.items() if _state(rows, network.day) == CLOSED}
    placed = {key: row for key, row in still.items() if row is not None}
    others = [row for row in network.rows("service") if row.service_id not in placed]
    joined = network.with_rows(service=(*others, *placed.values()))
    for now, keys, seen in ((RUNS, running, network), (STANDS, list(placed), joined)):
        taken = {service for trip in all_trips(router_of(seen)).values() for service in trip.services}
        for key in keys:
            state = _state(services[key], then)
            later = None if state not in (OPEN, CLOSED) else state == OPEN
            yield Asked(year=year, service=key, now=now, taken=key in taken, later=later)


def _by_id(network: Network) -> dict[str, list[Service]]:
    found: dict[str, list[Service]] = {}
    for row in network.rows("service"):
        found.setdefault(row.service_id, []).append(row)
    return found


def _state(rows: Iterable[Service], day: date) -> str:
    """Return the state of a service on a day: on a day of which no row speaks it is closed."""
    return next((row.state for row in rows if Dated.holds_on(row, day)), CLOSED)


def _nearest(rows: Sequence[Service], day: date) -> Service | None:
    """Return the service as it ran in the open period that begins nearest to the day, as if on that day; None: none."""
    ran = [row for row in rows if row.state == OPEN]
    if not ran:
        return None
    near = min(ran, key=lambda row: (abs(((row.valid_from or date.min) - day).days), str(row.valid_from)))
    return replace(near, valid_from=day, valid_to=day)


def _with_chance(one: Asked, asked: Sequence[Asked], years: int) -> Asked:
    past = [o for o in asked if o.now == one.now and o.year + years <= one.year and o.later is not None]
    if not past:
        return one
    same = [other for other in past if other.taken == one.taken]
    return replace(one, chance=_share(same), base=_share(past))


def _share(known: Sequence[Asked]) -> float:
    return (sum(bool(one.later) for one in known) + 1) / (len(known) + 2)


def score(asked: Sequence[Asked], now: str) -> Score | None:
    """Return how the answers on services that run, or stand still, did; None where none can be scored."""
    own = [one for one in asked if one.now == now]
    known = [one for one in own if one.later is not None]
    told = [(one, one.chance, one.base) for one in known if one.chance is not None and one.base is not None]
    if not told:
        return None
    pairs = [(one.year, (chance - bool(one.later)) ** 2, (base - bool(one.later)) ** 2) for one, chance, base in told]
    brier, without = (sum(pair[place] for pair in pairs) / len(pairs) for place in (1, 2))
    counted = {key: sum((one.taken, one.later) == key for one in known) for key in
               ((True, True), (False, True), (True, False), (False, False))}  # fmt: skip
    return Score(
        now=now,
        asked=len(own),
        not_known=len(own) - len(known),
        hits=counted[True, True],
        misses=counted[False, True],
        false_alarms=counted[True, False],
        rightly_none=counted[False, False],
        scored=len(pairs),
        brier=brier,
        brier_base=without,
        difference=brier - without,
        difference_error=_error(pairs),
    )


def _error(pairs: Sequence[tuple[int, float, float]]) -> float:
    """Return the standard error of the mean difference, from the means of the Januaries: services live on in them."""
    by_year: dict[int, list[float]] = {}
    for year, brier, without in pairs:
        by_year.setdefault(year, []).append(brier - without)
    means = [sum(some) / len(some) for some in by_year.values()]
    middle = sum(means) / len(means)
    spread = sum((one - middle) ** 2 for one in means) / max(len(means) - 1, 1)
    return float((spread / len(means)) ** 0.5)
