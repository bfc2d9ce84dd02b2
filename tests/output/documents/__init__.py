"""Tests of documents for Word and as PDF."""
