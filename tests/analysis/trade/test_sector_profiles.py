"""A page for each sector, and sectors with trade statistics in their own form beside them."""

from __future__ import annotations

import pytest

import corridor_net as cn
from corridor_net.errors import BadFile, BadValue
from corridor_net.languages import words_for
from corridor_net.questions import page_of, question
from corridor_net.questions.pages.sector_profile import profile_of
from corridor_net.render.words import Words

BACI = """t,i,j,k,v,q
2019,156,392,070320,5000,4000
2019,156,392,070390,1000,500
2019,156,410,070320,5000,4000
2019,410,392,870899,30000,100
2019,643,392,440710,20000,90000
"""
ASKED = {"goods": ["leek_40", "garlic_40", "timber_40"], "origins": ["harbin", "yanji"]}


@pytest.fixture(scope="module")
def model():
    return cn.load(as_of="2019-07-01")


@pytest.fixture(scope="module")
def baci(tmp_path_factory):
    path = tmp_path_factory.mktemp("trade") / "BACI.csv"
    path.write_text(BACI, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def found(model, baci):
    return model.potential("primorye-2", trade=baci, seller="China", buyer="JPN", **ASKED)


def test_trade_statistics_stand_beside_their_sectors(found):
    by = {one.cargo: one for one in found.sectors}
    assert (by["garlic_40"].trade_musd, by["leek_40"].trade_musd, by["timber_40"].trade_musd) == (5.0, 1.0, 0.0)
    assert by["garlic_40"].more_musd == pytest.approx(5.0 * by["garlic_40"].rise)
    assert by["garlic_40"].advantage == pytest.approx((10 / 11) / (10 / 61))
    assert by["timber_40"].advantage == 0
    assert "advantage" in {column.heading for column in page_of(found).tables[0].columns}


def test_what_joins_upgrades_is_no_rival_of_theirs_and_what_raises_nothing_says_so(model):
    found = model.potential("longjiang-belt", "primorye-2", "vanino", **ASKED)
    assert found.packages == ("longjiang-belt",)
    for one in found.sectors:
        rises = {carried.scenario: one.rise_by(carried) for carried in one.after}
        assert max(rises, key=rises.get) == "longjiang-belt"
        assert (one.best, one.rise) == ("primorye-2", rises["primorye-2"])
        cities = profile_of(found, one).tables[1]
        assert {str(row[-2]) for row in cities.rows} <= {"primorye-2", "nothing"}
    by_upgrade = {row[0]: row[1:] for row in page_of(found).tables[2].rows}
    assert by_upgrade["vanino"][:4] == ("nothing", None, "", None)
    assert by_upgrade["longjiang-belt"][1] > by_upgrade["primorye-2"][1]


def test_each_sector_has_a_page_that_says_what_the_ranking_says(model, found):
    drawn = question("potential").drawn(found, words_for(model.network))
    for one in found.sectors:
        html = drawn[f"sectors/{one.cargo}.html"]
        assert html.startswith("<!doctype html>")
        assert "40-ft box" in html
        under, cities = profile_of(found, one).tables
        assert under.rows[0][-2] == one.now.left
        assert {row[0] for row in under.rows[1:]} == {"primorye-2"}
        assert under.rows[1][-1] == pytest.approx(one.rise_by(one.after[0]))
        assert [row[0] for row in cities.rows] == [
            way.origin for way in sorted(one.now.ways, key=lambda way: way.generalised_cost_usd)
        ]
    leeks = next(one for one in found.sectors if one.cargo == "leek_40")
    said = [str(block) for block in profile_of(found, leeks).blocks if not hasattr(block, "columns")]
    assert "it may spoil" in said[2]
    assert said[3] == f"Traded: 1.0 million USD a year; the best upgrade would add {leeks.more_musd:.1f}."


def test_pages_are_in_the_language_of_the_reader(model, found):
    japanese = question("potential").drawn(found, words_for(model.network, language="ja"))["sectors/leek_40.html"]
    assert '<html lang="ja">' in japanese
    assert "40フィートコンテナ" in japanese
    assert question("potential").drawn(found, Words())["sectors/leek_40.html"] != japanese


def test_parties_without_a_file_and_one_party_alone_are_refused(model, baci, tmp_path):
    with pytest.raises(BadValue, match="one of two parties"):
        model.potential("primorye-2", trade=baci, seller="CHN", **ASKED)
    with pytest.raises(BadValue, match="no file"):
        model.potential("primorye-2", seller="CHN", buyer="JPN", **ASKED)
    with pytest.raises(BadValue, match="no exporter"):
        model.potential("primorye-2", trade=baci, seller="Peru", buyer="JPN", **ASKED)
    (tmp_path / "two.csv").write_text(BACI, encoding="utf-8")
    with pytest.raises(BadFile, match="no trade of KOR"):
        model.potential("primorye-2", trade=str(tmp_path / "two.csv"), seller="KOR", buyer="KOR", **ASKED)


def test_a_table_of_trade_without_a_row_is_not_taken_for_none_given(model, tmp_path):
    path = tmp_path / "trade.csv"
    path.write_text("cargo,musd\n", encoding="utf-8")
    with pytest.raises(BadFile, match="holds no trade"):
        model.potential(trade=str(path))
