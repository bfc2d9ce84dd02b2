"""Values counted in narrow bins, which add up whoever counted them."""
