"""The steps of the time machine: which past minute a key or a typed time leads to. Pure."""

from __future__ import annotations

from typing import Final

from tui.clock import DAY, HOUR, MINUTE
from tui.model import Timestamp
from tui.when import FORMS, moment

STEPS: Final = {"minutes": 10 * MINUTE, "hours": HOUR, "days": DAY}
"""Seconds of each step."""


def stepped(as_of: Timestamp | None, now: Timestamp, seconds: float) -> Timestamp | None:
    """The whole minute that a step leads to from ``as_of`` (None: from now); None where that is now."""
    return _before_now((now if as_of is None else as_of) + seconds, now)


def past_minute(typed: str, now: Timestamp) -> Timestamp | None:
    """The whole minute that a person means; None for now.

    Raises ``ValueError``, with what would be understood.
    """
    if typed.strip().lower() == "now":
        return None
    try:
        meant = moment(typed, now)
    except ValueError:
        raise ValueError(f"Say {FORMS}") from None
    if meant > now:
        raise ValueError("That is yet to come")
    return _before_now(meant, now)


def _before_now(at: Timestamp, now: Timestamp) -> Timestamp | None:
    minute = at // MINUTE * MINUTE
    return minute if minute < now // MINUTE * MINUTE else None
