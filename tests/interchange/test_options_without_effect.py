"""What is asked of an import and would have no effect is refused, and so is a mapping file that says what is not."""

from __future__ import annotations

import pytest

from corridor_net.errors import BadValue, UnknownName
from corridor_net.interchange.doors import import_network
from corridor_net.interchange.formats import FORMATS, READ_BY, check_options
from corridor_net.interchange.mapping import read_name_map
from corridor_net.interchange.notes import Notes
from corridor_net.interchange.options import ImportOptions

GIVEN = {"ports": "p.csv", "join_km": 5.0, "sailings_per_week": 2.0, "nodes_at": "ends", "snap_m": 3.0, "layer": "a",
         "tags": "railway=rail", "kinds": ("bus",), "time_unit": "s", "mode": "rail", "directed": "yes",
         "encoding": "cp1251"}  # fmt: skip


def test_an_option_is_read_by_a_format_or_refused():
    assert GIVEN.keys() == READ_BY.keys()
    for name, value in GIVEN.items():
        for kind in FORMATS:
            options = {name: value} | ({"ports": "ports.csv"} if kind == "lines" else {})
            if kind in READ_BY[name]:
                check_options(kind, options)
                continue
            with pytest.raises(BadValue, match="no effect") as caught:
                check_options(kind, options)
            assert READ_BY[name][0] in caught.value.hint
    with pytest.raises(BadValue, match="without --ports"):
        check_options("lines", {"sailings_per_week": 2.0, "ports": None})


def test_options_as_they_usually_are_are_none_that_were_given():
    usual = {name: field.default for name, field in ImportOptions.__dataclass_fields__.items()}
    for kind in FORMATS:
        check_options(kind, {**usual, "ports": None, "tags": None, "kinds": ("ferry", "train")})


def test_the_door_asks_before_it_reads(tmp_path):
    (tmp_path / "a.osm").write_text('<osm version="0.6"/>', encoding="utf-8")
    with pytest.raises(BadValue, match="--mode has no effect on OpenStreetMap"):
        import_network("osm", [tmp_path / "a.osm"], mode="rail")


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        ({"country": "KX"}, "'KX' is no country of ISO 3166", "for example KZ"),
        ({"country": "kz"}, "'kz' is no country", "did you mean 'KZ'?"),
        ({"gauge_mm": "abc"}, "gauge = 'abc'", "millimetres"),
    ],
)
def test_codes_and_gauges_that_are_none_are_refused(options, message, hint):
    with pytest.raises(BadValue, match=message) as caught:
        ImportOptions(**options)
    assert hint in caught.value.hint
    assert ImportOptions(country="XK", gauge_mm="1435;1520").country == "XK"


@pytest.mark.parametrize(
    ("row", "message", "hint"),
    [
        ("unit,lenght,mi", "unknown unit 'lenght'", "did you mean 'length'?"),
        ("column,NODE1,from_nod_id", "unknown column 'from_nod_id'", "did you mean 'from_node_id'?"),
        ("mode,1,rail", "says twice what the mode '1' is", "leave one"),
    ],
)
def test_rows_of_a_mapping_file_that_say_nothing_are_refused_where_they_stand(tmp_path, row, message, hint):
    path = tmp_path / "map.csv"
    path.write_text(f"kind,theirs,ours\nmode,1,road\n{row}\n", encoding="utf-8")
    with pytest.raises((BadValue, UnknownName), match=message) as caught:
        read_name_map(path, Notes())
    assert hint in caught.value.hint
    assert caught.value.place.line == 3


def test_a_column_of_terminals_that_no_table_has_is_refused(tmp_path):
    (tmp_path / "map.csv").write_text("kind,theirs,ours\nterminal,IWV,waterway\n", encoding="utf-8")
    (tmp_path / "links.csv").write_text("from,to,mode,length_km\na,b,road,9\n", encoding="utf-8")
    (tmp_path / "nodes.csv").write_text("id,lon,lat\na,4.1,50.1\nb,4.2,50.1\n", encoding="utf-8")
    (tmp_path / "terminals.csv").write_text("id,road,IWW\na,1,1\n", encoding="utf-8")
    paths = [tmp_path / f"{name}.csv" for name in ("links", "nodes", "terminals")]
    with pytest.raises(UnknownName, match="'IWV', which no table has") as caught:
        import_network("tables", paths, mapping=tmp_path / "map.csv")
    assert "did you mean 'IWW'?" in caught.value.hint
