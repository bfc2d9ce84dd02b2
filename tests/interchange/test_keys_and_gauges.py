"""Columns called as keys of OpenStreetMap, and gauges as people write them: nothing is lost or narrowed unsaid."""

from __future__ import annotations

import pytest

from corridor_net.interchange.doors import import_network
from interchange.helpers import said

NODES = "id,lon,lat\nA,20.1,45.2\nB,20.3,45.25\nC,20.6,45.3\nD,20.9,45.3\n"


def read(folder, links, **options):
    (folder / "nodes.csv").write_text(NODES, encoding="utf-8")
    (folder / "links.csv").write_text(links, encoding="utf-8")
    return import_network("tables", [folder / "nodes.csv", folder / "links.csv"], **options)


@pytest.mark.parametrize(
    ("links", "modes"),
    [
        ("from,to,length_km,route\nA,B,80,R1\nB,C,80,ferry\n", ["road", "road"]),
        ("from,to,length_km,route,gauge\nA,B,80,R1,1520\nB,C,80,ferry,\n", ["rail", "road"]),
        ("from,to,length_km,highway\nA,B,80,A1\nB,C,80,road\n", ["road", "road"]),
        ("from,to,length_km,highway\nA,B,80,road\nB,C,80,yes\n", ["road", "road"]),
        ("from,to,length_km,railway,gauge\nA,B,80,rail,\nB,C,80,narrow_gauge,\nC,D,80,Main,1000\n", ["rail"] * 3),
        ("from,to,length_km,railway\nA,B,80,rail;tram\nB,C,80,disused:rail\n", ["rail"]),
    ],
)
def test_a_column_called_as_a_key_of_openstreetmap_says_modes_by_known_values_alone(tmp_path, links, modes):
    assert read(tmp_path, links).links["mode"].tolist() == modes


def test_a_link_without_an_id_that_is_left_out_is_named_by_its_ends(tmp_path):
    made = read(tmp_path, "from,to,length_km,highway\nA,B,80,trunk\nB,C,80,footway\nC,D,80,E 70\n")
    assert said(made, "1 link that carries no freight was left out: B-C")
    assert said(made, "1 row has no value of railway, highway or route that is known")
    assert len(made.links) == 2
