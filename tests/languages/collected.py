"""What is to be translated: every template and label that the pages show, found in the source."""

import ast
import re
from calendar import month_name
from collections.abc import Iterator
from dataclasses import astuple
from functools import cache
from pathlib import Path
from typing import Any

import corridor_net
from corridor_net import questions
from corridor_net.network import Network
from corridor_net.output.charts.fonts import CALLED, HINT
from corridor_net.output.maps.basemap import attribution
from corridor_net.output.page_words import templates_of
from corridor_net.questions.evidence.validate import KINDS
from corridor_net.scenario import load_scenario, scenario_path, shipped_scenarios
from corridor_net.scenario.load import is_study, load_study

ROOT = Path(corridor_net.__file__).parent
FOLDERS = ("questions", "output", "analysis", "render", "cli", "workbench")
NAMED = {"heading", "title", "what", "unit", "x"}
SHOWING = {"Column", "Table", "table_of", "Bars", "Stacks", "Stretches", "Whiskers", "Curves", "Grid"}
"""Calls whose arguments of these names are shown."""
CALLS = {"say", "numbers", "millions", "Heading"}
WHOLE = {"page", "label"}
FIRST = {"say", "Heading", "entry"}
"""Calls whose string arguments are shown as they are."""
WORDS = {
    "LEAST",
    "SECTIONS",
    "LEG_HEADS",
    "ROUTE_HEADS",
    "PAIR_HEADS",
    "YEAR_HEADS",
    "SUMMARY_HEADS",
    "SOURCE_HEADS",
    "SHEETS",
    "COST",
    "WORTH",
    "NO_NUMBER",
    "DRAWN",
    "GRADES_ARE",
    "REPEATED",
    "MEANING",
    "WAYS",
    "KINDS",
    "IN_RANGE",
    "COUNTED",
    "TOLD",
    "WHAT",
    "LAND",
    "TEMPLATES",
    "OTHERS",
    "KEEPERS",
    "NOTES",
    "LABELS",
    "UNITS",
    "COSTS",
}
"""Constants that hold labels."""
NOT_SHOWN = {"{bar}", "{line}", "{said}.", "{first}; {then}", "", " "}


@cache
def tree_of(path: Path) -> ast.AST:
    """Return a file of the source, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def strings(node: ast.AST) -> Iterator[str]:
    """Give the strings of an expression that may be its value: of both branches, of lists, not of calls within."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)
    elif isinstance(node, ast.Tuple | ast.List):
        for one in node.elts:
            yield from strings(one)
    elif isinstance(node, ast.BoolOp):
        for one in node.values:
            yield from strings(one)
    elif isinstance(node, ast.Starred):
        yield from strings(node.value)


def told(tree: ast.AST) -> Iterator[str]:
    """Give the strings that a file shows."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            shown = node.args[:1] if name in FIRST else node.args if name in CALLS | WHOLE else []
            for one in shown:
                yield from strings(one)
            for one in node.keywords:
                if one.arg in NAMED and name in SHOWING:
                    yield from strings(one.value)
        elif isinstance(node, ast.Assign) and any(getattr(t, "id", "") in WORDS for t in node.targets):
            values = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
            for one in values:
                yield from strings(one)


def of_source() -> set[str]:
    """Return every template and label that stands in the source."""
    found: set[str] = set()
    for folder in FOLDERS:
        for path in sorted(ROOT.rglob(f"{folder}/**/*.py")):
            found |= set(told(tree_of(path)))
    return {text for text in found if text not in NOT_SHOWN and any(c.isalpha() for c in text)}


def of_pages() -> set[str]:
    """Return what the pages of `web/` say by themselves."""
    files = [path.name for path in (ROOT / "web").iterdir() if path.suffix in (".js", ".html")]
    return {text for name in files for text in templates_of(name)}


def of_data() -> set[str]:
    """Return the words of the shipped data and scenarios that pages show as labels."""
    network = Network.from_folder()
    words = {row.name for row in network.rows("cargo")}
    words |= {goods for name in words if (goods := name.partition(", ")[2])}  # as `potential` names them
    words |= {node.province for node in network.rows("node") if node.province}
    words |= {row.name for row in network.rows("country")} | {row.short_name for row in network.rows("country")}
    words |= {row.name for row in network.rows("figure_name")}
    for table in ("link", "crossing", "terminal", "service"):
        reasons = {row.end_reason for row in network.rows(table) if row.end_reason}
        words |= reasons | {part for one in reasons for part in one.split("; ")}  # as hints of errors tell them
    known = network.vocabulary
    vehicles = {text for row in known.modes.values() for text in (row.vehicle_label, row.way)}
    words |= {row.group for row in known.components.values()} | {attribution(network)}
    words |= {row.label for row in (*known.states.values(), *known.node_types.values())}
    for name in shipped_scenarios():
        path = scenario_path(name)
        words.add(name)
        words.add(load_study(name).file.title if is_study(path) else load_scenario(name).title)
        steps = [] if is_study(path) else load_scenario(name).steps
        words |= {basis for change, *_ in steps if (basis := (change.row or {}).get("basis"))}
    places = {row.label for rows in (known.node_types, known.states) for row in rows.values()}
    return words | set(known.labels.values()) | vehicles | places


def of_workbook() -> set[str]:
    """Return what a workbook to write a scenario in tells."""
    from corridor_net.output.scenario_book import WRITTEN
    from corridor_net.scenario.example import Example
    from corridor_net.scenario.model import Change, ScenarioFile
    from corridor_net.scenario.sheet_file import CALLED

    fields = [Change.model_fields.get(name) or ScenarioFile.model_fields.get(name) for name in CALLED]
    fields += [ScenarioFile.model_fields[name] for name in CALLED if name in ScenarioFile.model_fields]
    words = {one.description for one in fields if one and one.description} | {*CALLED.values(), *WRITTEN.values()}
    words |= {"heading", "what it is", "how it is written", "needed by", "What may stand where", "guide"}
    return words | {"What the scenario stands for.", Example().change["why"]}


ERRORS = {"UserError", "UnknownName", "BadValue", "BadFile", "ScenarioError", "NoRoute", "DataFault", "fault"}
"""What makes an error of a message."""
READERS = ("network", "scenario", "costing", "interchange")
"""Packages that read what people wrote: every sentence in their files is part of a message, or of what is noted."""
ARRAYS = {path for path in (ROOT / "graph").rglob("*.py") if path.stem not in ("gates", "pareto")}
"""Files whose errors reach programs alone, which hand over arrays."""
ERRORS_OF = ("starter", "imported", "package", "mapping", "headers", "gauges")
ERRORS_ALONE = tuple(f"interchange/{name}.py" for name in ERRORS_OF)
"""Files whose other sentences are written to files, in English, or are the names that people give to columns."""
UNSAID = re.compile(
    r"^(<|default|\^?Value error|GeoNames|NUMBER OF|FIRST THRU|ORIGINAL|field larger|unexpected end|Error token)"
    r"|^(Unnamed|LINESTRING)|\\|of GDP"
)
"""What is no sentence of a message: markup, patterns, the basis of a figure in a file, words of other programs."""
FOREIGN = (
    "Expecting value",
    "Expecting property name enclosed in double quotes",
    "Expecting ',' delimiter",
    "Expecting ':' delimiter",
    "Unterminated string starting at",
    "Extra data",
    "Invalid control character at",
    "File is not a zip file",
    "day is out of range for month",
    "month must be in 1..12",
    "mapping values are not allowed here",
    "could not find expected ':'",
    "expected the node content, but found {0}",
    "found character {0} that cannot start any token",
    "No such option: {0}",
    "No such option: {0} (Possible options: {1})",
    "Missing argument '{0}'.",
    "Invalid value for {0}: {1}",
    "Option '{0}' requires an argument.",
    "Try '{0}' for help.",
    "'{0}' is not a valid float.",
    "'{0}' is not a valid integer.",
    "'{0}' is not one of {1}.",
    "{0} is not in the range {1}.",
    "Got unexpected extra argument(s) '{0}'",
    "Missing command.",
    "Missing option '{0}'.",
    "No such command '{0}'.",
    "Option '{0}' does not take a value.",
    "Show this message and exit.",
    "Extra inputs are not permitted",
    "Field required",
    "Input should be a valid integer, unable to parse string as an integer",
    "Input should be a valid number",
    "Input should be a valid number, unable to parse string as a number",
    "Input should be a valid string",
    "Input should be greater than or equal to {0}",
    "Input should be greater than {0}",
    "Input should be less than or equal to {0}",
    "Input should be {0}",
    "List should have at least {0} item after validation, not {1}",
    "List should have at most {0} items after validation, not {1}",
    "String should have at least {0} character",
    "String should have at most {0} characters",
    "Invalid isoformat string: {0}",
    "hour must be in 0..23",
    "minute must be in 0..59",
    "expected {0}, but found {1}",
    "expected {0}, but got {1}",
    "found undefined alias {0}",
    "found unexpected end of stream",
    "not well-formed (invalid token)",
    "syntax error",
    "{0} not recognized as being in a supported file format.",
    "It might help to specify the correct driver explicitly by prefixing the file path with {0}",
)
"""What the libraries below say most often."""
JOINED = ("Invalid \\escape", "{0} and {1}", "'{0}' holds the study '{1}'", "Assumed:", "Look at:")
JOINED += (HINT, *CALLED.values())
"""What is put together of parts that stand in the source."""


def numbered(node: ast.AST | None) -> Iterator[str]:
    """Give the templates of a message: fields of an f-string are numbered; of both branches of a choice."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield _joined(node)
    elif isinstance(node, ast.IfExp | ast.BoolOp):
        for one in (node.body, node.orelse) if isinstance(node, ast.IfExp) else node.values:
            yield from numbered(one)
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "did_you_mean":
        for one in node.keywords:
            yield from numbered(one.value)


def _joined(node: ast.JoinedStr) -> str:
    """Give the template of an f-string; a count has the forms of what follows, what agrees with it has its number."""
    made, numbers = [], {}
    for one in node.values:
        if isinstance(one, ast.Constant):
            made.append(one.value)
            continue
        match one.value:
            case ast.Call(
                func=ast.Name(("counted" | "agreeing") as name),
                args=[count, ast.Constant(one_form), ast.Constant(many)],
            ):
                number = numbers.setdefault(ast.dump(count), len(numbers))
                made.append(f"{{{number}:{'n0' if name == 'counted' else ''}|{one_form}|{many}}}")
            case _:
                made.append(f"{{{numbers.setdefault(len(numbers), len(numbers))}}}")
    return "".join(made)


def of_strings() -> set[str]:
    """Return every string of the source and of the cells of the data, an id as words too: what may be shown at all."""
    trees = [tree_of(path) for path in sorted(ROOT.rglob("*.py"))]
    texts = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr))
    found = {line for node in texts for text in numbered(node) for line in (text, *text.split("\n"))}
    network = Network.from_folder()
    rows = [row for name in network.package.tables for row in network.rows(name)]
    found |= {str(value) for row in rows for value in astuple(row) if value}
    found |= {network.market_unit, *month_name, *JOINED} | {kind.capitalize() for kind in KINDS}
    found |= {f"time, {row.basis_of_time}" for row in network.rows("published")}
    return found | {text.replace("_", " ") for text in found}


def of_errors() -> set[str]:
    """Return what errors say: arguments of what makes them, and every sentence of the packages that read files."""
    found = {
        "did you mean '{0}'?",
        "closed or not documented by then: {0}",
        "{0} does not hold on the day",
        "and {0} more",
        *FOREIGN,
    }
    found |= {"the data cover {0} to {1}", "the data cover {0} to {1}, and are projected to {2}", "closed by {0}"}
    for path in sorted(set(ROOT.rglob("*.py")) - ARRAYS):
        name, tree = str(path.relative_to(ROOT)), tree_of(path)
        makers = ERRORS | ({"tell"} if name.startswith("cli") else set())
        found |= set(_of_calls(tree, makers, path.stem == "unreached"))
        if name.startswith(READERS) and name not in ERRORS_ALONE:
            found |= set(_sentences(tree))
    return {text for text in found if not UNSAID.search(text)}


def _of_calls(tree: ast.AST, makers: set[str], returned: bool) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in makers:
            said = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "hint")]
        else:
            said = [node.value] if returned and isinstance(node, ast.Return) else []
        for one in said:
            yield from (line for text in numbered(one) for line in text.split("\n"))


def _sentences(tree: ast.AST) -> Iterator[str]:
    """Give every text of two words or more, or of one beside a field; no docstrings, no lists of names."""
    left = {
        id(part)
        for node in ast.walk(tree)
        for part in ast.walk(node)
        if (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or (isinstance(node, ast.keyword) and node.arg == "description")
        or (isinstance(node, ast.Attribute) and node.attr == "split")
        or (isinstance(node, ast.FunctionDef) and node.name in UNREAD)
        or (isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("counted", "agreeing"))
    }
    left |= {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in left:
            for text in numbered(node):
                words = re.findall(r"[A-Za-z]{2,}", FIELD.sub(" ", text))
                enough = 1 if isinstance(node, ast.JoinedStr) else 2
                if len(words) >= enough and " " in text.strip() and "\n" not in text:
                    yield text


UNREAD = ("_repr_html_", "__repr__", "__getattr__", "product_weights")
"""Functions that speak to programmers."""


def of_help() -> set[str]:
    """Return what `--help` says: headings, commands and their options."""
    import typer

    from corridor_net.cli.main import app

    group: Any = typer.main.get_command(app)
    context = group.make_context("corridor-net", ["x"], resilient_parsing=True)
    every = [group, *(group.get_command(context, name) for name in group.list_commands(context))]
    found = {"Usage: ", "Options", "Arguments", "Other commands", "[OPTIONS]", "required", "default: {0}"}
    found |= {part for one in every for part in (one.help or "").split("\n\n")}
    found |= {one.help for command in every for one in command.params if getattr(one, "help", None)}
    return found | {text for name in questions.names() for text in questions.short(name)}


FIELD = re.compile(r"\{[^}]*\}")
INVARIANT = {
    "USD",
    "CNY",
    "JPY",
    "KRW",
    "RUB",
    "TEU",
    "kg",
    "t",
    "CO2e",
    "CO₂e",
    "km",
    "h",
    "t·km",
    "mu",
    "sigma",
    "Hansen",
    "x",
    "d",
    "g/t·km",
}
"""Units and signs that are the same in every language."""


def needs_words(text: str) -> bool:
    """Whether there is anything to translate in a template: a word that is no unit and no field."""
    rest = re.findall(r"[^\W\d_][^\W_]*", FIELD.sub(" ", text))
    return any(word not in INVARIANT for word in rest)


@cache
def collected() -> set[str]:
    """Return every template and label that is shown."""
    return of_source() | of_pages() | of_data() | of_workbook() | of_errors() | of_help()


def to_translate() -> set[str]:
    """Return every template and label that each language needs."""
    return {text for text in collected() if needs_words(text)}
