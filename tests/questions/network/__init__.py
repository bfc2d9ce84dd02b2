"""Tests of `questions.network`."""
