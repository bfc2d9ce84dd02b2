"""Tests of the door for timetables of the GTFS format: services with their days and hours."""
