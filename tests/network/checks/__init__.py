"""Tests of the named checks of a network."""
