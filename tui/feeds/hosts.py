"""What one host may be asked at a time: places, rests that it asked for, and a circuit breaker. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui.model import Timestamp

BREAK_AFTER: Final = 3
"""Polls in a row that could not reach a host, after which it is asked by one feed at a time."""
PROBE_FIRST: Final = 60.0
"""Seconds to the first such probe; each further one waits twice as long, up to"""
PROBE_LAST: Final = 900.0
"""seconds."""


@dataclass(slots=True)
class _Host:
    under_way: int = 0
    rest_until: Timestamp = 0.0
    missed: int = 0
    """Polls in a row that could not reach it."""
    probe_at: Timestamp = 0.0

    @property
    def broken(self) -> bool:
        return self.missed >= BREAK_AFTER


class Hosts:
    """The hosts of a watch. Feeds of one host share its places, its rests and its breaker."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._hosts: dict[str, _Host] = {}

    def begin(self, host: str, now: Timestamp, *, by_hand: bool = False) -> bool:
        """Take a place at ``host`` for a poll, if there is one now; give it back with :meth:`end`.

        A poll by hand need not wait for the next probe of a host that does not answer; but a rest that a
        server asked for is kept to.
        """
        state = self._hosts.setdefault(host, _Host())
        if now < state.rest_until or state.under_way >= (1 if state.broken else self._places):
            return False
        if state.broken and now < state.probe_at and not by_hand:
            return False
        state.under_way += 1
        return True

    def end(self, host: str, now: Timestamp, *, reached: bool | None) -> bool:
        """The poll is over; ``reached``: whether its host was, None where nobody can say.

        Returns whether that was the success after which a host that did not answer has its full speed again.
        """
        state = self._hosts[host]
        state.under_way -= 1
        if reached is None:
            return False
        if reached:
            mended, state.missed = state.broken, 0
            return mended
        state.missed += 1
        if state.broken:
            wait = PROBE_FIRST * 2.0 ** min(state.missed - BREAK_AFTER, 8)
            state.probe_at = now + min(wait, PROBE_LAST)
        return False

    def rest(self, host: str, until: Timestamp) -> None:
        """Ask nothing of ``host`` until then."""
        state = self._hosts.setdefault(host, _Host())
        state.rest_until = max(state.rest_until, until)

    def probe_at(self, host: str) -> Timestamp | None:
        """When a host that does not answer is asked again; None for one that does."""
        state = self._hosts.get(host)
        return state.probe_at if state is not None and state.broken else None

    def forgive(self) -> None:
        """What could not be reached was our own network's fault: count anew."""
        for state in self._hosts.values():
            state.missed = 0
