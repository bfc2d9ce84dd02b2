"""A disk that is full: one message and exit code 2, what was there before is whole, and nothing is left behind."""

import resource
from contextlib import contextmanager

import pytest


@contextmanager
def files_at_most(size):
    """Let no file of this process grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("kind", ["geojson", "csv", "gmns", "gpkg", "geoparquet"])
@pytest.mark.parametrize("size", [10, 500])
def test_an_export_that_has_no_room(cli, tiny_folder, tmp_path, kind, size):
    out = tmp_path / "o"
    asked = (
        "export",
        "--geodata",
        tiny_folder,
        "--as-of",
        "2019-07-01",
        "--format",
        kind,
        "--out",
        out,
        *(("--to", "golf") if kind in ("gpkg", "geoparquet") else ()),
    )
    assert cli(*asked).code == 0
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with files_at_most(size):
        done = cli(*asked)
    assert done.code == 2
    assert f"error: cannot write to '{out}'" in done.err
    assert "  = " in done.err
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
