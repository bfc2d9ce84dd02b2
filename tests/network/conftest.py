"""The tiny network in files that a test may edit."""

from __future__ import annotations

import pytest


@pytest.fixture
def small(tmp_path, write_tiny):
    """The tiny network in a folder of its own."""
    return write_tiny(tmp_path / "small")
