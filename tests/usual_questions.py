"""A way to ask each question that needs no file: what must be given, small where that is quick."""

from corridor_net import questions

PAIR = {"origin": "harbin", "destination": "niigata", "as_of": "2019-07-01"}
QUICK = ("access", "demand", "emissions", "explain", "gateways", "matrix", "pareto", "profile", "route", "sources")
QUICK += ("routes", "tcd", "timetable")
NEEDS = {
    "diff": {"before": "2016-07-01", "after": "2019-07-01", "origins": "hunchun"},
    "line": {"service": "zarubino-niigata", "as_of": "2013-07-01"},
    "appraise": {"projects": "primorye-2", "draws": "10"},
    "explain": {**PAIR, "scenario": "primorye-2"},
    "portfolio": {"upgrades": ["primorye-1", "primorye-2"], "budget": "4e9"},
    "attribution": {"upgrades": ["primorye-1", "primorye-2"]},
    "sweep": {"study": "longjiang-japan"},
    "profile": {"origin": "yanji", "destination": "niigata", "as_of": "2019-07-01", "depart": "2019-07-01T08:00"},
    "timetable": {"origin": "yanji", "destination": "niigata", "as_of": "2019-07-01", "depart": "2019-07-01T08:00"},
    "run": {"origins": "hunchun", "baselines": "baseline-2019"},
    "uncertainty": {"draws": "20", "baselines": "baseline-2019"},
    "validate": {"draws": "20"},
    "backcast": {},
    "calibrate": {"draws": "200"},
    "sensitivity": {**PAIR, "samples": "64"},
}


def usual(name):
    own = {one.name for one in questions.question(questions.commands()[name]).parameters}
    return NEEDS.get(name, {key: value for key, value in PAIR.items() if key in own or key == "as_of"})
