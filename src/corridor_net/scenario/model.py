"""What a scenario file and a study file may say: the models behind their JSON Schemas. No network here."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    Strict,
    WithJsonSchema,
    model_validator,
)

from corridor_net.errors import unsound
from corridor_net.network.files.fields import DAY

NEEDED = {
    "set": ("where", "field", "value"),
    "scale": ("where", "field", "by"),
    "shift": ("where", "field", "by"),
    "add": ("row",),
    "close": ("where",),
    "open": ("where",),
}
"""What each verb of a change needs beside itself."""
_MONEY = ("currency", "price_year")
ALLOWED = {
    "set": (*NEEDED["set"], "component", "was", "cargo_unit", *_MONEY),
    "scale": (*NEEDED["scale"], "component", "was", "cargo_unit"),
    "shift": (*NEEDED["shift"], "component", "was", "cargo_unit", *_MONEY),
    "add": ("row", "calls", "border_like"),
    "close": NEEDED["close"],
    "open": NEEDED["open"],
}
"""What each verb of a change may have, beside what it may always have."""
ALWAYS = ("optional", "valid_from", "why", "source", "grade")
VERBS = tuple(NEEDED)
MOST = 1e12
"""No number of a scenario is larger: the schema of the data has the bound of each column."""
Table = Literal["link", "crossing", "terminal", "service", "tariff", "speed", "operation", "season"]
Grade = Literal["A", "B", "C", "D"]


def _sound(text: str) -> str:
    wrong = unsound(text)
    if wrong:
        raise ValueError(wrong)
    return text


def _scalar(value: Any) -> Any:
    """Return one number, text or true/false; a date as its text."""
    if isinstance(value, str):
        return _sound(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (int, float)) and not -MOST <= value <= MOST:
        raise ValueError(f"must be a number from -{MOST:g} to {MOST:g}")
    if value is None or isinstance(value, (bool, int, float)):
        return value
    raise ValueError("must be one number or text")


def _number_or_text(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        raise ValueError(f"must be a number or text, not {str(value).lower()}")
    return _scalar(value)


def _day(value: Any) -> Any:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and DAY.fullmatch(value):
        with suppress(ValueError):
            return date.fromisoformat(value)
    raise ValueError("must be a date, YYYY-MM-DD, for example 2019-07-01")


def _listed(value: Any) -> Any:
    listed = value if isinstance(value, list) else [value]
    return [str(_scalar(item)) if _is_plain(item) else item for item in listed]


def _is_plain(value: Any) -> bool:
    return isinstance(value, (int, date)) and not isinstance(value, (bool, datetime))


Words = Annotated[str, AfterValidator(_sound)]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False, ge=-MOST, le=MOST)]
Whole = Annotated[int, Strict()]
Year = Annotated[Whole, Field(ge=2005, le=2030)]
Flag = Annotated[bool, Strict()]
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
NAME, CURRENCY = r"^[a-z0-9][a-z0-9-]*$", r"^[A-Z]{3}$"
Name = Annotated[str, Field(pattern=NAME, max_length=80)]
_PLAIN = {"type": ["number", "string", "boolean", "null"]}
Cell = Annotated[Any, PlainValidator(_scalar), WithJsonSchema(_PLAIN)]
Value = Annotated[
    Any,
    PlainValidator(_number_or_text),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": -MOST, "maximum": MOST}, {"type": "string"}]}),
]
_ITEM = {"type": ["string", "integer"]}
_TEXT = {"type": "string"}
Items = Annotated[
    list[Words],
    BeforeValidator(_listed),
    WithJsonSchema({"anyOf": [_ITEM, {"type": "array", "items": _ITEM, "minItems": 1}]}),
]
Names = Annotated[
    list[Words],
    BeforeValidator(lambda value: value if isinstance(value, list) else [value]),
    WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}),
]


class StrictModel(BaseModel):
    """A shape that takes no name it does not have."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Call(StrictModel):
    """A call of an added service."""

    node: Words = Field(description="Port called at: id, UN/LOCODE or name")
    arrival_hours: Number | None = Field(None, ge=0, description="Hours from the first departure")
    departure_hours: Number | None = Field(None, ge=0, description="Hours from the first departure")


class Change(StrictModel):
    """One change. Exactly one of set, scale, shift, add, close, open names the table it changes."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [verb]} for verb in NEEDED],
            "dependentRequired": {
                **{verb: list(needed) for verb, needed in NEEDED.items()},
                "currency": ["price_year"],
                "price_year": ["currency"],
            },
        }
    )

    set: Table | None = Field(None, description="Give a field a new value")
    scale: Table | None = Field(None, description="Multiply a field by `by`")
    shift: Table | None = Field(None, description="Add `by` to a field")
    add: Literal["link", "crossing", "terminal", "service"] | None = Field(None, description="Add the row `row`")
    close: Literal["link", "crossing", "terminal", "service", "season"] | None = Field(
        None, description="Make unavailable; a season no longer comes"
    )
    open: Literal["link", "crossing", "terminal", "service"] | None = Field(None, description="Make available")
    where: dict[Words, Items] | None = Field(
        None, description="Column: value or list of values, all of which must hold; a value may end with *"
    )
    field: Words | None = Field(None, description="Column, or for crossings and terminals `hours` or `cost`")
    component: Words | None = Field(None, description="Component of an operation: queue, procedures, dwell …")
    cargo_unit: Words | None = Field(
        None, description="The box whose figure is changed, where it differs: FEU (40-ft), TEU (20-ft), any"
    )
    value: Value | None = Field(None, description="New value, in the unit of the field")
    by: Number | None = Field(None, description="Factor (scale) or difference (shift)")
    was: Value | None = Field(
        None, description="Value before; the change fails when it does not hold. Money may be '400 CNY of 2018'"
    )
    row: dict[Words, Cell] | None = Field(None, description="Columns of the added row")
    calls: list[Call] | None = Field(None, description="Calls of an added service, in order")
    border_like: Words | None = Field(
        None, description="A crossing; the added link gets crossings like those of its border, both ways"
    )
    currency: Annotated[str, Field(pattern=CURRENCY)] | None = Field(
        None, description="Currency of `value` or `by`, together with price_year"
    )
    price_year: Year | None = Field(None, description="Price year of `value` or `by`, together with currency")
    optional: Flag = Field(False, description="true: on some days there may be nothing left to change")
    valid_from: Day | None = Field(None, description="Day from which the change holds; every day when not given")
    why: Words = Field("", description="Why the change is thought possible")
    source: Words = Field("", description="Source of the new value")
    grade: Grade = Field("D", description="Grade of the new value")

    @property
    def verb(self) -> str:
        """Which of the six verbs the change uses."""
        return next(name for name in VERBS if getattr(self, name) is not None)

    def holds_on(self, day: date) -> bool:
        """Whether the change holds on a day."""
        return self.valid_from is None or self.valid_from <= day

    @property
    def table(self) -> str:
        """The table that is changed."""
        return str(getattr(self, self.verb))

    @model_validator(mode="after")
    def _complete(self) -> Change:
        used = [name for name in VERBS if getattr(self, name) is not None]
        if len(used) != 1:
            raise ValueError(f"a change uses exactly one of {', '.join(VERBS)}; this one uses {used or 'none'}")
        verb = used[0]
        absent = [name for name in NEEDED[verb] if getattr(self, name) in (None, {}, "")]
        if absent:
            raise ValueError(f"'{verb}' needs {', '.join(absent)}")
        known = {verb, *ALLOWED[verb], *ALWAYS}
        foreign = [name for name in type(self).model_fields if name not in known and getattr(self, name) is not None]
        if foreign:
            raise ValueError(f"'{verb}' takes no {', '.join(foreign)}")
        if verb == "scale" and self.by is not None and self.by < 0:
            raise ValueError("'by' of scale must be 0 or more")
        if (self.currency is None) != (self.price_year is None):
            raise ValueError("currency and price_year stand together: money of one year is not that of another")
        return self


class ScenarioFile(StrictModel):
    """A scenario: a named, ordered list of changes on a network, or a baseline with a date."""

    scenario: Name = Field(description="Name, lower case with hyphens")
    title: Words = Field(description="One line for people")
    why: Words = Field("", description="What it stands for")
    source: Words = Field("", description="Where it comes from")
    as_of: Day | None = Field(None, description="Day at which the network is seen")
    extends: Names = Field(default_factory=list, description="Scenarios whose changes come first: names or paths")
    requires: Names = Field(default_factory=list, description="Scenarios that must be applied with it")
    conflicts: Names = Field(default_factory=list, description="Scenarios that must not be applied with it")
    investment_usd: Annotated[float, Strict(), Field(allow_inf_nan=False, ge=0, le=1e15)] | None = Field(
        None, description="Investment, USD"
    )
    changes: list[Change] = Field(default_factory=list)


class Axis(StrictModel):
    """One axis of a sweep: scenarios, values of a change, or values of an option; each point has one of each axis."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [name]} for name in ("scenarios", "change", "option")],
            "dependentRequired": {"change": ["over"], "option": ["over"]},
        }
    )

    name: Words = Field(description="What it is called")
    scenarios: Annotated[list[Words], Field(min_length=1)] | None = Field(
        None, description="Names or paths, each by itself; none for no scenario"
    )
    change: dict[Words, Any] | None = Field(None, description="A change without its value, or its by")
    option: Literal["cargo", "by", "co2_price_usd_per_t", "value_of_time_usd_per_hour"] | None = Field(
        None, description="An option of the study"
    )
    over: Annotated[list[Value], Field(min_length=1)] | None = Field(None, description="Values of the change or option")

    @model_validator(mode="after")
    def _one(self) -> Axis:
        used = [name for name in ("scenarios", "change", "option") if getattr(self, name) is not None]
        if len(used) != 1:
            raise ValueError(f"an axis has one of scenarios, change, option; this one has {used or 'none'}")
        if (self.over is None) != (used == ["scenarios"]):
            raise ValueError("change and option need 'over', the values; scenarios take none")
        return self


class StudyFile(StrictModel):
    """A study: baselines, scenarios, origins, destinations and cargo to compare."""

    study: Name = Field(description="Name, lower case with hyphens")
    title: Words = Field(description="One line for people")
    why: Words = ""
    baselines: Annotated[list[Words], Field(min_length=1, description="Names or paths of baselines")]
    main_baseline: Words | None = Field(None, description="The one shown first; the first when not given")
    scenarios: list[Words] = Field(default_factory=list, description="Names or paths, each applied to every baseline")
    origins: list[Words] | None = Field(None, description="Nodes; the origins of table market when not given")
    destinations: list[Words] | None = Field(None, description="Nodes; the markets of table market when not given")
    focus: Words | None = Field(None, description="Destination shown in the printed comparison")
    cargo: Words | None = Field(None, description="Cargo profile; the first of table cargo when not given")
    by: Literal["generalised", "money", "time", "co2"] = "generalised"
    price_year: Year | None = Field(None, description="Price year; that of the baseline's date when not given")
    co2_price_usd_per_t: Number = Field(0.0, ge=0)
    value_of_time_usd_per_hour: Number | None = Field(
        None, ge=0, description="Value of an hour of a box; that of the cargo when not given"
    )
    sweep: list[Axis] = Field(
        default_factory=list, description="Axes of a sweep: every point has one of each (corridor-net sweep)"
    )
    evidence: Literal["none", "published"] = Field(
        "none", description="published: ranges and chances as the published claims weigh the draws (calibrate)"
    )


def json_schema(kind: Literal["scenario", "study"]) -> dict[str, Any]:
    """Return the JSON Schema of scenario or study files."""
    models: dict[str, type[BaseModel]] = {"scenario": ScenarioFile, "study": StudyFile}
    model = models[kind]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
