"""Questions answered, a module each, on routers and comparisons. No drawing, no printing."""
