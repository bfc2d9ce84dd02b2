"""Routes beside the best: by other gates, that no other beats, by what leaves when."""
