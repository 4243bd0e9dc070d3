"""Whether an incident still needs a person: the one rule that counts, bars and bells go by."""

from __future__ import annotations

from typing import Final

from tui.model import Incident, Kind, Severity, State, Timestamp

QUIET_AFTER: Final = 86_400.0
"""Seconds without a further report after which an incident closes by itself (ISA-18.2's return to normal)."""


def is_new(incident: Incident, now: Timestamp) -> bool:
    """An incident that nobody has acknowledged and that was told of within the last day."""
    return (
        incident.kind is Kind.INCIDENT
        and incident.state is State.NEW
        and now - QUIET_AFTER < incident.last_seen
    )


def is_alarm(incident: Incident, now: Timestamp) -> bool:
    """A new incident that needs a response: critical or high."""
    severity = incident.severity
    return severity is not None and severity.rank >= Severity.HIGH.rank and is_new(incident, now)
