"""Many weightings of a small network, side by side, and what they are made of."""
