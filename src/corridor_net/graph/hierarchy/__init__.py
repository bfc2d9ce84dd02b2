"""A hierarchy of the nodes of a large network, weighed and asked one weighting at a time."""
