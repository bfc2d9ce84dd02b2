"""Questions about how sure answers are, and which figures they hang on."""
