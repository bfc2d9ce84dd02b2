"""How loops are compiled and run: whether numba is there, vectors, threads, room that is used again."""
