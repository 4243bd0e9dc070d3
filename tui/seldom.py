"""Keeps what is told again and again from filling the log."""

from __future__ import annotations

import time
from typing import Final

MANY: Final = 1000
"""Different words that are kept: those that are never the same twice must not add up."""


class Seldom:
    """Says whether something is to be told now: the same words once in so many seconds of the machine."""

    def __init__(self, every: float) -> None:
        self._every = every
        self._silent_until: dict[tuple[str, ...], float] = {}

    def due(self, *words: str) -> bool:
        """Whether they are; then not again for a while."""
        now = time.monotonic()
        if now < self._silent_until.get(words, 0.0):
            return False
        if len(self._silent_until) >= MANY:
            self._silent_until.clear()
        self._silent_until[words] = now + self._every
        return True
