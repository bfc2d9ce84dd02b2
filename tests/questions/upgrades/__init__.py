"""Tests of `questions.upgrades`."""
