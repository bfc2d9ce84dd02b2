"""The notebooks run from top to bottom and still say what they show."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "docs" / "notebooks").glob("*.ipynb"))


def shown(notebook):
    """What each cell shows, printed portions joined, without addresses in memory."""
    found = []
    for cell in (cell for cell in notebook.cells if cell.cell_type == "code"):
        printed = "".join(output["text"] for output in cell.outputs if output.output_type == "stream")
        values = [output["data"] for output in cell.outputs if "data" in output]
        texts = [printed, *(value.get("text/html") or value["text/plain"] for value in values)]
        found.append([re.sub(r"0x[0-9a-f]+", "", text) for text in texts])
    return found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_it_says(path, tmp_path, request):
    stored = nbformat.read(path, as_version=4)
    fresh = nbformat.read(path, as_version=4)
    NotebookClient(fresh, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
    if request.config.getoption("--renew-golden"):
        for cell in fresh.cells:
            cell.metadata.pop("execution", None)
        fresh.metadata = stored.metadata
        nbformat.write(fresh, path)
        stored = fresh
    assert shown(fresh) == shown(stored)


def test_there_are_two():
    assert len(NOTEBOOKS) == 2
