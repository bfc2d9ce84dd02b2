"""Names that no file can have, and files that never end: one message at once, no traceback."""

import json

import pytest

from corridor_net.errors import BadFile
from corridor_net.interchange.doors import import_network
from corridor_net.network.files.csv_file import read_text
from corridor_net.output.generation import check_folder

LONG = "a" * 300


@pytest.mark.parametrize(
    "asked",
    [("run", "--out", LONG), ("route", "a", "b", "--geodata", LONG), ("export", "--out", f"x/{LONG}/y"),
     ("import", "lines", LONG, "--out", "x"), ("gateways", "--demand", LONG), ("new", LONG)],
    ids=lambda asked: " ".join(asked)[:20],
)  # fmt: skip
def test_a_name_longer_than_any_file_may_have_is_a_mistake(cli, asked):
    done = cli(*asked)
    assert done.code == 2
    assert "Traceback" not in done.all
    assert "255 bytes" in " ".join(done.err.replace("│", " ").split()) or "at most 80" in done.err


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_what_may_never_end_is_not_read(tmp_path, kind):
    import os

    path = tmp_path / "node.csv"
    os.mkfifo(path) if kind == "pipe" else path.symlink_to("/dev/zero")
    with pytest.raises(BadFile, match="no plain file"):
        read_text(path)
    (tmp_path / "link.csv").write_text("link_id,from_node_id,to_node_id\n", encoding="utf-8")
    with pytest.raises(BadFile, match="no plain file"):
        import_network("gmns", [tmp_path], country="CN")


def test_lines_with_text_that_is_no_utf_8_are_refused(tmp_path):
    line = {"type": "LineString", "coordinates": [[20, 46], [21, 45]]}
    told = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"name": "@"}, "geometry": line}],
    }
    path = tmp_path / "x.geojson"
    path.write_bytes(json.dumps(told).encode().replace(b"@", b"\xb2"))
    with pytest.raises(BadFile, match="not UTF-8"):
        import_network("lines", [path], country="CN")


def test_a_manifest_of_many_brackets_is_none(tmp_path):
    (tmp_path / "manifest.json").write_text("[" * 100_000, encoding="utf-8")
    (tmp_path / "legs.csv").write_text("x", encoding="utf-8")
    with pytest.raises(BadFile, match="no manifest"):
        check_folder(tmp_path, ("legs.csv",), study="one", overwrite=False)
