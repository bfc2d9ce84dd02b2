"""Doors in: networks of other people's formats become data packages, with every assumption listed.

One way: a door reads (`Raw`) → ids, coordinates, units, costs (`complete`) → `Imported` → a folder, written whole.
"""
