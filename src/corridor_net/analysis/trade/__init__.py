"""What trade there is and could be, by kind of goods and pair of places."""
