"""What a scenario file and a study file may say: the models behind their JSON Schemas. No network here."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

NEEDED = {
    "set": ("where", "field", "value"),
    "scale": ("where", "field", "by"),
    "shift": ("where", "field", "by"),
    "add": ("row",),
    "close": ("where",),
    "open": ("where",),
}
"""What each verb of a change needs beside itself."""
VERBS = tuple(NEEDED)
Table = Literal["link", "crossing", "terminal", "service", "tariff", "speed", "operation"]
Grade = Literal["A", "B", "C", "D"]
Number = Annotated[float, Field(allow_inf_nan=False)]


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


_TEXT = {"type": "string"}
_ONE_OR_MORE = WithJsonSchema({"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]})
Names = Annotated[list[str], BeforeValidator(_listed), _ONE_OR_MORE]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Call(_Strict):
    """A call of an added service."""

    node: str = Field(description="Port called at: id, UN/LOCODE or name")
    arrival_hours: Number | None = Field(None, ge=0, description="Hours from the first departure")
    departure_hours: Number | None = Field(None, ge=0, description="Hours from the first departure")


class Change(_Strict):
    """One change. Exactly one of set, scale, shift, add, close, open names the table it changes."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": [verb]} for verb in NEEDED],
            "dependentRequired": {verb: list(needed) for verb, needed in NEEDED.items()},
        }
    )

    set: Table | None = Field(None, description="Give a field a new value")
    scale: Table | None = Field(None, description="Multiply a field by `by`")
    shift: Table | None = Field(None, description="Add `by` to a field")
    add: Literal["link", "crossing", "terminal", "service"] | None = Field(None, description="Add the row `row`")
    close: Literal["link", "crossing", "terminal", "service"] | None = Field(None, description="Make unavailable")
    open: Literal["link", "crossing", "terminal", "service"] | None = Field(None, description="Make available")
    where: dict[str, Names] | None = Field(
        None, description="Column: value or list of values, all of which must hold; a value may end with *"
    )
    field: str | None = Field(None, description="Column, or for crossings and terminals `hours` or `cost`")
    component: str | None = Field(None, description="Component of an operation: queue, procedures, dwell …")
    value: Number | str | None = Field(None, description="New value, in the unit of the field")
    by: Number | None = Field(None, description="Factor (scale) or difference (shift)")
    was: Number | str | None = Field(None, description="Value before; the change fails when it does not hold")
    row: dict[str, Any] | None = Field(None, description="Columns of the added row")
    calls: list[Call] | None = Field(None, description="Calls of an added service, in order")
    currency: Literal["USD", "CNY", "JPY", "RUB", "KRW"] | None = Field(None, description="Currency of `value`")
    price_year: int | None = Field(None, ge=2005, le=2030, description="Price year of `value`")
    optional: bool = Field(False, description="true: on some days there may be nothing left to change")
    why: str = Field("", description="Why the change is thought possible")
    source: str = Field("", description="Source of the new value")
    grade: Grade = Field("D", description="Grade of the new value")

    @property
    def verb(self) -> str:
        """Which of the six verbs the change uses."""
        return next(name for name in VERBS if getattr(self, name) is not None)

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
        if verb == "scale" and self.by is not None and self.by < 0:
            raise ValueError("'by' of scale must be 0 or more")
        return self


class ScenarioFile(_Strict):
    """A scenario: a named, ordered list of changes on a network, or a baseline with a date."""

    scenario: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Name, lower case with hyphens")
    title: str = Field(description="One line for people")
    why: str = Field("", description="What it stands for")
    source: str = Field("", description="Where it comes from")
    as_of: date | None = Field(None, description="Day at which the network is seen")
    extends: Names = Field(default_factory=list, description="Scenarios whose changes come first: names or paths")
    requires: Names = Field(default_factory=list, description="Scenarios that must be applied with it")
    conflicts: Names = Field(default_factory=list, description="Scenarios that must not be applied with it")
    investment_usd: Number | None = Field(None, ge=0, description="Investment, USD")
    changes: list[Change] = Field(default_factory=list)


class StudyFile(_Strict):
    """A study: baselines, scenarios, origins, destinations and cargo to compare."""

    study: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$", description="Name, lower case with hyphens")
    title: str = Field(description="One line for people")
    why: str = ""
    baselines: Annotated[list[str], Field(min_length=1, description="Names or paths of baselines")]
    main_baseline: str | None = Field(None, description="The one shown first; the first when not given")
    scenarios: list[str] = Field(default_factory=list, description="Names or paths, each applied to every baseline")
    origins: list[str] | None = Field(None, description="Nodes; the origins of table market when not given")
    destinations: list[str] | None = Field(None, description="Nodes; the markets of table market when not given")
    focus: str | None = Field(None, description="Destination shown in the printed comparison")
    cargo: str = "dry_40"
    by: Literal["generalised", "money", "time", "co2"] = "generalised"
    price_year: int | None = Field(
        None, ge=2005, le=2030, description="Price year; that of the baseline's date when not given"
    )
    co2_price_usd_per_t: Number = Field(0.0, ge=0)
    value_of_time_usd_per_hour: Number | None = Field(
        None, ge=0, description="Value of an hour of a box; that of the cargo when not given"
    )


def json_schema(kind: Literal["scenario", "study"]) -> dict[str, Any]:
    """Return the JSON Schema of scenario or study files."""
    models: dict[str, type[BaseModel]] = {"scenario": ScenarioFile, "study": StudyFile}
    model = models[kind]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
