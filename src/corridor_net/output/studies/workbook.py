"""A study as a workbook that a planner hands over: summary, routes, legs, present values with formulas, sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from corridor_net.analysis.compare import Comparison, Run
from corridor_net.analysis.trips import Trip
from corridor_net.analysis.years.appraise import Case
from corridor_net.output.paying_text import paying_meaning, paying_words
from corridor_net.output.sheets import MILLION, ONE, SHARE, TWO, USD, WHOLE, Book, Sheet, formula
from corridor_net.render.names import names_of
from corridor_net.render.words import Sentence, Words, say
from corridor_net.uncertainty.ensembles.pair_uncertainty import Pair, PairUncertainty
from corridor_net.uncertainty.studies.paying import Paying, cases

from .study_text import answer_words

LEG_HEADS = (
    "route",
    "scenario",
    "origin",
    "destination",
    "leg",
    "kind",
    "mode",
    "from",
    "to",
    "by",
    "km",
    "hours",
    "spread, h",
    "USD",
    "kg CO2e",
    "weakest grade",
    "sources",
)
ROUTE_HEADS = (
    "route",
    "scenario",
    "origin",
    "destination",
    "gateway",
    "services",
    "km",
    "hours",
    "spread, h",
    "USD",
    "kg CO2e",
    "generalised USD",
    "change, USD",
)
PAIR_HEADS = (
    "origin",
    "boxes a year",
    "in year",
    "user's cost without",
    "user's cost with",
    "fees without",
    "fees with",
    "kg CO2e without",
    "kg CO2e with",
    "generated, share",
    "worth of a box, USD",
    "t CO2e saved a box",
)
YEAR_HEADS = (
    "year",
    "boxes",
    "spent",
    "operation",
    "left at the end",
    "USD a t CO2e",
    "benefit",
    "net",
    "discount factor",
    "present value",
)


SUMMARY_HEADS = (
    "upgrade",
    "NPV, million USD",
    "10%",
    "90%",
    "EIRR",
    "pays from TEU",
    "trade, TEU",
    "counted TEU",
    "title",
)
SOURCE_HEADS = ("source", "title", "publisher", "year", "address", "legs that rest on it")
SHEETS = ("Summary", "Routes", "Legs", "Sources")
NOTES = ("to generalised cost", "the same until a blue cell is changed")
COST = "Generalised cost = USD + value x (hours + ratio x spread) + CO2e. Routes stay as they were found."
BY_YEAR = "By year, million USD"
WORTH = "Traffic and carriage, a box. Worth = (1 + generated / 2) x fall of cost + what fees change."


def study_workbook(
    comparison: Comparison,
    uncertainties: Mapping[Pair, PairUncertainty],
    paid: Sequence[Paying],
    words: Words | None = None,
    made: Sentence | None = None,
) -> dict[str, bytes]:
    """Return the workbook of a study's main baseline, to its focus, by file name.

    It is in the language of `words`, English without; money is USD. What is worked out from other cells is a formula:
    generalised cost of legs and prices, present values of traffic, growth, elasticity, discount rate and costs. Cells
    in blue may be changed. `made` says how it was made. The same study gives the same bytes.
    """
    main = comparison.main
    words = words or Words(names=names_of(comparison.network))
    book = Book(main.router.network.day, comparison.study.file.title, words)
    summary, routes, legs = (book.sheet(name) for name in SHEETS[:3])
    runs = [main, *comparison.scenario_runs(main.baseline)]
    prices = _summary_head(summary, comparison, uncertainties, words)
    rows = list(_leg_rows(comparison, runs, words))
    spans = _legs(legs, rows)
    routed = _route_rows(comparison, runs, spans, (legs.name, summary.name), prices, words, first=routes.row)
    _routes(routes, routed)
    told = {one.scenario: one for one in paid}
    lines = [
        _appraisal(book.sheet(f"NPV {run.scenario}"), run, case, told[str(run.scenario)], words)
        for run, case in cases(comparison)
        if str(run.scenario) in told
    ]
    _summary_end(summary, paid, lines, made)
    _sources(book.sheet(SHEETS[3]), comparison, rows)
    return {f"{comparison.study.name}.xlsx": book.content()}


def _summary_head(
    sheet: Sheet, comparison: Comparison, uncertainties: Mapping[Pair, PairUncertainty], words: Words
) -> dict[str, str]:
    """Write what the study is and what it finds; return the cells of the prices of generalised cost."""
    main = comparison.main
    cargo = main.router.impedance.cargo
    sheet.title(comparison.study.file.title)
    sheet.note(answer_words(comparison, uncertainties))
    sheet.row += 1
    sheet.entry("baseline", words.label(main.title), note=main.baseline)
    sheet.entry("as of", str(main.router.network.day))
    worth = say("{tonnes:n1} t, worth {usd:m0} USD", tonnes=cargo.payload_t, usd=cargo.value_usd)
    sheet.entry("cargo", words.label(cargo.name), note=worth)
    sheet.entry("destination", words.name(comparison.focus))
    sheet.entry("what routes minimise", words.label(main.router.by))
    sheet.entry("prices", words.text(say("USD of {year}", year=main.router.impedance.prices.year)))
    sheet.row += 1
    sheet.note(COST)
    objective = main.router.objective
    found = {
        "hour": sheet.entry("value of an hour, USD", objective.value_of_time, "0.0000", given=True),
        "ratio": sheet.entry("an hour of spread, in hours", objective.reliability_ratio, TWO, given=True),
        "carbon": sheet.entry("a tonne of CO2e, USD", objective.co2_price_usd_per_t, TWO, given=True),
    }
    sheet.row += 1
    return found


def _leg_rows(comparison: Comparison, runs: Sequence[Run], words: Words) -> Iterator[tuple[Any, ...]]:
    for run in runs:
        for trip in comparison.trips_of(run).values():
            route = run.route(trip.origin, trip.destination)
            for number, leg in enumerate(route.legs, 1):
                own = (
                    _key(run, trip),
                    words.label(run.scenario or "baseline"),
                    words.name(trip.origin),
                    words.name(trip.destination),
                )
                what = (
                    number,
                    words.label(leg.kind),
                    words.label(leg.mode),
                    words.name(leg.from_node),
                    words.name(leg.to_node),
                )
                amounts = (leg.distance_km, leg.hours, leg.spread_hours, leg.cost_usd, leg.co2_kg)
                if route.schedule:
                    amounts = (leg.distance_km, leg.hours, 0.0, leg.cost_usd, leg.co2_kg)
                by = "" if leg.kind == "terminal" else words.name(leg.asset_id)
                yield (*own, *what, by, *amounts, leg.grade, ", ".join(leg.source_ids))


def _key(run: Run, trip: Trip) -> str:
    return f"{run.scenario or 'baseline'}: {trip.origin}"


def _legs(sheet: Sheet, rows: Sequence[tuple[Any, ...]]) -> dict[str, tuple[int, int]]:
    """Write the legs and return the first and last row of each route."""
    first, last = sheet.table(LEG_HEADS, rows, {10: ONE, 11: TWO, 12: TWO, 13: USD, 14: ONE}, inputs=range(11, 15))
    spans: dict[str, tuple[int, int]] = {}
    for number, row in enumerate(rows, first):
        spans[row[0]] = (spans.get(row[0], (number, 0))[0], number)
    sheet.finish(freeze="A2", filtered=(first - 1, last, len(LEG_HEADS)))
    return spans


def _route_rows(
    comparison: Comparison,
    runs: Sequence[Run],
    spans: dict[str, tuple[int, int]],
    sheets: tuple[str, str],
    prices: dict[str, str],
    words: Words,
    *,
    first: int,
) -> list[tuple[Any, ...]]:
    """Return each route: totals are sums over its legs, generalised cost their worth at the prices of the summary."""
    legs, summary = sheets
    hour, ratio, carbon = (f"{summary}!{prices[name]}" for name in ("hour", "ratio", "carbon"))
    rows: list[tuple[Any, ...]] = []
    base: dict[str, int] = {}
    for run in runs:
        for trip in comparison.trips_of(run).values():
            place = first + 1 + len(rows)
            top, last = spans[_key(run, trip)]
            if run is runs[0]:
                base[trip.origin] = place
            before = base.get(trip.origin)
            totals = [formula(f"SUM({legs}!{column}{top}:{column}{last})") for column in "KLMNO"]
            worth = formula(f"J{place}+{hour}*(H{place}+{ratio}*I{place})+{carbon}*K{place}/1000")
            change = formula(f"L{place}-L{before}") if before and run is not runs[0] else None
            ends = (words.name(trip.origin), words.name(trip.destination), words.name(trip.gateway or "by land"))
            own = (_key(run, trip), words.label(run.scenario or "baseline"), *ends, words.listed(trip.services))
            rows.append((*own, *totals, worth, change))
    return rows


def _routes(sheet: Sheet, rows: Sequence[tuple[Any, ...]]) -> None:
    first, last = sheet.table(ROUTE_HEADS, rows, {6: WHOLE, 7: ONE, 8: ONE, 9: USD, 10: WHOLE, 11: USD, 12: USD})
    sheet.finish(freeze="B2", filtered=(first - 1, last, len(ROUTE_HEADS)))


def _appraisal(sheet: Sheet, run: Run, case: Case, paid: Paying, words: Words) -> tuple[Paying, dict[str, str]]:
    """Write one upgrade over years by formulas; return the cells of what it comes to."""
    project = case.project
    sheet.title(say("{title:label}: present value by year", title=run.title))
    entry = sheet.entry
    cells = {
        "investment": entry("investment, USD", project.investment_usd, WHOLE, given=True),
        "rate": entry("discount rate a year", project.rate, SHARE, given=True),
        "growth": entry("growth of traffic a year", case.growth, SHARE, given=True),
        "elasticity": entry("elasticity of traffic", case.elasticity, TWO, NOTES[0], given=True),
        "operation": entry("operation a year, of investment", project.operation_share, SHARE, given=True),
        "factor": entry("what a dollar paid costs the economy", project.shadow.factor, "0.0000", given=True),
        "life": entry("years that it serves", project.life_years, "0", given=True),
        "opening": entry("opens in", project.opening, "0"),
        "last": entry("last year looked at", project.last, "0"),
        "teu": entry("TEU a box", case.before.impedance.cargo.teu, "0"),
    }
    sheet.row += 1
    top = sheet.row
    sheet.row += 7  # the results, once the cells below are known
    sheet.note(WORTH)
    first, last = sheet.table(PAIR_HEADS, _pair_rows(case, sheet.row, cells, words), _PAIR_FORMS, inputs=range(1, 9))
    columns = {name: f"${name}${first}:${name}${last}" for name in "BCKL"}
    sheet.note(BY_YEAR)
    first, last = sheet.table(YEAR_HEADS, _year_rows(case, sheet.row, cells, columns), _YEAR_FORMS)
    opened = first + project.opening - project.base_year
    below, sheet.row = sheet.row, top
    gained = f"SUMPRODUCT(G{first}:G{last},I{first}:I{last})"
    spent = f"C{first}:C{last}+D{first}:D{last}-E{first}:E{last}"
    none, never = (words.label(text).replace('"', '""') for text in NO_NUMBER)
    rate = f'IFERROR(IRR(H{first}:H{last},{_guess(paid)}),"{none}")'
    found = {
        "npv": entry("net present value, USD", formula(f"SUM(J{first}:J{last})"), WHOLE),
        "rate": entry("internal rate of return", formula(rate), SHARE),
        "teu": entry("traffic when it opens, TEU", formula(f"B{opened}*{cells['teu']}"), WHOLE),
    }
    needed = f'IF({gained}>0,SUMPRODUCT({spent},I{first}:I{last})/{gained}*{found["teu"]},"{never}")'
    found["needed"] = entry("pays from, TEU", formula(needed), WHOLE)
    entry("net present value as exported, USD", round(paid.npv_usd, 2), WHOLE, NOTES[1])
    sheet.row = below
    sheet.finish(on_one_page=True)
    return paid, {name: f"{sheet.name}!{cell}" for name, cell in found.items()}


NO_NUMBER = ("none", "none would do")
"""What a cell says where there is no rate of return, and where no traffic would pay."""
_SUMMARY_FORMS = {**dict.fromkeys((1, 2, 3), MILLION), 4: SHARE, **dict.fromkeys((5, 6, 7), WHOLE)}
_PAIR_FORMS = {1: ONE, 2: "0", **dict.fromkeys(range(3, 9), USD), 9: "0.0000", 10: USD, 11: "0.0000"}
_YEAR_FORMS = {0: "0", 1: WHOLE, **dict.fromkeys((2, 3, 4, 6, 7, 9), MILLION), 5: TWO, 8: "0.0000"}


def _guess(paid: Paying) -> float:
    """Return where a spreadsheet begins to look for the rate of return."""
    return round(paid.rates_of_return[0], 3) if paid.rates_of_return else 0.05


def _pair_rows(case: Case, head: int, cells: dict[str, str], words: Words) -> list[tuple[Any, ...]]:
    before, after = case.carriage
    rows = []
    for number, stream in enumerate(case.kept):
        at = head + 1 + number
        year, boxes = next(iter(stream.boxes.items()))
        extra = formula(f"MAX({cells['elasticity']}*(D{at}-E{at})/D{at},-1)")
        worth = formula(f"(D{at}-E{at})*(1+J{at}/2)+(1+J{at})*G{at}-F{at}")
        saved = formula(f"(H{at}-(1+J{at})*I{at})/1000")
        costs = (before.user[number], after.user[number], before.fees[number], after.fees[number])
        emitted = (before.co2_kg[number], after.co2_kg[number])
        rows.append((words.name(stream.origin), boxes, year, *costs, *emitted, extra, worth, saved))
    return rows


def _year_rows(case: Case, head: int, cells: dict[str, str], columns: Mapping[str, str]) -> list[tuple[Any, ...]]:
    """Return the years: each pair's boxes grow from the year they are counted in, and are worth what a box is worth."""
    project, rows = case.project, []
    prices = case.prices(project, case.path)
    for number, year in enumerate(project.years):
        at = head + 1 + number
        is_open = f"AND(A{at}>={cells['opening']},A{at}<={cells['last']})"
        grown = f"{columns['B']}*(1+{cells['growth']})^(A{at}-{columns['C']})"
        worth = f"SUMPRODUCT({grown}*({columns['K']}+{columns['L']}*F{at}))"
        share = project.spending.get(year, 0.0) / project.investment_usd
        works = f"{cells['investment']}*{cells['factor']}"
        left = f"MAX(0,1-({cells['last']}-{cells['opening']}+1)/{cells['life']})*{works}"
        rows.append(
            (
                year,
                formula(f"IF({is_open},SUMPRODUCT({grown}),0)"),
                formula(f"{share!r}*{works}"),
                formula(f"IF({is_open},{cells['operation']}*{works},0)"),
                formula(f"IF(A{at}={cells['last']},{left},0)"),
                float(prices[number]),
                formula(f"IF({is_open},{worth},0)"),
                formula(f"G{at}-C{at}-D{at}+E{at}"),
                formula(f"(1+{cells['rate']})^-(A{at}-$A${head + 1})"),
                formula(f"H{at}*I{at}"),
            )
        )
    return rows


def _summary_end(
    sheet: Sheet, paid: Sequence[Paying], lines: Sequence[tuple[Paying, dict[str, str]]], made: Sentence | None
) -> None:
    if lines:
        sheet.note(paying_words(paid))
        sheet.note(paying_meaning(paid))
        rows = [
            (
                say("{scenario:label}", one),
                formula(cells["npv"]),
                round(one.draws.p10, 2),
                round(one.draws.p90, 2),
                formula(cells["rate"]),
                formula(cells["needed"]),
                formula(cells["teu"]),
                one.counted[0] if one.counted else None,
                say("{title:label}", title=one.title),
            )
            for one, cells in lines
        ]
        sheet.table(SUMMARY_HEADS, rows, _SUMMARY_FORMS)
    if made:
        sheet.note(made)
    sheet.finish(on_one_page=True)


def _sources(sheet: Sheet, comparison: Comparison, rows: Sequence[tuple[Any, ...]]) -> None:
    used: dict[str, int] = {}
    for row in rows:
        for cited in filter(None, str(row[-1]).split(", ")):
            used[cited] = used.get(cited, 0) + 1
    known = comparison.sources
    listed = []
    for name in sorted(used):
        source = known.get(name)
        told = ("", "", "", "")
        if source:
            told = (source.title, source.publisher, source.year, source.url)
        listed.append((name, *told, used[name]))
    first, last = sheet.table(SOURCE_HEADS, listed, {5: WHOLE})
    sheet.finish(freeze="A2", filtered=(first - 1, last, len(SOURCE_HEADS)))
