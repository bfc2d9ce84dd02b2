"""Questions about one pair, or many: its best way, what it costs, emits and keeps to."""
