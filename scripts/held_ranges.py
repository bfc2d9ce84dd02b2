"""Did our ranges hold? Figures of grade C and D of the first data against what better sources said: from the history.

`python scripts/held_ranges.py [--first COMMIT]`, in a clone with its history. Each rate, operation, speed and number of
sailings that was grade C or D in the first version, and rests on another source of grade A or B now, is compared on 1
July of each year, in dollars of that year. `z` is how far the new value lies from the old one in standard deviations of
the old range (of the old grade, where it had none). Both directions and sizes of box of one estimate are one judgement
of weight 1, its years alike. `too narrow` is the factor by which the logarithmic width of all ranges must grow to hold
80 %, with its 10 and 90 % points over 2,000 resamplings of the judgements.

Then what published end-to-end figures say, none of which went into this: with all ranges of grade C and D so many times
as wide, how many lie in the 10-90 % range of what would be published, the sum of the log scores, and the mean interval
score in logarithms (width + 10 x what is outside: Gneiting & Raftery 2007), which are better the higher and the lower.
"""

from __future__ import annotations

import argparse
import csv
import io
import math
import random
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from scipy.special import logsumexp

from corridor_net import load
from corridor_net.analysis.validate import ClaimCheck, validate
from corridor_net.costing.ranges import JUDGED, Z90
from corridor_net.uncertainty.calibration.calibrate import Error
from corridor_net.uncertainty.calibration.claims import Claims
from corridor_net.uncertainty.factors.distributions import Distribution
from corridor_net.uncertainty.factors.draws import Factors

HELD = 0.8
"""What a 10-90 % range should hold."""
DRAWS = 4000
WIDER = (0.8, 1.0, 1.35, 1.65)
HAUL_KM = {"rail": 1000.0, "road": 700.0, "waterway": 700.0}
"""The haul at which rates of a fixed part and one per km are compared; sea rates have no part per km."""
RENAMED = {"sea_ru_kr": "sea_kr_ru", "back_ru_kr": "sea_ru_kr", "back_cn_ru": "sea_ru_cn"}
"""Sea rates of the first version that have another name now: it called both ways by the way to Russia."""
SIDES = re.compile(r"_(in|out)$|_(suifenhe|hunchun)|un(?=load)")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure on a day: its value and range in dollars of the year, hours or times a week."""

    value: float
    low: float | None
    high: float | None
    grade: str
    source_id: str

    def judged_by(self, now: Figure) -> bool:
        """Whether a later figure, of a better grade and another source, says something of this one."""
        is_better = self.grade in "CD" and now.grade in "AB" and now.source_id != self.source_id
        return is_better and self.value > 0 and now.value > 0

    def score(self, found: float) -> float:
        """Return how many standard deviations of this figure's range lie between its value and another."""
        off = math.log(found / self.value)
        end = self.high if off > 0 else self.low
        if self.low is None or self.high is None or end is None:
            return off / JUDGED[self.grade]
        return off * Z90 / abs(math.log(end / self.value)) if off else 0.0


class Version:
    """The tables of one commit."""

    def __init__(self, commit: str) -> None:
        self.commit = commit
        self.rates = {
            (row["currency"], int(row["year"])): float(row["units_per_usd"]) for row in self.rows("exchange_rate")
        }
        self.index = {int(row["year"]): float(row["usd_index"]) for row in self.rows("deflator")}
        self.tables = {name: self.rows(name) for name in ("operation", "tariff", "speed", "service")}

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table."""
        shown = subprocess.run(
            ["git", "show", f"{self.commit}:geodata/{table}.csv"], capture_output=True, text=True, check=True
        )
        return list(csv.DictReader(io.StringIO(shown.stdout)))

    def figures(self, year: int) -> Iterator[tuple[tuple[str, ...], Figure]]:
        """Yield every figure that holds on 1 July, by table, id, component and box."""
        day = f"{year}-07-01"
        for table, rows in self.tables.items():
            for row in rows:
                if (row["valid_from"] or day) <= day <= (row["valid_to"] or day):
                    key = (
                        table,
                        row[f"{table}_id"],
                        *(row.get(name, "") for name in ("component", "quantity", "cargo_unit")),
                    )
                    yield key, self._figure(table, row, year)

    def _figure(self, table: str, row: Row, year: int) -> Figure:
        if table == "tariff":
            value = float(row["fixed"]) + float(row["per_km"]) * HAUL_KM.get(row["mode"], 0.0)
            ends = [value * float(row[name]) if row[name] else None for name in ("range_low", "range_high")]
        else:
            names = {"operation": ("value", "value_low", "value_high"),
                     "speed": ("speed_kmh", "speed_kmh_low", "speed_kmh_high"),
                     "service": ("sailings_per_week", "sailings_low", "sailings_high")}[table]  # fmt: skip
            value, *ends = float(row[names[0]]), *(float(row[name]) if row[name] else None for name in names[1:])
        usd = self._usd(row, year) if row.get("currency") else 1.0
        low, high = (end * usd if end is not None else None for end in ends)
        return Figure(value=value * usd, low=low, high=high, grade=row["grade"], source_id=row["source_id"])

    def _usd(self, row: Row, year: int) -> float:
        priced = int(row["price_year"])
        rate = 1.0 if row["currency"] == "USD" else self.rates[row["currency"], priced]
        return self.index[year] / self.index[priced] / rate


def judgements(old: Version, new: Version, years: Iterable[int]) -> dict[tuple[str, ...], list[float]]:
    """Return the scores of every judgement, grade first: one a year, direction and box."""
    scores: dict[tuple[str, ...], list[float]] = {}
    for year in years:
        found = dict(new.figures(year))
        for (table, name, *rest), was in old.figures(year):
            now = found.get((table, RENAMED.get(name, name) if table == "tariff" else name, *rest))
            if now and was.judged_by(now):
                judged = was.grade, table, SIDES.sub("", name), *rest[:2]
                scores.setdefault(judged, []).append(was.score(now.value))
    return scores


def shares(scores: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Return the sizes of all scores, the least first, and the weight of each; a judgement weighs 1 / their number."""
    return sorted(chain(*([(abs(z), 1 / len(own) / len(scores)) for z in own] for own in scores)))


def too_narrow(scores: Sequence[Sequence[float]]) -> float:
    """Return by what factor all ranges must grow to hold `HELD` of what was found."""
    reached = 0.0
    for size, weight in shares(scores):
        reached += weight
        if reached >= HELD - 1e-9:
            return size / Z90
    return 0.0


def said(name: str, scores: Sequence[Sequence[float]]) -> str:
    """Return a line on some judgements."""
    if not scores:
        return f"{name}: none"
    chance = random.Random(1)  # noqa: S311 - no secret
    again = sorted(too_narrow(chance.choices(scores, k=len(scores))) for _ in range(2000))
    held = sum(weight for size, weight in shares(scores) if size <= Z90)
    return (
        f"{name}: {len(scores)} judgements, held {held:.0%}, too narrow {too_narrow(scores):.2f} "
        f"({again[200]:.2f}-{again[1800]:.2f})"
    )


def against_claims(checks: Sequence[ClaimCheck], factor: float) -> str:
    """Return a line on how claims are foretold with ranges of grade C and D so many times as wide."""
    known = [check.compiled.parameters for check in checks if check.compiled is not None]
    weak = {
        key for figures in known for key, figure in figures.items() if figure.grade in "CD" and not figure.is_length
    }

    def wider(distributions: Mapping[str, Distribution]) -> Factors:
        given = distributions.items()
        sigmas = {key: (one.sigma * factor, one.sigma_up * factor) for key, one in given if key in weak}
        changed = {key: replace(distributions[key], sigma=down, sigma_up=up) for key, (down, up) in sigmas.items()}
        return Factors({**distributions, **changed})

    claims = Claims(checks, make=wider)
    held = score = interval = 0.0
    for check, model in zip(claims.checks, claims.values(0, DRAWS), strict=True):
        error = Error.of(check)
        span = np.percentile(error.level(error.published(model, check.claim, claims.seed)), (10, 90))
        low, high = (float(error.level(end)) if end < math.inf else end for end in check.ends)
        outside = max(span[0] - high, low - span[1], 0.0)
        held += outside == 0
        score += float(logsumexp(error.log_likelihood(check.ends, model))) - math.log(DRAWS)
        interval += (span[1] - span[0] + 10 * outside) / len(claims.checks)
    return (
        f"{factor:.2f}: {held:.0f} of {len(claims.checks)} held, log score {score:.2f}, interval score {interval:.2f}"
    )


def main() -> None:
    """Print how often ranges held, by grade and by whether a figure had a range of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--first", help="the commit whose ranges are judged; the first with data when left out")
    commits = ["git", "log", "--reverse", "--format=%H", "--", "geodata/tariff.csv"]
    first = parser.parse_args().first or subprocess.run(commits, capture_output=True, text=True, check=True).stdout[:40]
    found = judgements(Version(first), Version("HEAD"), range(2009, 2027))
    for name, chosen in (
        ("grade C", lambda key: key[0] == "C"),
        ("grade D", lambda key: key[0] == "D"),
        ("C and D", lambda _: True),
        ("by grade alone (sailings a week)", lambda key: key[1] == "service"),
        ("with a range of its own", lambda key: key[1] != "service"),
    ):
        print(said(name, [scores for key, scores in sorted(found.items()) if chosen(key)]))
    checks = validate(load().base)
    print("claims with all ranges of grade C and D wider by", *(against_claims(checks, one) for one in WIDER), sep="\n")


if __name__ == "__main__":
    main()
