"""The commands that are no questions: a file each, whose function `run` tells its parameters by `Ask`."""
