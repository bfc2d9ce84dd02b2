"""What people call the rows of a network: see `render.names`."""

from corridor_net.render.names import listed, names_of

__all__ = ["listed", "names_of"]
