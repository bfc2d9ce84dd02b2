"""Trade as statistics publish it: BACI, UN Comtrade, Chinese customs by province, Japanese customs by office.

The form is told by the header. Every form becomes one table: exporter, importer, code of the goods (Harmonized System),
million USD of the year, tonnes. Values are those printed; nothing is deflated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor_net.errors import BadFile, BadValue, Place, did_you_mean
from corridor_net.network import Network

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("year", "exporter", "importer", "code", "musd", "tonnes")
ENCODINGS = ("utf-8-sig", "gb18030", "cp932")
"""Tried in turn: UTF-8, that of the Chinese customs, that of Japanese spreadsheets."""
PARTIES: Mapping[str, tuple[str, ...]] = {
    "CHN": ("156", "中国", "China"),
    "JPN": ("392", "日本", "Japan"),
    "KOR": ("410", "韩国", "Rep. of Korea", "South Korea"),
    "PRK": ("408", "朝鲜", "Dem. People's Rep. of Korea"),
    "RUS": ("643", "俄罗斯", "俄罗斯联邦", "Russian Federation"),
    "MNG": ("496", "蒙古", "Mongolia"),
    "USA": ("842", "840", "美国"),
    "DEU": ("276", "德国", "Germany"),
    "VNM": ("704", "越南", "Viet Nam"),
    "THA": ("764", "泰国", "Thailand"),
    "Heilongjiang": ("黑龙江省", "黑龙江"),
    "Jilin": ("吉林省", "吉林"),
    "Liaoning": ("辽宁省", "辽宁"),
}
"""What parties are called in the forms: ISO numbers, Chinese and English names."""
JAPAN_COUNTRIES = {"103": "KOR", "104": "PRK", "105": "CHN", "107": "MNG", "224": "RUS", "304": "USA"}
"""Numbers that the Japanese customs give countries."""
_NAMED = {name.casefold(): party for party, names in PARTIES.items() for name in (party, *names)}


def party(text: str) -> str:
    """Return how a party is called here: ISO letters of a country or the name of a province; itself where unknown.

    >>> party("392"), party("黑龙江省"), party("ABW")
    ('JPN', 'Heilongjiang', 'ABW')
    """
    bare = str(text).strip()
    return _NAMED.get(bare.casefold()) or _NAMED.get(bare.lstrip("0").casefold()) or bare


@dataclass(frozen=True, eq=False, kw_only=True)
class TradeTable:
    """Trade of one year by exporter, importer and code; `rows` has `COLUMNS` but the year. `form` is what it was."""

    path: str
    form: str
    year: int
    years: tuple[int, ...]
    rows: pd.DataFrame = field(repr=False)

    def named(self, name: str, column: str) -> str:
        """Return a party of a column by any of its names; raise BadValue with the nearest where it is not there."""
        known = set(self.rows[column])
        found = party(name)
        if found not in known:
            hint = did_you_mean(found, sorted(known), otherwise=f"for example {', '.join(sorted(known)[:5])}")
            raise BadValue(f"'{name}' is no {column} of {Path(self.path).name}", hint=hint)
        return found

    def by_code(self, exporter: str | None = None, importer: str | None = None) -> pd.Series:
        """Return million USD by code, of one exporter and one importer where they are named."""
        rows = self.rows
        if exporter is not None:
            rows = rows[rows["exporter"] == exporter]
        if importer is not None:
            rows = rows[rows["importer"] == importer]
        return rows.groupby("code")["musd"].sum()


Frame = Callable[["_Read"], "pd.DataFrame"]


def read_trade(path: Path, network: Network, *, flow: str | None = None, year: int | None = None) -> TradeTable:
    """Read a file of trade of any form that is known; of several years the last, or `year`.

    `flow` (export or import) is which way a file of the Chinese customs goes: its rows do not say it. Raises BadFile
    for a form that is not known, BadValue with the line for a cell that is none, a year that is not there, and a
    currency without a rate.
    """
    read = _Read(path=path, cells=_cells(path), network=network, flow=flow)
    form = _form(path, read.cells)
    rows = FORMS[form][1](read)
    years = tuple(sorted(set(rows["year"])))
    if not years:
        raise BadFile(f"'{path.name}' holds no trade", place=Place(str(path)))
    chosen = years[-1] if year is None else year
    if chosen not in years:
        raise BadValue(f"'{path.name}' has no trade of {chosen}", hint=f"years: {', '.join(map(str, years))}")
    kept = _finest(rows[rows["year"] == chosen])
    summed = kept.groupby(["exporter", "importer", "code"], as_index=False)[["musd", "tonnes"]].sum(min_count=1)
    return TradeTable(path=str(path), form=form, year=chosen, years=years, rows=summed)


def _form(path: Path, cells: pd.DataFrame) -> str:
    """Return the form whose columns a file has; raise BadFile where it is none."""
    for name, (needed, _) in FORMS.items():
        if all(any(one in cells.columns for one in names) for names in needed):
            return name
    forms = "; ".join(f"{name}: {', '.join(names[0] for names in needed)}" for name, (needed, _) in FORMS.items())
    raise BadFile(f"'{path.name}' is no form of trade that is known", place=Place(str(path), 1), hint=forms)


def _cells(path: Path) -> pd.DataFrame:
    """Return the cells of a CSV as text."""
    import pandas as pd

    for encoding in ENCODINGS:
        try:
            frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding=encoding, index_col=False)
        except UnicodeDecodeError:
            continue
        except FileNotFoundError:
            raise BadFile(f"cannot read the trade: there is no file '{path}'") from None
        except (pd.errors.ParserError, pd.errors.EmptyDataError, OSError, ValueError) as error:
            raise BadFile(f"'{path.name}' is not a table: {str(error).strip()}", place=Place(str(path))) from None
        frame.columns = [str(name).strip() for name in frame.columns]
        return frame
    raise BadFile(f"'{path.name}' is in no encoding that is known", place=Place(str(path)), hint="save it as CSV UTF-8")


@dataclass(frozen=True, eq=False, kw_only=True)
class _Read:
    """A file being read."""

    path: Path
    cells: pd.DataFrame
    network: Network
    flow: str | None

    def text(self, *names: str) -> pd.Series:
        """Return the first of these columns that there is, without space and quotes around."""
        name = next(one for one in names if one in self.cells.columns)
        return self.cells[name].str.strip().str.strip("'\"")

    def has(self, name: str) -> bool:
        """Whether a column is there."""
        return name in self.cells.columns

    def amounts(self, *names: str) -> pd.Series:
        """Return a column of numbers; raise BadValue with the line of the first cell that is none."""
        import pandas as pd

        cells = self.text(*names).str.replace(",", "", regex=False)
        found = pd.to_numeric(cells.where(~cells.isin(["", "-", "NA"]), "nan"), errors="coerce")
        bad = (found.isna() & ~cells.isin(["", "-", "NA"])) | (found < 0) | found.abs().eq(float("inf"))
        if bad.any():
            line = int(bad.to_numpy().argmax()) + 2
            cell = cells.iloc[line - 2]
            name = next(one for one in names if one in self.cells.columns)
            raise BadValue(f"{name} is '{cell}'", place=Place(str(self.path), line), hint="a number of 0 or more")
        return found

    def whole(self, *names: str, digits: int = 4) -> pd.Series:
        """Return the year that the cells of a column begin with."""
        import pandas as pd

        cells = self.text(*names)
        found = pd.to_numeric(cells.str[:digits], errors="coerce")
        bad = found.isna() | (found < 1950) | (found > 2200)
        if bad.any():
            line = int(bad.to_numpy().argmax()) + 2
            raise BadValue(f"the year is '{cells.iloc[line - 2]}'", place=Place(str(self.path), line), hint="a year")
        return found.astype(int)

    def usd(self, amounts: pd.Series, currency: str, years: pd.Series) -> pd.Series:
        """Return amounts as USD at the mean rate of their year."""
        rates = {row.year: row.units_per_usd for row in self.network.rows("exchange_rate") if row.currency == currency}
        for year in sorted(set(years)):
            if year not in rates:
                known = f"{min(rates)} to {max(rates)}" if rates else "none"
                raise BadValue(f"no rate of {currency} is known for {year}", hint=f"years: {known}")
        return amounts / years.map(rates)

    def made(self, **columns: Any) -> pd.DataFrame:
        """Return the rows with their `COLUMNS`; tonnes are NaN where there are none."""
        import pandas as pd

        given = {"tonnes": float("nan"), **columns}
        frame = pd.DataFrame({name: given[name] for name in COLUMNS}, index=self.cells.index)
        for name in ("exporter", "importer"):
            codes = {text: party(text) for text in set(frame[name])}
            frame[name] = frame[name].map(codes)
        return frame[frame["musd"].notna()]


def _baci(read: _Read) -> pd.DataFrame:
    return read.made(
        year=read.whole("t"),
        exporter=read.text("i"),
        importer=read.text("j"),
        code=read.text("k").str.zfill(6),
        musd=read.amounts("v") / 1000,
        tonnes=read.amounts("q"),
    )


WHOLE = {"customsCode": "C00", "motCode": "0", "partner2Code": "0"}
"""What stands in the columns of Comtrade where a row is not a part of another."""


def _comtrade(read: _Read) -> pd.DataFrame:
    flows = read.text("flowCode", "Trade Flow").str.upper().str[:1]
    flows = flows.where(
        ~read.text("flowCode", "Trade Flow").str.upper().isin(["RX", "RM", "RE-EXPORT", "RE-IMPORT"]), ""
    )
    reporter = read.text("reporterISO", "reporterCode", "Reporter ISO", "Reporter")
    partner = read.text("partnerISO", "partnerCode", "Partner ISO", "Partner")
    out = flows.isin(["X", "E"])
    weight = (
        read.amounts("netWgt", "Netweight (kg)") / 1000 if read.has("netWgt") or read.has("Netweight (kg)") else None
    )
    frame = read.made(
        year=read.whole("refYear", "period", "Year"),
        exporter=reporter.where(out, partner),
        importer=partner.where(out, reporter),
        code=read.text("cmdCode", "Commodity Code"),
        musd=read.amounts("primaryValue", "Trade Value (US$)") / 1e6,
        **({} if weight is None else {"tonnes": weight}),
    )
    kept = (out | flows.isin(["M", "I"])) & ~partner.isin(["0", "W00", "WLD", "World"])
    kept &= read.text("cmdCode", "Commodity Code").str.fullmatch(r"\d{2,6}")
    for name, value in WHOLE.items():
        if read.has(name):
            kept &= read.text(name) == value
    frame = frame.assign(mirror=~out)[kept.reindex(frame.index)]
    own = frame.loc[~frame["mirror"], ["exporter", "importer"]].drop_duplicates()
    told = frame.merge(own.assign(told=True), how="left", on=["exporter", "importer"])["told"].eq(True).to_numpy()
    return frame[~(frame["mirror"].to_numpy() & told)].drop(columns="mirror")


def _china(read: _Read) -> pd.DataFrame:
    if read.flow not in ("export", "import"):
        hint = "the rows of the Chinese customs do not say it: --flow export or --flow import"
        raise BadValue(f"which way '{read.path.name}' goes is not known", hint=hint)
    years = read.whole("数据年月", "统计年份")
    place = read.text("注册地名称") if read.has("注册地名称") else read.text("注册地编码")
    partner = read.text("贸易伙伴名称")
    own, other = (place, partner) if read.flow == "export" else (partner, place)
    dollars = next((name for name in ("美元", "金额_美元") if read.has(name)), None)
    usd = read.amounts(dollars) if dollars else read.usd(read.amounts("人民币"), "CNY", years)
    tonnes = None
    if read.has("第一计量单位") and read.has("第一数量"):
        kilos = read.text("第一计量单位").isin(["千克", "公斤"])
        tonnes = (read.amounts("第一数量") / 1000).where(kilos)
    return read.made(
        year=years,
        exporter=own,
        importer=other,
        code=read.text("商品编码").str.replace(r"\D", "", regex=True),
        musd=usd / 1e6,
        **({} if tonnes is None else {"tonnes": tonnes}),
    )


def _japan(read: _Read) -> pd.DataFrame:
    years = read.whole("Year")
    country = read.text("Country").map(lambda code: JAPAN_COUNTRIES.get(code, code))
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
        code=read.text("HS").str.replace(r"\D", "", regex=True),
        musd=read.usd(1000 * read.amounts("Value-Year"), "JPY", years) / 1e6,
        tonnes=(quantity / 1000).where(kilos == "KG").fillna(quantity.where(kilos == "MT")),
    )


FORMS: Mapping[str, tuple[Sequence[tuple[str, ...]], Frame]] = {
    "BACI": ((("t",), ("i",), ("j",), ("k",), ("v",), ("q",)), _baci),
    "Comtrade": (
        (("cmdCode", "Commodity Code"), ("primaryValue", "Trade Value (US$)"), ("flowCode", "Trade Flow")),
        _comtrade,
    ),
    "China customs": (
        (("商品编码",), ("贸易伙伴名称",), ("注册地名称", "注册地编码"), ("数据年月", "统计年份")),
        _china,
    ),
    "Japan customs": ((("Exp or Imp",), ("HS",), ("Country",), ("Value-Year",)), _japan),
}
"""Forms by their name: columns that tell them (any of each), and what reads them."""


def _finest(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose code no other row of the same pair divides: totals and their parts are not added."""
    if rows["code"].str.len().nunique() < 2:
        return rows
    keys = list(zip(rows["exporter"], rows["importer"], rows["code"], strict=True))
    parts = {(a, b, code[:length]) for a, b, code in set(keys) for length in range(2, len(code))}
    return rows[[key not in parts for key in keys]]


SECTORS: Mapping[str, str] = {
    "070310": "onion_40",
    "070320": "garlic_40",
    "070390": "leek_40",
    "071231": "mushroom_40",
    "071232": "mushroom_40",
    "071233": "mushroom_40",
    "071234": "mushroom_40",
    "071239": "mushroom_40",
    "200310": "mushroom_40",
    "200390": "mushroom_40",
    "03": "reefer_40",
    "1604": "reefer_40",
    "1605": "reefer_40",
    "10": "grain_20",
    "1201": "grain_20",
    "4407": "timber_40",
    "4411": "board_40",
    "84": "parts_40",
    "85": "parts_40",
    "8708": "parts_40",
}
"""Cargo profiles by the beginning of a code of the Harmonized System, the longest that fits; background knowledge."""


def sector_of(code: str, sectors: Mapping[str, str] = SECTORS) -> str | None:
    """Return the cargo profile of a code; None for one of no profile.

    >>> sector_of("070320"), sector_of("8708"), sector_of("270900")
    ('garlic_40', 'parts_40', None)
    """
    return next((sectors[code[:n]] for n in range(len(code), 1, -1) if code[:n] in sectors), None)
