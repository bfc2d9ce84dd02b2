"""Tests of questions, by Python and by command."""
