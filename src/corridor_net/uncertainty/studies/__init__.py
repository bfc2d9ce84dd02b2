"""A whole study under draws: its scenarios in pairs, and what they are worth over years."""
