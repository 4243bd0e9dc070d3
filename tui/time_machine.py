"""The steps of the time machine: which past minute a key or a typed time leads to. Pure."""

from __future__ import annotations

from typing import Final

from tui.model import Timestamp
from tui.when import moment

MINUTE: Final = 60.0

FORMS: Final = "06:00, 3h, 2023-12-15 04:00"
"""What :func:`past_minute` understands, by examples."""

STEPS: Final = {"minutes": 600.0, "hours": 3600.0, "days": 86_400.0}
"""Seconds of each step."""


def stepped(as_of: Timestamp | None, now: Timestamp, seconds: float) -> Timestamp | None:
    """The whole minute that a step leads to from ``as_of`` (None: from now); None where that is now."""
    return _before_now((now if as_of is None else as_of) + seconds, now)


def past_minute(typed: str, now: Timestamp) -> Timestamp | None:
    """The whole minute that a person means; None for now.

    Raises ``ValueError``, with what would be understood, in half a line.
    """
    if typed.strip().lower() == "now":
        return None
    try:
        meant = moment(typed, now)
    except ValueError:
        raise ValueError(f"Say {FORMS}") from None  # its own words are longer than a prompt has room for
    if meant > now:
        raise ValueError("That is yet to come")
    return _before_now(meant, now)


def _before_now(at: Timestamp, now: Timestamp) -> Timestamp | None:
    minute = at // MINUTE * MINUTE
    return minute if minute < now // MINUTE * MINUTE else None
