"""A data package read and checked: its description, its rows, their keys."""
