"""Pairs that tests of routes ask for."""

from __future__ import annotations

PAIRS = [("harbin", "niigata"), ("hunchun", "tokyo"), ("heihe", "mk_sapporo"), ("manzhouli", "sakaiminato")]
