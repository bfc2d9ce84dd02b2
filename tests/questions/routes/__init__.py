"""Tests of `questions.routes`."""
