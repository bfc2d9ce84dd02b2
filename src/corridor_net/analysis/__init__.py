"""Questions answered, one module each: route, compare, access, validate. No drawing, no printing."""
