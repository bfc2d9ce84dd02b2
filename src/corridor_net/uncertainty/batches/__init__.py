"""Draws of a study chunk by chunk, in one process or on a cluster, kept in files that prove themselves."""
