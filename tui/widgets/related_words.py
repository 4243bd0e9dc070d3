"""The incidents related to one, as lines of its page that can be selected."""

from __future__ import annotations

from collections.abc import Sequence

from tui.model import Incident, Timestamp
from tui.store.related import Related
from tui.widgets.page import Lines
from tui.widgets.row import figures, subject
from tui.widgets.words import SIGNS, long_age, zulu

KEY = "incident "
"""What the key of such a block begins with; behind it the incident's id."""

SUBJECT = 30
"""Cells of what it was and where, at the most."""


def write_related(lines: Lines, incident: Incident, found: Sequence[Related], now: Timestamp) -> None:
    """A heading and a block of two lines for each."""
    if found:
        lines.heading("related within a day")
    for each in found:
        _write(lines, incident, each, now)


def _write(lines: Lines, incident: Incident, each: Related, now: Timestamp) -> None:
    ink, other = lines.ink, each.incident
    lines.begin_block(f"{KEY}{other.id}")
    sign = (SIGNS[other.severity], ink.severity[other.severity]) if other.severity else ("", ink.text)
    lines.add(
        sign,
        (f" {zulu(other.first_seen, now)} ", ink.muted),
        *lines.name(subject(other, SUBJECT), ink.strong),
        (f"  {_apart(incident, each)}  {figures(other, now)}", ink.muted),
    )
    lines.text(other.headline, ink.text, indent=2, most=2)
    lines.end_block()


def _apart(incident: Incident, each: Related) -> str:
    """``2 h 10 min before, 4 km away``."""
    seconds = each.incident.first_seen - incident.first_seen
    when = "at the same time" if abs(seconds) < 60 else f"{long_age(abs(seconds))} "
    if abs(seconds) >= 60:
        when += "later" if seconds > 0 else "before"
    if each.km is None:
        return when
    return f"{when}, {'the same place' if each.km < 1 else f'{each.km:.0f} km away'}"
