"""Tests of files as people's tools write them."""
