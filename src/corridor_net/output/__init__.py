"""Results as files and text: GeoJSON, CSV, manifest, printed tables. Computes nothing of the model."""
