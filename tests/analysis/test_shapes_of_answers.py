"""The documented JSON: what each answer calls its fields, in which unit, with how many digits, and what it hides."""

import pkgutil
from dataclasses import fields, is_dataclass
from importlib import import_module

import corridor_net.analysis
from corridor_net.results import json_name


def test_units_digits_and_names_of_every_answer_are_those_that_were_said(golden):
    lines = set()
    for found in pkgutil.walk_packages(corridor_net.analysis.__path__, "corridor_net.analysis."):
        for made in vars(import_module(found.name)).values():
            if isinstance(made, type) and is_dataclass(made) and made.__module__ == found.name:
                lines |= {f"{found.name.split('.', 2)[2]}.{made.__name__}.{told}" for told in shape_of(made)}
    golden("shapes_of_answers.txt", "".join(f"{line}\n" for line in sorted(lines)))


def shape_of(made):
    """Return each field that is made by `measure`: its name in JSON, then what else was said of it."""
    for one in fields(made):
        told = {key: value for key, value in one.metadata.items() if key != "name" and value not in ("", None, False)}
        if one.metadata:
            yield " ".join((json_name(one), *(f"{key}={value}" for key, value in told.items())))
