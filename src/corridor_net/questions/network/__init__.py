"""Questions about the whole network: who reaches what, what carries it, what is full."""
