"""Workbooks and lengths that would be read as something else: told, not taken."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from corridor_net.errors import BadFile, BadValue
from corridor_net.interchange.doors import import_network
from corridor_net.interchange.notes import Notes
from corridor_net.interchange.text_tables import read_workbook
from interchange.helpers import said

NODES = [("node_id", "x_coord", "y_coord"), ("1", 10.0, 50.0), ("2", 10.1, 50.0), ("3", 10.2, 50.0)]
LINKS = [("link_id", "from_node_id", "to_node_id", "length"), ("a", "1", "2", 7.2), ("b", "2", "3", 7.2)]


def workbook(folder: Path, edit=lambda link: None) -> Path:
    book = openpyxl.Workbook()
    for name, rows in (("node", NODES), ("link", LINKS)):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.remove(book.worksheets[0])
    edit(book["link"])
    path = folder / "mine.xlsx"
    book.save(path)
    return path


def merge(sheet):
    sheet.merge_cells("D2:D3")


def merge_in_the_header(sheet):
    sheet.merge_cells("D1:E1")
    sheet["E2"] = 3


def formula(sheet):
    sheet["D3"] = "=D2*2"


def error(sheet):
    sheet["D3"] = "#REF!"


@pytest.mark.parametrize(
    ("edit", "cell", "message"),
    [
        (merge, "D2:D3", "merged cells"),
        (merge_in_the_header, "D1:E1", "merged cells"),
        (formula, "D3", r"the formula =D2\*2 has no value yet"),
        (error, "D3", "shows #REF!"),
    ],
)
def test_a_cell_that_holds_no_value_of_its_own_is_not_taken_as_empty(tmp_path, edit, cell, message):
    assert set(read_workbook(workbook(tmp_path), Notes())) == {"node", "link"}
    with pytest.raises(BadFile, match=message) as caught:
        import_network("excel", [workbook(tmp_path, edit)])
    assert caught.value.place.path.endswith(f"mine.xlsx:link!{cell}")
    assert caught.value.hint


@pytest.mark.parametrize(("edit", "message"), [(merge, "merged cells"), (formula, "has no value yet")])
def test_the_same_in_a_workbook_whose_tags_have_a_prefix(tmp_path, edit, message):
    """Some programs write `<x:f>` where others write `<f>`; merged cells were passed over there."""
    path, sheet = workbook(tmp_path, edit), "xl/worksheets/sheet2.xml"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    tags = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", parts[sheet]).replace(b"xmlns=", b"xmlns:x=")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (parts | {sheet: tags}).items():
            archive.writestr(name, content)
    with pytest.raises(BadFile, match=message):
        import_network("excel", [path])


HEAD, TWO = LINKS[0], LINKS[1:]
IN_MILES = [(*row[:3], row[3] / 1.609344) for row in TWO]


@pytest.mark.parametrize(
    ("rows", "merged", "told"),
    [
        (
            [("Railways, 2024",), (), HEAD, *TWO],
            ["A1:D1"],
            "the header of the sheet link were passed over: Railways",
        ),
        ([("Railways",), ("Source:", "Ministry"), HEAD, *TWO], [], "were passed over: Railways | Source:"),
        ([HEAD, ("", "", "", "[mi]"), *IN_MILES], [], "as its header: link_id, from_node_id, to_node_id, length (mi)"),
        (
            [("ID", "Station", None, "Length"), (None, "From", "To", "km"), *TWO],
            ["A1:A2", "B1:C1"],
            "two rows of the sheet link were read as its header: ID, From, To, Length (km)",
        ),
        (
            [("ID", "From", None, "To", None, "km"), (None, *("Station", "Name") * 2, None)]
            + [(row[0], row[1], "x", row[2], "y", row[3]) for row in TWO],
            ["B1:C1", "D1:E1"],
            "as its header: ID, From Station, From Name, To Station, To Name, km",
        ),
        ([HEAD, *TWO, ("Source: Ministry",)], ["A4:D4"], "below the table of the sheet link were passed over: Source"),
    ],
)
@pytest.mark.whole
def test_titles_above_headers_in_two_rows_and_remarks_below_are_read_as_they_are_meant(tmp_path, rows, merged, told):
    def edit(sheet):
        sheet.delete_rows(1, 9)
        for number, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                sheet.cell(number, column, value)
        for area in merged:
            sheet.merge_cells(area)

    made = import_network("excel", [workbook(tmp_path, edit)])
    assert made.links[["link_id", "from_node_id", "to_node_id"]].to_numpy().tolist() == [
        ["a", "1", "2"],
        ["b", "2", "3"],
    ]
    assert made.links["length_km"].astype(float).tolist() == pytest.approx([7.2, 7.2])
    assert said(made, told)


def gmns(folder: Path, *lengths: float) -> Path:
    (folder / "node.csv").write_text("node_id,x_coord,y_coord\n1,10,50\n2,10.1,50\n3,10.2,50\n", encoding="utf-8")
    rows = [f"{n},{n},{n + 1},1,{length}" for n, length in enumerate(lengths, 1)]
    (folder / "link.csv").write_text(
        "\n".join(["link_id,from_node_id,to_node_id,directed,length", *rows, ""]), encoding="utf-8"
    )
    return folder


def test_one_of_two_lengths_in_metres_is_a_mixture_and_not_7200_km(tmp_path):
    with pytest.raises(BadValue, match=r"units are mixed: 1 of 2 lengths .* look like metres"):
        import_network("gmns", [gmns(tmp_path, 7.2, 7200)])


def test_lengths_that_fit_the_map_in_no_unit_are_told(tmp_path):
    made = import_network("gmns", [gmns(tmp_path, 0.0003, 0.0004)])
    assert any("lengths do not fit the map" in warning for warning in made.warnings)
    made = import_network("gmns", [gmns(tmp_path, 7.3, 8.0)])
    assert not any("fit the map" in warning for warning in made.warnings)


def test_a_negative_length_is_a_fault_at_its_line_and_a_negative_speed_is_told(tmp_path):
    with pytest.raises(BadValue, match=r"the length of link '2' is -7\.2") as caught:
        import_network("gmns", [gmns(tmp_path, 7.2, -7.2)])
    assert caught.value.place.line == 3
    text = (
        "link_id,from_node_id,to_node_id,directed,length,free_speed\n1,1,2,1,7.2,-50\n2,2,3,1,7.2,0\n3,3,2,1,7.2,50\n"
    )
    (tmp_path / "link.csv").write_text(text, encoding="utf-8")
    made = import_network("gmns", [tmp_path])
    assert any("2 speeds of 0 or less were taken as not said" in warning for warning in made.warnings)


def renamed(folder, **names):
    """Return the workbook with more sheets: each a copy of another, with other nodes or lengths in it."""
    path = workbook(folder)
    book = openpyxl.load_workbook(path)
    for new, old in names.items():
        sheet = book.copy_worksheet(book[old])
        sheet.title = new
        sheet["D2"] = 99 if old == "link" else None
    book.save(path)
    return path


def test_a_sheet_of_the_exact_name_goes_before_one_of_another_name(tmp_path):
    path = renamed(tmp_path, Segments="link", Points="node")
    made = import_network("excel", [path])
    assert made.links["length_km"].tolist() == ["7.2", "7.2"]
    assert any("passed over: segments, points" in warning for warning in made.warnings)


def test_two_sheets_that_may_be_the_links_are_named_and_none_is_taken(tmp_path):
    path = renamed(tmp_path, Segments="link", Edges="link")
    book = openpyxl.load_workbook(path)
    book.remove(book["link"])
    book.save(path)
    with pytest.raises(BadFile, match="several sheets that may be the table 'link': Segments, Edges"):
        import_network("excel", [path])
