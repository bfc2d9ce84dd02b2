"""Ids of nodes and links: each once, each end known; gauges, countries. What does not hold is told with its place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from corridor_net.errors import BadValue, UnknownName
from corridor_net.interchange.gauges import gauge_of, gauges_called
from corridor_net.interchange.notes import Notes, agreeing, counted, some
from corridor_net.interchange.raw import Raw, numbered
from corridor_net.network.names import folded

FEW = 20
"""Nodes that may share a name; one of more is the name of a kind, such as "road", and of no place."""


def identified(raw: Raw, notes: Notes) -> Raw:
    """Return the network with names filled in and links that lead from a node to itself left out.

    Raises the faults of ids: empty, doubled, or not in the table of nodes.
    """
    nodes, links = raw.nodes, raw.links
    if not len(nodes) or not len(links):
        raise BadValue(
            f"{raw.source} has {len(nodes):,} nodes and {len(links):,} links",
            hint="; ".join(["a network needs nodes and links that corridor-net can use", *notes.warnings]),
        )
    links = _turned(links)
    links = _with_ids(links, notes)
    for frame, table, key in ((nodes, "node", "node_id"), (links, "link", "link_id")):
        _unique(raw, frame, table, key, notes)
    notes.stop_on_faults()
    nodes = _without_points(nodes, links, notes)
    links = _known_ends(raw, nodes, links, notes)
    notes.stop_on_faults()
    _told_apart(nodes, notes)
    nodes = _with_names(nodes, notes)
    straight = links["from_node_id"] + " - " + links["to_node_id"]
    links = links.assign(name=links["name"].where(links["name"] != "", straight))
    loops = (links["from_node_id"] == links["to_node_id"]).to_numpy()
    if loops.any():
        count = int(loops.sum())
        notes.warn(
            f"{counted(count, 'link leads', 'links lead')} from a node to itself and "
            f"{agreeing(count, 'was', 'were')} left out: "
            f"{some(list(links['link_id'][loops]))}"
        )
    kept = raw.link_attributes
    if kept is not None and len(kept) == len(links):
        kept = kept.assign(link_id=links["link_id"].to_numpy(object))
    links = links[~loops].reset_index(drop=True)
    _there_and_back(links, notes)
    return raw.but(nodes=nodes, links=links, place=_shifted(raw, loops), link_attributes=kept)


def _there_and_back(links: pd.DataFrame, notes: Notes) -> None:
    """Warn of undrawn links both ways with a link as long the other way: each may have been meant one way."""
    both = links[(links["directed"] == 0) & shapely.is_missing(links["geometry"].to_numpy(object))]
    same = ["mode", "length"]
    ways = pd.MultiIndex.from_frame(both[["from_node_id", "to_node_id", *same]])
    back = pd.MultiIndex.from_frame(both[["to_node_id", "from_node_id", *same]])
    twice = int((ways.isin(back) & (both["from_node_id"] < both["to_node_id"])).sum())
    if twice:
        notes.warn(
            f"{counted(twice, 'pair', 'pairs')} of links {agreeing(twice, 'goes', 'go')} there and "
            "back between the same two nodes, and each link may be used both ways: if one is "
            "meant for each way, --directed yes says so"
        )


def _shifted(raw: Raw, dropped: Any) -> Any:
    if not dropped.any():
        return raw.place
    kept = (~dropped).nonzero()[0]
    return lambda table, position, column="": raw.place(
        table, int(kept[position]) if table == "link" else position, column
    )


def _turned(links: pd.DataFrame) -> pd.DataFrame:
    """Return links with those turned round that are one-way against the way they are drawn (`directed` is -1)."""
    against = (links["directed"] == -1).to_numpy()
    if not against.any():
        return links
    lines = links["geometry"].to_numpy(object).copy()
    lines[against] = shapely.reverse(lines[against])
    here, there = links["from_node_id"], links["to_node_id"]
    made = links.assign(from_node_id=here.where(~against, there), to_node_id=there.where(~against, here))
    return made.assign(directed=links["directed"].abs(), geometry=lines)


def _with_ids(links: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    empty = (links["link_id"] == "").to_numpy()
    if not empty.any():
        return links
    made = numbered(links["from_node_id"] + "-" + links["to_node_id"])
    count = int(empty.sum())
    notes.assume(
        f"{counted(count, 'link', 'links')} without an id {agreeing(count, 'was', 'were')} named "
        f"by {agreeing(count, 'its', 'their')} ends"
    )
    return links.assign(link_id=links["link_id"].where(~empty, made))


def _unique(raw: Raw, frame: pd.DataFrame, table: str, key: str, notes: Notes) -> None:
    ids = frame[key]
    notes.fault_rows(
        ids == "",
        lambda n: BadValue(f"a {table} has no {key}", place=raw.place(table, n), hint="give each row an id"),
    )
    twice = (ids.duplicated() & (ids != "")).to_numpy()
    if not twice.any():
        return
    first = {name: n for n, name in reversed(list(enumerate(ids)))}

    def doubled(position: int) -> BadValue:
        name = ids.iloc[position]
        place, other = raw.place(table, position), raw.place(table, first[name])
        where = f" in row {first[name] + 1}"
        if other is not None:
            where = f" on line {other.line}" if other.line else f" in {other.path.rpartition(':')[2]}"
            if other.line and place is not None and other.path != place.path:
                where = f" in {Path(other.path).name} on line {other.line}"
        return BadValue(
            f"{key} '{name}' stands already{where}",
            place=place,
            hint="each id must stand once: ids of two files that overlap need a prefix each",
        )

    notes.fault_rows(twice, doubled)


def _without_points(nodes: pd.DataFrame, links: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Return nodes whose ids are all numbers with `.0` behind them, and not so those of the links, without it."""
    ids = nodes["node_id"]
    shorter = ids.str.removesuffix(".0")
    if not ids.str.endswith(".0").all() or links["from_node_id"].isin(ids).any() or shorter.duplicated().any():
        return nodes
    notes.assume(f"ids such as '{ids.iloc[0]}' of nodes are numbers: '.0' was taken off")
    return nodes.assign(node_id=shorter)


def _known_ends(raw: Raw, nodes: pd.DataFrame, links: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    known = set(nodes["node_id"])
    for column in ("from_node_id", "to_node_id"):
        lost = ~links[column].isin(known)
        shorter = links[column].str.removesuffix(".0")
        if lost.any() and shorter[lost].isin(known).all():
            notes.assume(f"ids such as '{links[column][lost].iloc[0]}' in {column} are numbers: '.0' was taken off")
            links = links.assign(**{column: shorter.where(lost, links[column])})
            continue
        named = _by_name(nodes, links[column], lost)
        if named is not None:
            notes.assume(f"{column} holds names of nodes: '{links[column][lost].iloc[0]}' is {named[lost].iloc[0]}")
            links = links.assign(**{column: named})
            continue
        _fault_ends(raw, nodes, links, column, lost, notes)
    return links


def _by_name(nodes: pd.DataFrame, ends: pd.Series, lost: pd.Series) -> pd.Series | None:
    """Return ends with ids where they hold names of nodes: no end may be an id, and no name may be of two nodes."""
    names = nodes["name"][nodes["name"] != ""]
    if not lost.all() or names.duplicated().any():
        return None
    found = ends.map(dict(zip(names, nodes["node_id"][names.index], strict=True)))
    return None if found.isna().any() else found


def _nearly(end: str, nodes: pd.DataFrame) -> str:
    """Return what to do about an end that no node has; names the node whose id differs by zeros before it."""
    if end == "":
        return "delete the row, or give it two ends"
    same = nodes["node_id"][nodes["node_id"].str.lstrip("0") == end.lstrip("0")]
    if len(same) == 1:
        return f"the node '{same.iloc[0]}' differs by zeros alone: write both the same, as text"
    return "add the node, or correct the id"


def _fault_ends(raw: Raw, nodes: pd.DataFrame, links: pd.DataFrame, column: str, lost: Any, notes: Notes) -> None:
    def unknown(position: int) -> UnknownName:
        end, link = links[column].iloc[position], links["link_id"].iloc[position]
        return UnknownName(
            f"{column} '{end}' of link '{link}' is not among the nodes",
            place=raw.place("link", position),
            hint=_nearly(end, nodes),
        )

    notes.fault_rows(lost, unknown)


def _with_names(nodes: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Return nodes that each have a name of their own: their id where they have none, or share one that names nothing.

    A name that some nodes share has their ids behind it.
    """
    names, ids = nodes["name"].where(nodes["name"] != "", nodes["node_id"]), nodes["node_id"]
    alike = names.map(folded)
    count = alike.map(alike.value_counts())
    some_share, many_share = (count > 1) & (count <= FEW), count > FEW
    names = names.where(~some_share, names + " (" + ids + ")").where(~many_share, ids)
    if some_share.any():
        apart = list(names[some_share])
        notes.assume(f"names that several nodes have were told apart by ids: {some(apart)}")
    if many_share.any():
        left = pd.unique(nodes["name"][many_share])
        notes.assume(f"names that more than {FEW} nodes have were left out: {some(left)}")
    return nodes.assign(name=names)


def _told_apart(nodes: pd.DataFrame, notes: Notes) -> None:
    """Warn of ids that differ by capitals alone: a place is asked for without regard to them."""
    folded = nodes["node_id"].str.casefold()
    same = folded.duplicated(keep=False)
    if same.any():
        notes.warn(f"ids differ by capitals alone: {some(list(nodes['node_id'][same]))}; rename them")


def gauges(raw: Raw, texts: pd.Series, named: Mapping[str, str], notes: Notes) -> pd.Series:
    """Return gauges as the package writes them, `named` by the mapping file first; a text that says none is a fault."""
    made = {text: gauge_of(text, named) if text else "" for text in pd.unique(texts)}

    def fault(n: int) -> BadValue:
        link, text = raw.links["link_id"].iloc[n], texts.iloc[n]
        part, may_be = gauges_called(text, named)
        place = raw.place("link", n, "gauge_mm")
        if may_be:
            message = f"the gauge of link '{link}' is '{part}', which may be {', '.join(may_be)} mm"
            hint = f"say which in a mapping file (--mapping FILE): gauge,{part},{may_be[0]}"
            return BadValue(message, place=place, hint=hint)
        hint = "write millimetres, such as 1520; several as 1435;1520"
        return BadValue(f"the gauge of link '{link}' is '{text}'", place=place, hint=hint)

    notes.fault_rows(texts.map(made).isna(), fault)
    notes.stop_on_faults()
    return texts.map(made)


def refuse_countries(raw: Raw, table: str, countries: pd.Series, notes: Notes) -> None:
    """Raise the faults of countries that are not two letters."""
    notes.fault_rows(
        ~countries.str.fullmatch("[A-Z]{2}"),
        lambda n: BadValue(
            f"country = '{countries.iloc[n]}'",
            place=raw.place(table, n),
            hint="write two letters of ISO 3166, such as RS, its three letters or the English name",
        ),
    )
    notes.stop_on_faults()
