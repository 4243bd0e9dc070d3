"""How figures are written for a person: ages, times, sparks, signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from tui.incidents.attention import GRAVE
from tui.model import Severity, Timestamp
from tui.words import age as age
from tui.words import day as day
from tui.words import full_zulu as full_zulu
from tui.words import plural as plural
from tui.words import zulu as zulu

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

SPARKS: Final = "▁▂▃▄▅▆▇█"


def long_age(seconds: float) -> str:
    """In two units, as ``14 min``, ``2 h 10 min``, ``3 d 2 h``; under a minute ``0 min``."""
    minutes = int(max(0.0, seconds) // 60)
    hours, days = minutes // 60, minutes // 1440
    if days:
        return f"{days} d {hours % 24} h" if hours % 24 else f"{days} d"
    if hours:
        return f"{hours} h {minutes % 60} min" if minutes % 60 else f"{hours} h"
    return f"{minutes} min"


def row_age(seconds: float) -> str:
    """As :func:`age`, but of three characters at most, and minutes at the finest: no row is drawn to age."""
    if seconds < 60:
        return "now"
    return "1h" if 6_000 <= seconds < 7_200 else age(seconds)


def when(timestamp: Timestamp, now: Timestamp) -> str:
    """Time and age in ten characters, ``18:42Z  3m``, ``01 Dec 40w``; of another year the date alone."""
    told = zulu(timestamp, now)
    return told if len(told) == 10 else f"{told} {row_age(now - timestamp):>3}"


def local(timestamp: Timestamp, zone: str) -> str:
    """``20:42`` in that zone."""
    return datetime.fromtimestamp(timestamp, ZoneInfo(zone)).strftime("%H:%M")


def spark(counts: Sequence[int]) -> str:
    """One block a bucket, scaled to the highest; an empty bucket is the lowest block."""
    top = max(counts, default=0)
    if top <= 0:
        return SPARKS[0] * len(counts)
    return "".join(SPARKS[-(-count * (len(SPARKS) - 1) // top)] for count in counts)


def new_forms(new: Mapping[Severity, int]) -> tuple[str, ...]:
    """How much is new and how bad, the longest form first: ``7 new: 1 critical, 2 high``, ``7 new ▲1 ◆2``."""
    if not new:
        return ("nothing new",)
    grave = [severity for severity in GRAVE if severity in new]
    words, count = ", ".join(f"{new[severity]} {severity}" for severity in grave), f"{sum(new.values())} new"
    signs = " ".join(f"{SIGNS[severity][0]}{new[severity]}" for severity in grave)
    return (f"{count}: {words}", f"{count} {signs}") if grave else (count,)


def fold_hours(counts: Sequence[int], buckets: int) -> list[int]:
    """The counts summed into fewer buckets, as even as they go, so that a narrow pane can show them."""
    if buckets <= 0:
        return []
    if buckets >= len(counts):
        return list(counts)
    edges = [round(index * len(counts) / buckets) for index in range(buckets + 1)]
    return [sum(counts[start:end]) for start, end in pairwise(edges)]
