"""Files of graphs as networkx writes them: JSON of three kinds, GraphML, GML and GEXF. A pickle is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx

from corridor_net.errors import BadFile, Place
from corridor_net.interchange.notes import Notes
from corridor_net.interchange.options import ImportOptions
from corridor_net.interchange.raw import Raw
from corridor_net.network.files.foreign import unpacked
from corridor_net.network.files.json_text import without_doubles

from .graphs import raw_of_graph

GRAPHS = "JSON of networkx (node-link, adjacency, Cytoscape), GraphML, GML or GEXF: networkx.write_graphml writes one"
_BROKEN = (KeyError, AttributeError, TypeError, ValueError, RecursionError)
"""What networkx raises for data that are no graph, in words of Python, besides what has a place in the file."""
READERS = {".graphml": nx.read_graphml, ".gml": nx.read_gml, ".gexf": nx.read_gexf}
PICKLE = (b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05")


class _NoGraph(ValueError):
    """Why data are no graph, in words for people."""


def read_networkx(path: Path, options: ImportOptions, notes: Notes) -> Raw:
    """Return the network of a file of a graph."""
    return raw_of_graph(read_graph(path), options, notes, source=path.name)


def read_graph(path: Path) -> nx.Graph:
    """Read a file of a graph, packed by gzip or not. Raises BadFile when it is none."""
    suffix = next((one for one in reversed(path.suffixes) if one.casefold() != ".gz"), "").casefold()
    try:
        with unpacked(path) as file:
            if suffix in READERS:
                return READERS[suffix](file)
            data = file.read()
        if data.startswith(PICKLE):
            raise BadFile(
                f"'{path.name}' is a pickle, which may run any code when it is read",
                place=Place(str(path)),
                hint="write the graph as GraphML: networkx.write_graphml(graph, 'graph.graphml')",
            )
        return _of_json(json.loads(data.decode("utf-8-sig"), object_pairs_hook=without_doubles))
    except BadFile:
        raise
    except json.JSONDecodeError as error:
        place = Place(str(path), line=error.lineno, column=error.colno)
        raise BadFile(f"'{path.name}' is no JSON: {error.msg}", place=place, hint=GRAPHS) from None
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or error
        raise BadFile(f"'{path}' cannot be read: {reason}", place=Place(str(path))) from None
    except (nx.NetworkXError, SyntaxError, _NoGraph) as error:
        raise BadFile(f"'{path.name}' is no graph: {error}", place=Place(str(path)), hint=GRAPHS) from None
    except _BROKEN:
        raise BadFile(f"'{path.name}' is no graph", place=Place(str(path)), hint=GRAPHS) from None


def _of_json(data: Any) -> nx.Graph:
    """Return the graph of node-link, adjacency or Cytoscape JSON; ends of links may be called from and to."""
    if not isinstance(data, dict):
        raise _NoGraph("it is no object")
    if "adjacency" in data:
        return nx.adjacency_graph(data)
    if isinstance(data.get("elements"), dict):
        return nx.cytoscape_graph(data)
    if not isinstance(data.get("graph", {}), dict):
        raise _NoGraph("its 'graph' is no object")
    edges = next((name for name in ("edges", "links") if name in data), "")
    if not edges:
        raise _NoGraph("it has neither edges nor links")
    ends = {"source": "from", "target": "to"} if _leads_from(data[edges]) else {}
    return nx.node_link_graph(data, edges=edges, **ends)


def _leads_from(edges: Any) -> bool:
    return bool(edges) and isinstance(edges[0], dict) and {"from", "to"} <= set(edges[0]) and "source" not in edges[0]
