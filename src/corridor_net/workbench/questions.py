"""What the page may ask: the shapes of requests, and their bounds. They are also the schemas of the OpenAPI page."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from corridor_net.languages import CurrencyCode
from corridor_net.render.words import Language
from corridor_net.scenario.model import Day, Number, ScenarioFile, StrictModel, Words

MOST_SCENARIOS = 4
MOST_CHANGES = 100
MOST_TEXT = 1_000_000
Name = Annotated[Words, Field(min_length=1, max_length=80)]


class RouteRequest(StrictModel):
    """An origin, a destination, and up to four scenarios on the network of a day."""

    origin: Name = Field(description="Node id, UN/LOCODE or name")
    destination: Name = Field(description="As the origin")
    as_of: Day | None = Field(None, description="Day at which the network is seen; that of the data when not given")
    cargo: Name | None = Field(None, description="Cargo profile; the first of the data when not given")
    by: Literal["generalised", "money", "time", "co2"] = Field("generalised", description="What is minimised")
    language: Language = Field("en", description="Language of sentences, names and labels")
    currency: CurrencyCode = Field("USD", description="Money of the sentence; amounts are USD, with the rate beside")
    value_of_time_usd_per_hour: Annotated[Number, Field(ge=0, le=10_000)] | None = Field(
        None, description="Value of an hour of a box; that of the cargo when not given"
    )
    scenarios: Annotated[list[ScenarioFile], Field(max_length=MOST_SCENARIOS)] = Field(
        default_factory=list, description="Scenarios as `run` reads them; `extends` may name shipped ones"
    )


class Layer(RouteRequest):
    """What the map is coloured by, for the baseline or one of the scenarios."""

    layer: Literal["hours", "cost", "origins", "loads"] = Field(description="Values by place and line of the map")
    scenario: Annotated[int, Field(ge=0, lt=MOST_SCENARIOS)] | None = Field(
        None, description="Number of the scenario, from 0; the baseline when not given"
    )


class Draft(StrictModel):
    """A scenario to be written as YAML."""

    scenario: ScenarioFile


class Text(StrictModel):
    """A scenario file as text."""

    text: Annotated[Words, Field(max_length=MOST_TEXT)] = Field(description="YAML")
