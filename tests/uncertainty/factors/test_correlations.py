"""The table of correlations: read, or refused with the line of what is wrong."""

import pytest

from corridor_net.errors import BadFile, BadValue
from corridor_net.uncertainty.factors.correlations import read_correlations
from corridor_net.uncertainty.factors.distributions import checked_correlations

HEAD = "figure_a,figure_b,correlation\n"


def written(tmp_path, text):
    path = tmp_path / "c.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_columns_may_stand_in_any_order_and_cells_have_space_around(tmp_path):
    path = written(tmp_path, "correlation, figure_b ,figure_a\n 0.5 ,y, x\n\n-0.25,z,x\n")
    assert read_correlations(path) == {("x", "y"): 0.5, ("x", "z"): -0.25}


@pytest.mark.parametrize(
    ("text", "word", "line"),
    [
        ("a,b\n", "columns", 1),
        ("", "lacks the column", 1),
        ("figure_a,figure_b,figure_b,correlation\n", "twice", 1),
        (f"{HEAD}x,y,2\n", "correlation of '2'", 2),
        (f"{HEAD}x,y,\n", "correlation of ''", 2),
        (f"{HEAD}x,y,nan\n", "correlation of 'nan'", 2),
        (f"{HEAD}x,y,0,5\n", "4 cells, the header 3", 2),
        (f"{HEAD}x,y\n", "2 cells, the header 3", 2),
        (f"{HEAD}x,y,0.5\n\ny,x,0.4\n", "y and x stand twice", 4),
        (f"{HEAD}x,y,{'0' * 200_000}\n", "longer than", 2),
        (f'{HEAD}x,"y,0.5\n', "never ends", 2),
        (f"{HEAD}x,y\x1b,0.5\n", "control character", 2),
    ],
)
def test_what_is_no_table_of_correlations_is_named_with_its_line(tmp_path, text, word, line):
    with pytest.raises((BadFile, BadValue)) as caught:
        read_correlations(written(tmp_path, text))
    assert word in str(caught.value)
    assert caught.value.place.line == line


def test_a_figure_that_is_not_there_is_named_with_its_line(tmp_path):
    read = read_correlations(written(tmp_path, f"{HEAD}x,y,0.5\nx,spede,0.5\n"))
    with pytest.raises(BadValue, match="unknown figure 'spede'") as caught:
        checked_correlations(read, ("x", "y", "speed"))
    assert (caught.value.place.line, caught.value.place.column) == (3, 3)
    assert "speed" in caught.value.hint


def test_a_table_that_is_not_there_is_named(tmp_path):
    with pytest.raises(BadFile, match="there is no file"):
        read_correlations(tmp_path / "none.csv")
