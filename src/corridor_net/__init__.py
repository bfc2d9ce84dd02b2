"""corridor-net: what it costs, how long it takes and what an upgrade would change.

>>> import corridor_net as cn
>>> net = cn.load(as_of="2016-07-01")
>>> net.route("harbin", "niigata").gateway
'dalian'
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

TYPE_CHECKING = False
"""That of `typing`, which takes longer to load than all the rest of this file."""

if TYPE_CHECKING:
    from typing import Any

    from corridor_net.analysis.compare import Comparison, compare
    from corridor_net.analysis.route import Route
    from corridor_net.analysis.router import Router
    from corridor_net.errors import CorridorError, NoRoute
    from corridor_net.interchange.doors import from_excel, from_frames, from_geodataframes, from_gmns, from_networkx
    from corridor_net.interchange.imported import Imported
    from corridor_net.model import Model, load
    from corridor_net.network import Network
    from corridor_net.scenario import Scenario, Study, load_scenario, load_study, shipped_scenarios

_WHERE = {
    "Comparison": "analysis.compare",
    "compare": "analysis.compare",
    "Route": "analysis.route",
    "Router": "analysis.router",
    "Model": "model",
    "load": "model",
    "CorridorError": "errors",
    "NoRoute": "errors",
    "Imported": "interchange.imported",
    "from_excel": "interchange.doors",
    "from_frames": "interchange.doors",
    "from_geodataframes": "interchange.doors",
    "from_gmns": "interchange.doors",
    "from_networkx": "interchange.doors",
    "Network": "network",
    "Scenario": "scenario",
    "Study": "scenario",
    "load_scenario": "scenario",
    "load_study": "scenario",
    "shipped_scenarios": "scenario",
}

__all__ = [
    "Comparison",
    "CorridorError",
    "Imported",
    "Model",
    "Network",
    "NoRoute",
    "Route",
    "Router",
    "Scenario",
    "Study",
    "compare",
    "from_excel",
    "from_frames",
    "from_geodataframes",
    "from_gmns",
    "from_networkx",
    "load",
    "load_scenario",
    "load_study",
    "shipped_scenarios",
]


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(import_module(f"corridor_net.{_WHERE[name]}"), name)
    from pathlib import Path

    here = Path(__file__).parent
    if name.startswith("_") or (here / name).exists() or (here / f"{name}.py").exists():
        raise AttributeError(name)  # `from corridor_net import name` asks, before it imports what stands there
    errors, questions = (import_module(f"corridor_net.{one}") for one in ("errors", "questions"))
    own = [one for one in __all__ if one[0].islower() == name[0].islower()]
    near = errors.nearest(name, (*own, *questions.names()))
    if near in questions.names():
        hint = f"corridor_net.load().{near}(...) is that question"
    else:
        hint = f"did you mean '{near}'?" if near else f"it has {', '.join(__all__)}"
    raise AttributeError(f"corridor_net has no '{name}'; {hint}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
