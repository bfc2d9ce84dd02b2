"""What pairs and runs cost under each draw, by rival routes or by a search of the whole network."""
