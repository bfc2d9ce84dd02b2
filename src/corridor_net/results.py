"""What every answer is: a frozen object whose fields carry unit, digits and label, with one way out to each form.

A result class is a frozen, keyword-only dataclass that derives from `Result`. Its fields are plain, or made by
`measure` where they have a unit. `to_dict` is the documented JSON, `frame` the table as pandas has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, field, fields, is_dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, Self

if TYPE_CHECKING:
    import pandas as pd


def measure(
    unit: str = "", digits: int | None = None, *, name: str = "", hidden: bool = False, default: Any = MISSING
) -> Any:
    """Return a dataclass field with its unit and the digits it is written with.

    `name` is what it is called in JSON and frames, where that is not the field's own name; `hidden` leaves it out.
    """
    told = {"unit": unit, "digits": digits, "name": name, "hidden": hidden}
    more = {} if default is MISSING else {"default": default}
    return field(metadata=told, repr=not hidden, **more)


class Result:
    """An answer. Subclasses name in `ROWS` the field whose items are the rows of `frame`."""

    ROWS: ClassVar[str] = ""
    _asked_of: Any = None

    def to_dict(self) -> dict[str, Any]:
        """Return the answer in the documented JSON shape: numbers rounded to their digits, names as in the docs."""
        return {json_name(one): plain(getattr(self, one.name), one) for one in _shown(self)}

    @property
    def frame(self) -> pd.DataFrame:
        """The answer as a pandas DataFrame: one row an item of what it lists, or one row of the answer itself.

        Columns are those of `to_dict`; `frame.attrs["units"]` has their units.
        """
        import pandas as pd

        rows = getattr(self, self.ROWS) if self.ROWS else (self,)
        made = pd.DataFrame([_flat(row) for row in rows])
        first = next(iter(rows), None)
        made.attrs["units"] = units_of(first) if first is not None else {}
        return made

    def asked_of(self, model: Any) -> Self:
        """Remember the model that was asked, whose network names the places of the answer; return itself."""
        object.__setattr__(self, "_asked_of", model)
        return self

    @property
    def named_networks(self) -> tuple[Any, ...]:
        """The networks that name the places of the answer: its own, else that of the model that was asked."""
        own = getattr(self, "networks", ()) or getattr(self, "network", None)
        if own:
            return tuple(own) if isinstance(own, tuple) else (own,)
        return (self._asked_of.network,) if self._asked_of is not None else ()

    def cited(self) -> tuple[str, ...]:
        """Return the ids of the sources that the answer names, in their order."""
        return tuple(sorted(set(_cited(self.to_dict()))))

    def remarks(self) -> tuple[str, ...]:
        """Return what is to be said beside the answer: a command says it on standard error."""
        return ()

    def _repr_html_(self) -> str:
        from corridor_net.questions import html_of

        return html_of(self)


CITING = ("source_id", "source_ids", "sources")
"""Keys of answers that hold ids of sources."""


def _cited(value: Any, key: str = "") -> Iterator[str]:
    """Yield the ids of sources that a value of JSON holds."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _cited(inner, str(name))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _cited(inner, key)
    elif key in CITING and isinstance(value, str):
        yield from value.replace(";", " ").replace(",", " ").split()


def _shown(result: Any) -> list[Field[Any]]:
    return [one for one in fields(result) if not one.metadata.get("hidden") and not one.name.startswith("_")]


def json_name(one: Field[Any]) -> str:
    """Return what a field is called in JSON."""
    return str(one.metadata.get("name") or one.name)


def units_of(result: Any) -> dict[str, str]:
    """Return the unit of every field that has one, by its name in JSON."""
    return {json_name(one): one.metadata["unit"] for one in _shown(result) if one.metadata.get("unit")}


def plain(value: Any, one: Field[Any] | None = None) -> Any:
    """Return a value as JSON has it; floats are rounded to the digits of their field."""
    if isinstance(value, Result):
        return value.to_dict()
    if is_dataclass(value) and not isinstance(value, type):
        return {json_name(inner): plain(getattr(value, inner.name), inner) for inner in _shown(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner, one) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner, one) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    digits = one.metadata.get("digits") if one is not None else None
    return round(value, digits) if isinstance(value, float) and digits is not None else value


def _flat(row: Any) -> dict[str, Any]:
    """Return one row of a frame: single values as they are, lists joined, nested measures left out."""
    found: dict[str, Any] = {}
    for one in _shown(row):
        value = getattr(row, one.name)
        if isinstance(value, (str, int, float, date)) or value is None:
            found[json_name(one)] = value
        elif isinstance(value, tuple) and all(isinstance(item, str) for item in value):
            found[json_name(one)] = ", ".join(value)
    return found
