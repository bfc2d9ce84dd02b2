"""What every question may be asked with, wherever it is asked: scenarios, the day, what is shipped and minimised."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from corridor_net.questions import Ask, Question, QuestionParameter

Traffic = Annotated[
    str,
    Ask(
        "'market' (trade of table market), or a CSV: origin, destination, teu, and year, growth.",
        metavar="FILE",
        names="file",
    ),
]
"""The traffic over years that several questions ask for."""
StudyFile = Annotated[
    str, Ask("Scenario or study files, or shipped names; the study of the data when none.", names="scenario")
]
"""What a whole study is named by."""
StudyScenarios = Annotated[
    tuple[str, ...],
    Ask(
        "In place of the study's scenarios: file or shipped name; repeatable.",
        metavar="FILE",
        option="--scenario",
        letter="-s",
        names="scenario",
    ),
]
"""Scenarios in place of those of a study."""


Origin = Annotated[str, Ask("Where the cargo starts.")]
Destination = Annotated[str, Ask("Where it goes.")]
Via = Annotated[tuple[str, ...], Ask("Node the route must pass, in any order; repeatable.", metavar="NODE")]
CustomsFlow = Annotated[Literal["export", "import"] | None, Ask("Which way a file of the Chinese customs goes.")]
"""Of a file that has one direction of trade alone."""
Origins = Annotated[
    tuple[str, ...], Ask("Origin; repeatable. All of the study, or data.", metavar="NODE", option="--from")
]
StudyOrigins = Annotated[
    tuple[str, ...], Ask("Origin, in place of the study's; repeatable.", metavar="NODE", option="--from")
]
Destinations = Annotated[
    tuple[str, ...], Ask("Destination; repeatable. The study's focus.", metavar="NODE", option="--to")
]
GoodsNames = Annotated[
    tuple[str, ...], Ask("Cargo profile; repeatable. All of the data.", metavar="NAME", option="--good")
]
Growth = Annotated[float, Ask("Growth of traffic a year, where the table says none.", metavar="SHARE")]
Seed = Annotated[int, Ask("Seed of the draws.", metavar="N", minimum=0)]


SCENARIO = Ask("Scenario file or shipped name; repeatable.", metavar="FILE", letter="-s", names="scenario")
DAY = Ask("Day, YYYY-MM-DD; that of the data when left out.", metavar="DATE")


def shared(name: str, kind: Any, ask: Ask, default: Any = None, *, many: bool = False) -> QuestionParameter:
    """Return an option that is not of one question."""
    return QuestionParameter(
        name=name, kind=kind, many=many, positional=False, required=False, default=default, ask=ask
    )


SHARED = (
    shared("scenario", str, SCENARIO, (), many=True),
    shared("as_of", str, DAY),
    shared("cargo", str, Ask("Cargo profile.", metavar="NAME")),
    shared(
        "by",
        Literal["generalised", "money", "time", "co2"],
        Ask("What is minimised; generalised, or what the study says."),
    ),
    shared("schedule", bool, Ask("Hours by the timetable alone, as carriers advertise them."), default=False),
    shared("value_of_time", float, Ask("USD an hour and box.", metavar="USD", minimum=0)),
    shared("co2_price", float, Ask("USD a tonne of CO2e.", metavar="USD", minimum=0)),
)
"""In the order they are told."""


def shared_of(question: Question, among: Sequence[QuestionParameter] = SHARED) -> tuple[QuestionParameter, ...]:
    """Return those that mean something to a question, and that it does not ask for itself."""
    own = (*question.parameters, *question.saving_parameters)
    written = {one.option for one in own if not one.positional}
    return tuple(one for one in among if one.name not in question.without and one.option not in written)
