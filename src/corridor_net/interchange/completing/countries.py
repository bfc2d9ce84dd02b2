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
ALSO = (
    "KR=south-korea|republic-of-korea|korea-republic-of|korea;"
    "KP=north-korea|dprk|dpr-korea|democratic-people's-republic-of-korea;"
    "GB=united-kingdom|uk|great-britain|britain;CZ=czechia;TR=turkiye;XK=kosovo;US=united-states-of-america;"
    "RU=russian-federation;BA=bosnia-and-herzegovina|bosnia-herzegovina;"
    "IR=islamic-republic-of-iran|iran-islamic-republic-of;MD=republic-of-moldova;"
    "LA=lao-pdr|lao-people's-democratic-republic;VN=viet-nam;MM=myanmar|burma;SZ=eswatini|swaziland;"
    "CD=dr-congo|democratic-republic-of-the-congo;CG=republic-of-the-congo;CI=ivory-coast;CV=cabo-verde;"
    "TL=timor-leste;TZ=united-republic-of-tanzania;SY=syrian-arab-republic;BN=brunei-darussalam"
)
"""English names that the time zone database has otherwise: two letters, `=`, names parted by `|`, `-` for blanks."""


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
    also = [(one[:2], name) for one in ALSO.split(";") for name in one[3:].split("|")]
    return {_folded(name): two for two, name in [*rows, *also]} | {
        pair[:3].casefold(): pair[3:] for pair in re.findall(".{5}", LETTERS)
    }
