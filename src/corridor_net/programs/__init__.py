"""Questions for other programs: their shapes as JSON Schema, their answers as JSON with the call that made them."""
