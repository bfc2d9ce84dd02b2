"""Applying changes to a network: each gives a new network, and the base stays as it was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from corridor_net.errors import CorridorError, RowRef, ScenarioError, raise_all
from corridor_net.network import Network
from corridor_net.network.rows import Source

from .checked import faults_after
from .edit import edit
from .figures import KEY
from .ledger import Ledger
from .make import add, close, open_
from .model import Change
from .work import Applied, At, ChangeContext, Touched

__all__ = ["KEY", "Applied", "At", "Step", "Touched", "apply_change", "apply_steps"]

Step = tuple[Change, str, int, At]
"""A change, the scenario it is from, its number there, and where it stands."""


def apply_change(
    network: Network, change: Change, scenario: str, number: int, at: At, ledger: Ledger | None = None
) -> tuple[Network, Applied]:
    """Return the network with one change made, and what it touched.

    On a day on which the change does not hold yet, that is nothing. `at("was")` is where a key of the change stands in
    its file, `at()` the change itself. `ledger` knows what the changes before it did. Raises ScenarioError when nothing
    matches, nothing changes, or `was` does not hold; several faults of the change are raised together.
    """
    if not change.holds_on(network.day):
        return network, Applied(change, (), frozenset())
    network = network.whole  # the ledger knows rows by what they are, not by what they hold
    work = ChangeContext(
        network=network, change=change, scenario=scenario, number=number, at=at, ledger=ledger or Ledger({})
    )
    made = {"add": add, "close": close, "open": open_}.get(change.verb, edit)(work)
    if not (work.faults or work.touched or change.optional or work.already):
        fault = ScenarioError(f"the change ('{change.verb}: {change.table}') touches nothing")
        fault.hint = "its values are already so"
        work.refuse(fault)
    raise_all(work.faults)
    if work.rows and work.source not in made.sources:
        title = change.why or f"scenario '{scenario}', change {number}"
        made = made.with_rows(source=(*made.rows("source"), Source(source_id=work.source, title=title)))
    return made, Applied(change, tuple(work.touched), frozenset(work.rows))


MOST_FAILED = 200
"""Changes that fail before the others are not tried any more."""


def apply_steps(
    network: Network, steps: Sequence[Step], follows: Mapping[str, frozenset[str]]
) -> tuple[Network, tuple[Applied, ...]]:
    """Return the network with all changes made in order, checked, and what each touched.

    `follows` names, for each scenario, those it extends or requires. Raises every fault of every change at once, but
    those that only follow from another, and every fault of the network that comes of them.
    """
    ledger, done = Ledger(follows), []
    faults: list[CorridorError] = []
    failed: list[Change] = []
    places: dict[RowRef, tuple[Change, At]] = {}
    base = network
    for change, scenario, number, at in steps:
        if len(failed) == MOST_FAILED:
            message = f"{MOST_FAILED} changes cannot be made: the rest was not tried"
            faults.append(ScenarioError(message, place=at(), hint="correct these first"))
            break
        try:
            network, applied = apply_change(network, change, scenario, number, at, ledger)
        except CorridorError as error:
            faults += _of_their_own(error.each, change, failed)
            failed.append(change)
            continue
        done.append(applied)
        places |= dict.fromkeys(applied.rows, (change, at))
    incomplete = {change.table for change in failed if change.verb == "add"}
    faults += [fault for fault in faults_after(base, network, places) if not ({"crossing", "link"} & incomplete)]
    raise_all(faults)
    return network, tuple(done)


def _of_their_own(faults: Sequence[CorridorError], change: Change, failed: Sequence[Change]) -> Iterator[CorridorError]:
    """Yield the faults of a change but for those that may only come of an earlier change that could not be made."""
    named = {value for values in (change.where or {}).values() for value in values}
    unmade = any(other.row and named & {str(value) for value in other.row.values()} for other in failed)
    for fault in faults:
        if isinstance(fault, ScenarioError) and "'was' does not hold" in fault.message:
            follows = any(_overlap(change, other) for other in failed)
        else:
            follows = isinstance(fault, ScenarioError) and unmade
        if not follows:
            yield fault


def _overlap(one: Change, other: Change) -> bool:
    """Whether two changes are of one field, and of rows that their conditions do not tell apart."""
    here, there = one.where or {}, other.where or {}
    about = (one.table, one.field, one.component) == (other.table, other.field, other.component)
    common = here.keys() & there.keys()
    return about and bool(common) and all(set(here[column]) & set(there[column]) for column in common)
