"""Columns of tables: what long text gives way to, names of several, shares with a sign, rows one below the other."""

from itertools import pairwise
from types import SimpleNamespace

import pytest

from corridor_net.render.console import columns, table_text
from corridor_net.render.currency import Currency
from corridor_net.render.page import Column, Table, divided, keyed, numbers, table_of, with_sums
from corridor_net.render.words import Words, say

NAMES = Words(names={"a": "Alfa - Bravo - Charlie - Delta", "b": "Echo"})


def table(**more):
    heads = (
        Column(heading="from", kind="name"),
        Column(heading="services", kind="names", **more),
        *numbers("USD", rank=1),
    )
    return Table(columns=heads, rows=(("b", ("a", "b"), 1234.0), ("b", (), 5.0)))


def lines(width, **more):
    return table_text(table(**more), NAMES, width, plain=True).splitlines()


def test_long_text_is_broken_before_a_column_is_left_out():
    whole = lines(60)
    assert whole[1] == "Echo  Alfa - Bravo - Charlie - Delta; Echo  1,234"
    without = lines(40)
    assert "USD" not in without[0]
    kept = lines(40, most=20)
    assert "USD" in kept[0]
    assert max(map(columns, kept)) <= 40
    assert " ".join(" ".join(kept[1:3]).split()) == "Echo Alfa - Bravo - Charlie - 1,234 Delta; Echo"


def test_where_there_is_room_long_text_is_whole():
    assert lines(60, most=10) == lines(60)
    assert lines(52, most=10)[1] == lines(60)[1]


@pytest.mark.parametrize("width", [40, 44, 50])
def test_a_table_is_never_wider_than_asked(width):
    assert max(map(columns, lines(width, most=24))) <= width


def test_names_of_none_are_a_dash():
    assert lines(60)[2].split() == ["Echo", "-", "5"]
    assert NAMES.text(say("by {ports:names}", ports=("b", "a"))) == "by Echo; Alfa - Bravo - Charlie - Delta"


def test_a_heading_may_be_a_sentence_with_numbers_in_it_also_over_changes():
    change = Column(heading=say("by waiting {count:n0|year|years}", count=3), kind="change")
    assert change.head(Words()) == "by waiting 3 years"
    assert Column(heading="days", kind="change").head(Words()) == "Δ days"


def test_a_rise_is_a_share_with_its_sign():
    rise = Column(heading="x", kind="rise", digits=1)
    assert [rise.shown(value, Words()) for value in (0.016, -1.0, -0.0001, float("nan"))] == [
        "+1.6%",
        "-100.0%",
        "+0.0%",
        "-",
    ]


def test_a_stacked_row_breaks_its_first_cell_too():
    long = "link Alfa - Bravo + port Charlie + service Delta - Echo - Foxtrot"
    heads = (Column(heading="closed"), *numbers(*(f"number {n}" for n in range(6)), digits=2))
    text = table_text(Table(columns=heads, rows=((long, *range(6)),)), Words(), 40)
    assert max(map(columns, text.splitlines())) <= 40
    assert " ".join(text.split()).startswith(long)


def test_a_table_of_items_has_the_cells_its_columns_name_and_tells_what_it_leaves_out():
    ports = [SimpleNamespace(name=name, calls=n, hours=None, by={"sea": n}) for n, name in enumerate(("a", "b", "c"))]
    made = table_of(
        ports,
        Column(heading="port", of="name"),
        *numbers("calls", "by sea", "by air", of=("calls", keyed("by", "sea"), keyed("by", "air", 0.5))),
        *numbers("days", of=divided("hours", 24)),
        title="Ports",
        most=2,
    )
    assert made.rows == (("a", 0.0, 0.0, 0.5, None), ("b", 1.0, 1.0, 0.5, None))
    assert all(isinstance(cell, float) for row in made.rows for cell in row[1:4])  # a page sorts by them
    assert made.head(Words()) == "Ports (the first 2 of 3)"
    assert table_of(ports, *made.columns, title="Ports", most=3).head(Words()) == "Ports"
    with pytest.raises(ValueError, match="shorter"):
        numbers("calls", "hours", of=("calls",))


@pytest.mark.parametrize("rate", [1.0, 6.9081, 150.0, 1165.4])
def test_what_is_shown_of_a_column_that_adds_comes_to_the_total_shown_in_any_currency(rate):
    amounts = [0.4, 4.4, 1.4, 0.4, 2.4, 0.4, 4.4, None]
    made = table_of(
        [SimpleNamespace(name="a", paid=one, part=one and one / 13.8) for one in amounts],
        Column(heading="what", of="name"),
        *numbers("USD", of="paid", kind="change", adds=True),
        *numbers("of all", of="part", kind="share", adds=True),
    )
    words = Words(currency=Currency(code="XXX", per_usd=rate, year=2019))
    *shown, total = with_sums(made, "total").texts(words)
    for place in (1, 2):
        whole = [float(row[place].replace(",", "").rstrip("%") or 0) for row in (*shown, total)]
        assert sum(whole[:-1]) == whole[-1] == (100 if place == 2 else round(13.8 * rate))
    assert with_sums(made, "total").totals == (("total", pytest.approx(13.8), pytest.approx(1.0)),)


def test_a_table_without_rows_has_sums_of_nothing():
    made = with_sums(table_of([], Column(heading="what"), *numbers("USD", adds=True)), "total")
    assert made.texts(Words())[:-1] == []


def test_a_number_with_digits_that_count_is_a_number_and_may_have_words_in_its_place():
    made = table_of([0.00012346, 123456.7, "any"], *numbers("now", of=lambda one: one, kind="significant"))
    assert [row[0] for row in made.texts(Words())] == ["0.0001235", "123,457", "any"]
    assert all(column.is_number for column in made.columns)


def test_a_heading_is_broken_before_a_word_of_a_name_is():
    heads = (Column(heading="scenario"), *numbers("generalised USD", "USD in a summer"))
    shown = table_text(Table(columns=heads, rows=(("vladivostok-liner", -1.0, -2.0),)), Words(), 49, plain=True)
    assert max(map(columns, shown.splitlines())) <= 49
    assert shown.splitlines()[-1].split() == ["vladivostok-liner", "-1", "-2"]


@pytest.mark.parametrize("rate", [1.0, 6.9081, 0.0731])
def test_steps_that_are_shown_lead_from_one_sum_shown_to_the_next(rate):
    steps = [1.4, 0.4, 0.4, 250.49, 0.0, 0.4]
    sums = [sum(steps[: n + 1]) for n in range(len(steps))]
    heads = (*numbers("USD"), *numbers("+ USD", adds="steps"))
    shown = Table(columns=heads, rows=tuple(zip(sums, steps, strict=True)))
    told = [
        [int(cell.replace(",", "")) for cell in row]
        for row in shown.texts(Words(currency=Currency(code="XXX", per_usd=rate, year=2019)))
    ]
    assert [step for _, step in told] == [after - before for before, after in pairwise([0, *(one for one, _ in told)])]


def test_two_columns_of_text_are_broken_where_it_costs_the_fewest_lines():
    """One long value among short ones does not press names, each of which is long, into a narrow column."""
    columns = (Column(heading="figure"), Column(heading="value"), *numbers("of the money"))
    names = [f"dwell hours, ports of country {n}, out" for n in range(9)]
    rows = tuple((name, "1,165 + 5.19 a km, CNY of 2026" if n == 4 else "58 h", 1.0) for n, name in enumerate(names))
    lines = table_text(Table(columns=columns, rows=rows), Words(), 68).splitlines()
    assert max(map(len, lines)) <= 68
    assert len(lines) == 2 + len(rows) + 1  # heads, a rule, and one value in two lines
    assert all(any(name in line for line in lines) for name in names)


def test_per_cent_stands_at_once_but_in_russian():
    russian = Words(language="ru")
    assert [one.share(0.891) for one in (Words(), Words(language="zh"), Words(language="ja"), russian)] == [
        "89%", "89%", "89%", "89\N{NO-BREAK SPACE}%",
    ]  # fmt: skip
    assert russian.share(-0.5, 1, sign=True) == "-50,0\N{NO-BREAK SPACE}%"


@pytest.mark.parametrize("letter", ["x", "é", "哈"])
def test_a_word_of_ten_thousand_letters_is_broken_at_the_width_and_no_letter_is_lost(letter):
    shown = Table(columns=(Column(heading="a"), Column(heading="b")), rows=(("1", letter * 10_000),))
    _, _, *lines = table_text(shown, Words(), 80).splitlines()
    assert "".join(lines).count(letter) == 10_000
    wide = {columns(line) for line in lines[:-1]}
    assert len(wide) == 1
    assert 79 <= wide.pop() <= 80
