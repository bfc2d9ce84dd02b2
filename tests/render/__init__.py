"""Tests of what is printed: words, tables and their columns."""
