"""Trade as statistics publish it: BACI, UN Comtrade, Chinese customs by province, Japanese customs by office.

The form is told by the header. Every form becomes one table: exporter, importer, code of the goods (Harmonized System),
million USD of the year, tonnes. Values are those printed; nothing is deflated.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_net.errors import BadFile, BadValue, Place
from corridor_net.network import Network
from corridor_net.network.files.sheet_table import SUFFIXES as SHEET_SUFFIXES
from corridor_net.network.files.sheet_table import first_sheet

from .parties import ANY, Parties
from .trade_table import TradeTable

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("year", "exporter", "importer", "code", "musd", "tonnes")
SURPLUS = "beyond the headings "
ENCODINGS = ("utf-8-sig", "gb18030", "cp932", "latin-1")
"""Tried in turn: UTF-8, that of the Chinese customs, that of Japanese spreadsheets, that of Comtrade's pages, which
reads anything."""


Frame = Callable[["_Read"], "pd.DataFrame"]


def read_trade(path: Path, network: Network, *, flow: str | None = None, year: int | None = None) -> TradeTable:
    """Read a file of trade of any form that is known; of several years the last, or `year`.

    `flow` (export or import) is which way a file of the Chinese customs goes: its rows do not say it. Raises BadFile
    for a form that is not known, BadValue with the line for a cell that is none, a year that is not there, and a
    currency without a rate.
    """
    cells, parties = _cells(path), Parties.of(network)
    form = _known_form(path, list(cells.columns))
    if form == "BACI":
        parties = parties.with_codes(path.parent)
    read = _Read(path=path, cells=cells, network=network, parties=parties, flow=flow)
    rows = FORMS[form][1](read)
    years = tuple(sorted(rows["year"].unique().tolist()))
    if not years:
        hint = "a row counts that has two parties: the world as a partner, re-exports and parts of rows do not"
        raise BadFile(f"'{path.name}' holds no trade", place=Place(str(path)), hint=hint)
    chosen = years[-1] if year is None else year
    if chosen not in years:
        raise BadValue(f"'{path.name}' has no trade of {chosen}", hint=f"years: {', '.join(map(str, years))}")
    kept = _finest(rows[rows["year"] == chosen])
    keys = ["exporter", "importer", "code"]
    summed = kept.groupby(keys, as_index=False, observed=True)[["musd", "tonnes"]].sum(min_count=1)
    return TradeTable(path=str(path), form=form, year=chosen, years=years, parties=read.parties, rows=summed)


def form_of(path: Path) -> str | None:
    """Return the form whose headings a file has, None where it has those of none; raise BadFile for no file."""
    return _form(list(_of_sheet(path).columns) if _is_sheet(path) else _beginning(path)[0])


def _form(headings: Sequence[str]) -> str | None:
    forms = FORMS.items()
    told = (name for name, (needed, _) in forms if all(any(one in headings for one in names) for names in needed))
    return next(told, None)


def _known_form(path: Path, headings: Sequence[str]) -> str:
    form = _form(headings)
    if form is None:
        forms = "; ".join(f"{name}: {', '.join(names[0] for names in needed)}" for name, (needed, _) in FORMS.items())
        raise BadFile(f"'{path.name}' is no form of trade that is known", place=Place(str(path), line=1), hint=forms)
    return form


def _cells(path: Path) -> pd.DataFrame:
    """Return the cells of a table as text; columns that a program has renamed have the names of the form again."""
    import pandas as pd

    if _is_sheet(path):
        return _of_sheet(path)
    headings, surplus, encoding = _beginning(path)
    names = [*headings, *(f"{SURPLUS}{n}" for n in range(surplus))]
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding, header=0, names=names)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as error:
        raise BadFile(f"'{path.name}' is not a table: {str(error).strip()}", place=Place(str(path))) from None
    for name in names[len(headings) :]:
        if (frame[name] != "").any():
            line = int((frame[name] != "").to_numpy().argmax()) + 2
            raise BadFile("the row has more cells than there are headings", place=Place(str(path), line=line))
    return frame[headings]


def _is_sheet(path: Path) -> bool:
    return path.suffix.casefold() in SHEET_SUFFIXES and path.is_file()


def _of_sheet(path: Path) -> pd.DataFrame:
    """Return the cells of the first sheet of a workbook."""
    import pandas as pd

    rows = [cells for _, cells in first_sheet(path)[1]]
    return pd.DataFrame(rows[1:], columns=_headings(path, rows[0] if rows else []))


def _beginning(path: Path) -> tuple[list[str], int, str]:
    """Return the headings, how many cells the first row has beyond them (Comtrade ends rows with a comma), encoding."""
    try:
        content = path.read_bytes()
    except OSError:
        hint = "statistics of trade as published: BACI, UN Comtrade, Chinese or Japanese customs"
        raise BadFile(f"cannot read the trade: there is no file '{path}'", hint=hint) from None
    encoding = next(one for one in ENCODINGS if _reads(content, one))
    with path.open(encoding=encoding, newline="") as lines:
        rows = list(islice(csv.reader(lines), 2))
    headings = _headings(path, rows[0] if rows else [])
    return headings, max(len(rows[-1]) - len(headings), 0), encoding


def _headings(path: Path, cells: Sequence[str]) -> list[str]:
    """Return the headings of a table by their names in a form; raise BadFile for none, or one that stands twice."""
    if not cells:
        raise BadFile(f"'{path.name}' is empty", place=Place(str(path)))
    known = {_bare(name): name for needed, _ in FORMS.values() for names in needed for name in names}
    known |= {_bare(name): name for name in FURTHER}
    headings = [known.get(_bare(name), name.strip()) for name in cells]
    twice = next((name for n, name in enumerate(headings) if name and name in headings[:n]), None)
    if twice is not None:
        raise BadFile(f"'{path.name}' has the column '{twice}' twice", place=Place(str(path), line=1))
    return headings


def _reads(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _bare(heading: str) -> str:
    """Return letters and digits of a heading without capitals: R writes `Trade.Value..US..`."""
    return "".join(letter for letter in heading.casefold() if letter.isalnum()) or heading


@dataclass(frozen=True, eq=False, kw_only=True)
class _Read:
    """A file being read."""

    path: Path
    cells: pd.DataFrame
    network: Network
    parties: Parties
    flow: str | None

    def text(self, *names: str) -> pd.Series:
        """Return the first of these columns that there is, without space and quotes around."""
        return self.cells[self.first(*names)].str.strip().str.strip("'\"")

    def first(self, *names: str) -> str:
        """Return the first of these columns that there is; raise BadFile for none."""
        name = next((one for one in names if one in self.cells.columns), None)
        if name is None:
            raise BadFile(f"'{self.path.name}' lacks the column '{names[0]}'", place=Place(str(self.path), line=1))
        return name

    def has(self, name: str) -> bool:
        """Whether a column is there."""
        return name in self.cells.columns

    def amounts(self, *names: str) -> pd.Series:
        """Return a column of numbers; raise BadValue with the line of the first cell that is none."""
        import pandas as pd

        name = self.first(*names)
        cells = self.cells[name]
        found = pd.to_numeric(cells, errors="coerce")
        odd = found.isna()  # few: with marks of thousands, quotes, or nothing
        bare = cells[odd].str.strip().str.strip("'\"").str.replace(",", "", regex=False)
        found = found.mask(odd, pd.to_numeric(bare, errors="coerce"))
        nothing = odd & bare.isin(["", "-", "NA"]).reindex(cells.index, fill_value=False)
        bad = (found.isna() & ~nothing) | (found < 0) | found.abs().eq(float("inf"))
        if bad.any():
            line = int(bad.to_numpy().argmax()) + 2
            cell = cells.iloc[line - 2].strip()
            raise BadValue(f"{name} is '{cell}'", place=Place(str(self.path), line=line), hint="a number of 0 or more")
        return found

    def whole(self, *names: str) -> pd.Series:
        """Return the year that the cells of a column begin with."""
        import pandas as pd

        cells = self.text(*names)
        places, distinct = pd.factorize(cells)
        begun = pd.to_numeric(pd.Series(distinct, dtype="str").str[:4], errors="coerce")
        found = pd.Series(begun.to_numpy(dtype=float)[places], index=cells.index)
        bad = found.isna() | (found < 1950) | (found > 2200)
        if bad.any():
            line = int(bad.to_numpy().argmax()) + 2
            raise BadValue(
                f"the year is '{cells.iloc[line - 2]}'", place=Place(str(self.path), line=line), hint="a year"
            )
        return found.astype(int)

    def usd(self, amounts: pd.Series, currency: str, years: pd.Series) -> pd.Series:
        """Return amounts as USD at the mean rate of their year."""
        rates = {row.year: row.units_per_usd for row in self.network.rows("exchange_rate") if row.currency == currency}
        for year in sorted(years.unique()):
            if year not in rates:
                known = f"{min(rates)} to {max(rates)}" if rates else "none"
                raise BadValue(f"no rate of {currency} is known for {year}", hint=f"years: {known}")
        return amounts / years.map(rates)

    def named(self, cells: pd.Series, form: str = ANY, *, alone: bool = False) -> pd.Series:
        """Return a column of parties as they are called here."""
        return _each(cells, lambda text: self.parties.party(text, form, alone=alone))

    def made(self, **columns: Any) -> pd.DataFrame:
        """Return the rows with their `COLUMNS`; tonnes are NaN where there are none."""
        import pandas as pd

        given = {"tonnes": float("nan"), **columns}
        frame = pd.DataFrame({name: given[name] for name in COLUMNS}, index=self.cells.index)
        return frame[frame["musd"].notna()]


def _each(cells: pd.Series, change: Callable[[str], str]) -> pd.Series:
    """Return cells changed, each that is unlike the others once, as categories: a file may have millions."""
    import pandas as pd

    places, distinct = pd.factorize(cells)
    changed, names = pd.factorize(pd.Series([change(one) for one in distinct], dtype="str"))
    return pd.Series(pd.Categorical.from_codes(changed[places], categories=names), index=cells.index)


def _baci(read: _Read) -> pd.DataFrame:
    return read.made(
        year=read.whole("t"),
        exporter=read.named(read.text("i")),
        importer=read.named(read.text("j")),
        code=_each(read.text("k"), lambda code: code.zfill(6)),
        musd=read.amounts("v") / 1000,
        tonnes=read.amounts("q"),
    )


WHOLE = {"customsCode": "C00", "motCode": "0", "partner2Code": "0"}
"""What stands in the columns of Comtrade where a row is not a part of another."""
FLOWS = {"M": "M", "IMPORT": "M", "IMPORTS": "M", "1": "M", "X": "X", "EXPORT": "X", "EXPORTS": "X", "2": "X"}
"""Which way the trade of a row goes; what goes through a country again is left out."""
WORLD = ("0", "W00", "WLD", "World")


def _comtrade(read: _Read) -> pd.DataFrame:
    flows = read.text("flowCode", "Trade Flow", "Trade Flow Code").str.upper().map(FLOWS)
    reporter = read.text("reporterISO", "reporterCode", "Reporter ISO", "Reporter", "Reporter Code", "reporterDesc")
    partner = read.text("partnerISO", "partnerCode", "Partner ISO", "Partner", "Partner Code", "partnerDesc")
    _by_harmonized_system(read)
    out, code = flows == "X", _even(read.text("cmdCode", "Commodity Code"))
    weight = {}
    if read.has("netWgt") or read.has("Netweight (kg)"):
        weight["tonnes"] = read.amounts("netWgt", "Netweight (kg)") / 1000
    frame = read.made(
        year=read.whole("refYear", "period", "Year"),
        exporter=read.named(reporter.where(out, partner)),
        importer=read.named(partner.where(out, reporter)),
        code=code,
        musd=read.amounts("primaryValue", "Trade Value (US$)", "Value") / 1e6,
        **weight,
    )
    kept = flows.notna() & ~partner.isin(WORLD) & code.str.fullmatch(r"\d{2,6}")
    for name, value in WHOLE.items():
        if read.has(name):
            kept &= read.text(name) == value
    if read.has("freqCode"):  # months stand beside their year
        kept &= (read.text("freqCode") == "A") | ~(read.text("freqCode") == "A").any()
    frame = frame.assign(mirror=~out)[kept.reindex(frame.index)]
    pair = ["year", "exporter", "importer"]
    own = frame.loc[~frame["mirror"], pair].drop_duplicates()
    told = frame.merge(own.assign(told=True), how="left", on=pair)["told"].eq(True).to_numpy()
    return frame[~(frame["mirror"].to_numpy() & told)].drop(columns="mirror")


def _by_harmonized_system(read: _Read) -> None:
    """Raise BadValue, with the line, for goods that are numbered in another way: 84 is clothing there."""
    for name in ("classificationCode", "Classification"):
        if read.has(name):
            other = ~read.text(name).str.upper().str.startswith("H")
            if other.any():
                line = int(other.to_numpy().argmax()) + 2
                raise BadValue(
                    f"goods are numbered by '{read.text(name).iloc[line - 2]}'",
                    place=Place(str(read.path), line=line),
                    hint="take the file by the Harmonized System (HS)",
                )


def _even(codes: pd.Series) -> pd.Series:
    """Return codes of pairs of digits with the zero that a spreadsheet has taken off their front."""
    return codes.where(codes.str.len() % 2 == 0, "0" + codes)


def _china(read: _Read) -> pd.DataFrame:
    if read.flow not in ("export", "import"):
        hint = "the rows of the Chinese customs do not say it: --flow export or --flow import"
        raise BadValue(f"which way '{read.path.name}' goes is not known", hint=hint)
    years = read.whole("数据年月", "统计年份")
    partner = read.named(read.text("贸易伙伴名称"), "China customs")
    place = partner.map(lambda _: "CHN")  # a file of the whole country has no places
    if read.has("注册地名称") or read.has("注册地编码"):
        place = read.named(read.text("注册地名称", "注册地编码"), "China customs")
    own, other = (place, partner) if read.flow == "export" else (partner, place)
    dollars = any(read.has(name) for name in DOLLARS)
    usd = read.amounts(*DOLLARS) if dollars else read.usd(read.amounts("人民币", "人民币元"), "CNY", years)
    weight = {}
    if read.has("第一计量单位") and read.has("第一数量"):
        kilos = read.text("第一计量单位").isin(["千克", "公斤"])
        weight["tonnes"] = (read.amounts("第一数量") / 1000).where(kilos)
    return read.made(
        year=years,
        exporter=own,
        importer=other,
        code=_even(read.text("商品编码").str.replace(r"\D", "", regex=True)),
        musd=usd / 1e6,
        **weight,
    )


def _japan(read: _Read) -> pd.DataFrame:
    years = read.whole("Year")
    country = read.named(read.text("Country"), "Japan customs", alone=True).astype("str")
    office = (
        read.text("Custom", "Customs") if read.has("Custom") or read.has("Customs") else country.map(lambda _: "JPN")
    )
    out = read.text("Exp or Imp").str.lstrip("0") == "1"
    kilos = read.text("Unit2").str.upper()
    quantity = read.amounts("Quantity2-Year")
    return read.made(
        year=years,
        exporter=office.where(out, country),
        importer=country.where(out, office),
        code=read.text("HS").str.replace(r"\D", "", regex=True).str.zfill(9),
        musd=read.usd(1000 * read.amounts("Value-Year"), "JPY", years) / 1e6,
        tonnes=(quantity / 1000).where(kilos == "KG").fillna(quantity.where(kilos == "MT")),
    )


DOLLARS = ("美元", "金额_美元", "美元值")
FORMS: Mapping[str, tuple[Sequence[tuple[str, ...]], Frame]] = {
    "BACI": ((("t",), ("i",), ("j",), ("k",), ("v",), ("q",)), _baci),
    "Comtrade": (
        (
            ("cmdCode", "Commodity Code"),
            ("primaryValue", "Trade Value (US$)", "Value"),
            ("flowCode", "Trade Flow", "Trade Flow Code"),
        ),
        _comtrade,
    ),
    "China customs": (
        (("商品编码",), ("贸易伙伴名称",), ("数据年月", "统计年份"), (*DOLLARS, "人民币", "人民币元")),
        _china,
    ),
    "Japan customs": ((("Exp or Imp",), ("HS",), ("Country",), ("Value-Year",)), _japan),
}
"""Forms by their name: columns that tell them (any of each), and what reads them."""
FURTHER = (
    *("Reporter ISO", "Reporter", "Reporter Code", "Partner ISO", "Partner", "Partner Code", "Year", "Classification"),
    "Netweight (kg)",
)
"""Further columns that are read and that a program may have renamed."""


def _finest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose code no other row of the same pair divides: totals and their parts are not added."""
    if rows["code"].str.len().nunique() < 2:
        return rows
    keys = list(zip(rows["exporter"], rows["importer"], rows["code"], strict=True))
    parts = {(a, b, code[:length]) for a, b, code in set(keys) for length in range(2, len(code))}
    return rows[[key not in parts for key in keys]]
