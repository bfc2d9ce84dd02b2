"""Tests of maps and of where answers lie."""
