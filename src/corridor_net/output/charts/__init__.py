"""Charts: the marks they are made of, a drawing for each kind, as SVG, with matplotlib and as PNG. No computing."""
