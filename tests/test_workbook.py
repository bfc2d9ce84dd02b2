"""The workbook of a study: its formulas, worked out by another program, come to the figures of the model."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

import corridor_net as cn
from corridor_net.errors import CorridorError
from corridor_net.languages import words_for
from corridor_net.output.sheets import Book, formula, safe
from corridor_net.output.studies.workbook import LEG_HEADS, NO_NUMBER, study_workbook
from corridor_net.questions.pages.workbook import workbook_of

ORIGINS = ["hunchun", "yanji", "harbin"]


@pytest.fixture(scope="module")
def study():
    return cn.load().study(baselines=["baseline-2019"], scenarios=["rajin-khasan", "primorye-2"], origins=ORIGINS)


@pytest.fixture(scope="module")
def content(study):
    ((name, content),) = study_workbook(study.comparison, study.uncertainties, study.paying).items()
    assert name.endswith(".xlsx")
    return content


def worked_out(content, folder, **inputs):
    """Return the values of all cells by (sheet, cell), worked out by LibreOffice where it is, else by `formulas`.

    `inputs` are written before, `{"SHEET!B3": value}`.
    """
    book = openpyxl.load_workbook(io.BytesIO(content))
    for place, value in inputs.items():
        sheet, cell = place.split("!")
        book[sheet][cell] = value
    path = Path(folder) / "book.xlsx"
    book.save(path)
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office:
        done = [office, "--headless", "--convert-to", "xlsx", "--outdir", str(Path(folder) / "done"), str(path)]
        subprocess.run(done, check=True, capture_output=True, timeout=300)
        values = openpyxl.load_workbook(Path(folder) / "done" / "book.xlsx", data_only=True)
        return {(s.title, c.coordinate): c.value for s in values for row in s.iter_rows() for c in row}
    import formulas

    model = formulas.ExcelModel().loads(str(path)).finish()
    found = {}
    for key, ranges in model.calculate().items():
        name = str(key)
        if ":" in name.rsplit("!", 1)[-1] or "!" not in name:
            continue
        sheet, cell = name.rsplit("!", 1)
        value = ranges.value[0, 0]
        found[sheet.split("]")[-1].strip("'"), cell] = value.item() if hasattr(value, "item") else value
    # names of sheets come in capitals
    known = {sheet.title.upper(): sheet.title for sheet in book}
    return {(known[sheet.upper()], cell): value for (sheet, cell), value in found.items()}


def column(content, sheet, heading):
    """Return the letter of a column and its row of headings."""
    for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows():
        for cell in row:
            if cell.value == heading:
                return cell.column_letter, cell.row
    raise AssertionError(heading)


def labelled(content, sheet, label):
    return next(
        f"B{row[0].row}"
        for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows()
        if row[0].value == label
    )


def test_the_sheets_are_those_a_planner_hands_over(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Summary", "Routes", "Legs", "NPV rajin-khasan", "NPV primorye-2", "Sources"]
    assert book["Routes"].auto_filter.ref
    assert book["Legs"].freeze_panes == "A2"


def test_the_sheets_can_be_read_and_printed_as_they_are(study, content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.properties.title == study.comparison.study.file.title
    for sheet in book:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        assert sheet.oddFooter.right.text == "&P / &N"
        merged = {str(one).split(":")[0] for one in sheet.merged_cells.ranges}
        for row in sheet.iter_rows():
            for cell in row:
                text, width = cell.value, sheet.column_dimensions[get_column_letter(cell.column)].width
                if not isinstance(text, str) or text.startswith("=") or cell.coordinate in merged:
                    continue
                beside = sheet.cell(cell.row, cell.column + 1).value
                assert len(text) <= width or cell.alignment.wrap_text or beside is None, (sheet.title, text)
                if len(text) > width and cell.alignment.wrap_text:
                    assert sheet.row_dimensions[cell.row].height > 15
    for name in ("Routes", "Legs", "Sources"):
        assert book[name].print_title_rows == "$1:$1"
    assert all(row[1].value for row in book["Sources"].iter_rows(2))


def test_present_values_worked_out_by_a_spreadsheet_are_those_of_the_model(study, content, tmp_path):
    values = worked_out(content, tmp_path)
    for one in study.paying:
        sheet = f"NPV {one.scenario}"
        npv = values[sheet, labelled(content, sheet, "net present value, USD")]
        assert npv == pytest.approx(one.npv_usd, abs=1)
        assert npv == pytest.approx(
            values[sheet, labelled(content, sheet, "net present value as exported, USD")], abs=1
        )
        rate = values[sheet, labelled(content, sheet, "internal rate of return")]
        assert rate == pytest.approx(one.rates_of_return[0], abs=1e-6)
        teu = values[sheet, labelled(content, sheet, "traffic when it opens, TEU")]
        assert teu == pytest.approx(one.opening_teu)
        needed = values[sheet, labelled(content, sheet, "pays from, TEU")]
        assert needed == pytest.approx(one.pays_from_teu) if one.pays_from_teu else needed == "none would do"


def test_routes_are_sums_of_legs_and_generalised_cost_follows_the_prices(study, content, tmp_path):
    letter, head = column(content, "Routes", "generalised USD")
    usd, _ = column(content, "Routes", "USD")
    keys = {
        row[0].value: row[0].row for row in openpyxl.load_workbook(io.BytesIO(content))["Routes"].iter_rows(head + 1)
    }
    values = worked_out(content, tmp_path)
    hour = labelled(content, "Summary", "value of an hour, USD")
    dearer = worked_out(content, tmp_path, **{f"Summary!{hour}": 100.0})
    count = 0
    for run in study.comparison.runs:
        for origin in ORIGINS:
            row, trip = keys[f"{run.scenario or 'baseline'}: {origin}"], run.trips[origin, study.comparison.focus]
            assert values["Routes", f"{letter}{row}"] == pytest.approx(trip.generalised_cost_usd, abs=0.01)
            assert values["Routes", f"{usd}{row}"] == pytest.approx(trip.cost_usd, abs=0.01)
            ratio = run.router.objective.reliability_ratio
            timed = trip.hours + ratio * trip.spread_hours
            assert dearer["Routes", f"{letter}{row}"] == pytest.approx(trip.cost_usd + 100 * timed, abs=0.1)
            count += 1
    assert count == 9


@pytest.mark.slow
def test_a_changed_assumption_changes_the_value_as_it_does_in_the_model(content, tmp_path):
    sheet = "NPV rajin-khasan"
    changed = {
        "discount rate a year": 0.05,
        "growth of traffic a year": 0.04,
        "investment, USD": 3e8,
        "elasticity of traffic": 1.0,
        "years that it serves": 30,
        "operation a year, of investment": 0.03,
    }
    inputs = {f"{sheet}!{labelled(content, sheet, name)}": value for name, value in changed.items()}
    values = worked_out(content, tmp_path, **inputs)
    table = tmp_path / "traffic.csv"
    base = cn.load(as_of="2019-07-01")
    from corridor_net.analysis.loads.traffic import market_streams

    rows = [
        f"{s.origin},niigata,{boxes * base.router.impedance.cargo.teu!r},{year}"
        for s in market_streams(base.router, ("niigata",))
        if s.origin in ORIGINS
        for year, boxes in s.boxes.items()
    ]
    table.write_text("\n".join(["origin,destination,teu,year", *rows]), encoding="utf-8")
    found = base.appraise(
        "rajin-khasan",
        traffic=str(table),
        discount=0.05,
        growth=0.04,
        investment=3e8,
        elasticity=1.0,
        life=30,
        operation=0.03,
        draws=0,
        figures=0,
    )
    npv = values[sheet, labelled(content, sheet, "net present value, USD")]
    assert npv == pytest.approx(found.npv_usd, abs=5)


def test_the_example_of_the_page():
    import numpy as np

    from corridor_net.appraisal.benefits import Carriage, worth

    def box(money, fees, kg):
        zero = np.zeros(1)
        return Carriage(
            money=np.array([money]), fees=np.array([fees]), time=zero, reliability=zero, co2_kg=np.array([kg])
        )

    one = np.ones(1)
    before, after = box(950.0, 50.0, 400.0), box(870.0, 30.0, 300.0)
    assert worth(before, after, one, 0 * one, 0.5).total[0] == pytest.approx(84.0)
    assert worth(before, after, one, 40 * one, 0.5).total[0] == pytest.approx(87.4)
    boxes = 1000 * 1.02**2
    assert boxes * 87.4 == pytest.approx(90931, abs=0.5)


def test_the_same_study_gives_the_same_bytes(study, content):
    assert next(iter(study_workbook(study.comparison, study.uncertainties, study.paying).values())) == content


@pytest.mark.parametrize("language", ["ja", "ru"])
def test_in_another_language_words_differ_and_numbers_and_formulas_do_not(study, content, language):
    words = words_for(study.comparison.network, language=language)
    ((_, other),) = study_workbook(study.comparison, study.uncertainties, study.paying, words).items()
    plain, told = (openpyxl.load_workbook(io.BytesIO(one)) for one in (content, other))
    assert told.sheetnames == [words.label(name) for name in plain.sheetnames]
    assert {cell.value for cell in told.worksheets[2][1]} == {words.label(head) for head in LEG_HEADS}
    names = dict(zip(plain.sheetnames, told.sheetnames, strict=True))
    for one, same in zip(plain.worksheets, told.worksheets, strict=True):
        for row, row_told in zip(one.iter_rows(), same.iter_rows(), strict=True):
            for cell, cell_told in zip(row, row_told, strict=True):
                value = cell.value
                if isinstance(value, str) and value.startswith("="):
                    for name, called in names.items():
                        value = value.replace(f"'{name}'!", f"'{called}'!")
                    for text in NO_NUMBER:
                        value = value.replace(f'"{text}"', f'"{words.label(text)}"')
                if not isinstance(value, str) or value.startswith("="):
                    assert cell_told.value == value, cell.coordinate


def test_text_is_never_a_formula_and_names_of_sheets_differ():
    assert safe("=1+1") == "'=1+1"
    assert safe("bell\x07") == "bell"
    book = Book(date(2019, 7, 1), "=names")
    names = [book.sheet("NPV a very long name of an upgrade: with [signs]") for _ in range(2)]
    assert names[0].name != names[1].name
    assert not set("[]:*?/\\") & set(names[0].name)
    names[0].entry("sum", formula("1+1"))
    read = openpyxl.load_workbook(io.BytesIO(book.content()))
    assert read.worksheets[0]["B1"].value == "=1+1"


def test_scenarios_take_the_place_of_the_studys_and_faults_are_told():
    made = workbook_of(cn.load(as_of="2019-07-01"), ["vanino"])
    book = openpyxl.load_workbook(io.BytesIO(next(iter(made.values()))))
    assert book.sheetnames == ["Summary", "Routes", "Legs", "Sources"]
    with pytest.raises(CorridorError, match="unknown scenario"):
        workbook_of(cn.load(), ["no-such-thing"])
