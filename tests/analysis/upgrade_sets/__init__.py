"""Tests of the questions a planner asks."""
