"""Which figures matter most for an answer, from draws or by designs of their own."""
