"""Published claims under draws: draws steered towards them, weighed, and each claim foretold from the others."""
