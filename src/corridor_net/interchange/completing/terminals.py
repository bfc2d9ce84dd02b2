"""Where cargo begins and ends, and where it changes mode: the rows of table `terminal`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from corridor_net.interchange.notes import Notes, agreeing, counted
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.raw import Raw

from .services import port_terminals, terminal_frame


def terminal_rows(
    nodes: pd.DataFrame, links: pd.DataFrame, raw: Raw, options: ImportOptions, notes: Notes
) -> pd.DataFrame:
    """Return the terminals: at every node that has links, cargo may begin and end on each mode of these.

    Changes of mode are made at the terminals the source names, and where it names none, or with `transfers` shared,
    wherever modes meet; with `transfers` none, nowhere else than at the terminals named.
    """
    states = node_states(links)
    notes.assume("cargo may begin and end at every node that has a link, with the default operation 'load'")
    node, state = states["node_id"], states["state"]
    rows = [
        _rows(node, "origin", state, "load"),
        _rows(node, state, "destination", "load"),
    ]
    wanted = _wanted(states, raw.terminals, options, notes, nodes)
    pairs = wanted.merge(wanted, on="node_id", suffixes=("", "_to"))
    pairs = pairs[pairs["state"] != pairs["state_to"]]
    if len(pairs):
        rows.append(_rows(pairs["node_id"], pairs["state"], pairs["state_to"], "transfer"))
    if "service_call" in raw.tables:
        rows += _port_rows(states, raw.tables["service_call"]["node_id"], notes)
    return pd.concat(rows, ignore_index=True)


def _port_rows(states: pd.DataFrame, calls: pd.Series, notes: Notes) -> list[pd.DataFrame]:
    """Return what is done in ports of services: cargo begins, ends, changes ship, and changes with every land mode."""
    notes.assume(
        "in ports of services, cargo changes between ship and every land mode, with the default operation 'port'"
    )
    ports = np.array(sorted(set(calls)), object)
    land = states[states["node_id"].isin(set(calls))]
    return [
        port_terminals(ports),
        _rows(land["node_id"], land["state"], "port_out", "port"),
        _rows(land["node_id"], "port_in", land["state"], "port"),
    ]


def node_states(links: pd.DataFrame) -> pd.DataFrame:
    """Return the states cargo can be in at each node by its links: columns `node_id` and `state`, each pair once."""
    gauge = links["gauge_mm"].str.split(";")
    state = links["mode"].astype(object).copy()
    rail = (links["mode"] == "rail").to_numpy()
    frame = pd.DataFrame({"from": links["from_node_id"], "to": links["to_node_id"], "state": state, "gauge": gauge})
    if rail.any():
        trains = frame[rail].explode("gauge")
        trains = trains.assign(state="rail_" + trains["gauge"])
        frame = pd.concat([frame[~rail], trains])
    both = pd.concat([frame[[end, "state"]].set_axis(["node_id", "state"], axis=1) for end in ("from", "to")])
    return both.drop_duplicates().sort_values(["node_id", "state"], kind="stable").reset_index(drop=True)


def _wanted(
    states: pd.DataFrame, named: pd.DataFrame | None, options: ImportOptions, notes: Notes, nodes: pd.DataFrame
) -> pd.DataFrame:
    """Return the node and state pairs among which cargo may change."""
    several = states[states.duplicated("node_id", keep=False)]
    count = several["node_id"].nunique()
    if options.transfers == "shared" or (named is None and options.transfers != "none"):
        if count:
            notes.assume(
                f"cargo may change mode, or gauge, at the {counted(count, 'node', 'nodes')} where "
                "links of both meet, with the default operation 'transfer': --transfers none "
                "forbids it, a table of terminals allows it at some"
            )
        return several
    if named is None:
        if count:
            notes.warn(
                f"links of two modes or gauges meet at {count:,} nodes, and no change between them was made:"
                " --transfers shared allows it at each, a table of terminals at some"
            )
        return several.iloc[:0]
    count = named["node_id"].nunique()
    notes.assume(
        f"cargo may change mode at the {counted(count, 'terminal', 'terminals')} of the table, "
        "with the default 'transfer'"
    )
    return _at_terminals(states, named, notes, nodes)


def _at_terminals(states: pd.DataFrame, named: pd.DataFrame, notes: Notes, nodes: pd.DataFrame) -> pd.DataFrame:
    """Return the states at named terminals whose mode the terminal has: `named` has node_id and mode."""
    mode = states["state"].str.split("_").str[0].where(states["state"].str.startswith("rail_"), states["state"])
    have = states.assign(mode=mode)
    chosen = have.merge(named[["node_id", "mode"]].drop_duplicates(), on=["node_id", "mode"])
    lost = ~named["node_id"].isin(nodes["node_id"])
    if lost.any():
        count = int(lost.sum())
        notes.warn(
            f"{counted(count, 'row', 'rows')} of terminals {agreeing(count, 'names', 'name')} no "
            f"node of the network and {agreeing(count, 'was', 'were')} passed over"
        )
    return chosen[["node_id", "state"]]


def _rows(node: Any, before: Any, after: Any, operation: str) -> pd.DataFrame:
    return terminal_frame(node, before, after, operation, "default: by the rule in ASSUMPTIONS.md")
