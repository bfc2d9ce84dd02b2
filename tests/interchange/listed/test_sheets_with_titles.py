"""Workbooks with titles of several cells, titles merged into the header, and sheets that are no tables."""

from __future__ import annotations

import openpyxl
import pytest

from corridor_net.errors import BadFile
from corridor_net.interchange.doors import import_network
from interchange.helpers import said

NODES = [("id", "lon", "lat"), ("a", 20.1, 45.2), ("b", 20.3, 45.25)]
LINKS = [("from", "to", "length_km", "mode"), ("a", "b", 17.2, "rail")]


def workbook(folder, links, merged=(), readme=()):
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("Readme", readme), ("Places", NODES), ("Links", links)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for area in merged:
        book["Links"].merge_cells(area)
    if readme:
        book["Readme"].merge_cells("A2:A3")
    book.save(folder / "mine.xlsx")
    return folder / "mine.xlsx"


@pytest.mark.parametrize("title", [("Country", "Serbia"), ("Name", "My network")])
def test_a_title_of_two_cells_that_begins_with_a_known_name_is_not_the_header(tmp_path, title):
    made = import_network("tables", [workbook(tmp_path, [title, (), *LINKS])])
    assert made.links[["from_node_id", "to_node_id", "mode"]].to_numpy().tolist() == [["a", "b", "rail"]]


def test_a_name_merged_down_into_the_header_is_read_and_a_title_is_refused_where_it_stands(tmp_path):
    named = [("from", "Railways"), ("", *LINKS[0][1:]), *LINKS[1:]]
    assert len(import_network("tables", [workbook(tmp_path, named, ["A1:A2"])]).links) == 1
    titled = [("Railways",), ("", *LINKS[0][1:]), *LINKS[1:]]
    with pytest.raises(BadFile, match="merged cells") as refused:
        import_network("tables", [workbook(tmp_path, titled, ["A1:A2"])])
    assert str(refused.value.place).endswith("mine.xlsx:Links!A1:A2")


@pytest.mark.parametrize("layer", ["", "Links,Places"])
def test_a_sheet_that_is_no_table_does_not_refuse_a_workbook(tmp_path, layer):
    path = workbook(tmp_path, LINKS, readme=[("What", "Who"), ("Lines", "we"), ("", "they")])
    made = import_network("tables", [path], layer=layer)
    assert len(made.links) == 1
    assert said(made, "mine.xlsx[Readme] was passed over: merged cells") == (layer == "")
