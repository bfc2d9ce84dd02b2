"""Looking into a compiled network."""


def arc(compiled, key):
    return next(a for a in compiled.arcs if a.key == key)


def amounts(step):
    found = {}
    for part in step.parts:
        key = (part.component, part.quantity)
        found[key] = found.get(key, 0.0) + part.amount
    return found
