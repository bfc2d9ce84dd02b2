"""The study as a workbook: compared on its main baseline, appraised, and written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor_net.model import Model


def workbook_of(
    model: Model,
    scenarios: Sequence[str] = (),
    destinations: Sequence[str] = (),
    *,
    language: str = "en",
    line: str = "",
) -> dict[str, bytes]:
    """Return the workbook of the study of a model by file name, in a language: its main baseline, or the model's day.

    Scenarios, and those of the model, take the place of the study's. `line` is the command that gives the same.
    Raises as `run`.
    """
    from corridor_net import __version__
    from corridor_net.analysis.compare import compare
    from corridor_net.languages import catalogue, words_for
    from corridor_net.output.documents.document import made_words
    from corridor_net.output.studies.workbook import study_workbook
    from corridor_net.questions.asked.study import study_for
    from corridor_net.uncertainty.studies.paying import paying
    from corridor_net.uncertainty.studies.study import drawing, main_uncertainty

    catalogue(language)  # an unknown language is told before anything is computed
    study = study_for(model, (), scenarios=scenarios, destinations=destinations, main_only=True)
    made = compare(study, model.base, schedule=model.options.schedule)
    make = drawing(made)
    words = words_for(*(run.router.network for run in made.runs), language=language)
    told = made_words(made.main.router.network.day, line, __version__) if line else None
    return study_workbook(made, main_uncertainty(made, make), paying(made, make), words, told)
