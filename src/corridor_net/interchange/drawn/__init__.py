"""Doors for drawn lines: nodes where they meet, seas with their ports, OpenStreetMap."""
