"""The pages of the site that are no files of docs: home, tutorial from the notebooks, reference from the package."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import corridor_net as cn
from corridor_net import questions
from corridor_net.model import OPTIONS
from corridor_net.questions import Question, QuestionParameter

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).resolve().parents[2]
FROM_ROOT = {"README.md": "index.md", "CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security.md"}
FROM_ROOT["geodata/ATTRIBUTION.md"] = "data-licences.md"
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
COMMENT = re.compile(r"^<!-- .*? -->\n", re.MULTILINE)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what is made here to the files of docs."""
    from mkdocs.structure.files import File

    for name, text in pages().items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Lead links of docs that go outside it to the pages made from those files."""
    return COMMENT.sub("", linked(markdown) if "/" not in page.file.src_uri else markdown)


def pages() -> dict[str, str]:
    """Return the pages that are made, by name."""
    made = {name: linked((ROOT / source).read_text(encoding="utf-8")) for source, name in FROM_ROOT.items()}
    for path in sorted((ROOT / "docs" / "notebooks").glob("*.ipynb")):
        made[f"tutorial/{path.stem}.md"] = notebook(json.loads(path.read_text(encoding="utf-8")))
    made["reference/questions.md"] = "\n".join(all_questions())
    made["reference/python.md"] = "\n".join(public_names())
    made["reference/tables.md"] = "\n".join(tables())
    return made


def linked(text: str) -> str:
    """Return a page with its links as they are on the site, where all pages of docs lie at the top."""

    def to(match: re.Match[str]) -> str:
        target = match[1].removeprefix("../").removeprefix("docs/")
        target = target.replace("notebooks/", "tutorial/").replace(".ipynb", ".md")
        return f"]({FROM_ROOT.get(target, target)}"

    return LINK.sub(to, text)


def notebook(read: dict[str, Any]) -> str:
    """Return a notebook as Markdown: its words, its code, and what it printed."""
    parts = []
    for cell in read["cells"]:
        source = "".join(cell["source"])
        parts.append(f"```python\n{source}\n```" if cell["cell_type"] == "code" else linked(source))
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            text = "".join(data.get("text/html", "")) or ""
            plain = "".join(output.get("text", "") or data.get("text/plain", ""))
            parts.append(text.replace("\n\n", "\n") if text else f"```\n{plain}\n```")
    return "\n\n".join(parts) + "\n"


def all_questions() -> Iterator[str]:
    """Yield the reference of every question: method, command, parameters, example."""
    yield "# Questions, methods and commands\n"
    yield "Each question is a method of `Model`, which returns a `Result` (see [Python](python.md)), and a command.\n"
    shared = ", ".join(f"`{name}`" for name in OPTIONS)
    yield f"All methods take the options of the model too: {shared}. All commands take these, `--scenario`, `--as-of`, "
    yield "`--geodata`, `--out`, `--json`, `--lang`, `--currency` and `--plain`.\n"
    for group in questions.GROUPS:
        yield f"## {group}\n"
        for name in questions.names():
            if questions.short(name)[0] == group:
                yield from one_question(questions.question(name))


def one_question(asked: Question) -> Iterator[str]:
    """Yield the reference of a question."""
    words, _, example = asked.help.partition(">>> ")
    given = [one.name + ("" if one.required else "=…") for one in asked.parameters if one.name != "progress"]
    yield f"### {asked.name}\n"
    yield f"`Model.{asked.name}({', '.join(given)})` · `corridor-net {asked.command}`\n"
    yield questions.short(asked.name)[1] + "\n"
    yield words.strip() + "\n"
    yield "As a map: `.geojson()`, `.geoframe`, `.explore()`.\n" if asked.layer else "It lies at no place.\n"
    if asked.parameters:
        yield "| parameter | command | what it is |\n|---|---|---|"
        yield from (parameter_row(one) for one in asked.parameters)
        yield ""
    for option, instead in asked.without.items():
        yield f"Takes no `{option}`: {instead}.\n"
    if example:
        yield f"```pycon\n>>> {example.strip()}\n```\n"


def parameter_row(one: QuestionParameter) -> str:
    """Return a row of the table of parameters."""
    option = one.ask.option or f"--{one.name.replace('_', '-')}"
    shown = (one.ask.metavar or one.name.upper()) if one.positional else option
    if not one.positional and one.kind is not bool:
        shown += f" {one.ask.metavar or one.name.upper()}"
    told = one.ask.help.replace("|", "\\|")
    default = "" if one.required or one.default in (None, (), False) else f" Default: `{one.default}`."
    shown = shown.replace("|", "\\|")
    return f"| `{one.name}` | `{shown}` | {told}{default} |"


def public_names() -> Iterator[str]:
    """Yield the reference of the public names, from their docstrings."""
    yield "# Python\n"
    yield "`import corridor_net as cn` gives these names. Beside them stand [`corridor_net.errors`](../errors.md) and, "
    yield "for searches on arrays, [`corridor_net.graph`](../graph.md). Nothing else is promised.\n"
    for name in ("load", "Model", *sorted(set(cn.__all__) - {"load", "Model"})):
        thing = getattr(cn, name)
        yield f"::: {thing.__module__}.{thing.__qualname__}\n"
    yield "::: corridor_net.results.Result\n"


def tables() -> Iterator[str]:
    """Yield the reference of the tables of a data package, from its schema."""
    package = json.loads((ROOT / "geodata" / "datapackage.json").read_text(encoding="utf-8"))
    yield "# Tables\n"
    yield "The tables of a data package as `datapackage.json` describes them; the reader obeys that file.\n"
    for resource in package["resources"]:
        schema = resource.get("schema")
        if not schema:
            continue
        yield f"## {resource['name']}\n"
        yield f"{resource.get('title', '')} (`{resource['path']}`)\n"
        keys = schema.get("primaryKey")
        if keys:
            yield f"Key: {', '.join(f'`{key}`' for key in ([keys] if isinstance(keys, str) else keys))}.\n"
        yield "| column | kind | what it is | must |\n|---|---|---|---|"
        yield from (column_row(field) for field in schema["fields"])
        yield ""


def column_row(field: dict[str, Any]) -> str:
    """Return a row of the table of columns."""
    held = field.get("constraints", {})
    told = "; ".join(["given"] * bool(held.get("required")) + [f"{k} {v}" for k, v in held.items() if k != "required"])
    cells = (f"`{field['name']}`", field.get("type", ""), field.get("description", ""), told)
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"
