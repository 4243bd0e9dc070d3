"""How things stand: the nouns of posture and outage, for the rules, the store and the screens. Pure."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple

from tui.model import Timestamp

POSTURE: Final = "posture"
ACTIVE: Final = "active"
COVERAGE: Final = "coverage"
COLLECTOR: Final = "collector"
"""Kinds of a standing."""
OVER: Final = "over"
"""State of a side that is active on several fronts no more; while it is, its state is ACTIVE."""
FRESH: Final = "fresh"
BLIND: Final = "blind"
"""States of a front's coverage."""
RUNNING: Final = "running"
STOPPED: Final = "stopped"
"""States of the collector."""
STORE: Final = "store"
"""Kind of the standing, and its one subject, that tells of the store itself."""
SOUND: Final = "sound"
DAMAGED: Final = "damaged"
"""States of the store: what it was found to be, when it was set aside and a new one was begun."""


class Posture(StrEnum):
    """How far a front is from its usual. Compare with :attr:`rank`, not as text."""

    USUAL = "usual"
    ELEVATED = "elevated"
    """More incidents than usual, or a critical one within the day."""
    SURGE = "surge"
    """Far more incidents than usual."""
    SEVERE = "severe"
    """A tripwire is met, or a surge has a critical incident in it."""

    @property
    def rank(self) -> int:
        """0 for usual to 3 for severe."""
        return ORDER.index(self)


ORDER: Final = tuple(Posture)
"""The postures, from the usual one up."""


class Standing(NamedTuple):
    """How something stands, since when and why."""

    kind: str
    """``posture`` or ``coverage`` of a front, ``active``: a side that is so on several, or ``collector``."""
    subject: str
    """Id of the front, name of the side, or ``collector``."""
    state: str
    """A :class:`Posture`; of a side ``active`` or ``over``, of coverage ``fresh`` or ``blind``."""
    since: Timestamp
    met: Timestamp
    """When its reasons last held."""
    words: str
    """The reasons in a sentence."""


class Event(NamedTuple):
    """A change of a standing: a posture, a side on several fronts, a front that went blind, an outage."""

    id: int
    at: Timestamp
    kind: str
    subject: str
    before: str
    """The state before."""
    state: str
    words: str
