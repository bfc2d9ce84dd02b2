"""Answers as documents: opened again, in each language, with fonts that show it or a word on which to install."""

import importlib.util
import io
import re

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from pypdf import PdfReader
from typer.testing import CliRunner

import corridor_net as cn
from corridor_net.cli.main import app
from corridor_net.errors import BadFile, UserError
from corridor_net.languages import words_for
from corridor_net.output.charts import fonts
from corridor_net.output.charts.raster import png_of
from corridor_net.output.documents.document import Document, check_file, laid_out
from corridor_net.output.documents.pdf import pdf_of
from corridor_net.output.documents.word import docx_of
from corridor_net.questions import question
from corridor_net.render.page import Column, Table, page
from corridor_net.render.words import LANGUAGES, Words

SAID = {"en": "Harbin to Niigata", "zh": "哈尔滨", "ja": "ハルビン", "ru": "Харбин", "ko": "하얼빈"}


@pytest.fixture(scope="module")
def found():
    return cn.load(as_of="2019-07-01").route("harbin", "niigata")


def run(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def close(text):
    """Without blanks, and without the zero bytes that the reader puts before two bytes of a font with an own map."""
    return re.sub(r"[\s\x00]", "", text)


# opened again


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_and_pdf_have_the_answer_first_the_tables_and_the_sources(found, tmp_path, language):
    word, portable = tmp_path / "a.docx", tmp_path / "a.pdf"
    pair = ("route", "harbin", "niigata", "--as-of", "2019-07-01", "--lang", language)
    done = run(*pair, "--docx", word, "--pdf", portable)
    assert done.exit_code == 0, done.output
    assert str(word) in done.output

    words, shown = words_for(found.router.network, language=language).printed, question("route").view(found)
    said = words.text(shown.blocks[0])
    assert SAID[language] in said
    file = docx.Document(word)
    assert file.paragraphs[0].text == said
    assert len(file.tables) == len(shown.tables) + 1
    made, told = file.tables[0], shown.tables[0]
    assert [cell.text for cell in made.rows[0].cells] == [column.head(words) for column in told.columns]
    assert [[cell.text for cell in row.cells] for row in made.rows][1:] == told.texts(words)
    assert made.rows[1].cells[4].paragraphs[0].alignment == WD_ALIGN_PARAGRAPH.RIGHT
    assert {row.cells[0].text for row in file.tables[1].rows[1:]} == set(found.cited())
    line = f"corridor-net route harbin niigata --as-of 2019-07-01 --lang {language}"
    assert any(line in paragraph.text for paragraph in file.paragraphs)

    pages = "".join(one.extract_text() for one in PdfReader(portable).pages)
    assert close(said) in close(pages)
    for text in {cell for row in told.texts(words) for cell in row} | set(found.cited()):
        assert close(text) in close(pages)


def test_pictures_are_in_both_and_say_what_they_show(tmp_path):
    word, portable = tmp_path / "a.docx", tmp_path / "a.pdf"
    assert run("tcd", "harbin", "niigata", "--docx", word, "--pdf", portable).exit_code == 0
    (picture,) = docx.Document(word).inline_shapes
    assert picture._inline.docPr.get("descr").startswith("Harbin to Niigata")
    assert sum(len(one.images) for one in PdfReader(portable).pages) == 1


def document(*blocks, day):
    return Document(title="A name", page=page(*blocks), pictures=(), sources=(), made=(), day=day)


def test_every_page_has_the_name_the_day_and_its_number_at_its_foot(found):
    rows = tuple((str(number),) for number in range(90))
    made = document(Table(columns=(Column(heading="n"),), rows=rows), day=found.router.network.day)
    for number, one in enumerate(PdfReader(io.BytesIO(pdf_of(made, Words()))).pages, 1):
        assert one.extract_text().endswith(f"A name, 2019-07-01 {number}")
    assert number > 1
    foot = docx.Document(io.BytesIO(docx_of(made, Words()))).sections[0].footer.paragraphs[0]
    assert foot.text.strip() == "A name, 2019-07-01"
    assert 'w:instr="PAGE"' in foot._p.xml


def test_the_same_answer_gives_the_same_bytes(found):
    made = document(question("route").view(found).blocks, day=found.router.network.day)
    words = words_for(found.router.network, language="ja")
    for write in (docx_of, pdf_of):
        assert write(made, words) == write(made, words)


def test_what_no_document_holds_is_left_out_and_wide_tables_say_what_is_not_shown(found):
    names = tuple(Column(heading=f"heading {number} that is long", rank=number) for number in range(14))
    table = Table(title="wide\x1b[31m", columns=names, rows=(tuple("cell with some words" for _ in names),))
    made = document("a\x00b <b>&amp;</b>", table, day=found.router.network.day)
    title, heads, *_ = laid_out(table, Words(), 150)
    assert "not shown: " in title
    assert "heading 13" in title
    assert "heading 0 that is long" in heads
    file = docx.Document(io.BytesIO(docx_of(made, Words())))
    assert file.paragraphs[0].text == "ab <b>&amp;</b>"
    assert "ab<b>&amp;</b>" in close(PdfReader(io.BytesIO(pdf_of(made, Words()))).pages[0].extract_text())


# fonts


def test_pictures_show_the_signs_of_east_asia():
    def svg(text):
        font = "svg{font:12px system-ui,sans-serif}"
        return f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20"><style>{font}</style>{text}</svg>'

    shown = {png_of(svg(f'<text y="14">{text}</text>'), "zh") for text in ("哈尔滨", "新潟港", "하얼빈", "ハルビ", "")}
    assert len(shown) == 5  # boxes would be alike, and nothing shown would be like nothing written


def test_a_language_without_a_font_is_told_before_anything_is_computed(tmp_path, monkeypatch):
    monkeypatch.setattr(fonts, "face_for", lambda language: None)
    monkeypatch.setattr(cn.Model, "router", property(lambda self: 1 / 0))
    done = run("route", "harbin", "niigata", "--lang", "zh", "--pdf", tmp_path / "a.pdf")
    assert isinstance(done.exception, UserError)
    assert "no font for Chinese" in str(done.exception)
    assert "fonts-noto-cjk" in str(done.exception)
    assert "corridor-net[cjk]" in str(done.exception)
    assert list(tmp_path.iterdir()) == []


def test_signs_that_no_font_shows_are_named():
    assert fonts.unshown(["Harbin Харбин 1,5 ₽", "哈尔滨 하얼빈"], "zh") == ""
    assert fonts.unshown(["𓀀"]) == "𓀀"
    with pytest.raises(UserError, match="no font on this machine shows 𓀀"):
        fonts.check(["𓀀"])


@pytest.mark.parametrize("language", ["zh", "ja", "ko"])
def test_a_font_of_the_machine_goes_before_that_of_the_extra(language, monkeypatch, tmp_path):
    packaged = fonts.face_for(language)
    there = tmp_path / fonts.KNOWN[language][0]
    there.write_bytes(b"")
    monkeypatch.setattr(fonts, "_files", lambda: {there.name: str(there)})
    monkeypatch.setattr(fonts, "_face", lambda path, number: fonts.Face(path, number, "test"))
    assert fonts.face_for.__wrapped__(language).path == str(there)
    monkeypatch.setattr(fonts, "_files", dict)
    assert packaged is not None


# what cannot be written


def test_without_the_extra_one_message_names_it(tmp_path, monkeypatch):
    known = importlib.util.find_spec
    monkeypatch.setattr(
        "corridor_net.output.documents.document.find_spec",
        lambda name: None if name in ("docx", "fpdf") else known(name),
    )
    for ending in (".docx", ".pdf"):
        with pytest.raises(UserError) as error:
            check_file(tmp_path / f"a{ending}", ending, (), "en")
        assert "corridor-net[documents]" in error.value.hint


@pytest.mark.parametrize(
    ("name", "message"), [("a.doc", "ends in .docx"), ("no/such/a.docx", "no such folder"), ("x.docx", "or it is one")]
)
def test_a_name_that_cannot_be_written_is_told_at_once(tmp_path, name, message):
    (tmp_path / "x.docx").mkdir()
    with pytest.raises(BadFile, match=re.escape(message)):
        check_file(tmp_path / name, ".docx", (), "en")
