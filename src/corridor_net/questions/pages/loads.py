"""How the loads of a demand are shown: what each thing carries, and whether the flows are an equilibrium."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from operator import itemgetter
from typing import TYPE_CHECKING

from corridor_net.render.page import Column, Table, numbers, table_of
from corridor_net.render.words import Sentence, say
from corridor_net.rounding import fitted

if TYPE_CHECKING:
    from corridor_net.analysis.loads.assignment import Loads

LINKS_SHOWN = 15


def loads_view(loads: Loads) -> list[Table | Sentence]:
    """Show what each thing carries, pairs without a route, and whether the flows are an equilibrium."""
    return [*_tables(loads), *_cut_off(loads), _balance(loads)]


def _tables(loads: Loads) -> Iterator[Table]:
    yield _by_gateway(loads)
    if loads.by_crossing:
        yield table_of(
            loads.by_crossing.items(),
            Column(heading="crossing", kind="name", of=itemgetter(0)),
            *numbers("TEU", of=itemgetter(1)),
            *numbers("queue ×", of=lambda row: loads.queue_factor.get(row[0], nan), digits=2),
            title="TEU a year by crossing",
        )
    links = list(loads.by_link.items())
    most = say("link, the {count} of {all} most used", count=LINKS_SHOWN, all=len(links))
    for what, told, of in (
        ("service", say("service boarded"), list(loads.by_service.items())),
        ("port", say("port of loading, transhipment included"), list(loads.by_port.items())),
        ("link", most if len(links) > LINKS_SHOWN else say("link"), links[:LINKS_SHOWN]),
    ):
        if of:
            yield table_of(
                of,
                Column(heading=what, kind="name", of=itemgetter(0)),
                *numbers("TEU", of=itemgetter(1)),
                title=say("TEU a year by {what}", what=told),
            )


def _by_gateway(loads: Loads) -> Table:
    rows: list[tuple[str | float | None, ...]] = []
    for gateway, teu in loads.by_gateway.items():
        rows.append((gateway, "", teu))
        of = loads.by_gateway_service.get(gateway, {})
        rows += [("", service, part) for service, part in zip(of, fitted(list(of.values()), 0, teu), strict=True)]
    return Table(
        title="TEU a year by gateway, and there by service",
        columns=(Column(heading="gateway", kind="name"), Column(heading="service", kind="name"), *numbers("TEU")),
        rows=tuple(rows),
    )


def _cut_off(loads: Loads) -> Iterator[Sentence]:
    for origin, destination in loads.cut_off:
        yield say("No route: {origin:name} to {destination:name}.", origin=origin, destination=destination)


def _balance(loads: Loads) -> Sentence:
    if not loads.queue_factor:
        return say("No crossing with a capacity is open: nothing queues, the flows are those of the shares.")
    residual, sought = f"{loads.residual:.1e}", f"{loads.tolerance:.0e}"
    return say(
        "Equilibrium after {rounds:n0|round|rounds}: under the queues of these flows {residual} of the cargo would "
        "choose another route."
        if loads.converged
        else "NOT CONVERGED: after {rounds:n0|round|rounds} {residual} of the cargo would still choose another route "
        "under the queues of these flows (sought: {sought}), or new routes were still being found. The tables above "
        "are no equilibrium; allow more with --rounds.",
        loads,
        residual=residual,
        sought=sought,
    )
