"""A study: its file, with its baselines, scenarios and sweep loaded."""

from __future__ import annotations

from dataclasses import dataclass

from corridor_net.errors import UnknownName, did_you_mean

from .compose import Scenario
from .model import StudyFile
from .sweep import SweepAxis


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """A study file, with its baselines and scenarios loaded, and the axes of its sweep.

    >>> import corridor_net as cn
    >>> study = cn.load_study("longjiang-japan")
    >>> study.main_baseline.name, len(study.scenarios)
    ('baseline-2019', 9)
    """

    file: StudyFile
    baselines: tuple[Scenario, ...]
    scenarios: tuple[Scenario, ...]
    files: tuple[tuple[str, str], ...]
    sweep: tuple[SweepAxis, ...] = ()

    @property
    def name(self) -> str:
        """Name of the study."""
        return self.file.study

    @property
    def swept(self) -> tuple[Scenario, ...]:
        """The scenarios of its sweep."""
        return tuple(stop.scenario for axis in self.sweep for stop in axis.stops if stop.scenario is not None)

    @property
    def main_baseline(self) -> Scenario:
        """The baseline shown first."""
        wanted = self.file.main_baseline
        for baseline in self.baselines:
            if wanted in (None, baseline.name):
                return baseline
        known = [baseline.name for baseline in self.baselines]
        raise UnknownName(
            f"main_baseline '{wanted}' is not one of the baselines", hint=did_you_mean(str(wanted), known)
        )
