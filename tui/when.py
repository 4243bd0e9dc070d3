"""A moment as a person types it: ``06:00``, ``8h``, ``2023-12-03T06:00Z``. Always UTC. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from tui.clock import DAY, FIRST, HOUR, MINUTE
from tui.model import Timestamp

FORMS: Final = "06:00, 8h, 2023-12-03 06:00"
"""What is understood, by examples: half a line, for a prompt has room for no more."""

UNDERSTOOD: Final = f"say {FORMS}"

_SIZES: Final = {"s": 1.0, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY}
_AGE: Final = re.compile(r"-?(\d{1,6}(?:\.\d{1,3})?) ?([smhdw])(?: ago)?")
_HOUR: Final = re.compile(r"(\d{1,2}):(\d{2})Z?")
_FORMS: Final = ("%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S")


def moment(typed: str, now: Timestamp) -> Timestamp:
    """The moment that is meant, seen from ``now``: an hour alone is the last time that it was so late.

    Raises ``ValueError``, with what would be understood.
    """
    words = typed.strip()
    if match := _AGE.fullmatch(words):
        return max(FIRST, now - float(match[1]) * _SIZES[match[2]])
    if match := _HOUR.fullmatch(words):
        hours, minutes = int(match[1]), int(match[2])
        if hours < 24 and minutes < 60:
            today = now // DAY * DAY + hours * HOUR + minutes * MINUTE
            return today if today <= now else today - DAY
    for form in _FORMS:
        try:
            return datetime.strptime(words.removesuffix("Z"), form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue  # not in this form: the next
    raise ValueError(f"{typed!r} is no time: {UNDERSTOOD}")
