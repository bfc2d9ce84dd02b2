"""Trade statistics as they are found: what pages, programs and spreadsheets do to the forms, row by row."""

from __future__ import annotations

from dataclasses import replace

import pytest

import corridor_net as cn
from corridor_net.analysis.trade.parties import Parties, sectors_of
from corridor_net.analysis.trade.trade_files import read_trade
from corridor_net.errors import BadFile, BadValue, UnknownName


@pytest.fixture(scope="module")
def network():
    return cn.load(as_of="2019-07-01").network


def read(network, folder, text, encoding="utf-8", **options):
    path = folder / "trade.csv"
    path.write_text(text, encoding=encoding)
    return read_trade(path, network, **options)


def told(table):
    return {(row.exporter, row.importer, row.code): round(row.musd, 6) for row in table.rows.itertuples()}


PAGE = """refYear,freqCode,flowCode,reporterISO,partnerISO,partnerDesc,cmdCode,classificationCode,primaryValue,isLeaf
"2019","A","M","THA","CIV","Côte d'Ivoire","8542","H5","2000000","false",
"2019","A","M","THA","S19","Other Asia, nes","8542","H5","3000000","false",
"2019","A","M","THA","W00","World","8542","H5","5000000","false",
"""


def test_a_page_of_comtrade_ends_its_rows_with_a_comma_and_is_in_latin(network, tmp_path):
    found = read(network, tmp_path, PAGE, encoding="latin-1")
    assert told(found) == {("CIV", "THA", "8542"): 2.0, ("TWN", "THA", "8542"): 3.0}


def test_a_cell_beyond_the_headings_is_no_comma_and_is_named_with_its_line(network, tmp_path):
    with pytest.raises(BadFile, match="more cells than there are headings") as caught:
        read(network, tmp_path, PAGE.replace('"3000000","false",', '"3000000","false",7'))
    assert caught.value.place.line == 3


def test_months_are_not_added_to_the_year_they_make(network, tmp_path):
    months = PAGE.replace('"A"', '"M"').split("\n", 1)[1]
    assert told(read(network, tmp_path, PAGE + months)) == told(read(network, tmp_path, PAGE))
    twice = read(network, tmp_path, PAGE.split("\n", 1)[0] + "\n" + months + months)
    assert told(twice)["CIV", "THA", "8542"] == 4.0


def test_goods_that_are_not_numbered_by_the_harmonized_system_are_refused(network, tmp_path):
    """84 is machines there, and clothing in the Standard International Trade Classification."""
    with pytest.raises(BadValue, match="goods are numbered by 'S4'") as caught:
        read(network, tmp_path, PAGE.replace('"H5","3000000"', '"S4","3000000"'))
    assert caught.value.place.line == 3


def test_headings_as_a_program_for_statistics_writes_them(network, tmp_path):
    text = (
        '"Classification","Year","Trade.Flow","Reporter.ISO","Partner.ISO","Commodity.Code","Netweight..kg.",'
        '"Trade.Value..US.."\n"H5",2018,"Export","CHN","JPN","070320",4000000,5000000\n'
        '"H5",2018,"Re-Export","CHN","JPN","070320",1,1\n'
    )
    found = read(network, tmp_path, text)
    assert (found.form, told(found)) == ("Comtrade", {("CHN", "JPN", "070320"): 5.0})


def test_the_oldest_form_of_comtrade_has_numbers_of_flows_and_countries(network, tmp_path):
    text = (
        "Year,Reporter Code,Trade Flow Code,Partner Code,Classification,Commodity Code,Netweight (kg),Value\n"
        "2010,699,1,156,H3,851712,11572155,4124953014\n2010,699,2,156,H3,260111,,5735979989\n"
    )
    assert told(read(network, tmp_path, text)) == {
        ("CHN", "IND", "851712"): 4124.953014,
        ("IND", "CHN", "260111"): 5735.979989,
    }


def test_what_the_importer_says_stands_in_a_year_for_which_the_exporter_says_nothing(network, tmp_path):
    text = (
        "refYear,flowCode,reporterISO,partnerISO,cmdCode,primaryValue\n"
        "2018,X,CHN,JPN,070320,4000000\n2019,M,JPN,CHN,070320,5600000\n2018,M,JPN,CHN,070320,4600000\n"
    )
    assert told(read(network, tmp_path, text)) == {("CHN", "JPN", "070320"): 5.6}
    assert told(read(network, tmp_path, text, year=2018)) == {("CHN", "JPN", "070320"): 4.0}


def test_noughts_that_a_spreadsheet_took_away_are_there_again(network, tmp_path):
    text = "refYear,flowCode,reporterISO,partnerISO,cmdCode,primaryValue\n2019,X,CHN,JPN,70320,4000000\n"
    assert told(read(network, tmp_path, text)) == {("CHN", "JPN", "070320"): 4.0}
    japan = "Exp or Imp,Year,Custom,HS,Country,Unit1,Unit2,Quantity1-Year,Quantity2-Year,Value-Year\n"
    found = read(network, tmp_path, japan + "2,2019,500,70320000,105,,KG,0,1000,1090\n")
    assert [key[2] for key in told(found)] == ["070320000"]


def test_a_file_of_all_china_has_no_places_and_one_may_have_numbers_of_provinces(network, tmp_path):
    head = "数据年月,商品编码,商品名称,贸易伙伴编码,贸易伙伴名称,"
    whole = head + "第一数量,第一计量单位,美元\n201901,07032010,大蒜,116,日本,500,千克,1500\n"
    assert told(read(network, tmp_path, whole, flow="export")) == {("CHN", "JPN", "07032010"): 0.0015}
    placed = head + "注册地编码,美元\n201901,07032010,大蒜,116,日本,23,1500\n"
    assert told(read(network, tmp_path, placed, flow="import")) == {("JPN", "Heilongjiang", "07032010"): 0.0015}


def test_numbers_of_the_japanese_customs_are_not_those_of_the_united_nations(network):
    parties = Parties.of(network)
    assert parties.party("104", "Japan customs", alone=True) == "PRK"
    assert parties.party("104") == "104"
    assert parties.party("0156") == "CHN"
    assert parties.party("392", "Japan customs", alone=True) == "392"


def test_goods_of_two_profiles_and_columns_twice_are_refused(network, tmp_path):
    rows = [replace(row, hs="84") if row.cargo_id == "dry_40" else row for row in network.rows("cargo")]
    with pytest.raises(BadValue, match="goods 84 stand with two cargo profiles, dry_40 and parts_40"):
        sectors_of(network.with_rows(cargo=rows))
    with pytest.raises(BadFile, match="has the column 'v' twice"):
        read(network, tmp_path, "t,i,j,k,v,v,q\n2019,156,392,070320,1,1,1\n")
    with pytest.raises(BadFile, match="is empty"):
        read(network, tmp_path, "")


def test_statistics_without_places_are_told_what_they_lack(network, tmp_path):
    model = cn.load(as_of="2019-07-01")
    trade, places = tmp_path / "trade.csv", tmp_path / "places.csv"
    trade.write_text("t,i,j,k,v,q\n2019,156,392,070320,1,1\n", encoding="utf-8")
    with pytest.raises(BadFile, match="is a file of trade statistics") as caught:
        model.gravity(str(trade))
    assert "--places" in caught.value.hint
    places.write_text("party,node\nCHM,harbin\nJPN,niigata\n", encoding="utf-8")
    with pytest.raises(UnknownName, match="no trade of 'CHM' is in the file") as told:
        model.gravity(str(trade), places=str(places))
    assert (told.value.place.line, told.value.hint) == (2, "did you mean 'CHN'?")
