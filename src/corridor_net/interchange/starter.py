"""A small network to start from: a package that runs, with a study, to be changed row by row."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from .doors import from_frames
from .imported import Imported
from .package import write_folder

README = """# {name}: a network of your own

This folder is a data package. It runs as it is:

    corridor-net check --geodata {name}
    corridor-net route northgate harbour --geodata {name}
    corridor-net run {name}/study.yaml --geodata {name}

Change it from the top of this list to its end; after each step `corridor-net check --geodata {name}` says what does
not hold, and what the first route still lacks.

| file | what to put in |
|---|---|
| `node.csv` | places: an id, a name, longitude and latitude in WGS 84, the country as two letters |
| `link.csv` | rail, road and waterway links between two nodes: length in km along the line; `directed` 1 is one-way |
| `geometry.csv` | drawings of links as WKT, if you have them; a link without one is drawn straight |
| `terminal.csv` | where cargo begins (`origin` to a mode), ends (a mode to `destination`) and changes mode |
| `operation.csv` | hours and money of what is done at terminals and borders |
| `tariff.csv` | money for each box and kilometre, in any currency of `exchange_rate.csv`, with its price year |
| `speed.csv` | commercial speeds in km/h: stops and waiting on the way included |
| `emission_factor.csv` | grams of CO2e for each tonne-kilometre |
| `cargo.csv` | what is shipped, its weight, value, and what a day costs it |
| `market.csv` | which nodes are origins, which are markets |
| `source.csv` | where figures come from; every row elsewhere names one and has a grade, A (measured) to D (estimate) |

The other tables are for sea services (`service.csv`, `service_call.csv`, `sea_lane.csv`), borders (`crossing.csv`),
seasons and published figures; they may stay empty. `datapackage.json` describes every column.

Figures with the source DEFAULT are our own estimates, so that it runs; `ASSUMPTIONS.md` lists them.
"""


def starter(name: str) -> Imported:
    """Return a network of four places, three links of rail and two of road, with a change of mode between them."""
    nodes = pd.DataFrame(
        {
            "node_id": ["northgate", "midway", "eastfield", "harbour"],
            "name": ["Northgate", "Midway", "Eastfield", "Harbour"],
            "x_coord": [20.10, 20.60, 21.30, 20.90],
            "y_coord": [46.20, 45.60, 45.80, 44.90],
            "node_type": ["city", "junction", "city", "city"],
            "notes": [
                "an invented place: put yours here",
                "rail and road meet here: see terminal.csv",
                "reached by road only",
                "a market: see market.csv",
            ],
        }
    )
    links = pd.DataFrame(
        {
            "link_id": [
                "rail-northgate-midway",
                "rail-midway-harbour",
                "road-northgate-midway",
                "road-midway-eastfield",
                "road-midway-harbour",
            ],
            "from_node_id": ["northgate", "midway", "northgate", "midway", "midway"],
            "to_node_id": ["midway", "harbour", "midway", "eastfield", "harbour"],
            "directed": [0, 0, 0, 0, 0],
            "mode": ["rail", "rail", "road", "road", "road"],
            "gauge_mm": ["1435", "1435", "", "", ""],
            "length_km": [86, 91, 82, 63, 88],
        }
    )
    terminals = pd.DataFrame({"node_id": ["midway"], "rail": [1], "road": [1]})
    return from_frames(
        nodes,
        links,
        terminals=terminals,
        title=name,
        country="ZZ",
        origins=("northgate", "eastfield"),
        markets=("harbour",),
    )


def write_starter(folder: Path) -> Path:
    """Write the small network, its study and a page that explains it; whole or not at all.

    Raises BadValue when the folder holds something already, BadFile when it cannot be written.
    """
    made = starter("a small network to start from")
    files = {**made.files(folder.name), "README.md": README.format(name=folder.name)}
    write_folder(folder, files)
    return folder
