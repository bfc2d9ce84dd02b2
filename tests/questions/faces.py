"""One quick answer of every question: who asks all of them takes it from here."""

from __future__ import annotations

from functools import cache

import corridor_net as cn

DAY = "2019-07-01"
ENDS = ("yanji", "niigata")
TRADE = """origin,destination,musd
harbin,niigata,9
harbin,tokyo,20
hunchun,niigata,3
hunchun,tokyo,4
yanji,niigata,2
yanji,tokyo,6
"""
SWEEP = """study: my-sweep
title: Queue at Suifenhe
baselines: [baseline-2019]
focus: niigata
sweep:
  - name: upgrade
    scenarios: [none, primorye-2]
"""
STUDY = """study: two-cities
title: Two cities
baselines: [baseline-2019]
origins: [yanji, hunchun]
focus: niigata
destinations: [niigata]
scenarios: [primorye-2]
"""
BACI = """t,i,j,k,v,q
2019,156,392,070320,5000,4000
2019,156,410,440710,3000,NA
2019,643,392,440710,20000,90000
2019,392,156,870899,25000,3000
"""
DEMAND = """origin,destination,cargo,year,teu
harbin,niigata,dry_40,2019,900
niigata,harbin,dry_40,2019,300
yanji,tokyo,dry_40,2019,200
"""
FILES = {"trade.csv": TRADE, "sweep.yaml": SWEEP, "two.yaml": STUDY, "baci.csv": BACI, "demand.csv": DEMAND}
ASKED = {
    "access": (("harbin", "hunchun"), {}),
    "advantage": (("baci.csv", "CHN", "JPN"), {}),
    "appraise": (("primorye-2",), {"investment": 1e9, "draws": 20, "destinations": ["niigata"]}),
    "attribution": (("primorye-2", "suifenhe-faster"), {"origins": ["yanji"]}),
    "backcast": ((), {}),
    "boxes": (("demand.csv",), {"until": 2021}),
    "breakeven": (ENDS, {"figures": ["value_of_time"]}),
    "calibrate": ((), {"draws": 200}),
    "compare": (ENDS, {"scenarios": ["primorye-2", "vanino"]}),
    "criticality": (("niigata",), {"kinds": ["port", "crossing"]}),
    "demand": (ENDS, {"goods": ["leek_40", "board_40"]}),
    "diff": (("2019-07-01", "2016-07-01"), {"origins": ["yanji", "harbin"]}),
    "emissions": (ENDS, {}),
    "explain": (ENDS, {}),
    "gateways": (("niigata",), {}),
    "gravity": (("trade.csv",), {}),
    "line": (("zarubino-niigata",), {"destinations": ["niigata"]}),
    "matrix": ((), {"origins": ["harbin", "hunchun"], "destinations": ["niigata", "tokyo", "toyama"]}),
    "pareto": (ENDS, {}),
    "portfolio": (("primorye-2", "vanino"), {"budget": 4e9}),
    "potential": (("primorye-2",), {"goods": ["leek_40", "dry_40"], "origins": ["harbin", "hunchun"]}),
    "profile": (ENDS, {"depart": "2019-07-01T08:00", "days": 3}),
    "route": (ENDS, {}),
    "routes": ((), {"origins": ["harbin", "hunchun"], "destinations": ["niigata"]}),
    "sensitivity": (ENDS, {"samples": 4, "morris": True}),
    "sources": (ENDS, {}),
    "study": ((), {"origins": ["hunchun"], "destinations": ["niigata"], "baselines": ["baseline-2019"]}),
    "sweep": (("sweep.yaml",), {"origins": ["yanji"]}),
    "tcd": (ENDS, {"through": ["vladivostok"]}),
    "timeline": (ENDS, {"from_year": 2017, "to_year": 2020}),
    "timetable": (ENDS, {"depart": "2019-07-01T08:00", "days": 2}),
    "uncertainty": (("two.yaml",), {"origin": "yanji", "draws": 20}),
    "validate": ((), {"draws": 20}),
}
WITH_SCENARIO = {"explain", "breakeven", "tcd", "timetable", "profile"}
"""Questions that are asked of a model with a scenario."""
OF_DAY = {"line": "2013-07-01"}
WITHOUT_DAY = {
    "backcast",
    "study",
    "potential",
    "uncertainty",
    "attribution",
    "portfolio",
    "sweep",
    "validate",
    "calibrate",
    "timeline",
}


@cache
def _model(day, scenarios):
    return cn.load(as_of=day, scenarios=scenarios)


def ask(name, folder):
    """Return the answer of a question; files it reads are written to a folder."""
    args, given = ASKED[name]
    for file in set(FILES) & set(args):
        (folder / file).write_text(FILES[file], encoding="utf-8")
    args = [str(folder / one) if one in FILES else one for one in args]
    day = None if name in WITHOUT_DAY else OF_DAY.get(name, DAY)
    return _model(day, ("primorye-2",) if name in WITH_SCENARIO else ()).ask(name, *args, **given)
