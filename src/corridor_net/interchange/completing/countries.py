"""Countries as tables name them: by two letters, by three, or by their English name. Nothing else."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from importlib.resources import files

import pandas as pd

from corridor_net.interchange.notes import Notes, some
from corridor_net.interchange.raw import Raw

LETTERS = (
    "LETTEABWAWAFGAFAGOAOAIAAIALAAXALBALANDADAREAEARGARARMAMASMASATAAQATFTFATGAGAUSAUAUTATAZEAZBDIBIBELBEBENBJBESBQ"
    "BFABFBGDBDBGRBGBHRBHBHSBSBIHBABLMBLBLRBYBLZBZBMUBMBOLBOBRABRBRBBBBRNBNBTNBTBVTBVBWABWCAFCFCANCACCKCCCHECHCHLCL"
    "CHNCNCIVCICMRCMCODCDCOGCGCOKCKCOLCOCOMKMCPVCVCRICRCUBCUCUWCWCXRCXCYMKYCYPCYCZECZDEUDEDJIDJDMADMDNKDKDOMDODZADZ"
    "ECUECEGYEGERIERESHEHESPESESTEEETHETFINFIFJIFJFLKFKFRAFRFROFOFSMFMGABGAGBRGBGEOGEGGYGGGHAGHGIBGIGINGNGLPGPGMBGM"
    "GNBGWGNQGQGRCGRGRDGDGRLGLGTMGTGUFGFGUMGUGUYGYHKGHKHMDHMHNDHNHRVHRHTIHTHUNHUIDNIDIMNIMINDINIOTIOIRLIEIRNIRIRQIQ"
    "ISLISISRILITAITJAMJMJEYJEJORJOJPNJPKAZKZKENKEKGZKGKHMKHKIRKIKNAKNKORKRKWTKWLAOLALBNLBLBRLRLBYLYLCALCLIELILKALK"
    "LSOLSLTULTLUXLULVALVMACMOMAFMFMARMAMCOMCMDAMDMDGMGMDVMVMEXMXMHLMHMKDMKMLIMLMLTMTMMRMMMNEMEMNGMNMNPMPMOZMZMRTMR"
    "MSRMSMTQMQMUSMUMWIMWMYSMYMYTYTNAMNANCLNCNERNENFKNFNGANGNICNINIUNUNLDNLNORNONPLNPNRUNRNZLNZOMNOMPAKPKPANPAPCNPN"
    "PERPEPHLPHPLWPWPNGPGPOLPLPRIPRPRKKPPRTPTPRYPYPSEPSPYFPFQATQAREUREROURORUSRURWARWSAUSASDNSDSENSNSGPSGSGSGSSHNSH"
    "SJMSJSLBSBSLESLSLVSVSMRSMSOMSOSPMPMSRBRSSSDSSSTPSTSURSRSVKSKSVNSISWESESWZSZSXMSXSYCSCSYRSYTCATCTCDTDTGOTGTHATH"
    "TJKTJTKLTKTKMTMTLSTLTONTOTTOTTTUNTNTURTRTUVTVTWNTWTZATZUGAUGUKRUAUMIUMURYUYUSAUSUZBUZVATVAVCTVCVENVEVGBVGVIRVI"
    "VNMVNVUTVUWLFWFWSMWSXKXXKYEMYEZAFZAZMBZMZWEZW"
)
"""The three letters of each country of ISO 3166, the two behind them, and so on."""
ALSO = {
    "KR": ("South Korea", "Republic of Korea", "Korea, Republic of", "Korea"),
    "KP": ("North Korea", "DPRK", "DPR Korea", "Democratic People's Republic of Korea"),
    "GB": ("United Kingdom", "UK", "Great Britain", "Britain"),
    "CZ": ("Czechia",),
    "TR": ("Turkiye",),
    "XK": ("Kosovo",),
    "US": ("United States of America",),
    "RU": ("Russian Federation",),
    "BA": ("Bosnia and Herzegovina", "Bosnia-Herzegovina"),
    "IR": ("Islamic Republic of Iran", "Iran, Islamic Republic of"),
    "MD": ("Republic of Moldova",),
    "LA": ("Lao PDR", "Lao People's Democratic Republic"),
    "VN": ("Viet Nam",),
    "MM": ("Myanmar", "Burma"),
    "SZ": ("Eswatini", "Swaziland"),
    "CD": ("DR Congo", "Democratic Republic of the Congo"),
    "CG": ("Republic of the Congo",),
    "CI": ("Ivory Coast",),
    "CV": ("Cabo Verde",),
    "TL": ("Timor-Leste",),
    "TZ": ("United Republic of Tanzania",),
    "SY": ("Syrian Arab Republic",),
    "BN": ("Brunei Darussalam",),
}
"""English names that the time zone database has otherwise."""


def with_two_letters(raw: Raw, notes: Notes) -> Raw:
    """Return the network with countries by two letters where they are named by three, or in English."""
    known: dict[str, str] = {}
    for text in pd.unique(pd.concat([raw.nodes["country"], raw.links["country"]])):
        if _folded(text) in _letters():
            known[text] = _letters()[_folded(text)]
    if not known:
        return raw
    told = [f"{text} = {two}" for text, two in sorted(known.items())]
    notes.assume(f"countries were told by their three letters or their names: {some(told)}")
    nodes, links = (frame.assign(country=frame["country"].replace(known)) for frame in (raw.nodes, raw.links))
    return raw.but(nodes=nodes, links=links)


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


@cache
def _letters() -> dict[str, str]:
    """Return the two letters of each country by its three, and by its names: of the time zone database, and `ALSO`."""
    text = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text(encoding="utf-8")
    rows = [tuple(line.split("\t")) for line in text.splitlines() if line and line[0] != "#"]
    return {_folded(name): two for two, name in [*rows, *((two, name) for two in ALSO for name in ALSO[two])]} | {
        pair[:3].casefold(): pair[3:] for pair in re.findall(".{5}", LETTERS)
    }
