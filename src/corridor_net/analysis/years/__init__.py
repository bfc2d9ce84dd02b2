"""Answers over years: what a project is worth, and what moved cost and gateway from year to year."""
