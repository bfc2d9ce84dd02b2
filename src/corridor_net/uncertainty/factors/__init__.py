"""What figures may be: their distributions, how they go together, and draws of them as factors."""
