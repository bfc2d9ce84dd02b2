"""Tests of files: maps, tables, charts, and runs written whole or not at all."""
