"""Tests of reading a data package."""
