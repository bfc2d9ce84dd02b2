"""What belongs with what among upgrades: which extend, require or exclude each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corridor_net.errors import ScenarioError
from corridor_net.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What belongs with what: `extends`, `requires` and `conflicts` of the upgrades, as bits.

    `free`: nothing extends or requires another.
    """

    extended: tuple[int, ...]
    required: tuple[tuple[int, ...], ...]
    conflicts: tuple[int, ...]
    free: bool

    @classmethod
    def of(cls, upgrades: Sequence[Scenario]) -> Rules:
        """Read them; ScenarioError when one requires what is not among the upgrades."""
        extended, required, conflicts = [], [], []
        for number, upgrade in enumerate(upgrades):
            extended.append(
                sum(1 << other for other, u in enumerate(upgrades) if u.name in upgrade.lineage or other == number)
            )
            needs = []
            for name in upgrade.requires:
                if name in upgrade.lineage:
                    continue
                having = sum(1 << other for other, u in enumerate(upgrades) if name in u.lineage)
                if not having:
                    raise ScenarioError(
                        f"upgrade '{upgrade.name}' requires '{name}', which is not among the upgrades",
                        hint=f"add --scenario {name}",
                    )
                needs.append(having)
            required.append(tuple(needs))
            conflicts.append(
                sum(
                    1 << other
                    for other, u in enumerate(upgrades)
                    if other != number and (set(upgrade.conflicts) & set(u.lineage))
                )
            )
        both = [
            mask | sum(1 << other for other, theirs in enumerate(conflicts) if theirs >> number & 1)
            for number, mask in enumerate(conflicts)
        ]
        free = not any(required) and all(mask == 1 << number for number, mask in enumerate(extended))
        return cls(extended=tuple(extended), required=tuple(required), conflicts=tuple(both), free=free)

    def closed(self, mask: int) -> int:
        """Return a set with what its members extend."""
        whole = mask
        for number, extended in enumerate(self.extended):
            if mask >> number & 1:
                whole |= extended
        return whole

    def effective(self, mask: int) -> int:
        """Return the set with what it extends, without members that lack what they require."""
        if self.free:
            return mask
        whole = self.closed(mask)
        while True:
            lacking = self.lacking(whole)
            if not lacking:
                return whole
            whole &= ~lacking

    def lacking(self, mask: int) -> int:
        """Return the members, as bits, that miss something they require, or extend one that does."""
        bad = 0
        for number, needs in enumerate(self.required):
            if mask >> number & 1 and any(not mask & having for having in needs):
                bad |= 1 << number
        for number, extended in enumerate(self.extended):
            if mask >> number & 1 and extended & bad:
                bad |= 1 << number
        return bad

    def allowed(self, mask: int) -> bool:
        """Whether the members can stand together: nothing lacking, no conflict."""
        whole = self.closed(mask)
        fights = any(whole >> number & 1 and whole & others for number, others in enumerate(self.conflicts))
        return not fights and not self.lacking(whole)

    def refuse_conflicts(self, upgrades: Sequence[Scenario]) -> None:
        """Raise ScenarioError naming two upgrades that conflict."""
        for number, others in enumerate(self.conflicts):
            for other in range(number):
                if others >> other & 1:
                    raise ScenarioError(
                        f"upgrades '{upgrades[other].name}' and '{upgrades[number].name}' cannot coexist",
                        hint="leave one of them out: their joint effect does not exist",
                    )
