"""What works cost an economy, against what is paid for them: taxes, labour, and what does not cross a border."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from corridor_net.errors import BadValue, did_you_mean


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowPrices:
    """Shares of what is paid for works and their upkeep, and shadow prices, in border prices.

    Of a dollar paid, `taxes` are a transfer; `labour` goes to unskilled work, which costs the economy `wage` of it;
    `traded` buys what crosses borders and stands as it is; the rest, and labour, counts by the standard conversion
    factor `scf` (one over the shadow exchange rate factor). Grades stand in docs/appraisal.md. Raises BadValue for
    shares that are none or come to more than 1, and factors not above 0.
    """

    taxes: float = 0.069
    labour: float = 0.20
    wage: float = 0.80
    traded: float = 0.30
    scf: float = 1.0

    def __post_init__(self) -> None:
        """Check shares and factors."""
        for name in ("taxes", "labour", "traded"):
            if not 0 <= getattr(self, name) <= 1:
                raise BadValue(f"the share of {name} is {getattr(self, name):g}", hint="a share from 0 to 1")
        for name in ("wage", "scf"):
            if not 0 < getattr(self, name) <= MOST:
                raise BadValue(
                    f"the shadow price '{name}' is {getattr(self, name):g}", hint=f"above 0, {MOST:g} at most"
                )
        if self.taxes + self.labour + self.traded > 1 + 1e-12:
            raise BadValue("taxes, labour and traded goods come to more than all that is paid", hint="at most 1 in all")

    @property
    def factor(self) -> float:
        """What a dollar that is paid costs the economy.

        >>> round(ShadowPrices().factor, 3)
        0.891
        """
        other = 1 - self.taxes - self.labour - self.traded
        return self.traded + (other + self.labour * self.wage) * self.scf

    @property
    def parts(self) -> dict[str, float]:
        """What of a dollar that is paid costs the economy nothing, by why; below 0 where it costs more."""
        untraded = 1 - self.taxes - self.labour - self.traded + self.labour * self.wage
        return {
            "taxes and duties (transfer)": self.taxes,
            "labour paid above its shadow wage": self.labour * (1 - self.wage),
            "standard conversion factor": untraded * (1 - self.scf),
        }


MOST = 10.0
"""A factor above it is taken for a mistake."""
AT_MARKET = ShadowPrices(taxes=0.0, labour=0.0, wage=1.0, traded=1.0)
"""Everything costs what is paid for it."""
SHADOW = ShadowPrices()
"""What is taken where nothing is said."""


def shadow_of(given: Sequence[str]) -> ShadowPrices:
    """Return the shadow prices of `NAME=VALUE`, the others as usual; `none` alone is market prices.

    >>> round(shadow_of(["labour=0.5", "taxes=0"]).factor, 3), shadow_of(["none"]).factor
    (0.9, 1.0)
    """
    if tuple(given) == ("none",):
        return AT_MARKET
    names = [field.name for field in fields(ShadowPrices)]
    found: dict[str, float] = {}
    for text in given:
        name, separator, value = (part.strip() for part in text.partition("="))
        if not separator or name not in names:
            hint = did_you_mean(name, names, otherwise=f"one of {', '.join(names)}, as --shadow wage=0.8; or none")
            raise BadValue(f"'{text}' is no shadow price", hint=hint)
        if name in found:
            raise BadValue(f"the shadow price '{name}' is given twice")
        try:
            found[name] = float(value)
        except ValueError:
            raise BadValue(f"the shadow price '{name}' is '{value}'", hint="a number, as --shadow wage=0.8") from None
    return replace(SHADOW, **found)
