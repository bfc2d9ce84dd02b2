"""What figures are called where people read them: names in place of ids. No values, no sources."""

from __future__ import annotations

from functools import cached_property

from corridor_net.network import Network
from corridor_net.render.names import names_of
from corridor_net.render.words import Words, figure_words, spaced

__all__ = ["Labels", "spaced"]


class Labels:
    """The names of the figures of a network, by the keys of `costing.parameters` and of what converts amounts."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def of(self, key: str) -> str:
        """Return what a figure is called.

        >>> Labels(Network.from_folder()).of("exchange_rate:CNY:2018")
        'exchange rate of CNY, 2018'
        """
        return self._words.text(figure_words(key))

    @cached_property
    def _words(self) -> Words:
        return Words(names=names_of(self.network))
