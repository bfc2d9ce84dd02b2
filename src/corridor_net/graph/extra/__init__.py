"""What no question asks: searches for users with weights of their own, public with the extra `fast`.

Routes that overlap little, fronts of many pairs, and weightings that come as rows. They are described in docs/graph.md,
held to networkx by tests, and timed beside other programs; nothing else in the package imports them.
"""
