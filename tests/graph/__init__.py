"""Tests of the searches, and the oracles they share."""
