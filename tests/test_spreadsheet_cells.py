"""No CSV that is written holds a cell that a spreadsheet would run; nothing is lost by it."""

import csv
import io

import pandas as pd
import pytest

from corridor_net.interchange.doors import import_network
from corridor_net.interchange.imported import Imported
from corridor_net.network.files.csv_cells import RUNS, as_given, cell, frame_csv

EVIL = ["=1+1", "@SUM(1)", "+A1", "-A1", "\t=1", "=cmd|'/C calc'!A0", "＝1", "-", "=", "'=1", "-4.10", "+7", "'s", "a"]


@pytest.mark.parametrize("text", EVIL)
def test_a_cell_is_written_safely_and_read_as_it_was_given(text):
    written = cell(text)
    numeric = text.lstrip("+-").replace(".", "").isdigit()
    assert numeric or len(text) == 1 or not written.startswith(RUNS)
    assert text.startswith("'=") or as_given(written) == text


def test_tables_of_pandas_are_written_so_too():
    frame = pd.DataFrame({"=name": EVIL, "usd": [-1.5] * len(EVIL), "same": [None] * len(EVIL)})
    frame.insert(1, "=name", EVIL, allow_duplicates=True)
    rows = list(csv.reader(io.StringIO(frame_csv(frame))))
    assert rows[0] == ["'=name", "'=name", "usd", "same"]
    assert rows[1] == ["'=1+1", "'=1+1", "-1.5", ""]
    assert list(frame.columns) == ["=name", "=name", "usd", "same"], "the table itself is not changed"


def test_a_network_with_such_names_is_imported_safely_and_written_back_as_it_came(tmp_path):
    given = tmp_path / "gmns"
    given.mkdir()
    node = 'node_id,name,x_coord,y_coord,note\n=1+1,"=cmd|x",20.1,46.2,@SUM(1)\n2,-Two,20.6,45.6,+7\n'
    link = "link_id,from_node_id,to_node_id,directed,length,free_speed,lanes\n@x,=1+1,2,0,90,60,1\n"
    (given / "node.csv").write_text(node)
    (given / "link.csv").write_text(link)
    folder = import_network("gmns", [given], country="CN", length_unit="km").write(tmp_path / "package")
    for path in sorted(folder.glob("*.csv")):
        for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")):
            assert not [text for text in row if cell(text) != text], path.name
    back = Imported.from_folder(folder).to_gmns()
    assert back["node"].to_csv(index=False) == node.replace('"', "")
    assert back["link"].to_csv(index=False) == link
