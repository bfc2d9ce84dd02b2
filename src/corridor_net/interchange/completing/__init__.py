"""What every door leaves to be filled in: ids, borders, costs, terminals; and what the numbers say of their units."""
