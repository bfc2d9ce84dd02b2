"""Names of columns and modes as people write them: in several languages, and with a unit behind the name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from .units import LENGTHS_KM, NOT_BEHIND, SPEEDS_KMH, TIMES_H, spelled

MEASURED = {"length": LENGTHS_KM, "speed": SPEEDS_KMH, "travel_time": TIMES_H}
"""Columns whose name may end with a unit, and the units there are."""

ONLY_WITH_UNIT = frozenset(["time", "时间", "時間", "время", "시간"])
"""Names that may mean a time of day, unless a unit of hours, minutes or seconds follows."""

MODE_WORDS = {
    "road": "road auto car truck trucks hgv lorry highway motorway street all sov hov hov2 hov3 hov3+ taxi drive"
    " arterial freeway ramp connector collector local primary secondary tertiary trunk residential expressway"
    " 公路 道路 高速公路 автодорога авто автомобильный straße autobahn 도로",
    "rail": "rail railway railroad train freight_rail freightrail"
    " 铁路 鐵路 鉄道 жд ж/д железная_дорога железнодорожный bahn schiene eisenbahn 철도",
    "waterway": "waterway iww barge river canal inland inland_waterway water sea ferry ship ro-ro roro"
    " 水路 水运 内河 海运 водный река море wasserstraße fluss 수로 해운",
    "skip": "walk bike bicycle cycle foot pedestrian cycleway footway pedestrians bicycles bus brt tram subway metro"
    " light_rail path steps",
}
"""Words for modes that need no mapping file."""

ALIASES = {
    "node_id": "node_id nodeid node id num osmid stop_id name_id station_id station_code 编号 节点 节点编号 узел"
    " id_узла knoten knoten_id nodo"
    " ノード 節点 노드 번호",
    "name": "name node_name link_name stop_name port_name station_name label 名称 名稱 站名 название наименование"
    " bezeichnung 名前 駅名 이름",
    "x_coord": "x_coord x lon lng long longitude xcoord x_coordinate stop_lon lon_dd lon_wgs84"
    " longitude_(deg) lon_(deg) 经度 經度 経度 долгота längengrad"
    " laengengrad 경도",
    "y_coord": "y_coord y lat latitude ycoord y_coordinate stop_lat lat_dd lat_wgs84 latitude_(deg)"
    " lat_(deg) 纬度 緯度 широта breitengrad 위도",
    "country": "country country_code iso2 iso_a2 cntr_id 国家 страна 국가",
    "unlocode": "unlocode locode un_locode port",
    "population": "population pop 人口 население einwohner 인구",
    "link_id": "link_id linkid edge_id id num fid osmid fraarcid",
    "from_node_id": "from_node_id from_node from fromnode from_station a a_node anode init_node node1"
    " source src u start start_node"
    " i from_id node_a frfranode 起点 始点 出发站 出発 откуда начало von 출발",
    "to_node_id": "to_node_id to_node to tonode to_station b b_node bnode term_node node2 target dst v end"
    " end_node j to_id"
    " node_b tofranode 终点 終点 到达站 到着 куда конец nach 도착",
    "directed": "directed oneway one_way dir_travel direction 单向 одностороннее einbahn 一方通行 일방통행",
    "mode": "mode modes transport_mode 方式 运输方式 вид_транспорта verkehrsträger 輸送モード 수단",
    "gauge_mm": "gauge_mm gauge 轨距 軌間 ширина_колеи spurweite",
    "length": "length len distance dist shape_length weight link_length road_length miles metres meters"
    " 长度 距离 里程 長さ 距離 длина расстояние länge laenge distanz 거리 길이",
    "length_km": "length_km km len_km distance_km dist_km",
    "speed": "free_speed freespeed speed maxspeed max_speed speed_limit vmax 速度 限速 скорость geschwindigkeit 속도",
    "speed_kmh": "speed_kmh kmh kph speed_kph",
    "travel_time": "travel_time traveltime time free_flow_time duration 时间 時間 所要時間 время время_в_пути fahrzeit"
    " 시간 소요시간",
    "geometry": "geometry wkt geom the_geom shape",
}
"""Column names that need no mapping file, in the order in which they are preferred."""

SHEETS = {
    "node": "node nodes vertex vertices points knoten узлы 节点 ノード 노드",
    "link": "link links edge edges arcs segments kanten strecken дуги звенья участки 路段 线路 リンク 링크",
}
"""What sheets of nodes and of links are called."""


STATISTICS = ("mean", "avg", "average", "median", "max", "std", "stdev", "sd")
"""Ends of names of columns that tell the spread of one quantity; beside them `min` is the smallest, not minutes."""


def plain(name: str) -> str:
    """Return a name as it is looked for: in small letters, blanks as `_`.

    >>> plain(" From  Node "), plain("Ｌength-KM")
    ('from_node', 'length_km')
    """
    return re.sub(r"[\s_\-]+", "_", unicodedata.normalize("NFKC", name).strip()).casefold()


MODE_OF = {plain(word): mode for mode, text in MODE_WORDS.items() for word in text.split()}
"""The mode of each of them, by the word as it is looked for."""


def parted(name: str, ours: str) -> tuple[str, str]:
    """Return a name without the unit at its end, as it is looked for, and the unit; '' where it has none.

    >>> parted("Length (mi)", "length"), parted("travel_time_min", "travel_time"), parted("Speed, km/h", "speed")
    (('length', 'mi'), ('travel_time', 'min'), ('speed', 'km/h'))
    """
    text = unicodedata.normalize("NFKC", name).strip()
    closed = re.fullmatch(r"(.+?)[\s_,]*[(\[]([^)\]]+)[)\]]", text)
    cuts = (
        [(closed[1], ",", closed[2])]
        if closed
        else [(text[: cut.start()], cut[0], text[cut.end() :]) for cut in re.finditer(r"[\s_,/]+", text)]
    )
    for base, cut, unit in cuts:
        short = spelled(unit, MEASURED[ours])
        if base and short and ("," in cut or unit.casefold() not in NOT_BEHIND):
            return plain(base), short
    return plain(name), ""


def unit_in(name: str, ours: str) -> str:
    """Return the unit that the name of a column of lengths, speeds or times ends with, '' for none.

    >>> unit_in("dist_m", "length"), unit_in("length", "length"), unit_in("kmh", "speed")
    ('m', '', 'km/h')
    """
    alone = "" if plain(name) in ONLY_WITH_UNIT else spelled(name, MEASURED[ours])
    return parted(name, ours)[1] or alone


def statistics_of(name: str, names: Iterable[str]) -> list[str]:
    """Return the columns beside one that ends with `min` that tell the spread of its quantity: it is the smallest then.

    >>> statistics_of("travel_time_min", ["travel_time_min", "travel_time_mean", "length_min"])
    ['travel_time_mean']
    """
    base, _, last = plain(name).rpartition("_")
    spread = {f"{base}_{word}" for word in STATISTICS} if last == "min" else set()
    return [other for other in names if plain(other) in spread]


COLUMNS_OF_TNTP = {
    "init_node": "init_node tail from from_node a anode a_node node_a start_node i",
    "term_node": "term_node head to to_node b bnode b_node node_b end_node j",
    "capacity": "capacity cap capacity_(veh/h) hourly_capacity",
    "length": "length len distance dist",
    "free_flow_time": "free_flow_time fft fftt ftime t0 free_flow_travel_time time",
    "b": "b_coeff alpha",
    "power": "power beta",
    "speed": "speed speed_limit",
    "toll": "toll",
    "link_type": "link_type type",
}
"""What columns are called; `b` may be the end of a link too, and is that where nothing else is it."""
TNTP_WORDS = {word: name for name, text in COLUMNS_OF_TNTP.items() for word in text.split()}
"""The column of TNTP that each word stands for."""
