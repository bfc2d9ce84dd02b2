"""A network small enough to work out answers by hand, as rows of its tables."""

from __future__ import annotations

TINY = {
    "source": [{"source_id": "S", "title": "made for the tests"}],
    "country": [
        {"country": country, "name": country, "time_zone": zone}
        for country, zone in (("CN", "Asia/Shanghai"), ("JP", "Asia/Tokyo"), ("KP", "Asia/Pyongyang"),
                              ("KR", "Asia/Seoul"), ("MN", "Asia/Ulaanbaatar"), ("RU", "Asia/Vladivostok"))
    ],
    "node": [
        {"node_id": "alfa", "name": "Alfa", "node_type": "city", "country": "CN", "x_coord": 126, "y_coord": 45},
        {"node_id": "bravo", "name": "Bravo", "node_type": "border_station", "country": "CN", "x_coord": 129,
         "y_coord": 45},
        {"node_id": "charlie", "name": "Charlie", "node_type": "seaport", "country": "RU", "x_coord": 129.3,
         "y_coord": 45, "unlocode": "RUCHA"},
        {"node_id": "delta", "name": "Delta", "node_type": "seaport", "country": "JP", "x_coord": 138, "y_coord": 40},
        {"node_id": "golf", "name": "Golf", "node_type": "seaport", "country": "CN", "x_coord": 122, "y_coord": 42},
    ],
    "node_name": [{"node_id": "alfa", "language": "ru", "name": "Альфа"}],
    "link": [
        {"link_id": "road-ab", "name": "Alfa - Bravo", "from_node_id": "alfa", "to_node_id": "bravo", "directed": 0,
         "mode": "road", "length_km": 300, "speed_id": "road", "tariff_id": "road_cn", "emission_factor_id": "lorry",
         "country": "CN"},
        {"link_id": "road-bc", "name": "Bravo - Charlie", "from_node_id": "bravo", "to_node_id": "charlie",
         "directed": 0, "mode": "road", "length_km": 30, "speed_id": "road", "tariff_id": "road_ru",
         "emission_factor_id": "lorry", "country": "RU"},
        {"link_id": "rail-ag", "name": "Alfa - Golf", "from_node_id": "alfa", "to_node_id": "golf", "directed": 0,
         "mode": "rail", "gauge_mm": "1435", "length_km": 500, "speed_id": "rail", "tariff_id": "rail_cn",
         "emission_factor_id": "train", "country": "CN"},
    ],
    "geometry": [],
    "projection": [],
    "figure_name": [],
    "sea_lane": [
        {"lane_id": "sea-cd", "from_node_id": "charlie", "to_node_id": "delta", "length_km": 1000, "length_nmi": 540,
         "geodesic_km": 950, "ratio": 1.05, "geometry": "LINESTRING (129.3 45, 138 40)"},
        {"lane_id": "sea-gd", "from_node_id": "golf", "to_node_id": "delta", "length_km": 2000, "length_nmi": 1080,
         "geodesic_km": 1900, "ratio": 1.05, "geometry": "LINESTRING (122 42, 138 40)"},
    ],
    "crossing": [
        {"crossing_id": "bc-out", "name": "Bravo to Charlie", "link_id": "road-bc", "from_node_id": "bravo",
         "to_node_id": "charlie", "mode": "road", "direction": "out", "operation_id": "border",
         "opening_hours": "09:00-19:00"},
        {"crossing_id": "bc-in", "name": "Charlie to Bravo", "link_id": "road-bc", "from_node_id": "charlie",
         "to_node_id": "bravo", "mode": "road", "direction": "in", "operation_id": "border", "opening_hours": "24h"},
    ],
    "terminal": [
        {"terminal_id": "alfa-origin-road", "node_id": "alfa", "from_state": "origin", "to_state": "road",
         "operation_id": "load_road"},
        {"terminal_id": "alfa-origin-rail_1435", "node_id": "alfa", "from_state": "origin", "to_state": "rail_1435",
         "operation_id": "load_rail"},
        {"terminal_id": "charlie-road-port_out", "node_id": "charlie", "from_state": "road", "to_state": "port_out",
         "operation_id": "port_charlie"},
        {"terminal_id": "golf-rail_1435-port_out", "node_id": "golf", "from_state": "rail_1435",
         "to_state": "port_out", "operation_id": "port_golf"},
        {"terminal_id": "delta-port_in-destination", "node_id": "delta", "from_state": "port_in",
         "to_state": "destination", "operation_id": "import_delta"},
    ],
    "operation": [
        {"operation_id": name, "component": component, "quantity": quantity, "value": value, "cargo_unit": "any",
         "currency": currency, "price_year": year}
        for name, component, quantity, value, currency, year in (
            ("load_road", "drayage", "cost", 50, "USD", 2019),
            ("load_road", "handling", "hours", 4, "", ""),
            ("load_rail", "drayage", "cost", 50, "USD", 2019),
            ("load_rail", "handling", "hours", 10, "", ""),
            ("border", "border_fee", "cost", 120, "CNY", 2018),
            ("border", "queue", "hours", 6, "", ""),
            ("border", "procedures", "hours", 2, "", ""),
            ("port_charlie", "terminal_handling", "cost", 100, "USD", 2019),
            ("port_charlie", "handling", "hours", 3, "", ""),
            ("port_charlie", "dwell", "hours", 24, "", ""),
            ("port_golf", "terminal_handling", "cost", 120, "USD", 2019),
            ("port_golf", "handling", "hours", 6, "", ""),
            ("port_golf", "dwell", "hours", 48, "", ""),
            ("import_delta", "terminal_handling", "cost", 300, "USD", 2019),
            ("import_delta", "handling", "hours", 10, "", ""),
            ("import_delta", "procedures", "hours", 20, "", ""),
        )
    ],
    "service": [
        {"service_id": "line-cd", "name": "Charlie - Delta", "vehicle": "container_ship", "carries": "container",
         "sailings_per_week": 2, "circular": 0, "speed_id": "ship", "port_stay_hours": 12, "tariff_id": "sea",
         "emission_factor_id": "ship"},
        {"service_id": "line-gd", "name": "Golf - Delta", "vehicle": "container_ship", "carries": "container",
         "sailings_per_week": 1, "circular": 0, "speed_id": "ship", "port_stay_hours": 12, "tariff_id": "sea",
         "emission_factor_id": "ship"},
    ],
    "service_call": [
        {"service_id": "line-cd", "call_sequence": 1, "node_id": "charlie"},
        {"service_id": "line-cd", "call_sequence": 2, "node_id": "delta"},
        {"service_id": "line-gd", "call_sequence": 1, "node_id": "golf"},
        {"service_id": "line-gd", "call_sequence": 2, "node_id": "delta"},
    ],
    "speed": [
        {"speed_id": "road", "mode": "road", "speed_kmh": 60, "speed_kmh_low": 50, "speed_kmh_high": 75,
         "schedule_kmh": 75},
        {"speed_id": "rail", "mode": "rail", "speed_kmh": 20},
        {"speed_id": "ship", "mode": "sea", "speed_kmh": 25},
    ],
    "tariff": [
        {"tariff_id": "road_cn", "mode": "road", "cargo_unit": "FEU", "fixed": 60, "per_km": 0.6, "currency": "CNY",
         "price_year": 2018},
        {"tariff_id": "road_ru", "mode": "road", "cargo_unit": "FEU", "fixed": 0, "per_km": 1, "currency": "USD",
         "price_year": 2019},
        {"tariff_id": "rail_cn", "mode": "rail", "cargo_unit": "FEU", "fixed": 600, "per_km": 2, "currency": "CNY",
         "price_year": 2018},
        {"tariff_id": "sea", "mode": "sea", "cargo_unit": "FEU", "fixed": 200, "per_km": 0.1, "currency": "USD",
         "price_year": 2019},
    ],
    "season": [
        {"season_id": "charlie-ice", "applies_to": "node", "target_id": "charlie", "from_month_day": "12-15",
         "to_month_day": "03-15", "hours_factor": 1.5, "closed": "no"},
        {"season_id": "line-winter", "applies_to": "service", "target_id": "line-cd", "from_month_day": "12-01",
         "to_month_day": "02-28", "hours_factor": 1.25, "closed": "no"},
    ],
    "market": [
        {"node_id": "alfa", "role": "origin", "region": "North", "population": 1000, "trade_musd": 5},
        {"node_id": "delta", "role": "market", "region": "Rim", "gdp": 4},
    ],
    "cargo": [
        {"cargo_id": "dry_40", "name": "40-ft dry", "cargo_unit": "FEU", "payload_t": 20, "value_usd": 30000,
         "price_year": 2018, "time_cost_pct_per_day": 0.6, "reliability_ratio": 0, "may_charter": "no",
         "freight_surcharge": 0},
    ],
    "emission_factor": [
        {"emission_factor_id": "lorry", "value": 100, "unit": "g_per_tkm", "scope": "WTW"},
        {"emission_factor_id": "train", "value": 5, "unit": "g_per_tkm", "scope": "WTW"},
        {"emission_factor_id": "ship", "value": 50, "unit": "g_per_teukm", "scope": "WTW"},
        {"emission_factor_id": "terminal_handling", "value": 10, "unit": "kg_per_box", "scope": "WTW"},
    ],
    "exchange_rate": [
        {"currency": "USD", "year": 2018, "units_per_usd": 1},
        {"currency": "USD", "year": 2019, "units_per_usd": 1},
        {"currency": "CNY", "year": 2018, "units_per_usd": 6},
        {"currency": "CNY", "year": 2019, "units_per_usd": 7},
    ],
    "deflator": [{"year": 2018, "usd_index": 100}, {"year": 2019, "usd_index": 110}],
    "published": [],
    "traffic": [],
    "trade": [],
    "party": [],
    "closed_water": [],
}  # fmt: skip
"""Alfa (CN) to Delta (JP): by lorry over the border at Bravo and by ship from Charlie (RU), or by rail to Golf (CN)
and by ship. The figures are round, so that the tests can work out the answers in comments."""


def tiny_rows(**changes):
    """Return the tables of the tiny network; `table=function` changes the rows of a table."""
    tables = {name: [dict(row) for row in rows] for name, rows in TINY.items()}
    for table, change in changes.items():
        new = change(tables[table])
        tables[table] = tables[table] if new is None else new
    return tables
