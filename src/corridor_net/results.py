"""What every answer is: a frozen object whose fields carry unit, digits and label, with one way out to each form.

A result class is a frozen, keyword-only dataclass that derives from `Result`. Its fields are plain, or made by
`measure` where they have a unit. `to_dict` is the documented JSON, `frame` the table as pandas has it; what it shows
on a map, in a chart and in a notebook, the file of its question says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, field, fields, is_dataclass
from datetime import date
from math import isfinite
from numbers import Integral
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from corridor_net.errors import CorridorError, nearest

if TYPE_CHECKING:
    import folium
    import geopandas as gpd
    import numpy as np
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray


def measure(
    unit: str = "", digits: int | None = None, *, name: str = "", hidden: bool = False, default: Any = MISSING
) -> Any:
    """Return a dataclass field with its unit and the digits it is written with.

    `name` is what it is called in JSON and frames, where that is not the field's own name; `hidden` leaves it out, and
    out of `==` too: what is hidden is what an answer was made from, or how much of it is printed.
    """
    told = {"unit": unit, "digits": digits, "name": name, "hidden": hidden}
    more = {} if default is MISSING else {"default": default}
    return field(metadata=told, repr=not hidden, compare=not hidden, **more)


class Result:
    """An answer. Subclasses name in `ROWS` the field whose items are the rows of `frame`.

    `asked_of` is the model that was asked; None of a part of an answer.
    """

    ROWS: ClassVar[str] = ""
    QUESTION: ClassVar[str] = ""
    asked_of: ClassVar[Any] = None

    def to_dict(self) -> dict[str, Any]:
        """Return the answer in the documented JSON shape: numbers rounded to their digits, names as in the docs."""
        return {json_name(one): plain(getattr(self, one.name), one) for one in _shown(self)}

    def records(self) -> Sequence[Any]:
        """Return the rows of `frame`: what the answer lists, or itself; dicts where columns are others."""
        return getattr(self, self.ROWS) if self.ROWS else (self,)

    @property
    def frame(self) -> pd.DataFrame:
        """The answer as a pandas DataFrame: one row an item of what it lists, or one row of the answer itself.

        Columns are those of `to_dict`; `frame.attrs["units"]` has their units.
        """
        import pandas as pd

        rows = self.records()
        made = pd.DataFrame([row if isinstance(row, dict) else flat(row) for row in rows])
        made.attrs["units"] = units_of(rows[0]) if len(rows) and is_dataclass(rows[0]) else {}
        return made

    def geojson(self) -> dict[str, Any]:
        """Return where the answer lies as a GeoJSON FeatureCollection (RFC 7946), its amounts as properties.

        Raises BadValue where it lies nowhere: not every question is about places.

        >>> import corridor_net as cn
        >>> found = cn.load(as_of="2019-07-01").route("harbin", "niigata").geojson()
        >>> found["type"], found["features"][0]["properties"]["gateway"]
        ('FeatureCollection', 'dalian')
        """
        from corridor_net.questions._faces import layer_of

        return layer_of(self)

    @property
    def geoframe(self) -> gpd.GeoDataFrame:
        """The features of `geojson` as a GeoDataFrame in WGS 84; raises BadValue where there is no geometry.

        >>> import corridor_net as cn
        >>> found = cn.load(as_of="2019-07-01").route("harbin", "niigata").geoframe
        >>> found.crs.to_epsg(), found.geometry[0].geom_type
        (4326, 'LineString')
        """
        import geopandas as gpd

        features = self.geojson()["features"]
        made = gpd.GeoDataFrame.from_features(features, columns=None if features else ["geometry"], crs="EPSG:4326")
        made.insert(0, "id", [feature["id"] for feature in features])
        return made

    def plot(self, ax: Axes | None = None, *, kind: str | None = None) -> Axes:
        """Draw the answer with matplotlib and return the Axes: a `chart` or a `map`, what it is best shown as if None.

        `ax` is drawn on, a new figure without one. Raises BadValue for another kind, and for a map of what lies
        nowhere.

        >>> import corridor_net as cn
        >>> import matplotlib.pyplot as plt
        >>> axes = cn.load(as_of="2019-07-01").emissions("harbin", "niigata").plot()
        >>> axes.get_xlabel()
        'kg CO2e, well to wheel'
        >>> plt.close(axes.figure)
        """
        from corridor_net.questions._faces import plotted

        return plotted(self, ax, kind)

    def explore(self, **options: Any) -> folium.Map:
        """Return the answer on a map to move about in, as `GeoDataFrame.explore` makes it, which takes `options`.

        Raises UserError without the extra `explore` (folium), BadValue where there is no geometry.
        """
        from corridor_net.questions._faces import explored

        return explored(self, **options)

    def write(self, folder: str | Path, *, language: str = "en", currency: str = "USD") -> tuple[str, ...]:
        """Write its charts, layer and tables to a folder, as the command does with `--out`; return their names.

        >>> import corridor_net as cn
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     cn.load(as_of="2019-07-01").route("harbin", "niigata").write(folder)
        ('routes.geojson',)
        """
        from corridor_net.questions import words_of
        from corridor_net.questions._written import write_folder

        return write_folder(self, Path(folder), words_of(self, language, currency))

    def document(self, path: str | Path, *, language: str = "en", currency: str = "USD") -> None:
        """Write the answer as a document of Word (`.docx`) or PDF (`.pdf`), with its charts, maps and sources.

        Raises UserError without the extra `documents`, BadFile for another ending or a folder that is not there.
        """
        from corridor_net.questions._written import write_document

        write_document(self, Path(path), language, currency)

    def __init_subclass__(cls, **given: Any) -> None:
        """Give answers the `repr` below in the place of the one that `dataclass` would make."""
        super().__init_subclass__(**given)
        cls.__repr__ = Result.__repr__  # type: ignore[method-assign]

    def __repr__(self) -> str:
        shown = (f"{one.name}={_shortly(getattr(self, one.name))}" for one in fields(self) if one.repr)  # type: ignore[arg-type]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __str__(self) -> str:
        """Give the page that the command prints, of each table the first rows; of a part of an answer its fields."""
        from corridor_net.questions import text_of

        return text_of(self) if self.QUESTION else repr(self)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Give the rows of `frame`, one mapping each, so that `pandas.DataFrame(answer)` is the frame."""
        return iter(self.frame.to_dict("records"))

    def __len__(self) -> int:
        """Return how many rows `frame` has."""
        return len(self.frame)

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, key: Any) -> Any:
        if isinstance(key, slice) or (isinstance(key, Integral) and not isinstance(key, bool)):
            return list(self)[key]
        own = f"'.{key}' is its own, " if isinstance(key, str) and hasattr(self, key) else ""
        row = f".frame[{key!r}] a column" if isinstance(key, str) else ".frame.iloc[...] some rows"
        raise TypeError(f"a {type(self).__name__} is no table: {own}{row}, .to_dict() all of it")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[np.object_]:
        """Give numpy the answer as one thing, so that an array of answers has an element for each."""
        import numpy as np

        made = np.empty((), object)
        made[()] = self
        return made

    @property
    def __geo_interface__(self) -> dict[str, Any]:
        """Where it lies, as other programs for maps ask for it."""
        try:
            return self.geojson()
        except CorridorError as error:
            raise AttributeError(error.message) from None

    def cited(self) -> tuple[str, ...]:
        """Return the ids of the sources that the answer names, in their order."""
        return tuple(sorted(set(_cited(self.to_dict()))))

    def remarks(self) -> tuple[str, ...]:
        """Return what is to be said beside the answer: a command says it on standard error."""
        return ()

    def _repr_html_(self) -> str:
        from corridor_net.questions import html_of

        return html_of(self)

    if not TYPE_CHECKING:  # mypy knows what there is

        def __getattr__(self, name: str) -> Any:
            _refuse_own(self, name)
            raise AttributeError(_lacks(self, name))


Sequence.register(Result)  # of its rows: so pandas makes a frame of them, and of numpy's arrays it is an element


def _refuse_own(result: Result, name: str) -> None:
    """Let what an answer has itself, and could not work out, say why: it is neither lacking nor to be had elsewhere."""
    if hasattr(type(result), name):
        object.__getattribute__(result, name)


def _lacks(result: Result, name: str, *more: Any) -> str:
    """Say that an answer has no such attribute, and which it has that was likely meant."""
    if name.startswith("_"):
        return name
    known = [known for one in (result, *more) for known in dir(one) if not known.startswith("_")]
    near = nearest(name, known, alike=0.65)
    instead = f"did you mean '{near}'?" if near else FORMS
    return f"a {type(result).__name__} has no '{name}'; {instead}"


class Opened(Result):
    """An answer that is opened into one of its fields, which `OF` names: what it has not itself is looked up there."""

    OF: ClassVar[str] = ""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in {one.name for one in fields(self)}:  # type: ignore[arg-type]
            raise AttributeError(name)
        _refuse_own(self, name)
        inner = getattr(self, self.OF)
        try:
            return getattr(inner, name)
        except AttributeError:
            if hasattr(type(inner), name):
                raise
            raise AttributeError(_lacks(self, name, inner)) from None

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *dir(getattr(self, self.OF))})

    def to_dict(self) -> dict[str, Any]:
        """Return its own fields and, in the place of the one it is opened into, those of that."""
        found: dict[str, Any] = {}
        for one in _shown(self):
            value = plain(getattr(self, one.name), one)
            found |= value if one.name == self.OF else {json_name(one): value}
        return found


FORMS = "it has .frame, .geoframe, .geojson(), .to_dict(), .plot(), .explore() and .write()"
FEW = 6
"""Items of a list that `repr` shows in full."""
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


def _shortly(value: Any) -> str:
    """Return a value as `repr` does; of more than a few items the first, and how many there are."""
    if not isinstance(value, tuple | list | Mapping) or len(value) <= FEW:
        return repr(value)
    some = list(value.items() if isinstance(value, Mapping) else value)[:1]
    return f"<{len(value)}, the first {some[0]!r}>"


def _shown(result: Any) -> list[Field[Any]]:
    return [one for one in fields(result) if not one.metadata.get("hidden") and not one.name.startswith("_")]


def json_name(one: Field[Any]) -> str:
    """Return what a field is called in JSON."""
    return str(one.metadata.get("name") or one.name)


def units_of(result: Any) -> dict[str, str]:
    """Return the unit of every field that has one, by its name in JSON."""
    return {json_name(one): one.metadata["unit"] for one in _shown(result) if one.metadata.get("unit")}


def plain(value: Any, one: Field[Any] | None = None) -> Any:
    """Return a value as JSON has it: floats rounded to the digits of their field, None for those without an end."""
    if isinstance(value, Result):
        return value.to_dict()
    if is_dataclass(value) and not isinstance(value, type):
        return {json_name(inner): plain(getattr(value, inner.name), inner) for inner in _shown(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(inner, one) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return [plain(inner, one) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if not isinstance(value, float):
        return value
    digits = one.metadata.get("digits") if one is not None else None
    return None if not isfinite(value) else value if digits is None else round(value, digits)


def fields_of(item: Any, *names: str) -> dict[str, Any]:
    """Return some fields of an item by their names: what another takes over as it is."""
    return {name: getattr(item, name) for name in names}


def flat(row: Any) -> dict[str, Any]:
    """Return one row of a frame or map: single values as they are, lists joined, nested measures left out."""
    found: dict[str, Any] = {}
    for one in _shown(row):
        value = getattr(row, one.name)
        if isinstance(value, (str, int, float, date)) or value is None:
            found[json_name(one)] = value
        elif isinstance(value, tuple) and all(isinstance(item, str) for item in value):
            found[json_name(one)] = ", ".join(value)
    return found
