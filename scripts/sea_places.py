"""What the coast does not say of the sea: narrow waters, fairways, straits by name, and who passes where."""

from __future__ import annotations

NARROWS = {
    "Kanmon": (130.95, 33.94, 22),
    "Akashi": (135.02, 34.62, 20),
    "Bisan Seto": (133.8, 34.37, 40),
    "Kurushima": (132.98, 34.12, 40),
    "Harima Nada": (134.3, 34.42, 30),
    "Hiuchi Nada": (133.4, 34.2, 25),
    "Iyo Nada": (132.45, 33.85, 38),
    "Tomogashima": (135.0, 34.28, 15),
    "Naruto": (134.65, 34.24, 8),
    "Bungo": (132.0, 33.33, 15),
    "Uraga": (139.75, 35.25, 20),
    "Irago": (137.0, 34.6, 15),
    "Tokyo Bay": (139.78, 35.45, 25),
    "Hakata": (130.28, 33.68, 18),
    "Tsuruga": (136.04, 35.75, 18),
    "Posyet": (130.9, 42.58, 22),
    "Yangtze mouth": (121.8, 31.3, 22),
    "Zhoushan": (122.2, 29.93, 35),
    "Gwangyang": (127.85, 34.72, 22),
    "Incheon, inner": (126.45, 37.3, 20),
    "Incheon, outer": (126.2, 37.05, 25),
    "Busan": (129.0, 35.0, 15),
    "Peter the Great Bay": (131.9, 43.0, 22),
    "Nevelskoy": (141.6, 52.2, 30),
    "Amur mouth": (141.0, 53.0, 40),
}
"""Narrow waters, passed close to shore: longitude, latitude, radius in km. All others as narrow are kept out of."""

FAIRWAYS = {
    "busan": [(129.0333, 35.1), (129.044, 35.1), (129.05, 35.105)],
    "zarubino": [(131.0833, 42.6333), (131.087, 42.638), (131.096, 42.638)],
}
"""Ways from a berth to open water, drawn along the channel, where the nearest water is not that of the port."""

GATES = {
    "Tsugaru Strait": [(140.45, 41.0), (140.45, 41.7)],
    "La Perouse (Soya) Strait": [(141.95, 45.4), (142.05, 46.1)],
    "Tatar Strait": [(140.2, 50.8), (142.3, 50.8)],
    "Korea Strait (west channel)": [(128.7, 35.15), (129.3, 34.4)],
    "Korea Strait (east channel)": [(129.3, 34.4), (130.3, 33.45)],
    "Nevelskoy Strait": [(141.5, 52.2), (141.75, 52.2)],
    "Kanmon Strait": [(130.96, 33.99), (130.96, 33.92)],
    "Jeju Strait": [(126.55, 33.4), (126.55, 34.5)],
    "Bohai Strait": [(121.2, 38.85), (120.9, 37.7)],
    "Osumi Strait": [(130.7, 31.1), (130.7, 30.45)],
    "Bungo Channel": [(131.9, 33.25), (132.3, 33.3)],
    "Kii Channel": [(134.7, 33.85), (135.1, 33.85)],
    "Akashi Strait": [(135.0, 34.68), (135.0, 34.57)],
    "Naruto Strait": [(134.62, 34.24), (134.66, 34.24)],
    "Bisan Seto": [(133.8, 34.5), (133.8, 34.25)],
    "Kurushima Strait": [(132.99, 34.18), (132.99, 34.05)],
    "Uraga Channel": [(139.6, 35.25), (139.9, 35.2)],
}
"""Straits whose passing is told: a line from shore to shore."""

KOREAN_PORTS = ("busan", "donghae", "gwangyang", "incheon", "pohang", "sokcho", "ulsan")
INLAND_SEA_PORTS = ("kobe", "osaka")
INLAND_SEA = ("Bisan Seto", "Kurushima Strait")
"""Ships bound elsewhere go round by the ocean: the Inland Sea has pilots, speed limits and dense traffic."""

NOT_FOR_SHIPS = ("Naruto Strait",)
"""Whirlpools of ten knots: no lane passes."""

OUTSIDE = [(126.30, 34.60), (125.20, 34.69)]
"""From the mainland to Hongdo: ships pass outside it by the traffic separation scheme, not among the islands,
unless they sail between two Korean ports."""

LANDS = {
    "Honshu": (138.5, 36.3),
    "Hokkaido": (142.8, 43.5),
    "Kyushu": (130.9, 32.6),
    "Shikoku": (133.5, 33.7),
    "Sakhalin": (142.9, 49.5),
    "the mainland": (126.0, 45.0),
}
"""A point on each land that lanes go round, to name it."""
