"""What is to be drawn, small enough to be sent to a worker: the runs of a study and a seed, with the hash of it all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from corridor_net import __version__
from corridor_net.analysis.compare import Comparison
from corridor_net.errors import BadValue
from corridor_net.uncertainty.ensembles.ensemble import Ensemble
from corridor_net.uncertainty.ensembles.runs import ChoiceSetRun, SearchedRun
from corridor_net.uncertainty.ensembles.searched import can_search
from corridor_net.uncertainty.factors.draws import Factors


@dataclass(frozen=True, eq=False, kw_only=True)
class Job:
    """A study to be drawn: its runs, baselines first, and the seed. `key` hashes all that decides the answer."""

    study: str
    destinations: tuple[str, ...]
    seed: int
    correlations: dict[tuple[str, str], float]
    runs: tuple[ChoiceSetRun | SearchedRun, ...]

    @classmethod
    def of(
        cls,
        comparison: Comparison,
        *,
        destinations: Sequence[str] | None = None,
        seed: int = 1,
        correlations: Mapping[tuple[str, str], float] | None = None,
        exact: bool = False,
    ) -> Job:
        """Prepare every pair of every run: all origins to `destinations` (the study's focus).

        `exact` searches the whole network in every draw; otherwise, and where that cannot be done (`can_search`), the
        rivals of every pair are found and the cheapest is taken.

        Raises BadValue for an unknown destination, for correlations of unknown figures or that contradict each other,
        and for a study with `evidence: published`, whose draws are an ensemble of their own.
        """
        if comparison.study.file.evidence != "none":
            raise BadValue(
                "long ensembles draw from the figures' own ranges, and the study has evidence: published",
                hint="set evidence: none in the study, or draw without a folder",
            )
        goals = tuple(dict.fromkeys(map(comparison.destination, destinations or (comparison.focus,))))
        jobs: list[ChoiceSetRun | SearchedRun] = []
        base: Ensemble | None = None
        exact = exact and can_search(comparison.main.router, compiled=True)
        for run in comparison.runs:
            pairs = [(o, goal) for o in comparison.origins for goal in goals if (o, goal) in run.trips and o != goal]
            if exact:
                if pairs:
                    jobs.append(SearchedRun.of(run.router, pairs, baseline=run.baseline, scenario=run.scenario))
                continue
            ensemble = Ensemble.of(run.router, pairs, base=base if run.scenario is not None else None)
            if run.scenario is None:
                base = ensemble
            if ensemble.pairs:
                jobs.append(ChoiceSetRun.of(run, ensemble))
        if not jobs:
            raise BadValue(f"no origin of the study reaches {', '.join(goals)}")
        job = cls(
            study=comparison.study.name,
            destinations=goals,
            seed=seed,
            correlations=dict(correlations or {}),
            runs=tuple(jobs),
        )
        known = {figure: distribution for one in jobs for figure, distribution in one.distributions.items()}
        Factors(known, seed, correlations)  # what contradicts itself is refused before anything is drawn
        return job

    @property
    def exact(self) -> bool:
        """Whether the whole network is searched in every draw."""
        return all(isinstance(run, SearchedRun) for run in self.runs)

    @cached_property
    def key(self) -> str:
        """SHA-256 of the job."""
        told = hashlib.sha256(f"{__version__} {self.study} {self.destinations} {self.seed}".encode())
        told.update(repr(sorted(self.correlations.items())).encode())
        for run in self.runs:
            told.update(type(run).__name__.encode())
            for content in run.identity():
                told.update(content)
        return told.hexdigest()
