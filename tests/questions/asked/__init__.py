"""Tests of `questions.asked`."""
