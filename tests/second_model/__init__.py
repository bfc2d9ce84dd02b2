"""A second model, to hold the product against: from the tables and docs/model.md alone, with networkx for the search.

It shares no code with the package. `tables` reads the files, `scenarios` lays changes over them, `model` makes the arcs
and finds the best ways; `product` is the one file that knows the package; `compare` asks both.
`python -m tests.second_model` asks every question; a sample runs with the other tests.
"""
