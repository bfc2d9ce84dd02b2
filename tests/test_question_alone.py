"""A question is one file: its method, its command, its JSON, its page, its charts and its help come of it."""

from __future__ import annotations

import json
import sys

import pytest

import corridor_net as cn
from corridor_net import questions
from corridor_net.render.html import page_html

NAME = "longest_leg"
FILE = '''"""The longest leg of the best way, in km."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

from corridor_net.questions import Ask
from corridor_net.render.page import Column, Page, Table, numbers, page
from corridor_net.render.words import say
from corridor_net.results import Result, measure

if TYPE_CHECKING:
    from corridor_net.model import Model

GROUP = "Routes"


@dataclass(frozen=True, kw_only=True)
class LongestLeg(Result):
    """The leg."""

    QUESTION: ClassVar[str] = "longest_leg"

    from_node: str
    to_node: str
    distance_km: float = measure("km", 1)


def answer(
    model: Model,
    origin: Annotated[str, Ask("Where the cargo starts.")],
    destination: Annotated[str, Ask("Where it goes.")],
    *,
    least: Annotated[float, Ask("Shorter legs do not count.", metavar="KM", minimum=0)] = 0.0,
) -> LongestLeg:
    """Tell the longest leg of the best way."""
    legs = [leg for leg in model.router.route(origin, destination).legs if leg.distance_km >= least]
    leg = max(legs, key=lambda leg: leg.distance_km)
    return LongestLeg(from_node=leg.from_node, to_node=leg.to_node, distance_km=leg.distance_km)


def view(found: LongestLeg) -> Page:
    """Show it."""
    first = say("From {a:name} to {b:name}: {km:n0} km.", a=found.from_node, b=found.to_node, km=found.distance_km)
    columns = (Column(heading="from", kind="name"), Column(heading="to", kind="name"), *numbers("km"))
    return page(first, Table(columns=columns, rows=((found.from_node, found.to_node, found.distance_km),)))


def files(found: LongestLeg) -> dict[str, str]:
    """Write it down."""
    return {"longest-leg.txt": f"{found.distance_km:.1f} km"}
'''


@pytest.fixture(autouse=True)
def one_file_more(tmp_path, monkeypatch):
    """A folder with one question, beside those of the package."""
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / f"{NAME}.py").write_text(FILE, encoding="utf-8")
    monkeypatch.setattr(questions, "__path__", [*questions.__path__, str(tmp_path / "more")])
    yield
    sys.modules.pop(f"corridor_net.questions.{NAME}", None)
    vars(questions).pop(NAME, None)


def test_it_is_a_method_of_the_model():
    model = cn.load(as_of="2019-07-01")
    assert NAME in dir(model)
    assert model.longest_leg.__doc__ == "Tell the longest leg of the best way."
    found = model.longest_leg("harbin", "niigata")
    assert found.distance_km == max(leg.distance_km for leg in model.route("harbin", "niigata").legs)
    assert found.to_dict()["distance_km"] == round(found.distance_km, 1)


def test_it_is_a_command(cli, tmp_path):
    ends = ("harbin", "niigata", "--as-of", "2019-07-01")
    told = cli("longest-leg", *ends)
    assert told.code == 0
    assert told.out.startswith("From ")
    assert "Dalian" in told.out  # names, not ids
    found = json.loads(cli("longest-leg", *ends, "--json").out)
    assert found["distance_km"] > 900
    assert cli("longest-leg", *ends, "--out", tmp_path / "charts").code == 0
    assert (tmp_path / "charts" / "longest-leg.txt").read_text(encoding="utf-8").endswith(" km")


def test_its_help_is_its_reference(cli):
    assert "longest-leg" in cli("--help").out
    assert "The longest leg of the best way, in km." in cli("--help").out
    told = cli("longest-leg", "--help").out
    for words in ("Tell the longest leg of the best way.", "Where the cargo starts.", "--least KM", "--cargo NAME"):
        assert words in told


def test_mistakes_are_told_as_for_any(cli):
    assert "[x>=0]" in cli("longest-leg", "--help").out
    done = cli("longest-leg", "harbin", "nigata")
    assert done.code == 2
    assert "niigata" in done.err.lower()
    assert "longest-leg" in cli("longest-lag", "harbin", "niigata").err


def test_its_answer_is_a_page_and_a_table():
    found = cn.load(as_of="2019-07-01").longest_leg("harbin", "niigata")
    assert "<table" in page_html(questions.page_of(found))
    assert list(found.frame["distance_km"]) == [found.distance_km]
