"""Questions about what answers rest on, and what was published or happened."""
