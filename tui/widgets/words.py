"""How figures are written for a person: ages, times, sparks, signs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from tui.model import Severity, Timestamp

SIGNS: Final = {
    Severity.CRITICAL: "▲ C",
    Severity.HIGH: "◆ H",
    Severity.MEDIUM: "● M",
    Severity.LOW: "· L",
}
"""Shape and letter of a severity: colour is never the only sign."""

CONTEXT_SIGN: Final = "– –"
"""Stands where a severity would, for what is no incident."""

TYPE_WORDS: Final = {
    "air-strike": "strike",
    "rocket-missile": "rockets",
    "interception": "intercept",
    "ied": "bomb",
    "other": "attack",
}
"""Types whose own name is too long, or says too little, for a row; the incident's page has the name."""

DAY: Final = 86_400.0

SPARKS: Final = "▁▂▃▄▅▆▇█"


def age(seconds: float) -> str:
    """At most four characters, as ``12s``, ``90m``, ``5h``, ``9d``, ``14w``; a time to come is ``0s``."""
    seconds = max(0.0, seconds)
    for size, unit in ((604_800, "w"), (86_400, "d"), (3_600, "h"), (60, "m")):
        # Minutes up to two hours and hours up to two days say more than a rounded "1h", "1d".
        if seconds >= (size if unit in "m" else 2 * size):
            return f"{int(seconds // size)}{unit}"
    return f"{int(seconds)}s"


def row_age(seconds: float) -> str:
    """As :func:`age`, but in minutes at the finest: a row is not redrawn to age."""
    return "now" if seconds < 60 else age(seconds)


def zulu(timestamp: Timestamp, now: Timestamp | None = None) -> str:
    """``18:42Z``; of what is a day or more from ``now`` the date, ``01 Dec``, in another year ``Dec 23``.

    Six characters all.
    """
    moment = datetime.fromtimestamp(timestamp, UTC)
    if now is None or abs(now - timestamp) < DAY:
        return moment.strftime("%H:%MZ")
    this_year = moment.year == datetime.fromtimestamp(now, UTC).year
    return moment.strftime("%d %b" if this_year else "%b %y")


def full_zulu(timestamp: Timestamp) -> str:
    """``1 Dec 2023 18:42Z``."""
    moment = datetime.fromtimestamp(timestamp, UTC)
    return f"{moment.day} {moment.strftime('%b %Y %H:%MZ')}"


def local(timestamp: Timestamp, zone: str) -> str:
    """``20:42`` in that zone."""
    return datetime.fromtimestamp(timestamp, ZoneInfo(zone)).strftime("%H:%M")


def spark(counts: Sequence[int]) -> str:
    """One block a bucket, scaled to the highest; an empty bucket is the lowest block."""
    top = max(counts, default=0)
    if top <= 0:
        return SPARKS[0] * len(counts)
    return "".join(SPARKS[-(-count * (len(SPARKS) - 1) // top)] for count in counts)


def fold_hours(counts: Sequence[int], buckets: int) -> list[int]:
    """The counts summed into fewer buckets, as even as they go, so that a narrow pane can show them."""
    if buckets <= 0:
        return []
    if buckets >= len(counts):
        return list(counts)
    edges = [round(index * len(counts) / buckets) for index in range(buckets + 1)]
    return [sum(counts[start:end]) for start, end in pairwise(edges)]


def plural(count: int, one: str, many: str = "") -> str:
    """``1 report``, ``3 reports``."""
    return f"{count} {one if count == 1 else many or one + 's'}"
