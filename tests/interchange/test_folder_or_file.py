"""A folder where a file is wanted, a file where a folder is, and a zip file of either: found where it is plain."""

from __future__ import annotations

import shutil

import pytest

from corridor_net.errors import BadFile
from corridor_net.interchange.doors import from_frames, import_network
from interchange.helpers import grid, said
from interchange.listed.test_assignment_formats import matsim, tntp


@pytest.fixture
def made():
    nodes, links = grid(2)
    return from_frames(nodes, links, length_unit="km")


def toy(folder):
    return tntp(folder, [(1, 2, 20, 12, 0), (2, 3, 30, 20, 0)], {1: (20.1, 45.2), 2: (20.3, 45.25), 3: (20.6, 45.3)})


def as_gmns(made, folder):
    folder.mkdir()
    for name, table in made.to_gmns().items():
        table.to_csv(folder / f"{name}.csv", index=False)
    return folder


def links_of(kind, path):
    return import_network(kind, [path]).tables["link"]


def test_the_only_network_of_its_kind_in_a_folder_is_read_and_told(tmp_path):
    net = toy(tmp_path)
    (tmp_path / "toy_trips.tntp").write_text("<NUMBER OF ZONES> 2\n<END OF METADATA>\n", encoding="utf-8")
    (tmp_path / "README").write_text("A toy.\n", encoding="utf-8")
    found = import_network("tntp", [tmp_path])
    assert found.tables["link"].equals(links_of("tntp", net))
    assert said(found, f"{net.name} was read: the only one that looks like TNTP")


def test_several_of_a_kind_are_named_with_the_command_for_one(tmp_path):
    net = toy(tmp_path)
    shutil.copy(net, tmp_path / "other_net.tntp")
    with pytest.raises(BadFile) as refused:
        import_network("tntp", [tmp_path])
    assert net.name in refused.value.message
    assert "other_net.tntp" in refused.value.message
    assert refused.value.hint == f"corridor-net import tntp {tmp_path / 'other_net.tntp'}"


@pytest.mark.parametrize("kind", ["osm", "lines", "gtfs"])
def test_a_folder_without_the_kind_tells_what_is_in_it_and_how_to_read_that(tmp_path, kind):
    net = toy(tmp_path)
    with pytest.raises(BadFile, match=f"nothing in it looks like .*: {net.name}") as refused:
        import_network(kind, [tmp_path])
    assert f"corridor-net import tntp {net}" in refused.value.hint


def test_a_table_of_a_folder_stands_for_the_folder_and_a_folder_for_the_only_one_in_it(tmp_path, made):
    (tmp_path / "sent").mkdir()
    folder = as_gmns(made, tmp_path / "sent" / "theirs")
    whole = links_of("gmns", folder)
    assert links_of("gmns", folder / "link.csv").equals(whole)
    assert links_of("gmns", tmp_path / "sent").equals(whole)


def test_a_file_beside_tables_does_not_stand_for_them(tmp_path, made):
    folder = as_gmns(made, tmp_path / "theirs")
    (folder / "notes.md").write_text("Ours.\n", encoding="utf-8")
    with pytest.raises(BadFile, match="is a file, and GMNS is a folder"):
        import_network("gmns", [folder / "notes.md"])


@pytest.mark.parametrize("kind", ["gmns", "tntp"])
def test_what_is_not_read_packed_is_told_to_be_unpacked(tmp_path, made, kind):
    folder = as_gmns(made, tmp_path / "theirs")
    packed = shutil.make_archive(str(tmp_path / "sent"), "zip", folder)
    with pytest.raises(BadFile, match="is a zip file") as refused:
        import_network(kind, [tmp_path / "sent.zip"])
    assert f"unzip {packed} -d {tmp_path / 'sent'}, then corridor-net import gmns" in refused.value.hint


def test_a_folder_for_a_table_names_the_files_in_it(tmp_path):
    network, _ = matsim(tmp_path, "")
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "modes.csv").write_text("kind,theirs,ours\n", encoding="utf-8")
    with pytest.raises(BadFile, match="is a folder, and a file is wanted") as refused:
        import_network("matsim", [network], mapping=tmp_path / "tables")
    assert "modes.csv" in refused.value.hint
