"""What the workbench answers: each question of the page by the functions that the commands use. No HTTP here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cached_property, partial
from itertools import pairwise
from typing import Any

from corridor_net import __version__
from corridor_net.analysis.breakeven import breakeven
from corridor_net.analysis.joined import joined
from corridor_net.analysis.router import Router
from corridor_net.analysis.trade.potential import all_trips, gain, potential
from corridor_net.analysis.trips import Trip
from corridor_net.analysis.varied import VALUE_OF_TIME
from corridor_net.costing import Arc, impedance
from corridor_net.errors import BadValue, NoRoute, Place, UnknownName
from corridor_net.languages import currency_of, words_for
from corridor_net.network import Network, parse_day
from corridor_net.network.lines import ends_of, link_lines
from corridor_net.output.maps.map_data import Drawing, network_data
from corridor_net.output.maps.projection import projection_of
from corridor_net.output.pair_text import pair_sentence
from corridor_net.programs.cache import Cache
from corridor_net.programs.desk import Desk
from corridor_net.render.currency import Currency
from corridor_net.render.words import Words
from corridor_net.scenario import load_scenario, scenario_path, shipped_scenarios
from corridor_net.scenario.load import is_study
from corridor_net.scenario.model import ScenarioFile
from corridor_net.scenario.yaml_file import YamlFile
from corridor_net.uncertainty.ensembles.searched import route_uncertainty

from .changeable import changeable
from .drafts import scenario_of, yaml_of
from .faults import answered, why_not
from .forms import choices
from .layers import layer_of, line_of
from .naming import heard, leg_words, limit_json, names_given
from .questions import Draft, Layer, RouteRequest, Text
from .scores import CachedFactors, Scores
from .taken import routes_geojson, study_report

CACHED_ROUTERS, CACHED_ANSWERS = 32, 256
"""Compiled networks and answers kept; the oldest go first."""
LIMITS_SHOWN = 12
MONEY = ("cost_usd", "generalised_cost_usd")


@dataclass(frozen=True, slots=True)
class _Case:
    """One column of the comparison: the baseline (`file` None) or a scenario on it."""

    question: RouteRequest
    file: ScenarioFile | None
    number: int

    @property
    def key(self) -> str:
        """What the compiled network depends on, as a hash."""
        q = self.question
        told = [str(q.as_of), str(q.cargo), q.by, repr(q.value_of_time_usd_per_hour)]
        told.append(self.file.model_dump_json() if self.file else "")
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _cases(question: RouteRequest) -> list[_Case]:
    """Return the baseline and each scenario."""
    return [
        _Case(question, None, -1),
        *(_Case(question, file, number) for number, file in enumerate(question.scenarios)),
    ]


class Workbench:
    """The shipped network, or that of a data package, ready for questions, one after the other."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._days: Cache[Any] = Cache(16)
        self._routers: Cache[Any] = Cache(CACHED_ROUTERS)
        self._answers: Cache[Any] = Cache(CACHED_ANSWERS)
        self._desk = Desk(network, files=False)
        self._scores: Scores = {}

    # the page

    def day(self, as_of: date) -> Network:
        """Return the network of a day; raise BadValue for one outside the data."""
        try:
            return self._days.get(as_of, lambda: self.network.as_of(parse_day(as_of)))
        except BadValue as error:
            raise error.moved(Place("as_of")) from None

    def whole(self, question: RouteRequest) -> RouteRequest:
        """Return a question with the day and the cargo of the data where it names none."""
        day, cargo = question.as_of or self.network.day, question.cargo or self.network.default_cargo
        return question.model_copy(update={"as_of": day, "cargo": cargo})

    def words(self, language: str) -> Words:
        """Return the words of a language, with the names of the network."""
        return self._days.get(("words", language), lambda: words_for(self.network, language=language))

    def _heard(self, language: str) -> Words:
        return self._days.get(("heard", language), lambda: heard(self.network, self.words(language)))

    def map(self, as_of: date | None = None, cargo: str | None = None, language: str = "en") -> dict[str, Any]:
        """Return all that the page draws and offers to change, on a day, for a box of the cargo."""
        network, words = self.day(as_of or self.network.day), self.words(language)
        cargo = cargo or network.default_cargo
        return {
            "version": __version__,
            "as_of": str(network.day),
            "cargo": cargo,
            "language": language,
            "pair": _pair(network),
            "map": network_data(network, words),
            "origins": [m.node_id for m in network.markets("origin")],
            "markets": [m.node_id for m in network.markets("market")],
            "cargos": [{"id": row.cargo_id, "name": words.label(row.name)} for row in network.rows("cargo")],
            "shipped": [{**one, "title": words.label(one["title"])} for one in self._shipped],
            "choices": choices(network, words),
            **changeable(network, network.cargo(cargo).cargo_unit, words),
        }

    @cached_property
    def _shipped(self) -> list[dict[str, str]]:
        names = [n for n in shipped_scenarios() if not n.startswith("baseline-") and not is_study(scenario_path(n))]
        return [{"name": name, "title": load_scenario(name).title} for name in names]

    # answers

    def answer(self, question: RouteRequest) -> dict[str, Any]:
        """Return the baseline and each scenario: route, totals with their ranges, access, what differs.

        A scenario with a mistake has `errors` in place of an answer, and the others are answered all the same.
        """
        question = self.whole(question)
        words = self._heard(question.language)
        first, *cases = _cases(question)
        base = self._answer(first, None)
        return {
            "as_of": str(question.as_of),
            "cargo": question.cargo,
            "by": question.by,
            "value_of_time_usd_per_hour": base["value_of_time_usd_per_hour"],
            "money": self._money(question).to_dict(),
            "baseline": base,
            "scenarios": [answered(partial(self._answer, case, base), case.number, words) for case in cases],
        }

    def _money(self, question: RouteRequest) -> Currency:
        """Return the money of the reader, at the rate of the year that is asked about."""
        network = self.day(question.as_of or self.network.day)
        try:
            return currency_of(question.currency, network, network.day.year)
        except UnknownName as error:
            raise error.moved(Place("currency")) from None

    def thresholds(self, question: RouteRequest) -> dict[str, Any]:
        """Return, for the baseline and each scenario, who wins by the value of time, and the nearest limits."""
        cases = _cases(self.whole(question))
        words = self._heard(question.language)
        base, *others = [answered(partial(self._thresholds, case), case.number, words) for case in cases]
        return {"baseline": base, "scenarios": others}

    def _thresholds(self, case: _Case) -> dict[str, Any]:
        ends = (case.question.origin, case.question.destination)

        def made() -> dict[str, Any]:
            pair = breakeven(self._router(case)[0], *ends)
            limits, words = pair.limits(), self._words_of(case)
            rows = [limit_json(limit, words) for limit in limits.limits[:LIMITS_SHOWN]]
            found = {"tested": limits.tested, "flipping": len(limits.limits), "limits": rows, "bands": None}
            return found | ({"bands": _bands(pair.bands(VALUE_OF_TIME))} if case.question.by == "generalised" else {})

        return self._answers.get(("thresholds", case.key, case.question.language, *ends), made)

    def _words_of(self, case: _Case) -> Words:
        """Return the words of a case's reader; what the scenario itself adds is called as it says."""
        language, file = case.question.language, case.file
        if file is None or not (file.changes or file.extends):
            return self.words(language)

        def made() -> Words:
            words = words_for(self._router(case)[0].network, language=language)
            return replace(words, names={**words.names, **names_given(file.changes)})

        return self._answers.get(("words", case.key, language), made)

    def _router(self, case: _Case) -> tuple[Router, tuple[Any, ...]]:
        """Return the compiled network of a case, and what its changes touched."""

        def made() -> tuple[Router, tuple[Any, ...]]:
            q = case.question
            network = self.day(q.as_of or self.network.day)
            touched: tuple[Any, ...] = ()
            if case.file is not None:
                scenario = scenario_of(case.file, f"scenarios.{case.number}")
                network, applied = scenario.trace(network)
                touched = tuple(row for one in applied for row in one.touched)
            time = q.value_of_time_usd_per_hour
            compiled = impedance(network, q.cargo, value_of_time_usd_per_hour=time)
            return Router(compiled, by=q.by, scenario=case.file.scenario if case.file else "baseline"), touched

        return self._routers.get(case.key, made)

    def _answer(self, case: _Case, base: dict[str, Any] | None) -> dict[str, Any]:
        ends = (case.question.origin, case.question.destination)
        said = (case.question.language, case.question.currency)
        found = self._answers.get(("answer", case.key, *said, *ends), lambda: self._fresh(case))
        if base is None or base["route"] is None or found["route"] is None:
            return found
        keys = ("cost_usd", "hours", "co2_kg", "generalised_cost_usd", "distance_km")
        change = {key: round(found["route"][key] - base["route"][key], 6) for key in keys}
        return found | {"change": change, "gateway_switched": found["route"]["gateway"] != base["route"]["gateway"]}

    def _fresh(self, case: _Case) -> dict[str, Any]:
        router, touched = self._router(case)
        network = router.network
        start, goal = (network.node(name).node_id for name in (case.question.origin, case.question.destination))
        words, shapes = self._words_of(case), self._shapes()
        projection = self._days.get("projection", lambda: projection_of(self.network))
        drawing = Drawing(network=network, projection=projection)
        self._draw_new(drawing)
        unit = network.cargo(case.question.cargo or network.default_cargo).cargo_unit
        found: dict[str, Any] = {
            "scenario": router.scenario,
            "value_of_time_usd_per_hour": round(router.impedance.cargo.value_of_time, 4),
            "price_year": router.impedance.prices.year,
            "sentence": None,
            "route": None,
            "no_route": None,
            "uncertainty": None,
            "access": self._access(case, router, start),
            "touched": [asdict(one) for one in touched],
            "added": changeable(network, unit, words, beside=self.network),
        }
        try:
            route = router.route(start, goal)
        except NoRoute as error:
            return found | {
                "no_route": why_not(error, self._heard(case.question.language)),
                "path": [],
                "lines": _lines(drawing),
            }
        make = partial(CachedFactors, cached=self._scores)
        uncertainty = route_uncertainty(router, {(start, goal): route.arcs}, make=make)[start, goal]
        path = [_line_of(drawing, shapes, router, leg) for leg in route.legs]
        as_told = joined(route, network).route
        told = as_told.as_json()
        legs = [
            {**shown, "words": leg_words(leg, network.vocabulary, words.printed)}
            for leg, shown in zip(as_told.legs, told["legs"], strict=True)
        ]
        words = replace(words, currency=self._money(case.question))
        shown = {
            "sentence": words.printed.text(pair_sentence(route, uncertainty)),
            "route": {**told, **_exact(route), "legs": legs},
        }
        ranges = uncertainty.to_dict()
        ranges |= {name: ranges[name] | _exact(getattr(uncertainty.route, name)) for name in MONEY}
        return found | shown | {"uncertainty": ranges, "path": path, "lines": _lines(drawing)}

    def _draw_new(self, drawing: Drawing) -> None:
        """Draw the links and the lanes of services that only a scenario has."""
        network, shapes = drawing.network, self._shapes()
        for link in network.active("link"):
            if link.link_id not in shapes:
                drawing.link(link, ends_of(network, link))
        known = {row.service_id for row in self.network.rows("service")}
        for service in network.active("service"):
            if service.service_id not in known:
                for here, there in pairwise(network.calls.get(service.service_id, ())):
                    drawing.lane(here.node_id, there.node_id, network.mode_of(service))

    def _shapes(self) -> dict[str, Any]:
        """Return the drawn lines of the shipped links; links of a scenario have none."""
        return self._days.get("shapes", lambda: link_lines(self.network))

    def _access(self, case: _Case, router: Router, origin: str) -> dict[str, Any] | None:
        """Return how near all markets are to the origin, and what the scenario changes there."""
        if origin not in {m.node_id for m in router.network.markets("origin")}:
            return None
        trips = self._trips(case, router, origin)
        try:
            near = potential(router, trips, origin)
        except BadValue:
            return None
        if near.mean_generalised_usd is None or near.mean_hours is None:
            return None
        told = {
            "market_access": round(near.market_access, 4),
            "mean_generalised_cost_usd": round(near.mean_generalised_usd, 2),
            "mean_hours": round(near.mean_hours, 2),
            "markets": near.markets,
        }
        if case.file is None:
            return told
        before = _Case(case.question, None, -1)
        base = self._router(before)[0]
        try:
            worth = gain(base, router, self._trips(before, base, origin), trips, origin)
        except BadValue:
            return told
        if worth.gain_usd is None or worth.market_access_change is None:
            return told
        return told | {
            "gain_usd": round(worth.gain_usd, 2),
            "market_access_change": round(worth.market_access_change, 6),
        }

    def _trips(self, case: _Case, router: Router, origin: str) -> dict[tuple[str, str], Trip]:
        return self._answers.get(("trips", case.key, origin), lambda: all_trips(router, [origin]))

    def question(self, name: str, given: Mapping[str, list[str]]) -> dict[str, Any]:
        """Return the answer to a question of the package, asked by texts as an address has them."""
        return self._desk.ask_texts(name, given)

    # scenarios as files

    def parse(self, asked: Text) -> dict[str, Any]:
        """Return a scenario file's contents as the page keeps them; raises with line and column what is wrong."""
        read = YamlFile.parse(asked.text, "the file")
        file = read.validate(ScenarioFile)
        scenario_of(file, "", read.place)
        if file.as_of:
            try:
                self.network.as_of(file.as_of)
            except BadValue as error:
                raise BadValue(error.message, place=read.place("as_of"), hint=error.hint) from None
        return file.model_dump(mode="json", exclude_defaults=True, exclude_none=True)

    def yaml(self, asked: Draft) -> str:
        """Return a scenario as the YAML that `run` reads."""
        return yaml_of(asked.scenario)

    def layer(self, asked: Layer) -> dict[str, Any]:
        """Return what the map is coloured by: values by place and line, for the baseline or a scenario."""
        question = self.whole(asked)
        cases = _cases(question)
        if asked.scenario is not None and asked.scenario >= len(question.scenarios):
            raise BadValue(f"there is no scenario {asked.scenario}", hint=f"{len(question.scenarios)} are given")
        case = cases[0 if asked.scenario is None else asked.scenario + 1]
        return layer_of(asked.layer, self._router(case)[0], asked.origin, asked.destination, self._words_of(case))

    # to be taken along

    def geojson(self, question: RouteRequest) -> dict[str, Any]:
        """Return the routes of the baseline and of every scenario as GeoJSON."""
        return routes_geojson([self._router(case)[0] for case in _cases(self.whole(question))], question)

    def report(self, question: RouteRequest) -> str:
        """Return the report of the question's scenarios for all origins, as `run` writes it."""
        return study_report(self.network, self.whole(question), self.words(question.language))


def _exact(amounts: Any) -> dict[str, float]:
    """Return USD as exactly as the page needs them to show them in a money of which a cent is many."""
    return {key: round(getattr(amounts, key), 6) for key in (*MONEY, "p10", "p90") if hasattr(amounts, key)}


def _pair(network: Network) -> tuple[str, str] | None:
    """Return the places that are meant where none are named; None where none are."""
    try:
        return network.default_pair
    except (BadValue, UnknownName):
        return None


def _lines(drawing: Drawing) -> list[dict[str, Any]]:
    """Return what was drawn, with places by id."""
    data = drawing.data()
    ids = [node["id"] for node in data["nodes"]]
    return [{**line, "from": ids[line["from"]], "to": ids[line["to"]]} for line in data["lines"]]


def _line_of(drawing: Drawing, shapes: Mapping[str, Any], router: Router, leg: Arc) -> str | None:
    """Return the id of the line on the map that a leg follows, drawing it when it is met first."""
    network = router.network
    if leg.kind == "haul":
        link = next(row for row in network.rows("link") if row.link_id == leg.asset_id)
        drawing.link(link, shapes.get(link.link_id) or ends_of(network, link))
    elif leg.kind in ("sail", "charter"):
        drawing.lane(leg.from_node, leg.to_node, leg.mode)
    return line_of(network, leg)


def _bands(bands: Any) -> Mapping[str, Any]:
    return {
        "unit": bands.unit,
        "now": round(bands.now, 4),
        "intervals": [{"from": low, "to": high, "gateway": gate} for low, high, gate in bands.by_gateway],
    }
