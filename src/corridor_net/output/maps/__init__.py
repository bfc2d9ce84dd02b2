"""Maps: where answers and networks lie, as GeoJSON and as drawings, on the coast they rest on. No search."""
