"""The questions as read-only tools of the Model Context Protocol, on standard input and output (extra `mcp`)."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from corridor_net import __version__, questions
from corridor_net.errors import CorridorError, UserError, printable
from corridor_net.network import Network

from .desk import Desk, faults_of, text_of
from .shapes import offered, schema

if TYPE_CHECKING:
    from mcp.server import Server
    from mcp.types import CallToolResult, Tool

LEAST = 2
"""The first version of the library with servers of this kind."""
MOST_TEXT = 200_000
"""Characters of an answer that are told as text as well; longer ones are in the structured content alone."""


def needed() -> None:
    """Raise UserError where the extra `mcp` is not there."""
    try:
        there = int(version("mcp").partition(".")[0]) >= LEAST
    except (PackageNotFoundError, ValueError):
        there = False
    if not there:
        raise UserError(
            f"the command mcp needs the package mcp, version {LEAST} or newer", hint="pip install 'corridor-net[mcp]'"
        )


def instructions(network: Network) -> str:
    """Return what a program should know before it asks: what there is, how it is named, what answers look like."""
    from corridor_net.scenario import shipped_scenarios

    first, last = network.days
    origins, markets = (", ".join(one.node_id for one in network.markets(role)) for role in ("origin", "market"))
    cargos = ", ".join(row.cargo_id for row in network.rows("cargo"))
    return (
        f"{network.package.title or 'corridor-net'}: what it costs, how long it takes and how sure that is, to move a "
        "box of cargo, by a network whose figures each have a source and a grade (A measured, B published, C derived, "
        f"D estimated). Days: {first} to {last}, {network.usual_day} where none is named (as_of). Origins: {origins}. "
        f"Markets: {markets}. Cargo: {cargos}. Shipped scenarios: {', '.join(shipped_scenarios())}. Places may be "
        "named in any language of the data. Every answer begins with 'says', the answer in a sentence; 'answer' is the "
        "documented JSON, 'sources' the sources it cites, 'call' what was asked of which data, and the line of the "
        "command that gives the same. Money is USD unless a key says otherwise. Tell ranges and grades with numbers. "
        "Nothing is written."
    )


def tools() -> list[Tool]:
    """Return every question as a tool: its name, what it answers, and what it may be asked with."""
    from mcp.types import Tool, ToolAnnotations

    hints = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)
    return [
        Tool(
            name=command,
            title=questions.short(one.name)[1],
            description=one.help.partition("\n\n>>>")[0],
            input_schema=schema(one),
            annotations=hints,
        )
        for command, one in offered().items()
    ]


def called(desk: Desk, name: str, given: Mapping[str, Any]) -> CallToolResult:
    """Return the answer to a call of a tool; a mistake in what is given is an answer too, with what to do."""
    try:
        return _result(desk.ask(questions.commands().get(name, name), given))
    except CorridorError as error:
        return _result({"errors": faults_of(error)}, failed=True)
    except Exception:  # noqa: BLE001 - one fault of ours must not end the server
        traceback.print_exc(file=sys.stderr)
        fault = {"code": "CN-E000", "where": "", "message": "a fault of the server; its log says more", "hint": None}
        return _result({"errors": [fault]}, failed=True)


def _result(found: dict[str, Any], *, failed: bool = False) -> CallToolResult:
    from mcp.types import CallToolResult, TextContent

    text = text_of(found)
    if len(text) > MOST_TEXT:
        note = f"the answer has {len(text):,} characters and is in the structured content; ask for fewer pairs for less"
        text = text_of({**found, "answer": None, "remarks": [*found["remarks"], note]})
    return CallToolResult(content=[TextContent(type="text", text=text)], structured_content=found, is_error=failed)


def server(desk: Desk) -> Server[Any]:
    """Return the server of a desk; calls are answered one after the other, beside the talk with the client."""
    import anyio
    from mcp.server import Server
    from mcp.types import CallToolRequestParams, ListToolsResult

    one_at_a_time = anyio.CapacityLimiter(1)
    listed = tools()

    async def list_tools(_context: Any, _page: Any) -> ListToolsResult:
        return ListToolsResult(tools=listed)

    async def call_tool(_context: Any, asked: CallToolRequestParams) -> CallToolResult:
        answer = partial(called, desk, asked.name, asked.arguments or {})
        return await anyio.to_thread.run_sync(answer, limiter=one_at_a_time)

    return Server(
        "corridor-net",
        version=__version__,
        title=printable(desk.base.package.title or "corridor-net"),
        instructions=instructions(desk.base),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def serve(network: Network) -> None:
    """Answer on standard input and output until the client closes them."""
    import anyio
    from mcp.server.stdio import stdio_server

    async def talk() -> None:
        made = server(Desk(network))
        async with stdio_server() as (heard, told):
            await made.run(heard, told, made.create_initialization_options())

    anyio.run(talk)
