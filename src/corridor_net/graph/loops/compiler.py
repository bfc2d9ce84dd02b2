"""Whether there is a compiler of loops; asking loads nothing."""

from importlib.util import find_spec


def can_compile() -> bool:
    """Return whether numba is there: an extra that makes searches faster and changes no answer."""
    return find_spec("numba") is not None
