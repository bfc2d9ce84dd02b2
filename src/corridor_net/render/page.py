"""What an answer shows, before it is known to whom: tables of plain values and sentences, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import fsum, nan
from typing import Any, Literal

from corridor_net.rounding import BeforeAfter

from .currency import Currency
from .printed import NO_BREAK
from .words import MONEY, Sentence, Words, say

Kind = Literal[
    "text",
    "name",
    "names",
    "step",
    "label",
    "unit",
    "figure",
    "number",
    "change",
    "range",
    "share",
    "rise",
    "significant",
]
MEASURES = frozenset(("USD", "days", "hours", "kg CO2e", "generalised", "generalised USD", "USD gen."))
"""Headings that name what is measured: over a change of it a Δ goes before."""
Cell = str | float | tuple[str, ...] | tuple[float, float] | BeforeAfter | Sentence | None
Of = str | Callable[[Any], Cell]
"""What gives the cell of an item: the name of its field, of a field's field with a point, or a function."""


def significant(value: float, unit: str = "", digits: int = 4) -> Sentence:
    """Return a figure with so many digits that count, or whole if it has more; USD are shown in the reader's currency.

    >>> str(significant(61.234, "USD/h", 3))
    '61.2'
    """
    return say(f"{{value:{'G' if MONEY.search(unit) else 'g'}{digits}}}", value=value)


def field_of(item: Any, name: str) -> Any:
    """Return a field of an item, of a field's field with a point between; None where one of them is."""
    for part in name.split("."):
        item = None if item is None else getattr(item, part)
    return item


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its heading, what its cells are, and how readily it is left out where there is no room.

    `rank` 0 always stays; of others, the highest goes first. Text longer than `most` columns is broken into lines
    where that saves a column from being left out. `digits` is what numbers are shown with. A cell of kind `name` is
    an id, one of kind `names` a tuple of them, a `step` a word and an id, a `label` a word of the catalogue, a `unit`
    one of which USD are the reader's currency, a `figure` the key of one. A `change` and a `rise` are a number and a
    share with a sign, a change whose ends stand beside it a `BeforeAfter`; a `range` two numbers, `significant` a
    number with four digits that count. Numbers of a column whose heading says USD, or of one that is `money`, are USD
    and are shown in the reader's currency. A sentence may stand in any cell. `of` gives the cell of an item of
    `table_of`. Numbers of a column that `adds` are rounded so that those shown add up to the total shown below them;
    steps, so that they lead over the running sums shown beside them.
    """

    heading: str | Sentence
    kind: Kind = "text"
    digits: int = 0
    rank: int = 0
    most: int = 0
    money: bool = False
    adds: bool | Literal["steps"] = False
    of: Of = ""

    @property
    def is_number(self) -> bool:
        """Whether cells stand to the right."""
        return self.kind in ("number", "change", "share", "rise", "significant")

    @property
    def is_money(self) -> bool:
        """Whether numbers of the column are USD."""
        said = self.heading if isinstance(self.heading, str) else self.heading.template
        return self.kind in ("number", "change", "range") and (self.money or bool(MONEY.search(said)))

    def head(self, words: Words) -> str:
        """Return the heading as text."""
        text = words.text(self.heading)
        text = MONEY.sub(words.currency.code, text) if self.is_money else text
        if self.kind != "change" or str(self.heading) not in MEASURES:
            return text
        return f"Δ{NO_BREAK if words.prints else ' '}{text}"

    def cell(self, item: Any) -> Cell:
        """Return the cell of an item."""
        value: Cell = field_of(item, self.of) if isinstance(self.of, str) else self.of(item)
        return float(value) if self.is_number and isinstance(value, int) else value

    def adding(self, cells: Sequence[Cell], words: Words) -> Sequence[Cell]:
        """Return the cells of a column rounded so that they add up as they are shown: in the reader's currency."""
        from corridor_net.rounding import fitted, steps_fitted

        money = words.currency if self.is_money else Currency()
        by = 100.0 if self.kind == "share" else money.per_usd
        own = [cell * by for cell in cells if isinstance(cell, float) and cell == cell]
        rounded = steps_fitted if self.adds == "steps" else fitted
        shown = iter(rounded(own, max(0, self.digits - money.fewer)))
        return [next(shown) / by if isinstance(cell, float) and cell == cell else cell for cell in cells]

    def shown(self, cell: Cell, words: Words) -> str:
        """Return a cell as text."""
        if cell is None:
            return ""
        if isinstance(cell, Sentence):
            return words.text(cell)
        if isinstance(cell, str):
            of_kind = {"name": words.name, "step": words.step, "label": words.label, "figure": words.figure}
            of_kind["unit"] = lambda unit: words.in_money(unit)[0]
            return of_kind.get(self.kind, str)(cell)
        number = words.money if self.is_money else words.number
        if isinstance(cell, tuple):
            if self.kind == "range":
                return ("–" if words.prints else "-").join(number(float(end), self.digits) for end in cell)
            return words.listed(tuple(map(str, cell)))
        if self.kind == "significant" and isinstance(cell, float):
            return words.text(significant(cell))
        if self.kind in ("share", "rise") and isinstance(cell, float):
            return words.share(cell, self.digits, sign=self.kind == "rise")
        return number(cell, self.digits, sign=self.kind == "change")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of plain values. `totals` are rows below a line."""

    title: Sentence | str = ""
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[Cell, ...], ...] = ()

    def head(self, words: Words) -> str:
        """Return the title as text."""
        text = words.text(self.title).strip()
        return MONEY.sub(words.currency.code, text) if any(column.is_money for column in self.columns) else text

    def top(self, most: int) -> Table:
        """Return the table with its first rows, told in the title where there are more."""
        if len(self.rows) <= most:
            return self
        said = say(self.title) if isinstance(self.title, str) else self.title
        title = say("{title} (the first {count} of {all})", title=said, count=most, all=len(self.rows))
        return replace(self, title=title, rows=self.rows[:most])

    @property
    def by_column(self) -> list[tuple[Column, tuple[Cell, ...]]]:
        """Each column with its cells, without the totals."""
        cells = list(zip(*self.rows, strict=True)) or [()] * len(self.columns)
        return list(zip(self.columns, cells, strict=True))

    def texts(self, words: Words) -> list[list[str]]:
        """Return all cells as texts, totals last."""
        rows = zip(*(column.adding(own, words) if column.adds else own for column, own in self.by_column), strict=True)
        return [
            [column.shown(cell, words) for column, cell in zip(self.columns, row, strict=True)]
            for row in (*rows, *self.totals)
        ]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over the blocks that follow it."""

    text: Sentence | str


def numbers(
    *headings: str | Sentence,
    of: Of | Sequence[Of] = "",
    digits: int = 0,
    kind: Kind = "number",
    rank: int = 0,
    money: bool = False,
    adds: bool | Literal["steps"] = False,
) -> tuple[Column, ...]:
    """Return columns of numbers; `of` gives the cells of each, a sequence of them where there are several."""
    given = (of,) * len(headings) if isinstance(of, str) or callable(of) else of
    return tuple(
        Column(heading=heading, kind=kind, digits=digits, rank=rank, money=money, adds=adds, of=one)
        for heading, one in zip(headings, given, strict=True)
    )


def divided(name: str, by: float) -> Of:
    """Return what gives a field divided: days of hours, millions of USD; nothing where it has no value."""

    def cell(item: Any) -> float | None:
        value = field_of(item, name)
        return None if value is None else value / by

    return cell


def millions(*headings: str | Sentence, of: Sequence[str], **how: Any) -> tuple[Column, ...]:
    """Return columns of money in millions; `of` are the fields that give it, `how` what else `numbers` takes."""
    return numbers(*headings, of=[divided(one, 1e6) for one in of], money=True, **how)


def keyed(name: str, key: Any, absent: Cell = None) -> Of:
    """Return what gives the value of a key of a field that is a mapping."""

    def cell(item: Any) -> Cell:
        value: Cell = field_of(item, name).get(key, absent)
        return value

    return cell


def p10_p90(name: str, by: float = 1.0) -> Of:
    """Return what gives the 10 and 90% points of a field that has them, divided; nothing where it has no value."""

    def cell(item: Any) -> Cell:
        value = field_of(item, name)
        return None if value is None else (value.p10 / by, value.p90 / by)

    return cell


def elsewhere(step: Any) -> str:
    """Return where a step leads; nothing where it stays in its place."""
    return str(step.to_node) if step.to_node != step.from_node else ""


def dashed(name: str, by: float = 1.0) -> Callable[[Any], float]:
    """Return what gives a field divided, shown as a dash where it has no value."""

    def cell(item: Any) -> float:
        value = field_of(item, name)
        return nan if value is None else value / by

    return cell


def with_sums(table: Table, called: str) -> Table:
    """Return a table with a row below it, of what its columns that add come to; nothing where no cell has a number."""
    numbers_of = [
        [cell for cell in cells if isinstance(cell, float) and cell == cell] if column.adds else []
        for column, cells in table.by_column
    ]
    sums = (fsum(own) if own else None for own in numbers_of[1:])
    return replace(table, totals=((called, *sums),))


def table_of(
    items: Iterable[Any], *columns: Column, title: Sentence | str = "", most: int = 0, totals: Iterable[Any] = ()
) -> Table:
    """Return a table with a row an item, each cell what its column says; `most` rows at most, which the title tells.

    >>> table_of(["Busan", "Dalian", "Niigata"], Column(heading="port", of=str.upper), title="Ports", most=2).rows
    (('BUSAN',), ('DALIAN',))
    """

    def rows(some: Iterable[Any]) -> tuple[tuple[Cell, ...], ...]:
        return tuple(tuple(column.cell(item) for column in columns) for item in some)

    table = Table(title=title, columns=columns, rows=rows(items), totals=rows(totals))
    return table.top(most) if most else table


@dataclass(frozen=True, slots=True)
class Page:
    """Tables and sentences in the order they are read; the first sentence is the answer."""

    blocks: tuple[Table | Heading | Sentence | str, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables alone."""
        return tuple(block for block in self.blocks if isinstance(block, Table))


def page(*blocks: Any) -> Page:
    """Return a page of blocks; those that are None are left out, and sequences are taken apart."""
    found: list[Any] = []
    for block in blocks:
        if isinstance(block, Sequence) and not isinstance(block, str):
            found += [one for one in block if one is not None]
        elif block is not None:
            found.append(block)
    return Page(tuple(found))


def conversion_words(currency: Currency) -> Sentence | None:
    """Return at which rate money was converted; None where it was not."""
    if currency.code == "USD":
        return None
    return say(
        "Money in {code}, {rate} to the US dollar, the rate of {year} in the data; JSON and tables as files are in "
        "USD.",
        currency,
        rate=say("{rate:n2}" if currency.per_usd < 1000 else "{rate:n0}", rate=currency.per_usd),
    )
