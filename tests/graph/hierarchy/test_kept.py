"""A hierarchy kept in a folder: made once, read again, made anew when the topology or the file is another."""

import pytest

from corridor_net.graph import Graph
from corridor_net.graph.hierarchy.hierarchy import Hierarchy, topology_hash
from corridor_net.graph.hierarchy.metric import Metric

RING = Graph.from_arcs(5, [0, 1, 2, 3, 4], [1, 2, 3, 4, 0])
WEIGHT = [1.0, 2.0, 3.0, 4.0, 5.0]


def test_made_once_and_read_again(tmp_path, monkeypatch):
    folder = tmp_path / "new" / "folder"
    made = Hierarchy.kept(RING, folder)
    assert [file.suffix for file in folder.iterdir()] == [".npz"]
    monkeypatch.setattr(Hierarchy, "build", lambda *_: pytest.fail("made again"))
    read = Hierarchy.kept(RING, folder)
    for name, array in made.to_arrays().items():
        assert array.tobytes() == read.to_arrays()[name].tobytes()
    assert Metric.of(read, WEIGHT).path(3, 1).tolist() == [3, 4, 0]


def test_another_topology_is_another_file(tmp_path):
    others = [RING, RING.reversed(), Graph.from_arcs(6, RING.tail, RING.head), Graph.from_arcs(5, [0, 1], [1, 2])]
    for graph in others:
        Hierarchy.kept(graph, tmp_path)
    assert len(list(tmp_path.iterdir())) == len(others)


@pytest.mark.parametrize("damage", [b"", b"no archive", b"PK\x03\x04 half an archive"])
def test_a_damaged_file_is_made_again(tmp_path, damage):
    path = tmp_path / f"hierarchy-{topology_hash(RING)}.npz"
    path.write_bytes(damage)
    assert Hierarchy.kept(RING, tmp_path).n_up == Hierarchy.build(RING).n_up
    assert path.read_bytes() != damage
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="file"):
        Hierarchy.kept(RING, tmp_path / "file")


def test_equal_topologies_have_equal_names():
    assert topology_hash(RING) == topology_hash(Graph.from_arcs(5, RING.tail.tolist(), RING.head.tolist()))
