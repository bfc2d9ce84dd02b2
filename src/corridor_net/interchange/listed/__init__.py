"""Doors for networks given as lists: tables, frames, graphs, GMNS, and the formats of traffic assignment."""
