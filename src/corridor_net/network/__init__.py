"""What is there: the tables of the network, read, checked and seen as of a day. No prices, no search."""

from .network import Network, parse_day

__all__ = ["Network", "parse_day"]
