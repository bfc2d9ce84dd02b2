"""Tests of reading, keys, names, drawings and the named checks, and what they share."""
