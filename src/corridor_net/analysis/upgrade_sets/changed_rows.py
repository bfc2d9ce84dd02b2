"""What a change of a scenario touches: made where it can be made, and the rows that differ by it."""

from __future__ import annotations

from corridor_net.errors import FileFaults, ScenarioError, UnknownName
from corridor_net.network import Network
from corridor_net.scenario.apply import KEY, Step, apply_change
from corridor_net.scenario.ledger import Ledger


def softly_changed(network: Network, step: Step, ledger: Ledger | None = None) -> Network:
    """Make one change where it can be made; leave the network as it is where it finds nothing to change."""
    change, scenario, number, at = step
    try:
        softened = change.model_copy(update={"was": None, "optional": True})
        return apply_change(network, softened, scenario, number, at, ledger)[0]
    except (ScenarioError, UnknownName, FileFaults):
        return network


def rows_changed(before: Network, after: Network) -> set[tuple[str, str]]:
    """Return the rows that differ, by table and key; a crossing counts as its link, charter quays as one thing."""
    found = set()
    for table, key in KEY.items():
        if after.rows(table) is before.rows(table):
            continue
        old = {id(row) for row in before.rows(table)}
        for row in after.rows(table):
            name = str(getattr(row, key))
            if id(row) in old or "~" in name:
                continue
            found.add((table, name))
            if table == "crossing":
                found.add(("link", row.link_id))
            if table == "terminal" and row.to_state == "charter":
                found.add(("charter", ""))
    return found
