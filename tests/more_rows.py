"""A component, a mode and a country, as rows to be added to a copy of the shipped package."""

from __future__ import annotations

import csv

from corridor_net.network import Network

PREMIUM = 0.4
"""Per cent of the value of the cargo."""
INSURANCE = {
    "component": "insurance", "rank": 16, "label": "cargo insurance", "group": "insuring", "operation": "yes",
    "per": "value", "scheduled": "yes", "public": "no", "lifts": "no",
}  # fmt: skip
AIR = {
    "mode": "air", "rank": 5, "label": "air freight", "kind": "air", "links": "yes", "gauge": "no", "way": "air route",
    "vehicle_label": "aircraft", "fastest_kmh": 1000, "rates_group": "air rates", "speeds_group": "winds",
    "colour": "#8e44ad", "colour_dark": "#c39bd3", "dash": "7 3", "width": 1.2,
}  # fmt: skip
AIRPORT = {
    "node_type": "airport", "rank": 10, "label": "air cargo terminal", "port": "yes", "shape": "square",
    "size": "small", "colour": "#8e44ad", "colour_dark": "#c39bd3",
}  # fmt: skip
FLIGHT = "air-harbin-niigata"
STEPPE = "rail-manzhouli-almaty"


def append(folder, table, *rows):
    """Add rows to a table of a package; a column that is not named stays empty."""
    path = folder / f"{table}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    graded = {name: value for name, value in (("source_id", "BK"), ("grade", "D")) if name in columns}
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writerows({**graded, **row} for row in rows)


def insure(folder):
    """Give every operation by which cargo leaves its sender a premium."""
    append(folder, "component", INSURANCE)
    net = Network.from_folder(folder)
    leaving = {row.operation_id for row in net.rows("terminal") if row.from_state == "origin"}
    loaded = sorted(leaving - {row.operation_id for row in net.rows("terminal") if row.from_state != "origin"})
    premium = {"component": "insurance", "quantity": "cost", "value": PREMIUM, "value_low": 0.2, "value_high": 0.8}
    append(folder, "operation", *({"operation_id": name, "cargo_unit": "any", **premium} for name in loaded))


def fly(folder):
    """Put an airport beside Harbin and one beside Niigata, and a flight between them."""
    append(folder, "mode", AIR)
    append(folder, "node_type", AIRPORT)
    append(
        folder, "node",
        {"node_id": "hrb_air", "name": "Taiping airport", "node_type": "airport", "country": "CN", "x_coord": 126.24,
         "y_coord": 45.62},
        {"node_id": "kij_air", "name": "Niigata airport", "node_type": "airport", "country": "JP", "x_coord": 139.11,
         "y_coord": 37.96},
    )  # fmt: skip
    road = {"directed": 0, "mode": "road", "emission_factor_id": "road_heavy"}
    append(
        folder, "link",
        {"link_id": "road-harbin-hrb_air", "name": "Harbin - Taiping airport", "from_node_id": "harbin",
         "to_node_id": "hrb_air", "length_km": 37, "speed_id": "road_cn", "tariff_id": "road_cn", "country": "CN",
         **road},
        {"link_id": "road-kij_air-niigata", "name": "Niigata airport - Niigata", "from_node_id": "kij_air",
         "to_node_id": "niigata", "length_km": 13, "speed_id": "road_jp", "tariff_id": "road_jp", "country": "JP",
         **road},
        {"link_id": FLIGHT, "name": "Taiping airport - Niigata airport", "from_node_id": "hrb_air",
         "to_node_id": "kij_air", "directed": 0, "mode": "air", "length_km": 1420, "speed_id": "freighter",
         "tariff_id": "air_cn_jp", "emission_factor_id": "air_freighter", "country": "CN"},
    )  # fmt: skip
    append(folder, "speed", {"speed_id": "freighter", "mode": "air", "speed_kmh": 650, "speed_kmh_low": 550,
                             "speed_kmh_high": 750})  # fmt: skip
    rate = {"tariff_id": "air_cn_jp", "mode": "air", "currency": "USD", "price_year": 2019, "range_low": 0.7,
            "range_high": 1.5}  # fmt: skip
    append(folder, "tariff", *({**rate, "cargo_unit": unit, "fixed": usd, "per_km": usd / 1000}
                               for unit, usd in (("FEU", 9000), ("TEU", 6000))))  # fmt: skip
    append(folder, "emission_factor", {"emission_factor_id": "air_freighter", "value": 560, "unit": "g_per_tkm",
                                       "scope": "WTW"})  # fmt: skip
    hours = {"component": "handling", "quantity": "hours", "cargo_unit": "any"}
    append(folder, "operation", {"operation_id": "air_terminal", "value": 9, "value_low": 5, "value_high": 14, **hours},
           {"operation_id": "air_customs", "value": 6, "value_low": 3, "value_high": 12, **hours})  # fmt: skip
    changes = [("hrb_air", "road", "air"), ("hrb_air", "air", "road"), ("kij_air", "road", "air"),
               ("kij_air", "air", "road")]  # fmt: skip
    append(folder, "terminal", *({"terminal_id": f"{node}-{a}-{b}", "node_id": node, "from_state": a, "to_state": b,
                                  "operation_id": "air_terminal"} for node, a, b in changes))  # fmt: skip
    append(folder, "crossing", *cross(FLIGHT, "hrb_air", "kij_air", "air", "air_customs"))


def cross(link, here, there, mode, operation):
    """Return the crossings of a link, one a direction."""
    ends = (("out", here, there), ("in", there, here))
    return [
        {"crossing_id": f"{link}-{way}", "name": f"{a} to {b} ({mode})", "link_id": link, "from_node_id": a,
         "to_node_id": b, "mode": mode, "direction": way, "operation_id": operation, "opening_hours": "24h"}
        for way, a, b in ends
    ]  # fmt: skip


def settle(folder):
    """Put a country behind the border of Manzhouli: its place, its line, its border, its money."""
    append(folder, "country", {"country": "KZ", "name": "Kazakhstan", "time_zone": "Asia/Almaty"})
    append(folder, "node", {"node_id": "almaty", "name": "Almaty", "node_type": "city", "country": "KZ",
                            "x_coord": 76.93, "y_coord": 43.25})  # fmt: skip
    append(folder, "link", {"link_id": STEPPE, "name": "Harbin - Almaty", "from_node_id": "harbin",
                            "to_node_id": "almaty", "directed": 0, "mode": "rail", "gauge_mm": "1435",
                            "length_km": 4800, "speed_id": "rail_cn", "tariff_id": "rail_kz",
                            "emission_factor_id": "rail_diesel", "country": "CN"})  # fmt: skip
    rate = {
        "tariff_id": "rail_kz",
        "mode": "rail",
        "fixed": 30000,
        "per_km": 120,
        "currency": "KZT",
        "price_year": 2004,
    }
    append(folder, "tariff", *({**rate, "cargo_unit": unit} for unit in ("FEU", "TEU")))
    append(folder, "exchange_rate", {"currency": "KZT", "year": 2004, "units_per_usd": 136})
    append(folder, "deflator", {"year": 2004, "usd_index": 79.1})
    append(folder, "operation", {"operation_id": "border_rail_kz", "component": "border_fee", "quantity": "cost",
                                 "value": 13600, "cargo_unit": "any", "currency": "KZT", "price_year": 2004},
           {"operation_id": "border_rail_kz", "component": "queue", "quantity": "hours", "value": 20, "value_low": 8,
            "value_high": 60, "cargo_unit": "any"})  # fmt: skip
    append(folder, "crossing", *cross(STEPPE, "harbin", "almaty", "rail", "border_rail_kz"))
    append(folder, "terminal", {"terminal_id": "almaty-rail-end", "node_id": "almaty", "from_state": "rail_1435",
                                "to_state": "destination", "operation_id": "rail_unload_cn"})  # fmt: skip


def more(folder):
    """Add all of it to a package; return the package."""
    insure(folder)
    fly(folder)
    settle(folder)
    return folder
