"""The shortest routes of one weighting: in plain Python, compiled, by scipy."""
